"""Quoting the person's own words inside a line."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.reading.values import Evidence

MOST_WORDS = 8
MOST_LETTERS = 70
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_ANY_QUOTE_MARK = '"“”„«»'


def short(evidence: Evidence) -> str:
    """Return the words of *evidence* on one line, at most 8 of them and 70 letters, cut with "…"."""
    words = evidence.text.strip(_ANY_QUOTE_MARK + " \n\t,;:-–—").split()
    text = " ".join(words[:MOST_WORDS])
    cut = len(words) > MOST_WORDS
    if len(text) > MOST_LETTERS:
        text, cut = text[:MOST_LETTERS].rstrip(), True
    # A full stop of theirs would end our sentence in the middle.
    bare = text.rstrip(".,;: …")
    return f"{bare or text}…" if cut or text.endswith(("…", "...")) else bare or text


def fill(text: str, words: Mapping[str, Evidence]) -> str:
    """Return *text* with each placeholder replaced by the quoted words of its evidence."""
    return _PLACEHOLDER.sub(lambda found: f"“{short(words[found.group(1)])}”", text)


def needs(text: str) -> frozenset[str]:
    """Return the names of the placeholders in *text*."""
    return frozenset(_PLACEHOLDER.findall(text))
