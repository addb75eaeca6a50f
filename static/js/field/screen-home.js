// Home: what needs the person, where they go today, then every place of their wards by distance or number.

import { append, clear, empty, fold, h, heading, icon, metresBetween, notice } from "./dom.js";
import * as drafts from "./drafts.js";
import { watch } from "./fix.js";
import { deadlineWords } from "./head.js";
import * as pack from "./pack.js";
import { piles } from "./queue.js";
import { placeStates } from "./progress.js";
import * as sync from "./sync.js";
import { _ } from "./words.js";

const SHOWN = 60; // rows at once; the search finds the others

/** The list of places and what stands above it. */
class Home {
  constructor(root, context) {
    Object.assign(this, { root, context, db: context.db, fix: null, query: "", most: SHOWN });
  }

  async open() {
    await this.read();
    this.draw();
    this.watch = watch();
    this.watch.subscribe((fix) => this.moved(fix));
    this.again = () => this.refresh();
    for (const name of ["pack", "answers"]) sync.events.addEventListener(name, this.again);
  }

  async read() {
    const { db, context } = this;
    this.campaign = (await pack.campaign(db)) ?? context.campaign;
    this.areas = (await pack.areas(db)).sort((one, other) => one.id - other.id);
    const lists = await Promise.all(this.areas.map((area) => pack.places(db, area.id)));
    this.places = lists.flat();
    this.names = new Map(this.areas.map((area) => [area.id, area.name]));
    const route = (await pack.assignments(db)).filter((row) => row.person_id === context.person.id);
    this.route = new Map(route.map((row) => [row.place_id, row.position]));
    this.states = await placeStates(db, this.areas, this.places);
    this.drafts = new Set((await drafts.list(db)).map((draft) => draft.target));
    this.piles = await piles(db);
    this.returned = (await pack.things(db)).filter((thing) => thing.review?.state === "returned"
      && (thing.review.submitted_by === context.person.id || context.person.role !== "ward_staff"));
  }

  async refresh() {
    await this.read();
    if (this.root.isConnected) this.draw();
  }

  moved(fix) {
    const before = this.fix;
    this.fix = fix ?? before;
    const far = fix && before ? metresBetween(fix, before) > 30 : Boolean(fix) !== Boolean(before);
    if (far) this.drawPlaces();
  }

  draw() {
    const focused = document.activeElement?.name === "search";
    this.list = h("div", { data: { places: "" } });
    const done = this.places.filter((place) => this.states.get(`place:${place.id}`).finished).length;
    append(clear(this.root), [
      heading(_("Nơi bỏ phiếu")), h("p", { class: "fd-small" }, deadlineWords(this.campaign)),
      this.places.length > 0 && h("div", { class: "fd-progress" },
        h("span", { id: "progress-words" }, _("{n}/{all} nơi đã ghi đủ các mục trên máy này", { n: done, all: this.places.length })),
        h("progress", { max: this.places.length, value: done, "aria-labelledby": "progress-words" })),
      this.calls(), this.tooMany(), this.areas.length ? this.searchBox() : this.nothingYet(), this.list, this.wards(),
    ]);
    this.drawPlaces();
    if (focused) this.root.querySelector("[name=search]")?.focus();
  }

  /** What waits for the person. */
  calls() {
    const { needs, waiting, photos } = this.piles;
    const rows = [
      this.returned.length && ["#/returned", "rotate-ccw", _("Cần bổ sung theo phòng"), this.returned.length],
      needs && ["#/piles/needs", "triangle-alert", _("Cần sửa để gửi được"), needs],
      this.drafts.size && ["#/piles/drafts", "pencil", _("Bản nháp chưa lưu"), this.drafts.size],
      waiting + photos && ["#/piles/waiting", "cloud-upload", _("Đang chờ gửi"), waiting + photos],
    ].filter(Boolean);
    return rows.length > 0 && h("ul", { class: "fd-list", data: { calls: "" } }, rows.map(([href, picture, words, n]) =>
      h("li", {}, h("a", { class: "fd-row fd-row--calls", href }, icon(picture), h("span", { class: "fd-row__text" }, h("strong", {}, words)),
        h("span", { class: "fd-row__count" }, String(n)), icon("chevron-right")))));
  }

  tooMany() {
    const { areas } = this.context.person;
    const most = this.context.told?.most_features ?? 5000;
    return areas.filter((area) => area.features > most).map((area) => notice("warning",
      _("{ward} có {n} nơi và vật, nhiều hơn {most} mà một máy được giữ. Hãy dùng trang khảo sát thường khi có mạng.", { ward: area.name, n: area.features, most })));
  }

