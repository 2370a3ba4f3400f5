/** Sending a place: some well-known ones, or coordinates typed in. */

import { h, icon } from "./dom.js";

const PLACES = [
  { label: "北京市朝阳区 三里屯太古里", latitude: 39.93489, longitude: 116.45528 },
  { label: "上海市浦东新区 世纪大道 8 号", latitude: 31.23704, longitude: 121.50178 },
  { label: "广州市天河区 体育西路", latitude: 23.13234, longitude: 113.32189 },
  { label: "成都市锦江区 春熙路", latitude: 30.65502, longitude: 104.08053 },
];

/** @param {import("./phone.js").Phone} phone */
export function openLocation(phone) {
  const label = field("地点名称", "text", PLACES[0].label);
  const latitude = field("纬度", "number", PLACES[0].latitude, { min: -90, max: 90 });
  const longitude = field("经度", "number", PLACES[0].longitude, { min: -180, max: 180 });
  const options = PLACES.map((place, index) =>
    h(
      "button",
      {
        type: "button", class: "place-option", "aria-pressed": String(index === 0), data: { role: "place" },
        on: {
          click: (event) => {
            [label.input.value, latitude.input.value, longitude.input.value] = [place.label, place.latitude, place.longitude];
            mark(event.currentTarget);
          },
        },
      },
      icon("location"),
      h("span", {}, place.label),
    ),
  );
  const mark = (chosen) => options.forEach((option) => option.setAttribute("aria-pressed", String(option === chosen)));
  for (const { input } of [label, latitude, longitude]) input.addEventListener("input", () => mark(null));
  options[0].dataset.first = "";
  phone.sheets.show(
    "发送位置",
    [h("div", { class: "place-options" }, options), label.holder, h("div", { class: "field-pair" }, latitude.holder, longitude.holder)],
    {
      label: "发送",
      role: "location-send",
      run: () => {
        const inputs = [latitude.input, longitude.input];
        if (!inputs.every((input) => input.value !== "" && input.reportValidity())) return false;
        const place = { latitude: Number(latitude.input.value), longitude: Number(longitude.input.value), label: label.input.value.trim() };
        phone.send({ kind: "location", text: place.label, location: place }, () => phone.api.location(place));
        return true;
      },
    },
  );
}

function field(title, type, value, limits = {}) {
  const input = h("input", { type, class: "sheet-input", value, step: type === "number" ? "any" : null, autocomplete: "off", ...limits });
  return { input, holder: h("label", { class: "sheet-field" }, h("span", {}, title), input) };
}
