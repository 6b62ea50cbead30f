"""What the files below data/skills hold, and where a person stands in one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from bot.guidance.entries import LineSide
from bot.guidance.say import Variant


class Takes(str, Enum):
    """What a step takes for an answer.

    TEXT: words; DRAFT: words that are taken whatever they look like (a question, a "stop"); CHOICE: one of its buttons;
    NUMBER: 0 to 10; TIME: a time of day or a length, kept in minutes from now; READY: nothing but that it is done, after
    its minutes; WORKED_OUT: never asked, found from the answers before it (bot.guidance.skills.workings).
    """

    TEXT = "text"
    DRAFT = "draft"
    CHOICE = "choice"
    NUMBER = "number"
    TIME = "time"
    READY = "ready"
    WORKED_OUT = "worked_out"


@dataclass(frozen=True)
class Choice:
    """One button of a step. *says*: how it reads inside a sentence; *note*: a longer text that later lines may show.

    *when*: offered only after these answers.

    *cues*: offered first to somebody whose moment was one of these; empty: to everybody.
    """

    value: str
    title: str
    says: str
    note: str = ""
    cues: tuple[str, ...] = ()
    when: Mapping[str, frozenset[str]] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    words: tuple[str, ...] = ()  # what else is typed for it, in small letters


@dataclass(frozen=True)
class Step:
    """One question. *ask*: its wordings; *when*: asked only after these answers; *minutes*: length of its timer, 0 for none.

    *shows*: name of what is shown above the question (bot.guidance.skills.shown); *least*, *most*: minutes that a TIME may be.
    """

    id: str
    takes: Takes
    ask: tuple[Variant, ...]
    choices: tuple[Choice, ...] = ()
    when: Mapping[str, frozenset[str]] = field(default_factory=dict)
    steps: tuple[str, ...] = ()
    minutes: float = 0
    minutes_of: str = ""  # id of the step whose answer is the number of minutes
    skippable: bool = False
    open: bool = False  # a CHOICE that takes other words too
    shows: str = ""
    least: float = 1
    most: float = 10_080  # a week
    leads: tuple[str, ...] = ()  # words that an answer may begin with and that our line says already ("i need")
    quoted: bool = False  # the answer is words to the partner ("can we try again?"), taken and said back as they are

    def choice(self, value: str) -> Choice | None:
        """Return the choice *value*, None where there is none."""
        return next((one for one in self.choices if one.value == value), None)


@dataclass(frozen=True)
class Gift:
    """Words to send or keep that an exercise ends in. Given where every answer it names is there."""

    id: str
    text: str
    needs: frozenset[str]
    when: Mapping[str, frozenset[str]]
    sources: tuple[str, ...]
    sent: bool = False  # said to the partner, who is "you" in it


@dataclass(frozen=True)
class Skill:
    """One exercise. *words*: pattern lines of messages that ask for it; *end_shows*: as `Step.shows`, at its end.

    *fits*: the side it is offered to first; *order*: its place in the list; *minutes*: how long it takes.
    *turns*: pairs of steps that change places where somebody says that it was the other one.
    """

    id: str
    title: str
    about: str
    minutes: float
    order: float
    fits: LineSide
    words: tuple[str, ...]
    opens: tuple[Variant, ...]
    steps: tuple[Step, ...]
    ends: tuple[Variant, ...]
    gives: tuple[Gift, ...]
    end_shows: str = ""
    turns: Mapping[str, str] = field(default_factory=dict)

    def step(self, step_id: str) -> Step:
        """Return the step *step_id*. Raises KeyError where there is none."""
        for one in self.steps:
            if one.id == step_id:
                return one
        raise KeyError(step_id)


@dataclass(frozen=True)
class Place:
    """Where a person stands in an exercise. *at*: id of the step asked, "" once it is over; *cue*: the moment it began in.

    *answers*: what was answered, by step id, in order; "" where it was skipped. *problem*: key of the line that says why the
    last answer could not be taken. *aside*: the last message was a question about the dynamic, to be answered first.
    *helped*: values of choices that helped before, the best first; they are offered first.
    """

    skill: str
    at: str
    answers: Mapping[str, str] = field(default_factory=dict)
    cue: str = ""
    problem: str = ""
    resumed: bool = False
    aside: bool = False
    helped: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values, as kept in a slot."""
        return {
            "skill": self.skill, "at": self.at, "answers": dict(self.answers), "cue": self.cue, "problem": self.problem,
            "resumed": self.resumed, "aside": self.aside, "helped": list(self.helped),
        }  # fmt: skip

    @classmethod
    def from_json(cls, row: object) -> Place | None:
        """Rebuild from `to_json`; None for anything else, such as an empty slot or that of an older version."""
        if not isinstance(row, dict):
            return None
        try:
            return cls(
                str(row["skill"]), str(row["at"]), {str(k): str(v) for k, v in row["answers"].items()}, str(row["cue"]),
                str(row["problem"]), bool(row["resumed"]), bool(row["aside"]),
                tuple(map(str, row.get("helped", ()))),
            )  # fmt: skip
        except (KeyError, AttributeError):
            return None
