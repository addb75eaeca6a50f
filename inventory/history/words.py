"""What people read for an act and a subject of the trail; an unknown one is shown as it is written."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

ACTS: Mapping[str, Any] = {
    "sign_in": _l("Đăng nhập"),
    "sign_in.failed": _l("Đăng nhập không thành"),
    "sign_out": _l("Đăng xuất"),
    "session.ended": _l("Kết thúc phiên"),
    "password.changed": _l("Đổi mật khẩu"),
    "password.reset": _l("Đặt lại mật khẩu bằng phiếu"),
    "reset.failed": _l("Phiếu đặt lại không đúng"),
    "slip.made": _l("Lập phiếu đặt lại mật khẩu"),
    "language.chosen": _l("Đổi ngôn ngữ"),
    "person.created": _l("Thêm người"),
    "person.changed": _l("Sửa người"),
    "area.created": _l("Thêm địa bàn"),
    "area.changed": _l("Sửa địa bàn"),
    "area.moved": _l("Đổi cấp trên của địa bàn"),
    "area.predecessor": _l("Ghi địa bàn trước đó"),
    "area.boundary": _l("Nạp ranh giới"),
    "area.imported": _l("Nạp các phường, xã"),
    "campaign.created": _l("Thêm cuộc bầu cử"),
    "campaign.changed": _l("Sửa cuộc bầu cử"),
    "milestone.set": _l("Ghi mốc"),
    "milestone.removed": _l("Bỏ mốc"),
    "look.refused": _l("Bị từ chối xem"),
    "act.refused": _l("Bị từ chối làm"),
    "trail.exported": _l("Tải nhật ký"),
    "coverage.run": _l("Tính lại phần còn thiếu"),
    "places.export": _l("Tải danh sách nơi bỏ phiếu"),
    "places.import": _l("Nạp nơi bỏ phiếu"),
    "photo.added": _l("Thêm ảnh"),
    "ward.declared": _l("Báo phường, xã đã rà soát xong"),
}

SUBJECTS: Mapping[str, Any] = {
    "person": _l("người"),
    "session": _l("phiên đăng nhập"),
    "area": _l("địa bàn"),
    "campaign": _l("cuộc bầu cử"),
    "place": _l("nơi bỏ phiếu"),
    "installation": _l("công trình"),
    "survey": _l("lần rà soát"),
    "photo": _l("ảnh"),
    "route": _l("trang"),
    "trail": _l("nhật ký"),
}


def act_word(act: str) -> str:
    """The words of an act."""
    return str(ACTS.get(act, act))


def subject_word(subject: str) -> str:
    """The word of a subject."""
    return str(SUBJECTS.get(subject, subject))
