"""The values of a script. They hold what was expected; what came is a `bot.rasa.agent.Heard`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from bot.guidance.entries import LineSide


class TurnKind(str, Enum):
    """What a turn does: typed words, a pressed button, time that passes, or a new process on the same database."""

    USER = "user"
    PRESS = "press"
    WAIT = "wait"
    RESTART_PROCESS = "restart_process"


class Asks(str, Enum):
    """How many questions a reply may ask."""

    ONE = "one question"
    NONE = "no question"


@dataclass(frozen=True)
class Wanted:
    """A field by its name and the values that it may have: any of them will do."""

    name: str
    any_of: tuple[Any, ...]


@dataclass(frozen=True)
class CardWanted:
    """What the last card of a reply must be.

    *kinds* any of; *parts* roles of bubbles that must be shown at once, in any order; *practice* the side
    that its practice helps; *buttons* titles that must be there; *words_at_most* shown at once, 0 for no
    limit; *sourced* that every line of guidance on it names a source; *about* keys of `Card.about`.
    """

    kinds: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    practice: LineSide | None = None
    buttons: tuple[str, ...] = ()
    words_at_most: int = 0
    sourced: bool = False
    about: tuple[Wanted, ...] = ()


@dataclass(frozen=True)
class Expected:
    """What must come of one turn. Nothing given, nothing compared, but that the bot answers at all."""

    reads: tuple[Wanted, ...] = ()
    cues: tuple[str, ...] = ()
    card: CardWanted = CardWanted()
    says: tuple[str, ...] = ()
    says_any: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    slots: tuple[Wanted, ...] = ()
    asks: Asks | None = None
    no_repeats: bool = False


@dataclass(frozen=True)
class Turn:
    """One turn of a script. *number* counts from 1; *text* is what is typed or pressed, else empty; *minutes* that pass."""

    number: int
    kind: TurnKind
    text: str
    expected: Expected
    minutes: int = 0


@dataclass(frozen=True)
class Script:
    """One scripted conversation and the file that it was read from.

    *first_question*: the question that everybody is asked before the first coaching is part of the script;
    otherwise the conversation begins after it.
    """

    path: Path
    about: str
    turns: tuple[Turn, ...]
    first_question: bool = False
