"""The demo's campaign: Hạ Long, election day 23/05/2021, pinned to 19/04/2021, and its people."""

from dataclasses import dataclass
from datetime import date

from inventory.vocabulary import Role

CODE = "ha-long-2021"
NAME = "Hạ Long · Bầu cử 23/05/2021"
ELECTION_DAY = date(2021, 5, 23)
DECORATION_DEADLINE = date(2021, 5, 10)
PINNED = date(2021, 4, 19)
TREE_FROM = date(2020, 1, 1)
STANDARD_FROM = date(2021, 3, 26)
CITY_CODE, CITY_NAME = "193", "Thành phố Hạ Long"
PROVINCE_CODE, PROVINCE_NAME = "22", "Tỉnh Quảng Ninh"

#: (code, days from election day, Vietnamese, English, source)
MILESTONES = (
    ("committee", -105, "Thành lập Ủy ban bầu cử", "Election committees formed", "Luật 85/2015/QH13"),
    ("review", -58, "Họp rà soát hệ thống tuyên truyền trực quan", "Review meeting", "Hạ Long, 26/3/2021"),
    ("voter_list", -40, "Niêm yết danh sách cử tri", "Voter lists posted", "Luật 85/2015/QH13"),
    ("candidates", -20, "Niêm yết danh sách, tiểu sử người ứng cử", "Candidates posted", "Luật 85/2015/QH13"),
    ("decorated", -13, "Hoàn thành trang trí", "Decoration complete", "Hạ Long: trước ngày 10/5"),
    ("notice", -10, "Bắt đầu thông báo hằng ngày", "Daily notices begin", "Luật 85/2015/QH13"),
    ("election", 0, "Ngày bầu cử", "Election day", "Luật 85/2015/QH13"),
    ("takedown", 2, "Tháo dỡ băng rôn", "Banners down", "An Giang 2021"),
)


@dataclass(frozen=True)
class Account:
    """One demo person; `area` is a ward's code, or the city's."""

    username: str
    name: str
    role: Role
    area: str


#: People above the wards; each ward has an officer, and these wards a lead.
OFFICE = (
    Account("vhtt.mot", "Chuyên viên VH&TT thứ nhất", Role.CULTURE_OFFICE, CITY_CODE),
    Account("vhtt.hai", "Chuyên viên VH&TT thứ hai", Role.CULTURE_OFFICE, CITY_CODE),
    Account("lanhdao", "Lãnh đạo UBND Thành phố", Role.LEADER, CITY_CODE),
    Account("kiemtra", "Cán bộ kiểm tra, giám sát", Role.AUDITOR, CITY_CODE),
    Account("quantri", "Quản trị hệ thống", Role.ADMIN, CITY_CODE),
)
WARDS_WITH_LEAD = ("06673", "06688", "07030")
