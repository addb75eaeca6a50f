"""Flags: what the office should look at before it verifies; they warn and never block.

Pure; the survey page, the installation's page and the review queue ask the same functions.
"""

from collections.abc import Iterator
from enum import StrEnum

from inventory.geodesy import distance_m, distance_outside_m
from inventory.installations.limits import Limits, limits
from inventory.installations.record import Record
from inventory.installations.rules import KindSeen, Surroundings
from inventory.outcomes import Problem
from inventory.vocabulary import STANDING, PositionSource, Zone
from inventory.wording import matches


class FlagCode(StrEnum):
    """Every flag there is, in the order in which they are told."""

    WITHDRAWN = "withdrawn_slogan"
    TEXT_DIFFERS = "text_differs"
    OUTSIDE_WARD = "outside_ward"
    FAR_FROM_VENUE = "far_from_venue"
    NEAR_DUPLICATE = "near_duplicate"
    FIX_APART = "fix_apart"
    POOR_ACCURACY = "poor_accuracy"
    NO_PHOTO = "no_photo"


#: A flag is a problem that blocks nothing: `code` is a FlagCode, `message` a msgid with its values.
Flag = Problem


def flags(record: Record, kind: KindSeen, around: Surroundings) -> tuple[Flag, ...]:
    """What a person should look at; positions and photos only matter while the thing stands."""
    found = [*_text(record, kind, around)]
    if record.lifecycle in STANDING and record.quantity > 0:
        most = limits()
        found += [*_spot(record, around, most), *_twice(record, kind, around)]
        found += [*_apart(around, most), *_fix(record, most)]
        if around.photos == 0:
            found.append(Flag(FlagCode.NO_PHOTO, "Chưa có ảnh."))
    return tuple(found)


def _text(record: Record, kind: KindSeen, around: Surroundings) -> Iterator[Flag]:
    slogan = around.slogan
    if slogan is None or not kind.texted:
        return
    if slogan.withdrawn_on is not None:
        yield Flag(
            FlagCode.WITHDRAWN,
            "Khẩu hiệu số %(number)s đã thu hồi.",
            "slogan_id",
            (("number", slogan.number),),
        )
    if record.shown_text and not same_text(record.shown_text, slogan.text):
        yield Flag(FlagCode.TEXT_DIFFERS, "Chữ trên thực tế khác danh mục.", "shown_text")


def same_text(shown: str, catalogue: str) -> bool:
    """Whether two texts say the same words: capitals, line breaks and end marks make no difference."""
    one, other = (" ".join(text.split()).rstrip(" .!…") for text in (shown, catalogue))
    return matches(one, other) == 0 and matches(other, one) == 0


def _spot(record: Record, around: Surroundings, most: Limits) -> Iterator[Flag]:
    point = record.position
    if point is None or record.position_source is PositionSource.VENUE:
        return
    blur = min(record.accuracy_m or 0.0, most.far_from_venue_m)
    if around.boundary is not None:
        outside = distance_outside_m(around.boundary, *point)
        if outside > blur + most.ward_tolerance_m:
            yield Flag(
                FlagCode.OUTSIDE_WARD,
                "Ở ngoài ranh giới phường, xã %(metres)s m.",
                "lat",
                (("metres", round(outside)),),
            )
    # The way to a polling place is as long as it is; everything else stands at the place.
    if around.venue is not None and around.venue.point is not None and record.zone is not Zone.ROUTE:
        far = distance_m(around.venue.point, point)
        if far - blur > most.far_from_venue_m:
            yield Flag(
                FlagCode.FAR_FROM_VENUE,
                "Cách nơi bỏ phiếu %(metres)s m.",
                "lat",
                (("metres", round(far)),),
            )


def _twice(record: Record, kind: KindSeen, around: Surroundings) -> Iterator[Flag]:
    point = record.position
    # Points taken over from the venue are equal by themselves and prove nothing.
    if point is None or record.position_source is PositionSource.VENUE:
        return
    # What a person at the spot said to be another thing is not asked again; the answer is shown beside.
    another = {other for other, _who in around.another}
    near = [distance_m(point, other.point) for other in around.neighbours if other.id not in another]
    near = [metres for metres in near if metres <= kind.near_duplicate_m]
    if near:
        yield Flag(
            FlagCode.NEAR_DUPLICATE,
            "Cách một thứ cùng loại %(metres)s m: có thể ghi hai lần.",
            "lat",
            (("metres", round(min(near))),),
        )


def _apart(around: Surroundings, most: Limits) -> Iterator[Flag]:
    apart = around.evidence.apart_m if around.evidence else None
    if apart is not None and apart > most.fix_apart_m:
        yield Flag(
            FlagCode.FIX_APART,
            "Điểm chỉ trên bản đồ cách vị trí máy đo %(metres)s m.",
            "lat",
            (("metres", round(apart)),),
        )


def _fix(record: Record, most: Limits) -> Iterator[Flag]:
    if record.accuracy_m is not None and record.accuracy_m > most.poor_accuracy_m:
        yield Flag(
            FlagCode.POOR_ACCURACY,
            "Vị trí chỉ chính xác ± %(metres)s m.",
            "accuracy_m",
            (("metres", round(record.accuracy_m)),),
        )
