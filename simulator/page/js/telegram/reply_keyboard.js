/** The keyboard that the bot puts under the box: its own words, or the button that shares the person's number. */

import { h, role } from "../dom.js";

const EXAMPLE_NUMBER = "13800138000";

/** @param {import("../phone.js").Phone} phone */
export function wireReplyKeyboard(phone) {
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
