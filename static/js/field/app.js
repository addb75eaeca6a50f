// The field app: who is here, which screen, and the frame around it. Everything that is shown is made from the
// phone's own database; the network is asked behind it and nothing waits for it.

import { Banner } from "./banner.js";
import { clear, h, heading, notice, toast } from "./dom.js";
import { Head } from "./head.js";
import { find, load } from "./screens.js";
import * as session from "./session.js";
import * as shell from "./shell.js";
import * as sync from "./sync.js";
import { _, load as loadWords } from "./words.js";

const root = document.getElementById("app");
const main = h("main", { id: "main", class: "fd-main", tabindex: "-1" });
const voice = h("p", { class: "govuk-visually-hidden", role: "status", data: { voice: "" } });
const toasts = h("div", { class: "fd-toasts", role: "status", data: { toasts: "" } });

/** The frame and the screen in it. */
class App {
  constructor() {
    this.context = null;
    this.leave = null;
    this.turn = 0;
    this.head = new Head(this);
    this.banner = new Banner();
  }

  async start() {
    await loadWords(rememberedLanguage());
    const skip = h("a", { class: "govuk-skip-link", href: "#main", onclick: (event) => {
      event.preventDefault();
      main.focus();
    } }, _("Tới nội dung chính"));
    clear(root).append(skip, this.head.ribbon, this.head.node, this.banner.node, main, toasts, voice);
    await this.enter();
    window.addEventListener("hashchange", () => this.open());
    session.changes.addEventListener("change", () => this.changed());
    await this.open();
    await this.keepShell();
  }

  /** Take up the work of whoever is here; without anybody, whoever is signed in in this browser arrives. */
  async enter() {
    let here = await session.current();
    if (!here && navigator.onLine) {
      await session.me().catch(() => null);
      here = await session.current();
    }
    await this.take(here);
  }

  async take(here) {
    this.context = here && { ...here, go: (hash) => this.go(hash), announce: (text) => this.announce(text) };
    this.head.show(this.context);
    this.banner.show(this.context);
    if (this.context) await sync.start(this.context);
  }

  /** Somebody came or went, in this window or in another one. */
  async changed() {
    const here = await session.current();
    if (here?.person.id === this.context?.person.id && here?.campaign?.code === this.context?.campaign?.code) return;
    await this.take(here);
    await this.open();
  }

  go(hash) {
    if (location.hash === hash) return this.open();
    location.hash = hash;
    return Promise.resolve();
  }

  announce(text) {
    voice.textContent = "";
    setTimeout(() => { voice.textContent = text; }, 50);
  }

  /** Show the screen of the address; a screen that was overtaken by a newer one is left at once. */
  async open() {
    const turn = (this.turn += 1);
    const before = this.leave;
    this.leave = null;
    await before?.();
    const wanted = find(location.hash) ?? find("");
    const screen = this.context ? wanted : find("sign-in");
    const params = this.context ? screen.params : { next: location.hash, ...screen.params };
    const place = h("div", { class: "fd-screen", data: { screen: screen.screen.name } });
    this.head.fold();
    try {
      const module = await load(screen.screen);
      if (turn !== this.turn) return;
      clear(main).append(place);
      const leave = await module.show(place, params, this.context);
      if (turn === this.turn) this.leave = leave ?? null;
      else await leave?.();
    } catch (error) {
      this.failed(place, error);
    }
    if (turn === this.turn) this.settle(place, params);
  }

  /** Where a reader and the keyboard are after a screen has opened, and what the window is called. */
  settle(place, params) {
    const title = place.querySelector("h1");
    document.title = title ? `${title.textContent} – Trực Quan` : "Trực Quan";
    if (params.item || place.contains(document.activeElement)) return;
    window.scrollTo(0, 0);
    (title ?? main).focus({ preventScroll: true });
  }

  failed(place, error) {
    console.error(error);
    clear(main).append(place);
    clear(place).append(
      heading(_("Màn hình này chưa mở được")),
      notice("error", _("Những gì đã ghi vẫn còn trên máy. Hãy mở lại ứng dụng; nếu vẫn vậy thì lưu tệp cứu hộ và báo Phòng Văn hóa và Thông tin.")),
      h("p", {}, h("a", { class: "govuk-button", href: "#/" }, _("Về danh sách"))),
    );
  }

  /** The worker keeps the app on the phone; a new version comes in by itself once nothing is open. */
  async keepShell() {
    shell.events.addEventListener("update", () => {
      if (!shell.free()) toast(_("Có bản mới của ứng dụng; bản mới vào thay khi phần đang ghi được lưu."));
    });
    shell.events.addEventListener("off", () => toast(_("Ứng dụng này đã được tắt. Hàng chờ vẫn còn trên máy; hãy lưu tệp cứu hộ."), "warning"));
    const kept = await shell.start().catch(() => false);
    if (!kept && !("serviceWorker" in navigator)) {
      toast(_("Địa chỉ này chưa an toàn nên máy chưa giữ được ứng dụng khi mất mạng. Hãy mở bằng địa chỉ https."), "warning");
    }
  }
}

function rememberedLanguage() {
  try {
    return localStorage.getItem("trucquan-language") ?? "vi";
  } catch {
    return "vi";
  }
}

new App().start();
