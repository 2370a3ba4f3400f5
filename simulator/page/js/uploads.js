/** Choosing files, by the menus, by dropping or by pasting, looking at them, and sending them off. */

import { h, icon, role } from "./dom.js";
import { extension, fileSize } from "./format.js";

const NOUNS = { photo: "照片", voice: "语音", video: "视频", file: "文件" };
const MEASURE = { photo: "张", voice: "条", video: "段", file: "个" };

function kindOf(file) {
  if (file.type.startsWith("image/")) return "photo";
  if (file.type.startsWith("video/")) return "video";
  if (file.type.startsWith("audio/")) return "voice";
  return "file";
}

/** The kind that fits all of these files; mixed ones travel as files. */
function commonKind(files) {
  const kinds = new Set(files.map(kindOf));
  return kinds.size === 1 ? [...kinds][0] : "file";
}

/**
 * Wires the phone's file inputs, dropping and pasting.
 * @param {import("./phone.js").Phone} phone
 * @param {{captions: boolean, recognition: boolean, most: number}} platform
 */
export function wireUploads(phone, platform) {
  for (const kind of Object.keys(NOUNS)) {
    const input = role(phone.element, `${kind}-input`);
    input.addEventListener("change", () => {
      const files = [...input.files];
      // The same file can be chosen again later.
      input.value = "";
      if (files.length) preview(phone, platform, kind, files);
    });
  }
  phone.element.addEventListener("dragover", (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    phone.element.classList.add("is-dropping");
  });
  phone.element.addEventListener("dragleave", (event) => {
    if (!phone.element.contains(event.relatedTarget)) phone.element.classList.remove("is-dropping");
  });
  phone.element.addEventListener("drop", (event) => {
    phone.element.classList.remove("is-dropping");
    const files = [...event.dataTransfer.files];
    if (!files.length) return;
    event.preventDefault();
    preview(phone, platform, commonKind(files), files);
  });
  phone.composer.input.addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files];
    if (!files.length) return;
    event.preventDefault();
    preview(phone, platform, commonKind(files), files);
  });
}

/** Opens the file chooser of a kind. */
export function pick(phone, kind) {
  role(phone.element, `${kind}-input`).click();
}

/** Shows what is about to be sent; one file at least, each can be taken out again. */
export function preview(phone, platform, kind, chosen) {
  let files = chosen.slice(0, platform.most);
  const urls = new Map(files.map((file) => [file, URL.createObjectURL(file)]));
  const list = h("ul", { class: `preview is-${kind}${files.length === 1 ? " is-single" : ""}` });
  const caption = platform.captions
    ? h("input", { type: "text", class: "sheet-input", placeholder: "添加说明…", "aria-label": "说明", maxlength: 1024, autocomplete: "off", data: { role: "caption", first: "" } })
    : null;
  const recognition =
    platform.recognition && kind === "voice"
      ? h("textarea", { class: "sheet-input", rows: 2, placeholder: "语音里说了什么（选填）", "aria-label": "语音识别文字，选填", data: { role: "recognition", first: "" } })
      : null;
  const words = () => (files.length > 1 ? `发送 ${files.length} ${MEASURE[kind]}${NOUNS[kind]}` : "发送");
  const sheet = phone.sheets.show(
    `发送${NOUNS[kind]}`,
    [
      list,
      caption,
      recognition,
      chosen.length > files.length ? h("p", { class: "sheet-hint" }, `一次最多 ${platform.most} 个，后面的没有选上。`) : null,
      recognition && h("p", { class: "sheet-hint" }, "真实的微信会把识别结果一起推给公众号，这里由您代填。"),
    ],
    {
      label: words(),
      role: "upload-send",
      run: () =>
        phone.upload({ files, kind, caption: caption?.value.trim() ?? "", recognition: recognition?.value.trim() ?? "" }),
    },
    { closed: () => urls.forEach((url) => URL.revokeObjectURL(url)) },
  );
  const draw = () => {
    list.replaceChildren(...files.map((file) => h("li", {}, look(kind, file, urls.get(file)), files.length > 1 && takeOut(file))));
    sheet.setLabel(words());
  };
  const takeOut = (file) =>
    h(
      "button",
      {
        type: "button", class: "preview-remove", "aria-label": `去掉 ${file.name}`,
        on: {
          click: () => {
            files = files.filter((other) => other !== file);
            draw();
          },
        },
      },
      icon("close"),
    );
  draw();
}

function look(kind, file, url) {
  if (kind === "photo") {
    const picture = h("img", { src: url, alt: file.name });
    picture.addEventListener("error", () => picture.replaceWith(card(file)), { once: true });
    return picture;
  }
  if (kind === "video") return h("video", { src: url, controls: true, preload: "metadata", playsinline: true });
  if (kind === "voice") return h("div", { class: "preview-voice" }, h("audio", { src: url, controls: true }), h("small", {}, `${file.name} · ${fileSize(file.size)}`));
  return card(file);
}

function card(file) {
  return h(
    "div",
    { class: "attachment" },
    h("span", { class: "attachment-kind", "aria-hidden": "true" }, extension(file.name)),
    h(
      "span",
      { class: "attachment-about" },
      h("span", { class: "attachment-name" }, file.name),
      h("span", { class: "attachment-size" }, fileSize(file.size)),
    ),
  );
}
