/** Sheets that rise inside a phone: one at a time, closed by Esc, by the backdrop or by their own buttons. */

import { h, icon, role } from "./dom.js";

export class Sheets {
  #close = null;

  constructor(phone) {
    this.layer = role(phone, "sheets");
    this.chat = role(phone, "chat");
    this.layer.addEventListener("pointerdown", (event) => event.target === this.layer && this.close());
    this.layer.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.close();
    });
  }

  get open() {
    return this.#close !== null;
  }

  /**
   * @param {string} title
   * @param {(HTMLElement|null)[]} body
   * @param {{label: string, role: string, run: () => (void|boolean)}} action the button that does it; returning
   *   false keeps the sheet open
   * @param {{closed?: () => void}} options `closed` runs however the sheet ends
   * @returns {{setLabel: (label: string) => void, setEnabled: (on: boolean) => void}}
   */
  show(title, body, action, { closed = () => {} } = {}) {
    this.close();
    const before = document.activeElement;
    const submit = h("button", { type: "submit", class: "sheet-action", data: { role: action.role } }, action.label);
    const sheet = h(
      "form",
      {
        class: "sheet", role: "dialog", "aria-modal": "true", "aria-label": title, novalidate: true,
        on: {
          submit: (event) => {
            event.preventDefault();
            if (!submit.disabled && action.run() !== false) this.close();
          },
        },
      },
      h(
        "header",
        { class: "sheet-header" },
        h("h3", {}, title),
        h("button", { type: "button", class: "icon-button", "aria-label": "关闭", data: { role: "sheet-close" }, on: { click: () => this.close() } }, icon("close")),
      ),
      h("div", { class: "sheet-body" }, body),
      submit,
    );
    this.layer.replaceChildren(sheet);
    this.layer.hidden = false;
    // Nothing behind the sheet can be reached by keyboard or by a screen reader.
    this.chat.inert = true;
    this.#close = () => {
      this.#close = null;
      this.layer.hidden = true;
      this.layer.replaceChildren();
      this.chat.inert = false;
      closed();
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
    (sheet.querySelector("[data-first]") ?? submit).focus({ preventScroll: true });
    return {
      setLabel: (label) => (submit.textContent = label),
      setEnabled: (on) => (submit.disabled = !on),
    };
  }

  close() {
    this.#close?.();
  }
}
