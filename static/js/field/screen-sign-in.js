// The door on the phone: who is known here, by code or by password, and signing in over the network.
// Without a network whoever has a code opens their own work; a first sign-in needs the network.

import { button, clear, h, heading, icon, notice } from "./dom.js";
import { current, people, setCode, signIn, switchTo } from "./session.js";
import { privateWindow } from "./storage.js";
import { syncNow } from "./sync.js";
import { _ } from "./words.js";

/** A labelled box; `told` is what was wrong with it last time. */
export function field(label, name, attrs = {}, hint = "") {
  const id = `fd-${name}`;
  return h("div", { class: "govuk-form-group" },
    h("label", { class: "govuk-label", for: id }, label),
    hint && h("p", { class: "govuk-hint", id: `${id}-hint` }, hint),
    h("input", { class: "govuk-input", id, name, "aria-describedby": hint && `${id}-hint`, ...attrs }));
}

/** The box for a code. */
export function codeField(label, name = "code", hint = "") {
  return field(label, name, {
    type: "password", inputmode: "numeric", autocomplete: "off", pattern: "[0-9]*", maxlength: 6, required: true,
  }, hint);
}

/** A form whose button is held while it works; `work(values)` answers a sentence that says what was wrong, or "". */
export function form(name, children, label, work) {
  const trouble = h("div", { data: { trouble: "" } });
  const send = button(label, null, { type: "submit" });
  const busy = async (event) => {
    event.preventDefault();
    if (send.disabled) return;
    send.disabled = true;
    clear(trouble);
    try {
      const wrong = await work(Object.fromEntries(new FormData(event.target)), event.target);
      if (wrong) trouble.append(notice("error", wrong));
    } finally {
      send.disabled = false;
    }
  };
  return h("form", { onsubmit: busy, novalidate: true, data: { form: name } }, trouble, children, send);
}

/** Why the door stayed shut, and what to do. */
export function why({ code, seconds }) {
  if (code === "wrong") return _("Tên đăng nhập hoặc mật khẩu chưa đúng.");
  if (code === "wait") return wait(seconds);
  if (code === "offline") return _("Chưa có mạng. Hãy đăng nhập khi có mạng; việc đã làm vẫn nằm trên máy.");
  if (code === "portal") return _("Mạng này chưa cho vào máy chủ, có thể đang đòi đăng nhập Wi-Fi. Hãy mở trình duyệt để vào mạng, rồi làm lại.");
  if (code === "no_field") return _("Tài khoản này không có việc khảo sát.");
  if (code === "cut_off") return _("Người quản trị đã ngắt máy này. Những gì chưa gửi vẫn còn trên máy; hãy ghi tệp cứu hộ.");
  if (code === "private") return _("Trình duyệt này không cho lưu trên máy.");
  return _("Máy chủ đang bận. Hãy thử lại sau ít phút.");
}

function wait(seconds) {
  return seconds > 90
    ? _("Đã thử nhiều lần. Chờ {n} phút rồi thử lại.", { n: Math.ceil(seconds / 60) })
    : _("Đã thử nhiều lần. Chờ {n} giây rồi thử lại.", { n: seconds });
}

/** What the phone protects, said where a code is typed or set. */
export function honest() {
  return h("p", { class: "fd-small" }, _(
    "Mã này để người dùng chung máy không mở nhầm việc của nhau. Dữ liệu trên máy không được mã hóa: khóa màn hình của máy mới là lớp bảo vệ.",
  ));
}

function leave(params) {
  syncNow("button");
  const next = params.next ?? "";
  location.hash = next.startsWith("#/") && !next.startsWith("#/sign-in") ? next : "#/";
}

/** Show the door. While nobody is here every address shows it, and `next` is where the person wanted to go. */
export async function show(root, given) {
  const [path, query = ""] = location.hash.split("?");
  const params = path === "#/sign-in" ? { ...given, ...Object.fromEntries(new URLSearchParams(query)) } : given;
  clear(root).append(heading(_("Đăng nhập")));
  const hidden = await privateWindow();
  if (hidden === "none") {
    root.append(notice("warning", _("Trình duyệt này không cho lưu trên máy, có thể do cửa sổ ẩn danh. Hãy mở bằng cửa sổ thường để khảo sát được khi không có mạng."), {
      children: [h("p", {}, h("a", { href: "/places" }, _("Khi có mạng, dùng trang khảo sát thường")))],
    }));
    return;
  }
  if (hidden === "likely") {
    root.append(notice("warning", _("Có vẻ đây là cửa sổ ẩn danh: đóng cửa sổ là mất những gì chưa gửi. Hãy mở bằng cửa sổ thường.")));
  }
  if (params.left !== undefined) root.append(left(Number(params.left), params.owed));
  const known = await people();
  const place = h("div", {});
  root.append(place);
  const here = await current();
  // Whoever has no code could not come back without a network once somebody else has signed in.
  if (here && params.again) byPassword(place, params, true, { name: here.person.name });
  else if (here && !here.code) newCode(place, params, () => byPassword(place, params, true));
  else if (known.length && !params.new) choose(place, known, params);
  else byPassword(place, params, known.length > 0);
}

