"""A plan as rows and JSON, and back as lines. Pure: plain values on both sides."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from inventory.vocabulary import GapReason, LineAction
from maps.investment.lines import Line, Sentence
from maps.plan.lining import Entry
from maps.plan.result import PlanResult
from maps.plan.terms import World

LANGUAGES = ("vi", "en")


def line_words(line: Line) -> dict[str, Any]:
    """A line as JSON holds it."""
    said = asdict(line)
    said["action"] = line.action.value
    said["reason"] = line.reason.value if line.reason else None
    said["why"] = [[one.message, [list(pair) for pair in one.values]] for one in line.why]
    return said


def line_of(said: Mapping[str, Any]) -> Line:
    """The line that was written by `line_words`."""
    values = dict(said)
    values["action"] = LineAction(values["action"])
    values["reason"] = GapReason(values["reason"]) if values["reason"] else None
    values["why"] = tuple(
        Sentence(message, tuple((name, value) for name, value in pairs)) for message, pairs in values["why"]
    )
    return Line(**values)


def summary(world: World, result: PlanResult) -> dict[str, Any]:
    """What a plan's page says above its lines."""
    proof, fair = result.proof, result.fairness
    return {
        "works": result.works,
        "total": result.total,
        "voters": result.voters,
        "guessed": result.guessed,
        "newly_met": result.newly_met,
        "open": result.open,
        "proof": {**asdict(proof), "share": proof.share},
        "reached": [{**asdict(one), "channel": one.channel.value} for one in result.reached],
        "wards": [asdict(ward) for ward in result.wards],
        "funds": [
            {"id": fund.id, "name": fund.name, "cap": fund.cap, "amount": dict(result.funds).get(fund.id, 0)}
            for fund in world.inputs.funds
            if result.ask.funds is None or fund.id in result.ask.funds
        ],
        "fairness": asdict(fair) if fair else None,
        "knee": result.knee,
        "unled": list(result.unled),
        "today": world.today.isoformat(),
        "days_left": world.days_left,
        "run_day": world.facts.read_at.isoformat(),
        "facts": world.facts.version,
        "model": world.reach.model.scalars.model.value,
    }


def line_rows(plan_id: int, by_language: Mapping[str, Sequence[Entry]]) -> list[dict[str, Any]]:
    """Rows of plan_line; the entries of both languages are the same lines in the same order."""
    rows = []
    for position, entries in enumerate(zip(*(by_language[word] for word in LANGUAGES), strict=True)):
        entry = entries[0]
        choice, line = entry.choice, entry.line
        rows.append(
            {
                "plan_id": plan_id,
                "position": position,
                "key": choice.key,
                "part": "priced" if entry.priced else "covered",
                "area_id": line.area_id,
                "place_id": line.place_id,
                "requirement_id": line.requirement_id,
                "kind_code": line.kind,
                "action": line.action,
                "units": line.quantity or line.from_store + line.shared,
                "amount": line.amount,
                "alone": choice.alone if entry.first else None,
                "beside": choice.beside if entry.first else None,
                "phase": choice.phase,
                "lat": choice.candidate.lat,
                "lon": choice.candidate.lon,
                "said": {word: line_words(one.line) for word, one in zip(LANGUAGES, entries, strict=True)},
                "more": _more(entry) if entry.first else {},
            }
        )
    return rows


def _more(entry: Entry) -> dict[str, Any]:
    choice = entry.choice
    return {
        "serves": list(choice.serves),
        "channel": choice.channel.value if choice.channel else None,
        "funds": [list(pair) for pair in choice.funds],
        "site": choice.candidate.site,
        "thing": choice.candidate.thing,
        "lead_days": choice.candidate.lead_days,
        "copies": choice.copies,
        "cost": choice.cost,
    }


def left_rows(plan_id: int, result: PlanResult) -> list[dict[str, Any]]:
    """Rows of plan_left."""
    return [
        {
            "plan_id": plan_id,
            "position": position,
            "area_id": one.want.area_id,
            "place_id": one.want.place_id,
            "neighbourhood_id": one.want.neighbourhood_id,
            "requirement_id": one.want.requirement_id,
            "mandatory": one.want.mandatory,
            "missing": one.want.missing,
            "voters": one.want.voters,
            "guessed": one.want.guessed,
            "cost": one.cost,
            "skip": one.skip.value if one.skip else "",
            "pushes": list(one.pushes),
            "lost": one.lost,
        }
        for position, one in enumerate(result.left)
    ]


def point_rows(plan_id: int, result: PlanResult) -> list[dict[str, Any]]:
    """Rows of plan_point."""
    return [{"plan_id": plan_id, "number": at, **asdict(point)} for at, point in enumerate(result.curve)]
