"""Names of wards on the printed map: each where it covers neither another name nor many marks. Pure.

A name that finds no room becomes a number, and the number stands with the name in the key.
Widths are estimated from the type size (0.6 of it a letter), a little more than Be Vietnam Pro takes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: Millimetres of a typographic point, and the width of a letter and height of a line in type sizes.
POINT = 0.3528
_LETTER, _LINE = 0.6, 1.35


@dataclass(frozen=True)
class Name:
    """A name that wants to stand at (x, y); the larger its `room` the earlier it chooses."""

    text: str
    x: float
    y: float
    room: float


@dataclass(frozen=True)
class Label:
    """A text in a rectangle round (x, y), millimetres. `key` is the name that a number stands for."""

    text: str
    x: float
    y: float
    width: float
    height: float
    key: str = ""

    def meets(self, other: "Label") -> bool:
        """Whether the rectangles have a point in common."""
        return (
            abs(self.x - other.x) * 2 < self.width + other.width
            and abs(self.y - other.y) * 2 < self.height + other.height
        )


def lay(
    names: Iterable[Name],
    marks: Sequence[tuple[float, float]],
    box: tuple[float, float],
    point: float,
    taken: Sequence[Label] = (),
) -> tuple[Label, ...]:
    """The labels of the names, in the order of their room; `box` is (width, height), `point` the type size.

    `taken` are rectangles in which nothing may stand (the scale bar, the arrow).
    """
    laid: list[Label] = []
    height, letter = _LINE * point * POINT, _LETTER * point * POINT
    for name in sorted(names, key=lambda one: (-one.room, one.text, one.x, one.y)):
        width = letter * len(name.text) + 1.0
        free = [
            label
            for dx, dy in _steps(width, height)
            if _fits(label := Label(name.text, name.x + dx, name.y + dy, width, height), box)
            and not any(label.meets(other) for other in (*laid, *taken))
        ]
        if free:
            laid.append(min(free, key=lambda label: _cost(label, name, marks)))
        else:
            number = str(1 + sum(bool(label.key) for label in laid))
            small = (letter * len(number) + 1.0, height)
            laid.append(_nearest(Label(number, name.x, name.y, *small, key=name.text), laid, taken))
    return tuple(laid)


def _steps(width: float, height: float) -> list[tuple[float, float]]:
    """Where a name may stand, from its point."""
    across = (0.0, -0.3 * width, 0.3 * width, -0.55 * width, 0.55 * width)
    return [(dx, row * height) for row in (0, -1, 1, -2, 2) for dx in across]


def _fits(label: Label, box: tuple[float, float]) -> bool:
    return (
        label.width / 2 <= label.x <= box[0] - label.width / 2
        and label.height / 2 <= label.y <= box[1] - label.height / 2
    )


def _cost(label: Label, name: Name, marks: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
    """What a label covers, and how far it is from its point."""
    covered = sum(
        abs(x - label.x) * 2 < label.width + 1.5 and abs(y - label.y) * 2 < label.height + 1.5
        for x, y in marks
    )
    away = abs(label.x - name.x) / 6 + abs(label.y - name.y) / 4
    return 3 * covered + away, label.y, label.x


def _nearest(label: Label, laid: Sequence[Label], taken: Sequence[Label]) -> Label:
    """A number beside its point where the point itself is covered; on it where everything is."""
    for ring in range(5):
        for dx, dy in ((0, 0), (0, -1), (0, 1), (-1, 0), (1, 0), (-1, -1), (1, 1), (-1, 1), (1, -1)):
            moved = Label(
                label.text,
                label.x + dx * ring * label.width,
                label.y + dy * ring * label.height,
                label.width,
                label.height,
                label.key,
            )
            if not any(moved.meets(other) for other in (*laid, *taken)):
                return moved
    return label
