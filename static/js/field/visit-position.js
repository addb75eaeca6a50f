// The position on top of a visit: how exact the device is, how far the place, and what to do about a poor fix:
// say why, or point at the map. It is told, never waited for.

import { button, clear, h, icon, metresBetween } from "./dom.js";
import { fixWords, judge } from "./fix.js";
import { selectBox } from "./form-parts.js";
import { REASONS } from "./spot.js";
import { openTap } from "./tap.js";
import { _ } from "./words.js";

const REFUSED = new Set(["refused", "silent", "none"]);

/** The line with the device's position; what helps a poor or missing one is offered only then. */
export function positionBar(visit) {
  const words = h("span", { role: "status", data: { positionWords: "" } });
  const box = h("div", { class: "sv-position", data: { position: "" } }, icon("map-pin"), words);
  const reason = selectBox(_("Vì sao vị trí kém chính xác"), [["", _("Chưa chọn")], ...REASONS()], codeOf(visit.draft.reason), {
    name: "reason", onchange: (event) => {
      visit.draft.reason = event.target.value;
      visit.touch();
    },
  });
  const tap = new Tap(visit);
  reason.hidden = true;
  let said = "";
  visit.watch.subscribe((fix, state) => {
    const { place } = visit.sheet;
    const far = fix && place?.lat !== null && place?.lat !== undefined ? _("cách {m} m", { m: Math.round(metresBetween(fix, place)) }) : "";
    const poor = Boolean(fix) && judge(fix.accuracy_m, visit.sheet.limits) === "poor";
    const text = [fixWords(fix, state), poor && place && !visit.draft.tap ? _("Vị trí của nơi bỏ phiếu sẽ được dùng.") : "", far].filter(Boolean).join(" · ");
    reason.hidden = !(poor || visit.draft.reason);
    tap.offer(poor || REFUSED.has(state));
    // A reader hears a change of judgement, not every metre.
    if (text === said) return;
    said = text;
    clear(words).append(text);
  });
  visit.closeMap = () => tap.close();
  return h("div", {}, box, reason, tap.node);
}

/** Where this visit's new things are, pointed at by hand: at a place only, because a ward's own things are apart. */
class Tap {
  constructor(visit) {
    this.visit = visit;
    this.place = h("div", {});
    this.button = button(_("Chỉ trên bản đồ"), () => this.open(), { kind: "secondary", picture: "map-pin", data: { tap: "" } });
    this.node = h("div", { class: "fx-visit" }, this.button, this.place);
    this.node.hidden = !visit.draft.tap;
  }

  offer(useful) {
    this.node.hidden = !this.visit.sheet.place || !(useful || this.visit.draft.tap || this.map);
  }

  async open() {
    const { visit } = this;
    const { area, place, things, limits } = visit.sheet;
    this.button.hidden = true;
    const venue = Number.isFinite(place?.lat) ? [{ lat: place.lat, lon: place.lon, name: place.venue_name }] : [];
    this.map = await openTap(this.place, {
      outline: area.sections?.outline ?? null, places: venue, things, limits, fix: visit.watch.best(),
      at: visit.draft.tap ?? null, centre: venue[0] ?? null, words: _("Chạm vào chỗ đang đứng trên bản đồ: dùng cho những thứ mới ghi ở lượt này."),
      onpoint: (at) => {
        visit.draft.tap = at;
        visit.touch();
      },
    });
  }

  close() {
    this.map?.close();
  }
}

/** A reason of before is a code; a draft of an older version has its words. */
function codeOf(reason) {
  return REASONS().find(([code, text]) => code === reason || text === reason)?.[0] ?? "";
}
