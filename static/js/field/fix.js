// The device's position: watched while somebody works, never waited for. Only fixes of this moment count
// (no cached one, none older than ten seconds); of those the most exact that agrees with the newest.
//
// A fix: {lat, lon, accuracy_m, at (ms of this phone's clock)}. A poor one is told as poor and is nobody's
// position until they say why, or point at the map.

import { h } from "./dom.js";
import { metresBetween } from "./geodesy.js";
import { _, number } from "./words.js";

/** As inventory/installations/limits.toml has them. */
export const GOOD_M = 15;
export const POOR_M = 50;
export const OLDEST_S = 10;
const OPTIONS = { enableHighAccuracy: true, maximumAge: 0 };
const SKEW_MS = 3000; // how evenly the device's fixes must come to show that only its clock is off
const SILENT_S = 20; // after so long without a fix the device is called silent; it may still speak

/** What to think of an accuracy in metres: "good" up to 15, "warn" up to 50, else "poor". */
export function judge(accuracy, limits = {}) {
  if (accuracy <= (limits.good_accuracy_m ?? GOOD_M)) return "good";
  return accuracy <= (limits.poor_accuracy_m ?? POOR_M) ? "warn" : "poor";
}

/** The best of some fixes at a moment: recent, agreeing with the newest, the smallest accuracy; or null. */
export function bestOf(fixes, at = Date.now()) {
  const fresh = fixes.filter((fix) => at - fix.at <= OLDEST_S * 1000);
  const newest = fresh.reduce((late, fix) => (late && late.at > fix.at ? late : fix), null);
  if (!newest) return null;
  // An exact fix of where somebody stood before they walked on is no fix of here.
  const agrees = (fix) => metresBetween(fix, newest) <= fix.accuracy_m + newest.accuracy_m;
  return fresh.filter(agrees).reduce((best, fix) => (fix.accuracy_m < best.accuracy_m ? fix : best), newest);
}

/** The fix as an entry tells it: degrees, accuracy, and how old it is now; null stays null. */
export function told(fix, at = Date.now()) {
  if (!fix) return null;
  const { lat, lon, accuracy_m } = fix;
  return { lat, lon, accuracy_m, age_s: Math.round(Math.max(0, at - fix.at) / 100) / 10 };
}

function read(position) {
  const { latitude: lat, longitude: lon, accuracy } = position.coords;
  if (![lat, lon, accuracy].every(Number.isFinite)) return null;
  const round = (value, places) => Math.round(value * 10 ** places) / 10 ** places;
  return { lat: round(lat, 7), lon: round(lon, 7), accuracy_m: round(accuracy, 1), at: position.timestamp };
}

/** Listens to the device. `state`: "searching", "have", "refused", "silent" or "none" (no device). */
class Watch {
  constructor() {
    this.fixes = [];
    this.listeners = new Set();
    this.state = "searching";
    if (!("geolocation" in navigator)) {
      this.state = "none";
      return;
    }
    this.id = navigator.geolocation.watchPosition((position) => this.take(position), (error) => this.fail(error), OPTIONS);
    this.timer = setTimeout(() => this.tell(this.state === "searching" ? "silent" : this.state), SILENT_S * 1000);
  }

  take(position) {
    const fix = read(position);
    if (!fix || !this.isOfNow(fix)) return; // an old fix belongs to another street
    fix.at = Math.min(fix.at, Date.now());
    this.fixes = this.fixes.filter((one) => Date.now() - one.at <= OLDEST_S * 1000);
    this.fixes.push(fix);
    this.tell("have");
  }

  /**
   * Whether a fix was made just now. A device's clock and the satellites' may differ by a day: then every fix seems
   * old (or of tomorrow), but they go on as time does, which a kept one never does; such a fix gets the time it came at.
   */
  isOfNow(fix) {
    const late = Date.now() - fix.at;
    const before = this.apart;
    this.apart = { late, at: fix.at };
    if (late >= -OLDEST_S * 1000 && late <= OLDEST_S * 1000) return true;
    if (!before || fix.at === before.at || Math.abs(late - before.late) > SKEW_MS) return false;
    fix.at = Date.now();
    return true;
  }

