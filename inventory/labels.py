"""Labels: the words people read for the fixed words of vocabulary.py, in the reader's language.

`label(word)` takes a word of any of the enumerations; kinds and requirements carry their own names.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from inventory.vocabulary import (
    AppliesTo,
    AreaKind,
    Certainty,
    Channel,
    Condition,
    Family,
    Figure,
    GapReason,
    Lifecycle,
    PlaceState,
    ReturnReason,
    ReviewState,
    VenueKind,
    WithdrawReason,
    Zone,
)

ZONES: Mapping[Zone, Any] = {
    Zone.GATE: _l("Cổng vào"),
    Zone.OUTSIDE: _l("Trước phòng bỏ phiếu"),
    Zone.INSIDE: _l("Trong phòng bỏ phiếu"),
    Zone.ROUTE: _l("Đường vào"),
    Zone.PUBLIC: _l("Nơi công cộng"),
    Zone.MOBILE: _l("Lưu động"),
}

FAMILIES: Mapping[Family, Any] = {
    Family.BANNER: _l("Băng rôn, phướn"),
    Family.BILLBOARD: _l("Pano, cổng chào, áp phích"),
    Family.BOARD: _l("Bảng niêm yết"),
    Family.FLAG: _l("Cờ"),
    Family.DISPLAY: _l("Màn hình"),
    Family.AUDIO: _l("Loa, âm thanh"),
    Family.INTERIOR: _l("Khánh tiết trong phòng"),
    Family.LIGHT: _l("Đèn"),
}

VENUE_KINDS: Mapping[VenueKind, Any] = {
    VenueKind.CULTURAL_HOUSE: _l("Nhà văn hóa"),
    VenueKind.SCHOOL: _l("Trường học"),
    VenueKind.COMMITTEE_OFFICE: _l("Trụ sở cơ quan"),
    VenueKind.COMMUNAL_HOUSE: _l("Đình, đền"),
    VenueKind.PAGODA: _l("Chùa"),
    VenueKind.APARTMENT_ROOM: _l("Phòng sinh hoạt chung cư"),
    VenueKind.PRIVATE_HOUSE: _l("Nhà dân"),
    VenueKind.HOSPITAL: _l("Bệnh viện"),
    VenueKind.ARMED_FORCES: _l("Đơn vị vũ trang"),
    VenueKind.DETENTION: _l("Cơ sở giam giữ, cai nghiện"),
    VenueKind.INDUSTRIAL: _l("Khu công nghiệp"),
    VenueKind.OTHER: _l("Nơi khác"),
}

AREA_KINDS: Mapping[AreaKind, Any] = {
    AreaKind.NATION: _l("Cả nước"),
    AreaKind.PROVINCE: _l("Tỉnh, thành phố trực thuộc trung ương"),
    AreaKind.CITY: _l("Thành phố, thị xã"),
    AreaKind.DISTRICT: _l("Quận, huyện"),
    AreaKind.PHUONG: _l("Phường"),
    AreaKind.XA: _l("Xã"),
    AreaKind.THI_TRAN: _l("Thị trấn"),
    AreaKind.DAC_KHU: _l("Đặc khu"),
}

LIFECYCLES: Mapping[Lifecycle, Any] = {
    Lifecycle.PLANNED: _l("Dự kiến"),
    Lifecycle.APPROVED: _l("Đã duyệt"),
    Lifecycle.IN_PRODUCTION: _l("Đang làm"),
    Lifecycle.INSTALLED: _l("Đã lắp"),
    Lifecycle.ACCEPTED: _l("Đã nghiệm thu"),
    Lifecycle.IN_USE: _l("Đang dùng"),
    Lifecycle.DISMANTLED: _l("Đã tháo"),
    Lifecycle.STORED: _l("Đang cất kho"),
    Lifecycle.DISPOSED: _l("Đã thanh lý"),
    Lifecycle.LOST: _l("Đã mất"),
    Lifecycle.CANCELLED: _l("Đã hủy"),
}

CONDITIONS: Mapping[Condition, Any] = {
    Condition.GOOD: _l("Tốt"),
    Condition.FADED: _l("Bạc màu"),
    Condition.DIRTY: _l("Bẩn"),
    Condition.TORN: _l("Rách"),
    Condition.LOOSE: _l("Lỏng, xộc xệch"),
    Condition.FALLEN: _l("Đổ"),
    Condition.OBSCURED: _l("Bị che"),
    Condition.TEXT_ERROR: _l("Sai chữ"),
    Condition.OUTDATED_CONTENT: _l("Nội dung cũ"),
    Condition.VANDALISED: _l("Bị phá"),
    Condition.INVERTED: _l("Treo ngược"),
    Condition.NO_POWER: _l("Mất điện"),
    Condition.NO_SIGNAL: _l("Mất tín hiệu"),
    Condition.DISTORTED: _l("Rè"),
    Condition.SILENT: _l("Không kêu"),
    Condition.MISSING: _l("Không còn"),
}

REVIEW_STATES: Mapping[ReviewState, Any] = {
    ReviewState.DRAFT: _l("Đang ghi"),
    ReviewState.SUBMITTED: _l("Chờ kiểm tra"),
    ReviewState.RETURNED: _l("Cần bổ sung"),
    ReviewState.VERIFIED: _l("Đã xác minh"),
}

RETURN_REASONS: Mapping[ReturnReason, Any] = {
    ReturnReason.PHOTO_BLURRED: _l("Ảnh mờ, chụp lại giúp"),
    ReturnReason.NO_PHOTO: _l("Cần thêm ảnh"),
    ReturnReason.WRONG_TEXT: _l("Xem lại chữ"),
    ReturnReason.WRONG_POSITION: _l("Xem lại vị trí"),
    ReturnReason.WRONG_COUNT: _l("Xem lại số lượng"),
    ReturnReason.WRONG_CONDITION: _l("Xem lại tình trạng"),
    ReturnReason.WRONG_KIND: _l("Xem lại loại"),
    ReturnReason.TWICE: _l("Có thể đã ghi hai lần"),
    ReturnReason.OTHER: _l("Lý do khác"),
}

WITHDRAW_REASONS: Mapping[WithdrawReason, Any] = {
    WithdrawReason.PRIVATE: _l("Thấy danh sách cử tri, giấy tờ hoặc mặt người"),
    WithdrawReason.WRONG_PLACE: _l("Không phải ảnh của thứ này"),
    WithdrawReason.BLURRED: _l("Ảnh mờ, không dùng được"),
    WithdrawReason.OTHER: _l("Lý do khác"),
}

APPLIES_TO: Mapping[AppliesTo, Any] = {
    AppliesTo.PLACE: _l("Mỗi nơi bỏ phiếu"),
    AppliesTo.AREA: _l("Mỗi phường, xã"),
}

FIGURES: Mapping[Figure, Any] = {
    Figure.REPORTED: _l("Đã báo cáo"),
    Figure.VERIFIED: _l("Đã xác minh"),
}

CHANNELS: Mapping[Channel, Any] = {
    Channel.HEARING: _l("Nghe"),
    Channel.READING: _l("Đọc"),
    Channel.PRESENCE: _l("Có mặt"),
}

CERTAINTIES: Mapping[Certainty, Any] = {
    Certainty.SURELY: _l("chắc chắn"),
    Certainty.PERHAPS: _l("có thể"),
    Certainty.NOT: _l("không"),
}

REASONS: Mapping[GapReason, Any] = {
    GapReason.NOT_SURVEYED: _l("Chưa khảo sát"),
    GapReason.NOTHING_RECORDED: _l("Chưa ghi nhận gì"),
    GapReason.BROKEN: _l("Có nhưng hỏng"),
    GapReason.WAITING: _l("Chờ xác minh"),
    GapReason.TOO_FAR: _l("Ở quá xa"),
}

STATES: Mapping[PlaceState, Any] = {
    PlaceState.COMPLETE: _l("đủ"),
    PlaceState.PARTLY: _l("thiếu"),
    PlaceState.NONE: _l("chưa có"),
    PlaceState.NOT_SURVEYED: _l("chưa khảo sát"),
}

_BY_TYPE: Mapping[type[StrEnum], Mapping[Any, Any]] = {
    Zone: ZONES,
    Family: FAMILIES,
    VenueKind: VENUE_KINDS,
    AreaKind: AREA_KINDS,
    Lifecycle: LIFECYCLES,
    Condition: CONDITIONS,
    ReviewState: REVIEW_STATES,
    ReturnReason: RETURN_REASONS,
    WithdrawReason: WITHDRAW_REASONS,
    AppliesTo: APPLIES_TO,
    Figure: FIGURES,
    Channel: CHANNELS,
    Certainty: CERTAINTIES,
    GapReason: REASONS,
    PlaceState: STATES,
}


def label(word: StrEnum | None) -> str:
    """What people read for a word; "" for none."""
    return "" if word is None else str(_BY_TYPE[type(word)][word])
