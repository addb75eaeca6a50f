// Sends the queue when there is a line, and keeps the packs up to date (docs/sync.md).
//
// `events`: "state" {phase, waiting, problem, at}, "answers" {answers}, "pack" {area}, "clock" {offset_s}.
// phase: "idle", "sending", "waiting" (it will try again by itself), "stopped" (somebody has to do something).
// problem: null or {code, sentence}. Nothing fails in silence: whatever stops the queue is in the state.

import * as clock from "./clock.js";
import { get, put } from "./db.js";
import { refreshAll } from "./fresh.js";
import { alone } from "./locks.js";
import { piles, prune, settle, waiting } from "./queue.js";
import { send } from "./sender.js";
import * as session from "./session.js";
import * as shell from "./shell.js";
import { _ } from "./words.js";

export const events = new EventTarget();

const FIRST_BATCH = 10;
const MOST = 100;
const QUICK_MS = 700; // a batch that took less may be larger, one that took more than SLOW_MS smaller:
const SLOW_MS = 1800; // a line of two seconds now and then has to bring something through
const TIMER_MS = 60_000;
const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 300_000;
const PACK_MS = 300_000;
const STOPS = new Set(["sign_in", "cut_off", "other_person", "update", "broken"]);

let context = null;
let running = null;
let next = null;
let pause = { until: 0, tries: 0 };
let state = { phase: "idle", waiting: 0, problem: null, at: null };
let packsAt = 0;
let said = null; // what the office was last told of this phone
const wake = "BroadcastChannel" in globalThis ? new BroadcastChannel("trucquan-field-queue") : null;

/** Take up the work of a person; whoever was there before is left. Listens for lines from now on. */
export async function start(given) {
  const first = context === null;
  context = { app: given.told?.app ?? "", ...given };
  pause = { until: 0, tries: 0 };
  packsAt = 0;
  if (first) listen();
  await prune(context.db).catch(() => {});
  syncNow("open");
}

/** Nobody is here: nothing is sent until somebody starts. */
export function stop() {
  context = null;
}

/** What the state is now. */
export function now() {
  return state;
}

function listen() {
  window.addEventListener("online", () => syncNow("online"));
  window.addEventListener("focus", () => syncNow("focus"));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && syncNow("visible"));
  document.addEventListener("trucquan-queue", () => syncNow("queue"));
  shell.events.addEventListener("sync", () => syncNow("background"));
  session.changes.addEventListener("change", leave);
  setInterval(() => syncNow("timer"), TIMER_MS);
  // Another tab has sent something: what this one shows of the queue is old.
  wake?.addEventListener("message", () => tell({}));
}

async function leave() {
  const here = await session.current();
  if (context && here?.person.id !== context.person.id) stop();
}

/**
 * Send now, and fetch what is new. `why`: "button" and "online" do not wait for a pause to end, "button" fetches
 * the packs as well. However often it is called, one run goes on at a time, and one more after it when it was called
 * meanwhile; the promise is fulfilled at the end of a run that began after the call.
 */
export function syncNow(why = "button") {
  if (context === null) return Promise.resolve();
  if (["button", "online"].includes(why)) pause.until = 0;
  if (why === "button") packsAt = 0;
  if (running) {
    next ??= running.then(() => {
      next = null;
      return syncNow(why);
    });
    return next;
  }
  if (Date.now() < pause.until) return Promise.resolve();
  running = run(context).catch((error) => failed(error)).finally(() => {
    running = null;
    shell.release("sending");
  });
  return running;
}

async function run(here) {
  shell.hold("sending");
  const problem = await alone(here.db, "push", () => drain(here));
  if (context !== here) return;
  if (problem) return;
  await photos(here);
  await packs(here);
}

