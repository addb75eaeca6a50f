// What an entry of the queue says, in words that its person recognises: where, what, how many, and what became of it.

import * as pack from "./pack.js";
import { saidBy } from "./sheet.js";
import { named } from "./visit-parts.js";
import { _, label } from "./words.js";

/** A function that names a target and says where it is opened: names("place:12") → {name, href}. */
export async function targetNames(db) {
  const areas = await pack.areas(db);
  const places = new Map((await db.getAll("places")).map((place) => [String(place.id), place]));
  const kinds = await pack.kinds(db);
  const things = new Map((await pack.things(db)).map((thing) => [thing.id, thing]));
  const find = (target) => {
    const [word, id] = String(target ?? "").split(":");
    if (word === "place") {
      const place = places.get(id);
      const name = place ? _("KVBP {number} · {venue}", { number: String(place.number), venue: place.venue_name }) : _("Nơi bỏ phiếu không còn trên máy");
      return { name, href: `#/place/${id}` };
    }
    if (word === "ward") {
      const area = areas.find((one) => String(one.id) === id);
      return { name: area ? _("Việc chung: {ward}", { ward: area.name }) : _("Việc chung của địa bàn"), href: `#/ward/${id}` };
    }
    const kind = kinds[things.get(id)?.kind_code];
    const name = kind ? named(kind) : word === "new" ? _("Thứ mới ghi") : _("Một thứ đã ghi");
    return { name, href: word === "new" ? `#/new?draft=${id}` : `#/thing/${id}` };
  };
  find.kinds = kinds;
  return find;
}

const OUTCOMES = () => ({
  verified: [_("Đã xác minh"), "teal"], returned: [_("Cần bổ sung"), "amber"], open: [_("Phòng đang xem"), "amber"], settled: [_("Phòng đã quyết"), "teal"],
});
// As inventory/cases/rules.py `Way`; "arrived": what it waited for came by itself.
const SETTLED = () => ({
  keep: _("giữ số đang có"), phone: _("lấy số từ điện thoại"), admit: _("đã ghi vào hồ sơ"), reopen: _("đã đưa trở lại, cùng phần sửa"), drop: _("không ghi"),
  arrived: _("đã ghi vào hồ sơ"),
});
const FIELDS = () => ({
  found: _("Đang có"), quantity: _("Đang có"), working: _("Dùng tốt"), condition: _("Tình trạng"), slogan_id: _("Khẩu hiệu"), azimuth: _("Hướng"),
  width_m: _("Rộng (m)"), height_m: _("Cao (m)"), note: _("Ghi chú"), kind_code: _("Loại"), lat: _("Vị trí"), lon: _("Vị trí"), zone: _("Chỗ đặt"),
});

/**
 * {name, words, why: [sentences], fix: address or null, decided, tone} of an entry; `mine` is the office's word on it,
 * `photos` the pictures that wait on it.
 */
export function entryTold(entry, names, mine, photos) {
  const body = JSON.parse(entry.body);
  const target = entry.target ?? (entry.about ? `thing:${entry.about}` : "");
  const { name, href } = names(target);
  const [decided, tone] = OUTCOMES()[mine?.state] ?? ["", "grey"];
  const how = mine?.settled_how ? SETTLED()[mine.settled_how] : "";
  return {
    name, words: [wordsOf(entry, body, names.kinds), photos.length ? _("{n} ảnh chờ gửi", { n: photos.length }) : ""].filter(Boolean).join(" · "),
    why: [...whyOf(entry), mine?.reason && _("Phòng ghi: {reason}", { reason: mine.reason })].filter(Boolean), fix: fixOf(entry, body, href), decided: how ? `${decided}: ${how}` : decided, tone,
  };
}

function wordsOf(entry, body, kinds) {
  if (entry.act === "answer") {
    const { found, working, condition } = saidBy(body);
    const name = kinds[body.kind] ? named(kinds[body.kind]) : body.key;
    const count = found ? _("đang có {found} · dùng tốt {working}", { found, working }) : _("không có");
    return [label("zone", body.key.split(".")[0]), name, count, condition && label("condition", condition)].filter(Boolean).join(" · ");
  }
  return {
    finish: _("Xong lượt khảo sát"), record: _("Ghi thứ mới"), amend: _("Sửa thứ đã ghi"), confirm: _("Xác nhận vẫn như cũ"),
    move: _("Chuyển bước"), photo: _("Ảnh"), withdraw: _("Rút ảnh"),
  }[entry.act] ?? entry.act;
}

function whyOf(entry) {
  const answer = entry.answer;
  if (!answer) return [];
  const sentences = [];
  if (entry.state === "needs" || answer.outcome === "held" || answer.outcome === "conflict") {
    sentences.push(answer.message || _("Phòng chưa nhận mục này."));
  }
  for (const [field, theirs, mine] of answer.changed ?? []) {
    const words = { field: FIELDS()[field] ?? _("Thông tin khác"), theirs: shown(field, theirs), mine: shown(field, mine) };
    sentences.push(answer.who ? _("{field}: {who} ghi {theirs}, máy này ghi {mine}", { ...words, who: answer.who })
      : _("{field}: bên kia ghi {theirs}, máy này ghi {mine}", words));
  }
  return [...sentences, ...(answer.notes ?? []).map((note) => note.message)].filter(Boolean);
}

function shown(field, value) {
  if (value === null || value === undefined || value === "") return "–";
  return field === "condition" ? label("condition", value) : String(value);
}

function fixOf(entry, body, href) {
  if (!href) return null;
  if (entry.act === "answer") return `${href}?item=${encodeURIComponent(body.key)}${entry.state === "needs" ? `&fix=${entry.id}` : ""}`;
  if (entry.act === "photo") return null;
  return entry.act === "finish" ? href : `${href.split("?")[0]}?fix=${entry.id}`;
}
