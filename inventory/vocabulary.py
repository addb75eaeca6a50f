"""The fixed words of the field: every enumeration that tables, rules and screens share.

Values are what the database and the files hold; `label_*` maps give the words that people read.
The words are msgids (Vietnamese), translated where they are shown.
Kinds, conditions that work and standards are data (tables), not words of this file.
"""

from enum import StrEnum


class Role(StrEnum):
    """Who a person is in the service (design §7)."""

    WARD_STAFF = "ward_staff"
    WARD_LEAD = "ward_lead"
    CULTURE_OFFICE = "culture_office"
    LEADER = "leader"
    AUDITOR = "auditor"
    ADMIN = "admin"


class AreaKind(StrEnum):
    """Administrative units, before and after 1 July 2025."""

    NATION = "nation"
    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    PHUONG = "phuong"
    XA = "xa"
    THI_TRAN = "thi_tran"
    DAC_KHU = "dac_khu"


#: Commune-level units: where ward staff work and what the map draws.
WARD_KINDS = frozenset({AreaKind.PHUONG, AreaKind.XA, AreaKind.THI_TRAN, AreaKind.DAC_KHU})


class VenueKind(StrEnum):
    """Venue types met in sources (domain §1.3)."""

    CULTURAL_HOUSE = "cultural_house"
    SCHOOL = "school"
    COMMITTEE_OFFICE = "committee_office"
    COMMUNAL_HOUSE = "communal_house"
    PAGODA = "pagoda"
    APARTMENT_ROOM = "apartment_room"
    PRIVATE_HOUSE = "private_house"
    HOSPITAL = "hospital"
    ARMED_FORCES = "armed_forces"
    DETENTION = "detention"
    INDUSTRIAL = "industrial"
    OTHER = "other"


class Zone(StrEnum):
    """Where at a polling place, or in a ward, a thing stands (domain §1.2)."""

    GATE = "gate"
    OUTSIDE = "outside"
    INSIDE = "inside"
    ROUTE = "route"
    PUBLIC = "public"
    MOBILE = "mobile"


#: Zones of a polling place, in the order a person walks; the others belong to the ward.
PLACE_ZONES = (Zone.GATE, Zone.OUTSIDE, Zone.INSIDE, Zone.ROUTE)
AREA_ZONES = (Zone.PUBLIC, Zone.MOBILE)


class Family(StrEnum):
    """Families of kinds (domain §1.5); fixed, while kinds are editable rows."""

    BANNER = "banner"
    BILLBOARD = "billboard"
    BOARD = "board"
    FLAG = "flag"
    DISPLAY = "display"
    AUDIO = "audio"
    INTERIOR = "interior"
    LIGHT = "light"


class Lifecycle(StrEnum):
    """Life of an installation (domain §6); allowed moves are in installations/rules.py."""

    PLANNED = "planned"
    APPROVED = "approved"
    IN_PRODUCTION = "in_production"
    INSTALLED = "installed"
    ACCEPTED = "accepted"
    IN_USE = "in_use"
    DISMANTLED = "dismantled"
    STORED = "stored"
    DISPOSED = "disposed"
    LOST = "lost"
    CANCELLED = "cancelled"


#: A thing can only work while it stands (design §6).
STANDING = frozenset({Lifecycle.INSTALLED, Lifecycle.ACCEPTED, Lifecycle.IN_USE})


class Condition(StrEnum):
    """State of the part that does not work, or of the whole (domain §6)."""

    GOOD = "good"
    FADED = "faded"
    DIRTY = "dirty"
    TORN = "torn"
    LOOSE = "loose"
    FALLEN = "fallen"
    OBSCURED = "obscured"
    TEXT_ERROR = "text_error"
    OUTDATED_CONTENT = "outdated_content"
    VANDALISED = "vandalised"
    INVERTED = "inverted"
    NO_POWER = "no_power"
    NO_SIGNAL = "no_signal"
    DISTORTED = "distorted"
    SILENT = "silent"
    MISSING = "missing"


