// The zones of a visit: their names with counts, their items, "nothing else here", further things, and the buttons.

import { append, button, h, unseen } from "./dom.js";
import { chip, selectBox } from "./form-parts.js";
import { newThingLink } from "./thing-links.js";
import { named } from "./visit-parts.js";
import { _, label } from "./words.js";

const AT_ONCE = 6; // more than a small screen shows
const idle = globalThis.requestIdleCallback ?? ((work) => setTimeout(work, 1));

/**
 * Fills open items in their order: the first ones at once, the rest when the browser has time, so that a long visit is
 * on the screen soon. Answers the function that takes an item; its `stop` ends it.
 */
export function inTurn() {
  const rest = [];
  let taken = 0;
  let waits = false;
  const work = (deadline) => {
    waits = false;
    do rest.shift()?.fill(); while (rest.length && deadline?.timeRemaining?.() > 4);
    ask();
  };
  const ask = () => {
    if (waits || !rest.length) return;
    waits = true;
    idle(work, { timeout: 200 });
  };
  const later = (item) => {
    taken += 1;
    if (taken <= AT_ONCE) item.fill();
    else rest.push(item);
    ask();
  };
  later.stop = () => rest.splice(0);
  return later;
}

/** The way from zone to zone, with how much of each is answered. */
export function zonesNav(visit) {
  const zones = visit.sheet.zones.filter((zone) => zone.items.length);
  return zones.length > 1 && h("nav", { class: "sv-zones", "aria-label": _("Chỗ đặt") }, zones.map(({ zone }) =>
    h("a", { class: "sv-zones__link", href: `#zone-${zone}`, onclick: (event) => {
      event.preventDefault();
      document.getElementById(`zone-${zone}`).scrollIntoView();
    } }, label("zone", zone), " ", h("span", { data: { zoneCount: zone } }))));
}

/** Every zone with its items. */
export function zoneParts(visit) {
  return visit.sheet.zones.map((zone) => zonePart(visit, zone));
}

function zonePart(visit, { zone, items, more }) {
  const name = label("zone", zone);
  const own = visit.items.filter((one) => one.item.zone === zone);
  const place = h("div", {}, own.map((one) => (one.extra ? withDrop(visit, one) : one.root)));
  return h("section", { class: "sv-zone", id: `zone-${zone}`, data: { zone }, "aria-labelledby": `zone-${zone}-title` },
    h("h2", { class: "sv-zone__title", id: `zone-${zone}-title` }, name),
    place,
    items.length ? nothingElse(visit, zone, name) : h("p", { class: "sv-note" }, _("Tiêu chuẩn không yêu cầu gì ở chỗ này.")),
    more.length > 0 && furtherThings(visit, { zone, more, name, place }));
}

function nothingElse(visit, zone, name) {
  const box = chip("checkbox", `zone-${zone}-none`, "1", [_("Các mục còn lại: không có"), unseen(` (${name})`)], {
    data: { zoneNone: zone }, onchange: (event) => event.target.checked && visit.emptyZone(zone),
  });
  box.classList.add("sv-none");
  return box;
}

function furtherThings(visit, { zone, more, name, place }) {
  const options = [["", _("Chọn loại")], ...more.map((kind) => [kind.code, named(kind)])];
  const choose = selectBox(_("Loại"), options, "", { name: `extra-${zone}`, onchange: (event) => {
    if (!event.target.value) return;
    const one = visit.addExtra(zone, event.target.value);
    place.append(withDrop(visit, one));
    event.target.value = "";
    one.root.scrollIntoView({ block: "center" });
    one.fold.querySelector("summary").focus({ preventScroll: true });
  } });
  return h("details", { class: "tq-why sv-extras" },
    h("summary", { class: "tq-why__summary" }, _("Thêm thứ khác ở đây"), unseen(`: ${name}`)),
    h("div", { class: "tq-why__body" }, choose, newThingLink(visit.sheet, zone)));
}

function withDrop(visit, one) {
  if (!one.body.querySelector("[data-drop]")) {
    one.fill();
    append(one.body, button(_("Bỏ thứ này"), () => visit.dropExtra(one), { kind: "secondary", picture: "trash-2", data: { drop: "" } }));
    one.fold.open = true;
  }
  return one.root;
}

/** The bar at the thumb: what is left, save, done. */
export function bottom(visit) {
  const done = visit.sheet.place ? _("Xong nơi này") : _("Xong việc chung");
  return h("div", { class: "tq-actionbar" }, h("div", { class: "tq-actionbar__buttons" },
    visit.left, visit.kept,
    button(_("Lưu"), () => visit.save(false), { kind: "secondary", data: { submit: "save" } }),
    button(done, () => visit.save(true), { data: { submit: "finish" } })));
}
