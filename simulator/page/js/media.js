/** What a message carries besides words: pictures, sound, video, files, places, stickers. */

import { h, icon } from "./dom.js";
import { duration, extension, fileSize } from "./format.js";

/** Stickers drawn in stickers.svg; any other emoji is shown as the text it is. */
export const STICKERS = new Map([
  ["😊", { name: "happy", label: "微笑" }],
  ["😂", { name: "laugh", label: "大笑" }],
  ["😢", { name: "sad", label: "难过" }],
  ["😡", { name: "angry", label: "生气" }],
  ["😮", { name: "surprised", label: "惊讶" }],
  ["🤔", { name: "thinking", label: "思考" }],
  ["👍", { name: "thumb", label: "赞" }],
  ["❤️", { name: "heart", label: "爱心" }],
]);

/** The moment's only sound: starting one stops the other. */
let playing = null;

const source = (file) => file.local ?? file.url;

export function photo(message, { openImage }) {
  const { file } = message;
  const picture = h("img", { src: source(file), alt: file.name ? `照片 ${file.name}` : "照片", draggable: "false" });
  const open = h(
    "button",
    { type: "button", class: "photo", "aria-label": "查看大图", data: { role: "file" }, on: { click: () => openImage(message) } },
    picture,
  );
  // A picture that the browser cannot draw (broken, or HEIC) is still a file.
  picture.addEventListener("error", () => asFile(open, message), { once: true });
  return open;
}

export function video({ file }) {
  return h("video", {
    class: "video", src: source(file), controls: true, preload: "metadata", playsinline: true,
    "aria-label": file.name || "视频", data: { role: "file" },
  });
}

export function attachment({ file }) {
  return h(
    "a",
    { class: "attachment", href: source(file), download: file.name || true, data: { role: "file" } },
    h("span", { class: "attachment-kind", "aria-hidden": "true" }, extension(file.name)),
    h(
      "span",
      { class: "attachment-about" },
      h("span", { class: "attachment-name" }, file.name || "文件"),
      h("span", { class: "attachment-size" }, fileSize(file.size)),
    ),
  );
}

/** Offers what cannot be shown as the file it is. */
function asFile(shown, message) {
  shown.closest(".bubble")?.classList.replace(`kind-${message.kind}`, "kind-file");
  shown.replaceWith(attachment(message));
}

const BARS = 34;

/** Bars that look like speech and are the same for the same message. */
function waveform(seed) {
  const bars = h("span", { class: "waveform", "aria-hidden": "true" });
  let state = [...String(seed)].reduce((sum, character) => (sum * 31 + character.codePointAt(0)) >>> 0, 7);
  for (let index = 0; index < BARS; index += 1) {
    state = (state * 1664525 + 1013904223) >>> 0;
    const bar = h("i");
    bar.style.setProperty("--level", (0.2 + 0.8 * (state / 2 ** 32) * Math.abs(Math.sin(index / 3 + 1))).toFixed(2));
    bars.append(bar);
  }
  return bars;
}

export function voice(message) {
  const { file } = message;
  const audio = h("audio", { src: source(file), preload: "metadata" });
  const time = h("span", { class: "voice-time" }, "…");
  const bars = waveform(file.name + file.size);
  const button = h(
    "button",
    { type: "button", class: "voice", "aria-label": "播放语音", data: { role: "file" } },
    h("span", { class: "voice-toggle", "aria-hidden": "true" }, icon("play", "icon when-paused"), icon("pause", "icon when-playing")),
    icon("wave", "icon voice-wave"),
    h("span", { class: "voice-track" }, bars, time),
  );
  const setPlaying = (on) => {
    button.classList.toggle("is-playing", on);
    button.setAttribute("aria-label", on ? "暂停语音" : "播放语音");
  };
  audio.addEventListener("loadedmetadata", () => {
    if (!Number.isFinite(audio.duration)) return;
    time.textContent = duration(audio.duration);
    time.dataset.seconds = String(Math.max(1, Math.round(audio.duration)));
    button.style.setProperty("--seconds", String(Math.min(60, Math.max(1, audio.duration))));
  });
  audio.addEventListener("timeupdate", () => {
    const share = audio.currentTime / audio.duration || 0;
    [...bars.children].forEach((bar, index) => bar.classList.toggle("is-past", index < share * BARS));
  });
  audio.addEventListener("play", () => {
    if (playing && playing !== audio) playing.pause();
    playing = audio;
    setPlaying(true);
  });
  audio.addEventListener("pause", () => setPlaying(false));
  audio.addEventListener("ended", () => [...bars.children].forEach((bar) => bar.classList.remove("is-past")));
  // AMR, which WeChat speaks, plays in no browser: the recording is offered as a file then.
  const holder = h("span", { class: "voice-holder" }, button, audio);
  audio.addEventListener("error", () => asFile(holder, message), { once: true });
  button.addEventListener("click", () => {
    if (!audio.paused) audio.pause();
    else audio.play().catch(() => asFile(holder, message));
  });
  return holder;
}

export function sticker({ text }) {
  const known = STICKERS.get(text);
  if (!known) return h("span", { class: "sticker is-glyph", role: "img", "aria-label": `贴纸 ${text}` }, text);
  const drawing = icon(known.name, "sticker");
  return h("span", { class: "sticker-holder", role: "img", "aria-label": `贴纸：${known.label}` }, drawing);
}

export function place({ text, location }) {
  const label = location?.label || text || "位置";
  const digits = location ? `${Number(location.latitude).toFixed(5)}, ${Number(location.longitude).toFixed(5)}` : "";
  return h(
    "span",
    { class: "place" },
    h("span", { class: "place-words" }, h("b", {}, label), digits && h("small", {}, digits)),
    h("span", { class: "place-map", role: "img", "aria-label": "地图" }, icon("pin", "icon place-pin")),
  );
}

export function contact({ text }) {
  return h(
    "span",
    { class: "contact" },
    h("span", { class: "contact-mark", "aria-hidden": "true" }, icon("phone")),
    h("span", { class: "contact-words" }, h("b", {}, "我的手机号"), h("span", { data: { role: "text" } }, text)),
  );
}
