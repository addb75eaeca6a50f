// "Quét mã": a label or a route sheet leads to its thing or place, with the camera where the browser reads codes,
// by typing everywhere. It works without a network; nothing is sent.

import { backLink, button, clear, h, heading, notice } from "./dom.js";
import * as pack from "./pack.js";
import { canScan, lookUp, watch } from "./scan.js";
import { named } from "./visit-parts.js";
import { _ } from "./words.js";

/** Show the screen; answers the function that switches the camera off. */
export async function show(root, _params, context) {
  const told = h("div", { "aria-live": "polite", data: { scanTold: "" } });
  const screen = new Scan(context, told);
  const box = h("input", {
    class: "govuk-input", id: "scan-code", type: "text", maxlength: 64, autocomplete: "off", autocapitalize: "characters",
    spellcheck: "false", enterkeyhint: "go", "aria-describedby": "scan-hint",
  });
  const form = h("form", { class: "fd-scan__form", novalidate: true, onsubmit: (event) => {
    event.preventDefault();
    screen.take(box.value);
  } },
  h("label", { class: "govuk-label", for: "scan-code" }, _("Gõ mã trên tem hoặc trên phiếu")),
  h("p", { class: "govuk-hint", id: "scan-hint" }, _("Ví dụ TQ-7K3-M9F-2XC. Chữ thường, thiếu dấu gạch hoặc thiếu TQ đều được.")),
  box,
  h("button", { class: "govuk-button", type: "submit" }, _("Mở")));
  clear(root).append(backLink(), heading(_("Quét mã")), screen.camera, told, form);
  await screen.offer();
  return () => screen.leave();
}

class Scan {
  constructor(context, told) {
    this.context = context;
    this.told = told;
    this.camera = h("div", { class: "fd-scan" });
    this.stop = null;
    this.left = false;
    this.last = "";
  }

  /** The camera is offered, never started by itself: that asks a person for a permission. */
  async offer() {
    clear(this.camera);
    if (await canScan()) {
      this.camera.append(button(_("Mở máy ảnh để quét"), () => this.start(), { picture: "scan-line", data: { scanStart: "" } }));
    } else {
      this.camera.append(h("p", { class: "fd-small" }, _("Trình duyệt này không đọc được mã bằng máy ảnh; hãy gõ mã.")));
    }
  }

  async start() {
    const video = h("video", { class: "fd-scan__video", muted: true, playsinline: true, "aria-label": _("Hình từ máy ảnh") });
    video.muted = true;
    clear(this.told);
    clear(this.camera).append(video, button(_("Tắt máy ảnh"), () => this.end(), { kind: "secondary" }));
    try {
      const stop = await watch(video, (text) => this.see(text));
      // The screen may have been left while the person was being asked.
      if (this.left) stop();
      else this.stop = stop;
    } catch (error) {
      console.warn("scan", error.name);
      await this.offer();
      this.told.append(notice("warning", _("Không mở được máy ảnh. Hãy gõ mã ở dưới.")));
    }
  }

  end() {
    this.leave();
    this.left = false;
    return this.offer();
  }

  leave() {
    this.left = true;
    this.stop?.();
    this.stop = null;
  }

  /** A camera sees the same code many times; it is told once. */
  async see(text) {
    if (text === this.last) return;
    this.last = text;
    await this.take(text);
  }

  async take(text) {
    if (!text.trim()) return;
    const { problem, of, found } = await lookUp(this.context.db, text);
    clear(this.told);
    if (problem === "code") {
      this.told.append(notice("warning", _("Mã này chưa đúng: hãy xem lại từng chữ trên tem hoặc trên phiếu.")));
    } else if (problem) {
      const place = of === "place";
      this.told.append(notice("warning", place
        ? _("Nơi bỏ phiếu này không có trong phần đã tải về máy.")
        : _("Công trình này không có trong phần đã tải về máy."), { children: h("p", {}, _("Có thể của phường, xã khác, hoặc mới ghi sau lần tải gần nhất.")) }));
    } else if (found.length === 1) {
      this.leave();
      await this.context.go(found[0].hash);
    } else {
      await this.choose(found);
    }
  }

  async choose(found) {
    const kinds = await pack.kinds(this.context.db);
    const words = ({ kind_code: code }) => (kinds[code] ? named(kinds[code]) : code);
    this.told.append(
      notice("info", _("Mã này trùng nhau ở các công trình sau. Hãy chọn đúng công trình.")),
      h("ul", { class: "fd-list" }, found.map(({ hash, thing }) =>
        h("li", {}, h("a", { class: "fd-row", href: hash }, h("span", { class: "fd-row__text" }, h("strong", {}, words(thing))))))),
    );
  }
}
