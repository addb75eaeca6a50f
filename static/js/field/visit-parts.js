// Smaller parts of a visit's screen: names, the details under an item, further things.

import { append, button, h, icon } from "./dom.js";
import { selectBox, textBox } from "./form-parts.js";
import { shownDetails } from "./rules.js";
import { morePhotos, photoButton, thumbs } from "./visit-photos.js";
import { _, language } from "./words.js";

export { photoButton, thumbs };

/** The name of a kind or a requirement in the reader's language. */
export function named(row) {
  return (language === "en" && row.name_en) || row.name;
}

/** A decimal as people here write it. */
export function typed(value) {
  return value === null || value === undefined ? "" : String(value).replace(".", ",");
}

/** Slogan, direction, sizes, note: under a fold of their own, made when it is opened. */
export function detailBoxes(item) {
  const { kind } = item;
  const words = kind.texted ? _("Khẩu hiệu, kích thước, ghi chú, ảnh có sẵn") : kind.directional ? _("Hướng, kích thước, ghi chú, ảnh có sẵn")
    : kind.sized ? _("Kích thước, ghi chú, ảnh có sẵn") : _("Ghi chú, ảnh có sẵn");
  const body = h("div", { class: "tq-why__body" });
  const wanted = ["slogan", "azimuth", "width_m", "height_m", "note"].some((name) => item.values[name] !== undefined);
  const fill = () => body.childElementCount || append(body, boxes(item));
  const fold = h("details", { class: "tq-why sv-more", data: { more: "" }, ontoggle: fill }, h("summary", { class: "tq-why__summary" }, words), body);
  if (wanted) {
    fill();
    fold.open = true;
  }
  return fold;
}

function boxes(item) {
  const { kind } = item;
  const shown = shownDetails(item.item, kind);
  const value = (name, before) => item.values[name] ?? before;
  const listen = (name) => ({ name, oninput: (event) => {
    item.values[name] = event.target.value;
    item.show();
  } });
  return [
    kind.texted && sloganBox(item, value("slogan", String(shown.slogan_id ?? ""))),
    kind.directional && azimuthBox(item, value("azimuth", typed(shown.azimuth)), listen("azimuth")),
    kind.sized && h("div", { class: "sv-sizes" },
      textBox(_("Rộng (m)"), value("width_m", typed(shown.width_m)), { ...listen("width_m"), inputmode: "decimal", class: "govuk-input govuk-input--width-5" }),
      textBox(_("Cao (m)"), value("height_m", typed(shown.height_m)), { ...listen("height_m"), inputmode: "decimal", class: "govuk-input govuk-input--width-5" })),
    textBox(_("Ghi chú"), value("note", shown.note), { ...listen("note"), maxlength: 500 }),
    morePhotos(item),
  ];
}

function sloganBox(item, value) {
  const words = (one) => (one.withdrawn ? _("Đã thu hồi – {number}. {text}", one) : `${one.number}. ${one.text}`);
  const options = [["", _("Chưa chọn")], ...item.whole.sheet.slogans.map((one) => [String(one.id), words(one)])];
  return selectBox(_("Khẩu hiệu"), options, value, { name: "slogan", onchange: (event) => {
    item.values.slogan = event.target.value;
    item.show();
  } });
}

function azimuthBox(item, value, attrs) {
  const group = textBox(_("Hướng mặt (độ, 0 là bắc)"), value, { ...attrs, inputmode: "decimal", class: "govuk-input govuk-input--width-10" });
  const input = group.querySelector("input");
  if ("DeviceOrientationEvent" in window && navigator.maxTouchPoints) {
    append(group, button(_("Lấy theo la bàn"), () => compass((degrees) => {
      input.value = String(degrees);
      item.values.azimuth = input.value;
      item.show();
    }), { kind: "secondary" }));
  }
  return group;
}

/** The direction the phone points to, once, where it has a compass and may be asked. */
async function compass(told) {
  const ask = DeviceOrientationEvent.requestPermission;
  if (ask && (await ask.call(DeviceOrientationEvent)) !== "granted") return;
  const name = "ondeviceorientationabsolute" in window ? "deviceorientationabsolute" : "deviceorientation";
  window.addEventListener(name, (event) => {
    const heading = event.webkitCompassHeading ?? (event.alpha === null ? null : 360 - event.alpha);
    if (heading !== null) told(Math.round(heading) % 360);
  }, { once: true });
}

/** The place's own facts under its heading. */
export function facts({ place, area }, metres = null) {
  if (!place) return h("p", { class: "sv-facts" }, _("Nơi công cộng và xe lưu động của cả địa bàn."));
  const voters = place.voters === null ? _("chưa rõ số cử tri") : _("{n} cử tri", { n: place.voters });
  const away = metres === null ? "" : _("cách {m} m", { m: Math.round(metres) });
  return h("p", { class: "sv-facts", data: { facts: "" } }, [area.name, voters, away].filter(Boolean).join(" · "));
}

/** What a screen is called that shows a target. */
export function titleOf({ place, area }) {
  return place ? _("KVBP {number} · {venue}", { number: String(place.number), venue: place.venue_name }) : _("Việc chung: {ward}", { ward: area.name });
}

/** The line above a visit that tells about photos. */
export function photoRule() {
  return h("p", { class: "sv-note" }, icon("camera"), " ", _("Không chụp danh sách cử tri, giấy tờ và mặt người."));
}
