"""How the numbers of the pulse went over time, as plain rows; a page may draw them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from bot.guidance.say import line_bubble
from bot.guidance.values import Bubble

if TYPE_CHECKING:
    from bot.store.values import CheckIn

MEASURES = ("activation", "urge", "closeness")
_SHOWN = 5  # the last so many, newest last
_BARS = 10


def chart(rows: Sequence[CheckIn], *, said: Collection[str], seed: str) -> tuple[Bubble, list[dict[str, Any]]]:
    """Return the bubble with one line a time, and the same as JSON: [{"day", "activation", "urge", "closeness"}, ...].

    *rows*: check-ins of moment ``pulse``, oldest first, 0 to 10; ``about`` names the measure. "day" is the date; where one
    day has several, as before and after a talk, its hour too.
    """
    times: list[dict[str, Any]] = []
    for row in rows:
        if row.about == MEASURES[0]:
            times.append({"at": row.at})
        if times and row.about in MEASURES:
            times[-1][row.about] = row.value
    whole = [one for one in times if set(MEASURES) <= one.keys()]
    days = [one["at"].date() for one in whole]
    named = [{"day": _day(one["at"], alone=days.count(one["at"].date()) == 1), **{m: one[m] for m in MEASURES}} for one in whole]
    lead = line_bubble("pulse_chart", said=said, seed=seed)
    return Bubble(lead.part, lead.text, lead.line, lead.sources, steps=tuple(map(_line, named[-_SHOWN:]))), named


def _day(at: Any, *, alone: bool) -> str:
    return at.date().isoformat() if alone else f"{at.date().isoformat()} {at:%H:%M}"


def _line(one: dict[str, Any]) -> str:
    close = int(one["closeness"])
    return f"{one['day']}: {one['activation']} · {one['urge']} · {close}  {'▮' * close}{'▯' * (_BARS - close)}"
