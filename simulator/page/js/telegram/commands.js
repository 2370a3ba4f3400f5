/** Telegram's commands: the menu button, the list that appears while one is typed, the start button. */

import { h, role } from "../dom.js";

const COMMANDS = [
  ["/start", "开始"],
  ["/status", "我的投诉进度"],
  ["/human", "转人工"],
  ["/cancel", "取消正在填写的投诉"],
  ["/help", "能帮您做什么"],
];

/** @param {import("../phone.js").Phone} phone */
export function wireCommands(phone) {
  const list = role(phone.element, "command-list");
  const button = role(phone.element, "commands");
  const { input } = phone.composer;
  const draw = (prefix) => {
    const fitting = COMMANDS.filter(([command]) => command.startsWith(prefix));
    list.replaceChildren(
      ...fitting.map(([command, words]) =>
        h(
          "li",
          {},
          h(
            "button",
            { type: "button", data: { role: "command", command }, on: { click: () => send(command) } },
            h("b", {}, command),
            h("span", {}, words),
          ),
        ),
      ),
    );
    show(fitting.length > 0);
  };
  const show = (on) => {
    list.hidden = !on;
    button.setAttribute("aria-expanded", String(on));
  };
  const send = (command) => {
    show(false);
    if (phone.composer.value.startsWith("/")) phone.composer.fill("", { focus: false });
    phone.outbox.text(command);
  };
  button.addEventListener("click", () => (list.hidden ? draw("/") : show(false)));
  role(phone.element, "start").addEventListener("click", () => phone.outbox.text("/start"));
  input.addEventListener("input", () => {
    if (/^\/\w*$/.test(input.value)) draw(input.value);
    else show(false);
  });
  input.addEventListener("composed", () => input.value || show(false));
  document.addEventListener("pointerdown", (event) => {
    if (!list.contains(event.target) && !button.contains(event.target) && event.target !== input) show(false);
  });
  phone.element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || list.hidden) return;
    show(false);
    input.focus();
  });
}
