"""Why a line is there: whole sentences with their values, in the language of the list."""

from inventory.facts import RequirementFact
from inventory.vocabulary import Figure, LineAction
from inventory.wording import metres, number
from maps.coverage.gaps import Gap
from maps.investment.lines import Sentence, sentence


class Whys:
    """Sentences of one list; numbers, distances and names in its language (vi, en)."""

    def __init__(self, locale: str) -> None:
        self._locale = locale

    def number(self, value: int) -> str:
        """A count as the list writes it."""
        return number(value, locale=self._locale)

    def name(self, vietnamese: str, english: str) -> str:
        """A name of the data; Vietnamese where it has no English."""
        return english if self._locale.startswith("en") and english else vietnamese

    def need(
        self, gap: Gap, requirement: RequirementFact, missing: int, figure: Figure
    ) -> tuple[Sentence, ...]:
        """What is asked, what works, what is missing."""
        working = gap.working if figure is Figure.REPORTED else gap.verified
        figures = {
            "requirement": self.name(requirement.name_vi, requirement.name_en),
            "needed": self.number(gap.needed),
            "working": self.number(working),
            "missing": self.number(missing),
        }
        if requirement.within_m is None:
            said = sentence(
                "%(requirement)s: cần %(needed)s, dùng tốt %(working)s, còn thiếu %(missing)s.", **figures
            )
        else:
            within = metres(requirement.within_m, locale=self._locale)
            said = sentence(
                "%(requirement)s trong %(within)s: cần %(needed)s, dùng tốt %(working)s,"
                " còn thiếu %(missing)s.",
                within=within,
                **figures,
            )
        if gap.voters_unknown:
            return said, sentence("Chưa biết số cử tri nên tính theo mức tối thiểu.")
        return (said,)

    def mending(self, action: LineAction, units: int) -> tuple[Sentence, ...]:
        """What is done with broken things on the spot."""
        if action is LineAction.REPAIR:
            return (sentence("Tại chỗ có %(units)s hỏng, sửa được.", units=self.number(units)),)
        if action is LineAction.REPLACE:
            return (sentence("Tại chỗ có %(units)s hỏng, phải thay.", units=self.number(units)),)
        return ()

    def nearest(self, gap: Gap) -> tuple[Sentence, ...]:
        """How far the nearest working thing of the kind is."""
        if gap.untold:
            return (sentence("Khoảng cách đến thứ gần nhất không hiển thị: nơi hạn chế."),)
        if gap.nearest_m is None:
            return (sentence("Chưa rõ thứ gần nhất còn dùng tốt ở đâu."),)
        distance = metres(gap.nearest_m, locale=self._locale)
        return (sentence("Thứ gần nhất còn dùng tốt cách %(distance)s.", distance=distance),)

    def supply(self, from_store: int, shared: int) -> tuple[Sentence, ...]:
        """What needs no money."""
        said = []
        if from_store:
            said.append(sentence("Lấy %(units)s từ kho của phường, xã.", units=self.number(from_store)))
        if shared:
            said.append(
                sentence(
                    "Dùng chung %(units)s với khu vực bỏ phiếu khác ở cùng địa điểm.",
                    units=self.number(shared),
                )
            )
        return tuple(said)

    def no_price(self) -> tuple[Sentence, ...]:
        """No row, or a price by m² for a kind without a default face."""
        return (sentence("Sổ giá chưa có đơn giá dùng được cho việc này."),)

    def verify(self, gap: Gap, requirement: RequirementFact) -> tuple[Sentence, ...]:
        """Things that are reported and wait for the office."""
        return (
            sentence(
                "%(requirement)s: cần %(needed)s, báo cáo dùng tốt %(working)s, đã xác minh %(verified)s;"
                " cần xác minh trước khi mua.",
                requirement=self.name(requirement.name_vi, requirement.name_en),
                needed=self.number(gap.needed),
                working=self.number(gap.working),
                verified=self.number(gap.verified),
            ),
        )

    def survey(self, unanswered: int, asked: int) -> tuple[Sentence, ...]:
        """Nobody has looked yet."""
        return (
            sentence(
                "Chưa khảo sát %(unanswered)s trong %(asked)s yêu cầu.",
                unanswered=self.number(unanswered),
                asked=self.number(asked),
            ),
        )
