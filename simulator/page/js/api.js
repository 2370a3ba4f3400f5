/**
 * The playground's HTTP interface, one function a call. Knows addresses and errors; keeps no state.
 */

const BASE = "/playground/api";
const SEND_TIMEOUT_MS = 30_000;
const UPLOAD_TIMEOUT_MS = 180_000;

/** A call that did not succeed; `message` is a Chinese sentence for the person at the phone. */
export class CallFailed extends Error {
  /** `refused`: the server answered and said no, so nothing was stored; otherwise the outcome is unknown. */
  constructor(message, { refused }) {
    super(message);
    this.name = "CallFailed";
    this.refused = refused;
  }
}

async function call(path, init = {}, timeout = SEND_TIMEOUT_MS) {
  let response;
  try {
    response = await fetch(`${BASE}${path}`, { ...init, signal: AbortSignal.timeout(timeout) });
  } catch (error) {
    const slow = error instanceof DOMException && error.name === "TimeoutError";
    throw new CallFailed(slow ? "等了太久没有回音" : "网络不通", { refused: false });
  }
  const body = await response.json().catch(() => null);
  if (response.ok) return body ?? {};
  const said = typeof body?.detail === "string" ? body.detail : null;
  if (response.status >= 500) throw new CallFailed(said ?? "服务暂时不可用", { refused: false });
  throw new CallFailed(said ?? (response.status === 413 ? "文件太大" : "没有被接受"), { refused: true });
}

function postJson(path, value) {
  return call(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(value),
  });
}

/** The calls of one phone. */
export function phoneApi(channel) {
  const at = `/${channel}`;
  return {
    eventsUrl: `${BASE}${at}/events`,
    /** Everything the phone shows: `{messages, typing}`. */
    messages: () => call(`${at}/messages`),
    text: (text) => postJson(`${at}/text`, { text }),
    press: (messageId, buttonId) => postJson(`${at}/press`, { message_id: messageId, button_id: buttonId }),
    edit: (messageId, text) => postJson(`${at}/edit`, { message_id: messageId, text }),
    location: (place) => postJson(`${at}/location`, place),
    sticker: (emoji) => postJson(`${at}/sticker`, { emoji }),
    sharePhone: (phone) => postJson(`${at}/share-phone`, { phone }),
    menu: (key) => postJson(`${at}/menu`, { key }),
    upload({ files, kind, caption = "", recognition = "" }) {
      const form = new FormData();
      for (const file of files) form.append("files", file, file.name);
      form.append("kind", kind);
      form.append("caption", caption);
      form.append("recognition", recognition);
      return call(`${at}/upload`, { method: "POST", body: form }, UPLOAD_TIMEOUT_MS);
    },
  };
}

/** Clears both phones. */
export function resetPhones() {
  return call("/reset", { method: "POST" });
}
