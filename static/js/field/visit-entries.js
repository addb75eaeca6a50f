// From a draft to entries: what is wrong with it, and what goes into the queue. Pure but for the ids it is given.
//
// A draft of a visit: {visit, items: {key: row}, extras: [row], note, tap, reason, replaces: {key: entry id}}; a row holds
// what was typed as text: {kind, quick, found, working, condition, slogan, azimuth, width_m, height_m, note, fix, photos}.

import { choices, decide, decimal, isProblem, LONGEST_NOTE, MOST_SINGLE, NO_DETAILS, shownDetails, whole } from "./rules.js";
import { _ } from "./words.js";

const NOTHING = { found: 0, working: 0, condition: null };
const MOST_IDS = 40; // more would not fit an entry; the office makes the ids that lack

/** What a row says as values; unread numbers are problems: {sent, problems}. */
export function readRow(row, item, kind) {
  const shown = shownDetails(item, kind);
  const problems = [];
  const number = (reader, name) => {
    const found = reader(row[name], name);
    if (!isProblem(found)) return found;
    problems.push(found);
    return null;
  };
  const detail = (name) => (row[name] === undefined ? shown[name] : number(decimal, name));
  const sent = {
    quick: row.quick ?? "", kind: kind.code, found: number(whole, "found"), working: number(whole, "working"),
    condition: row.condition || null, photos: row.photos ?? 0,
    details: {
      slogan_id: row.slogan === undefined ? shown.slogan_id : (Number(row.slogan) || null),
      azimuth: detail("azimuth"), width_m: detail("width_m"), height_m: detail("height_m"),
      note: row.note === undefined ? shown.note : String(row.note).trim(),
    },
  };
  return { sent, problems };
}

function kindOf(row, item) {
  return item.kinds.find((one) => one.code === (row.kind || item.kind.code)) ?? item.kind;
}

/** Decide every touched item and extra: {answers: [{item, row, decision, sent, extra}], problems: [{key, …}]}. */
export function sort(sheet, draft) {
  const result = { answers: [], problems: [] };
  for (const item of sheet.items) {
    if (draft.items[item.key]) take(result, sheet, item, draft.items[item.key], false);
  }
  const taken = new Set([
    ...sheet.items.filter((item) => item.kinds.length === 1).map((item) => item.key.split(".")[0] + "." + item.kind.code),
    ...result.answers.map(({ item, decision }) => `${item.zone}.${decision.kind.code}`),
  ]);
  for (const row of draft.extras ?? []) takeExtra(result, sheet, row, taken);
  if ([...(draft.note ?? "")].length > LONGEST_NOTE) {
    result.problems.push({ key: "", code: "note_long", message: _("Viết không quá 500 ký tự."), field: "note" });
  }
  return result;
}

function take(result, sheet, item, row, extra) {
  const read = readRow(row, item, kindOf(row, item));
  if (extra && read.sent.found === null && !read.sent.quick) read.sent.found = 1;
  if (read.problems.length) return void result.problems.push(...read.problems.map((one) => ({ ...one, key: row.id ?? item.key })));
  const decision = decide(item, read.sent, sheet.limits);
  if (decision?.problems) result.problems.push(...decision.problems.map((one) => ({ ...one, key: row.id ?? item.key })));
  else if (decision) result.answers.push({ item, row, decision, sent: read.sent, extra });
}

/** An item for a kind that the checklist does not ask for. */
export function unlisted(zone, kind) {
  return {
    key: `${zone}.${kind.code}`, zone, kinds: [kind], kind, needed: 0, mandatory: false, requirements: [], things: [],
    returned: [], before: NOTHING, first: null, recorded: false, found: null, answered: false, photos: 0,
  };
}

function takeExtra(result, sheet, row, taken) {
  const kind = sheet.kinds[row.kind];
  if (!kind) {
    if (row.found || row.photos) {
      result.problems.push({ key: row.id, code: "kind_missing", message: _("Chọn loại của thứ này."), field: "kind" });
    }
    return;
  }
  const key = `${row.zone}.${row.kind}`;
  if (taken.has(key)) {
    const message = _("Loại này đã có ở danh sách trên: ghi số ở mục đó.");
    result.problems.push({ key: row.id, code: "kind_twice", message, field: "kind" });
    return;
  }
  taken.add(key);
  take(result, sheet, unlisted(row.zone, kind), row, true);
}

