"""A played conversation as a page to read: what was written, what was answered, every word of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.guidance.values import Bubble, Card
from bot.scripts.stage import Outcome
from bot.scripts.values import Turn, TurnKind

_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b|\b(?:today|tomorrow) at \d{1,2}(?::\d\d)? ?[ap]m\b")


def transcript(outcome: Outcome) -> str:
    """Return *outcome* as Markdown. Played again it is the same, letter for letter."""
    about = outcome.script.about
    lines = [f"# {about}", "", f"Played from `{outcome.script.path.name}`; invented, as everybody in it is.", ""]
    for played in outcome.played:
        lines += [_turn(played.turn), ""]
        for card in played.cards:
            lines += [*_card(card), ""]
    return "\n".join(lines).rstrip() + "\n"


def _turn(turn: Turn) -> str:
    if turn.kind is TurnKind.RESTART_PROCESS:
        return "*(the program is stopped and started again)*"
    if turn.kind is TurnKind.WAIT:
        return f"*({turn.minutes} minutes later)*"
    if turn.kind is TurnKind.PRESS:
        return f"**Person** presses *{turn.text}*"
    return f"**Person:** {_plain(turn.text)}"


def _card(card: Card) -> Iterator[str]:
    for bubble in card.bubbles:
        yield from (f"> {line}" for line in _bubble(bubble))
        yield ">"
    if card.scale:
        yield "> `0` `1` `2` `3` `4` `5` `6` `7` `8` `9` `10`"
    if card.minutes:
        yield f"> *(timer: {card.minutes:g} minutes)*"
    if card.buttons:
        yield f"> {' '.join(f'`{button.title}`' for button in card.buttons)}"


def _bubble(bubble: Bubble) -> Iterator[str]:
    sources = f" <sub>{', '.join(bubble.sources)}</sub>" if bubble.sources else ""
    yield f"{_plain(bubble.text)}{sources}"
    yield from (f"- {_plain(step)}" for step in bubble.steps)


def _plain(text: str) -> str:
    # The day of playing would make another page of it each time.
    return _DAY.sub("(then)", " ".join(text.split())).replace("<", "&lt;").replace("*", "\\*")