/** Send batch after batch until nothing waits. Returns what stopped it, or null. */
async function drain(here) {
  const skipped = new Set();
  let size = (await get(here.db, "batch")) ?? FIRST_BATCH;
  let told = false;
  for (;;) {
    const found = (await waiting(here.db, size + skipped.size)).filter((entry) => !skipped.has(entry.id));
    const batch = found.slice(0, size);
    if (batch.length === 0 && told) break;
    if (batch.length) await tell({ phase: "sending", problem: null });
    const about = await status(here);
    const answer = await send(here, batch, about);
    if (context !== here) return "left";
    told = true;
    if (answer.meaning === "answers") said = about;
    const next = await digest(here, answer, batch, size, skipped);
    if (next.stop) return next.stop;
    size = next.size;
  }
  pause = { until: 0, tries: 0 };
  await put(here.db, "batch", size);
  if (skipped.size) return wait("poison", null);
  await tell({ phase: "idle", problem: null, at: new Date().toISOString() });
  return null;
}

/** What one answer changes: {stop} ends the run, {size} is the next batch's. */
async function digest(here, answer, batch, size, skipped) {
  if (answer.meaning === "answers") return took(here, answer, batch, size);
  if (STOPS.has(answer.meaning)) {
    await tell({ phase: "stopped", problem: problemOf(answer.meaning) });
    if (answer.meaning === "update") shell.check();
    retryAfter(null);
    return { stop: answer.meaning };
  }
  const one = batch.length <= 1;
  if ((answer.meaning === "large" || answer.meaning === "poison") && !one) return { size: Math.ceil(batch.length / 2) };
  if (answer.meaning === "poison" && one && batch.length) {
    // The office fails at this one entry: the others do not wait for it.
    skipped.add(batch[0].id);
    return skipped.size > MOST ? { stop: await wait("poison", null) } : { size: 1 };
  }
  await put(here.db, "batch", Math.max(1, Math.floor(size / 2)));
  return { stop: await wait(answer.full ? "full" : answer.meaning, answer.after ?? null) };
}

async function took(here, answer, batch, size) {
  const settled = await settle(here.db, answer.answers);
  noticeClock(here, answer);
  if (answer.update) shell.check();
  if (settled.length) {
    events.dispatchEvent(new CustomEvent("answers", { detail: { answers: answer.answers } }));
    wake?.postMessage("settled");
    packsAt = 0;
  }
  // An answer that settles nothing would be asked for again and again.
  if (batch.length && settled.length === 0) return { stop: await wait("portal", null) };
  await tell({});
  const took_ms = answer.answeredMs - answer.sentMs;
  if (took_ms < QUICK_MS) return { size: Math.min(MOST, size * 2) };
  return { size: took_ms > SLOW_MS ? Math.max(1, Math.floor(size / 2)) : size };
}

function noticeClock(here, answer) {
  const seconds = clock.offset(answer.serverAt, answer.sentMs, answer.answeredMs);
  if (seconds === null) return;
  put(here.db, "clock", { offset_s: seconds }).catch(() => {});
  if (clock.isWrong(seconds)) events.dispatchEvent(new CustomEvent("clock", { detail: { offset_s: seconds } }));
}

/** Try again by itself after a while: 2 s, twice as long each time, at most 5 min, or as the office says. */
async function wait(code, after) {
  retryAfter(after);
  shell.askBackground();
  await tell({ phase: "waiting", problem: problemOf(code) });
  return code;
}

function retryAfter(after) {
  const backOff = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** pause.tries) * (0.5 + Math.random());
  const ms = after === null ? Math.min(LONGEST_PAUSE_MS, backOff) : after * 1000;
  pause = { until: Date.now() + ms, tries: pause.tries + 1 };
  setTimeout(() => syncNow("pause"), ms + 50);
}

/** What the phone tells of itself; the office shows it and believes none of it. */
async function status(here) {
  const found = await piles(here.db);
  const room = await navigator.storage?.estimate?.().catch(() => null);
  const persisted = await navigator.storage?.persisted?.().catch(() => null);
  return {
    waiting: found.waiting, photos: found.photos, needs: found.needs, oldest: found.oldest,
    free: room?.quota ? Math.max(0, room.quota - (room.usage ?? 0)) : null, persisted: persisted ?? null,
  };
}

