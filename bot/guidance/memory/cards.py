"""From facts to cards: asking for consent, telling back what is remembered, changing and erasing it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from bot.guidance.memory.facts import BOTH, HELPED, PARTNER, SIDE, WITHDRAW, Facts, Moves, Tried
from bot.guidance.say import button, line_bubble, say
from bot.guidance.values import Bubble, Button, Card

MOST_WORDS = 65  # of a card that consent may be asked under
MOST_TITLES = 3  # of what helped, shown at once
MOST_BYTES = 64
_QUOTED = re.compile(r"“[^”]*”")
_MOVES = (SIDE, PARTNER)
_FACT = "fact"


def can_ask(card: Card) -> bool:
    """Return whether consent may be asked under *card*: it is short and asks nothing itself."""
    return card.words <= MOST_WORDS and not any("?" in _QUOTED.sub("", bubble.text) for bubble in card.bubbles)


def asking(card: Card, *, said: Collection[str], seed: str) -> Card:
    """Return *card* with the question whether things may be remembered, and its two buttons first."""
    bubble = line_bubble("memory_offer", said=said, seed=seed)
    return replace(card, bubbles=(*card.bubbles, bubble), buttons=(button("remember_yes"), button("remember_no"), *card.buttons))


def told_back(facts: Facts | None, *, titles: Mapping[str, str], typing: bool = True, said: Collection[str], seed: str) -> Card:
    """Return the card that says each fact in plain words, with buttons to change or forget each, and a way out.

    *facts*: None without consent: then it says that nothing is kept, and offers it. *titles*: names of practices and ways
    of settling, by id. *typing*: the next message may be a new value; where not, only what buttons can change is offered.
    """
    if facts is None:
        return say("memory_nothing", said=said, seed=seed, buttons=("remember_yes", "memory_out"))
    bubbles = list(_lines(facts, titles, said, seed))
    if not bubbles:
        return say("memory_empty", said=said, seed=seed, buttons=("forget_all", "memory_out"))
    shown = {bubble.part.removeprefix(f"{_FACT} ") for bubble in bubbles}
    buttons = (
        *(f"change_{key}" for key in facts.keys if key in shown and (typing or key in _MOVES)),
        *(f"forget_{key}" for key in facts.keys if key in shown), "forget_all", "memory_out",
    )  # fmt: skip
    card = say("memory_known", said=said, seed=seed, buttons=buttons)
    return replace(card, bubbles=(*card.bubbles, *(replace(bubble, part=_FACT) for bubble in bubbles)))


def change_of(
    key: str, facts: Facts, *, titles: Mapping[str, str], again: bool = False, said: Collection[str], seed: str
) -> Card:
    """Return the card that asks for the new value of the fact *key*; *again*: the last one could not be read.

    Raises KeyError for a key that is none.
    """
    line = "memory_unread" if again else f"memory_change_{key}"
    buttons: tuple[Button, ...] = ()
    if key in _MOVES:
        buttons = tuple(button(f"{key}_{move}") for move in ("pursue", "withdraw", "both"))
    elif key == HELPED:
        buttons = tuple(_take_outs(facts, titles))
    return say(line, said=said, seed=seed, buttons=(*buttons, "memory_out"))


def after_change(key: str, facts: Facts, *, titles: Mapping[str, str], said: Collection[str], seed: str) -> Card:
    """Return the card that says the changed fact *key* as it stands now."""
    card = say("memory_changed", said=said, seed=seed, buttons=("know",))
    lines = [bubble for bubble in _lines(facts, titles, said, seed) if bubble.part == f"{_FACT} {key}"]
    return replace(card, bubbles=(*card.bubbles, *(replace(bubble, part=_FACT) for bubble in lines)))


def _lines(facts: Facts, titles: Mapping[str, str], said: Collection[str], seed: str) -> Iterator[Bubble]:
    """Yield one bubble for each thing that is kept, its part named after the key."""
    for key in facts.keys:
        if key in _MOVES:
            found = [_moves(key, getattr(facts, key), said, seed)]
        elif key == HELPED:
            best = [one for one in facts.best_helped() if one in titles][:MOST_TITLES]
            found = [_tried(facts.helped[one], titles[one], number, said, seed) for number, one in enumerate(best)]
        else:
            found = [line_bubble("memory_names", said=said, seed=seed, name=", ".join(facts.names))]
        for bubble in found:
            yield replace(bubble, part=f"{_FACT} {key}")


def _moves(key: str, moves: Moves, said: Collection[str], seed: str) -> Bubble:
    # Another seed for each line, so that together they do not read like a form.
    own = f"{seed} {key}"
    if not moves.usual:
        return line_bubble(f"memory_{key}_early", said=said, seed=own)
    if moves.told:
        how = line_bubble("memory_told", said=said, seed=own)
    elif moves.usual == BOTH:
        how = line_bubble("memory_counted_both", said=said, seed=own, before=str(moves.pursue), after=str(moves.withdraw))
    else:
        count = moves.withdraw if moves.usual == WITHDRAW else moves.pursue
        how = line_bubble("memory_counted", said=said, seed=own, before=str(count), after=str(moves.counted))
    return line_bubble(f"memory_{key}_{moves.usual}", said=said, seed=own, text=how.text)


def _tried(tried: Tried, title: str, number: int, said: Collection[str], seed: str) -> Bubble:
    own = f"{seed} {number}"
    if tried.told:
        return line_bubble("memory_helped_told", said=said, seed=own, title=title)
    return line_bubble("memory_helped", said=said, seed=own, title=title, before=str(tried.fell), after=str(tried.times))


def _take_outs(facts: Facts, titles: Mapping[str, str]) -> Iterator[Button]:
    for one in facts.best_helped()[:MOST_TITLES]:
        found = button("take_out", practice=one)
        if one in titles and len(found.payload.encode()) <= MOST_BYTES:
            yield Button(found.title.replace("<practice>", titles[one]), found.payload)
