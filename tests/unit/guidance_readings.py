"""Readings and a clearance for the tests of guidance, made by hand."""

from __future__ import annotations

from bot.reading.values import Actor, Coach, Cue, Evidence, PartnerMove, Reading, Safety, Side, coach_for
from bot.safety.values import Clearance, Lock, SafetyReading, clear


def cleared() -> Clearance:
    clearance = clear(Lock(), SafetyReading())
    assert clearance is not None
    return clearance


def reading(side: str, actor: str, *cues: tuple[str, str, str], partner: str = "none", coach: str = "") -> Reading:
    """Each cue: id, the words, whose. The words follow one another in the message."""
    found, start = [], 0
    for cue, words, whose in cues:
        found.append(Cue(cue, Evidence(start, start + len(words), words), Actor(whose)))
        start += len(words) + 1
    whom = Coach(coach) if coach else coach_for(Side(side), PartnerMove(partner), Safety.NONE)
    return Reading(Side(side), Actor(actor), PartnerMove(partner), whom, tuple(found), 0.9, Safety.NONE)


ELEVEN_TEXTS = reading("pursue", "self", ("P02", "sent eleven texts", "self"))
WALKED_OUT = reading("neither", "partner", ("W02", "he walked out again", "partner"), partner="withdraw")
KEPT_RINGING = reading("neither", "partner", ("P02", "she rang me nine times", "partner"), partner="pursue")
WENT_QUIET = reading("withdraw", "self", ("W01", "I go silent", "self"))
LOOP = reading(
    "pursue", "both", ("W02", "he leaves the house", "partner"), ("P02", "I ring him over and over", "self"), partner="withdraw"
)
MIXED = reading("both", "self", ("P02", "rang him twice", "self"), ("W02", "then drove off", "self"))
DRAFT = reading("withdraw", "draft", ("W03", "Drop it. There's nothing to discuss.", "draft"))
WORDLESS = (reading("pursue", "self"), reading("withdraw", "self"))
EVERY = (ELEVEN_TEXTS, WALKED_OUT, KEPT_RINGING, WENT_QUIET, LOOP, MIXED, DRAFT, *WORDLESS)
