"""Words of the reach pages: figures with their units, models, targets, classes of sites."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from maps.reach.model import ReadTarget, SiteClass
from maps.reach.scalars import Flag
from maps.reach.sound import SoundModel


@dataclass(frozen=True)
class Named:
    """What people read for a figure: its name, its unit, and what it does."""

    name: Any
    unit: str = ""
    hint: Any = ""


MODELS: Mapping[str, Any] = {
    SoundModel.ISO: _l("ISO 9613-2 rút gọn"),
    SoundModel.FEMA: _l("FEMA CPG 1-17"),
    SoundModel.FREE: _l("Trường tự do"),
}

READ_TARGETS: Mapping[str, Any] = {
    ReadTarget.FURTHEST: _l("Đọc được"),
    ReadTarget.COMFORT: _l("Đọc thoải mái"),
}

FLAGS: Mapping[str, Any] = {Flag.NO: _l("Ban ngày"), Flag.YES: _l("Ban đêm")}

SITES: Mapping[SiteClass, Any] = {
    SiteClass.SPECIAL: _l("Khu vực đặc biệt"),
    SiteClass.ORDINARY: _l("Khu vực thông thường"),
}

#: Words to choose from, by the code of a figure.
CHOICES: Mapping[str, Mapping[str, Any]] = {
    "model": MODELS,
    "read_target": READ_TARGETS,
    "by_night": FLAGS,
}

FIGURES: Mapping[str, Named] = {
    "model": Named(
        _l("Mô hình truyền âm"), hint=_l("Trường tự do là giới hạn trên; hai mô hình kia gần thực tế hơn.")
    ),
    "target": Named(_l("Mức nghe rõ lời"), "dB", _l("Nơi nào ồn hơn thì lấy mức cao hơn tiếng ồn nền.")),
    "above_ambient": Named(_l("Phải hơn tiếng ồn nền"), "dB"),
    "crest": Named(_l("Trừ cho lời nói và nấc biến áp"), "dB"),
    "absorption": Named(
        _l("Không khí hấp thụ"), "dB/km", _l("Để trống thì tính theo thời tiết dưới đây (ISO 9613-1).")
    ),
    "temperature": Named(_l("Nhiệt độ"), "°C"),
    "humidity": Named(_l("Độ ẩm"), "%"),
    "pressure": Named(_l("Áp suất"), "kPa"),
    "band": Named(_l("Dải tần của độ rõ lời"), "Hz"),
    "directivity_floor": Named(_l("Phía sau loa giảm nhiều nhất"), "dB"),
    "echo_within": Named(_l("Coi là vọng khi hai loa chênh nhau dưới"), "dB"),
    "echo_ms": Named(_l("và đến cách nhau trên"), "ms"),
    "thing_accuracy": Named(_l("Sai số vị trí của công trình khi máy không ghi"), "m"),
    "place_accuracy": Named(_l("Sai số vị trí của nơi bỏ phiếu"), "m"),
    "read_target": Named(_l("Tầm đọc tính theo")),
    "by_night": Named(_l("Tầm đọc tính cho")),
    "furthest": Named(_l("Đọc được tới, lần chiều cao chữ"), "×"),
    "comfort": Named(_l("Đọc thoải mái tới, lần chiều cao chữ"), "×"),
    "diacritics": Named(_l("Chữ có dấu cần cao hơn"), "×"),
    "one_line": Named(_l("Chiều cao chữ so với mặt một dòng"), "×"),
    "two_lines": Named(_l("Chiều cao chữ so với mặt hai dòng"), "×"),
    "widest": Named(_l("Nhìn chếch nhiều nhất"), "°"),
    "night": Named(_l("Ban đêm không có đèn, tầm đọc còn"), "×"),
    "seconds": Named(_l("Thời gian để đọc"), "s"),
}
