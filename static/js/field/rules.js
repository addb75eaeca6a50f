// What one item of a visit says, or what is wrong with it: the rules of inventory/surveys/numbers.py and
// rules.py once more, so that the phone tells at once what the office would tell later. The same codes, fields
// and sentences; tests/property/test_field_rules.py holds both equal. The office decides, in any case.
//
// A kind is a row of the pack (code, bulk, texted, …, conditions: [[word, works], …]); a count is {found, working,
// condition}; a problem {code, message, field, values}, its message with the %(name)s of the office's sentences.

import { _ } from "./words.js";

/** More single things of one kind in one zone than this are a slip of the thumb (numbers.py MOST_SINGLE). */
export const MOST_SINGLE = 60;
/** As inventory/installations/limits.toml; the pack's own limits come first. */
const LIMITS = { largest_quantity: 5000, largest_side_m: 100 };
export const LONGEST_NOTE = 500;

/** A problem; `message` is translated already, `say` fills in its values. */
function problem(code, message, field, values = {}) {
  return { code, message, field, values };
}

/** The sentence of a problem with its values in place. */
export function say({ message, values = {} }) {
  return message.replace(/%\((\w+)\)s/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

export const isProblem = (found) => found !== null && typeof found === "object" && "code" in found;

/** Whether a thing of the kind works in a condition; an unknown one does not. */
export function works(kind, condition) {
  return kind.conditions.some(([word, sound]) => word === condition && sound);
}

/** The conditions a person chooses from: what is missing is said by the number instead. */
export function choices(kind) {
  return kind.conditions.map(([word]) => word).filter((word) => word !== "missing");
}

const strip = (text) => text.replace(/^[\p{White_Space}\x1c-\x1f]+|[\p{White_Space}\x1c-\x1f]+$/gu, "");

/** A whole number as typed: null for blank, a problem for what is none. */
export function whole(typed, field) {
  const text = strip(String(typed ?? ""));
  if (text === "") return null;
  if (!/^[0-9]{1,9}$/.test(text)) return problem("number", _("Ghi bằng số, ví dụ 2."), field);
  return Number(text);
}

/** A number with a comma or a point as typed: null for blank, a problem for what is none. */
export function decimal(typed, field) {
  const text = strip(String(typed ?? ""));
  if (text === "") return null;
  if (!/^\p{Nd}{1,6}([.,]\p{Nd}{1,4})?$/u.test(text)) return problem("decimal", _("Ghi bằng số, ví dụ 2,4."), field);
  return Number([...text].map(digit).join(""));
}

/** One character of a number: digits of other scripts become ours, as Python reads them. */
function digit(character) {
  if (character === "," || character === ".") return ".";
  if (/[0-9]/.test(character)) return character;
  // Decimal digits stand in runs of ten that begin at their zero.
  let point = character.codePointAt(0);
  let value = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(point - 1)) && value < 9) {
    point -= 1;
    value += 1;
  }
  return String(value);
}

/** How many stand and work by what was said, and the condition of those that do not; or a problem. */
export function read(needed, kind, before, sent, limits = LIMITS) {
  const { quick = "", condition = null } = sent;
  let found = sent.found ?? null;
  const working = sent.working ?? null;
  if (quick === "none") {
    if (found || working) {
      return problem("none_and_number", _("Đã chọn “Không có” nhưng lại ghi số: bỏ một trong hai."), "found");
    }
    return { found: 0, working: 0, condition: null };
  }
  if (found === null) {
    if (quick === "enough") found = Math.max(1, needed);
    else if (before.found || quick === "same") {
      found = before.found;
      if (working === null && condition === null) return before;
    } else return problem("found_missing", _("Ghi đang có bao nhiêu."), "found");
  }
  const most = kind.bulk ? (limits.largest_quantity ?? LIMITS.largest_quantity) : MOST_SINGLE;
  if (found < 0 || found > most) {
    return problem("found_range", _("Số đang có phải từ 0 đến %(most)s."), "found", { most });
  }
  if (condition !== null && !choices(kind).includes(condition)) {
    return problem("condition_unknown", _("Loại này không có tình trạng đó; chọn lại."), "condition");
  }
  return readWorking(kind, before, found, working, condition);
}

