"""Checking one entry of a guidance file. Every complaint names the file and the entry."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from bot import yaml_files
from bot.errors import DataError

_Choice = TypeVar("_Choice", bound=Enum)
_PLACEHOLDER = re.compile(r"\{[^}]*\}?|\}")


def count(text: str) -> int:
    """Number of words in *text*; a placeholder is not one."""
    return len(_PLACEHOLDER.sub(" ", text).replace("–", " ").split())


class Row:
    """One entry of one file, read field by field.

    Each reader raises DataError where the field is missing, of the wrong kind, unknown or too long.
    """

    def __init__(self, path: Path, fields: dict[str, Any], *, key: str = "id") -> None:
        self.path = path
        self.fields = fields
        found = fields.get(key)
        if not isinstance(found, str) or not found:
            raise DataError("an entry has no name", where=path, expected=f"every entry to begin with '- {key}: ...'")
        self.id = found
        self.where = f"{path}, {found}"

    def only(self, *names: str) -> None:
        """Complain about every field that is not one of *names*."""
        unknown = sorted(set(self.fields) - set(names))
        if unknown:
            raise DataError(f"unknown field {', '.join(unknown)}", where=self.where, expected=f"only {', '.join(names)}")

    def text(self, name: str, *, most: int, placeholders: Collection[str] = ()) -> str:
        """Return a text of at most *most* words that holds no placeholder but *placeholders*."""
        found = self.fields.get(name)
        if not isinstance(found, str) or not found.strip():
            raise DataError(f"{name} is missing", where=self.where, expected=f"a text of at most {most} words")
        return self._checked(" ".join(found.split()), name, most, placeholders)

    def texts(self, name: str, *, least: int, most: int, words: int) -> tuple[str, ...]:
        """Return *least* to *most* texts of at most *words* words each."""
        found = self.fields.get(name)
        if not isinstance(found, list) or not least <= len(found) <= most or not all(isinstance(one, str) for one in found):
            raise DataError(f"{name} is not right", where=self.where, expected=f"a list of {least} to {most} texts")
        return tuple(self._checked(" ".join(one.split()), name, words, ()) for one in found)

    def choice(self, name: str, kind: type[_Choice], *, default: _Choice | None = None) -> _Choice:
        """Return the field as a value of the enum *kind*."""
        found = self.fields.get(name)
        if found is None and default is not None:
            return default
        for value in kind:
            if value.value == found:
                return value
        raise DataError(f"{name} is {found!r}", where=self.where, expected=f"one of {', '.join(str(v.value) for v in kind)}")

    def number(self, name: str, *, least: float, most: float) -> float:
        """Return a number from *least* to *most*."""
        found = self.fields.get(name)
        if isinstance(found, bool) or not isinstance(found, (int, float)) or not least <= found <= most:
            raise DataError(f"{name} is {found!r}", where=self.where, expected=f"a number from {least:g} to {most:g}")
        return found

    def known(self, name: str, accepted: Collection[str], *, least: int = 0) -> tuple[str, ...]:
        """Return a list of at least *least* names, each one of *accepted*."""
        found = self.fields.get(name, [])
        if not isinstance(found, list) or len(found) < least:
            raise DataError(f"{name} is missing", where=self.where, expected=f"a list of at least {least}, such as [A30, A31]")
        unknown = [str(one) for one in found if one not in accepted]
        if unknown:
            raise DataError(f"{name} names {', '.join(unknown)}, not known", where=self.where, expected=_some(accepted))
        return tuple(found)

    def _checked(self, text: str, name: str, most: int, placeholders: Collection[str]) -> str:
        if count(text) > most:
            raise DataError(f"{name} has {count(text)} words", where=self.where, expected=f"at most {most}; say it shorter")
        strange = sorted(set(_PLACEHOLDER.findall(text)) - {f"{{{one}}}" for one in placeholders})
        if strange:
            allowed = ", ".join(f"{{{one}}}" for one in placeholders) or "no braces at all"
            raise DataError(f"{name} holds {' '.join(strange)}", where=self.where, expected=allowed)
        return text


def read(path: Path) -> Iterator[Row]:
    """Yield the entries of the list in *path*."""
    for fields in yaml_files.rows(path):
        yield Row(path, fields)


def _some(accepted: Collection[str]) -> str:
    known = sorted(accepted)
    return f"one of {', '.join(known)}" if len(known) < 40 else f"one of {len(known)} known names, {known[0]} to {known[-1]}"


def no_id_twice(folder: Path, ids: Iterable[str]) -> None:
    """Raise DataError where an id of *folder* is there twice."""
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise DataError("this id is there twice", where=f"{folder}, {one}", expected="an id of its own for each line")
        seen.add(one)
