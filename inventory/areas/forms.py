"""Forms of areas and campaigns."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, SelectField
from wtforms.validators import InputRequired, Length, Optional

from inventory.fields import FILL, CommaField, DayField, Form, LineField, NoteField, WholeField
from inventory.labels import AREA_KINDS

_LONG = _l("Dài quá.")


class AreaForm(Form):
    """An area's own words; `parent` is asked only when it is added."""

    entry_id = HiddenField()
    base_version = HiddenField()
    code = LineField(
        _l("Mã"),
        [InputRequired(FILL), Length(max=16, message=_LONG)],
        description=_l("Mã của Tổng cục Thống kê."),
    )
    kind = SelectField(_l("Cấp"), choices=[(kind.value, label) for kind, label in AREA_KINDS.items()])
    name = LineField(_l("Tên"), [InputRequired(FILL), Length(max=120, message=_LONG)])
    name_en = LineField(_l("Tên tiếng Anh"), [Optional(), Length(max=120, message=_LONG)])
    valid_from = DayField(_l("Có hiệu lực từ"), [InputRequired(FILL)])
    valid_to = DayField(_l("Hết hiệu lực từ"), [Optional()], description=_l("Để trống khi còn hiệu lực."))
    parent = SelectField(_l("Thuộc"), [Optional()], description=_l("Địa bàn cấp trên từ ngày có hiệu lực."))
    lat = CommaField(_l("Vĩ độ điểm đặt nhãn"), [Optional()], description=_l("Ví dụ 20,95."))
    lon = CommaField(_l("Kinh độ điểm đặt nhãn"), [Optional()], description=_l("Ví dụ 107,05."))
    population = WholeField(_l("Dân số"), [Optional()])
    population_estimated = BooleanField(_l("Dân số là số ước tính"))
    source = NoteField(_l("Nguồn"), [Optional(), Length(max=2000, message=_LONG)])
    licence = LineField(_l("Giấy phép"), [Optional(), Length(max=120, message=_LONG)])


class MoveForm(Form):
    """From a day on the area belongs to another parent."""

    entry_id = HiddenField()
    parent = SelectField(_l("Thuộc"), [Optional()])
    moved_on = DayField(_l("Từ ngày"), [InputRequired(FILL)])


class PredecessorForm(Form):
    """What the area was formed from."""

    entry_id = HiddenField()
    predecessor = SelectField(_l("Hình thành từ"), [InputRequired(FILL)])
    whole = BooleanField(_l("Toàn bộ địa bàn đó"))
    source = LineField(_l("Văn bản"), [Optional(), Length(max=2000, message=_LONG)])


class RemoveForm(Form):
    """The button that takes something out."""

    entry_id = HiddenField()


class BoundaryForm(Form):
    """A GeoJSON file of one area, with where it comes from."""

    entry_id = HiddenField()
    boundary = FileField(
        _l("Tệp GeoJSON"), description=_l("Một vùng, tọa độ WGS84 (kinh độ trước), tối đa 2 MB.")
    )
    source = LineField(
        _l("Nguồn của ranh giới"),
        [InputRequired(FILL), Length(max=2000, message=_LONG)],
        id="boundary_source",
    )
    licence = LineField(_l("Giấy phép"), [Optional(), Length(max=120, message=_LONG)])


class CampaignForm(Form):
    """An election: its days, its tree."""

    entry_id = HiddenField()
    base_version = HiddenField()
    code = LineField(
        _l("Mã"), [InputRequired(FILL), Length(max=32, message=_LONG)], description=_l("Ví dụ ha-long-2026.")
    )
    name = LineField(_l("Tên"), [InputRequired(FILL), Length(max=200, message=_LONG)])
    root_area_id = SelectField(_l("Địa bàn"), [InputRequired(FILL)], coerce=int)
    election_day = DayField(_l("Ngày bầu cử"), [InputRequired(FILL)])
    decoration_deadline = DayField(_l("Hạn trang trí"), [InputRequired(FILL)])
    tree_date = DayField(
        _l("Ngày đọc cây địa bàn"),
        [InputRequired(FILL)],
        description=_l("Phường, xã và cấp trên của chúng được lấy theo ngày này."),
    )
    pinned_today = DayField(
        _l("Ghim ngày hôm nay"),
        [Optional()],
        description=_l("Chỉ cho dữ liệu minh họa; mọi trang in ngày này."),
    )
    open = BooleanField(
        _l("Đang mở"), description=_l("Cuộc bầu cử đang mở có ngày bầu cử muộn nhất được hiện.")
    )
    synthetic = BooleanField(
        _l("Dữ liệu minh họa"), description=_l("Mọi trang mang dòng “DỮ LIỆU MINH HỌA”.")
    )


class MilestoneForm(Form):
    """A milestone, as days from election day."""

    entry_id = HiddenField()
    code = LineField(_l("Mã mốc"), [InputRequired(FILL), Length(max=32, message=_LONG)], id="milestone_code")
    name_vi = LineField(_l("Tên mốc"), [InputRequired(FILL), Length(max=200, message=_LONG)])
    name_en = LineField(_l("Tên tiếng Anh"), [Optional(), Length(max=200, message=_LONG)])
    offset_days = WholeField(
        _l("Số ngày so với ngày bầu cử"), [InputRequired(FILL)], description=_l("Số âm là trước ngày bầu cử.")
    )
    source = LineField(_l("Nguồn"), [Optional(), Length(max=2000, message=_LONG)])
