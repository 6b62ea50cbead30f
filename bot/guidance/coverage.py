"""Where each statement of the articles is said, and how much there is to say for each cue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.guidance.entries import LineActor, LineSide, Part
from bot.guidance.library import CUES, Library, library
from bot.guidance.moment import Moment
from bot.guidance.say import Responses, responses
from bot.guidance.skills.book import SkillBook, skill_book
from bot.reading.values import Actor, Cue, Evidence

# Keys of data/responses under the name of the place where they are said; any other key is "everyday".
_RESPONSES = {
    "expectations": "expectation", "hope": "hope", "together": "together", "follow_up": "follow-up", "pulse_due": "pulse",
}  # fmt: skip
_OPENINGS = ("greet", "validation")


@dataclass(frozen=True)
class Said:
    """One line that cites a statement. *place*: opening, cue answer, question, reframe, practice, concept, worksheet, ..."""

    item: str
    place: str
    line: str


def said_where(held: Library | None = None, lines: Responses | None = None, book: SkillBook | None = None) -> list[Said]:
    """Return every line with each statement (A01-A111) that it cites."""
    found = [*_in_library(held or library()), *_in_responses(lines or responses()), *_in_skills(book or skill_book())]
    return [one for one in found if one.item.startswith("A")]


def _in_library(held: Library) -> Iterator[Said]:
    for part, lines in held.lines.items():
        for line in lines:
            for item in line.sources:
                if part is Part.VALIDATION:
                    yield Said(item, "opening", line.id)
                if part is Part.QUESTION:
                    yield Said(item, "question", line.id)
                yield Said(item, "cue answer", line.id)
    for practice in held.practices.values():
        for item in practice.sources:
            yield Said(item, "practice", practice.id)
            yield Said(item, "cue answer", practice.id)
    for concept in held.concepts:
        for item in concept.sources:
            yield Said(item, "concept", concept.id)


def _in_responses(lines: Responses) -> Iterator[Said]:
    for key, variants in lines.lines.items():
        for variant in variants:
            for item in variant.sources:
                yield Said(item, _RESPONSES.get(key, "everyday"), variant.id)


def _in_skills(book: SkillBook) -> Iterator[Said]:
    for skill in book.skills.values():
        place = "pulse" if skill.id == "pulse" else "worksheet"
        pools = [skill.opens, skill.ends, *(step.ask for step in skill.steps)]
        for variant in (one for pool in pools for one in pool):
            for item in variant.sources:
                yield Said(item, place, variant.id)
        for gift in skill.gives:
            for item in gift.sources:
                yield Said(item, place, gift.id)
        for choice in (one for step in skill.steps for one in step.choices):
            for item in choice.sources:
                yield Said(item, place, f"{skill.id}: {choice.title}")


def moment_for(cue: str, actor: LineActor) -> Moment:
    """Return the moment of somebody who made the move *cue* (SELF), or whose partner did (PARTNER)."""
    whose = Actor.PARTNER if actor is LineActor.PARTNER else Actor.SELF
    told = Cue(cue, Evidence(0, 5, "these words"), whose)
    side = LineSide.PURSUE if cue.startswith("P") else LineSide.WITHDRAW
    return Moment(side.facing, actor, partner=told) if actor is LineActor.PARTNER else Moment(side, actor, own=told)


def variety(held: Library | None = None) -> dict[tuple[str, LineActor], dict[str, int]]:
    """Return, for each cue and for who moved, how many lines of each part and how many practices were written for it."""
    source = held or library()
    counted = {}
    for cue in sorted(CUES):
        for actor in (LineActor.SELF, LineActor.PARTNER):
            moment = moment_for(cue, actor)
            counts = {
                part.value: sum(cue in line.cues and moment.fits(line) for line in lines) for part, lines in source.lines.items()
            }
            counts["practice"] = sum(cue in one.cues and moment.fits(one) for one in source.practices.values())
            counted[cue, actor] = counts
    return counted
