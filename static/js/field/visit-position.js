// The position on top of a visit: how exact the device is, how far the place, and why a poor fix was taken.
// It is told, never waited for.

import { clear, h, icon, metresBetween } from "./dom.js";
import { fixWords, judge } from "./fix.js";
import { selectBox } from "./form-parts.js";
import { _ } from "./words.js";

const REASONS = () => [
  ["", _("Chưa chọn")], ["indoors", _("Trong nhà")], ["covered", _("Trời mây, bị che khuất")], ["device", _("Máy định vị kém")],
];

/** The line with the device's position; asks for a reason only where the fix is poor. */
export function positionBar(visit) {
  const words = h("span", { role: "status", data: { positionWords: "" } });
  const box = h("div", { class: "sv-position", data: { position: "" } }, icon("map-pin"), words);
  const reason = selectBox(_("Vì sao vị trí kém chính xác"), REASONS(), reasonCode(visit.draft.reason), { name: "reason", onchange: (event) => {
    visit.draft.reason = event.target.value ? event.target.selectedOptions[0].textContent : "";
    visit.touch();
  } });
  reason.hidden = true;
  let said = "";
  visit.watch.subscribe((fix, state) => {
    const { place } = visit.sheet;
    const far = fix && place?.lat !== null && place?.lat !== undefined ? _("cách {m} m", { m: Math.round(metresBetween(fix, place)) }) : "";
    const poor = Boolean(fix) && judge(fix.accuracy_m, visit.sheet.limits) === "poor";
    const text = [fixWords(fix, state), poor && place ? _("Vị trí của nơi bỏ phiếu sẽ được dùng.") : "", far].filter(Boolean).join(" · ");
    reason.hidden = !poor;
    // A reader hears a change of judgement, not every metre.
    if (text === said) return;
    said = text;
    clear(words).append(text);
  });
  return h("div", {}, box, reason);
}

function reasonCode(words) {
  return REASONS().find(([, text]) => text === words)?.[0] ?? "";
}
