"""The manifest: of the photos that phones have told for a thing, how many are here. Reads only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from inventory.database import db
from inventory.tables.field import ExpectedPhoto
from inventory.vocabulary import PhotoState

#: The code of a told photo that its person took back before its bytes were here: nobody waits for it.
CALLED_OFF = "called_off"


@dataclass(frozen=True)
class Manifest:
    """Photos told for one thing: `here` are complete by their hash, `refused` can never come."""

    told: int
    here: int
    refused: int = 0

    @property
    def complete(self) -> bool:
        """Whether every told photo is here."""
        return self.here == self.told

    @property
    def on_its_way(self) -> int:
        """Photos that are still on a phone."""
        return self.told - self.here - self.refused


def of(installation_ids: Iterable[str]) -> Mapping[str, Manifest]:
    """The manifests of things that have one; what was sent from a form was never told and is not in it."""
    ids = list(installation_ids)
    if not ids:
        return {}
    counted: dict[str, dict[PhotoState, int]] = {}
    rows = db.session.execute(
        select(ExpectedPhoto.installation_id, ExpectedPhoto.state, func.count())
        .where(ExpectedPhoto.installation_id.in_(ids), ExpectedPhoto.code != CALLED_OFF)
        .group_by(ExpectedPhoto.installation_id, ExpectedPhoto.state)
    )
    for number, state, count in rows:
        counted.setdefault(str(number), {})[state] = count
    return {
        number: Manifest(
            sum(states.values()), states.get(PhotoState.COMPLETE, 0), states.get(PhotoState.REFUSED, 0)
        )
        for number, states in counted.items()
    }
