// Asking the server: every request says that a script asks, unsafe ones bring the session's token.

const csrf = document.getElementById("console-script").dataset.csrf;

export class Refused extends Error {
  constructor(message, status, field) {
    super(message);
    this.status = status;
    this.field = field;
  }
}

async function ask(url, options = {}) {
  const headers = { "X-Requested-With": "fetch", ...options.headers };
  let response;
  try {
    response = await fetch(url, { ...options, headers, credentials: "same-origin" });
  } catch {
    throw new Refused("连不上服务器，请检查网络后再试。", 0);
  }
  if (response.ok || response.status === 304) return response;
  const answer = await response.json().catch(() => ({}));
  if (answer.sign_in) {
    location.assign(`/console/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
  }
  throw new Refused(answer.message || "服务器出错了，请稍后再试。", response.status, answer.field);
}

const tags = new Map();

/** The fragment's text, or null if it is the one that was given last time. */
export async function fragment(url) {
  const known = tags.get(url);
  const response = await ask(url, known ? { headers: { "If-None-Match": known } } : {});
  if (response.status === 304) return null;
  const tag = response.headers.get("ETag");
  if (tag) tags.set(url, tag);
  return response.text();
}

/** Forget what was fetched, so that the next fragment comes whole. */
export function forget(prefix) {
  for (const url of tags.keys()) if (url.startsWith(prefix)) tags.delete(url);
}

export async function send(url, values = {}) {
  const body = values instanceof FormData ? new URLSearchParams(values) : new URLSearchParams(values);
  const response = await ask(url, { method: "POST", body, headers: { "X-CSRF-Token": csrf } });
  return response.status === 204 ? {} : response.json();
}
