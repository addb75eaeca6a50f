"""Two plans side by side as plain rows, and what a plan asked in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from inventory import directory
from inventory.database import db
from inventory.labels import label
from inventory.wording import vietnamese_key
from maps.plan.ask import Ask
from maps.plan.queries import LineSeen, PlanSeen


@dataclass(frozen=True)
class WardPair:
    """A ward in both plans: đồng and requirements met after it."""

    name: str
    cost: tuple[int, int]
    met: tuple[int, int]
    answered: int


@dataclass(frozen=True)
class Table:
    """What is only in the one, only in the other, and in both (by key of the choice)."""

    wards: tuple[WardPair, ...]
    only: tuple[tuple[LineSeen, ...], tuple[LineSeen, ...]]
    both: int


Side = tuple[PlanSeen, Sequence[LineSeen]]


def table(one: Side, two: Side, names: Mapping[int, str]) -> Table:
    """The comparison; `names` are those of the wards that the reader sees."""
    keys = [{line.key for line in side[1]} for side in (one, two)]
    only = [
        tuple(line for line in side[1] if line.alone is not None and line.key not in others)
        for side, others in ((one, keys[1]), (two, keys[0]))
    ]
    return Table(_wards(one[0], two[0], names), (only[0], only[1]), len(keys[0] & keys[1]))


def _wards(one: PlanSeen, two: PlanSeen, names: Mapping[int, str]) -> tuple[WardPair, ...]:
    rows = [{ward["area_id"]: ward for ward in seen.result["wards"]} for seen in (one, two)]
    found = [
        WardPair(
            names[area],
            (rows[0][area]["cost"], rows[1][area]["cost"]),
            (rows[0][area]["met_after"], rows[1][area]["met_after"]),
            rows[1][area]["answered"],
        )
        for area in rows[0].keys() & rows[1].keys() & names.keys()
    ]
    return tuple(sorted(found, key=lambda ward: vietnamese_key(ward.name)))


def asked(ask: Ask, funds: Mapping[int, str]) -> list[str]:
    """The rules of an Ask beside its budget, one sentence each."""
    said: list[Any] = [_("tính theo số liệu %(figure)s", figure=label(ask.figure).lower())]
    if ask.mandatory_first:
        said.append(_("yêu cầu bắt buộc trước"))
    if ask.before_deadline:
        said.append(_("chỉ những việc kịp hạn trang trí"))
    if ask.ward_min_met:
        said.append(_("mỗi phường, xã đạt thêm ít nhất %(count)s yêu cầu", count=ask.ward_min_met))
    if ask.ward_min_share:
        said.append(_("mỗi phường, xã được ít nhất %(share)s phần trăm", share=ask.ward_min_share))
    if ask.ward_max_share < 100:
        said.append(_("mỗi phường, xã được nhiều nhất %(share)s phần trăm", share=ask.ward_max_share))
    said += [_("%(kind)s: nhiều nhất %(count)s", kind=kind, count=most) for kind, most in ask.kind_limits]
    if ask.funds is not None:
        named = ", ".join(funds.get(number, str(number)) for number in ask.funds)
        said.append(_("chỉ dùng nguồn kinh phí: %(names)s", names=named))
    if ask.locked_in:
        said.append(_("%(count)s việc phải có", count=len(ask.locked_in)))
    if ask.locked_out:
        said.append(_("%(count)s việc phải bỏ", count=len(ask.locked_out)))
    return [str(one) for one in said]


def kind_names(codes: Sequence[str], locale: str) -> list[str]:
    """The names of kinds by their codes."""
    english = locale.startswith("en")
    named = {
        kind.code: kind.name_en if english and kind.name_en else kind.name_vi
        for kind in directory.kinds(db.session())
    }
    return [named.get(code, code) for code in codes]
