/** One message as DOM. The same structure for both phones; telegram.css and wechat.css dress it. */

import { h, icon, linkified } from "./dom.js";
import { clock } from "./format.js";
import * as media from "./media.js";

const CARRIERS = {
  photo: media.photo,
  voice: media.voice,
  video: media.video,
  file: media.attachment,
  location: media.place,
  sticker: media.sticker,
  contact: media.contact,
};
const WORDLESS = new Set(["location", "sticker", "contact"]);
const FALLBACK = { photo: "照片", voice: "语音", video: "视频", file: "文件" };

/**
 * @param {object} message as the API gives it, or a local one
 * @param {{openImage: (message: object) => void, press: (message: object, button: object) => void,
 *   pressed: (message: object) => ?string, retry: (message: object) => void, discard: (message: object) => void,
 *   owner: string}} phone
 */
export function renderMessage(message, phone) {
  const data = { role: "message", from: message.from, kind: message.kind, state: message.state ?? "delivered", id: message.id };
  if (message.from === "system") {
    return h("div", { class: "message notice", data }, h("span", { data: { role: "text" } }, message.text));
  }
  const own = message.from === "user";
  return h(
    "div",
    { class: `message ${own ? "is-own" : "is-theirs"}`, data },
    h("img", { class: "avatar", src: `/playground/static/img/${own ? "person" : "logo"}.svg`, width: 40, height: 40, alt: "" }),
    h(
      "div",
      { class: "stack" },
      h("div", { class: "line" }, mark(message, phone), bubble(message, phone, own ? "我" : phone.owner)),
      message.failure && failure(message, phone),
      message.buttons?.length ? choices(message, phone) : null,
    ),
  );
}

function bubble(message, phone, speaker) {
  const carrier = message.file || WORDLESS.has(message.kind) ? CARRIERS[message.kind] : null;
  // A place, a sticker and a number are their words; a file's name is on its card already.
  const drawn = carrier && (WORDLESS.has(message.kind) || message.text === message.file?.name);
  const words = drawn ? "" : message.text || (carrier ? "" : FALLBACK[message.kind] ?? "");
  const shape = `bubble kind-${carrier ? message.kind : "text"}${carrier && words ? " has-words" : ""}`;
  return h(
    "div",
    { class: shape },
    h("span", { class: "visually-hidden" }, `${speaker}：`),
    carrier?.(message, phone),
    words && h("span", { class: "words", data: { role: "text" } }, linkified(words)),
    meta(message),
  );
}

function meta(message) {
  return h(
    "span",
    { class: "meta" },
    message.edited && h("span", { class: "edited" }, "已编辑"),
    h("time", { datetime: message.at }, clock(new Date(message.at))),
    message.from === "user" && ticks(message),
  );
}

/** Clock: not yet with the platform. One tick: the platform has it. Two: the account has taken it. */
function ticks(message) {
  // The red mark beside the bubble says it.
  if (message.state === "failed") return null;
  const [name, words] =
    message.local ? ["clock", "正在发送"]
    : message.state === "sending" ? ["check", "已发出"]
    : ["checks", "已送达"];
  return h("span", { class: `ticks is-${name}`, role: "img", "aria-label": words }, icon(name));
}

function mark(message, phone) {
  if (message.from !== "user") return null;
  if (message.state === "failed") {
    const words = message.local || message.kind === "text" ? "没有发出去，点此重发" : "没有送达";
    return h(
      "button",
      {
        type: "button", class: "mark is-failed", "aria-label": words, title: words, data: { role: "retry" },
        disabled: !message.local && message.kind !== "text", on: { click: () => phone.retry(message) },
      },
      icon("bang"),
    );
  }
  return message.local ? h("span", { class: "mark is-sending", "aria-hidden": "true" }) : null;
}

function failure(message, phone) {
  return h(
    "p",
    { class: "failure" },
    h("span", {}, `没有发出去：${message.failure}`),
    h("button", { type: "button", data: { role: "resend" }, on: { click: () => phone.retry(message) } }, "重发"),
    h("button", { type: "button", data: { role: "discard" }, on: { click: () => phone.discard(message) } }, "删除"),
  );
}

function choices(message, phone) {
  const used = phone.pressed(message);
  return h(
    "div",
    { class: "choices", role: "group", "aria-label": "可选的回答" },
    message.buttons.map((row) => h("div", { class: "choice-row" }, row.map((button) => choice(message, button, used, phone)))),
  );
}

function choice(message, button, used, phone) {
  if (/^https?:/.test(button.url ?? "")) {
    return h("a", { class: "choice is-link", href: button.url, target: "_blank", rel: "noopener noreferrer" }, button.label);
  }
  return h(
    "button",
    {
      type: "button",
      class: `choice${used === button.id ? " is-chosen" : ""}`,
      disabled: used !== null,
      data: { role: "choice", button: button.id },
      on: { click: () => phone.press(message, button) },
    },
    h("span", {}, button.label),
    used === button.id && icon("check"),
  );
}
