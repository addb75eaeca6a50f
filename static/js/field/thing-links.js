// The ways from a visit to single things: each one that is recorded at an item, and a new one with its own
// position and pictures.

import { h, icon, unseen } from "./dom.js";
import { _, label, number } from "./words.js";

/** Links to the things of an item, or null where nothing is recorded; `name` is the item's. */
export function thingLinks(things, name) {
  if (!things.length) return null;
  const words = (thing, at) => [
    _("Thứ {n}", { n: at + 1 }), thing.quantity > 1 && `× ${number(thing.quantity)}`, thing.serial, label("condition", thing.condition),
    thing.unsent && _("chưa gửi"),
  ].filter(Boolean).join(" · ");
  return h("details", { class: "tq-why", data: { things: "" } },
    h("summary", { class: "tq-why__summary" }, _("Mở từng thứ đã ghi"), unseen(`: ${name}`)),
    h("ul", { class: "tq-why__body th-links" }, things.map((thing, at) =>
      h("li", {}, h("a", { class: "th-links__link", href: `#/thing/${thing.id}` }, words(thing, at), icon("chevron-right"))))));
}

/** The link to a new thing of its own in a zone; `sheet` {place, area}. */
export function newThingLink({ place, area }, zone) {
  const where = place ? { place: place.id } : { ward: area.id };
  return h("p", {}, h("a", { class: "th-links__link", href: `#/new?${new URLSearchParams({ ...where, zone })}` },
    icon("map-pin"), _("Ghi riêng một thứ, có vị trí"), unseen(` (${label("zone", zone)})`)));
}
