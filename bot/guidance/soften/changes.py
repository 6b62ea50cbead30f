"""Changes inside a clause: the verb's form, "anything" to "something", "now" left out. Each gives None where it cannot."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from bot.guidance.soften.book import Book

_SOME = {
    "anything": "something", "anyone": "someone", "anybody": "somebody", "any": "some", "ever": "", "either": "too",
    "anywhere": "somewhere",
}  # fmt: skip
_SOME_PHRASES = {"a single thing": "something", "a thing": "something", "any more": "", "at all": "", "once": "", "even": ""}
_NOW = re.compile(
    r"\s*\b(?:right now|right away|immediately|asap|instantly|at once|this (?:minute|second|instant)|straight away|now)\b"
)
_LIKENED = re.compile(r"(?:a|an|i|the|nothing|my|your)\b", re.IGNORECASE)


def to_past(text: str, book: Book) -> str | None:
    """Turn "forget my birthday" into "forgot my birthday". Whoever did it is "you" or "we"."""
    first, _, rest = text.partition(" ")
    if first == "not":
        return f"didn't {rest}" if rest else None
    found = book.verbs.past_of(first.lower())
    return f"{'were' if found == 'was' else found} {rest}".strip() if found else None


def to_base(text: str, book: Book) -> str | None:
    """Turn "ignoring me" into "ignore me". A word that is no known form is a base, unless it ends in -ing or -ed."""
    first, _, rest = text.partition(" ")
    found = book.verbs.base(first.lower())
    if found is None:
        if first.endswith(("ing", "ed")):
            return None
        found = first
    words = [found, *rest.split()]
    if len(words) > 2 and words[1] in ("and", "or"):
        words[2] = book.verbs.base(words[2]) or words[2]
    return " ".join(words)


def after_you(text: str, book: Book) -> str | None:
    """Turn "being late" into "are late" and "ignoring me" into "ignore me", as they follow "when you"."""
    first, _, rest = text.partition(" ")
    if first.lower() in ("being", "be", "are"):
        return f"are {rest}" if rest else None
    return to_base(text, book)


def past_only(text: str, book: Book) -> str | None:
    """Turn "defended me" into "defend me"; None where the verb stands in no past form."""
    first, _, rest = text.partition(" ")
    return f"{book.verbs.base(first)} {rest}".strip() if book.verbs.is_past(first) else None


def present_only(text: str, book: Book) -> str | None:
    """Return "defend me" as it is; None where the verb stands in the past."""
    return None if book.verbs.is_past(text.partition(" ")[0]) else text


def to_some(text: str, book: Book) -> str | None:
    """Turn "do anything" into "do something", once nothing denies it any more."""
    padded = f" {text} "
    for old, new in _SOME_PHRASES.items():
        padded = padded.replace(f" {old} ", f" {new} ")
    return " ".join(filter(None, (_SOME.get(word, word) for word in padded.split())))


def without_now(text: str, book: Book) -> str | None:
    """Turn "call me right now" into "call me"."""
    return _NOW.sub("", text).strip() or None


def to_feeling(text: str, book: Book) -> str | None:
    """Turn "a maid" into "like a maid", as it follows "I feel"; "stupid" stays."""
    return f"like {text}" if _LIKENED.match(text) else text


def capital(text: str, book: Book) -> str | None:
    """Turn "our anniversary" into "Our anniversary"."""
    return text[:1].upper() + text[1:]


CHANGES: Mapping[str, Callable[[str, Book], str | None]] = {
    "past": to_past,
    "base": to_base,
    "you": after_you,
    "done": past_only,
    "doing": present_only,
    "some": to_some,
    "now": without_now,
    "feel": to_feeling,
    "cap": capital,
}
