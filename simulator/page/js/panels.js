/** The drawers under a phone's text box: attachments and stickers. One is open at a time. */

import { h, icon, role } from "./dom.js";
import { STICKERS } from "./media.js";
import { openLocation } from "./location.js";
import { pick } from "./uploads.js";

/**
 * @param {import("./phone.js").Phone} phone
 * @param {{overlay: boolean}} platform `overlay`: the attachments float above the box and go after one choice
 * @returns {{close: () => void}}
 */
export function wirePanels(phone, { overlay }) {
  const pairs = [
    [role(phone.element, "attach"), role(phone.element, "attach-menu")],
    [role(phone.element, "stickers"), role(phone.element, "sticker-panel")],
  ];
  const show = (wanted) => {
    for (const [button, panel] of pairs) {
      panel.hidden = panel !== wanted;
      button.setAttribute("aria-expanded", String(panel === wanted));
    }
    phone.element.classList.toggle("has-panel", wanted !== null);
  };
  const close = () => show(null);
  for (const [button, panel] of pairs) {
    button.addEventListener("click", () => show(panel.hidden ? panel : null));
  }
  phone.element.addEventListener("keydown", (event) => {
    const open = pairs.find(([, panel]) => !panel.hidden);
    if (event.key !== "Escape" || !open) return;
    close();
    open[0].focus();
  });
  role(phone.element, "messages").addEventListener("pointerdown", close);
  phone.composer.input.addEventListener("focus", close);
  document.addEventListener("pointerdown", (event) => {
    const menu = role(phone.element, "attach-menu");
    if (overlay && !menu.hidden && !menu.contains(event.target) && !event.target.closest("[data-role=attach]")) close();
  });

  role(phone.element, "attach-menu").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    close();
    if (button.dataset.pick) pick(phone, button.dataset.pick);
    else openLocation(phone);
  });

  role(phone.element, "sticker-panel").append(
    ...[...STICKERS].map(([emoji, { name, label }]) =>
      h(
        "button",
        {
          type: "button", "aria-label": `发送贴纸：${label}`, title: label, data: { role: "sticker", emoji },
          on: {
            click: () => {
              close();
              phone.send({ kind: "sticker", text: emoji }, () => phone.api.sticker(emoji));
            },
          },
        },
        icon(name, "sticker"),
      ),
    ),
  );
  return { close };
}
