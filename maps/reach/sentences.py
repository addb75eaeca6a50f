"""A sentence that a pure file says and a page translates: a msgid and the values of its placeholders."""

from dataclasses import dataclass

Value = str | int | float


@dataclass(frozen=True)
class Sentence:
    """`message` is a msgid in Vietnamese; `values` fill its `%(name)s`, numbers unwritten still."""

    message: str
    values: tuple[tuple[str, Value], ...] = ()


def sentence(message: str, **values: Value) -> Sentence:
    """Make a sentence; the message is collected as a msgid by its call."""
    return Sentence(message, tuple(values.items()))
