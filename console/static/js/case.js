// The case page: a move that is refused keeps what was typed; a change from elsewhere is offered, never forced.

import { submit } from "./forms.js";
import { toast } from "./toast.js";

const form = document.querySelector("form[data-move]");

form?.addEventListener("refused", (event) => {
  event.preventDefault();
  const place = document.getElementById("move-wrong");
  place.textContent = event.detail.message;
  place.hidden = false;
  form.querySelector("textarea").focus();
});

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (await submit(form, event.submitter)) location.reload();
});

let offered = false;

/** Something happened in this case's conversation: look anew, unless somebody is writing here. */
export function changed(id) {
  if (id !== Number(document.body.dataset.watchConversation)) return;
  const writing = [...document.querySelectorAll("textarea, input[type=text]")].some((field) => field.value.trim());
  const watching = document.querySelector("audio, video, dialog[open]") &&
    [...document.querySelectorAll("audio, video")].some((player) => !player.paused);
  if (writing || watching || document.querySelector("dialog[open], details[open]")) {
    if (!offered) toast("这个案件有新动态，刷新后可见。");
    offered = true;
    return;
  }
  clearTimeout(changed.timer);
  changed.timer = setTimeout(() => location.reload(), 1200);
}
