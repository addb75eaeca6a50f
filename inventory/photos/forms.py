"""The photo boxes of a form: one for each role, several files in each."""

from collections.abc import Iterable

from flask import request
from flask_babel import gettext

from inventory.outcomes import Problem
from inventory.pages import say
from inventory.photos.intake import Received, Upload, with_name
from inventory.vocabulary import PhotoRole

#: How the names of the boxes begin; a form with several things puts the thing's name in front.
BOX = "photo-"


def uploads_of(box: str) -> list[Upload]:
    """The files of this request whose boxes begin with a name, by role."""
    return [
        Upload(role, file.filename or "", file.stream)
        for role in PhotoRole
        for file in request.files.getlist(f"{box}{role.value}")
    ]


def sentence_of(note: Problem) -> str:
    """A note about one file, with its name."""
    name = dict(note.values).get("file", "")
    if not name:
        return say(note)
    return str(gettext("%(file)s: %(problem)s", file=name, problem=say(note)))


def sentences_of(received: Iterable[Received]) -> list[str]:
    """What was wrong with each file that was not kept."""
    told = [sentence_of(with_name(one.problem, one.name)) for one in received if one.problem]
    return told or [str(gettext("Chưa chọn ảnh nào."))]
