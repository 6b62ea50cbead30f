"""Comparing what came with what was expected. Every mismatch says both, in one line each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.guidance.library import library
from bot.guidance.values import Card
from bot.scripts import sets
from bot.scripts.values import Asks, CardWanted, Expected, Wanted

# Quoted words are the person's own; their question marks are no question of ours.
_QUOTED = re.compile(r"[“\"][^”\"]*[”\"]")
_GUIDANCE_PARTS = ("validation", "naming", "practice", "reframe", "question")


@dataclass(frozen=True)
class Mismatch:
    """One thing that did not come as expected: *what* names it, *expected* and *got* are short texts."""

    what: str
    expected: str
    got: str


@dataclass(frozen=True)
class Came:
    """What one turn brought about: the cards, the reading as JSON values, the intent, the slots after it."""

    cards: tuple[Card, ...]
    reading: Mapping[str, Any]
    intent: str
    slots: Mapping[str, Any]


def check(expected: Expected, came: Came, earlier: Sequence[Card] = ()) -> tuple[Mismatch, ...]:
    """Return what differs between *expected* and *came*; *earlier* are the cards of the turns before, oldest first."""
    if not came.cards:
        return (*_reads(expected, came), Mismatch("card", "an answer", "nothing was said"), *_slots(expected.slots, came.slots))
    return (
        *_reads(expected, came),
        *_card(expected.card, came.cards[-1]),
        *_says(expected, came.cards),
        *_never(expected.never, came.cards),
        *_slots(expected.slots, came.slots),
        *_asks(expected.asks, came.cards),
        *(_repeats(came.cards, earlier) if expected.no_repeats else ()),
    )


def questions(cards: Sequence[Card]) -> int:
    """Return how many question marks the bubbles shown at once hold, the person's own quoted words left out."""
    return sum(_QUOTED.sub("", text).count("?") for text in _shown(cards))


def _reads(expected: Expected, came: Came) -> Iterator[Mismatch]:
    for wanted in expected.reads:
        got = came.intent if wanted.name == "intent" else came.reading.get(wanted.name, "no reading")
        if got not in wanted.any_of:
            yield Mismatch(f"reads.{wanted.name}", _or(wanted.any_of), str(got))
    found = {cue["id"]: cue for cue in came.reading.get("cues", ())}
    if missing := [cue for cue in expected.cues if cue not in found]:
        got = ", ".join(f"{name} “{cue['text']}”" for name, cue in found.items())
        yield Mismatch("reads.cues", ", ".join(missing), got or "no cue")


def _card(wanted: CardWanted, card: Card) -> Iterator[Mismatch]:
    if wanted.kinds and card.kind.value not in wanted.kinds:
        yield Mismatch("card.kind", _or(wanted.kinds), card.kind.value)
    parts = [bubble.part for bubble in card.bubbles]
    if missing := [part for part in wanted.parts if part not in parts]:
        yield Mismatch("card.parts", ", ".join(missing), ", ".join(parts))
    if wanted.practice:
        practice = library().practices.get(str(card.about.get("practice") or ""))
        if practice is None or practice.side is not wanted.practice:
            got = f"{practice.side.value} ({practice.id})" if practice else "no practice"
            yield Mismatch("card.practice.side", wanted.practice.value, got)
    titles = [button.title for button in card.buttons]
    if missing := [title for title in wanted.buttons if title not in titles]:
        yield Mismatch("card.buttons", ", ".join(missing), ", ".join(titles) or "no button")
    if wanted.words_at_most and card.words > wanted.words_at_most:
        yield Mismatch("card.words_at_most", str(wanted.words_at_most), f"{card.words} words")
    if wanted.sourced:
        for bubble in card.bubbles:
            if bubble.part in _GUIDANCE_PARTS and not bubble.sources:
                yield Mismatch("card.sources", "a source for each line of guidance", f"none for the {bubble.part}")
    for field in wanted.about:
        if card.about.get(field.name) not in field.any_of:
            yield Mismatch(f"card.about.{field.name}", _or(field.any_of), str(card.about.get(field.name)))


def _says(expected: Expected, cards: Sequence[Card]) -> Iterator[Mismatch]:
    whole = _even(" ".join(_shown(cards)))
    for words in expected.says:
        if _even(words) not in whole:
            yield Mismatch("says", words, "not there")
    if expected.says_any and not any(_even(words) in whole for words in expected.says_any):
        yield Mismatch("says_any", _or(expected.says_any), "none of them there")


def _never(never: Sequence[str], cards: Sequence[Card]) -> Iterator[Mismatch]:
    for name in never:
        for card in cards:
            if name in sets.SETS:
                hit = sets.found(name, card)
            else:
                hit = next((text for text in sets.carried(card) if _even(name) in _even(text)), None)
            if hit is not None:
                yield Mismatch("never", f"not: {name}", hit)
                break


def _slots(wanted: Sequence[Wanted], slots: Mapping[str, Any]) -> Iterator[Mismatch]:
    for field in wanted:
        if slots.get(field.name) not in field.any_of:
            yield Mismatch(f"slots.{field.name}", _or(field.any_of), str(slots.get(field.name)))


def _asks(asks: Asks | None, cards: Sequence[Card]) -> Iterator[Mismatch]:
    if asks is not None and (count := questions(cards)) != (1 if asks is Asks.ONE else 0):
        yield Mismatch("asks", asks.value, f"{count} question marks")


def _repeats(cards: Sequence[Card], earlier: Sequence[Card]) -> Iterator[Mismatch]:
    before = [bubble for card in earlier for bubble in card.bubbles]
    ids, texts = {bubble.line for bubble in before} - {""}, {bubble.text for bubble in before}
    for bubble in (bubble for card in cards for bubble in card.bubbles):
        if bubble.line in ids or bubble.text in texts:
            yield Mismatch("repeats", "no line said before", bubble.text)


def _shown(cards: Sequence[Card]) -> list[str]:
    return [text for card in cards for bubble in card.bubbles for text in (bubble.text, *bubble.steps)]


def _even(text: str) -> str:
    """Return *text* without case and without the difference between straight and curly quotes."""
    return " ".join(text.replace("’", "'").replace("“", '"').replace("”", '"').casefold().split())


def _or(values: Sequence[Any]) -> str:
    return " or ".join(map(str, values))
