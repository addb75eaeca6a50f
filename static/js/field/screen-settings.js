// Settings: who is here, which wards the phone holds, how much room there is, and the ways out.

import { choose, chosen, featuresOf } from "./chosen.js";
import { get } from "./db.js";
import { backLink, button, clear, h, heading, icon, notice, toast } from "./dom.js";
import { load as loadPack, PackFileWrong } from "./pack-file.js";
import { areas, drop } from "./pack.js";
import { piles } from "./queue.js";
import { codeField, form, honest, keepCode, why } from "./screen-sign-in.js";
import { current, lock, me, signOut, unsent } from "./session.js";
import { install, isLow, offerInstall, persisted, privateWindow, room } from "./storage.js";
import { syncNow } from "./sync.js";
import { _, language, moment, number } from "./words.js";

const MB = 1_048_576;

/** Show the settings of whoever is here; context: {person, campaign, db, device, code, told}. */
export async function show(root, params, context) {
  // What was set on this screen shows at once; the frame's own context is older.
  const seen = { ...context, ...(await current()) };
  const again = () => show(root, params, context);
  clear(root).append(backLink("#/"), heading(_("Cài đặt")));
  const parts = [person, sending, wards, memoryCard, storage, words, about];
  for (const part of parts) root.append(h("section", { class: "fd-section" }, await part(seen, again)));
}

function title(text) {
  return h("h2", { class: "tq-h2" }, text);
}

function facts(rows) {
  return h("dl", { class: "tq-facts" }, rows.filter(Boolean).map(([name, value]) => h("div", { class: "tq-fact" }, h("dt", {}, name), h("dd", {}, value))));
}

async function person({ person: who, code }, again) {
  const place = h("div", {});
  const setting = () => clear(place).append(
    form("set-code", [codeField(_("Mã mới"), "code", _("4 đến 6 chữ số")), codeField(_("Gõ lại mã"), "again")], _("Lưu mã"), async (typed) => {
      const wrong = await keepCode(typed);
      if (wrong) return wrong;
      toast(_("Đã lưu mã."), "success");
      return again();
    }), honest());
  return [
    title(_("Người dùng")),
    facts([[_("Họ và tên"), who.name || _("chưa hỏi lại máy chủ")], who.username && [_("Tên đăng nhập"), who.username]]),
    code ? button(_("Khóa, đổi người"), () => {
      lock();
      location.hash = "#/sign-in";
    }, { kind: "secondary", picture: "users-round" }) : button(_("Người khác dùng máy này"), () => {
      location.hash = "#/sign-in?new=1";
    }, { kind: "secondary", picture: "users-round" }),
    button(code ? _("Đổi mã") : _("Đặt mã"), setting, { kind: "secondary" }),
    button(_("Đăng xuất"), () => goodbye(place), { kind: "secondary", picture: "log-out", data: { signOut: "" } }),
    place,
  ];
}

async function goodbye(box) {
  clear(box).append(...(await leaving()));
  box.scrollIntoView({ block: "nearest" });
}

/** What signing out would leave behind, and the three ways: send, rescue file, sign out all the same. */
async function leaving() {
  const here = await current();
  const left = await unsent(here.db);
  const count = left.entries + left.photos + left.drafts;
  const out = async () => {
    const { kept, reached } = await signOut();
    // The page opens anew: what it holds in its memory goes as well.
    location.hash = `#/sign-in?left=${kept}${reached ? "" : "&owed=1"}`;
    location.reload();
  };
  if (count === 0) {
    return [notice("info", _("Mọi việc đã ở văn phòng. Đăng xuất thì dữ liệu phường trên máy này được xóa.")), button(_("Đăng xuất"), out, { data: { signOutNow: "" } })];
  }
  const what = _("Chưa gửi: {entries} việc, {photos} ảnh, {drafts} bản nháp.", left);
  return [
    notice("warning", what, { title: _("Còn việc chưa gửi"), children: [h("p", {}, _("Đăng xuất thì những việc này vẫn nằm trên máy, không ai khác xem được trong ứng dụng, và gửi tiếp khi anh, chị đăng nhập lại. Chúng không được mã hóa."))] }),
    button(_("Gửi ngay"), () => syncNow("button"), { picture: "cloud-upload" }),
    h("a", { class: "govuk-button govuk-button--secondary", href: "#/rescue", role: "button" }, icon("file-down"), _("Ghi tệp cứu hộ")),
    button(_("Vẫn đăng xuất"), out, { kind: "warning", data: { signOutNow: "" } }),
  ];
}

