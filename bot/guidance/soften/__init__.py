"""Say it softer: a draft meant for the partner, the words in it that push, and three ways to say it that keep the request."""

from __future__ import annotations

import re
from collections.abc import Collection

from bot.guidance.choose import need_clearance
from bot.guidance.soften.book import Book, book
from bot.guidance.soften.options import Draft, chosen, options
from bot.guidance.soften.parse import Parsed, parse
from bot.guidance.soften.reasons import reasons
from bot.guidance.soften.transform import unit
from bot.guidance.soften.values import STYLES, Partner, Push, Reason, Rewrite, Softened, Style
from bot.safety.values import Clearance

__all__ = ["STYLES", "Partner", "Push", "Reason", "Rewrite", "Softened", "Style", "soften"]

_MANY = 6  # so many hurts in one message want a talk


def soften(draft: str, *, clearance: Clearance, partner: Partner = "", said: Collection[str] = (), seed: str = "") -> Softened:
    """Show what pushes in *draft* and give three options that keep its request and its facts.

    *partner*: what the partner tends to do; *said*: ids of reasons said before, oldest first; *seed*: what names the
    conversation. The same draft, partner, said and seed give the same options. Raises TypeError without a clearance.
    """
    need_clearance(clearance)
    held = book()
    parsed = parse(draft, held)
    if _refused(parsed, held):
        return Softened(draft, refused=True)
    big = any(pattern.search(parsed.plain) for pattern in held.big)
    if not parsed.pushes:
        return Softened(draft, fine=True, face_to_face=big)
    units = [unit(clause, held, seed) for clause in parsed.clauses]
    big = big or sum(one.role == "complaint" for one in units) >= _MANY
    made = Draft(parsed, chosen(units), held, partner, seed, big, len(draft.split()))
    rewrites = (
        Rewrite(style, text, reasons(text, style, made, said=said)) for style, text in zip(STYLES, options(made), strict=True)
    )
    return Softened(draft, parsed.pushes, tuple(rewrites), face_to_face=big)


def _refused(parsed: Parsed, held: Book) -> bool:
    """Return whether the draft threatens or is meant for somebody who said no, whatever the gate made of it."""
    words = re.sub(r" [,;.](?= )", "", parsed.plain)
    return any(pattern.search(words) for pattern in held.refusals)
