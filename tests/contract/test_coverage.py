"""Every statement of the two articles is said, and in the place where it belongs; every cue has enough to say."""

from __future__ import annotations

from collections import defaultdict

import pytest

from bot import paths
from bot.commands.coverage import table
from bot.guidance import choose
from bot.guidance.coverage import said_where, variety
from bot.guidance.entries import LineActor
from bot.guidance.library import CUES, library
from bot.reading.values import Actor, Coach, Cue, Evidence, PartnerMove, Reading, Safety, Side
from bot.safety.values import Lock, SafetyReading, clear

CLEARANCE = clear(Lock(), SafetyReading())


def items(*numbers: int) -> set[str]:
    return {f"A{number:02d}" for number in numbers}


# Where each statement that belongs to no cue is to come up; all the others belong to the answers to cues.
PLACES = {
    "opening": items(1, 2, 3, 5),
    "concept": items(6, 7, 11, 13, 14, 15, 16, 17),
    "hope": items(55, 56, 57, 63, 66, 67, 101, 106, 107, 110),
    "together": items(59, 61, 62, 68, 69, 70, 71),
    "expectation": items(92, 93, 94, 95, 97, 99, 100),
    "worksheet": items(*range(72, 87)),
    "follow-up": items(102, 103, 104, 105, 108),
    "pulse": items(96),
}
OF_NO_CUE = set().union(*PLACES.values())


def places() -> dict[str, set[str]]:
    found = defaultdict(set)
    for one in said_where():
        found[one.item].add(one.place)
    return found


@pytest.mark.parametrize(("place", "wanted"), PLACES.items(), ids=list(PLACES))
def test_what_belongs_to_a_place_is_said_there(place: str, wanted: set[str]) -> None:
    found = places()
    assert sorted(item for item in wanted if place not in found[item]) == []


@pytest.mark.parametrize("number", range(1, 112))
def test_every_statement_is_said_somewhere(number: int) -> None:
    item = f"A{number:02d}"
    expected = (
        {"cue answer", "concept", "worksheet", "hope", "expectation", "follow-up"} if item not in OF_NO_CUE else set(PLACES)
    )
    assert places()[item] & expected, f"{item} is said nowhere that somebody would come by"


def test_every_source_named_by_a_line_is_an_item() -> None:
    assert {one.item for one in said_where()} <= set(library().sources.items)


@pytest.mark.parametrize("actor", [LineActor.SELF, LineActor.PARTNER], ids=lambda actor: actor.value)
@pytest.mark.parametrize("cue", sorted(CUES))
def test_every_cue_has_enough_of_its_own(cue: str, actor: LineActor) -> None:
    counts = variety()[cue, actor]
    assert counts.pop("practice") >= 3
    assert {part: count for part, count in counts.items() if count < 4} == {}


def reading(cue: str, actor: LineActor) -> Reading:
    words = "these very words"
    pursues = cue.startswith("P")
    if actor is LineActor.SELF:
        side, whose, partner = (Side.PURSUE if pursues else Side.WITHDRAW), Actor.SELF, PartnerMove.NONE
        coach = Coach.ANXIOUS if pursues else Coach.AVOIDANT
    else:
        side, whose, partner = Side.NEITHER, Actor.PARTNER, (PartnerMove.PURSUE if pursues else PartnerMove.WITHDRAW)
        coach = Coach.AVOIDANT if pursues else Coach.ANXIOUS
    return Reading(side, whose, partner, coach, (Cue(cue, Evidence(0, len(words), words), whose),), 1.0, Safety.NONE)


@pytest.mark.parametrize("actor", [LineActor.SELF, LineActor.PARTNER], ids=lambda actor: actor.value)
@pytest.mark.parametrize("cue", sorted(CUES))
def test_ten_times_the_same_trouble_hears_ten_fitting_answers(cue: str, actor: LineActor) -> None:
    """All ten differ; the first four are about this cue through and through, and none is about nothing in particular."""
    said: list[str] = []
    answers = []
    for _ in range(10):
        card = choose.coach(reading(cue, actor), clearance=CLEARANCE, said=said, seed="the same person")
        answers.append(tuple(card.about["lines"]))
        said = [*(line for line in said if line not in card.lines), *card.lines]
    assert len(set(answers)) == 10
    of_the_cue = [sum(cue in library().find(line).cues for line in answer) for answer in answers]  # type: ignore[union-attr]
    assert min(of_the_cue[:4]) >= 4
    assert min(of_the_cue) >= 2


def test_no_line_of_a_cue_is_out_of_reach() -> None:
    """A line that fits neither who moved nor who faces it would never be said."""
    from bot.guidance.coverage import moment_for

    lost = []
    for lines in library().lines.values():
        for line in lines:
            moments = [moment_for(cue, actor) for cue in line.cues for actor in (LineActor.SELF, LineActor.PARTNER)]
            if (
                moments
                and line.actor not in (LineActor.BOTH, LineActor.DRAFT)
                and "{theirs}" not in line.text
                and "{other}" not in line.text
            ):
                lost += [] if any(moment.fits(line) for moment in moments) else [line.id]
    assert lost == []


def test_the_tables_in_the_docs_are_current() -> None:
    written = (paths.root() / "docs" / "coverage.md").read_text(encoding="utf-8")
    assert written == table(), "run: middle-ground coverage > docs/coverage.md"


def test_settling_ends_in_saying_the_need() -> None:
    """The first tension between the articles: soothing oneself is not keeping quiet (A82, A85, A89)."""
    need = {f"A{number}" for number in range(82, 91)}
    pursue = [one for one in library().practices.values() if one.side.value == "pursue"]
    assert [one.id for one in pursue if not need & set(one.sources)] == []


def test_a_validation_never_holds_the_training_ground() -> None:
    """The second: "this is practice" may only be said after it was said that it is hard (A29)."""
    assert [one.item for one in said_where() if one.item == "A29" and one.place == "opening"] == []
