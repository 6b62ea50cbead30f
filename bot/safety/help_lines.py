"""The help lines of data/help_lines.yml, by country and kind of danger."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot import paths, yaml_files
from bot.errors import DataError
from bot.reading.values import Safety

ANYWHERE = "ZZ"
EU = "EU"
# EU states without a row of their own are served by the EU-wide numbers, which DE, FR, ES and IE complete.
_IN_EU = frozenset({"DE", "FR", "ES", "IE"})
_KINDS = ("suicide", "harmed", "harming", "child", "any")
_SURE = ("A", "B", "C")
_DIAL = re.compile(r"\+?\d{3,14}")
_AUDIENCES = ("", "young", "adults")
_LINE_FIELDS = frozenset(
    "country kind audience service number dial sms text web hours channels languages sure verified_on source note".split()
)
# Which lines answer which danger: who threatens others is helped by lines about their own behaviour.
_SERVES = {Safety.OTHERS: "harming", Safety.OUT_OF_SCOPE: "any", Safety.NONE: "any"}


@dataclass(frozen=True)
class Country:
    """A country of the table. *emergency*: numbers to dial, the first is the one to say; empty for "somewhere else"."""

    code: str
    name: str
    emergency: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True)
class HelpLine:
    """One service. *dial*: what a phone dials, "" where there is only text or web. *sure*: A, B or C (docs/help-lines.md).

    *audience*: "young" or "adults" where a child line is for one of them, else "".
    """

    country: str
    kind: str
    service: str
    number: str
    dial: str
    sms: str
    text: str
    web: str
    hours: str
    channels: tuple[str, ...]
    languages: tuple[str, ...]
    sure: str
    verified_on: datetime.date
    source: str
    note: str = ""
    audience: str = ""


class HelpLines:
    """All countries and lines.

    >>> HelpLines.load().for_country("GB", "suicide")[0].number
    '116 123'
    """

    def __init__(self, release_date: datetime.date, countries: Mapping[str, Country], lines: tuple[HelpLine, ...]) -> None:
        """Keep the table as it was read; `load` makes one from the file."""
        self.release_date = release_date
        self.lines = lines
        self._countries = dict(countries)

    @classmethod
    def load(cls, path: Path | None = None) -> HelpLines:
        """Read data/help_lines.yml (or *path*). Raises DataError that names the entry that is not right."""
        path = path or paths.data() / "help_lines.yml"
        table = yaml_files.mapping(path)
        release = table.get("release_date")
        if not isinstance(release, datetime.date):
            raise DataError("has no release_date", where=path, expected="release_date: 2026-11-22")
        countries: dict[str, Country] = {}
        for row in _rows(table, "countries", path):
            country = _country(row, path)
            countries[country.code] = country
        if ANYWHERE not in countries:
            raise DataError("has no country ZZ", where=path, expected="ZZ, for people whose country is not in the list")
        lines = tuple(_line(row, countries, path) for row in _rows(table, "lines", path))
        if not any(line.country == ANYWHERE and line.kind == "any" for line in lines):
            raise DataError("has no line of kind any for ZZ", where=path, expected="one that serves everybody")
        return cls(release, countries, lines)

    def countries(self) -> tuple[Country, ...]:
        """Return the countries to choose from, in the order of the file, "somewhere else" last."""
        return tuple(sorted(self._countries.values(), key=lambda country: country.code == ANYWHERE))

    def country(self, code: str | None) -> Country:
        """Return the country of *code*; "somewhere else" for None or a code that is not in the table."""
        return self._countries.get((code or ANYWHERE).upper(), self._countries[ANYWHERE])

    def for_country(self, code: str | None, kind: Safety | str) -> tuple[HelpLine, ...]:
        """Return the lines that answer *kind* in a country, the surest first, never none.

        Where a country has none of that kind: the EU-wide lines (for EU states), then those for anywhere.
        """
        wanted = _SERVES.get(kind, kind.value) if isinstance(kind, Safety) else kind
        place = self.country(code).code
        for where in (place, EU) if place in _IN_EU else (place,) if place != ANYWHERE else ():
            found = self._of(where, wanted)
            if found:
                return found
        return self._of(ANYWHERE, "any") + (self._of(ANYWHERE, wanted) if wanted != "any" else ())

    def _of(self, code: str, kind: str) -> tuple[HelpLine, ...]:
        found = [line for line in self.lines if line.country == code and line.kind == kind]
        return tuple(sorted(found, key=lambda line: _SURE.index(line.sure)))


def _rows(table: Mapping[str, Any], key: str, path: Path) -> list[dict[str, Any]]:
    found = table.get(key)
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise DataError(f"has no list of {key}", where=path, expected=f"{key}: followed by entries '- {{...}}'")
    return found


def _country(row: Mapping[str, Any], path: Path) -> Country:
    code, name, numbers = row.get("code"), row.get("name"), row.get("emergency")
    if not isinstance(code, str) or not re.fullmatch(r"[A-Z]{2}", code) or not isinstance(name, str) or not name:
        raise DataError(f"country {code!r} {name!r}", where=path, expected="a code of two capital letters and a name")
    if not isinstance(numbers, list) or not all(isinstance(n, str) and n.isdigit() for n in numbers):
        raise DataError(f"country {code}: emergency is {numbers!r}", where=path, expected='numbers in quotes: ["112"]')
    if not numbers and code != ANYWHERE:
        raise DataError(f"country {code} has no emergency number", where=path, expected='at least one: ["112"]')
    return Country(code, name, tuple(numbers), str(row.get("note", "")))


def _line(row: Mapping[str, Any], countries: Mapping[str, Country], path: Path) -> HelpLine:
    name = f"line {row.get('service')!r} ({row.get('country')})"
    extra = set(row) - _LINE_FIELDS
    if extra:
        unknown = ", ".join(sorted(map(str, extra)))
        raise DataError(f"{name}: {unknown} is not a field", where=path, expected=", ".join(sorted(_LINE_FIELDS)))
    for key, accepted in (("country", tuple(countries)), ("kind", _KINDS), ("sure", _SURE), ("audience", _AUDIENCES)):
        if row.get(key, "" if key == "audience" else None) not in accepted:
            raise DataError(f"{name}: {key} is {row.get(key)!r}", where=path, expected="one of " + ", ".join(accepted))
    for key in ("service", "source"):
        if not row.get(key) or not isinstance(row[key], str):
            raise DataError(f"{name}: has no {key}", where=path, expected=f"{key}: some text")
    dial, verified = str(row.get("dial", "")), row.get("verified_on")
    if dial and not _DIAL.fullmatch(dial):
        raise DataError(f"{name}: dial is {dial!r}", where=path, expected='digits alone, perhaps after +: "+18007997233"')
    if not isinstance(verified, datetime.date):
        raise DataError(f"{name}: verified_on is {verified!r}", where=path, expected="a date: 2026-11-01")
    sms, web = str(row.get("sms", "")), str(row.get("web", ""))
    if not (dial or sms or web):
        raise DataError(f"{name}: cannot be reached", where=path, expected="at least one of dial, sms, web")
    if web and not web.startswith(("https://", "http://")):
        raise DataError(f"{name}: web is {web!r}", where=path, expected="an address that begins with https://")
    return HelpLine(
        country=row["country"], kind=row["kind"], service=row["service"], number=str(row.get("number", "")), dial=dial,
        sms=sms, text=str(row.get("text", "")), web=web, hours=str(row.get("hours", "")),
        channels=tuple(map(str, row.get("channels", ()))), languages=tuple(map(str, row.get("languages", ()))),
        sure=row["sure"], verified_on=verified, source=row["source"], note=str(row.get("note", "")),
        audience=row.get("audience", ""),
    )  # fmt: skip


@lru_cache(maxsize=1)
def help_lines() -> HelpLines:
    """Return the lines of data/help_lines.yml, read once in a process."""
    return HelpLines.load()


@lru_cache(maxsize=1)
def _help_words() -> frozenset[str]:
    path = paths.data() / "safety" / "help_words.yml"
    found = yaml_files.load(path)
    if not isinstance(found, list) or not all(isinstance(word, str) for word in found):
        raise DataError("does not hold a list of words", where=path, expected="lines '- help'")
    return frozenset(found)


def is_help_word(text: str) -> bool:
    """Return whether the whole message asks for help ("SOS!!", "help me"), case and punctuation apart."""
    if len(text) > 80:
        return False
    plain = re.sub(r"['’‘`]", "", text.lower())
    return " ".join(re.findall(r"[a-z]+", plain)) in _help_words() and not re.search(r"[^\W_a-z]", plain)
