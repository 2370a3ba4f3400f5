// The workbench: lists, the open conversation and what stands beside it, kept live; opening another without leaving the page.

import { Refused, forget, fragment, send } from "./api.js";
import { submit } from "./forms.js";
import { isAtEnd, merge, prepend, toEnd } from "./thread.js";
import { tick } from "./times.js";
import { toast } from "./toast.js";

const lists = document.getElementById("lists");
const panes = document.getElementById("panes");
const drafts = new Map();
const regions = new Map();
const shownId = () => Number(document.getElementById("talk")?.dataset.conversation ?? 0);
let openId = shownId();
let lateFor = 0;
let saidFor = 0;
let typingSaidAt = 0;

const base = () => `/console/conversations/${openId}`;
const messages = () => document.getElementById("messages");
const input = () => document.getElementById("reply");

// One refresh at a time of each kind; a change during one asks for another after it. Whoever asks may wait until it is done.
function oneAtATime(work) {
  let running = null;
  let wanted = false;
  const untilDone = async () => {
    try {
      while (wanted) {
        wanted = false;
        await work();
      }
    } catch (failure) {
      if (!(failure instanceof Refused)) throw failure;
      if (failure.status && failure.status !== 401) toast(failure.message, "wrong");
    } finally {
      running = null;
    }
  };
  return () => {
    wanted = true;
    running ??= untilDone();
    return running;
  };
}

const refreshLists = oneAtATime(async () => {
  const html = await fragment(`/console/lists?open=${openId}`);
  if (html === null) return;
  const focused = document.activeElement?.closest?.("#lists a")?.dataset.conversation;
  const top = lists.scrollTop;
  lists.innerHTML = html;
  lists.scrollTop = top;
  tick(lists);
  if (focused) lists.querySelector(`a[data-conversation="${focused}"]`)?.focus({ preventScroll: true });
});

const refreshOpen = oneAtATime(async () => {
  if (!openId) return;
  const id = openId;
  if (shownId() !== id) { // still being drawn, perhaps from before the change
    lateFor = id;
    return;
  }
  const [thread, beside] = await Promise.all([
    fragment(`/console/conversations/${id}/messages`),
    fragment(`/console/conversations/${id}/beside`),
  ]);
  if (id !== openId) return;
  const box = messages();
  const end = isAtEnd(box) || saidFor === id; // before the parts around it change its height
  if (beside !== null) replaceRegions(beside);
  const added = thread === null ? 0 : merge(box, thread);
  if (thread !== null) saidFor = 0;
  if (end) toEnd(box);
  else if (added) document.querySelector("[data-newer]").hidden = false;
});

function replaceRegions(html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  for (const part of fresh.content.querySelectorAll("[data-region]")) {
    const name = part.dataset.region;
    const source = part.outerHTML;
    const old = panes.querySelector(`[data-region="${name}"]`);
    if (!old || regions.get(name) === source) continue;
    if (name === "composer" && old.dataset.mode === "mine" && part.dataset.mode === "mine") continue;
    const top = old.scrollTop;
    const typed = name === "composer" ? input()?.value : undefined;
    old.replaceWith(part);
    part.scrollTop = top;
    regions.set(name, source);
    if (typed && input()) input().value = typed;
    if (typed && !input()) drafts.set(openId, typed);
    tick(part);
  }
}

async function open(id, { push = true } = {}) {
  keepDraft();
  openId = id;
  forget(base());
  document.body.dataset.view = "talk";
  let html;
  try {
    html = await fragment(`${base()}/panes`);
  } catch (failure) {
    if (failure instanceof Refused) toast(failure.message, "wrong");
    return;
  }
  if (id !== openId) return;
  panes.innerHTML = html ?? "";
  regions.clear();
  if (push) history.pushState({ id }, "", base());
  document.title = `${panes.querySelector("h1")?.textContent ?? "工作台"} · 诉达`;
  opened();
  for (const item of lists.querySelectorAll("a[data-conversation]")) {
    const same = Number(item.dataset.conversation) === id;
    item.classList.toggle("is-open", same);
    if (same) item.setAttribute("aria-current", "true"); else item.removeAttribute("aria-current");
  }
  if (lateFor === id) {
    lateFor = 0;
    refreshOpen();
  }
}

function opened() {
  tick(panes);
  toEnd(messages());
  // Pictures arrive after the page and push the end down.
  const box = messages();
  for (const picture of box.querySelectorAll("img")) {
    picture.addEventListener("load", () => { if (isAtEnd(box)) toEnd(box); }, { once: true });
  }
  const draft = drafts.get(openId);
  if (draft && input()) input().value = draft;
  grow();
}

function keepDraft() {
  if (!openId) return;
  const text = input()?.value ?? "";
  if (text) drafts.set(openId, text); else if (input()) drafts.delete(openId);
}

