"""Reading the bodies of entries: what each act says, from the phone's JSON text. Pure.

`decode` never raises: what cannot be read is a Decoded with a `problem`, so that one bad entry stops nobody.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from inventory.errors import BadInput
from inventory.installations.fixes import Fix, usable
from inventory.installations.record import FIELDS, POSITION
from inventory.outcomes import Problem
from inventory.strict_json import strict_json
from inventory.surveys.numbers import Details, Sent
from inventory.sync.rules import LONGEST_BODY
from inventory.sync.said import (
    AmendSaid,
    AnswerSaid,
    Came,
    ConfirmSaid,
    Decoded,
    FinishSaid,
    MoveSaid,
    Near,
    PhotoSaid,
    Place,
    RecordSaid,
    Said,
    WithdrawSaid,
)
from inventory.sync.words import NotRead, Words
from inventory.vocabulary import Condition, EntryAct, Lifecycle, Zone

QUICK = frozenset({"", "same", "enough", "none"})
LONGEST_NOTE = 500
#: What a person may say of a record; where it lies and its steps are said in other ways.
AMENDABLE = frozenset(FIELDS) - {*POSITION, "area_id", "venue_id", "lifecycle"}
_WHOLE = frozenset({"quantity", "working", "sides", "horns", "slogan_id"})
_NUMBERS = frozenset({"azimuth", "width_m", "height_m", "watts"})
_VOCABULARY = {"zone": Zone, "condition": Condition, "lifecycle": Lifecycle}


def decode(entry: Came) -> Decoded:
    """Read one entry; problems are `damaged` (its hash is another) and `unreadable`."""
    found = Decoded(entry.id, entry.sha256, entry.body)
    if hashlib.sha256(entry.body.encode("utf-8", "surrogatepass")).hexdigest() != entry.sha256:
        return _with(found, Problem("damaged", ""))
    try:
        told = strict_json(entry.body, longest=LONGEST_BODY)
    except BadInput as error:
        return _with(found, Problem("unreadable", "", error.code))
    if not isinstance(told, dict):
        return _with(found, Problem("unreadable", ""))
    return _read(found, Words(told))


def _with(found: Decoded, problem: Problem) -> Decoded:
    return Decoded(found.id, found.sha256, found.body, problem=problem)


def _read(found: Decoded, words: Words) -> Decoded:
    act: EntryAct | None = None
    about: str | None = None
    made_at = area_id = None
    campaign, problem, said = "", None, None
    try:
        act = words.word("act", EntryAct)
        if act is None:
            raise NotRead("act")
        made_at, campaign, area_id = words.moment("made_at"), words.text("campaign"), words.whole("area")
        read, name = _READERS[act]
        about = words.identity(name)
        said = read(words)
    except NotRead as error:
        problem = Problem("unreadable", "", error.field)
    return Decoded(
        found.id, found.sha256, found.body, act, said, campaign[:32], area_id, made_at, about, problem
    )


def _answer(words: Words) -> AnswerSaid:
    details = words.inner("details")
    quick, note = words.text("quick"), details.text("note")
    if quick not in QUICK:
        raise NotRead("quick")
    if len(note) > LONGEST_NOTE:
        raise NotRead("note")
    return AnswerSaid(
        visit=words.needed_id("visit"),
        place=words.whole("place"),
        key=words.text("key"),
        sent=Sent(
            quick=quick,
            kind=words.text("kind"),
            found=words.whole("found"),
            working=words.whole("working"),
            condition=words.word("condition", Condition),
            details=Details(
                slogan_id=details.whole("slogan_id"),
                azimuth=details.number("azimuth"),
                width_m=details.number("width_m"),
                height_m=details.number("height_m"),
                note=note,
            ),
        ),
        extra=words.flag("extra"),
        base=words.versions("base"),
        after=words.identity("after"),
        new=words.identities("new"),
        position=_position(words),
        near=_near(words),
    )


def _finish(words: Words) -> FinishSaid:
    zones = words.told.get("empty_zones") or []
    if not isinstance(zones, list) or not all(zone in set(Zone) for zone in zones if isinstance(zone, str)):
        raise NotRead("empty_zones")
    return FinishSaid(
        visit=words.needed_id("visit"),
        place=words.whole("place"),
        empty_zones=frozenset(Zone(zone) for zone in zones if isinstance(zone, str)),
        note=words.text("note")[:LONGEST_NOTE],
        answers=words.whole("answers"),
    )


def _record(words: Words) -> RecordSaid:
    return RecordSaid(
        installation=words.needed_id("installation"),
        place=words.whole("place"),
        fields=_fields(words, AMENDABLE | {"lifecycle"}),
        position=_position(words),
        near=_near(words),
    )


def _amend(words: Words) -> AmendSaid:
    return AmendSaid(*_seen(words), _fields(words, AMENDABLE), _position(words))


def _confirm(words: Words) -> ConfirmSaid:
    return ConfirmSaid(*_seen(words))


def _move(words: Words) -> MoveSaid:
    step = words.word("step", Lifecycle)
    if step is None:
        raise NotRead("step")
    return MoveSaid(*_seen(words), step, words.text("note")[:LONGEST_NOTE])


def _seen(words: Words) -> tuple[str, int, str | None]:
    return words.needed_id("installation"), words.whole("base") or 0, words.identity("after")


def _photo(words: Words) -> PhotoSaid:
    shown = words.inner("of")
    installation, answer = shown.identity("installation"), shown.identity("answer")
    if installation is None and answer is None:
        raise NotRead("of")
    return PhotoSaid(
        photo=words.needed_id("photo"),
        installation=installation,
        answer=answer,
        sha256=words.hash("sha256"),
        size=words.whole("size") or 0,
        role=words.text("role"),
        name=words.text("name"),
        taken_at=words.moment("taken_at"),
        origin=words.text("origin"),
        reason=words.text("reason"),
        fix=_fix(words.inner("fix")),
    )


def _withdraw(words: Words) -> WithdrawSaid:
    return WithdrawSaid(words.needed_id("photo"), words.text("reason"), words.text("text"))


def _fields(words: Words, names: frozenset[str]) -> dict[str, Any]:
    """The fields that are said, as a record holds them; null is "no longer known"."""
    inner = words.inner("fields")
    found: dict[str, Any] = {}
    for name in inner.told:
        if name not in names:
            continue
        if name in _WHOLE:
            found[name] = inner.whole(name)
        elif name in _NUMBERS:
            found[name] = inner.number(name)
        elif name in _VOCABULARY:
            found[name] = inner.word(name, _VOCABULARY[name])
        else:
            found[name] = inner.text(name)
        if found[name] is None and name in _NEVER_NULL:
            raise NotRead(name)
    return found


_NEVER_NULL = frozenset({"kind_code", "quantity", "working", "condition", "lifecycle"})


def _fix(told: Words) -> Fix | None:
    """A device's words; a useless fix is none and never an error."""
    try:
        lat, lon = told.number("lat"), told.number("lon")
        if lat is None or lon is None:
            return None
        return usable(Fix(lat, lon, told.number("accuracy_m"), told.number("age_s")))
    except NotRead:
        return None


def _position(words: Words) -> Place:
    told = words.inner("position")
    tap = told.inner("tap")
    lat, lon = tap.number("lat"), tap.number("lon")
    point = (lat, lon) if lat is not None and lon is not None else None
    return Place(_fix(told.inner("fix")), point, told.text("reason"))


def _near(words: Words) -> Near:
    return tuple((row.needed_id("other"), row.flag("same")) for row in words.rows("near"))


_READERS: Mapping[EntryAct, tuple[Callable[[Words], Said], str]] = {
    EntryAct.ANSWER: (_answer, "visit"),
    EntryAct.FINISH: (_finish, "visit"),
    EntryAct.RECORD: (_record, "installation"),
    EntryAct.AMEND: (_amend, "installation"),
    EntryAct.CONFIRM: (_confirm, "installation"),
    EntryAct.MOVE: (_move, "installation"),
    EntryAct.PHOTO: (_photo, "photo"),
    EntryAct.WITHDRAW: (_withdraw, "photo"),
}
