/** The page's composition: two phones and what stands around them. Everything else is a module in js/. */

import { CallFailed, resetPhones } from "./js/api.js";
import { h, loadDrawings, role } from "./js/dom.js";
import { clock } from "./js/format.js";
import { Phone } from "./js/phone.js";
import { wirePanels } from "./js/panels.js";
import { wireCommands } from "./js/telegram/commands.js";
import { wireEditing } from "./js/telegram/editing.js";
import { wireMicrophone } from "./js/telegram/microphone.js";
import { wireReplyKeyboard } from "./js/telegram/reply_keyboard.js";
import { wireUploads } from "./js/uploads.js";
import { openImage } from "./js/viewer.js";
import { wireWechat } from "./js/wechat.js";

const EXAMPLES = [
  "我要投诉，上周买的手机用了三天就黑屏了",
  "快递显示已签收，可我根本没收到",
  "退款说好三天到账，都半个月了还没退，一共 399 元",
  "我的投诉进度",
  "我要找人工客服",
];
const TITLES = { telegram: "Telegram", wechat: "微信" };

await loadDrawings();
const telegram = new Phone(document.querySelector("[data-phone=telegram]"), { separators: "day", openImage });
const wechat = new Phone(document.querySelector("[data-phone=wechat]"), { separators: "spell", openImage });
const phones = { telegram, wechat };

/** What each app lets people send along, and how many files at a time. */
const telegramFiles = { captions: true, recognition: false, most: 10 };
const wechatFiles = { captions: false, recognition: true, most: 9 };
wireUploads(telegram, telegramFiles);
wireUploads(wechat, wechatFiles);
wirePanels(telegram, { overlay: true });
for (const wire of [wireCommands, wireEditing, wireReplyKeyboard, wireMicrophone]) wire(telegram);
wireWechat(wechat, wechatFiles, wirePanels(wechat, { overlay: false }));

wireActivePhone();
wireTabs();
wireExamples();
wireReset();
wireClock();
// A file dropped beside the phones would make the browser leave the page.
for (const kind of ["dragover", "drop"]) window.addEventListener(kind, (event) => event.preventDefault());
for (const phone of Object.values(phones)) phone.start();

/** The phone last touched is the one that the examples fill, and on a small screen the one that is seen. */
function activate(channel) {
  document.body.dataset.shown = channel;
  role(document, "target").textContent = TITLES[channel];
  for (const tab of document.querySelectorAll("[data-role=tab]")) {
    const selected = tab.dataset.for === channel;
    tab.setAttribute("aria-selected", String(selected));
    tab.tabIndex = selected ? 0 : -1;
    if (selected) role(tab, "unread").hidden = true;
  }
}

function wireActivePhone() {
  activate(sessionStorage.getItem("shown") ?? "telegram");
  for (const [channel, phone] of Object.entries(phones)) {
    for (const kind of ["focusin", "pointerdown"]) {
      phone.element.addEventListener(kind, () => {
        activate(channel);
        sessionStorage.setItem("shown", channel);
      });
    }
  }
}

function wireTabs() {
  const tabs = [...document.querySelectorAll("[data-role=tab]")];
  for (const tab of tabs) {
    tab.addEventListener("click", () => {
      activate(tab.dataset.for);
      sessionStorage.setItem("shown", tab.dataset.for);
    });
    tab.addEventListener("keydown", (event) => {
      if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
      const other = tabs.find((candidate) => candidate !== tab);
      other.click();
      other.focus();
    });
    let unread = 0;
    phones[tab.dataset.for].addEventListener("incoming", () => {
      const badge = role(tab, "unread");
      if (document.body.dataset.shown === tab.dataset.for) return;
      unread = badge.hidden ? 1 : unread + 1;
      badge.textContent = String(unread);
      badge.hidden = false;
    });
  }
}

function wireExamples() {
  role(document, "examples").append(
    ...EXAMPLES.map((words) =>
      h(
        "li",
        {},
        h(
          "button",
          { type: "button", data: { role: "example" }, on: { click: () => phones[document.body.dataset.shown].composer.fill(words) } },
          words,
        ),
      ),
    ),
  );
}

function wireReset() {
  const dialog = role(document, "reset-dialog");
  role(document, "reset").addEventListener("click", () => {
    dialog.returnValue = "";
    dialog.showModal();
  });
  dialog.addEventListener("close", async () => {
    if (dialog.returnValue !== "reset") return;
    try {
      await resetPhones();
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      for (const phone of Object.values(phones)) phone.toast(`没有清空：${error.message}`);
      return;
    }
    for (const phone of Object.values(phones)) phone.clear();
  });
}

function wireClock() {
  const show = () => {
    for (const face of document.querySelectorAll("[data-role=clock]")) face.textContent = clock(new Date());
  };
  show();
  setInterval(show, 10_000);
}
