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
    "demo.passwords": _l("Cấp mật khẩu minh họa"),
    "download": _l("Tải tệp"),
    "installation.amended": _l("Sửa công trình"),
    "installation.confirmed": _l("Xác nhận công trình còn như trước"),
    "installation.submitted": _l("Gửi lại công trình để kiểm tra"),
    "installation.moved": _l("Đổi giai đoạn của công trình"),
    "installation.recorded": _l("Ghi công trình"),
    "installation.reverted": _l("Lấy lại trạng thái trước của công trình"),
    "kind.added": _l("Thêm loại"),
    "kind.changed": _l("Sửa loại"),
    "kinds.loaded": _l("Nạp danh mục loại"),
    "photo.added": _l("Thêm ảnh"),
    "photo.withdrawn": _l("Rút ảnh"),
    "place.amended": _l("Sửa nơi bỏ phiếu"),
    "place.created": _l("Thêm nơi bỏ phiếu"),
    "places.export": _l("Tải danh sách nơi bỏ phiếu"),
    "places.import": _l("Nạp nơi bỏ phiếu"),
    "prices.changed": _l("Sửa đơn giá"),
    "prices.copied": _l("Chép bảng đơn giá"),
    "prices.in_force": _l("Áp dụng bảng đơn giá"),
    "prices.loaded": _l("Nạp bảng đơn giá"),
    "prices.row_added": _l("Thêm dòng đơn giá"),
    "prices.row_changed": _l("Sửa dòng đơn giá"),
    "prices.row_removed": _l("Bỏ dòng đơn giá"),
    "review.returned": _l("Trả lại để bổ sung"),
    "review.verified": _l("Xác minh"),
    "slogan.added": _l("Thêm khẩu hiệu"),
    "slogan.renewed": _l("Sửa khẩu hiệu"),
    "slogan.withdrawn": _l("Thu hồi khẩu hiệu"),
    "standard.changed": _l("Sửa tiêu chuẩn"),
    "standard.copied": _l("Chép tiêu chuẩn"),
    "standard.discarded": _l("Bỏ bản tiêu chuẩn chưa áp dụng"),
    "standard.in_force": _l("Áp dụng tiêu chuẩn"),
    "standard.loaded": _l("Nạp tiêu chuẩn"),
    "standard.row_added": _l("Thêm dòng tiêu chuẩn"),
    "standard.row_changed": _l("Sửa dòng tiêu chuẩn"),
    "standard.row_moved": _l("Đổi thứ tự dòng tiêu chuẩn"),
    "standard.row_removed": _l("Bỏ dòng tiêu chuẩn"),
    "survey.finished": _l("Xong một lượt khảo sát"),
    "survey.saved": _l("Lưu tạm một lượt khảo sát"),
    "ward.declared": _l("Xác nhận phường, xã đã khảo sát xong"),
}

SUBJECTS: Mapping[str, Any] = {
    "person": _l("người"),
    "session": _l("phiên đăng nhập"),
    "area": _l("địa bàn"),
    "campaign": _l("cuộc bầu cử"),
    "place": _l("nơi bỏ phiếu"),
    "installation": _l("công trình"),
    "survey": _l("lượt khảo sát"),
    "photo": _l("ảnh"),
    "coverage_run": _l("lần tính phần còn thiếu"),
    "import_batch": _l("tệp nơi bỏ phiếu"),
    "investment": _l("danh mục đầu tư"),
    "kind": _l("loại"),
    "price_book": _l("bảng đơn giá"),
    "slogan": _l("khẩu hiệu"),
    "standard": _l("tiêu chuẩn"),
    "route": _l("trang"),
    "trail": _l("nhật ký"),
}


def act_word(act: str) -> str:
    """The words of an act."""
    return str(ACTS.get(act, act))


def subject_word(subject: str) -> str:
    """The word of a subject."""
    return str(SUBJECTS.get(subject, subject))
