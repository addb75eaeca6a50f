// The camera at the box of a serial number: whatever code the maker printed goes into the box, as it is.
// Where the browser reads no codes there is no button, and the number is typed.

import { button, clear, h, notice } from "./dom.js";
import { formatsHere, watch } from "./scan.js";
import { _ } from "./words.js";

const LONGEST = 64; // as the column

/** The button under a serial box; `input` is filled and told as if it had been typed. */
export function serialScan(input) {
  const place = h("div", { class: "fd-scan-serial" });
  offer(place, input).catch(() => {});
  return place;
}

async function offer(place, input) {
  const formats = await formatsHere();
  clear(place);
  if (formats.length) {
    place.append(button(_("Quét số hiệu"), () => start(place, input, formats), { kind: "secondary", picture: "scan-line", data: { scanSerial: "" } }));
  }
}

async function start(place, input, formats) {
  const video = h("video", { class: "fd-scan__video", playsinline: true, "aria-label": _("Hình từ máy ảnh") });
  video.muted = true;
  let stop = () => {};
  const end = async () => {
    stop();
    window.removeEventListener("hashchange", end);
    await offer(place, input);
  };
  clear(place).append(video, button(_("Tắt máy ảnh"), end, { kind: "secondary" }));
  window.addEventListener("hashchange", end);
  try {
    stop = await watch(video, async (text) => {
      input.value = text.trim().slice(0, LONGEST);
      input.dispatchEvent(new Event("input", { bubbles: true }));
      await end();
      input.focus();
    }, formats);
    // The screen may have been left while the person was being asked.
    if (!video.isConnected) stop();
  } catch (error) {
    console.warn("scan", error.name);
    await end();
    place.append(notice("warning", _("Không mở được máy ảnh. Hãy gõ số hiệu.")));
  }
}
