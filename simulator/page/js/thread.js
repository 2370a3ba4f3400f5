/**
 * The list of messages on one phone: order, separators of time, staying at the bottom, the chip for what came
 * while the reader was further up. How a message looks is the business of bubbles.js.
 */

import { dayLabel, sameDay, spellLabel } from "./format.js";
import { h, role } from "./dom.js";

const NEAR_BOTTOM_PX = 48;
const SPELL_MS = 5 * 60_000;
/** So many messages, the newest, are in the state that the server gives. */
const HELD = 500;

export class Thread {
  /** What is shown, by id; the order is that of the list's elements. */
  #rows = new Map();
  #pinned = true;
  #top = 0;
  #unseen = 0;
  #synced = false;

  /**
   * @param {HTMLElement} phone
   * @param {{render: (message: object) => HTMLElement, separators: "day"|"spell"}} looks
   */
  constructor(phone, looks) {
    this.looks = looks;
    this.scroller = role(phone, "messages");
    this.list = role(phone, "thread");
    this.chip = role(phone, "new-messages");
    this.chipText = role(phone, "new-count");
    this.welcome = role(phone, "welcome");
    this.scroller.addEventListener("scroll", () => this.#onScroll(), { passive: true });
    this.chip.addEventListener("click", () => this.toBottom({ smooth: true }));
    // Pictures load, the keyboard opens, a tab is shown: whoever was at the bottom stays there.
    const resized = new ResizeObserver(() => this.#pinned && this.#jump());
    resized.observe(this.list);
    resized.observe(this.scroller);
  }

  /** The messages the server knows, oldest first. */
  get messages() {
    const known = (message) => message && !message.local && this.#rows.has(String(message.id));
    return [...this.list.children].map((element) => element.message).filter(known);
  }

  get(id) {
    return this.#rows.get(String(id))?.message ?? null;
  }

  /** Shows a message, or its new state. @returns {boolean} whether it is new */
  put(message) {
    const key = String(message.id);
    const known = this.#rows.get(key);
    if (known) {
      this.#replace(known, message);
      return false;
    }
    const row = { key, message, element: h("li", { class: "row" }) };
    const next = message.local ? null : this.#firstAfter(message);
    if (this.#synced && (message.local || message.from !== "user")) row.element.classList.add("is-arriving");
    this.#rows.set(key, row);
    this.list.insertBefore(row.element, next);
    this.#draw(row);
    this.#decorateAround(row.element);
    this.welcome.hidden = true;
    if (message.from === "user" && message.local) this.toBottom();
    else if (!this.#pinned && message.from !== "user") this.#showChip(this.#unseen + 1);
    return true;
  }

  /** Takes a message away, as when a local one has become a real one. */
  remove(id) {
    const row = this.#rows.get(String(id));
    if (!row) return;
    const next = row.element.nextElementSibling;
    row.element.remove();
    this.#rows.delete(row.key);
    if (next) this.#decorateAround(next);
  }

  /**
   * Takes the server's whole state. It holds the newest messages only, so older ones on the page are kept; ones that
   * it should hold and does not (another life of the server) stay readable, set apart and dead.
   */
  sync(messages) {
    const held = new Set(messages.map((message) => String(message.id)));
    const oldest = messages.length < HELD ? -Infinity : messages[0].id;
    const gone = [...this.#rows.values()].filter(
      (row) => !row.message.local && !held.has(row.key) && row.message.id >= oldest,
    );
    if (gone.length) this.#archive(gone);
    const first = this.#rows.size === 0;
    for (const message of messages) this.put(message);
    if (first) this.toBottom();
    this.#synced = true;
    this.#showWelcome();
  }

  clear() {
    this.#rows.clear();
    this.list.replaceChildren();
    this.#showChip(0);
    this.#pinned = true;
    this.#showWelcome();
  }

  toBottom({ smooth = false } = {}) {
    this.#pinned = true;
    this.#showChip(0);
    this.#jump(smooth);
  }

  #jump(smooth = false) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: smooth && !calm ? "smooth" : "instant" });
  }

  #onScroll() {
    if (!this.scroller.clientHeight) return;
    const top = this.scroller.scrollTop;
    const below = this.scroller.scrollHeight - top - this.scroller.clientHeight;
    // This event comes late: the list may have grown since. Only a reader who went up has left the bottom.
    if (below < NEAR_BOTTOM_PX) this.#pinned = true;
    else if (top < this.#top) this.#pinned = false;
    this.#top = top;
    if (this.#pinned) this.#showChip(0);
  }

  #showChip(count) {
    this.#unseen = count;
    this.chip.hidden = count === 0;
    this.chipText.textContent = count > 1 ? `${count} 条新消息` : "新消息";
  }

  #showWelcome() {
    this.welcome.hidden = this.list.childElementCount > 0;
  }

  /**
   * Where a server message belongs: behind its elders, behind what failed to go out before it, in front of what is
   * still on its way.
   */
  #firstAfter(message) {
    let next = null;
    for (let element = this.list.lastElementChild; element; element = element.previousElementSibling) {
      const other = element.message;
      if (!other || (other.local ? other.state === "failed" : other.id < message.id)) break;
      next = element;
    }
    return next;
  }

  #replace(row, message) {
    if (JSON.stringify(row.message) === JSON.stringify(message)) return;
    row.message = message;
    const hadFocus = row.element.contains(document.activeElement);
    this.#draw(row);
    this.#decorateAround(row.element);
    if (hadFocus) this.scroller.focus({ preventScroll: true });
  }

  #draw(row) {
    row.element.replaceChildren(this.looks.render(row.message));
    row.element.message = row.message;
  }

  /** Separators and the joining of bubbles depend on the neighbours alone. */
  #decorateAround(element) {
    for (const one of [element.previousElementSibling, element, element.nextElementSibling]) {
      if (one?.message) this.#decorate(one);
    }
  }

  #decorate(element) {
    const { message } = element;
    const at = new Date(message.at);
    const before = element.previousElementSibling?.message;
    const after = element.nextElementSibling?.message;
    const label = this.#separator(at, before && new Date(before.at));
    element.querySelector(":scope > .stamp")?.remove();
    if (label) element.prepend(h("p", { class: "stamp" }, h("time", { datetime: message.at }, label)));
    const joins = (one, other) =>
      one && other && one.from === other.from && !this.#separator(new Date(other.at), new Date(one.at));
    element.classList.toggle("is-first", !joins(before, message));
    element.classList.toggle("is-last", !joins(message, after));
  }

  #separator(at, before) {
    if (this.looks.separators === "day") return before && sameDay(at, before) ? null : dayLabel(at);
    return before && at - before < SPELL_MS ? null : spellLabel(at);
  }

  #archive(rows) {
    for (const row of rows) {
      row.element.classList.add("is-archived");
      for (const button of row.element.querySelectorAll("button[data-role=choice]")) button.disabled = true;
      this.#rows.delete(row.key);
    }
    const last = rows.at(-1).element;
    last.after(h("li", { class: "row archive-mark" }, h("p", { class: "stamp" }, "以上是重新连接之前的记录")));
  }
}
