"""The words that the map's script puts on the page: fixed and translated, never what a person typed."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from inventory.facts import KindFact
from inventory.labels import label
from inventory.pages import language
from inventory.vocabulary import Figure, PlaceState
from maps.draw.columns import CONDITIONS, REASONS, SOUNDNESS, STATES, Model
from maps.draw.forms import SOUNDNESS as SOUND_WORDS
from maps.draw.reaches import legend, said
from maps.investment.words import spoken
from maps.reach.reaching import Reach


def for_map() -> dict[str, str]:
    """The words inside Folium's objects."""
    return {
        "name": _("Bản đồ"),
        "zoom_in": _("Phóng to"),
        "zoom_out": _("Thu nhỏ"),
        "tiles": _("Bản đồ nền"),
        "ground": _("Đất liền, đảo"),
        "wards": _("Phường, xã theo mức đạt"),
        "reach": _("Vòng khoảng cách theo tiêu chuẩn"),
        "model": _("Tầm nghe, tầm đọc theo mô hình"),
        "things": _("Công trình"),
        "places": _("Nơi bỏ phiếu"),
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
        "close": _("Đóng"),
        "layers": _("Chọn lớp bản đồ"),
        "failed": _("Chưa tải được dữ liệu bản đồ. Danh sách bên cạnh vẫn đầy đủ; hãy tải lại trang."),
        "loading": _("Đang tải dữ liệu bản đồ"),
    }
