"""The help lines of data/help_lines.yml, by country and kind of danger, corrected by a deployer's own file if there is one."""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeGuard

from bot import paths, yaml_files
from bot.errors import DataError
from bot.reading.values import Safety

ANYWHERE = "ZZ"
EU = "EU"
OWN_LINES = "MIDDLE_GROUND_HELP_LINES"
MOST_DAYS = 180
# What every country has lines for; for one's own behaviour few countries have a line, and `for_country` falls back.
NEEDED = ("suicide", "harmed", "child")
# EU states without a row of their own are served by the EU-wide numbers, which DE, FR, ES and IE complete.
_IN_EU = frozenset({"DE", "FR", "ES", "IE"})
_KINDS = (*NEEDED, "harming", "any")
_CONFIDENCE = ("A", "B", "C")
_AUDIENCES = ("", "young", "adults")
_CHANNELS = ("call", "text", "chat", "email", "whatsapp", "web")
# What a person needs at hand to use a channel.
_CHANNEL_NEEDS = {"call": "dial", "text": "sms", "chat": "web", "web": "web"}
_DIAL = re.compile(r"\+[1-9][0-9]{6,14}|[0-9]{3,12}")
_FIRST_NUMBER = re.compile(r"\+?[0-9][0-9\s().-]*")
_SOURCE_DATED = re.compile(r"((?:19|20)[0-9]{2})(?:-(?:0[1-9]|1[0-2]))?")
# Every channel shows countries as buttons, and a longer title is cut off on some.
_MOST_NAME = 24
_TEXT_FIELDS = ("service", "number", "hours", "source")
_REQUIRED = ("country", "kind", *_TEXT_FIELDS, "channels", "languages", "confidence", "verified_on")
_OPTIONAL_TEXTS = ("dial", "sms", "text", "web", "note", "audience")
_LINE_FIELDS = (*_REQUIRED, *_OPTIONAL_TEXTS, "source_dated")
_COUNTRY_FIELDS = ("code", "name", "emergency", "confidence", "note")
_TOP = ("release_date", "countries", "lines")
# Which lines answer which danger: who threatens others is helped by lines about their own behaviour.
_SERVES = {Safety.OTHERS: "harming", Safety.OUT_OF_SCOPE: "any", Safety.NONE: "any"}


@dataclass(frozen=True)
class Country:
    """A country of the table. *emergency*: numbers to dial, the first is the one to say; empty for "somewhere else".

    *confidence*: A, B or C, that of the least sure of these numbers; "" where there is none.
    """

    code: str
    name: str
    emergency: tuple[str, ...]
    confidence: str = ""
    note: str = ""


@dataclass(frozen=True)
class HelpLine:
    """One service. *dial*: what a phone dials, "" where there is only text or web. *hours*: "" where not confirmed.

    *confidence*: A, B or C (docs/help-lines.md). *verified_on*: when the source was last read. *source_dated*: the year, or
    year and month, of what the source said, where that is older than the reading; else "". *audience*: "young" or "adults"
    where a child line is for one of them, else "".
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
    confidence: str
    verified_on: datetime.date
    source: str
    source_dated: str = ""
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
    def load(cls, path: Path | None = None, own: Path | None = None) -> HelpLines:
        """Read data/help_lines.yml (or *path*), corrected by a deployer's *own* file of the same form.

        The own file's lines replace all lines of every country that they name; its countries replace or add. It is held to
        the same rules, dates against its own release date. Raises DataError that names the entry that is not right.
        """
        path = path or paths.data() / "help_lines.yml"
        shipped = _read(path, {})
        _check_complete(shipped, path)
        if own is None:
            return cls(shipped.release_date, shipped.countries, shipped.lines)
        try:
            theirs = _read(own, shipped.countries)
            if not (theirs.countries or theirs.lines):
                raise DataError("names no country and no line", where=own, expected="countries, lines or both")
            replaced = {line.country for line in theirs.lines}
            kept = tuple(line for line in shipped.lines if line.country not in replaced)
            merged = _Held(shipped.release_date, {**shipped.countries, **theirs.countries}, kept + theirs.lines)
            _check_complete(merged, own)
        except DataError as error:
            # Whoever reads this in a log may not know that a variable led here.
            raise DataError(f"{OWN_LINES}: {error}") from error
        return cls(merged.release_date, merged.countries, merged.lines)

    def countries(self) -> tuple[Country, ...]:
        """Return the countries to choose from, in the order of the file, "somewhere else" last."""
        return tuple(sorted(self._countries.values(), key=lambda country: country.code == ANYWHERE))

    def country(self, code: str | None) -> Country:
        """Return the country of *code*; "somewhere else" for None or a code that is not in the table."""
        return self._countries.get((code or ANYWHERE).upper(), self._countries[ANYWHERE])

    def for_country(self, code: str | None, kind: Safety | str) -> tuple[HelpLine, ...]:
        """Return the lines that answer *kind* in a country, those with a number first, then the surest; never none.

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
        # Where only one line fits, it is better one to call or text than a page to read.
        return tuple(sorted(found, key=lambda line: (not line.number, _CONFIDENCE.index(line.confidence))))


