// Things of the kind near by: shown with their picture, and asked about once: the same one, or another?
// Too many such questions are answered without looking, so only those count of which the office would be
// warned too (inventory/installations/flags.py `_twice`), and of them the nearest three. What was recorded on this
// phone and waits to be sent counts as well: the office will see the two of them side by side.

import { button, h } from "./dom.js";
import * as pack from "./pack.js";
import { ownThings } from "./thing-own.js";
import { label, _, number } from "./words.js";

const STANDING = new Set(["installed", "accepted", "in_use"]);
const MOST = 3;

/**
 * What stands so near that it may be the same one: [{thing, metres}], nearest first, at most three.
 * `record` {id, kind_code, area_id, venue_id, zone}; `point` {lat, lon} that a device or a hand gave;
 * things of the same venue and zone are counted together, points of venues prove nothing.
 */
export async function neighbours(db, record, point, kind) {
  if (!point || !kind) return [];
  const own = (await ownThings(db, { area: record.area_id, kind: kind.code }))
    .filter((thing) => Number.isFinite(thing.lat) && Number.isFinite(thing.lon))
    .map((thing) => ({ thing, metres: pack.distance(point, thing) }))
    .filter(({ metres }) => metres <= kind.near_duplicate_m);
  const together = (thing) => thing.venue_id === record.venue_id && thing.zone === record.zone;
  return [...await pack.near(db, kind.code, point, kind.near_duplicate_m), ...own]
    .sort((one, other) => one.metres - other.metres)
    .filter(({ thing }) => thing.id !== record.id && thing.area_id === record.area_id)
    .filter(({ thing }) => STANDING.has(thing.lifecycle) && thing.quantity > 0)
    .filter(({ thing }) => thing.position_source !== "venue" && !together(thing))
    .slice(0, MOST);
}

function picture(thing, alt) {
  const photo = thing.photos?.[0];
  if (!photo) return h("p", { class: "nr-same__none" }, _("Chưa có ảnh"));
  const image = h("img", { src: `/photos/${photo.id}/thumbnail`, alt, width: 96, height: 96, class: "nr-same__image" });
  // Without a network and without a copy there is none: the words below still tell which one it is.
  image.addEventListener("error", () => image.replaceWith(h("p", { class: "nr-same__none" }, _("Ảnh chưa có trên máy"))));
  return image;
}

/** One neighbour in words: where it hangs and what is known of it. */
function facts({ thing, metres, place }) {
  const lines = [
    _("Cách đây {m} m", { m: number(Math.round(metres)) }),
    [place, thing.zone && label("zone", thing.zone)].filter(Boolean).join(" · "),
    label("condition", thing.condition),
    thing.serial && _("Số hiệu {serial}", { serial: thing.serial }),
    thing.shown_text,
    thing.note,
    thing.unsent && _("Ghi trên máy này, chưa gửi"),
  ];
  return lines.filter(Boolean).map((line) => h("p", { class: "nr-same__line" }, line));
}

/**
 * Ask about each neighbour ({thing, metres, name, place}); resolves with [{other, same}] as far as answered:
 * one "same" ends the asking. Left with "Chưa rõ, cứ lưu" it answers null: nothing was said, and the office's flag stays.
 */
export function askSame(root, found) {
  return new Promise((resolve) => {
    const answers = [];
    const dialog = h("dialog", { class: "nr-same", "aria-labelledby": "nr-title" });
    let done = false;
    const end = (result) => {
      done = true;
      dialog.close();
      dialog.remove();
      resolve(result);
    };
    const ask = (at) => {
      if (at === found.length) {
        end(answers);
        return;
      }
      const one = found[at];
      const say = (same) => {
        answers.push({ other: one.thing.id, same });
        if (same) end(answers);
        else ask(at + 1);
      };
      const title = h("h2", { class: "tq-h2", id: "nr-title", tabindex: "-1" }, _("Gần đây đã ghi: {name}", { name: one.name }));
      dialog.replaceChildren(
        title,
        h("div", { class: "nr-same__one" }, picture(one.thing, one.name), h("div", {}, facts(one))),
        h("div", { class: "nr-same__answers" },
          button(_("Cùng một thứ"), () => say(true)),
          button(_("Khác, thứ nữa"), () => say(false), { kind: "secondary" }),
          button(_("Chưa rõ, cứ lưu"), () => end(null), { kind: "secondary", class: "nr-same__later" })),
      );
      title.focus();
    };
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      if (!done) end(null);
    });
    root.append(dialog);
    dialog.showModal();
    ask(0);
  });
}
