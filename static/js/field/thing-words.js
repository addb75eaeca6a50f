// A thing and what was done with it, in words.

import { h } from "./dom.js";
import { fieldLabel } from "./thing-fields.js";
import { kindUnit } from "./thing-form.js";
import { _, label, number } from "./words.js";

/** What an entry did: "Sửa: Tình trạng, Ghi chú". */
export function actWords(entry) {
  const body = JSON.parse(entry.body);
  if (entry.act === "amend") {
    const names = [...new Set([...Object.keys(body.fields ?? {}), ...(body.position ? ["lat"] : [])].map(fieldLabel))];
    return _("Sửa: {fields}", { fields: names.join(", ") });
  }
  if (entry.act === "move") return _("Chuyển bước: {step}", { step: label("lifecycle", body.step) });
  return {
    record: _("Ghi mới"), confirm: _("Vẫn như cũ"), answer: _("Trả lời khi khảo sát"), finish: _("Xong nơi này"),
    photo: _("Ảnh"), withdraw: _("Rút một ảnh"),
  }[entry.act] ?? entry.act;
}

/** Where an entry stands, in words; `mine` is the office's row of it, where the pack has one. */
export function stateWords(entry, mine = null) {
  if (entry.state === "waiting") return _("trên máy, chờ gửi");
  if (entry.state === "needs") return _("cần sửa");
  const told = {
    verified: _("đã xác minh"), returned: _("cần bổ sung"), open: _("xung đột, phòng đang xem"), settled: _("phòng đã quyết định"),
  }[mine?.state];
  return told ?? outcomeWords(mine?.outcome ?? entry.answer?.outcome);
}

function outcomeWords(outcome) {
  return {
    merged: _("chờ xác minh, gộp với sửa của người khác"), conflict: _("xung đột, phòng đang xem"),
    held: _("đang giữ ở phòng"), parked: _("đang chờ ở phòng"), refused: _("cần sửa"), id_reused: _("cần sửa"),
  }[outcome] ?? _("chờ xác minh");
}

/** Why the office returned it. */
export function reviewWords(review) {
  const said = review.reason_code ? label("return_reason", review.reason_code) : "";
  return [said, review.reason_text].filter(Boolean).join(": ") || _("Xem lại mục này rồi lưu.");
}

function fact(name, value) {
  if (value === null || value === undefined || value === false || value === "") return null;
  return h("div", { class: "tq-fact" }, h("dt", {}, name), h("dd", {}, value));
}

function positionWords(thing) {
  if (thing.hidden) return _("không hiển thị: nơi hạn chế");
  if (thing.lat === null || thing.lat === undefined) return _("chưa rõ");
  const parts = [`${number(thing.lat, 5)}; ${number(thing.lon, 5)}`];
  if (thing.accuracy_m !== null && thing.accuracy_m !== undefined) parts.push(`± ${number(Math.round(thing.accuracy_m))} m`);
  parts.push({
    device: _("máy đo"), map: _("chỉ trên bản đồ hoặc nhập tay"), venue: _("lấy theo nơi bỏ phiếu"), import: _("từ tệp nhập"),
  }[thing.position_source]);
  return parts.filter(Boolean).join(" · ");
}

/** What is known of a thing, as a list of facts. */
export function facts(thing, { kind, slogans }) {
  const slogan = slogans.find((one) => one.id === thing.slogan_id);
  const size = [thing.width_m, thing.height_m].some((side) => side) && _("{width} × {height} m", {
    width: thing.width_m ? number(thing.width_m) : "–", height: thing.height_m ? number(thing.height_m) : "–",
  });
  return h("dl", { class: "tq-facts tq-facts--tight" },
    fact(fieldLabel("quantity"), _("{count} {unit}, dùng tốt {working}", { count: thing.quantity, unit: kindUnit(kind), working: thing.working })),
    fact(fieldLabel("condition"), label("condition", thing.condition)),
    fact(fieldLabel("lifecycle"), label("lifecycle", thing.lifecycle)),
    fact(_("Kiểm tra"), thing.review ? label("review_state", thing.review.state) : _("chưa khảo sát lần này")),
    fact(fieldLabel("slogan_id"), slogan && `${slogan.number}. ${slogan.text}`),
    fact(fieldLabel("shown_text"), thing.shown_text),
    fact(_("Kích thước"), size),
    fact(fieldLabel("azimuth"), thing.azimuth !== null && thing.azimuth !== undefined ? number(thing.azimuth) : ""),
    fact(fieldLabel("sides"), thing.sides), fact(fieldLabel("horns"), thing.horns), fact(fieldLabel("watts"), thing.watts),
    fact(_("Vị trí"), positionWords(thing)),
    fact(fieldLabel("serial"), thing.serial), fact(fieldLabel("note"), thing.note));
}
