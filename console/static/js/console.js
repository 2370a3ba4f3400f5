// Where everything comes together: keys, live changes, and the page's own part.

import { follow } from "./live.js";
import "./forms.js";
import "./times.js";
import "./viewer.js";

const onWorkbench = document.getElementById("lists") !== null;
const part = onWorkbench ? await import("./workbench.js") : document.body.dataset.watchConversation ? await import("./case.js") : {};

const help = document.getElementById("help");
const count = document.querySelector("[data-queue-count]");

document.querySelector("[data-help]").addEventListener("click", () => help.showModal());

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) return;
  if (event.key === "?") {
    help.showModal();
    event.preventDefault();
    return;
  }
  const act = part.keys?.[event.key];
  if (act) {
    event.preventDefault();
    act();
  } else if (event.key === "n" && !onWorkbench) {
    location.assign("/console/workbench");
  }
});

follow({
  changed: (id) => part.changed?.(id),
  queue: (waiting) => {
    count.textContent = waiting;
    count.hidden = waiting === 0;
    part.queue?.();
  },
  again: () => part.again?.(),
});
