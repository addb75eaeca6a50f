// One request to the office: the envelope of docs/sync.md, and what its answer means for the queue.
//
// What an answer means is one word: "answers" (with them), "large", "poison" (the office fails at this batch),
// "wait" (it is busy: after so many seconds), "offline", "portal" (somebody else answered: a sign-in page of a
// network), or a stop: "sign_in", "cut_off", "other_person", "update", "broken".

import { now } from "./ids.js";

/** A request that takes longer is given up; the office's answer is the same when it is asked again. */
const PATIENCE_MS = 40_000;
const STOPS = {
  401: "sign_in", 403: "cut_off", 409: "other_person", 426: "update", 400: "broken", 404: "broken", 405: "broken",
};

/** The headers of every request that writes: another site cannot send them. */
export function headers(app) {
  return { "Content-Type": "application/json", Accept: "application/json", "X-Trucquan-Field": app || "?" };
}

/** The envelope around some entries and what the phone tells of itself. */
export function envelope(context, entries, status) {
  return {
    format: 1,
    device: context.device,
    person: context.person.id,
    app: context.app ?? "",
    sent_at: now(),
    status,
    entries: entries.map(({ id, sha256, body }) => ({ id, sha256, body })),
  };
}

/** Send; returns {meaning, answers, serverAt, update, after, sentMs, answeredMs, message}. Never throws. */
export async function send(context, entries, status) {
  const sentMs = Date.now();
  try {
    const response = await fetch("/field/push", {
      method: "POST",
      headers: headers(context.app),
      body: JSON.stringify(envelope(context, entries, status)),
      redirect: "manual",
      cache: "no-store",
      credentials: "same-origin",
      signal: AbortSignal.timeout?.(PATIENCE_MS),
    });
    const read = await readOurs(response);
    return { ...meaning(response, read, entries), sentMs, answeredMs: Date.now() };
  } catch {
    // No line, a line that broke, or one so slow that waiting is worse than asking again.
    return { meaning: "offline", sentMs, answeredMs: Date.now() };
  }
}

/** The JSON of an answer that is the office's own; null for anybody else's. */
export async function readOurs(response) {
  const type = response.headers.get("content-type") ?? "";
  if (!type.startsWith("application/json")) return null;
  try {
    return await response.json();
  } catch {
    return null;
  }
}

/** What a status, its headers and its JSON mean. */
export function meaning(response, told, entries) {
  const { status } = response;
  const marked = response.headers.get("X-Trucquan-Answer") === "1";
  const after = seconds(response.headers.get("Retry-After"));
  if (status === 429 || status === 503 || status === 507) return { meaning: "wait", after, full: status === 507 };
  if (status === 413) return { meaning: "large" };
  if (status >= 500 && status !== 511) return { meaning: "poison" };
  if (told === null || response.type === "opaqueredirect") return { meaning: "portal" };
  if (status === 201 || status === 202) {
    if (!marked || !Array.isArray(told.answers)) return { meaning: "portal" };
    const asked = new Map(entries.map((entry) => [entry.id, entry.sha256]));
    const answers = told.answers.filter((answer) => asked.get(answer.id) === answer.sha256);
    return { meaning: "answers", answers, serverAt: told.server_at, update: told.update ?? null };
  }
  const problem = told.error ?? told; // the push says {code, message}, other answers put it into `error`
  const code = problem.code ?? "";
  const stop = status in STOPS && code ? STOPS[status] : "portal";
  return { meaning: stop, message: problem.message ?? "", code };
}

function seconds(text) {
  const value = Number(text);
  return text !== null && Number.isFinite(value) && value >= 0 ? Math.min(value, 3600) : null;
}
