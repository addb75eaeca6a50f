"""Words of cases and phones: acts, fields and troubles as people read them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from inventory import wording
from inventory.cases.phone_queries import RefusedSeen
from inventory.cases.troubles import PhoneSeen, Trouble
from inventory.installations.showing import FIELD_LABELS
from inventory.pages import language, say
from inventory.sync.verdicts import problem_of
from inventory.vocabulary import EntryAct

_l = lazy_gettext

ACT_LABELS: Mapping[EntryAct, Any] = {
    EntryAct.ANSWER: _l("Trả lời một mục khảo sát"),
    EntryAct.FINISH: _l("Báo xong một nơi"),
    EntryAct.RECORD: _l("Ghi mới"),
    EntryAct.AMEND: _l("Sửa"),
    EntryAct.CONFIRM: _l("Báo vẫn như cũ"),
    EntryAct.MOVE: _l("Chuyển bước"),
    EntryAct.PHOTO: _l("Ảnh"),
    EntryAct.WITHDRAW: _l("Rút một ảnh"),
}

#: Fields of an entry that no record has; the names of docs/sync.md.
_OWN_FIELDS: Mapping[str, Any] = {
    "found": _l("Đang có"),
    "kind": _l("Loại"),
    "place": _l("Nơi bỏ phiếu"),
    "area": _l("Phường, xã"),
    "step": _l("Bước"),
    "empty_zones": _l("Chỗ không có gì"),
    "photo": _l("Ảnh"),
    "reason": _l("Lý do"),
    "role": _l("Ảnh chụp gì"),
    "position": _l("Vị trí"),
    "taken_at": _l("Chụp lúc"),
    "visit": _l("Lần khảo sát"),
    "installation": _l("Công trình"),
    "key": _l("Mục khảo sát"),
    "body": _l("Nội dung gửi"),
}


def act_label(act: EntryAct) -> str:
    """What a person did, in words."""
    return str(ACT_LABELS[act])


def field_words(field: str) -> str:
    """A field as its form calls it; "" for the entry as a whole."""
    last = field.rpartition(".")[2].rpartition("-")[2]
    found = FIELD_LABELS.get(last) or _OWN_FIELDS.get(last)
    return str(found) if found is not None else ""


def sentence(refused: RefusedSeen) -> str:
    """Why an entry was refused, as its phone was told; the message is kept as a msgid with its values."""
    problem = problem_of(refused.code, refused.detail, refused.field)
    if problem is None:
        return str(_("Máy chủ không nhận mục này (mã %(code)s).", code=refused.code or "–"))
    return say(problem)


def trouble_words(phone: PhoneSeen, found: tuple[Trouble, ...], moment: datetime) -> list[str]:
    """Each trouble as a sentence of its own."""
    return [_trouble(one, phone, moment) for one in found]


def _trouble(trouble: Trouble, phone: PhoneSeen, moment: datetime) -> str:
    if trouble is Trouble.SILENT:
        days = (moment - phone.last_seen_at).days
        return str(
            ngettext(
                "Đã %(num)s ngày không thấy máy này, lần cuối còn %(unsent)s mục chưa gửi.",
                "Đã %(num)s ngày không thấy máy này, lần cuối còn %(unsent)s mục chưa gửi.",
                days,
                unsent=phone.unsent,
            )
        )
    if trouble is Trouble.STUCK:
        assert phone.oldest is not None  # noqa: S101 -- troubles() found it so
        hours = int((moment - phone.oldest).total_seconds() // 3600)
        return str(_("Có mục chờ gửi đã %(hours)s giờ.", hours=wording.number(hours)))
    if trouble is Trouble.NEEDS:
        return str(
            ngettext("%(num)s mục cần người giữ máy sửa.", "%(num)s mục cần người giữ máy sửa.", phone.needs)
        )
    if trouble is Trouble.CLOCK:
        return str(_("Đồng hồ của máy %(off)s.", off=clock_words(phone.clock_offset_s or 0.0)))
    if trouble is Trouble.SPACE:
        return str(_("Máy sắp hết chỗ trống: còn %(space)s.", space=bytes_words(phone.free_bytes or 0)))
    return str(_("Trình duyệt của máy không hứa giữ dữ liệu; nên gửi sớm."))


def clock_words(offset_s: float) -> str:
    """How far a clock is off: "nhanh 12 phút", "chậm 1 ngày"."""
    size = abs(offset_s)
    if size >= 86_400:
        amount = str(_("%(n)s ngày", n=wording.number(size / 86_400, 1, language())))
    elif size >= 3_600:
        amount = str(_("%(n)s giờ", n=wording.number(size / 3_600, 1, language())))
    elif size >= 60:
        amount = str(_("%(n)s phút", n=wording.number(size / 60, 0, language())))
    else:
        amount = str(_("%(n)s giây", n=wording.number(size, 0, language())))
    return str(_("nhanh %(amount)s", amount=amount) if offset_s > 0 else _("chậm %(amount)s", amount=amount))


def bytes_words(size: int) -> str:
    """A size in the unit that fits: kB, MB or GB (powers of ten, as phones print them)."""
    for unit, one in (("GB", 1_000_000_000), ("MB", 1_000_000)):
        if size >= one:
            return f"{wording.number(size / one, 1, language())}{wording.NBSP}{unit}"
    return f"{wording.number(size / 1000, 0, language())}{wording.NBSP}kB"
