/** What only Telegram has: commands, editing one's own message, the contact button, a microphone by the box. */

import { CallFailed } from "./api.js";
import { h, icon, role } from "./dom.js";
import { duration } from "./format.js";
import { NoMicrophone, Recording } from "./recorder.js";
import { pick } from "./uploads.js";

const COMMANDS = [
  ["/start", "开始"],
  ["/status", "我的投诉进度"],
  ["/human", "转人工"],
  ["/cancel", "取消正在填写的投诉"],
  ["/help", "能帮您做什么"],
];
const EXAMPLE_NUMBER = "13800138000";
const LONGEST_SECONDS = 300;

/** @param {import("./phone.js").Phone} phone */
export function wireTelegram(phone) {
  wireCommands(phone);
  wireEditing(phone);
  wireReplyKeyboard(phone);
  wireMicrophone(phone);
}

function wireCommands(phone) {
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

function wireEditing(phone) {
  const { composer, thread } = phone;
  const bar = role(phone.element, "editing");
  let draft = "";
  const editable = (message) => message && message.from === "user" && message.kind === "text" && !message.local;

  const end = () => {
    if (bar.hidden) return;
    bar.hidden = true;
    composer.intercept = null;
    composer.fill(draft);
  };
  const begin = (message) => {
    end();
    draft = composer.value;
    role(phone.element, "editing-text").textContent = message.text;
    bar.hidden = false;
    composer.intercept = (text) => {
      save(message, text);
      return true;
    };
    composer.fill(message.text);
  };
  const save = async (message, text) => {
    if (text === message.text) return end();
    try {
      await phone.api.edit(message.id, text);
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      // The new words stay in the box.
      return phone.toast(`没有改成：${error.message}`);
    }
    return end();
  };

  const messageAt = (target) => {
    const element = target.closest?.("[data-role=message]");
    return element && thread.get(element.dataset.id);
  };
  thread.list.addEventListener("dblclick", (event) => {
    const message = messageAt(event.target);
    if (!editable(message) || event.target.closest("a, button")) return;
    getSelection()?.removeAllRanges();
    begin(message);
  });
  wireContextMenu(phone, (target) => {
    const message = messageAt(target);
    if (!message?.text || message.from === "system") return [];
    return [
      editable(message) && { label: "编辑", symbol: "edit", role: "edit", run: () => begin(message) },
      {
        label: "复制", symbol: "copy", role: "copy",
        run: () => phone.attempt("没有复制", () => navigator.clipboard.writeText(message.text)),
      },
    ].filter(Boolean);
  });
  role(phone.element, "editing-cancel").addEventListener("click", end);
  composer.input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") end();
    // As in Telegram on a computer: up in an empty box edits the last own message.
    if (event.key === "ArrowUp" && !composer.value && bar.hidden) {
      const last = thread.messages.filter(editable).at(-1);
      if (!last) return;
      event.preventDefault();
      begin(last);
    }
  });
  phone.addEventListener("changed", () => thread.messages.length || end());
}

function wireContextMenu(phone, itemsAt) {
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

/** The keyboard that the bot puts under the box: its own words, or the button that shares the number. */
function wireReplyKeyboard(phone) {
  const keyboard = role(phone.element, "phone-request");
  const share = role(phone.element, "share-phone");
  let drawn = "";
  phone.addEventListener("changed", () => {
    const asking = phone.thread.messages.findLast((message) => message.request_phone || message.keyboard?.length);
    const rows = asking?.keyboard ?? [];
    const wanted = JSON.stringify([asking?.request_phone ?? false, rows]);
    if (wanted === drawn) return;
    drawn = wanted;
    share.hidden = !asking?.request_phone;
    const words = rows.flat().filter((label) => !(asking.request_phone && label === share.textContent));
    keyboard.replaceChildren(
      share,
      ...words.map((label) => h("button", { type: "button", data: { role: "reply" }, on: { click: () => phone.outbox.text(label) } }, label)),
    );
    keyboard.hidden = !asking;
  });
  share.addEventListener("click", () => {
    const number = h("input", {
      type: "tel", class: "sheet-input", value: EXAMPLE_NUMBER, inputmode: "tel", "aria-label": "手机号",
      autocomplete: "off", data: { role: "phone-number", first: "" },
    });
    phone.sheets.show(
      "分享您的手机号？",
      [h("p", { class: "sheet-hint" }, "机器人会看到这个号码。这里的号码可以随意改。"), number],
      {
        label: "分享",
        role: "phone-send",
        run: () => {
          const value = number.value.replace(/[\s()-]/g, "");
          if (!number.value.trim()) return false;
          phone.send({ kind: "contact", text: value }, () => phone.api.sharePhone(value));
          return true;
        },
      },
    );
  });
}

function wireMicrophone(phone) {
  const bar = role(phone.element, "recording");
  const time = role(phone.element, "recording-time");
  let recording = null;
  let timer = 0;
  const end = async (send) => {
    const ended = recording;
    if (!ended) return;
    recording = null;
    clearInterval(timer);
    bar.hidden = true;
    phone.element.classList.remove("is-recording");
    if (send) phone.upload({ files: [await ended.finish()], kind: "voice" });
    else await ended.cancel();
    phone.composer.input.focus();
  };
  role(phone.element, "mic").addEventListener("click", async () => {
    try {
      recording = await Recording.start();
    } catch (error) {
      if (!(error instanceof NoMicrophone)) throw error;
      phone.toast("用不了麦克风，请选一个语音文件");
      return pick(phone, "voice");
    }
    bar.hidden = false;
    phone.element.classList.add("is-recording");
    time.textContent = duration(0);
    timer = setInterval(() => {
      time.textContent = duration(recording.seconds);
      if (recording.seconds >= LONGEST_SECONDS) end(true);
    }, 250);
    return role(phone.element, "recording-send").focus();
  });
  role(phone.element, "recording-send").addEventListener("click", () => end(true));
  role(phone.element, "recording-cancel").addEventListener("click", () => end(false));
  bar.addEventListener("keydown", (event) => event.key === "Escape" && end(false));
}