  nothingYet() {
    return navigator.onLine
      ? empty(_("Đang tải địa bàn về máy"), _("Lần đầu cần có mạng, mất khoảng một phút. Sau đó khảo sát được khi không có mạng."))
      : empty(_("Máy chưa có địa bàn nào"), _("Hãy mở ứng dụng một lần khi có mạng, hoặc nạp dữ liệu phường từ tệp ở phần cài đặt."));
  }

  searchBox() {
    return h("div", { class: "fd-search", role: "search" }, icon("search"),
      h("input", { class: "govuk-input", type: "search", name: "search", value: this.query, autocomplete: "off", "aria-label": _("Tìm nơi bỏ phiếu"),
        placeholder: _("Tìm: số, tên, không dấu"), oninput: (event) => {
          this.query = event.target.value;
          this.drawPlaces();
        } }));
  }

  /** The places that the search leaves: my route first, then the others near first where the device knows. */
  drawPlaces() {
    if (!this.list) return;
    const wanted = fold(this.query).split(" ").filter(Boolean);
    const fits = (place) => {
      const words = fold(`${place.number} ${place.name} ${place.venue_name} ${place.address ?? ""} ${place.code ?? ""}`);
      return wanted.every((word) => (/^\d+$/.test(word) ? String(place.number) === word || words.includes(` ${word}`) : words.includes(word)));
    };
    const found = this.places.filter(fits);
    const mine = found.filter((place) => this.route.has(place.id)).sort((one, other) => this.route.get(one.id) - this.route.get(other.id));
    const others = found.filter((place) => !this.route.has(place.id));
    if (this.fix) others.sort((one, other) => this.away(one) - this.away(other) || one.number - other.number);
    clear(this.list);
    if (mine.length) append(this.list, [h("h2", { class: "fd-h2" }, _("Được giao cho tôi")), this.rows(mine, "mine")]);
    if (others.length) {
      const title = this.fix ? _("Gần tôi") : mine.length ? _("Nơi khác") : _("Tất cả nơi bỏ phiếu");
      append(this.list, [h("h2", { class: "fd-h2" }, title), this.rows(others.slice(0, this.most), "others")]);
    }
    if (others.length > this.most) append(this.list, h("p", { class: "fd-small" }, _("Hiện {n} trên {all} nơi; gõ số hoặc tên để tìm nơi khác.", { n: this.most, all: others.length })));
    if (!found.length && this.places.length) append(this.list, empty(_("Không thấy nơi nào"), _("Thử gõ ít chữ hơn, không cần dấu.")));
  }

  away(place) {
    return place.lat === null || place.lat === undefined ? Infinity : metresBetween(this.fix, place);
  }

  rows(places, name) {
    return h("ul", { class: "fd-list", data: { list: name } }, places.map((place) => this.row(place)));
  }

  row(place) {
    const target = `place:${place.id}`;
    const state = this.states.get(target);
    const away = this.fix ? this.away(place) : Infinity;
    const facts = [
      away < Infinity && (away < 1000 ? _("{m} m", { m: Math.round(away) }) : _("{km} km", { km: Math.round(away / 100) / 10 })),
      place.voters !== null && _("{n} cử tri", { n: place.voters }),
      this.areas.length > 1 && this.names.get(place.area_id),
    ].filter(Boolean).join(" · ");
    return h("li", {}, h("a", { class: "fd-row", href: `#/place/${place.id}`, data: { place: place.id } },
      h("span", { class: `fd-mark tq-state--${state.shape}` }, icon(`state-${state.shape}`)),
      h("span", { class: "fd-row__text" }, h("strong", {}, _("KVBP {number} · {venue}", { number: String(place.number), venue: place.venue_name })),
        facts && h("span", { class: "fd-small" }, facts),
        h("span", { class: "fd-small" }, this.drafts.has(target) ? _("Bản nháp · {words}", { words: state.words }) : state.words)),
      icon("chevron-right")));
  }

  wards() {
    return this.areas.length > 0 && [h("h2", { class: "fd-h2" }, _("Việc chung của địa bàn")), h("ul", { class: "fd-list" }, this.areas.map((area) => {
      const state = this.states.get(`ward:${area.id}`);
      return h("li", {}, h("a", { class: "fd-row", href: `#/ward/${area.id}` },
        h("span", { class: `fd-mark tq-state--${state.shape}` }, icon(`state-${state.shape}`)),
        h("span", { class: "fd-row__text" }, h("strong", {}, area.name), h("span", { class: "fd-small" }, state.words)), icon("chevron-right")));
    }))];
  }

  close() {
    this.watch.stop();
    for (const name of ["pack", "answers"]) sync.events.removeEventListener(name, this.again);
  }
}

/** Show home. */
export async function show(root, _params, context) {
  const home = new Home(root, context);
  await home.open();
  return () => home.close();
}
