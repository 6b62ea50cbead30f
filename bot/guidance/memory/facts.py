"""The facts, and what one turn adds to them. Counted, never judged: a fact is about moves, not about a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.guidance.entries import LineActor, LineSide
from bot.reading.values import Coach, PartnerMove, Reading

SIDE, PARTNER, HELPED, NAMES = KEYS = ("side", "partner_move", "helped", "names")
PURSUE, WITHDRAW = LineSide.PURSUE.value, LineSide.WITHDRAW.value
BOTH = LineSide.BOTH.value
MOVES = (PURSUE, WITHDRAW, BOTH)
LEAST_COUNTED = 2  # moments from which "mostly" may be said
MOST_HELPED, MOST_NAMES = 12, 3
# What the exercise "Say it softer" calls the partner's usual move.
TENDS = {"goes_quiet": WITHDRAW, "comes_at_me": PURSUE}
_HELPS = {Coach.ANXIOUS.value: LineSide.PURSUE, Coach.AVOIDANT.value: LineSide.WITHDRAW}


@dataclass(frozen=True)
class Moves:
    """How often somebody closed the gap and how often they widened it. *told*: one of `MOVES`, by the person's own word."""

    pursue: int = 0
    withdraw: int = 0
    told: str = ""

    @property
    def counted(self) -> int:
        """Number of moments."""
        return self.pursue + self.withdraw

    @property
    def usual(self) -> str:
        """One of `MOVES`; what was told goes before what was counted. "" while too little was counted to say."""
        if self.told or self.counted < LEAST_COUNTED:
            return self.told
        return BOTH if self.pursue == self.withdraw else PURSUE if self.pursue > self.withdraw else WITHDRAW

    def plus(self, move: str, count: int) -> Moves:
        """Return these with *count* (it may be negative) more of *move*, pursue or withdraw; none goes below 0."""
        if move == PURSUE:
            return replace(self, pursue=max(0, self.pursue + count))
        return replace(self, withdraw=max(0, self.withdraw + count)) if move == WITHDRAW else self

    def to_json(self) -> dict[str, Any] | None:
        """Return plain JSON values, None where there is nothing to keep."""
        row = {PURSUE: self.pursue, WITHDRAW: self.withdraw, "told": self.told}
        return {name: value for name, value in row.items() if value} or None

    @classmethod
    def from_json(cls, row: object) -> Moves:
        """Rebuild from `to_json`; nothing counted for anything else."""
        if not isinstance(row, Mapping):
            return cls()
        pursue, withdraw = (one if isinstance(one, int) and one > 0 else 0 for one in (row.get(PURSUE), row.get(WITHDRAW)))
        told = row.get("told")
        return cls(pursue, withdraw, told if told in MOVES else "")


@dataclass(frozen=True)
class Tried:
    """How often a practice or a way of settling was done with a number before and after, and how often the number fell.

    *told*: the person named it as one that helps.
    """

    fell: int = 0
    times: int = 0
    told: bool = False

    @property
    def helps(self) -> bool:
        """True where it was told, or the number fell at least half of the times."""
        return self.told or (self.fell > 0 and self.fell * 2 >= self.times)

    def to_json(self) -> list[Any]:
        """Return plain JSON values."""
        return [self.fell, self.times, *([True] if self.told else [])]