@dataclass(frozen=True)
class _Held:
    """What one file holds, each entry checked."""

    release_date: datetime.date
    countries: dict[str, Country]
    lines: tuple[HelpLine, ...]


def _read(path: Path, known: Mapping[str, Country]) -> _Held:
    """Return what *path* holds; its lines may be of the countries *known* before, too."""
    try:
        table = yaml_files.mapping(path)
    except UnicodeDecodeError as error:
        raise DataError("is not a text in UTF-8", where=path, expected="a YAML file in UTF-8") from error
    _refuse_unknown("the file", table, _TOP, path)
    release = table.get("release_date")
    if not _is_date(release):
        raise DataError("has no release_date", where=path, expected="release_date: 2026-11-22")
    countries: dict[str, Country] = {}
    for row in _rows(table, "countries", path):
        country = _country(row, path)
        if country.code in countries:
            raise DataError(f"country {country.code} is there twice", where=path, expected="one entry for each country")
        countries[country.code] = country
    codes = (*known, *(code for code in countries if code not in known))
    return _Held(release, countries, tuple(_line(row, codes, release, path) for row in _rows(table, "lines", path)))


def _check_complete(held: _Held, path: Path) -> None:
    """Refuse a table in which somebody in danger would find nobody."""
    if ANYWHERE not in held.countries:
        raise DataError("has no country ZZ", where=path, expected="ZZ, for people whose country is not in the list")
    there = {(line.country, line.kind) for line in held.lines}
    if (ANYWHERE, "any") not in there:
        raise DataError("has no line of kind any for ZZ", where=path, expected="one that serves everybody")
    for code in held.countries:
        missing = [kind for kind in NEEDED if (code, kind) not in there]
        if missing:
            raise DataError(
                f"country {code} has no line of kind {', '.join(missing)}",
                where=path,
                expected=f"at least one line each of kind {', '.join(NEEDED)} for every country; a file of your own replaces all "
                "lines of a country that it names, so copy those that stay",
            )


def _rows(table: Mapping[str, Any], key: str, path: Path) -> list[dict[str, Any]]:
    found = table.get(key, [])
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise DataError(f"has no list of {key}", where=path, expected=f"{key}: followed by entries '- {{...}}'")
    return found


def _is_date(value: object) -> TypeGuard[datetime.date]:
    # A time of day makes it a datetime, which is a date to Python and yet does not compare with one.
    return isinstance(value, datetime.date) and not isinstance(value, datetime.datetime)


def _refuse_unknown(name: str, row: Mapping[str, Any], fields: Sequence[str], path: Path) -> None:
    extra = set(row) - set(fields)
    if extra:
        unknown = ", ".join(sorted(map(str, extra)))
        raise DataError(f"{name}: {unknown} is not a field", where=path, expected=", ".join(sorted(fields)))


