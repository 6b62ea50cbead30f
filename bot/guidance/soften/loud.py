"""What pushes by its volume: capitals, rows of signs, swearing, angry faces. And which words are facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.guidance.soften.book import Book
from bot.guidance.soften.tokens import Stretch, Token
from bot.guidance.soften.values import Push
from bot.reading.words import even

_ROW = re.compile(r"[?!\u203c\u2049]{2,}")
_NUMBER = re.compile(r"[£$€]?\d")
_FEW_WORDS = 5
_MANY_LINES = 3


def push(draft: str, start: int, end: int, kind: str) -> Push:
    """Return the push at *start* to *end* of *draft*."""
    return Push(start, end, draft[start:end], kind)


def loud(draft: str, sentences: Iterable[Stretch]) -> list[Push]:
    """Return the rows of signs and the stretches in capitals."""
    pushes = [push(draft, row.start(), row.end(), "signs") for row in _ROW.finditer(draft)]
    run: list[Token] = []
    for one in [*(token for sentence in sentences for token in sentence.tokens), None]:
        if one is not None and (one.caps or (run and one.norm in ("i", "a", ","))):
            run.append(one)
            continue
        shouted = [token for token in run if token.caps]
        if shouted:
            pushes.append(push(draft, run[0].start, shouted[-1].end, "caps"))
        run = []
    return pushes


def harsh(draft: str, sentences: Sequence[Stretch], book: Book) -> list[Push]:
    """Return everything that is loud in a draft that pushes anyway."""
    pushes = [*loud(draft, sentences), *swearing(draft, book)]
    pushes += [push(draft, place, place + 1, "sarcasm") for place, sign in enumerate(draft) if sign in book.hostile_emoji]
    lines = {one.line for one in sentences}
    if len(lines) >= _MANY_LINES and sum(len(one.tokens) <= _FEW_WORDS for one in sentences) >= _MANY_LINES:
        pushes.append(push(draft, sentences[0].tokens[0].start, sentences[-1].tokens[-1].end, "piled_up"))
    return pushes


def swearing(draft: str, book: Book) -> list[Push]:
    """Return the swear words that push where "you" stands beside them."""
    return [
        push(draft, found.start(), found.end(), "swearing") for found in book.patterns["swears"].finditer(even(draft).lower())
    ]


def pushes_by_volume(draft: str, sentences: Sequence[Stretch], book: Book) -> bool:
    """Return whether volume alone pushes: "WHERE ARE YOU??" does, "HAPPY BIRTHDAY!!!" does not."""
    words = {token.norm for one in sentences for token in one.tokens}
    if words & book.warm or not words & book.grammar["loud_about"]:
        return False
    if "you" in words and swearing(draft, book):
        return True
    return any(
        len(one.text) > 3 if one.kind == "caps" else "?" in one.text or len(one.text) > 2 for one in loud(draft, sentences)
    )


def facts_of(tokens: Iterable[Token], book: Book) -> frozenset[str]:
    """Return the words of *tokens* that a rewrite must not lose: names, numbers, days, children, places."""
    found = set()
    for token in tokens:
        bare = token.norm.removesuffix("'s")
        named = token.shown[:1].isupper() and token.norm != "i" and not token.norm.startswith("i'")
        if bare in book.facts or _NUMBER.match(bare) or named:
            found.add(bare)
    return frozenset(found)
