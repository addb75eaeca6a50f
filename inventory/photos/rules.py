"""Why a photo is taken back, and what follows from it. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from inventory.geodesy import Position, distance_m
from inventory.outcomes import Problem
from inventory.vocabulary import PhotoOrigin, WithdrawReason

#: Characters of a person's own words; with the reason's word they fit the column.
LONGEST_WHY = 250


@dataclass(frozen=True)
class Why:
    """A reason, and a person's own words where the reason does not say it."""

    reason: WithdrawReason
    text: str = ""

    def words(self) -> str:
        """As it is kept: the reason's word, then ": " and the text."""
        return f"{self.reason.value}: {self.text}" if self.text else self.reason.value


def is_private(kept: str) -> bool:
    """Whether a kept reason says that the picture shows what nobody may see: its files must go."""
    return kept.partition(":")[0] == WithdrawReason.PRIVATE.value


#: A fix this much further from the thing than its own blur is said; so is a clock this much ahead of ours,
#: and a picture this much older than its arrival (guesses: a banner is photographed from across the street,
#: and a day without network is ordinary).
FAR_M, AHEAD, OLD = 100.0, timedelta(minutes=10), timedelta(days=3)


@dataclass(frozen=True)
class Evidence:
    """What is known of how a photo came about; `fix` is the phone's at the shutter, `blur_m` its accuracy."""

    origin: PhotoOrigin | None
    reason: str
    taken_at: datetime | None
    received_at: datetime
    fix: Position | None
    blur_m: float | None


def distance_to(evidence: Evidence, thing: Position | None) -> float | None:
    """Metres between the phone at the shutter and the thing; None where one of both is not known."""
    if evidence.fix is None or thing is None:
        return None
    return distance_m(evidence.fix, thing)


def doubts(evidence: Evidence, thing: Position | None) -> tuple[Problem, ...]:
    """What a reviewer should know of a photo before believing it; none of it blocks anything."""
    found = []
    if evidence.origin is PhotoOrigin.GALLERY:
        found.append(
            Problem("gallery", "Từ thư viện ảnh: %(reason)s.", "photo", (("reason", evidence.reason),))
        )
    far = distance_to(evidence, thing)
    if far is not None and far > FAR_M + (evidence.blur_m or 0.0):
        found.append(
            Problem("far", "Chụp cách vị trí đã ghi %(metres)s m.", "photo", (("metres", round(far)),))
        )
    if evidence.taken_at is None:
        return tuple(found)
    if evidence.taken_at - evidence.received_at > AHEAD:
        found.append(Problem("clock", "Đồng hồ trên máy chạy trước giờ máy chủ.", "photo"))
    elif evidence.received_at - evidence.taken_at > OLD:
        days = (evidence.received_at - evidence.taken_at).days
        found.append(Problem("old", "Chụp trước khi nhận được %(days)s ngày.", "photo", (("days", days),)))
    return tuple(found)


def file_name(ward: str, number: int | None, zone: str, kind: str, role: str, nth: int) -> str:
    """A readable name in ASCII: "phuong-hong-ha-kvbp3-gate-banner-h-overview-01.jpg".

    `ward` comes without its marks (wording.fold), so that no phone or archive garbles the name.
    """
    place = f"kvbp{number}" if number is not None else ""
    words = "-".join(part for part in (ward, place, zone, kind.lower(), role) if part)
    plain = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in words)
    return f"{'-'.join(part for part in plain.split('-') if part)}-{nth:02d}.jpg"
