"""Sentences and normalised tokens. Every offset is a character offset into the message as it was sent."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

# One character for one character, so that offsets stay those of the message as sent.
_SAME_LENGTH = str.maketrans({
    "\u2018": "'", "\u2019": "'", "\u201b": "'", "\u02bc": "'", "\u2032": "'", "\u0060": "'", "\u00b4": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"',
    "\u2013": "-", "\u2014": "-", "\u2212": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u200b": " ",
    "\u0000": " ", "\t": " ", "\r": "\n",
})  # fmt: skip
_SENTENCE_END = re.compile(r"[.!?\u2026]+[\"')\]]*(?=\s|$)|\n+|[\U0001F300-\U0001FAFF]+(?=\s|$)")
# A letter and its accent as two characters; composed, the second place is held by a sign that is no part of a word.
_APART = re.compile(r"[^\W\d_][\u0300-\u036f]")
_HELD = "\u2060"
_LONGEST_RUN = 60
_RUN = re.compile(r"[^\w\s]{24,}|\S{60,}")
_STRETCHED = re.compile(r"(.)\1{2,}")
# Clitics as people type them ("im", "hes", "ive"): spaCy splits them off but gives them no norm of their own.
_CLITICS = {"m": "am", "ve": "have", "'ve": "have", "ll": "will", "'ll": "will", "re": "are", "'re": "are", "'m": "am"}
_BEFORE_IS = frozenset(
    "he she it that this what who there here where how nobody nothing everything everyone something someone".split()
)
# spaCy keeps every new string for ever, so a long-running server starts a fresh vocabulary after so many.
_MAX_NEW_STRINGS = 100_000


@dataclass(frozen=True)
class Sentence:
    """A stretch of a message: *start* is its offset in the message, *text* its even-length normal form."""

    start: int
    text: str

    @property
    def end(self) -> int:
        """Offset just past the sentence."""
        return self.start + len(self.text)


def even(text: str) -> str:
    """Return *text* with plain quotes, dashes and spaces, of exactly the same length."""
    text = text.translate(_SAME_LENGTH)
    if not text.isascii():
        text = _APART.sub(_composed, text)
    # The tokenizer takes seconds over thousands of signs or letters without a space, and there is nothing to read in them.
    return _RUN.sub(lambda run: run.group()[:_LONGEST_RUN].ljust(len(run.group())), text)


def _composed(pair: re.Match[str]) -> str:
    one = unicodedata.normalize("NFC", pair.group())
    return one + _HELD if len(one) == 1 else pair.group()


def sentences(text: str) -> list[Sentence]:
    """Split *text* into its sentences, in order, without the white space around them."""
    return list(_sentences(even(text)))


def _sentences(text: str) -> Iterator[Sentence]:
    begin = 0
    for stop in _SENTENCE_END.finditer(text):
        yield from _trimmed(text, begin, stop.end())
        begin = stop.end()
    yield from _trimmed(text, begin, len(text))


def _trimmed(text: str, begin: int, end: int) -> Iterator[Sentence]:
    piece = text[begin:end]
    lead = len(piece) - len(piece.lstrip())
    piece = piece.strip()
    if piece:
        yield Sentence(begin + lead, piece)


class _Tokenizer:
    """spaCy's blank English pipeline, replaced when its vocabulary has grown by `_MAX_NEW_STRINGS`."""

    def __init__(self) -> None:
        self._language: Language | None = None
        self._limit = 0

    def current(self) -> Language:
        """Return the pipeline to tokenise with. A matcher must share the vocabulary of the text it reads."""
        found = self._language
        if found is None or len(found.vocab.strings) > self._limit:
            found = _blank()
            self._limit = len(found.vocab.strings) + _MAX_NEW_STRINGS
            self._language = found
        return found


_TOKENIZER = _Tokenizer()


def language() -> Language:
    """Return the blank English pipeline: spaCy's tokenizer with its norms, nothing learned."""
    return _TOKENIZER.current()


def _blank() -> Language:
    """Import spaCy and return its blank English pipeline.

    thinc imports TensorFlow where it is installed, which costs a second and 360 MB, so a process
    that has not loaded it yet (the ``read`` command, unlike the server) is told that there is none.
    """
    if "spacy" not in sys.modules and "tensorflow" not in sys.modules and "rasa" not in sys.modules:
        sys.modules["tensorflow"] = None  # type: ignore[assignment]
        try:
            import spacy
        finally:
            del sys.modules["tensorflow"]
    else:
        import spacy
    return spacy.blank("en")


def tokens(text: str, spellings: Mapping[str, str], mend: Callable[[str], str] | None = None) -> Doc:
    """Tokenise one even-length sentence; ``norm_`` holds the lower-case standard spelling of each token.

    *spellings* maps texting spellings to standard ones ("u" -> "you"). Stretched letters are undone
    ("sooo" -> "so"); "he's", "hes" and "he is" come out alike. *mend* is asked about each word that is not
    written as a name is (see bot.reading.typos).
    """
    doc = language().make_doc(text)
    before = ""
    for token in doc:
        norm = _norm(token.lower_, token.norm_.lower(), before, spellings)
        if mend is not None and (token.i == 0 or not token.is_title):
            norm = mend(norm)
        if norm != token.norm_:
            token.norm_ = norm
        before = norm
    return doc


def _norm(lower: str, norm: str, before: str, spellings: Mapping[str, str]) -> str:
    if _HELD in lower:
        lower = norm = lower.replace(_HELD, "")
    if lower in spellings:
        return spellings[lower]
    if lower in _CLITICS and before:
        return _CLITICS[lower]
    if lower in ("'s", "s") and before in _BEFORE_IS:
        return "is"
    if lower in ("did", "does"):  # spaCy's norm of the first half of "didnt" is "do"
        return lower
    if _STRETCHED.search(norm):
        norm = _STRETCHED.sub(r"\1", norm)
        return spellings.get(norm, norm)
    return spellings.get(norm, norm)
