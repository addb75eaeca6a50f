// Returned work: what the office asks to be made good, the reason first, and this person's own before the
// others'. What was answered already on this phone stands below until the office has it.

import { append, backLink, empty, h, heading, icon } from "./dom.js";
import * as pack from "./pack.js";
import { kindName } from "./thing-form.js";
import { placeOf, stateOf } from "./thing-state.js";
import { reviewWords, stateWords } from "./thing-words.js";
import { _, day, label } from "./words.js";

/** What was returned: [{thing, place, mine, ahead: an own newer entry or null}], own first, the oldest return first. */
export async function returned(db, personId) {
  const rows = [];
  for (const thing of await pack.things(db)) {
    if (thing.review?.state !== "returned") continue;
    const state = await stateOf(db, thing.id);
    rows.push({ thing, place: await placeOf(db, thing), mine: thing.review.submitted_by === personId, ahead: state.ahead.at(-1) ?? null });
  }
  const key = ({ thing, mine, ahead }) => `${ahead ? 1 : 0}${mine ? 0 : 1}${thing.review.decided_at ?? ""}${thing.id}`;
  return rows.sort((one, other) => (key(one) < key(other) ? -1 : 1));
}

function row({ thing, place, mine, ahead }, kinds) {
  const { review } = thing;
  const href = `#/thing/${thing.id}?${new URLSearchParams({ field: review.reason_field || "condition" })}`;
  const where = [place?.name, thing.zone && label("zone", thing.zone)].filter(Boolean).join(" · ");
  return h("li", { class: "th-returned", data: { returned: thing.id } },
    h("a", { class: "th-returned__link", href },
      h("span", { class: "th-returned__reason" }, ahead ? stateWords(ahead) : reviewWords(review)),
      h("span", { class: "th-returned__what" }, kindName(kinds[thing.kind_code], thing.kind_code)),
      h("span", {}, where),
      h("span", {}, [mine ? _("anh, chị đã gửi") : _("người khác đã gửi"), review.decided_at && day(review.decided_at)].filter(Boolean).join(" · ")),
      icon("chevron-right")));
}

/** The screen of returned work. */
export async function show(root, _params, context) {
  const [rows, kinds] = await Promise.all([returned(context.db, context.person.id), pack.kinds(context.db)]);
  const open = rows.filter((one) => !one.ahead);
  const done = rows.filter((one) => one.ahead);
  append(root, [
    backLink(), heading(_("Cần bổ sung")),
    rows.length === 0 && empty(_("Không có mục nào cần bổ sung"), _("Khi Phòng Văn hóa và Thông tin cần thêm ảnh hoặc thông tin, mục đó hiện ở đây.")),
    open.length > 0 && h("ul", { class: "fd-list" }, open.map((one) => row(one, kinds))),
    done.length > 0 && h("h2", { class: "tq-h2" }, _("Đã bổ sung, chờ phòng nhận")),
    done.length > 0 && h("ul", { class: "fd-list" }, done.map((one) => row(one, kinds))),
  ]);
  return null;
}
