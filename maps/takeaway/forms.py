"""What a map to take away shows, as a form that is sent with GET."""

from collections.abc import Iterable

from wtforms import BooleanField, HiddenField, SelectField
from wtforms.validators import Optional, Regexp

from inventory.fields import Form
from inventory.labels import FIGURES
from inventory.vocabulary import Figure
from maps.takeaway.paper import Paper


class TakeForm(Form):
    """Figure, ward, paper and whether the sheet is followed by its list; every field may stay empty."""

    class Meta(Form.Meta):
        """A form that changes nothing needs no token."""

        csrf = False

    figure = SelectField(default=Figure.REPORTED.value, choices=list(FIGURES.items()))
    ward = SelectField(default="")
    paper = SelectField(default=Paper.A4.value, choices=[(word.value, word.value) for word in Paper])
    list = BooleanField()
    plan = HiddenField(validators=[Optional(), Regexp(r"(?a)\A\d{1,9}\Z")])

    def offer(self, wards: Iterable[int]) -> None:
        """The wards that may be chosen."""
        self.ward.choices = [("", ""), *((str(number), "") for number in wards)]

    def wrong(self) -> str:
        """The first field whose value no screen sends; "" when all may be used."""
        return "" if self.validate() else next(iter(self.errors)) or ""

    def chosen_figure(self) -> Figure:
        """The figure of the map."""
        return Figure(self.figure.data or Figure.REPORTED.value)

    def chosen_ward(self) -> int | None:
        """The ward that the map is cut to."""
        return int(self.ward.data) if self.ward.data else None

    def chosen_plan(self) -> int | None:
        """The plan that is laid over the map."""
        return int(self.plan.data) if self.plan.data else None

    def chosen_paper(self) -> Paper:
        """The size of the sheet."""
        return Paper(self.paper.data or Paper.A4.value)