class ReviewState(StrEnum):
    """Where the office's review of an installation stands, in one campaign."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    VERIFIED = "verified"


class ReturnReason(StrEnum):
    """Why the office returns an installation to who sent it."""

    PHOTO_BLURRED = "photo_blurred"
    NO_PHOTO = "no_photo"
    WRONG_TEXT = "wrong_text"
    WRONG_POSITION = "wrong_position"
    WRONG_COUNT = "wrong_count"
    WRONG_CONDITION = "wrong_condition"
    WRONG_KIND = "wrong_kind"
    TWICE = "twice"
    OTHER = "other"


class PositionSource(StrEnum):
    """How a position became known."""

    DEVICE = "device"
    MAP = "map"
    VENUE = "venue"
    IMPORT = "import"


class AppliesTo(StrEnum):
    """What a requirement is counted for."""

    PLACE = "place"
    AREA = "area"


class Figure(StrEnum):
    """The two honest figures (design §6)."""

    REPORTED = "reported"
    VERIFIED = "verified"


class Channel(StrEnum):
    """How a thing reaches people; the channels are never mixed into one share (domain §2.6)."""

    HEARING = "hearing"
    READING = "reading"
    PRESENCE = "presence"


class Certainty(StrEnum):
    """Whether something is reached, once the accuracy of positions is taken into account."""

    SURELY = "surely"
    PERHAPS = "perhaps"
    NOT = "not"


class GapReason(StrEnum):
    """Why a requirement is not met; the first that holds, in this order (design §6)."""

    NOT_SURVEYED = "not_surveyed"
    NOTHING_RECORDED = "nothing_recorded"
    BROKEN = "broken"
    WAITING = "waiting_for_verification"
    TOO_FAR = "too_far"


class PlaceState(StrEnum):
    """State of a place on mandatory requirements (design §6)."""

    NOT_SURVEYED = "not_surveyed"
    NONE = "none"
    PARTLY = "partly"
    COMPLETE = "complete"


class LineAction(StrEnum):
    """What an investment line asks for (design §6)."""

    BUY = "buy"
    REPLACE = "replace"
    REPAIR = "repair"
    VERIFY = "verify"
    SURVEY = "survey"


#: Actions that carry an amount; the others are listed apart.
PRICED_ACTIONS = frozenset({LineAction.BUY, LineAction.REPLACE, LineAction.REPAIR})


class WithdrawReason(StrEnum):
    """Why a photo is taken back; the files of a private one do not stay."""

    PRIVATE = "private"
    WRONG_PLACE = "wrong_place"
    BLURRED = "blurred"
    OTHER = "other"


class PhotoRole(StrEnum):
    """What a photo shows."""

    OVERVIEW = "overview"
    CLOSE_UP = "close_up"
    DEFECT = "defect"
    LABEL = "label"


class PhotoOrigin(StrEnum):
    """Where a phone took a photo from; the gallery asks for a reason."""

    CAMERA = "camera"
    GALLERY = "gallery"


class PhotoState(StrEnum):
    """Where a photo that a phone told of stands."""

    EXPECTED = "expected"
    COMPLETE = "complete"
    REFUSED = "refused"


class EntryAct(StrEnum):
    """What a person did on a phone; one entry is one of these (docs/sync.md)."""

    ANSWER = "answer"  # one item of a visit's checklist
    FINISH = "finish"  # "Xong nơi này"
    RECORD = "record"  # a new installation
    AMEND = "amend"  # fields of one
    CONFIRM = "confirm"  # it is still as recorded
    MOVE = "move"  # a step of its life
    PHOTO = "photo"  # a photo was taken; its bytes come apart
    WITHDRAW = "withdraw"  # a photo is taken back


class EntryOutcome(StrEnum):
    """What became of an entry; the stored one is answered to every replay (docs/sync.md)."""

    STORED = "stored"
    MERGED = "merged"  # stored beside another person's change of other fields
    CONFLICT = "conflict"  # the same field, or a thing that is gone: somebody has to decide
    REFUSED = "refused"  # the person has to correct it
    HELD = "held"  # kept for the office, outside both figures
    PARKED = "parked"  # waits for the entry that makes what it speaks of


class CaseState(StrEnum):
    """Whether an entry that needed a decision has one."""

    OPEN = "open"
    SETTLED = "settled"
