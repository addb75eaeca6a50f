// Where a thing is, on its form: the live ring, what to do when the fix is poor, the map to tap. Everything is
// kept: the fix, the tap, why a poor one was taken. Nothing here is waited for; what comes late is still noted
// while the form is open.

import { button, h } from "./dom.js";
import { judge, ringFor, told, watch } from "./fix.js";
import { openTap } from "./tap.js";
import { outside } from "./ward.js";
import { _, number } from "./words.js";

const TEN_S = 10_000;
/** Why a poor position is taken: the words of inventory/installations/fixes.py FixReason. */
export const REASONS = () => [
  ["indoors", _("Trong nhà")], ["covered", _("Trời mây, bị che khuất")],
  ["silent", _("Máy không định vị được")], ["other", _("Lý do khác")],
];

/**
 * The position as an entry tells it, or null where nothing is known. `spot`: {fix, tap, reason, text}.
 * A poor fix that nobody gave a reason for goes along only as evidence beside a tap, never as the position.
 */
export function positionOf(spot, at = Date.now(), limits = {}) {
  const { fix = null, tap = null, reason = "", text = "" } = spot ?? {};
  const unsaid = fix && !tap && !reason && judge(fix.accuracy_m, limits) === "poor";
  const kept = unsaid ? null : fix;
  // A person's own words, short enough for the column.
  const why = reason && text.trim() ? `${reason}: ${text.trim()}`.slice(0, 300) : reason;
  return kept || tap || why ? { fix: told(kept, at), tap, reason: why } : null;
}

/** The point that the thing will have, {lat, lon, accuracy_m}, or null. */
export function pointOf(spot, limits = {}) {
  const position = positionOf(spot, Date.now(), limits);
  if (position?.tap) return { ...position.tap, accuracy_m: null };
  return position?.fix ?? null;
}

/** The position part of a form. */
export class Spot {
  /**
   * `known`: {outline, places, things, limits, point (recorded before) or null}; `spot` from the draft;
   * `onchange(spot)` after each change; `auto`: begin to measure at once.
   */
  constructor({ known, spot = null, onchange, auto = true }) {
    Object.assign(this, { known, onchange });
    this.limits = known.limits ?? {};
    this.spot = { fix: null, tap: null, reason: "", text: "", ...spot };
    this.began = 0;
    this.node = h("fieldset", { class: "fx-spot" }, h("legend", { class: "fx-spot__legend" }, _("Vị trí")));
    this.ground = h("div", { class: "fx-spot__now" });
    this.warned = h("p", { class: "fx-spot__warned", role: "status" });
    this.poor = h("div", { class: "fx-spot__poor", hidden: true });
    this.place = h("div", {});
    this.pointing = button(_("Chỉ trên bản đồ"), () => this.point(), { kind: "secondary", picture: "map-pin", data: { tap: "" } });
    this.node.append(this.ground, this.poor, this.warned, h("div", { class: "fx-spot__buttons" },
      button(_("Đo vị trí tại đây"), () => this.measure(true), { kind: "secondary", picture: "locate-fixed", data: { measure: "" } }), this.pointing),
    this.place);
    this.drawPoor();
    if (auto && !this.spot.tap) this.measure(false);
    this.show();
  }

  /** Listen to the device: the best fix of ten seconds is taken, after that only what helps a poor or missing one. */
  measure(asked) {
    this.watching?.stop();
    if (asked) Object.assign(this.spot, { fix: null, reason: "", text: "" });
    this.began = 0;
    this.own = false; // a draft's fix was taken at another moment: it is not mixed with those of now
    this.watching = watch();
    this.ground.replaceChildren(ringFor(this.watching));
    this.watching.subscribe((fix) => fix && this.take(fix));
    if (asked) this.changed();
  }

  take(fix) {
    this.began ||= Date.now();
    const before = this.spot.fix;
    const poor = !before || judge(before.accuracy_m, this.limits) === "poor";
    const settling = !before || (this.own && Date.now() - this.began <= TEN_S);
    if (!settling && !(poor && fix.accuracy_m < before.accuracy_m)) return;
    this.own = true;
    this.spot.fix = fix;
    this.changed();
  }

  changed() {
    this.show();
    this.onchange(this.spot);
  }

  /** What is wrong with the position, in words; nothing of it blocks. */
  show() {
    const { fix, tap } = this.spot;
    const poor = Boolean(fix) && judge(fix.accuracy_m, this.limits) === "poor" && !tap;
    this.poor.hidden = !poor;
    const point = pointOf(this.spot, this.limits);
    const beyond = point && outside(this.known.outline, point, this.limits);
    const lines = [];
    if (poor && !this.spot.reason) lines.push(_("Vị trí này chưa được ghi: hãy chọn lý do, hoặc chỉ trên bản đồ."));
    if (beyond) lines.push(_("Ở ngoài ranh giới phường, xã {m} m. Nếu đúng thì cứ lưu.", { m: number(Math.round(beyond)) }));
    const text = lines.join(" ");
    if (this.warned.textContent !== text) this.warned.textContent = text;
  }

  drawPoor() {
    const name = `reason-${Math.random().toString(36).slice(2)}`;
    const text = h("input", {
      class: "govuk-input", type: "text", maxlength: "200", value: this.spot.text, "aria-label": _("Viết thêm lý do"),
      oninput: (event) => { this.spot.text = event.target.value; this.changed(); },
    });
    text.hidden = this.spot.reason !== "other";
    const chips = REASONS().map(([code, words]) => h("label", { class: "tq-chip" },
      h("input", {
        class: "tq-chip__input", type: "radio", name, value: code, checked: this.spot.reason === code,
        onchange: () => {
          this.spot.reason = code;
          text.hidden = code !== "other";
          this.changed();
        },
      }), h("span", { class: "tq-chip__label" }, words)));
    this.poor.append(h("fieldset", { class: "fx-spot__reasons" },
      h("legend", {}, _("Vì sao vị trí kém chính xác?")), h("div", { class: "tq-chips" }, chips), text));
  }

  async point() {
    this.pointing.hidden = true;
    const known = { ...this.known, fix: this.spot.fix, at: this.spot.tap ?? this.known.point ?? null, limits: this.limits };
    this.map = await openTap(this.place, { ...known, onpoint: (at) => {
      this.spot.tap = at;
      this.changed();
    } });
  }

  /** The position for the entry, as of now. */
  read() {
    return positionOf(this.spot, Date.now(), this.limits);
  }

  close() {
    this.watching?.stop();
    this.map?.close();
  }
}