def _refuse_other(name: str, row: Mapping[str, Any], key: str, accepted: Sequence[str], path: Path) -> None:
    if row.get(key) not in accepted:
        raise DataError(f"{name}: {key} is {row.get(key)!r}", where=path, expected="one of " + ", ".join(filter(None, accepted)))


def _country(row: Mapping[str, Any], path: Path) -> Country:
    code, name, numbers, note = row.get("code"), row.get("name"), row.get("emergency"), row.get("note", "")
    if not isinstance(code, str) or not re.fullmatch(r"[A-Z]{2}", code) or not isinstance(name, str) or not name:
        raise DataError(f"country {code!r} {name!r}", where=path, expected="a code of two capital letters and a name")
    _refuse_unknown(f"country {code}", row, _COUNTRY_FIELDS, path)
    if len(name) > _MOST_NAME:
        raise DataError(f"country {code}: name {name!r} is too long", where=path, expected=f"at most {_MOST_NAME} characters")
    if not isinstance(numbers, list) or not all(isinstance(n, str) and re.fullmatch(r"[0-9]{2,6}", n) for n in numbers):
        raise DataError(f"country {code}: emergency is {numbers!r}", where=path, expected='numbers in quotes: ["112"]')
    if not numbers and code != ANYWHERE:
        raise DataError(f"country {code} has no emergency number", where=path, expected='at least one: ["112"]')
    if numbers:
        _refuse_other(f"country {code}", row, "confidence", _CONFIDENCE, path)
    if not isinstance(note, str):
        raise DataError(f"country {code}: note is {note!r}", where=path, expected="a text")
    return Country(code, name, tuple(numbers), row.get("confidence", "") if numbers else "", note)


def _line(row: Mapping[str, Any], codes: Sequence[str], release: datetime.date, path: Path) -> HelpLine:
    name = f"line {row.get('service')!r} ({row.get('country')})"
    _refuse_unknown(name, row, _LINE_FIELDS, path)
    missing = [key for key in _REQUIRED if key not in row]
    if missing:
        raise DataError(f"{name}: has no {', '.join(missing)}", where=path, expected=f"all of {', '.join(_REQUIRED)}")
    for key in (*_TEXT_FIELDS, *_OPTIONAL_TEXTS):
        if not isinstance(row.get(key, ""), str):
            raise DataError(f"{name}: {key} is {row[key]!r}", where=path, expected='a text; numbers stand in quotes: "988"')
    for key, accepted in (("country", codes), ("kind", _KINDS), ("confidence", _CONFIDENCE)):
        _refuse_other(name, row, key, accepted, path)
    if "audience" in row:
        _refuse_other(name, row, "audience", _AUDIENCES, path)
    for key in ("service", "source"):
        if not row[key].strip():
            raise DataError(f"{name}: {key} is empty", where=path, expected=f"{key}: some text")
    for key in ("channels", "languages"):
        if not yaml_files.texts(row, key, name, path):
            raise DataError(f"{name}: {key} is empty", where=path, expected=f"at least one: {key}: [...]")
    _check_reach(name, row, path)
    return HelpLine(
        country=row["country"], kind=row["kind"], service=row["service"], number=row["number"], dial=row.get("dial", ""),
        sms=row.get("sms", ""), text=row.get("text", ""), web=row.get("web", ""), hours=row["hours"],
        channels=tuple(row["channels"]), languages=tuple(row["languages"]), confidence=row["confidence"],
        verified_on=_verified(name, row, release, path), source=row["source"], source_dated=_dated(name, row, release, path),
        note=row.get("note", ""), audience=row.get("audience", ""),
    )  # fmt: skip


