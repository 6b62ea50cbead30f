"""What the files below data/guidance hold, as values. They are wording and sources, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

EFFORTS = ("small", "medium", "large")


class LineSide(str, Enum):
    """Whom a line helps: the side that closes the gap, the side that widens it, or either."""

    PURSUE = "pursue"
    WITHDRAW = "withdraw"
    BOTH = "both"

    @property
    def letter(self) -> str:
        """First letter of this side's cue ids, ``""`` for both."""
        return {"pursue": "P", "withdraw": "W"}.get(self.value, "")

    @property
    def facing(self) -> LineSide:
        """The side across from this one."""
        return {LineSide.PURSUE: LineSide.WITHDRAW, LineSide.WITHDRAW: LineSide.PURSUE}.get(self, LineSide.BOTH)


class LineActor(str, Enum):
    """Whose move a line speaks of.

    SELF: the writer's (told, or in words meant for the partner); DRAFT: only words meant for the
    partner; PARTNER: only the partner moved; BOTH: both moves are told; ANY: it fits all of these.
    """

    SELF = "self"
    DRAFT = "draft"
    PARTNER = "partner"
    BOTH = "both"
    ANY = "any"


class Part(str, Enum):
    """The parts of an answer, in the order in which they are said."""

    VALIDATION = "validation"
    NAMING = "naming"
    PRACTICE = "practice"
    REFRAME = "reframe"
    QUESTION = "question"


@dataclass(frozen=True)
class Line:
    """One sentence or two that an answer may hold.

    *cues* are the moves it was written for, the person's own or the partner's; empty: any of its side.
    *text* may hold ``{words}`` (the person's own words), ``{theirs}`` (those that tell the partner's
    move) and ``{other}`` (those that tell the person's other move).
    """

    id: str
    part: Part
    side: LineSide
    cues: tuple[str, ...]
    actor: LineActor
    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Practice:
    """One small thing to do. *effort*: small, medium or large; *minutes*: how long it takes.

    *any_move*: beside the *cues* it was written for, it suits every other move of its side.
    """

    id: str
    side: LineSide
    cues: tuple[str, ...]
    effort: str
    minutes: float
    title: str
    text: str
    steps: tuple[str, ...]
    sources: tuple[str, ...]
    actor: LineActor = LineActor.ANY
    any_move: bool = False


@dataclass(frozen=True)
class Concept:
    """An answer to a question about the dynamic. *ask*: ways in which people ask it."""

    id: str
    ask: tuple[str, ...]
    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class CueName:
    """A cue in plain words: *name* follows "I read that as", *says* tells what the move is after."""

    id: str
    name: str
    says: str


@dataclass(frozen=True)
class Place:
    """Where an article says something. *para* counts the lines that are not blank, the title included, from 1."""

    article: str
    para: int


@dataclass(frozen=True)
class Article:
    """One of the two articles. *named*: how an answer refers to it."""

    key: str
    title: str
    author: str
    year: int | None
    named: str
    note: str


@dataclass(frozen=True)
class Outside:
    """A source for what the articles do not hold. *named*: how an answer refers to it; *text*: what it gives."""

    key: str
    title: str
    author: str
    year: int | None
    named: str
    text: str


@dataclass(frozen=True)
class Item:
    """One statement of the articles in our own words, with every place that makes it."""

    id: str
    text: str
    where: tuple[Place, ...]
