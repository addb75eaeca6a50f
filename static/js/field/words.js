// Words: sentences are written in Vietnamese in the code; `_` gives them in the reader's language.
//
// The server makes the two word files (translations of the sentences in these modules, and the words for
// codes); they are part of the shell, so that both languages are there without a network.

/** The reader's language, "vi" or "en". */
export let language = "vi";
let sentences = {};
let labels = {};

/** Load the words of a language; without a network and without a copy everything is Vietnamese. */
export async function load(wanted = language) {
  language = wanted === "en" ? "en" : "vi";
  try {
    const answer = await fetch(`/field/words.json?lang=${language}`);
    if (!answer.ok) return;
    const words = await answer.json();
    sentences = words.sentences;
    labels = words.labels;
  } catch {
    // The sentences in the code are Vietnamese and complete; codes are shown as they are.
  }
  if (typeof document !== "undefined") document.documentElement.lang = language;
}

/** A sentence in the reader's language; {name} in it becomes values.name. */
export function _(msgid, values = {}) {
  const text = sentences[msgid] || msgid;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? shown(values[name]) : whole));
}

function shown(value) {
  return typeof value === "number" ? number(value) : String(value);
}

/** What people read for a code: label("zone", "gate"). Groups: see inventory/field/wordbook.py. */
export function label(group, code) {
  return labels[group]?.[code] ?? String(code ?? "");
}

/** All codes of a group with their words, in the order of the vocabulary: [[code, words], …]. */
export function codes(group) {
  return Object.entries(labels[group] ?? {});
}

/** A number as the office writes it: 1.234,5. */
export function number(value, places = undefined) {
  const digits = places === undefined ? {} : { minimumFractionDigits: places, maximumFractionDigits: places };
  return new Intl.NumberFormat(language === "en" ? "en-GB" : "vi-VN", digits).format(value);
}

const zone = "Asia/Ho_Chi_Minh";
const parts = new Intl.DateTimeFormat("en-GB", {
  timeZone: zone, day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});

function split(iso) {
  return Object.fromEntries(parts.formatToParts(new Date(iso)).map((part) => [part.type, part.value]));
}

/** A moment as the office writes it: "08:05 19/04/2021", in Ha Noi's time. */
export function moment(iso) {
  const { hour, minute } = split(iso);
  return `${hour}:${minute} ${day(iso)}`;
}

/** A day as the office writes it: "19/04/2021", in Ha Noi's time. */
export function day(iso) {
  const { day: date, month, year } = split(iso);
  return `${date}/${month}/${year}`;
}
