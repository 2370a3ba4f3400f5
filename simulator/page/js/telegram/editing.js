/** Changing one's own message on Telegram: by a double click, by the menu on it, by the up key in an empty box. */

import { CallFailed } from "../api.js";
import { role } from "../dom.js";
import { wireContextMenu } from "./context_menu.js";

/** @param {import("../phone.js").Phone} phone */
export function wireEditing(phone) {
  const { composer, thread } = phone;
  const bar = role(phone.element, "editing");
  let draft = "";
  const editable = (message) => message && message.from === "user" && message.kind === "text" && !message.local;

  const end = () => {
    if (bar.hidden) return;
    bar.hidden = true;
    composer.intercept = null;
    composer.fill(draft);
  };
  const begin = (message) => {
    end();
    draft = composer.value;
    role(phone.element, "editing-text").textContent = message.text;
    bar.hidden = false;
    composer.intercept = (text) => {
      save(message, text);
      return true;
    };
    composer.fill(message.text);
  };
  const save = async (message, text) => {
    if (text === message.text) return end();
    try {
      await phone.api.edit(message.id, text);
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      // The new words stay in the box.
      return phone.toast(`没有改成：${error.message}`);
    }
    return end();
  };

  const messageAt = (target) => {
    const element = target.closest?.("[data-role=message]");
    return element && thread.get(element.dataset.id);
  };
  thread.list.addEventListener("dblclick", (event) => {
    const message = messageAt(event.target);
    if (!editable(message) || event.target.closest("a, button")) return;
    getSelection()?.removeAllRanges();
    begin(message);
  });
  wireContextMenu(phone, (target) => {
    const message = messageAt(target);
    if (!message?.text || message.from === "system") return [];
    return [
      editable(message) && { label: "编辑", symbol: "edit", role: "edit", run: () => begin(message) },
      {
        label: "复制", symbol: "copy", role: "copy",
        run: () => phone.attempt("没有复制", () => navigator.clipboard.writeText(message.text)),
      },
    ].filter(Boolean);
  });
  role(phone.element, "editing-cancel").addEventListener("click", end);
  composer.input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") end();
    // As in Telegram on a computer: up in an empty box edits the last own message.
    if (event.key === "ArrowUp" && !composer.value && bar.hidden) {
      const last = thread.messages.filter(editable).at(-1);
      if (!last) return;
      event.preventDefault();
      begin(last);
    }
  });
  phone.addEventListener("changed", () => thread.messages.length || end());
}