function grow() {
  const field = input();
  if (!field) return;
  field.rows = Math.min(8, Math.max(2, field.value.split("\n").length));
  const counter = document.querySelector("[data-counter]");
  counter.hidden = field.value.length < 3000;
  counter.textContent = `${field.value.length}/4000`;
}

document.addEventListener("click", async (event) => {
  const item = event.target.closest("a[data-conversation]");
  if (item && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
    event.preventDefault();
    await open(Number(item.dataset.conversation));
    return;
  }
  const view = event.target.closest("[data-view-to]");
  if (view) document.body.dataset.view = view.dataset.viewTo;
  const earlier = event.target.closest("[data-earlier]");
  if (earlier) {
    earlier.disabled = true;
    try {
      prepend(messages(), await fragment(`${base()}/messages?before=${earlier.dataset.earlier}`) ?? "");
    } catch (failure) {
      if (!(failure instanceof Refused)) throw failure;
      earlier.disabled = false;
      toast(failure.message, "wrong");
    }
  }
  if (event.target.closest("[data-newer]")) {
    toEnd(messages());
    event.target.closest("[data-newer]").hidden = true;
  }
});

document.addEventListener("scroll", (event) => {
  if (event.target === messages() && isAtEnd(messages())) document.querySelector("[data-newer]").hidden = true;
}, true);

document.addEventListener("keydown", (event) => {
  if (event.target.id !== "reply") return;
  if (event.key === "Escape") { event.target.blur(); return; }
  // While an input method composes Chinese, Enter belongs to it.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  if (event.target.value.trim()) event.target.form.requestSubmit();
});

document.addEventListener("input", (event) => {
  if (event.target.id !== "reply") return;
  grow();
  const now = Date.now();
  if (!event.target.value.trim() || now - typingSaidAt < 4500) return;
  typingSaidAt = now;
  send(`${base()}/typing`).catch(() => undefined); // only a courtesy: the reply itself reports its failures
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-reply]")) return;
  event.preventDefault();
  if (!input().value.trim()) return;
  const id = openId;
  const sent = input().value;
  input().focus(); // at once and never later: whoever leaves the field meanwhile has left it
  if (await submit(form)) {
    drafts.delete(id);
    if (id === openId && input()?.value === sent) input().value = "";
    grow();
    saidFor = id; // one's own words are shown, wherever one was reading
    await refreshOpen();
  } else {
    await refreshOpen();
  }
});

// Whether one could reply before what is being done. Known when it is asked for: its news may come before its answer.
let couldReply = false;
document.addEventListener("submit", () => { couldReply = input() !== null; }, true);

document.addEventListener("acted", async () => {
  await Promise.all([refreshOpen(), refreshLists()]);
  // Taken: the next thing is to say something, unless the hands are elsewhere by now.
  if (input() && !couldReply && !document.activeElement?.matches("input, select, textarea")) input().focus();
  if (drafts.has(openId) && input() && !input().value) input().value = drafts.get(openId);
});

addEventListener("popstate", (event) => {
  const id = event.state?.id ?? Number(/conversations\/(\d+)/.exec(location.pathname)?.[1] ?? 0);
  if (id) open(id, { push: false });
  else location.reload();
});

addEventListener("beforeunload", (event) => {
  if (input()?.value.trim()) event.preventDefault();
});

// On a busy day something changes every few milliseconds somewhere: the lists follow once a second.
let listsDue = 0;
function refreshListsSoon() {
  listsDue ||= setTimeout(() => { listsDue = 0; refreshLists(); }, 800);
}

export function changed(id) {
  refreshListsSoon();
  if (id === openId) refreshOpen();
}

export function queue() {
  refreshListsSoon();
}

export function again() {
  refreshLists();
  refreshOpen();
}

function neighbour(step) {
  const items = [...lists.querySelectorAll("a[data-conversation]")];
  if (!items.length) return;
  const at = items.findIndex((item) => item.contains(document.activeElement));
  const from = at >= 0 ? at : items.findIndex((item) => Number(item.dataset.conversation) === openId);
  const to = items[Math.min(items.length - 1, Math.max(0, from + step))];
  to.focus();
  to.click();
}

/** What the keys do here. */
export const keys = {
  n() {
    const next = lists.querySelector("[data-role=queue-item]");
    if (next) next.click(); else toast("没有人在排队。");
  },
  t() { panes.querySelector("[data-role=take]")?.click(); },
  r() { input()?.focus(); },
  j() { neighbour(1); },
  k() { neighbour(-1); },
};

/** Pressed twice within three seconds it hands back. */
let handBackUntil = 0;
keys.h = () => {
  const button = panes.querySelector("[data-role=release]");
  if (!button) return;
  if (Date.now() < handBackUntil) {
    handBackUntil = 0;
    button.click();
    return;
  }
  handBackUntil = Date.now() + 3000;
  button.classList.add("asks");
  setTimeout(() => button.classList.remove("asks"), 3000);
  toast("再按一次 h，把会话交还机器人。");
};

if (openId) {
  history.replaceState({ id: openId }, "");
  opened();
}
