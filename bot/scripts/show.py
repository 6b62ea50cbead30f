"""Outcomes as plain text: the turn, what differs, and what the bot said, short."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.guidance.values import Card
from bot.scripts.stage import Outcome
from bot.scripts.values import Turn, TurnKind

_LONGEST = 110  # characters of a line of somebody's words


def report(outcome: Outcome) -> str:
    """Return one line for a conversation that passed, and a readable diff for one that did not."""
    if outcome.passed:
        return f"passed  {outcome.script.path}"
    lines = [f"FAILED  {outcome.script.path}", f"        {outcome.script.about}"]
    for played in outcome.played:
        if not played.mismatches:
            continue
        lines += ["", f"  {_turn(played.turn)}"]
        for mismatch in played.mismatches:
            lines += [f"    - {mismatch.what}: {short(mismatch.expected)}", f"    + {mismatch.what}: {short(mismatch.got)}"]
        lines += [f"      {line}" for line in said(played.cards)]
    left = len(outcome.script.turns) - len(outcome.played)
    if left:
        lines += ["", f"  {left} more turn{'s' if left > 1 else ''} not played"]
    return "\n".join(lines)


def summary(outcomes: Sequence[Outcome]) -> str:
    """Return "N passed, M failed"."""
    passed = sum(outcome.passed for outcome in outcomes)
    return f"{passed} passed, {len(outcomes) - passed} failed"


def said(cards: Sequence[Card]) -> Iterator[str]:
    """Yield the cards in short: kind, bubbles with their parts, steps, buttons."""
    for card in cards:
        yield f"[{card.kind.value}]"
        for bubble in card.bubbles:
            yield f"  {bubble.part}: {short(bubble.text)}"
            yield from (f"    {number}. {short(step)}" for number, step in enumerate(bubble.steps, 1))
        if card.buttons:
            yield f"  buttons: {short(', '.join(button.title for button in card.buttons))}"


def short(text: str) -> str:
    """Return *text* on one line, cut where it is long; characters that do not print are written out."""
    line = " ".join(text.split())
    line = "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in line)
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST].rstrip()}…"


def _turn(turn: Turn) -> str:
    if turn.kind is TurnKind.RESTART_PROCESS:
        return f"turn {turn.number}, restart_process"
    if turn.kind is TurnKind.WAIT:
        return f"turn {turn.number}, wait: {turn.minutes} minutes"
    return f"turn {turn.number}, {turn.kind.value}: {short(turn.text)}"