  fail(error) {
    if (error.code === 1) this.tell("refused");
    else if (!this.best()) this.tell("silent");
  }

  tell(state) {
    this.state = state;
    for (const listener of this.listeners) listener(this.best(), state);
  }

  /** The best fix of the last ten seconds, or null. */
  best() {
    return bestOf(this.fixes);
  }

  /** Call `fn(fix, state)` now and whenever something is new; answers a function that ends it. */
  subscribe(fn) {
    this.listeners.add(fn);
    fn(this.best(), this.state);
    return () => this.listeners.delete(fn);
  }

  stop() {
    clearTimeout(this.timer);
    if (this.id !== undefined) navigator.geolocation.clearWatch(this.id);
    this.listeners.clear();
  }
}

/** Begin to watch: {best(), subscribe(fn), state, stop()}. Refusal and silence are states, never errors. */
export function watch() {
  return new Watch();
}

/** The best fix of some seconds, at once when it is good; null when there is none. Never fails, never hangs. */
export function take(seconds = 10) {
  const watching = watch();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      const best = watching.best();
      watching.stop();
      resolve(best);
    };
    const timer = setTimeout(end, seconds * 1000);
    watching.subscribe((fix, state) => {
      const nothing = state === "refused" || state === "none";
      if (nothing || (fix && judge(fix.accuracy_m) === "good")) queueMicrotask(end);
    });
  });
}

/** What stands beside the ring. */
export function fixWords(fix, state) {
  if (fix) {
    const m = number(Math.round(fix.accuracy_m));
    return {
      good: _("Chính xác ± {m} m", { m }),
      warn: _("Tạm được: ± {m} m. Chờ thêm ở chỗ thoáng thì chính xác hơn.", { m }),
      poor: _("Kém chính xác: ± {m} m.", { m }),
    }[judge(fix.accuracy_m)];
  }
  return {
    searching: _("Đang tìm vị trí…"),
    refused: _("Máy không cho dùng vị trí. Vẫn lưu được; hãy chỉ trên bản đồ nếu có thể."),
    silent: _("Máy chưa trả lời vị trí. Vẫn lưu được."),
    none: _("Máy này không có định vị. Vẫn lưu được."),
    have: _("Đang tìm vị trí…"),
  }[state];
}

const SVG = "http://www.w3.org/2000/svg";
const RING = 28; // radius of the picture
const WIDEST_M = 100; // an accuracy as poor as this fills the picture

function circle(radius, className) {
  const node = document.createElementNS(SVG, "circle");
  for (const [name, value] of Object.entries({ cx: 32, cy: 32, r: radius, class: className })) node.setAttribute(name, value);
  return node;
}

/** The live ring of a watch: its radius is the accuracy, its look the judgement; its words stand beside it. */
export function ringFor(watching) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 64 64");
  svg.setAttribute("class", "fx-ring__picture");
  svg.setAttribute("aria-hidden", "true");
  const halo = circle(RING, "fx-ring__halo");
  svg.append(circle(RING, "fx-ring__edge"), halo, circle(3, "fx-ring__point"));
  const words = h("span", { class: "fx-ring__words", role: "status" });
  const ring = h("div", { class: "fx-ring" }, svg, words);
  watching.subscribe((fix, state) => {
    const judged = fix ? judge(fix.accuracy_m) : "";
    ring.dataset.judged = judged || state;
    halo.setAttribute("r", fix ? Math.max(4, RING * Math.sqrt(Math.min(1, fix.accuracy_m / WIDEST_M))) : RING);
    const text = fixWords(fix, state);
    if (words.textContent !== text) words.textContent = text;
  });
  return ring;
}
