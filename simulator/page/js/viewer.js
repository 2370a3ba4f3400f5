/** A picture as large as the window allows. Esc, the button or a click beside it closes. */

import { role } from "./dom.js";
import { fileSize } from "./format.js";

const dialog = role(document, "viewer");
const image = role(dialog, "viewer-image");

role(dialog, "viewer-close").addEventListener("click", () => dialog.close());
dialog.addEventListener("click", (event) => event.target !== image && dialog.close());
dialog.addEventListener("close", () => image.removeAttribute("src"));

/** @param {{file: object, text: string}} message */
export function openImage({ file, text }) {
  image.src = file.local ?? file.url;
  image.alt = file.name || "照片";
  role(dialog, "viewer-caption").textContent = text || [file.name, fileSize(file.size)].filter(Boolean).join(" · ");
  dialog.showModal();
}