function readWorking(kind, before, found, said, condition) {
  const breaks = condition !== null && !works(kind, condition);
  let working = said;
  if (working === null) {
    if (breaks && found > 1) return problem("working_missing", _("Ghi bao nhiêu cái còn dùng tốt."), "working");
    working = breaks ? 0 : found;
  }
  if (working < 0 || working > found) {
    return problem("working_range", _("Số dùng tốt phải từ 0 đến %(most)s."), "working", { most: found });
  }
  if (found === 0) return { found: 0, working: 0, condition: null };
  if (working === found) {
    if (breaks) {
      return problem("condition_contradicts",
        _("Tình trạng này là của thứ không dùng được, nhưng tất cả lại ghi là dùng tốt."), "working");
    }
    return { found, working, condition };
  }
  return readBroken(before, found, working, condition, breaks);
}

function readBroken(before, found, working, condition, breaks) {
  if (condition === null) {
    // Those that were broken before keep their own condition; new damage has to be named.
    if (found - working <= before.found - before.working) return { found, working, condition: null };
    return problem("condition_missing", _("Có %(broken)s thứ không dùng tốt: chọn tình trạng của chúng."), "condition",
      { broken: found - working });
  }
  if (!breaks) {
    return problem("condition_works",
      _("Với loại này tình trạng đó vẫn tính là dùng tốt: sửa số dùng tốt hoặc chọn tình trạng khác."), "condition");
  }
  return { found, working, condition };
}

export const NO_DETAILS = { slogan_id: null, azimuth: null, width_m: null, height_m: null, note: "" };

/** Whether an item was left alone: what the page showed and nobody touched is no answer. */
export function isSilent(sent, details) {
  const number = (sent.found ?? null) !== null || (sent.working ?? null) !== null;
  return !(sent.quick || number || sent.photos || sent.condition)
    && Object.entries(NO_DETAILS).every(([name, nothing]) => details[name] === nothing);
}

/** What the page shows before anybody touches it: the first thing's own, else the kind's size. */
export function shownDetails(item, kind) {
  const first = kind.code === item.kind.code ? item.first : null;
  if (!first) return { ...NO_DETAILS, width_m: kind.default_width_m ?? null, height_m: kind.default_height_m ?? null };
  return {
    slogan_id: first.slogan_id ?? null, azimuth: first.azimuth ?? null, width_m: first.width_m ?? null,
    height_m: first.height_m ?? null, note: first.note ?? "",
  };
}

/** Only what differs from what the page showed; what the kind does not have is dropped. */
export function newDetails(item, kind, said) {
  const shown = shownDetails(item, kind);
  const changed = (name, has) => (has && said[name] !== shown[name] ? said[name] : null);
  return {
    slogan_id: changed("slogan_id", kind.texted),
    azimuth: changed("azimuth", kind.directional),
    width_m: changed("width_m", kind.sized),
    height_m: changed("height_m", kind.sized),
    note: said.note !== shown.note ? said.note : "",
  };
}

/** What is wrong with changed details, in the order of a record's checks (installations/rules.py `_build`). */
export function detailProblems(details, limits = LIMITS) {
  const found = [];
  if (details.azimuth !== null && !(details.azimuth >= 0 && details.azimuth < 360)) {
    found.push(problem("azimuth_range", _("Hướng là số độ từ 0 đến dưới 360."), "azimuth"));
  }
  const most = limits.largest_side_m ?? LIMITS.largest_side_m;
  for (const field of ["width_m", "height_m"]) {
    if (details[field] !== null && !(details[field] > 0 && details[field] <= most)) {
      found.push(problem("size_range", _("Số này phải lớn hơn 0 và không quá %(most)s."), field, { most: String(most) }));
    }
  }
  if ([...details.note].length > LONGEST_NOTE) {
    found.push(problem("note_long", _("Viết không quá 500 ký tự."), "note"));
  }
  return found;
}

/**
 * Decide one item as far as a phone can: null when nothing was said, else {kind, count, details}, or
 * {problems}. `item`: {needed, kind, kinds, before, first}.
 */
export function decide(item, sent, limits = LIMITS) {
  const kind = item.kinds.find((one) => one.code === (sent.kind || item.kind.code));
  if (!kind) {
    return { problems: [problem("kind_other", _("Thứ khác loại thì ghi ở phần “Thêm thứ khác ở đây”."), "kind")] };
  }
  const details = newDetails(item, kind, sent.details ?? NO_DETAILS);
  if (isSilent(sent, details)) return null;
  const before = kind.code === item.kind.code ? item.before : { found: 0, working: 0, condition: null };
  const counted = read(item.needed, kind, before, sent, limits);
  const problems = [...(isProblem(counted) ? [counted] : []), ...detailProblems(details, limits)];
  return problems.length ? { problems } : { kind, count: counted, details };
}