/** The bytes of photos go after the data, in a lock of their own; new entries do not wait for them. */
async function photos(here) {
  const { run: upload } = await import("./upload.js").catch(() => ({}));
  if (!upload) return;
  const ended = new AbortController();
  const check = setInterval(() => context !== here && ended.abort(), 1000);
  uploading ??= alone(here.db, "photos", () => upload(here.db, here, ended.signal))
    .catch((error) => failed(error))
    .finally(() => {
      uploading = null;
      clearInterval(check);
      tell({});
      report(here).catch(() => {});
    });
}

/** Whoever reads at the office how much waits here reads what waits now, not what did before it was sent. */
async function report(here) {
  const { waiting: entries, photos: pictures } = await piles(here.db);
  if (context === here && said && (entries < said.waiting || pictures < said.photos)) syncNow("report");
}

let uploading = null;

/** Packs: after each send, and every five minutes while somebody looks. */
async function packs(here) {
  if (Date.now() - packsAt < PACK_MS || document.visibilityState === "hidden") return;
  packsAt = Date.now();
  await refreshAll(here, (area) => events.dispatchEvent(new CustomEvent("pack", { detail: { area } })));
}

async function failed(error) {
  console.error(error);
  const code = error?.name === "StorageFull" ? "no_room" : "unexpected";
  retryAfter(null);
  await tell({ phase: "waiting", problem: problemOf(code) }).catch(() => {});
}

async function tell(change) {
  if (context === null) return;
  state = { ...state, ...change, waiting: (await piles(context.db)).waiting };
  events.dispatchEvent(new CustomEvent("state", { detail: state }));
}

function problemOf(code) {
  return { code, sentence: sentences()[code] ?? sentences().unexpected };
}

function sentences() {
  return {
    offline: _("Chưa có mạng. Phần đã ghi vẫn ở trên máy và sẽ tự gửi khi có mạng."),
    portal: _("Mạng này đòi đăng nhập hoặc chặn máy chủ. Phần đã ghi vẫn ở trên máy; hãy mở trang của mạng hoặc đổi mạng."),
    wait: _("Máy chủ đang bận. Máy sẽ tự gửi lại sau ít phút."),
    full: _("Máy chủ hết chỗ ghi. Phần đã ghi vẫn ở trên máy; hãy báo người quản trị."),
    large: _("Máy chủ không nhận gói lớn như vậy. Máy sẽ tự gửi lại từng phần."),
    poison: _("Máy chủ gặp lỗi ở một số mục. Các mục khác đã gửi; máy sẽ tự thử lại."),
    sign_in: _("Hãy đăng nhập lại để gửi. Phần đã ghi vẫn ở trên máy."),
    cut_off: _("Người quản trị đã ngắt máy này. Phần chưa gửi vẫn ở trên máy; hãy lưu tệp cứu hộ và giao cho phòng."),
    other_person: _("Người khác đang đăng nhập trên trình duyệt này. Hàng chờ đợi đúng người đăng nhập lại."),
    update: _("Ứng dụng trên máy đã cũ. Hãy mở lại khi có mạng để cập nhật; phần đã ghi vẫn ở trên máy."),
    broken: _("Máy chủ không đọc được gói gửi. Phần đã ghi vẫn ở trên máy; hãy cập nhật ứng dụng hoặc báo phòng."),
    no_room: _("Máy hết chỗ nhớ nên chưa ghi được câu trả lời của máy chủ. Hãy giải phóng bộ nhớ rồi gửi lại."),
    unexpected: _("Chưa gửi được vì lỗi của ứng dụng. Phần đã ghi vẫn ở trên máy; máy sẽ tự thử lại."),
  };
}