async function sending({ db }) {
  const left = await piles(db);
  return [
    title(_("Gửi về văn phòng")),
    facts([[_("Chờ gửi"), number(left.waiting)], [_("Ảnh chờ gửi"), number(left.photos)], [_("Cần anh, chị sửa"), number(left.needs)]]),
    h("p", { class: "fd-small" }, _("Ứng dụng gửi khi đang mở và có mạng. Mở ứng dụng để gửi.")),
    button(_("Gửi ngay"), () => syncNow("button"), { picture: "cloud-upload" }),
    h("a", { class: "govuk-button govuk-button--secondary", href: "#/rescue", role: "button" }, icon("file-down"), _("Tệp cứu hộ")),
  ];
}

async function wards({ db, told }, again) {
  const here = new Map((await areas(db)).map((area) => [area.id, area]));
  const picked = await chosen(db, told);
  const all = told?.areas ?? [...here.values()];
  const state = (area) => here.has(area.id) ? _("có trên máy, {at}", { at: moment(here.get(area.id).refreshed_at) }) : _("chưa có trên máy");
  if (all.length < 2 || !told) {
    return [title(_("Dữ liệu phường")), all.length ? facts(all.map((area) => [area.name, state(area)])) : h("p", {}, _("Chưa có. Hãy mở ứng dụng khi có mạng, hoặc nạp từ tệp."))];
  }
  const box = (area) => h("label", { class: "fd-check" },
    h("input", { type: "checkbox", name: "ward", value: area.id, checked: picked.includes(area.id) }),
    h("span", {}, area.name, h("span", { class: "fd-small" }, ` ${state(area)}`)));
  return [
    title(_("Dữ liệu phường")),
    h("p", {}, _("Chọn phường sẽ đi. Một máy giữ tối đa {n} nơi và công trình.", { n: told.most_features })),
    form("wards", all.map(box), _("Lưu và tải về"), (_values, sent) => pick(db, told, sent, again)),
  ];
}

async function pick(db, told, sent, again) {
  const ids = [...sent.querySelectorAll("input:checked")].map((box) => Number(box.value));
  if (!(await choose(db, told, ids))) {
    return _("Những phường này có {n} nơi và công trình, nhiều quá cho một máy. Hãy bỏ bớt.", { n: featuresOf(told.areas, ids) });
  }
  for (const area of await areas(db)) if (!ids.includes(area.id)) await drop(db, area.id);
  await syncNow("button");
  return again();
}

async function memoryCard(context, again) {
  const told = h("div", { "aria-live": "polite" });
  const input = h("input", { type: "file", class: "govuk-visually-hidden", accept: ".json,application/json" });
  input.addEventListener("change", async () => {
    if (!input.files.length) return;
    try {
      const area = await loadPack(context, input.files[0]);
      toast(_("Đã nạp dữ liệu {name}.", { name: area.name }), "success");
      await again();
    } catch (error) {
      if (!(error instanceof PackFileWrong)) throw error;
      clear(told).append(notice("error", error.sentence()));
      input.value = "";
    }
  });
  return [
    title(_("Nạp dữ liệu phường từ tệp")),
    h("p", {}, _("Văn phòng tải tệp về, mang sang máy này bằng thẻ nhớ hoặc cáp.")),
    h("label", { class: "govuk-button govuk-button--secondary" }, icon("file-up"), _("Chọn tệp"), input),
    told,
  ];
}

