"""The words that the map's script puts on the page: fixed and translated, never what a person typed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from inventory.directory import PlaceName
from inventory.facts import KindFact
from inventory.field_checks import FieldCheckSeen
from inventory.labels import label
from inventory.pages import in_language, language
from inventory.vocabulary import Figure, LineAction, PlaceState
from maps.draw.columns import CONDITIONS, REASONS, SOUNDNESS, STATES, Model
from maps.draw.forms import SOUNDNESS as SOUND_WORDS
from maps.draw.planned import Part, Planned, part_of
from maps.draw.queries import Drawn
from maps.draw.reaches import legend, said
from maps.investment.words import action_word, spoken
from maps.plan.queries import OnMap, PlanSeen
from maps.reach.reaching import Reach


def for_map(plan: bool = False) -> dict[str, str]:
    """The words inside Folium's objects; with a plan also those of its layers."""
    return (_plan_layers() if plan else {}) | {
        "name": _("Bản đồ"),
        "zoom_in": _("Phóng to"),
        "zoom_out": _("Thu nhỏ"),
        "tiles": _("Bản đồ nền"),
        "ground": _("Đất liền, đảo"),
        "wards": _("Phường, xã theo mức đạt"),
        "reach": _("Vòng khoảng cách theo tiêu chuẩn"),
        "model": _("Tầm nghe, tầm đọc theo mô hình"),
        "checks": _("Kiểm tra thực địa"),
        "things": _("Công trình"),
        "places": _("Nơi bỏ phiếu"),
    }


def _plan_layers() -> dict[str, str]:
    return {
        "plan_kept": _("Kế hoạch: giữ nguyên"),
        "plan_repaired": _("Kế hoạch: sửa, thay"),
        "plan_new": _("Kế hoạch: làm mới"),
    }


def modelled(reach: Reach, kinds: Sequence[KindFact]) -> Model:
    """The model for the map's data, with its words in the reader's language."""
    words = [spoken(one) if one else "" for one in said(reach, kinds, language())]
    return Model(reach, words)


def model_legend(reach: Reach) -> list[tuple[str, str]]:
    """For each channel that is drawn: its word of the vocabulary, and the model's name and target."""
    return [(channel.value, spoken(one)) for channel, one in legend(reach, language())]


def for_script(
    figure: Figure, opening: list[list[float]] | None, addresses: dict[str, str]
) -> dict[str, Any]:
    """What the page hands to static/js/map.js. Words in {braces} are filled in there."""
    return {
        "language": language(),
        "figure": figure.value,
        "opening": opening,
        "addresses": addresses,
        "states": [
            [word.value, label(word) if isinstance(word, PlaceState) else _("chưa tính")] for word in STATES
        ],
        "reasons": [label(word) for word in REASONS],
        "actions": [action_word(word) for word in LineAction],
        "conditions": [label(word) for word in CONDITIONS],
        "sound": [str(SOUND_WORDS[word]) for word in SOUNDNESS],
        "words": _sentences(),
    }


def _sentences() -> dict[str, str]:
    return {
        "places_shown": _("%(n)s / %(total)s nơi bỏ phiếu", n="{n}", total="{total}"),
        "things_shown": _("%(n)s / %(total)s công trình", n="{n}", total="{total}"),
        "voters": _("%(n)s cử tri", n="{n}"),
        "met": _("Đạt %(n)s trên %(total)s yêu cầu bắt buộc", n="{n}", total="{total}"),
        "needs": _("cần %(n)s", n="{n}"),
        "missing": _("thiếu %(n)s", n="{n}"),
        "nearest": _("cái gần nhất cách %(n)s m", n="{n}"),
        "no_gap": _("Không còn thiếu gì theo lần tính này."),
        "more": _("và %(n)s yêu cầu khác", n="{n}"),
        "open_place": _("Mở nơi bỏ phiếu"),
        "open_gaps": _("Xem phần còn thiếu"),
        "open_thing": _("Mở công trình"),
        "working": _("%(n)s trên %(total)s dùng tốt", n="{n}", total="{total}"),
        "share": _(
            "Đạt %(verified)s đã xác minh, %(reported)s đã báo cáo",
            verified="{verified}",
            reported="{reported}",
        ),
        "surveyed": _("%(n)s trên %(total)s nơi đã khảo sát", n="{n}", total="{total}"),
        "not_surveyed": _("Chưa khảo sát"),
        "only_ward": _("Chỉ xem phường, xã này"),
        "cluster": _("%(n)s công trình, %(broken)s hỏng; bấm để phóng to", n="{n}", broken="{broken}"),
        "within": _("trong vòng %(n)s m theo tiêu chuẩn", n="{n}"),
        "hearing": _("Tầm nghe theo mô hình: %(n)s m", n="{n}"),
        "reading": _("Tầm đọc theo mô hình: %(n)s m", n="{n}"),
        **_plan_sentences(),
        **_reach_sentences(),
        "close": _("Đóng"),
        "layers": _("Chọn lớp bản đồ"),
        "failed": _("Chưa tải được dữ liệu bản đồ. Danh sách bên cạnh vẫn đầy đủ; hãy tải lại trang."),
        "loading": _("Đang tải dữ liệu bản đồ"),
    }