/** What somebody who has just signed out should know. */
function left(kept, owed) {
  const words = [
    _("Đã đăng xuất trên máy này."),
    kept > 0 && _("{n} mục chưa gửi vẫn nằm trên máy, không được mã hóa; người đã làm đăng nhập lại thì gửi tiếp được.", { n: kept }),
    owed && _("Máy chủ được báo khi có mạng; trước lúc đó đừng đưa máy cho người lạ."),
  ];
  return notice(kept || owed ? "warning" : "success", words.filter(Boolean).join(" "));
}

function choose(place, known, params) {
  const row = (one) => h("li", {}, h("button", {
    type: "button", class: "fd-row", data: { person: one.id }, onclick: () => pick(place, one, params),
  }, icon("user-round"), h("span", { class: "fd-row__text" },
    h("strong", {}, one.name || _("Người đã đăng xuất")),
    one.unsent > 0 && h("span", { class: "fd-small" }, _("Còn {n} mục chưa gửi trên máy này", { n: one.unsent })))));
  clear(place).append(
    h("h2", { class: "tq-h2" }, _("Ai đang cầm máy?")),
    h("ul", { class: "fd-list" }, known.map(row)),
    button(_("Người khác đăng nhập"), () => byPassword(place, params, true), { kind: "secondary" }),
  );
}

async function pick(place, one, params) {
  if (one.by === "code") return byCode(place, one, params);
  if (one.by === "password") return byPassword(place, params, true, one);
  await switchTo(one.id);
  return leave(params);
}

function byCode(place, one, params) {
  const entered = async ({ code }) => {
    const answer = await switchTo(one.id, code);
    if (answer.ok) return leave(params);
    if (answer.code === "password") return byPassword(place, params, true, one);
    return answer.code === "wait" ? wait(answer.seconds) : _("Mã chưa đúng.");
  };
  clear(place).append(
    one.name && h("h2", { class: "tq-h2" }, one.name),
    form("code", [codeField(_("Mã của anh, chị"))], _("Mở"), entered),
    honest(),
    button(_("Quên mã: đăng nhập bằng mật khẩu"), () => byPassword(place, params, true, one), { kind: "secondary" }),
  );
  place.querySelector("input").focus();
}

function byPassword(place, params, others, one = null) {
  const entered = async ({ username, password }) => {
    if (!username || !password) return _("Hãy điền tên đăng nhập và mật khẩu.");
    const answer = await signIn(username, password);
    if (!answer.ok) return why(answer);
    if (answer.needs_code) return newCode(place, params);
    return leave(params);
  };
  clear(place).append(
    one?.name ? h("h2", { class: "tq-h2" }, one.name) : "",
    navigator.onLine ? "" : notice("info", _("Chưa có mạng. Lần đăng nhập này cần có mạng.")),
    form("sign-in", [
      field(_("Tên đăng nhập"), "username", { autocomplete: "username", autocapitalize: "none", spellcheck: "false", required: true }),
      field(_("Mật khẩu"), "password", { type: "password", autocomplete: "current-password", required: true }),
    ], _("Đăng nhập"), entered),
    others ? button(_("Xem người đã dùng máy này"), async () => choose(place, await people(), params), { kind: "secondary" }) : "",
    h("p", { class: "fd-small" }, _("Quên mật khẩu thì nhờ quản trị lập phiếu đặt lại mật khẩu.")),
  );
}

/** Others use this phone: a code is set before the work is shown, or before somebody else comes. */
function newCode(place, params, then = () => leave(params)) {
  clear(place).append(
    h("h2", { class: "tq-h2" }, _("Đặt mã của anh, chị")),
    h("p", {}, _("Máy có nhiều người dùng thì mỗi người có một mã. Mã 4 đến 6 chữ số mở việc của riêng anh, chị, cả khi không có mạng.")),
    form("new-code", [codeField(_("Mã mới"), "code"), codeField(_("Gõ lại mã"), "again")], _("Lưu mã"), async (typed) => {
      const wrong = await keepCode(typed);
      return wrong || then();
    }),
    honest(),
  );
}

/** Keep a code that was typed twice; answers what is wrong with it, or "". */
export async function keepCode({ code, again }) {
  if (code !== again) return _("Hai lần gõ chưa giống nhau.");
  return (await setCode(code)) ? "" : _("Mã gồm 4 đến 6 chữ số, không phải một chữ số lặp lại.");
}
