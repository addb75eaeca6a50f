// The head of every screen: where, how many days are left, and what became of the work.

import { append, clear, h, icon, unseen } from "./dom.js";
import * as pack from "./pack.js";
import { piles } from "./queue.js";
import * as sync from "./sync.js";
import { _, day } from "./words.js";

const DAY_MS = 86_400_000;
const LINKS = () => [
  ["#/", "map-pin", _("Nơi bỏ phiếu")],
  ["#/returned", "rotate-ccw", _("Cần bổ sung")],
  ["#/mine", "user-round", _("Việc tôi đã ghi")],
  ["#/piles/drafts", "cloud-upload", _("Hàng chờ gửi")],
  ["#/scan", "scan-line", _("Quét mã")],
  ["#/settings", "settings", _("Người dùng, bộ nhớ, cài đặt")],
];

/** Days from the campaign's day (its own when it is pinned) to its deadline; null without one. */
export function daysLeft(campaign, moment = Date.now()) {
  if (!campaign?.decoration_deadline) return null;
  // Ha Noi is seven hours ahead all year.
  const today = campaign.today ?? new Date(moment + 7 * 3_600_000).toISOString().slice(0, 10);
  return Math.round((Date.parse(campaign.decoration_deadline) - Date.parse(today)) / DAY_MS);
}

/** The words for the days that are left. */
export function deadlineWords(campaign) {
  const left = daysLeft(campaign);
  if (left === null) return "";
  const when = day(campaign.decoration_deadline).slice(0, 5);
  if (left > 0) return _("Còn {n} ngày đến hạn {when}", { n: left, when });
  return left === 0 ? _("Hôm nay là hạn trang trí") : _("Đã qua hạn trang trí {when}", { when });
}

/** The same for the head, where there is room for three words. */
function shortWords(campaign) {
  const left = daysLeft(campaign);
  if (left === null) return "";
  if (left > 0) return _("Còn {n} ngày", { n: left });
  return left === 0 ? _("Hạn hôm nay") : _("Đã qua hạn");
}

const SHORT = { "Phường ": "P. ", "Thị trấn ": "TT. " };
const LONG_NAME = 16; // letters that fit beside the pill on a small phone

/** A name as it fits the head: a ward's long one with the short word that offices use; readers hear all of it. */
function wardWords(name) {
  const word = Object.keys(SHORT).find((one) => name.startsWith(one));
  if (!word || name.length <= LONG_NAME) return [name];
  return [h("span", { "aria-hidden": "true" }, SHORT[word] + name.slice(word.length)), unseen(name)];
}

/** The head; `app` opens screens. */
export class Head {
  constructor(app) {
    this.app = app;
    this.phase = "idle";
    this.problem = "";
    this.node = h("header", { class: "fd-head" });
    this.ribbon = h("section", { "aria-label": _("Cuộc bầu cử") }); // scrolls away, so that a small screen keeps its room
    this.pill = h("a", { class: "fd-pill", href: "#/piles", data: { pill: "" } });
    this.menu = null;
    sync.events.addEventListener("state", (event) => this.told(event.detail ?? {}));
    for (const name of ["answers", "pack"]) sync.events.addEventListener(name, () => this.count());
    for (const name of ["online", "offline"]) window.addEventListener(name, () => this.count());
    document.addEventListener("trucquan-queue", () => this.count());
  }

  /** Draw the head for whoever is here; nothing of a person is shown while nobody is. */
  async show(context) {
    this.context = context;
    const words = h("div", { class: "fd-head__words" }, h("a", { class: "fd-head__name", href: "#/" }, _("Trực Quan")));
    this.menu = context && h("details", { class: "fd-menu" },
      h("summary", { class: "fd-menu__summary" }, icon("menu", _("Danh mục"))),
      h("nav", { class: "fd-menu__panel", "aria-label": _("Danh mục") }, LINKS().map(([href, picture, name]) =>
        h("a", { class: "fd-menu__link", href, onclick: () => this.fold() }, icon(picture), name))));
    clear(this.node);
    clear(this.ribbon);
    if (!context) {
      append(this.node, h("div", { class: "fd-head__bar" }, words));
      return;
    }
    const campaign = (await pack.campaign(context.db)) ?? context.campaign;
    if (campaign?.synthetic) {
      append(this.ribbon, h("p", { class: "tq-ribbon" }, campaign.today
        ? _("DỮ LIỆU MINH HỌA · {day}", { day: day(campaign.today) }) : _("DỮ LIỆU MINH HỌA")));
    }
    const names = context.person.areas.map((area) => area.name);
    clear(words).append(h("a", { class: "fd-head__name", href: "#/" },
      h("span", { class: "fd-head__ward" }, ...wardWords(names.length === 1 ? names[0] : context.person.name)),
      campaign && h("span", { class: "fd-head__days" }, shortWords(campaign))));
    append(this.node, h("div", { class: "fd-head__bar" }, words, this.pill, this.menu));
    this.count();
  }

  fold() {
    if (this.menu) this.menu.open = false;
  }

  told({ phase = this.phase, problem = "" }) {
    this.phase = phase;
    this.problem = typeof problem === "string" ? problem : (problem?.sentence ?? problem?.code ?? "");
    this.count();
  }

  /** The pill: what needs the person first, then what waits, then whether there is a line. */
  async count() {
    const context = this.context;
    if (!context) return;
    const found = await piles(context.db);
    if (context !== this.context) return;
    const waiting = found.waiting + found.photos;
    const { picture, text, also = "", tone, pile } = pillWords(found, waiting, this.phase);
    append(clear(this.pill), [icon(picture, also), h("span", {}, text)]);
    this.pill.className = `fd-pill fd-pill--${tone}`;
    this.pill.setAttribute("href", `#/piles/${pile}`);
    this.pill.dataset.waiting = String(waiting);
  }
}

function pillWords(found, waiting, phase) {
  if (found.needs) return { picture: "triangle-alert", text: _("{n} cần sửa", { n: found.needs }), tone: "needs", pile: "needs" };
  if (!navigator.onLine) {
    const text = waiting ? _("{n} chờ gửi", { n: waiting }) : _("Ngoại tuyến");
    return { picture: "cloud-off", text, also: waiting ? _("Ngoại tuyến") : "", tone: "offline", pile: waiting ? "waiting" : "drafts" };
  }
  if (phase === "sending" && waiting) return { picture: "refresh-cw", text: _("Đang gửi {n}", { n: waiting }), tone: "waiting", pile: "waiting" };
  if (waiting) return { picture: "cloud-upload", text: _("{n} chờ gửi", { n: waiting }), tone: "waiting", pile: "waiting" };
  return { picture: "check", text: _("Đã gửi hết"), tone: "calm", pile: "sent" };
}

/** Tell the head (and whoever listens) that the queue on this phone changed by this page's own doing. */
export function queueMoved() {
  document.dispatchEvent(new Event("trucquan-queue"));
}
