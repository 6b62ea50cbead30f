"""From a YAML file to a `Script`. Strict: what is not in docs/scripts.md is an error that names file and turn."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from bot import names, yaml_files
from bot.errors import DataError
from bot.guidance.entries import LineSide
from bot.guidance.library import CUES
from bot.guidance.values import CardKind
from bot.reading.values import Actor, Coach, PartnerMove, Safety, Side
from bot.scripts.values import Asks, CardWanted, Expected, Script, Turn, TurnKind, Wanted

MOST_CHARACTERS = 200_000
SCRIPT_KEYS = ("about", "first_question", "turns")
EXPECTED_KEYS = ("reads", "card", "says", "says_any", "never", "slots", "asks", "repeats")
CARD_KEYS = ("kind", "parts", "practice", "buttons", "words_at_most", "sources", "about")
ABOUT_KEYS = ("coach", "cue", "actor", "words", "lines", "practice", "side")
READS = {
    "side": frozenset(side.value for side in Side),
    "actor": frozenset(actor.value for actor in Actor),
    "partner": frozenset(move.value for move in PartnerMove),
    "coach": frozenset(coach.value for coach in Coach),
    "safety": frozenset(kind.value for kind in Safety),
    "intent": names.INTENTS,
}
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_KINDS_OF_TURN = "user, press, wait or restart_process"
_DURATION = re.compile(r"([1-9]\d{0,3}) (minutes?|hours?)\Z")
_Choice = TypeVar("_Choice", bound=Enum)


def scripts_in(files: Iterable[Path]) -> list[Script]:
    """Return the scripts of *files*; a folder stands for every .yml and .yaml file below it, in order.

    Raises DataError for a path that is not there, a folder without scripts, or a file that is not a script.
    """
    found: list[Path] = []
    for path in files:
        if path.is_dir():
            inside = sorted(one for one in path.rglob("*") if one.suffix in (".yml", ".yaml") and one.is_file())
            if not inside:
                raise DataError("holds no script", where=path, expected="files that end in .yml; their format: docs/scripts.md")
            found += inside
        else:
            found.append(path)
    return [parse(path) for path in found]


def parse(path: Path) -> Script:
    """Return the script in *path*. Raises DataError, with the number of the turn, where it is not one."""
    top = yaml_files.mapping(path)
    _only(top, SCRIPT_KEYS, path)
    about = _text(top.get("about"), "about", path, expected="one sentence that says what the conversation shows")
    asked = top.get("first_question", False)
    if not isinstance(asked, bool):
        raise DataError(f"first_question is {asked!r}", where=path, expected="true, or leave it out")
    turns = top.get("turns")
    if not isinstance(turns, list) or not turns:
        raise DataError(
            "turns is missing", where=path, expected="a list of turns, each with user, press, wait or restart_process"
        )
    found = tuple(_turn(row, number, f"{path}, turn {number}") for number, row in enumerate(turns, 1))
    return Script(path, about, found, first_question=asked)


def _turn(row: object, number: int, where: str) -> Turn:
    if not isinstance(row, dict):
        raise DataError(
            f"is {_kind(row)}", where=where, expected="a mapping that begins with user, press, wait or restart_process"
        )
    kinds = [kind for kind in TurnKind if kind.value in row]
    if len(kinds) != 1:
        found = "none of them" if not kinds else " and ".join(kind.value for kind in kinds)
        raise DataError(f"has {found}", where=where, expected=f"exactly one of {_KINDS_OF_TURN}")
    kind = kinds[0]
    said = row[kind.value]
    if kind is TurnKind.RESTART_PROCESS:
        _only(row, (kind.value,), where)
        if said is not True:
            raise DataError(f"restart_process is {said!r}", where=where, expected="true")
        return Turn(number, kind, "", Expected())
    if kind is TurnKind.WAIT:
        _only(row, (kind.value,), where)
        return Turn(number, kind, "", Expected(), _minutes(said, where))
    _only(row, (kind.value, *EXPECTED_KEYS), where)
    if kind is TurnKind.USER:
        text = _typed(said, where)
    else:
        text = _text(said, "press", where, expected="the title of a button, or a payload such as /help_now")
    return Turn(number, kind, text, _expected(row, where))


def _minutes(said: object, where: str) -> int:
    found = _DURATION.match(said) if isinstance(said, str) else None
    if not found:
        raise DataError(f"wait is {said!r}", where=where, expected='a text such as "20 minutes" or "3 hours"')
    return int(found.group(1)) * (60 if found.group(2).startswith("hour") else 1)


def _typed(said: object, where: str) -> str:
    """Return the words of a user turn: as given, or made from a short recipe where no file should hold them."""
    if isinstance(said, str):
        return said
    expected = 'a text, {repeat: "a ", times: 5000} or {bytes: "hi\\\\u0000there"}; numbers and yes/no need quotes'
    if not isinstance(said, dict):
        raise DataError(f"user is {_kind(said)}", where=where, expected=expected)
    if set(said) == {"bytes"} and isinstance(said["bytes"], str):
        return _ESCAPE.sub(lambda code: chr(int(code.group(1), 16)), said["bytes"])
    if set(said) == {"repeat", "times"} and isinstance(said["repeat"], str) and type(said["times"]) is int:
        if not 1 <= said["times"] * len(said["repeat"]) <= MOST_CHARACTERS:
            raise DataError("makes too little or too much text", where=where, expected=f"1 to {MOST_CHARACTERS} characters")
        return str(said["repeat"]) * said["times"]
    raise DataError(f"user has {', '.join(map(str, said)) or 'nothing'}", where=where, expected=expected)


def _expected(row: dict[str, Any], where: str) -> Expected:
    reads, cues = _reads(row.get("reads"), where) if "reads" in row else ((), ())
    if "repeats" in row and row["repeats"] not in (False, "no"):
        raise DataError(f"repeats is {row['repeats']!r}", where=where, expected="no, or leave it out")
    return Expected(
        reads=reads,
        cues=cues,
        card=_card(row["card"], where) if "card" in row else CardWanted(),
        says=_texts(row, "says", where),
        says_any=_texts(row, "says_any", where),
        never=_texts(row, "never", where),
        slots=_slots(row["slots"], where) if "slots" in row else (),
        asks=_choice(row["asks"], Asks, "asks", where) if "asks" in row else None,
        no_repeats="repeats" in row,
    )


def _reads(found: object, where: str) -> tuple[tuple[Wanted, ...], tuple[str, ...]]:
    fields = _mapping(found, "reads", where)
    _only(fields, (*READS, "cues"), where, inside="reads")
    cues = _texts(fields, "cues", where, known=CUES, named="reads.cues")
    return tuple(
        Wanted(name, _texts(fields, name, where, known=READS[name], named=f"reads.{name}")) for name in fields if name != "cues"
    ), cues


def _card(found: object, where: str) -> CardWanted:
    fields = _mapping(found, "card", where)
    _only(fields, CARD_KEYS, where, inside="card")
    side = None
    if "practice" in fields:
        practice = _mapping(fields["practice"], "card.practice", where)
        _only(practice, ("side",), where, inside="card.practice")
        side = _choice(practice.get("side"), LineSide, "card.practice.side", where)
    most = fields.get("words_at_most", 0)
    if type(most) is not int or ("words_at_most" in fields and most < 1):
        raise DataError(f"card.words_at_most is {most!r}", where=where, expected="a whole number from 1")
    if "sources" in fields and fields["sources"] != "any":
        raise DataError(f"card.sources is {fields['sources']!r}", where=where, expected="any, or leave it out")
    about = _mapping(fields.get("about", {}), "card.about", where)
    _only(about, ABOUT_KEYS, where, inside="card.about")
    return CardWanted(
        kinds=_texts(fields, "kind", where, known=frozenset(kind.value for kind in CardKind), named="card.kind"),
        parts=_texts(fields, "parts", where, named="card.parts"),
        practice=side,
        buttons=_texts(fields, "buttons", where, named="card.buttons"),
        words_at_most=most,
        sourced="sources" in fields,
        about=tuple(Wanted(str(name), _any_of(value)) for name, value in about.items()),
    )


def _slots(found: object, where: str) -> tuple[Wanted, ...]:
    fields = _mapping(found, "slots", where)
    _only(fields, sorted(names.SLOTS), where, inside="slots")
    # A slot may itself hold a list, so a list here is the value, not a choice.
    return tuple(Wanted(name, (value,)) for name, value in fields.items())


def _any_of(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list) else (value,)


def _only(fields: dict[Any, Any], known: Collection[str], where: str | Path, *, inside: str = "") -> None:
    if unknown := [str(name) for name in fields if name not in known]:
        place = f" in {inside}" if inside else ""
        raise DataError(f"unknown key {', '.join(unknown)}{place}", where=where, expected=f"only {', '.join(known)}")


def _mapping(found: object, name: str, where: str) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise DataError(f"{name} is {_kind(found)}", where=where, expected="a mapping (name: value)")
    return found


def _text(found: object, name: str, where: str | Path, *, expected: str) -> str:
    if not isinstance(found, str) or not found.strip():
        problem = "is missing" if found is None else "is empty" if isinstance(found, str) else f"is {_kind(found)}"
        raise DataError(f"{name} {problem}", where=where, expected=expected)
    return found


def _texts(
    fields: dict[str, Any], name: str, where: str, *, known: Collection[str] | None = None, named: str = ""
) -> tuple[str, ...]:
    """Return the text or the list of texts under *name*, () where it is left out."""
    if name not in fields:
        return ()
    found = _any_of(fields[name])
    named = named or name
    if not found or not all(isinstance(one, str) and one for one in found):
        wrong = next((_kind(one) for one in found if not isinstance(one, str)), "empty")
        expected = "a text or a list of texts; numbers and yes/no need quotes"
        raise DataError(f"{named} is or holds {wrong}", where=where, expected=expected)
    if known is not None and (unknown := [one for one in found if one not in known]):
        raise DataError(f"{named} holds {unknown[0]!r}", where=where, expected=f"one of {', '.join(sorted(known))}")
    return found


def _choice(found: object, among: type[_Choice], name: str, where: str) -> _Choice:
    try:
        return among(found)
    except ValueError as error:
        accepted = ", ".join(str(one.value) for one in among)
        raise DataError(f"{name} is {found!r}", where=where, expected=f"one of {accepted}") from error


_KINDS: tuple[tuple[Callable[[object], bool], str], ...] = (
    (lambda found: found is None, "nothing"),
    (lambda found: isinstance(found, bool), "true or false"),
    (lambda found: isinstance(found, (int, float)), "a number"),
    (lambda found: isinstance(found, str), "a text"),
    (lambda found: isinstance(found, list), "a list"),
    (lambda found: isinstance(found, dict), "a mapping"),
)


def _kind(found: object) -> str:
    return next((name for test, name in _KINDS if test(found)), type(found).__name__)
