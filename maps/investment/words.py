"""Words of the investment list that people read on screens; files have their own, always Vietnamese."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from inventory.vocabulary import LineAction
from maps.investment.lines import Sentence
from maps.investment.listing import Part, Sort

ACTIONS: Mapping[LineAction, Any] = {
    LineAction.BUY: _l("Mua mới"),
    LineAction.REPLACE: _l("Thay thế"),
    LineAction.REPAIR: _l("Sửa chữa"),
    LineAction.VERIFY: _l("Xác minh"),
    LineAction.SURVEY: _l("Khảo sát"),
}

PARTS: Mapping[Part, Any] = {
    Part.PRICED: _l("Có đơn giá"),
    Part.UNPRICED: _l("Chưa có đơn giá"),
    Part.VERIFY: _l("Chờ xác minh"),
    Part.SURVEY: _l("Chưa khảo sát"),
    Part.COVERED: _l("Không cần kinh phí"),
}

SORTS: Mapping[Sort, Any] = {
    Sort.PRIORITY: _l("Mức ưu tiên"),
    Sort.WARD: _l("Phường, xã"),
    Sort.PLACE: _l("Nơi bỏ phiếu"),
    Sort.REQUIREMENT: _l("Yêu cầu"),
    Sort.KIND: _l("Loại"),
    Sort.AMOUNT_DOWN: _l("Thành tiền, lớn trước"),
    Sort.AMOUNT_UP: _l("Thành tiền, nhỏ trước"),
    Sort.VOTERS_DOWN: _l("Cử tri, đông trước"),
    Sort.VOTERS_UP: _l("Cử tri, ít trước"),
}


def spoken(sentence: Sentence) -> str:
    """A sentence of the list in the reader's language."""
    text: str = gettext(sentence.message, **dict(sentence.values))
    return text


def action_word(action: LineAction) -> str:
    """What people read for an action."""
    return str(ACTIONS[action])
