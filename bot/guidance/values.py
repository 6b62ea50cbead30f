"""A Card is one structured reply; each channel renders it, none changes its words."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from bot.reading.values import Evidence


class CardKind(str, Enum):
    """What a card is for. COACHING kinds leave the server only with a clearance."""

    COACH = "coach"
    PRACTICE = "practice"
    HEALTHY = "healthy"
    CONCEPT = "concept"
    WHY = "why"
    ASK = "ask"
    MENU = "menu"
    EVERYDAY = "everyday"
    CHECK_IN = "check_in"
    EXERCISE = "exercise"
    SAFETY = "safety"
    HELP = "help"


COACHING = frozenset({CardKind.COACH, CardKind.PRACTICE, CardKind.HEALTHY, CardKind.CONCEPT, CardKind.WHY, CardKind.CHECK_IN,
                      CardKind.EXERCISE})  # fmt: skip


@dataclass(frozen=True)
class Bubble:
    """One short piece of a reply: *part* names its role (validation, naming, practice, reframe, question, ...).

    *line* is the id of the line in data/, so that it is not said twice; *sources* are inventory ids
    (A01-A111) or keys of outside sources (data/guidance/sources.yml); *words* the person's own words
    that it points to, as offsets into their message; *steps* an ordered list shown under the text.
    """

    part: str
    text: str
    line: str = ""
    sources: tuple[str, ...] = ()
    words: tuple[Evidence, ...] = ()
    steps: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the bubble as plain JSON values, empty fields left out."""
        row: dict[str, Any] = {"part": self.part, "text": self.text}
        if self.line:
            row["line"] = self.line
        if self.sources:
            row["sources"] = list(self.sources)
        if self.words:
            row["words"] = [words.to_json() for words in self.words]
        if self.steps:
            row["steps"] = list(self.steps)
        return row

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> Bubble:
        """Rebuild a bubble from `to_json`."""
        return cls(
            row["part"], row["text"], row.get("line", ""), tuple(row.get("sources", ())),
            tuple(Evidence(**words) for words in row.get("words", ())), tuple(row.get("steps", ())),
        )  # fmt: skip


@dataclass(frozen=True)
class Button:
    """A quick reply. *payload* is at most 64 bytes, so that every channel can carry it."""

    title: str
    payload: str


@dataclass(frozen=True)
class Card:
    """One reply. *bubbles* are shown at once (about 90 words in all), *more* one tap away.

    *about* says what the card answers (``coach``, ``cue``, ``actor``) for "Why this?"; *minutes* is
    the length of its practice, 0 for none; *scale* asks the channel for a 0-10 slider or buttons.
    """

    kind: CardKind
    bubbles: tuple[Bubble, ...]
    buttons: tuple[Button, ...] = ()
    more: tuple[Bubble, ...] = ()
    about: dict[str, Any] = field(default_factory=dict)
    minutes: float = 0
    scale: bool = False

    @property
    def words(self) -> int:
        """Number of words shown at once, steps included."""
        return sum(len(" ".join((bubble.text, *bubble.steps)).split()) for bubble in self.bubbles)

    @property
    def lines(self) -> tuple[str, ...]:
        """Ids of every line this card carries, shown or one tap away."""
        return tuple(bubble.line for bubble in (*self.bubbles, *self.more) if bubble.line)

    def to_json(self) -> dict[str, Any]:
        """Return the card as plain JSON values, as it travels to the channels."""
        return {
            "kind": self.kind.value,
            "bubbles": [bubble.to_json() for bubble in self.bubbles],
            "buttons": [{"title": button.title, "payload": button.payload} for button in self.buttons],
            "more": [bubble.to_json() for bubble in self.more],
            "about": self.about,
            "minutes": self.minutes,
            "scale": self.scale,
        }

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> Card:
        """Rebuild a card from `to_json`. Raises KeyError or ValueError on anything else."""
        return cls(
            CardKind(row["kind"]),
            tuple(Bubble.from_json(bubble) for bubble in row["bubbles"]),
            tuple(Button(button["title"], button["payload"]) for button in row.get("buttons", ())),
            tuple(Bubble.from_json(bubble) for bubble in row.get("more", ())),
            dict(row.get("about", {})),
            row.get("minutes", 0),
            row.get("scale", False),
        )
