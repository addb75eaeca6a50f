// Short codes of places and installations: the same as inventory/assignments/codes.py, which says what they are and
// why. A browser test compares both. Made and read here without a network.

const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const VALUES = new Map([...LETTERS].map((letter, value) => [letter, value])).set("O", 0).set("I", 1).set("L", 1);
const BETWEEN = /[ \t\r\n\u00a0\-\u2013\u2014._]/g;
const POLYNOMIAL = 0b100101;
const PLACE_LETTERS = [4, 6];
const THING_LETTERS = 8;
const MIX = 0x9E375n;
const HEX = 10;

const timesAlpha = (value) => (value & 16 ? (value << 1) ^ POLYNOMIAL : value << 1);
const sum = (body) => [...body].reduce((total, letter) => timesAlpha(total) ^ VALUES.get(letter), 0);
const checked = (body) => body + LETTERS[timesAlpha(sum(body))];
const sizeOf = (letters) => 1n << BigInt(5 * letters);

/** A number (BigInt) in so many letters, the highest first. */
function written(value, letters) {
  let text = "";
  for (let place = letters - 1; place >= 0; place -= 1) text += LETTERS[Number((value >> BigInt(5 * place)) & 31n)];
  return text;
}

const number = (body) => [...body].reduce((value, letter) => (value << 5n) | BigInt(VALUES.get(letter)), 0n);

/** The x with x·MIX = 1 modulo a power of two: Newton's step doubles the bits that are right. */
function inverse(size) {
  let found = 1n;
  for (let step = 0; step < 6; step += 1) found = (found * (2n - MIX * found)) & (size - 1n);
  return found;
}

/** "TQ-P-7K3M9" of a place's id. RangeError for an id that has none. */
export function ofPlace(id) {
  for (const letters of PLACE_LETTERS) {
    if (id < 0 || BigInt(id) >= sizeOf(letters)) continue;
    const body = checked(`P${written((BigInt(id) * MIX) % sizeOf(letters), letters)}`).slice(1);
    return ["TQ", "P", body.slice(0, 5), body.slice(5)].filter(Boolean).join("-");
  }
  throw new RangeError(`no code for place ${id}`);
}

/** "TQ-7K3-M9F-2XC" of an installation's UUID. */
export function ofInstallation(id) {
  const body = checked(written(BigInt(`0x${id.slice(-HEX)}`), THING_LETTERS));
  return ["TQ", body.slice(0, 3), body.slice(3, 6), body.slice(6)].join("-");
}

function bare(body) {
  if (sum(body) !== 0) return null;
  if (body.length === THING_LETTERS + 1) {
    return { of: "installation", tail: number(body.slice(0, -1)).toString(16).padStart(HEX, "0") };
  }
  const letters = body.length - 2;
  if (body[0] !== "P" || !PLACE_LETTERS.includes(letters)) return null;
  const size = sizeOf(letters);
  const id = Number((number(body.slice(1, -1)) * inverse(size)) & (size - 1n));
  return letters === PLACE_LETTERS[0] || id >= 2 ** 20 ? { of: "place", id } : null;
}

/** {of: "place", id} or {of: "installation", tail: the id's last ten hex digits}; null when it is no code. */
export function read(text) {
  const body = text.slice(0, 64).replace(BETWEEN, "");
  const values = [...body].map((letter) => VALUES.get(/^[a-z]$/.test(letter) ? letter.toUpperCase() : letter));
  if (values.includes(undefined)) return null;
  const plain = values.map((value) => LETTERS[value]).join("");
  return bare(plain) ?? (plain.startsWith("TQ") ? bare(plain.slice(2)) : null);
}
