/**
 * One phone: its conversation, its connection and what the person does with it. telegram/ and wechat.js add what only one
 * of the platforms has.
 */

import { CallFailed, phoneApi } from "./api.js";
import { renderMessage } from "./bubbles.js";
import { Composer } from "./composer.js";
import { role } from "./dom.js";
import { Outbox } from "./outbox.js";
import { Sheets } from "./sheets.js";
import { LiveStream } from "./stream.js";
import { Thread } from "./thread.js";

const TOAST_MS = 3_200;
export const OWNER = "诉达投诉助手";

export class Phone extends EventTarget {
  /** Inline buttons pressed on this page: message id → button id. A press in flight or done makes all of them dead. */
  #pressed = new Map();
  #toastTimer = 0;

  /**
   * @param {HTMLElement} element the `[data-phone]` section
   * @param {{separators: "day"|"spell", openImage: (message: object) => void}} looks
   */
  constructor(element, { separators, openImage }) {
    super();
    this.element = element;
    this.channel = element.dataset.phone;
    this.api = phoneApi(this.channel);
    this.thread = new Thread(element, {
      separators,
      render: (message) =>
        renderMessage(message, {
          owner: OWNER,
          openImage,
          pressed: (shown) => this.#pressed.get(String(shown.id)) ?? null,
          press: (shown, button) => this.press(shown, button),
          retry: (shown) => this.#retry(shown),
          discard: (shown) => this.#discard(shown),
        }),
    });
    this.outbox = new Outbox(this.thread, {
      key: `unsent.${this.channel}`,
      sendText: (text) => this.api.text(text),
      receive: (message) => this.#handle("message", message),
      resync: () => this.#load().catch(() => this.stream.connect()),
    });
    this.composer = new Composer(element, { key: `draft.${this.channel}`, send: (text) => this.outbox.text(text) });
    this.sheets = new Sheets(element);
    this.stream = new LiveStream(this.api.eventsUrl, {
      load: () => this.#load(),
      handle: (kind, data) => this.#handle(kind, data),
      connected: (up) => this.#connected(up),
    });
  }

  start() {
    this.outbox.restore();
    this.stream.connect();
  }

  /** @param {{kind: string, text?: string}} bubble what shows until the server's message arrives */
  send(bubble, call) {
    this.outbox.send([bubble], call);
  }

  /** @param {{files: File[], kind: string, caption?: string, recognition?: string}} upload */
  upload(upload) {
    const bubbles = upload.files.map((file, index) => ({
      kind: upload.kind,
      // An album's caption stands under its first picture, as the platform has it.
      text: index === 0 ? upload.caption ?? "" : "",
      file: { url: URL.createObjectURL(file), name: file.name, mime: file.type, size: file.size },
    }));
    this.outbox.send(bubbles, () => this.api.upload(upload));
  }

  async press(message, button) {
    const key = String(message.id);
    if (this.#pressed.has(key)) return;
    this.#pressed.set(key, button.id);
    this.thread.put({ ...message, touched: true });
    try {
      const answer = await this.api.press(message.id, button.id);
      if (answer.toast) this.toast(answer.toast);
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      this.#pressed.delete(key);
      const shown = this.thread.get(message.id);
      if (shown) this.thread.put({ ...shown, touched: false });
      this.toast(`没点上：${error.message}，请再点一次`);
    }
  }

  /** A call that leaves no bubble of its own; a failure is told and nothing is lost by it. @returns {boolean} done */
  async attempt(what, call) {
    try {
      await call();
      return true;
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      this.toast(`${what}：${error.message}`);
      return false;
    }
  }

  toast(words) {
    const toast = role(this.element, "toast");
    toast.textContent = words;
    toast.hidden = false;
    clearTimeout(this.#toastTimer);
    this.#toastTimer = setTimeout(() => (toast.hidden = true), TOAST_MS);
  }

  /** Empties the phone on the page; the server's part is done elsewhere. */
  clear() {
    this.outbox.clear();
    this.#pressed.clear();
    this.thread.clear();
    this.#typing(false);
    this.#changed();
  }

  async #load() {
    const accepted = this.outbox.accepted();
    const { messages, typing } = await this.api.messages();
    this.thread.sync(messages.map((message) => this.#known(this.outbox.claim(message))));
    this.outbox.settle(accepted);
    this.#typing(typing);
    this.#changed();
  }

  #handle(kind, data) {
    if (kind === "typing") return this.#typing(data.typing);
    if (kind === "reset") return this.clear();
    const isNew = this.thread.put(this.#known(this.outbox.claim(data)));
    if (isNew && data.from !== "user") {
      this.#typing(false);
      this.dispatchEvent(new CustomEvent("incoming", { detail: data }));
    }
    return this.#changed();
  }

  /** A picture that is on the page already is not fetched again because its message changed. */
  #known(message) {
    const local = this.thread.get(message.id)?.file?.local;
    return local && message.file ? { ...message, file: { ...message.file, local } } : message;
  }

  #retry(message) {
    if (message.local) this.outbox.retry(message.id);
    else this.outbox.text(message.text);
  }

  async #discard(message) {
    this.outbox.discard(message.id);
    if (message.kind !== "text") return;
    // What was typed is given back rather than thrown away, unless something else has been typed since.
    if (!this.composer.value) this.composer.fill(message.text);
  }

  #typing(on) {
    this.element.classList.toggle("is-typing", Boolean(on));
    role(this.element, "typing").hidden = !on;
  }

  #connected(up) {
    role(this.element, "offline").hidden = up;
    if (!up) this.#typing(false);
  }

  #changed() {
    this.dispatchEvent(new Event("changed"));
  }
}
