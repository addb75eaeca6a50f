"""The five lists of the inputs: where each has its pages, its form, and what it is called."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from maps.planning.forms import FundForm, InputForm, SiteForm, SupplyForm, WeightForm, ZoneForm
from maps.planning.inputs import Fund, PlanZone, Site, Supply
from maps.planning.weights import Weight


@dataclass(frozen=True)
class Sort:
    """One list. `name` names its addresses, forms and templates; the titles are for its pages."""

    name: str
    of: type[Any]
    form: type[InputForm]
    title: Any
    new_title: Any
    edit_title: Any

    @property
    def address(self) -> str:
        """The list's part of an address."""
        return f"/planning/{self.name}s" if self.name != "supply" else "/planning/supplies"


ZONES = Sort("zone", PlanZone, ZoneForm, _l("Vùng cấm, vùng bắt buộc"), _l("Thêm vùng"), _l("Sửa vùng"))
SUPPLY = Sort(
    "supply",
    Supply,
    SupplyForm,
    _l("Thời gian cung ứng và thời gian dùng"),
    _l("Thêm thời gian cung ứng"),
    _l("Sửa thời gian cung ứng"),
)
SORTS = (
    Sort("site", Site, SiteForm, _l("Vị trí dự kiến"), _l("Thêm vị trí dự kiến"), _l("Sửa vị trí dự kiến")),
    ZONES,
    Sort(
        "weight", Weight, WeightForm, _l("Hệ số ưu tiên"), _l("Thêm hệ số ưu tiên"), _l("Sửa hệ số ưu tiên")
    ),
    Sort("fund", Fund, FundForm, _l("Nguồn kinh phí"), _l("Thêm nguồn kinh phí"), _l("Sửa nguồn kinh phí")),
    SUPPLY,
)