def _check_reach(name: str, row: Mapping[str, Any], path: Path) -> None:
    """Refuse a line that nobody could reach as it stands."""
    number, dial, sms, web = (row.get(key, "") for key in ("number", "dial", "sms", "web"))
    if not (dial or sms or web):
        raise DataError(f"{name}: cannot be reached", where=path, expected="at least one of dial, sms, web")
    for key, value in (("dial", dial), ("sms", sms)):
        if value and not _DIAL.fullmatch(value):
            raise DataError(f"{name}: {key} is {value!r}", where=path, expected='digits alone, perhaps after +: "+18007997233"')
    if web and not web.startswith(("https://", "http://")):
        raise DataError(f"{name}: web is {web!r}", where=path, expected="an address that begins with https://")
    called = dial or sms
    if called and not _agrees(number, called):
        raise DataError(
            f"{name}: number is {number!r}, but {'dial' if dial else 'sms'} is {called!r}",
            where=path,
            expected="the same digits in the first number shown",
        )
    if row.get("text") and not sms:
        raise DataError(f"{name}: has a word to text but no sms", where=path, expected="sms: the number to text it to")
    for channel in row["channels"]:
        if channel not in _CHANNELS:
            raise DataError(f"{name}: channel {channel!r} is not known", where=path, expected="one of " + ", ".join(_CHANNELS))
        needed = _CHANNEL_NEEDS.get(channel)
        if needed and not row.get(needed):
            raise DataError(f"{name}: channel {channel} has no {needed}", where=path, expected=f"{needed}, or not that channel")
    for key, channel in (("dial", "call"), ("sms", "text")):
        if row.get(key) and channel not in row["channels"]:
            raise DataError(f"{name}: has {key}, but channels lack {channel}", where=path, expected=f"{channel} among channels")


def _agrees(number: str, called: str) -> bool:
    """Return whether the first number in *number* is what a phone is given as *called*, digit by digit."""
    first = _FIRST_NUMBER.search(number)
    shown = re.sub(r"\D", "", first[0]) if first else ""
    if not called.startswith("+") or not shown:
        return shown == called
    # After + stands the country's code of one to three digits; the 0 that begins a number at home falls away.
    at_home = shown.removeprefix("0")
    return shown == called[1:] or (called.endswith(at_home) and 1 <= len(called) - 1 - len(at_home) <= 3)


def _verified(name: str, row: Mapping[str, Any], release: datetime.date, path: Path) -> datetime.date:
    verified = row["verified_on"]
    if not _is_date(verified):
        raise DataError(f"{name}: verified_on is {verified!r}", where=path, expected="a date: 2026-11-01")
    age = (release - verified).days
    if age > MOST_DAYS:
        expected = f"at most {MOST_DAYS} days: look at its source again, then set verified_on"
        raise DataError(
            f"{name}: verified_on {verified} is {age} days before release_date {release}", where=path, expected=expected
        )
    if age < 0:
        expected = "a release_date on that day or later"
        raise DataError(f"{name}: verified_on {verified} is after release_date {release}", where=path, expected=expected)
    return verified


def _dated(name: str, row: Mapping[str, Any], release: datetime.date, path: Path) -> str:
    if "source_dated" not in row:
        return ""
    dated = str(row["source_dated"])
    found = _SOURCE_DATED.fullmatch(dated)
    if not found or dated > release.isoformat():
        raise DataError(
            f"{name}: source_dated is {dated!r}",
            where=path,
            expected="a year or a year and month, not after the release: 2020 or 2020-05",
        )
    if row["confidence"] == "A" and int(found[1]) < release.year - 1:
        raise DataError(
            f"{name}: source_dated is {dated}, yet confidence is A",
            where=path,
            expected=f"B or C, for a source older than {release.year - 1} does not show that the line is still there",
        )
    return dated


def help_lines() -> HelpLines:
    """Return the lines of data/help_lines.yml, corrected by the file that $MIDDLE_GROUND_HELP_LINES names, read once.

    Raises DataError where that file is missing or wrong: to go on without it would show numbers known to be wrong.
    """
    own = os.environ.get(OWN_LINES)
    return _loaded(paths.data() / "help_lines.yml", Path(own).expanduser().absolute() if own else None)


@lru_cache(maxsize=8)
def _loaded(path: Path, own: Path | None) -> HelpLines:
    return HelpLines.load(path, own)


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
