// What has to be said on every screen: the queue has stopped and why, something has waited for a day, room is
// running out, or the app could be kept better on this phone. One line each, and what to do.

import { clear, h, icon, notice, rowButton } from "./dom.js";
import { install, look, offerInstall } from "./storage.js";
import * as sync from "./sync.js";
import { _ } from "./words.js";

const SOON_MS = 400;
const OFTEN_MS = 300_000;
const HIDDEN = "trucquan-install-later"; // localStorage: the hint was put away on this phone

/** The banner; `node` goes under the head, `show(context)` says whose phone it is now (null: nobody's). */
export class Banner {
  constructor() {
    this.node = h("div", { class: "fd-banner", data: { banner: "" } });
    this.context = null;
    this.problem = null;
    this.timer = 0;
    sync.events.addEventListener("state", (event) => {
      this.problem = event.detail?.problem ?? null;
      this.soon();
    });
    document.addEventListener("trucquan-queue", () => this.soon());
    document.addEventListener("visibilitychange", () => this.soon());
    window.addEventListener("hashchange", () => this.soon());
    setInterval(() => this.soon(), OFTEN_MS);
  }

  show(context) {
    this.context = context;
    this.problem = null;
    this.said = "";
    clear(this.node);
    this.soon();
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.draw().catch(() => {}), SOON_MS);
  }

  async draw() {
    const here = this.context;
    if (!here) return;
    const seen = await look(here.db);
    if (here !== this.context) return;
    const lines = [stopped(here, this.problem), late(seen), low(seen), atHome() && keep(seen, () => this.soon())].filter(Boolean);
    const said = lines.map((one) => one.textContent).join("\n");
    if (said === this.said) return; // what stands already is not spoken anew
    this.said = said;
    clear(this.node).append(...lines);
  }
}

function line(name, tone, text, ...children) {
  const box = notice(tone, text, { children });
  box.dataset.line = name;
  return box;
}

function link(href, picture, words) {
  return h("p", {}, h("a", { class: "fd-row-button", href }, icon(picture), words));
}

/** Somebody has to do something before anything is sent; work goes on meanwhile. */
function stopped({ person }, problem) {
  if (problem?.code === "sign_in") {
    return line("sign_in", "warning", _("Đã hết phiên đăng nhập. Vẫn ghi được như thường; đăng nhập để gửi."), link("#/sign-in?again=1", "user-round", _("Đăng nhập để gửi")));
  }
  if (problem?.code === "other_person") {
    return line("other_person", "warning", _("Trình duyệt này đang đăng nhập bằng người khác. Hàng chờ của {name} gửi khi {name} đăng nhập.", { name: person.name }), link("#/sign-in?again=1", "user-round", _("Đăng nhập để gửi")));
  }
  if (problem?.code === "cut_off") return line("cut_off", "warning", problem.sentence, link("#/rescue", "file-down", _("Ghi tệp cứu hộ")));
  return null;
}

function late({ late: hours, count }) {
  if (!hours) return null;
  return line("late", "warning", _("{n} mục chưa gửi, lâu nhất đã {hours} giờ. Hãy mở ứng dụng ở nơi có mạng để gửi.", { n: count, hours }), link("#/rescue", "file-down", _("Không gửi được: ghi tệp cứu hộ")));
}

function low({ low: scarce, free }) {
  if (!scarce) return null;
  return line("low", "warning", _("Máy sắp hết chỗ: còn {n} MB. Hãy gửi những gì đang chờ rồi xóa bớt ảnh, phim khác.", { n: Math.floor(free / 1_048_576) }));
}

/** Advice that can wait is given where nothing is being written. */
function atHome() {
  return ["", "#/"].includes(location.hash);
}

/** Once there is something to lose: the home screen is where browsers keep an app's data best. */
function keep({ count, persisted }, again) {
  const offer = install();
  if (!count || !offer || persisted || localStorage.getItem(HIDDEN)) return null;
  const later = rowButton(_("Để sau"), () => {
    localStorage.setItem(HIDDEN, "1");
    again();
  });
  if (offer === "prompt") {
    const add = rowButton(_("Thêm vào màn hình chính"), async () => {
      await offerInstall();
      again();
    }, { picture: "smartphone" });
    return line("install", "info", _("Thêm ứng dụng vào màn hình chính để máy giữ những gì chưa gửi."), h("p", { class: "fd-buttons" }, add, later));
  }
  return line("install", "info", _("Trên iPhone, hãy bấm Chia sẻ rồi Thêm vào MH chính: trang web không mở trong 7 ngày có thể bị máy xóa dữ liệu."), later);
}
