// Shrinking a picture to what the office needs: upright, at most 1,600 px long, at most 350 kB, nothing of the
// camera in it. Works in a page and in a worker; one picture at a time, and each is let go at once.

export const LONG_EDGE = 1600;
export const MOST_BYTES = 350_000;
export const THUMB_EDGE = 160;
/** More pixels than this are not decoded: a phone would run out of memory (a guess: 256 MB as RGBA). */
export const MOST_PIXELS = 64_000_000;
const QUALITIES = [0.82, 0.72, 0.62, 0.52, 0.42];
const HEAD_BYTES = 262_144;
const HEIC = new Set(["heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1"]);

/** What is wrong with a file: code "empty", "huge", "heic", "broken", "not_image". */
export class Unfit extends Error {
  constructor(code) {
    super(code);
    this.name = "Unfit";
    this.code = code;
  }
}

/**
 * Look into a file's first bytes: {form: "jpeg"|"png"|"webp"|"heic"|"gif"|"", width, height}; sizes are null
 * where they are not found. The name and the type that came with it prove nothing.
 */
export async function look(file) {
  const bytes = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const view = new DataView(bytes.buffer);
  const text = (at, length) => String.fromCharCode(...bytes.subarray(at, at + length));
  if (bytes.length > 24 && text(1, 3) === "PNG") return { form: "png", width: view.getUint32(16), height: view.getUint32(20) };
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return { form: "jpeg", ...jpegSize(bytes, view) };
  if (text(0, 4) === "RIFF" && text(8, 4) === "WEBP") return { form: "webp", width: null, height: null };
  if (text(4, 4) === "ftyp" && HEIC.has(text(8, 4))) return { form: "heic", width: null, height: null };
  if (text(0, 3) === "GIF") return { form: "gif", width: view.getUint16(6, true), height: view.getUint16(8, true) };
  return { form: "", width: null, height: null };
}

function jpegSize(bytes, view) {
  let at = 2;
  while (at + 9 < bytes.length && bytes[at] === 0xff) {
    const mark = bytes[at + 1];
    // SOF0 to SOF15 but for the tables DHT, JPG and DAC.
    if (mark >= 0xc0 && mark <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(mark)) {
      return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    }
    at += 2 + view.getUint16(at + 2);
  }
  return { width: null, height: null };
}

/** Shrink a file; returns {blob, thumb, width, height}. Raises Unfit. `decode` may be given (tests, old browsers). */
export async function shrink(file, decode = bitmap) {
  if (!file.size) throw new Unfit("empty");
  const seen = await look(file);
  if (seen.width && seen.width * seen.height > MOST_PIXELS) throw new Unfit("huge");
  const image = await decode(file).catch(() => null);
  if (image === null) throw new Unfit(seen.form === "heic" ? "heic" : seen.form ? "broken" : "not_image");
  try {
    return await copies(image);
  } finally {
    image.close?.();
  }
}

/** The picture, turned as its camera says: exactly once, because what is drawn carries no such word any more. */
function bitmap(file) {
  return createImageBitmap(file, { imageOrientation: "from-image" });
}

async function copies(image) {
  const thumb = await encoded(drawn(image, THUMB_EDGE), 0.7);
  for (let edge = LONG_EDGE; ; edge = Math.round(edge * 0.8)) {
    const canvas = drawn(image, edge);
    const blob = await fitting(canvas);
    if (blob.size <= MOST_BYTES || edge < 400) return { blob, thumb, width: canvas.width, height: canvas.height };
  }
}

/** The best quality that fits, or the smallest file; what is far too large skips a step, encoding is slow. */
async function fitting(canvas) {
  let blob = null;
  for (let at = 0; at < QUALITIES.length; at += blob.size > MOST_BYTES * 1.6 ? 2 : 1) {
    blob = await encoded(canvas, QUALITIES[at]);
    if (blob.size <= MOST_BYTES) break;
  }
  return blob;
}

function drawn(image, edge) {
  const scale = Math.min(1, edge / Math.max(image.width, image.height));
  const width = Math.max(1, Math.round(image.width * scale));
  const height = Math.max(1, Math.round(image.height * scale));
  const canvas = typeof OffscreenCanvas === "undefined" ? document.createElement("canvas") : new OffscreenCanvas(width, height);
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff"; // what is see-through in a PNG lies on paper, as at the office
  pen.fillRect(0, 0, width, height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(image, 0, 0, width, height);
  return canvas;
}

async function encoded(canvas, quality) {
  if (canvas.convertToBlob) return canvas.convertToBlob({ type: "image/jpeg", quality });
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Unfit("broken"))), "image/jpeg", quality);
  });
}
