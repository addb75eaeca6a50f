"""Applying one entry to the records, by the same actions as the web's forms.

    apply(actor, campaign, entry: Decoded, context: Context) -> Verdict

`actor` is who has the rights: the entry's own person at a push and at an import of a rescue file, the one
who decides when a case is settled. `Context(person_id, device_id)` says whose entry it is; for a case add
`newest=True` (what stands now is the base: the phone's values win), `place=<id>` for another place,
`fields={…}` for only some of an amendment's fields. Everything happens in a savepoint: a verdict that is
not `applied` leaves nothing behind. The entry's row must be in `field_entry` already (photos refer to it).

    waiting.reapply(actor, campaign, row: FieldEntry, context) -> Verdict

does that for a stored row, and when it is applied writes the outcome into the row (its case stays the
caller's) and applies what waited for it. Both belong inside a caller's `@database.action`.
OperationalError (the disk, a lock) goes up and ends the whole transaction; whatever else happens inside
an entry is its own verdict.
"""

import logging
from collections.abc import Callable

from sqlalchemy.exc import OperationalError

from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.database import db
from inventory.errors import Unseen
from inventory.outcomes import Problem
from inventory.sync import pictures, things, visits
from inventory.sync.bodies import decode
from inventory.sync.places import Context, area_of
from inventory.sync.said import Came, Decoded
from inventory.sync.verdicts import Verdict, held, refused
from inventory.tables.field import FieldEntry
from inventory.vocabulary import EntryAct

__all__ = ["Context", "Decoded", "apply", "decoded"]

_log = logging.getLogger("trucquan")
_Apply = Callable[[Actor, CampaignSeen, Decoded, Context], Verdict]
_APPLY: dict[EntryAct, _Apply] = {
    EntryAct.ANSWER: visits.answer,
    EntryAct.FINISH: visits.finish,
    EntryAct.RECORD: things.record,
    EntryAct.AMEND: things.change,
    EntryAct.CONFIRM: things.change,
    EntryAct.MOVE: things.change,
    EntryAct.PHOTO: pictures.photo,
    EntryAct.WITHDRAW: pictures.withdraw,
}


def apply(actor: Actor, campaign: CampaignSeen, entry: Decoded, context: Context) -> Verdict:
    """Decide one entry and, where it may be, write it."""
    if entry.act is None or entry.said is None:
        return refused(entry.problem or Problem("unreadable", ""))
    point = db.session.begin_nested()
    try:
        verdict = _APPLY[entry.act](actor, campaign, entry, context)
        if verdict.applied:
            point.commit()
        else:
            point.rollback()
    except OperationalError:
        raise
    except Unseen as error:
        point.rollback()
        # What it names is there but not this person's, or has gone between two looks.
        return held("moved_away" if error.subject == "area" else "place_gone", area_of(entry))
    except Exception as error:
        point.rollback()
        # Its words may stand in the message of a database's error: only the kind is logged.
        _log.error("entry %s of %s failed: %s", entry.act, entry.id, type(error).__name__)
        return held("failed", area_of(entry))
    return verdict


def decoded(row: FieldEntry) -> Decoded:
    """A stored entry as it was read."""
    return decode(Came(row.id, row.sha256, row.body))