/** How many new records an answer can make: single things beyond the known ones, one lot of a bulk kind. */
export function newRecords(kind, things, found) {
  if (!found) return 0;
  if (kind.bulk) return things.length ? 0 : 1;
  return Math.min(MOST_IDS, MOST_SINGLE, Math.max(0, found - things.length));
}

/**
 * The queue's items for a draft: an `answer` for each decided item, then a `photo` for each picture, then `finish`.
 * `photos` are the target's taken pictures {id, item, …}, `before` those told with earlier answers: a corrected answer
 * takes its own along. `earlier` counts the answers of this visit that were queued before. `makeId` makes UUIDv7; `photoBody(photo, of)` is theirs.
 */
export function entriesOf(sheet, draft, answers, { finish, photos, before = [], earlier = 0, makeId, photoBody }) {
  const where = { target: sheet.target, visit: draft.visit };
  const place = sheet.place?.id ?? null;
  const common = { campaign: sheet.campaign.code, area: sheet.area.id };
  const items = [];
  const pictures = [];
  for (const answer of answers) {
    const id = makeId();
    items.push({ ...where, id, act: "answer", about: null, body: { ...common, ...answerBody(draft, place, answer, makeId) } });
    const key = answer.row.id ?? answer.item.key;
    const replaced = draft.replaces?.[answer.item.key];
    const old = before.filter((one) => replaced && one.of.answer === replaced);
    for (const photo of [...photos.filter((one) => one.item === key), ...old]) {
      if (answer.decision.count.found === 0) continue;
      pictures.push({ ...where, photo, act: "photo", about: photo.id, body: { ...common, ...photoBody(photo, { answer: id }) } });
    }
  }
  items.push(...pictures);
  if (finish) {
    const body = { ...common, visit: draft.visit, place, empty_zones: [], note: draft.note ?? "", answers: earlier + answers.length };
    items.push({ ...where, act: "finish", about: draft.visit, body });
  }
  return items;
}

function answerBody(draft, place, { item, row, decision, sent, extra }, makeId) {
  const same = decision.kind.code === item.kind.code;
  const things = same ? item.things : [];
  const known = item.after ? Math.max(things.length, item.before.found) : things.length;
  const made = newRecords(decision.kind, { length: known }, decision.count.found);
  return {
    visit: draft.visit, place, key: item.key, quick: sent.quick, kind: decision.kind.code,
    found: sent.found, working: sent.working, condition: sent.condition,
    details: said(decision.details), extra,
    base: Object.fromEntries(things.map((thing) => [thing.id, thing.version])),
    after: same ? (item.after ?? null) : null,
    new: Array.from({ length: made }, makeId),
    position: { fix: row.fix ?? null, tap: draft.tap ?? null, reason: draft.reason ?? "" },
    near: [],
  };
}

function said(details) {
  return Object.fromEntries(Object.entries(details).filter(([name, value]) => value !== NO_DETAILS[name]));
}

/** A row as a refused or earlier answer said it, for "Sửa". */
export function rowOf(body) {
  const text = (value) => (value === null || value === undefined ? undefined : String(value).replace(".", ","));
  const details = body.details ?? {};
  const row = {
    kind: body.kind ?? "", quick: body.quick ?? "", found: text(body.found) ?? "", working: text(body.working) ?? "",
    condition: body.condition ?? "", fix: body.position?.fix ?? null,
    slogan: text(details.slogan_id), azimuth: text(details.azimuth), width_m: text(details.width_m),
    height_m: text(details.height_m), note: details.note || undefined,
  };
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
}

/** The condition chips that can be true: of broken things where some are, of sound ones where all work. */
export function possible(kind, found, working) {
  const broken = found > working;
  return choices(kind).filter((word) => kind.conditions.some(([one, sound]) => one === word && sound !== broken));
}