@dataclass(frozen=True)
class Facts:
    """All that is remembered. *helped*: by id of a practice, or ``settle:`` and a way of settling; *names*: for the partner."""

    side: Moves = Moves()
    partner_move: Moves = Moves()
    helped: Mapping[str, Tried] = field(default_factory=dict)
    names: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys under which something is kept, in the order of `KEYS`."""
        return tuple(key for key, value in self.to_rows().items() if value is not None)

    def best_helped(self) -> tuple[str, ...]:
        """Return what helped more often than not, the most often first."""
        found = [(name, tried) for name, tried in self.helped.items() if tried.helps]
        return tuple(name for name, tried in sorted(found, key=lambda one: (-one[1].fell, one[1].times)))

    def without(self, key: str, item: str = "") -> Facts:
        """Return these without the fact *key*; with *item*, without that one entry of what helped."""
        if key == HELPED and item:
            return replace(self, helped={name: tried for name, tried in self.helped.items() if name != item})
        return replace(self, **{key: getattr(Facts(), key)}) if key in KEYS else self

    def to_rows(self) -> dict[str, Any]:
        """Return plain JSON values by key, None where there is nothing to keep."""
        return {
            SIDE: self.side.to_json(),
            PARTNER: self.partner_move.to_json(),
            HELPED: {name: tried.to_json() for name, tried in self.helped.items()} or None,
            NAMES: list(self.names) or None,
        }

    @classmethod
    def from_rows(cls, rows: Mapping[str, Any] | None) -> Facts:
        """Rebuild from `to_rows`; what is not as expected, such as a fact of a newer version, is left out."""
        rows = rows or {}
        names = rows.get(NAMES)
        helped = found if isinstance(found := rows.get(HELPED), Mapping) else {}
        return cls(
            Moves.from_json(rows.get(SIDE)),
            Moves.from_json(rows.get(PARTNER)),
            {str(name): Tried(*counts) for name, counts in helped.items() if _counts(counts)},
            tuple(map(str, names)) if isinstance(names, (list, tuple)) else (),
        )


@dataclass(frozen=True)
class Noticed:
    """What one reply brings that may be remembered. It counts once the reply is said.

    *own*, *partner*: pursue or withdraw, the moves of the moment coached, "" where none was told; *turned*: it takes the
    place of the moment before ("not me"); *partner_told*: the partner's usual move by the person's word; *tried*: id of
    what was done between two numbers, and whether the second was lower (*fell*); *names*: for the partner; *asks*: the
    reply asks for consent; *again*: id of the practice that it offers because it helped before.
    """

    own: str = ""
    partner: str = ""
    turned: bool = False
    partner_told: str = ""
    tried: str = ""
    fell: bool = False
    names: tuple[str, ...] = ()
    asks: bool = False
    again: str = ""

    @property
    def moved(self) -> tuple[str, str]:
        """The moves of the moment coached: own, partner's."""
        return self.own, self.partner

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values, empty fields left out."""
        return {name: list(value) if name == NAMES else value for name, value in vars(self).items() if value}

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Noticed:
        """Rebuild from `to_json`. Raises TypeError on anything else."""
        return cls(**{**row, NAMES: tuple(row.get(NAMES, ()))})


def of_moment(about: Mapping[str, Any], reading: Reading, *, as_read: bool = True) -> Noticed:
    """Return whose moves a coaching card speaks of. *about*: `Card.about`; *as_read*: false once it was turned round."""
    side = _HELPS.get(str(about.get("coach")))
    if side is None:
        return Noticed()
    if about.get("actor") == LineActor.PARTNER.value:
        return Noticed(partner=side.facing.value)
    # Once it is turned, what the reading told of the partner is no longer theirs.
    told = reading.partner.value if as_read and reading.partner in (PartnerMove.PURSUE, PartnerMove.WITHDRAW) else ""
    return Noticed(own=side.value, partner=told)


def of_exercise(skill: str, answers: Mapping[str, str]) -> Noticed:
    """Return what the finished exercise *skill* tells: whether a way of settling helped, what the partner tends to do."""
    before, after = answers.get("before", ""), answers.get("after", "")
    if skill == "settle" and answers.get("how") and before.isdigit() and after.isdigit():
        return Noticed(tried=f"settle:{answers['how']}", fell=int(after) < int(before))
    if skill == "soften":
        return Noticed(partner_told=TENDS.get(answers.get("tends", ""), ""))
    return Noticed()


def known_answers(skill: str, facts: Facts) -> dict[str, str]:
    """Return the answers of the exercise *skill* that need not be asked for, by step."""
    tends = {move: value for value, move in TENDS.items()}.get(facts.partner_move.usual)
    return {"tends": tends} if skill == "soften" and tends else {}


def learn(facts: Facts, noticed: Noticed, before: tuple[str, str] = ("", "")) -> Facts:
    """Return *facts* with what was *noticed*. *before*: the moves of the moment counted last, which a turned one replaces."""
    side, partner = facts.side, facts.partner_move
    if noticed.turned:
        side, partner = side.plus(before[0], -1), partner.plus(before[1], -1)
    side, partner = side.plus(noticed.own, 1), partner.plus(noticed.partner, 1)
    # An answer that was filled in from memory and left as it was says nothing new.
    if noticed.partner_told and noticed.partner_told != partner.usual:
        partner = replace(partner, told=noticed.partner_told)
    return Facts(side, partner, _tried(facts.helped, noticed), with_names(facts.names, noticed.names))


def changed(facts: Facts, key: str, value: str) -> Facts:
    """Return *facts* with *value* under *key* by the person's own word: one of `MOVES`, the id of what helps, or a name.

    Raises KeyError for a key that is none.
    """
    if key in (SIDE, PARTNER):
        return replace(facts, **{key: replace(getattr(facts, key), told=value)})
    if key == HELPED:
        old = facts.helped.get(value, Tried())
        kept = {name: tried for name, tried in facts.helped.items() if name != value}
        return replace(facts, helped=dict(list({**kept, value: replace(old, told=True)}.items())[-MOST_HELPED:]))
    if key == NAMES:
        return replace(facts, names=(value,))
    raise KeyError(key)


def with_names(names: tuple[str, ...], more: Iterable[str]) -> tuple[str, ...]:
    """Return *names* with *more* after them, each once whatever its capitals, the last few."""
    found = {name.casefold(): name for name in (*names, *more)}
    return tuple(found.values())[-MOST_NAMES:]


def _counts(row: object) -> bool:
    return isinstance(row, (list, tuple)) and 2 <= len(row) <= 3 and all(isinstance(one, int) for one in row)


def _tried(helped: Mapping[str, Tried], noticed: Noticed) -> dict[str, Tried]:
    """Return *helped* with one more try; what never helped is not kept."""
    found = dict(helped)
    if noticed.tried and (noticed.fell or noticed.tried in found):
        old = found.pop(noticed.tried, Tried())
        found[noticed.tried] = replace(old, fell=old.fell + noticed.fell, times=old.times + 1)
    return dict(list(found.items())[-MOST_HELPED:])


@dataclass(frozen=True)
class Thread:
    """What the conversation itself holds until it ends, in a slot.

    *asked*: "" while consent was not asked for, ``asked`` while it waits, ``yes`` or ``no``; *counted*: the moves of the
    moment counted last; *facts*: what consent would keep, empty from the answer on; *again*: when a practice was last
    offered because it had helped, in seconds since 1970, by id.
    """

    asked: str = ""
    counted: tuple[str, str] = ("", "")
    facts: Facts = Facts()
    again: Mapping[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values, as kept in the slot."""
        rows = {key: value for key, value in self.facts.to_rows().items() if value is not None}
        return {"asked": self.asked, "counted": list(self.counted), "facts": rows, "again": dict(self.again)}

    @classmethod
    def from_json(cls, row: object) -> Thread:
        """Rebuild from `to_json`; an empty one for anything else."""
        if not isinstance(row, Mapping):
            return cls()
        own, partner = row.get("counted") or ("", "")
        return cls(str(row.get("asked") or ""), (own, partner), Facts.from_rows(row.get("facts")), dict(row.get("again") or {}))
