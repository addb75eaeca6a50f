"""Fields that several forms share read what offices type, and nothing else."""

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms.validators import InputRequired

from inventory.fields import FILL, Form, LineField, WholeField

Fill = Callable[..., Form]


class Sample(Form):
    """One field of each."""

    class Meta(Form.Meta):
        """No token is needed here."""

        csrf = False

    name = LineField(validators=[InputRequired(FILL)])
    number = WholeField()


@pytest.fixture
def fill(tmp_path) -> Fill:
    from app import create_app

    app: Flask = create_app({"TRUCQUAN_DATA": str(tmp_path)})

    def make(**typed: str) -> Form:
        with app.test_request_context(method="POST"):
            form = Sample(MultiDict(typed))
            form.validate()
            return form

    return make


@pytest.mark.parametrize(
    ("typed", "read"), [("1200", 1200), ("1.200", 1200), ("1.234.567", 1_234_567), ("-3", -3), ("", None)]
)
def test_whole_numbers(fill: Fill, typed: str, read: int | None) -> None:
    form = fill(name="x", number=typed)
    assert form.number.data == read
    assert not form.number.errors


@pytest.mark.parametrize("typed", ["1.5", "1,5", "12.34", "1..200", "1.2000", "x", "9" * 30, "٣"])
def test_what_is_no_whole_number_is_told(fill: Fill, typed: str) -> None:
    assert fill(name="x", number=typed).number.errors


@pytest.mark.parametrize("typed", ["", "   ", "\u200b", "\n"])
def test_blanks_alone_fill_in_nothing(fill: Fill, typed: str) -> None:
    assert fill(name=typed).name.errors == ["Hãy điền chỗ này."]
