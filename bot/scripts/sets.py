"""Named sets for ``never``: whole families of lines that must not be said, found by id and by wording."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from bot.guidance.entries import Concept, Line, LineSide, Practice
from bot.guidance.library import library
from bot.guidance.skills.book import skill_book
from bot.guidance.values import COACHING, Bubble, Card

# A line with the person's own words in it is known by the longest piece around them; shorter pieces could be anybody's.
_LEAST_WORDS = 4
_PLACEHOLDER = re.compile(r"\{[\w.]+\}")
# Ways of offering words for the partner, and of speaking of a fight as something two people share.
_REWRITING = (
    "you could write", "you could send", "you could text", "you could say", "try saying", "try sending", "say it like",
    "put it like", "another way to say", "instead, say", "send this", "/rewrite",
)  # fmt: skip
_CYCLE = (
    "the cycle", "a cycle", "this cycle", "closing the gap", "widening the gap", "making some distance", "your part in",
    "both of you", "lean in", "leaning in", "soothe",
)  # fmt: skip


def carried(card: Card) -> Iterator[str]:
    """Yield every text that *card* brings to the person: shown, one tap away, and on its buttons."""
    for bubble in (*card.bubbles, *card.more):
        yield bubble.text
        yield from bubble.steps
    for button in card.buttons:
        yield button.title


def found(name: str, card: Card) -> str | None:
    """Return the first words of *card* that belong to the set *name*, or None. Raises KeyError for no such set."""
    return SETS[name](card)


def _practices(side: LineSide) -> Callable[[Card], str | None]:
    def first(card: Card) -> str | None:
        held = library().practices.values()
        return next((practice.title for practice in held if practice.side is side and _offers(card, practice)), None)

    return first


def _offers(card: Card, practice: Practice) -> bool:
    if any(button.payload.startswith("/start_practice") and f'"{practice.id}"' in button.payload for button in card.buttons):
        return True
    return any(
        bubble.line == practice.id or bubble.text in (practice.title, practice.text) or bubble.steps == practice.steps
        for bubble in (*card.bubbles, *card.more)
    )


def _guidance(card: Card) -> str | None:
    if card.kind in COACHING:
        return f"a card of kind {card.kind.value}"
    return next((bubble.text for bubble in (*card.bubbles, *card.more) if _is_guidance(bubble)), None)


def _is_guidance(bubble: Bubble) -> bool:
    ids, wordings = _guidance_lines()
    text = " ".join((bubble.text, *bubble.steps)).casefold()
    return bubble.line in ids or any(wording in text for wording in wordings)


@lru_cache(maxsize=1)
def _guidance_lines() -> tuple[frozenset[str], tuple[str, ...]]:
    held = library()
    entries: list[Line | Practice | Concept] = [*held.practices.values(), *held.concepts]
    for part in held.lines.values():
        entries += part
    exercises = skill_book().lines
    texts = [*(entry.text for entry in entries), *(step for practice in held.practices.values() for step in practice.steps)]
    texts += [line.text for line in exercises]
    pieces = (max(_PLACEHOLDER.split(text), key=len).strip(' .,:;"“”') for text in texts)
    telling = tuple(piece.casefold() for piece in pieces if len(piece.split()) >= _LEAST_WORDS)
    return frozenset(one.id for one in (*entries, *exercises)), telling


def _phrases(phrases: tuple[str, ...]) -> Callable[[Card], str | None]:
    def first(card: Card) -> str | None:
        parts = " ".join(bubble.part for bubble in (*card.bubbles, *card.more))
        payloads = " ".join(button.payload for button in card.buttons)
        whole = " ".join((*carried(card), parts, payloads)).casefold()
        return next((phrase for phrase in phrases if re.search(rf"(?<!\w){re.escape(phrase)}", whole)), None)

    return first


SETS: dict[str, Callable[[Card], str | None]] = {
    "pursue practices": _practices(LineSide.PURSUE),
    "withdraw practices": _practices(LineSide.WITHDRAW),
    "guidance": _guidance,
    "rewriting": _phrases(_REWRITING),
    "cycle language": _phrases(_CYCLE),
}
