// Forms that act without leaving the page. Without scripts they still post and come back.

import { Refused, send } from "./api.js";
import { toast } from "./toast.js";

/** Posts a form; returns whether it was accepted. A refusal is said aloud. */
export async function submit(form, submitter) {
  if (form.dataset.busy) return false;
  form.dataset.busy = "yes";
  const values = new FormData(form);
  if (submitter?.name) values.set(submitter.name, submitter.value);
  const buttons = form.querySelectorAll("button");
  buttons.forEach((button) => { button.disabled = true; });
  try {
    const answer = await send(form.action, values);
    toast(answer.message);
    return true;
  } catch (failure) {
    if (!(failure instanceof Refused)) throw failure;
    // Who shows the refusal at its own place says so by preventing the default.
    const refused = new CustomEvent("refused", { detail: failure, cancelable: true });
    if (form.dispatchEvent(refused)) toast(failure.message, "wrong");
    return false;
  } finally {
    delete form.dataset.busy;
    buttons.forEach((button) => { button.disabled = false; });
  }
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-act]")) return;
  event.preventDefault();
  if (await submit(form, event.submitter)) {
    form.closest("dialog")?.close();
    if (form.hasAttribute("data-reload")) location.reload();
    else document.dispatchEvent(new CustomEvent("acted"));
  } else {
    document.dispatchEvent(new CustomEvent("acted"));
  }
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open-dialog]");
  if (opener) document.getElementById(opener.dataset.openDialog)?.showModal();
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
});
