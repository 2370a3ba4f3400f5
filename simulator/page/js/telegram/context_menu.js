/** The menu that Telegram opens on a message (right click, or a long press where the browser makes it one). */

import { h, icon } from "../dom.js";

/**
 * @param {import("../phone.js").Phone} phone
 * @param {(target: Element) => {label: string, symbol: string, role: string, run: () => void}[]} itemsAt what can be
 *   done with the message at this place; nothing there leaves the browser its own menu
 */
export function wireContextMenu(phone, itemsAt) {
  const screen = phone.element.querySelector(".screen");
  let menu = null;
  const close = () => {
    menu?.remove();
    menu = null;
  };
  phone.thread.list.addEventListener("contextmenu", (event) => {
    const items = itemsAt(event.target);
    if (!items.length) return;
    event.preventDefault();
    close();
    menu = h(
      "div",
      { class: "context-menu", role: "menu" },
      items.map((item) =>
        h(
          "button",
          {
            type: "button", role: "menuitem", data: { role: item.role },
            on: {
              click: () => {
                close();
                item.run();
              },
            },
          },
          icon(item.symbol),
          item.label,
        ),
      ),
    );
    screen.append(menu);
    const frame = screen.getBoundingClientRect();
    const size = menu.getBoundingClientRect();
    menu.style.left = `${Math.min(event.clientX - frame.left, frame.width - size.width - 8)}px`;
    menu.style.top = `${Math.min(event.clientY - frame.top, frame.height - size.height - 8)}px`;
    menu.firstElementChild.focus();
  });
  document.addEventListener("pointerdown", (event) => menu && !menu.contains(event.target) && close());
  phone.thread.scroller.addEventListener("scroll", close, { passive: true });
  phone.element.addEventListener("keydown", (event) => {
    if (!menu || !["Escape", "ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    if (event.key === "Escape") {
      close();
      phone.composer.input.focus();
      return;
    }
    const items = [...menu.children];
    const step = event.key === "ArrowDown" ? 1 : items.length - 1;
    items[(items.indexOf(document.activeElement) + step) % items.length].focus();
  });
}
