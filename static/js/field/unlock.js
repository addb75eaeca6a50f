// The short code of a person on a phone that several people use. It keeps colleagues apart; it is no
// encryption: what is stored on the phone is protected by the phone's own lock alone, and the screens say so.

const ROUNDS = 200_000; // about half a second on a three-year-old phone
const FREE_TRIES = 3;
const FIRST_WAIT = 30_000; // ms, doubled with every further wrong try
const LONGEST_WAIT = 900_000;
/** After so many wrong tries the code is void and the password is needed. */
export const MOST_TRIES = 10;

/** Whether a text may be a code: 4 to 6 digits, and not all the same. */
export function isCode(text) {
  return /^\d{4,6}$/.test(text) && new Set(text).size > 1;
}

function hex(bytes) {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function derive(code, salt, rounds) {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(code), "PBKDF2", false, ["deriveBits"]);
  const bytes = Uint8Array.from(salt.match(/../g), (pair) => parseInt(pair, 16));
  return hex(await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: bytes, iterations: rounds }, key, 256));
}

/** What is kept of a new code: {salt, hash, rounds, tries, until}. */
export async function keep(code) {
  const salt = hex(crypto.getRandomValues(new Uint8Array(16)));
  return { salt, hash: await derive(code, salt, ROUNDS), rounds: ROUNDS, tries: 0, until: 0 };
}

/** Milliseconds until the next try is allowed. */
export function waiting(kept, moment = Date.now()) {
  return Math.min(LONGEST_WAIT, Math.max(0, (kept?.until ?? 0) - moment));
}

/**
 * Count a try before it is judged, so that closing the app does not spare it.
 * @returns {object} what to keep instead of `kept`.
 */
export function counted(kept, moment = Date.now()) {
  const tries = kept.tries + 1;
  const over = tries - FREE_TRIES;
  const wait = over < 0 ? 0 : Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** over);
  return { ...kept, tries, until: moment + wait };
}

/** Whether this is the code. */
export async function fits(kept, code) {
  return isCode(code) && (await derive(code, kept.salt, kept.rounds)) === kept.hash;
}
