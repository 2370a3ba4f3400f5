/**
 * What the person has sent and the server has not confirmed. It shows at once, goes out one after the other in the
 * order of typing, turns red when it fails and is kept (text over a reload too) until it is sent again or discarded.
 */

import { CallFailed } from "./api.js";

const CLOCK_SLACK_MS = 5_000;
const STREAM_SLACK_MS = 4_000;

let counter = 0;

function localMessage(bubble, at) {
  counter += 1;
  return { text: "", buttons: [], ...bubble, id: `local-${counter}`, local: true, from: "user", at };
}

export class Outbox {
  /** Each entry is one call; an upload of several files is one entry with several bubbles. */
  #entries = [];
  #line = Promise.resolve();

  /**
   * @param {import("./thread.js").Thread} thread
   * @param {{key: string, sendText: (text: string) => Promise<object>, receive: (message: object) => void,
   *   resync: () => void}} options `key` names the place in the session's storage; `receive` shows a server message
   */
  constructor(thread, { key, sendText, receive, resync }) {
    this.thread = thread;
    this.key = key;
    this.sendText = sendText;
    this.receive = receive;
    this.resync = resync;
  }

  text(text) {
    this.send([{ kind: "text", text }], () => this.sendText(text));
  }

  /**
   * @param {{kind: string, text?: string, file?: object}[]} bubbles what to show meanwhile
   * @param {() => Promise<object>} call
   */
  send(bubbles, call) {
    const at = new Date().toISOString();
    const messages = bubbles.map((bubble) => localMessage(bubble, at));
    const entry = { messages, call, state: "sending", refused: false };
    this.#entries.push(entry);
    this.#start(entry);
  }

  retry(messageId) {
    const entry = this.#holding(messageId);
    if (entry?.state !== "failed") return;
    // What is sent anew is said now: it moves to the end.
    const at = new Date().toISOString();
    for (const message of entry.messages) {
      this.thread.remove(message.id);
      message.at = at;
    }
    this.#start(entry);
  }

  discard(messageId) {
    const entry = this.#holding(messageId);
    if (!entry) return;
    for (const message of entry.messages) this.#drop(message);
    this.#forget(entry);
  }

  /**
   * The server shows a message of the user's: the local bubble that it came from, if any, is gone with this call.
   * A send that failed without an answer may have arrived after all, so it is claimed as well, by a message that is
   * not older than itself; a refused one is not.
   * @returns {object} the message, with the picture already on the page instead of one to be fetched again
   */
  claim(message) {
    if (message.from !== "user" || this.thread.get(message.id)) return message;
    for (const entry of this.#entries) {
      if (entry.refused) continue;
      const own = entry.messages.find((candidate) => this.#same(candidate, message, entry.state));
      if (!own) continue;
      entry.messages = entry.messages.filter((candidate) => candidate !== own);
      this.thread.remove(own.id);
      if (!entry.messages.length) this.#forget(entry);
      return own.file ? { ...message, file: { ...message.file, local: own.file.url } } : message;
    }
    return message;
  }

  /** Brings back the text that had not gone out when the page was last closed. */
  restore() {
    for (const { text, at } of JSON.parse(sessionStorage.getItem(this.key) ?? "[]")) {
      const message = localMessage({ kind: "text", text }, at);
      const entry = { messages: [message], call: () => this.sendText(text), state: "failed", refused: false };
      this.#entries.push(entry);
      this.#show(entry, "页面关闭了");
    }
  }

  clear() {
    for (const entry of [...this.#entries]) entry.messages.forEach((message) => this.discard(message.id));
  }

  #start(entry) {
    entry.state = "sending";
    entry.refused = false;
    this.#show(entry);
    this.#line = this.#line.then(() => this.#run(entry));
  }

  async #run(entry) {
    if (!this.#entries.includes(entry)) return null;
    let answer;
    try {
      answer = await entry.call();
    } catch (error) {
      if (!this.#entries.includes(entry)) return null;
      entry.state = "failed";
      entry.refused = error instanceof CallFailed && error.refused;
      this.#show(entry, error instanceof CallFailed ? error.message : "没有发出去");
      // Not the network's doing: shown like any failure, and told to the console; the next send still has its turn.
      if (!(error instanceof CallFailed)) reportError(error);
      return null;
    }
    entry.state = "accepted";
    this.#save();
    // The stream may have been quicker, and it may know more by now: what is on the page already is left as it is.
    for (const message of answer.messages ?? []) if (!this.thread.get(message.id)) this.receive(message);
    if (answer.messages?.length) return this.settle([entry]);
    // Otherwise the stream brings the message; should it have been cut just now, the whole state is taken anew.
    return setTimeout(() => this.#entries.includes(entry) && this.resync(), STREAM_SLACK_MS);
  }

  /** The sends that the server has accepted so far: a state fetched from now on holds their messages. */
  accepted() {
    return this.#entries.filter((entry) => entry.state === "accepted");
  }

  /** Takes the bubbles of these sends away, though nothing claimed them (the platform may have split a long text). */
  settle(entries) {
    for (const entry of entries.filter((one) => this.#entries.includes(one))) {
      entry.messages.forEach((message) => this.thread.remove(message.id));
      this.#forget(entry);
    }
  }

  #show(entry, failure = "") {
    const state = entry.state === "failed" ? "failed" : "sending";
    for (const message of entry.messages) this.thread.put({ ...message, state, failure });
    this.#save();
  }

  #same(own, message, state) {
    if (own.kind !== message.kind || (own.kind === "text" && own.text.trim() !== message.text.trim())) return false;
    return state !== "failed" || Date.parse(message.at) >= Date.parse(own.at) - CLOCK_SLACK_MS;
  }

  #holding(messageId) {
    return this.#entries.find((entry) => entry.messages.some((message) => message.id === messageId));
  }

  #drop(message) {
    this.thread.remove(message.id);
    if (message.file?.url) URL.revokeObjectURL(message.file.url);
  }

  #forget(entry) {
    this.#entries = this.#entries.filter((other) => other !== entry);
    this.#save();
  }

  #save() {
    const texts = this.#entries
      .filter((entry) => entry.state !== "accepted")
      .flatMap((entry) => entry.messages)
      .filter((message) => message.kind === "text")
      .map(({ text, at }) => ({ text, at }));
    sessionStorage.setItem(this.key, JSON.stringify(texts));
  }
}
