/** The text box: grows with the text, sends on Enter, keeps the draft over a reload. */

import { role } from "./dom.js";

export class Composer {
  /**
   * @param {HTMLElement} phone
   * @param {{key: string, send: (text: string) => void}} options `key` names the draft in the session's storage
   */
  constructor(phone, { key, send }) {
    this.key = key;
    this.send = send;
    this.form = role(phone, "composer");
    this.input = role(phone, "input");
    /** Takes the text instead of `send` while set (editing a message); returns whether it took it. */
    this.intercept = null;
    this.input.addEventListener("input", () => this.#changed());
    this.input.addEventListener("keydown", (event) => this.#onKey(event));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    // The box loses no focus to the send button: on a telephone the keyboard would jump.
    role(phone, "send").addEventListener("pointerdown", (event) => event.preventDefault());
    new ResizeObserver(() => this.grow()).observe(this.form);
    this.fill(sessionStorage.getItem(key) ?? "", { focus: false });
  }

  get value() {
    return this.input.value;
  }

  /** Puts `text` in the box in place of what is there, the cursor behind it. */
  fill(text, { focus = true } = {}) {
    this.input.value = text;
    this.#changed();
    if (!focus) return;
    this.input.focus();
    this.input.setSelectionRange(text.length, text.length);
  }

  submit() {
    const text = this.input.value;
    if (!text.trim()) return;
    if (this.intercept?.(text)) return;
    this.fill("", { focus: document.activeElement === this.input });
    this.send(text);
  }

  #onKey(event) {
    // While an input method composes (pinyin), Enter belongs to it; Safari says so by the key code alone.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.submit();
  }

  #changed() {
    this.form.classList.toggle("has-text", Boolean(this.input.value.trim()));
    if (!this.intercept) sessionStorage.setItem(this.key, this.input.value);
    this.input.dispatchEvent(new CustomEvent("composed", { bubbles: true }));
    this.grow();
  }

  /** Fits the box to its text; called by itself unless the box was hidden meanwhile. */
  grow() {
    this.input.style.height = "auto";
    if (this.input.scrollHeight) this.input.style.height = `${this.input.scrollHeight}px`;
  }
}
