// My entries: everything this person did in the campaign that the phone still holds, readable whatever became of
// it, and open to correction until the office has verified it (a correction is a change against its version).

import { append, backLink, badge, empty, h, heading, icon, rowButton } from "./dom.js";
import * as pack from "./pack.js";
import { kindName } from "./thing-form.js";
import { placeOf } from "./thing-state.js";
import { actWords, stateWords } from "./thing-words.js";
import { _, day, label, moment } from "./words.js";

const PAGE = 50;
const TONES = { verified: "teal", returned: "amber", open: "vermilion" };

/** Everything of this person, the newest first: [{entry, body, mine, thing, place}]; pictures go with their thing. */
export async function own(db) {
  const [entries, mine] = await Promise.all([db.getAll("entries"), pack.mine(db)]);
  const shown = entries.filter((entry) => entry.act !== "photo").sort((one, other) => other.seq - one.seq);
  return shown.map((entry) => ({ entry, body: JSON.parse(entry.body), mine: mine[entry.id] ?? null }));
}

/** What it is about, in words, and where it opens; an address of "" where there is nothing to open. */
async function about(db, kinds, { entry, body, mine }) {
  if (entry.act === "answer" || entry.act === "finish") {
    const place = body.place ? await pack.place(db, body.place) : null;
    const where = place?.name ?? (await db.get("areas", body.area))?.name ?? "";
    const [zone, code] = (body.key ?? "").split(".");
    const what = entry.act === "answer" ? `${kindName(kinds[body.kind ?? code], code)} · ${label("zone", zone)}` : "";
    const target = body.place ? `#/place/${body.place}` : `#/ward/${body.area}`;
    return { what, where, href: body.key ? `${target}?${new URLSearchParams({ item: body.key })}` : target };
  }
  const thing = entry.about ? await pack.thing(db, entry.about) : null;
  const place = thing ? await placeOf(db, thing) : body.place ? await pack.place(db, body.place) : null;
  const code = thing?.kind_code ?? body.fields?.kind_code ?? "";
  const href = thing || entry.act === "record" ? `#/thing/${entry.about}` : "";
  return { what: kindName(kinds[code], code), where: place?.name ?? "", href, verified: mine?.state === "verified" };
}

function said(body) {
  if (body.act !== "answer" || body.found === null || body.found === undefined) return "";
  if (!Number(body.found)) return _("Không có");
  return _("Có {found}, dùng tốt {working}", { found: body.found, working: body.working ?? body.found });
}

async function row(db, kinds, one) {
  const { entry, body, mine } = one;
  const { what, where, href, verified } = await about(db, kinds, one);
  const tone = entry.state === "needs" ? "vermilion" : (TONES[mine?.state] ?? "grey");
  return h("li", { class: "th-mine", data: { entry: entry.id } },
    h("p", { class: "th-mine__head" }, badge(stateWords(entry, mine), tone), h("span", { class: "fd-small" }, moment(entry.made_at))),
    h("p", { class: "th-mine__what" }, [actWords(entry), what, where].filter(Boolean).join(" · ")),
    said(body) && h("p", {}, said(body)),
    entry.state === "needs" && entry.answer?.message && h("p", { class: "fd-entry__why" }, entry.answer.message),
    mine?.reason && h("p", { class: "fd-entry__why", data: { reason: "" } }, _("Phòng ghi: {reason}", { reason: mine.reason })),
    href && h("p", {}, h("a", { class: "th-mine__open", href }, verified ? icon("check") : icon("pencil"), verified ? _("Xem") : _("Xem, sửa"))));
}

/** The screen of my entries. */
export async function show(root, _params, context) {
  const [rows, kinds] = await Promise.all([own(context.db), pack.kinds(context.db)]);
  append(root, [
    backLink(), heading(_("Việc tôi đã ghi")),
    rows.length === 0 && empty(_("Chưa ghi gì trên máy này")),
  ]);
  let day0 = "";
  const list = h("div", {});
  const more = rowButton(_("Xem thêm"), () => fill(), { picture: "chevron-down" });
  root.append(list, more);
  let at = 0;
  async function fill() {
    const part = rows.slice(at, at + PAGE);
    at += part.length;
    for (const one of part) {
      const when = day(one.entry.made_at);
      if (when !== day0) append(list, [h("h2", { class: "tq-h2" }, when), h("ul", { class: "fd-list" })]);
      day0 = when;
      list.lastElementChild.append(await row(context.db, kinds, one));
    }
    if (at >= rows.length) more.remove();
  }
  await fill();
  return null;
}
