// The fields of one thing: which its kind has, what was typed, and what is wrong with it. Pure. The same
// checks, codes and sentences as inventory/installations/rules.py; the office decides, in any case.

import { decimal, isProblem, works, whole } from "./rules.js";
import { _ } from "./words.js";

const LIMITS = { largest_quantity: 5000, largest_side_m: 100, most_sides: 8, most_horns: 64, most_watts: 20000 };
const LONGEST = { shown_text: 2000, note: 2000, serial: 64 };

/** Every field in the order of the form: [name, how it is read, whether a kind has it]. */
const FIELDS = [
  ["kind_code", "choice", () => true],
  ["zone", "choice", () => true],
  ["quantity", "whole", (kind) => kind.bulk],
  ["working", "whole", (kind) => kind.bulk],
  ["condition", "choice", () => true],
  ["slogan_id", "id", (kind) => kind.texted],
  ["shown_text", "text", (kind) => kind.texted],
  ["azimuth", "decimal", (kind) => kind.directional],
  ["width_m", "decimal", (kind) => kind.sized],
  ["height_m", "decimal", (kind) => kind.sized],
  ["sides", "whole", (kind) => kind.sized],
  ["horns", "whole", (kind) => kind.horned],
  ["watts", "decimal", (kind) => kind.horned],
  ["serial", "text", () => true],
  ["note", "text", () => true],
];

/** What is never taken over by "Giống thế này, ở đây"; the position is not among the fields anyway. */
const OWN = new Set(["serial"]);

/** The words of a field. */
export function fieldLabel(name) {
  return {
    kind_code: _("Loại"), zone: _("Chỗ đặt"), quantity: _("Đang có"), working: _("Dùng tốt"), condition: _("Tình trạng"),
    slogan_id: _("Khẩu hiệu"), shown_text: _("Chữ trên thực tế"), azimuth: _("Hướng (độ)"), width_m: _("Rộng (m)"),
    height_m: _("Cao (m)"), sides: _("Số mặt"), horns: _("Số loa"), watts: _("Công suất (W)"), serial: _("Số hiệu"),
    note: _("Ghi chú"), lifecycle: _("Bước"), lat: _("Vị trí"), lon: _("Vị trí"), photo: _("Ảnh"),
  }[name] ?? name;
}

/** Names of the fields that a kind has, in their order. */
export function namesOf(kind) {
  return FIELDS.filter(([, , has]) => has(kind)).map(([name]) => name);
}

/** How a value is shown in its box. */
export function textOf(value) {
  if (value === null || value === undefined) return "";
  return typeof value === "number" ? String(Math.round(value * 1e7) / 1e7).replace(".", ",") : String(value);
}

function readOne(how, text, name) {
  if (how === "whole") return whole(text, name);
  if (how === "decimal") return decimal(text, name);
  const clean = String(text ?? "").normalize("NFC").trim();
  if (how === "id") return clean === "" ? null : Number(clean);
  return how === "choice" ? clean || null : clean;
}

/** Read what was typed, {name: text}, of the fields that the kind has: {values, problems}. */
export function readTyped(kind, typed) {
  const values = {};
  const problems = [];
  for (const [name, how, has] of FIELDS) {
    if (!(name in typed) || !has(kind)) continue;
    const found = readOne(how, typed[name], name);
    if (isProblem(found)) problems.push(found);
    else values[name] = found;
  }
  return { values, problems };
}

/** Of the typed values those that differ from what the person was shown. */
export function changed(values, shown) {
  const same = (name) => (values[name] ?? "") === (shown[name] ?? "");
  return Object.fromEntries(Object.entries(values).filter(([name]) => !same(name)));
}

/** What a new thing of a kind begins with. */
export function blank(kind, zone = null) {
  return {
    kind_code: kind.code, zone, quantity: 1, working: 1, lifecycle: "installed",
    condition: kind.conditions[0]?.[0] ?? "good",
    width_m: kind.sized ? kind.default_width_m : null, height_m: kind.sized ? kind.default_height_m : null,
  };
}

/** The fields of "Giống thế này, ở đây": all but photo, position, serial number and id. */
export function copied(kind, thing) {
  const names = namesOf(kind).filter((name) => !OWN.has(name));
  return { ...blank(kind, thing.zone), ...Object.fromEntries(names.map((name) => [name, thing[name] ?? null])) };
}

/** What follows by itself: a single thing works or not by its condition. */
export function settled(kind, record) {
  if (kind.bulk) return record;
  return { ...record, quantity: 1, working: works(kind, record.condition) ? 1 : 0 };
}

function problem(code, message, field, values = {}) {
  return { code, message, field, values };
}

function counts(kind, { quantity, working, condition }, fresh, most) {
  const least = fresh ? 1 : 0;
  if (quantity === null || working === null) {
    return [problem("number", _("Ghi một số; không có thì ghi 0."), quantity === null ? "quantity" : "working")];
  }
  if (quantity < least || quantity > most.largest_quantity) {
    return [problem("quantity_range", _("Số lượng phải từ %(least)s đến %(most)s."), "quantity", { least, most: most.largest_quantity })];
  }
  if (working < 0 || working > quantity) {
    return [problem("working_range", _("Số dùng tốt phải từ 0 đến %(most)s."), "working", { most: quantity })];
  }
  if (quantity && working === quantity && !works(kind, condition)) {
    return [problem("condition_contradicts",
      _("Tình trạng này là của thứ không dùng được, nhưng tất cả lại ghi là dùng tốt."), "condition")];
  }
  if (working < quantity && works(kind, condition)) {
    return [problem("condition_missing", _("Có %(broken)s thứ không dùng tốt: chọn tình trạng của chúng."), "condition",
      { broken: quantity - working })];
  }
  return [];
}

function bounds(record, most) {
  const found = [];
  const { azimuth } = record;
  if (azimuth !== null && azimuth !== undefined && !(azimuth >= 0 && azimuth < 360)) {
    found.push(problem("azimuth_range", _("Hướng là số độ từ 0 đến dưới 360."), "azimuth"));
  }
  const upper = {
    width_m: most.largest_side_m, height_m: most.largest_side_m, sides: most.most_sides, horns: most.most_horns,
    watts: most.most_watts,
  };
  for (const [name, bound] of Object.entries(upper)) {
    const value = record[name] ?? null;
    if (value === null || (value > 0 && value <= bound)) continue;
    const code = name.endsWith("_m") ? "size_range" : "number_range";
    found.push(problem(code, _("Số này phải lớn hơn 0 và không quá %(most)s."), name, { most: String(bound) }));
  }
  for (const [name, longest] of Object.entries(LONGEST)) {
    if ([...String(record[name] ?? "")].length > longest) {
      found.push(problem("text_long", _("Viết không quá %(most)s ký tự."), name, { most: longest }));
    }
  }
  return found;
}

/** What the office would refuse of a record ({name: value}); `fresh`: it is new. */
export function check(kind, record, fresh, limits = {}) {
  const most = { ...LIMITS, ...limits };
  const knows = kind.conditions.some(([word]) => word === record.condition);
  const condition = knows ? [] : [problem("condition_unknown", _("Loại này không có tình trạng đó; chọn lại."), "condition")];
  return [...condition, ...(knows ? counts(kind, record, fresh, most) : []), ...bounds(record, most)];
}