async function storage({ db }) {
  const space = await room();
  const kept = await persisted();
  const offer = install();
  const size = (bytes) => (bytes === null ? _("không rõ") : _("{n} MB", { n: Math.round(bytes / MB) }));
  return [
    title(_("Chỗ trống trên máy")),
    facts([
      [_("Còn trống"), size(space.free)], [_("Đã dùng"), size(space.used)],
      [_("Trình duyệt hứa giữ dữ liệu"), kept === true ? _("có") : kept === false ? _("chưa") : _("không rõ")],
    ]),
    isLow(space) && notice("warning", _("Máy sắp hết chỗ. Hãy gửi những gì đang chờ, rồi xóa bớt ảnh, phim khác trên máy.")),
    (await privateWindow()) === "likely" && notice("warning", _("Có vẻ đây là cửa sổ ẩn danh: đóng cửa sổ là mất những gì chưa gửi. Hãy mở bằng cửa sổ thường.")),
    offer === "prompt" && button(_("Thêm vào màn hình chính"), offerInstall, { kind: "secondary", picture: "smartphone" }),
    offer === "ios" && h("p", {}, _("Trên iPhone, hãy bấm Chia sẻ rồi Thêm vào MH chính: trang web không mở trong 7 ngày có thể bị máy xóa dữ liệu.")),
    keeps(),
    await lastRescue(db),
  ];
}

/** What is on the phone and for how long; docs/field-on-the-phone.md says the same at length. */
function keeps() {
  const rows = [
    [_("Bản nháp"), _("đến khi anh, chị bấm xong hoặc xóa")],
    [_("Việc chưa gửi"), _("đến khi văn phòng xác nhận đã nhận")],
    [_("Ảnh"), _("đến khi văn phòng xác nhận nhận đủ ảnh")],
    [_("Bản sao việc đã gửi"), _("14 ngày")],
    [_("Dữ liệu phường"), _("đến khi đăng xuất hoặc bỏ chọn phường")],
    [_("Tên người dùng, mã"), _("đến khi đăng xuất và không còn việc chưa gửi")],
  ];
  return h("details", { class: "tq-why" }, h("summary", { class: "tq-why__summary" }, _("Trên máy này có gì và giữ bao lâu")),
    h("div", { class: "tq-why__body" }, facts(rows),
      h("p", {}, _("Những thứ này không được mã hóa; khóa màn hình của máy là lớp bảo vệ. Mất máy thì báo ngay người quản trị để ngắt máy; dữ liệu trên máy không xóa được từ xa.")),
      h("p", {}, _("iPhone có thể xóa dữ liệu của trang không mở trong 7 ngày; hãy thêm ứng dụng vào màn hình chính và gửi trong ngày."))));
}

async function lastRescue(db) {
  const last = await get(db, "rescued");
  return last && h("p", { class: "fd-small" }, _("Tệp cứu hộ ghi gần nhất: {at}", { at: moment(last.at) }));
}

async function words() {
  const other = language === "vi" ? "en" : "vi";
  return [title(_("Ngôn ngữ")), button(other === "en" ? "English" : "Tiếng Việt", async () => {
    localStorage.setItem("trucquan-language", other);
    location.reload();
  }, { kind: "secondary", lang: other })];
}

async function about({ told, device }, again) {
  return [
    title(_("Ứng dụng")),
    facts([[_("Bản"), told?.app || _("không rõ")], [_("Mã máy"), h("code", {}, (device ?? "").slice(-8))]]),
    button(_("Hỏi lại máy chủ"), async () => {
      const answer = await me();
      if (answer.ok) return again();
      toast(answer.code === "other_person" ? _("Trình duyệt này đang đăng nhập bằng {name}.", { name: answer.name }) : why(answer), "warning");
    }, { kind: "secondary", picture: "refresh-cw" }),
  ];
}
