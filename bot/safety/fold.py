"""Undoing disguises ("k i l l", "su1cide") before patterns run, with the way back to the message as it was sent."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# Three or more single letters, apart by one sign or space: "k i l l", "k.i.l.l", "d-i-e". Two spaces keep words apart.
_SPACED = re.compile(r"(?<!\w)[a-z](?:(?:[ ]{1,3}|[.\-_*])[a-z]){2,60}(?!\w)", re.IGNORECASE)
_LETTER = re.compile(r"[a-z]", re.IGNORECASE)
# A word with signs or digits among its letters: "h*t", "str@ngled", "hit5". The sign before it would make it something else.
_CENSORED = re.compile(r"(?<![\w*@#$&/.-])[a-z](?=[a-z]*[*@$#!|0-9])[\w*@$#!|]{1,13}(?![\w@/-])", re.IGNORECASE)
_LOOKS_LIKE = str.maketrans("013457@$!|", "oieastasii")


@dataclass(frozen=True)
class Folded:
    """A message with its disguises undone. *text* is what patterns read.

    *begins* and *origins* pair up: from offset ``begins[i]`` on, *text* stands for the original from
    ``origins[i]`` on. *fixed* marks the stretches that stand for one replaced piece as a whole.
    """

    text: str
    begins: tuple[int, ...] = (0,)
    origins: tuple[int, ...] = (0,)
    fixed: tuple[int, ...] = (0,)  # length of the original piece, 0 for a stretch copied letter by letter

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return where *text*[start:end] stands in the original, replaced pieces taken whole."""
        return self._place(start, last=False), self._place(max(start, end - 1), last=True)

    def _place(self, offset: int, *, last: bool) -> int:
        piece = bisect_right(self.begins, offset) - 1
        if self.fixed[piece]:
            return self.origins[piece] + (self.fixed[piece] if last else 0)
        return self.origins[piece] + offset - self.begins[piece] + (1 if last else 0)


class Folder:
    """Undoes spaced letters, masked and censored spellings of the few words that matter most."""

    def __init__(self, words: Iterable[str], masks: Mapping[str, str], censored: Iterable[str] = ()) -> None:
        """*words*: what spaced letters may spell. *masks*: a disguise and the plain words it stands for.

        *censored*: words that are looked for behind signs and digits ("h*t", "r@ped"). They are few, so that a
        censored swear word is not taken for one of them.
        """
        self._censored = tuple(word.lower() for word in censored)
        self._words = frozenset(word.lower() for word in words)
        self._longest = max(map(len, self._words), default=0)
        self._masks = {mask.lower(): plain for mask, plain in masks.items()}
        ordered = sorted(self._masks, key=len, reverse=True)
        masked = "|".join(map(re.escape, ordered))
        first = "".join(sorted({re.escape(mask[0]) for mask in ordered}))
        self._masked = re.compile(rf"(?<!\w)(?=[{first}])(?:{masked})(?!\w)", re.IGNORECASE) if ordered else None

    def fold(self, text: str) -> Folded:
        """Return *text* with its disguises undone; the very text where there are none."""
        found = self._replacements(text)
        if not found:
            return Folded(text)
        out: list[str] = []
        begins, origins, fixed = [0], [0], [0]
        at = length = 0
        for start, end, plain in found:
            out += [text[at:start], plain]
            length += start - at
            begins += [length, length + len(plain)]
            origins += [start, end]
            fixed += [end - start, 0]
            length += len(plain)
            at = end
        out.append(text[at:])
        return Folded("".join(out), tuple(begins), tuple(origins), tuple(fixed))

    def _replacements(self, text: str) -> list[tuple[int, int, str]]:
        found = []
        for match in _SPACED.finditer(text):
            plain = self._spelled(match.group())
            if plain:
                found.append((match.start(), match.end(), plain))
        taken = [(start, end) for start, end, _ in found]
        for match in self._masked.finditer(text) if self._masked else ():
            if not any(start < match.end() and match.start() < end for start, end in taken):
                found.append((match.start(), match.end(), self._masks[match.group().lower()]))
        taken = [(start, end) for start, end, _ in found]
        for match in _CENSORED.finditer(text):
            plain = self._uncensored(match.group().lower())
            if plain and not any(start < match.end() and match.start() < end for start, end in taken):
                found.append((match.start(), match.end(), plain))
        return sorted(found)

    def _uncensored(self, written: str) -> str:
        """Return the word behind *written*, or "" where it is none of ours.

        A sign stands for any letter, a digit for the letter that it looks like or for a key hit by mistake.
        """
        written = written.rstrip("!|")
        plain = written.translate(_LOOKS_LIKE)
        if plain in self._censored and plain != written:
            return plain
        letters = re.sub(r"[^a-z]", "", written)
        if letters in self._censored and re.fullmatch(r"[a-z]+\d|[a-z]+\d[a-z]+", written):
            return letters
        hidden = written.count("*") + written.count("#")
        if not hidden or hidden * 2 > len(written):  # "s****ed" is too many words to tell
            return ""
        shape = re.compile(plain.replace("*", ".").replace("#", "."))
        return next((word for word in self._censored if shape.fullmatch(word)), "")

    def _spelled(self, run: str) -> str:
        """Return the words that a run of spaced letters spells, or "" where it spells none of ours."""
        letters = "".join(_LETTER.findall(run)).lower()
        best: list[list[str] | None] = [[]] + [None] * len(letters)
        for end in range(1, len(letters) + 1):
            for begin in range(max(0, end - self._longest), end):
                before = best[begin]
                if before is None or letters[begin:end] not in self._words:
                    continue
                known = best[end]
                if known is None or len(before) + 1 < len(known):
                    best[end] = [*before, letters[begin:end]]
        words = best[-1]
        # "a i" alone spells nothing worth undoing.
        return " ".join(words) if words and any(len(word) > 2 for word in words) else ""
