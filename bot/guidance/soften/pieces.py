"""A sentence cut into clauses, by commas, joining words and, in a rant without full stops, by who acts."""

from __future__ import annotations

from collections.abc import Sequence

from bot.guidance.soften.book import Book
from bot.guidance.soften.tokens import Token

_RANT = 5  # words up to which a sentence without a comma is one clause
_LEAST = 3  # words of a clause in such a sentence


def pieces(tokens: Sequence[Token], book: Book) -> list[list[Token]]:
    """Cut a sentence where a new clause seems to begin."""
    cuts = [0]
    for place in range(1, len(tokens)):
        if _begins(tokens, place, cuts[-1], book):
            cuts.append(place)
    found = [_stripped(tokens[a:b]) for a, b in zip(cuts, [*cuts[1:], len(tokens)], strict=True)]
    found = [piece for piece in found if piece]
    if len(found) > 1 and len(found[-1]) == 1 and found[-1][0].norm in book.grammar["tags"]:
        found.pop()  # "I'm tired too, ok?"
    return found


def _stripped(piece: Sequence[Token]) -> list[Token]:
    left = list(piece)
    while left and left[-1].norm in (",", ";"):
        left.pop()
    while left and left[0].norm in (",", ";"):
        left.pop(0)
    return left


def _norm(tokens: Sequence[Token], place: int) -> str:
    return tokens[place].norm if 0 <= place < len(tokens) else ""


def _begins(tokens: Sequence[Token], place: int, since: int, book: Book) -> bool:
    """Return whether a clause begins at *place*; the last one began at *since*."""
    words = book.grammar
    here, before, after = _norm(tokens, place), _norm(tokens, place - 1), _norm(tokens, place + 1)
    if before == ";":
        return True
    if before == ",":
        joined = here in words["joins"] and after in words["after_join"]
        return here in words["starts"] or joined or (here == "the" and _norm(tokens, place + 2) in words["be_verbs"])
    held = any(token.norm in words["holds"] for token in tokens[since:place])
    if here in words["joins"] and place - since >= 2 and after in words["after_join"]:
        if here == "because":
            return after == "you"
        # "when I talk and you walk out" is one thing, "when you leave and you never call" two.
        return not held or (after == "you" and _norm(tokens, place + 2) in words["after_you"])
    return _rants(tokens, place, since, held, book)


def _rants(tokens: Sequence[Token], place: int, since: int, held: bool, book: Book) -> bool:
    """Return whether a clause begins at *place* with no sign before it: "you never help i do it all"."""
    words = book.grammar
    here, before, after = _norm(tokens, place), _norm(tokens, place - 1), _norm(tokens, place + 1)
    any_more = before == "more" and _norm(tokens, place - 2) == "any"
    if len(tokens) <= _RANT or place - since < _LEAST or before in words["joins"]:
        return False
    if before in words["leads_on"] and not any_more:
        return False
    if before in ("me", "us") and _norm(tokens, place - 2) in words["telling"]:
        return False
    if here == "i" or (here == "you" and after in words["after_you"]):
        return True
    if here in ("it", "this") and after in ("is", "was"):
        return not held
    return here == "why" and after in words["asks_why"]
