// A short code leads to its place or thing, by what is on the phone alone; and the camera that reads codes where
// the browser can. Without that (or without a camera, or with a "no") a code is typed.

import { read } from "./codes.js";
import * as pack from "./pack.js";
import { ownThings } from "./thing-own.js";

const LOOK_MS = 200;

/**
 * What a text leads to: {problem: "code"} for no code (or one with a mistake in it), {problem: "unknown", of} for one
 * that is not in what this phone holds, else {found: [{hash, thing|place}]}: more than one where things share a code.
 */
export async function lookUp(db, text) {
  const code = read(text);
  if (!code) return { problem: "code" };
  if (code.of === "place") {
    const place = await pack.place(db, code.id);
    return place ? { found: [{ hash: `#/place/${place.id}`, place }] } : { problem: "unknown", of: code.of };
  }
  const things = [...await pack.things(db), ...await ownThings(db)].filter((thing) => thing.id.endsWith(code.tail));
  if (!things.length) return { problem: "unknown", of: code.of };
  return { found: things.map((thing) => ({ hash: `#/thing/${thing.id}`, thing })) };
}

/** The kinds of codes that this browser reads from its camera, as BarcodeDetector names them; none where it cannot. */
export async function formatsHere() {
  if (!("BarcodeDetector" in globalThis) || !navigator.mediaDevices?.getUserMedia) return [];
  return globalThis.BarcodeDetector.getSupportedFormats().catch(() => []);
}

/** Can this browser read a QR code from its camera? */
export async function canScan() {
  return (await formatsHere()).includes("qr_code");
}

/**
 * Show the back camera in a video and call `seen(text)` for every code in sight, until the answered function is
 * called; that also switches the camera off. `formats` as BarcodeDetector names them. Rejects when the camera is refused or there is none.
 */
export async function watch(video, seen, formats = ["qr_code"]) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
  let running = true;
  const stop = () => {
    running = false;
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
  const detector = new globalThis.BarcodeDetector({ formats });
  const look = async () => {
    if (!running) return;
    if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
      const codes = await detector.detect(video).catch(() => []);
      for (const code of codes) if (running) await seen(code.rawValue);
    }
    setTimeout(look, LOOK_MS);
  };
  try {
    video.srcObject = stream;
    await video.play();
  } catch (error) {
    stop();
    throw error;
  }
  look();
  return stop;
}