def _reach_sentences() -> dict[str, str]:
    return {
        "hearing_yes": _("Nghe rõ"),
        "hearing_no": _("Không nghe rõ"),
        "reading_yes": _("Đọc được"),
        "reading_no": _("Không đọc được"),
        "hearing_some": _("Nghe rõ ở %(n)s trên %(total)s khu phố, thôn", n="{n}", total="{total}"),
        "reading_some": _("Đọc được ở %(n)s trên %(total)s khu phố, thôn", n="{n}", total="{total}"),
        "by_model": _("Theo mô hình: %(words)s", words="{words}"),
        "in_field": _("Kiểm tra lúc %(at)s: %(words)s", at="{at}", words="{words}"),
        "no_answer": _("chưa tính được ở điểm này"),
        "level": _("%(n)s dB", n="{n}"),
        "above": _("hơn mức cần %(n)s dB", n="{n}"),
        "below": _("kém mức cần %(n)s dB", n="{n}"),
        "surely": _("chắc chắn"),
        "perhaps": _("chưa chắc, do sai số vị trí"),
        "maybe_enough": _("có thể đủ, do sai số vị trí"),
        "differs": _("Kiểm tra khác với mô hình."),
    }


def _plan_sentences() -> dict[str, str]:
    return {
        "planned": _("%(n)s × %(kind)s", n="{n}", kind="{kind}"),
        "gained": _("thêm %(n)s cử tri", n="{n}"),
        "amount": _("%(n)s đ", n="{n}"),
        "store": _("lấy từ kho"),
        "part_new": _("Làm mới"),
        "part_repaired": _("Sửa, thay"),
        "more_planned": _("và %(n)s việc khác", n="{n}"),
        "ward_plan": _(
            "Theo kế hoạch: đạt từ %(before)s lên %(after)s trên %(total)s yêu cầu đã khảo sát",
            before="{before}",
            after="{after}",
            total="{total}",
        ),
    }


def checked_kind(check: FieldCheckSeen) -> str:
    """The kind of the thing that was checked, in the reader's language; "" for a check of a place."""
    return in_language(check, "kind") if check.kind_vi else ""


def plan_names(plans: Iterable[PlanSeen], laid: Iterable[Planned]) -> list[tuple[int, str]]:
    """What the list of plans calls each; those that are laid over the map are among them, done or not."""
    known = {plan.id: plan for plan in (*plans, *(one.seen for one in laid))}
    newest = sorted(known.values(), key=lambda plan: -plan.number)
    return [(plan.id, _("số %(number)s: %(name)s", number=plan.number, name=plan.name)) for plan in newest]


@dataclass(frozen=True)
class PlanLine:
    """A choice of a plan beside the map; `part` names its mark, `place` is None for what is the ward's."""

    part: Part
    row: OnMap
    kind: str
    action: str
    place: PlaceName | None
    ward: str


def plan_lines(plan: Planned, drawn: Drawn, kinds: Sequence[KindFact]) -> list[PlanLine]:
    """The choices with their names, in the order of the plan and of its data."""
    names = {kind.code: in_language(kind) for kind in kinds}
    places = {row.place.id: row.place for row in drawn.rows}
    wards = {ward.id: ward.name for ward in drawn.wards}
    return [
        PlanLine(
            part_of(row),
            row,
            names[row.kind],
            action_word(row.action),
            places.get(row.place_id or 0),
            wards.get(row.area_id, ""),
        )
        for row in plan.rows
    ]
