"""From a reading to the intent name that the dialogue rules use."""

from __future__ import annotations

import re

from bot import names
from bot.reading.values import Coach, Reading, Safety, Side
from bot.safety.help_lines import is_help_word

_WHO = re.compile(
    r"^\s*(wait\s+|so\s+)?(are|r)\s+(you|u)\s+(a|an|even|really|actually|just)?\s*(real|human|robot|bot|person|machine|program|ai)\b.{0,20}$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^\s*(10|[0-9])\s*(?:/\s*10|out of 10|out of ten)?\s*[.!]?\s*$")
# A question about how people are, not about what she meant last night.
_QUESTION = re.compile(
    r"^\s*(why|what|how|is|are|does|do|can|will)\b(?!.*\b(he|she|him|her|his|i|my|you)\b)[^.!]*\?\s*$",
    re.IGNORECASE | re.DOTALL,
)
_WHY = re.compile(
    r"^\s*(so\s+)?(why|how come|what makes)\s+(do|does|did|is|are|was|were|would|will|can|could|won|have|has)(n?.?t)?"
    r"\s+(he|she|they|we|people|i)\b",
    re.IGNORECASE,
)
_QUESTION_WORDS = 12
_SIDES = {
    Side.PURSUE: names.INTENT_PURSUE,
    Side.WITHDRAW: names.INTENT_WITHDRAW,
    Side.BOTH: names.INTENT_BOTH,
    Side.HEALTHY_REACH: names.INTENT_HEALTHY_REACH,
    Side.HEALTHY_SPACE: names.INTENT_HEALTHY_SPACE,
}
_COACHED = {
    Coach.ANXIOUS: names.INTENT_PURSUE,
    Coach.AVOIDANT: names.INTENT_WITHDRAW,
    Coach.BOTH: names.INTENT_BOTH,
}
_SHORT = 8  # words; up to here an everyday phrase ("no that was him") outweighs a faint move


def asks_whether_human(text: str) -> bool:
    """Return True where the message asks what it is talking to."""
    return bool(_WHO.match(text))


def scale_value(text: str) -> int | None:
    """Return the 0-10 that a message consists of, or None where it is anything else."""
    found = _NUMBER.match(text)
    return int(found.group(1)) if found else None


def intent_of(text: str, reading: Reading) -> tuple[str, float]:
    """Return the intent name and confidence for a message and its reading. Danger first, then moves, then small talk.

    Where only the partner's move is told, the intent is that of the side facing it, which the answer helps.
    """
    if reading.safety is Safety.OUT_OF_SCOPE:
        return names.INTENT_OUT_OF_SCOPE, 1.0
    if reading.safety is not Safety.NONE:
        return names.INTENT_DANGER, 1.0
    if is_help_word(text):
        return names.INTENT_HELP_NOW, 1.0
    if scale_value(text) is not None:
        return names.INTENT_CHECK_IN, 1.0
    short = len(text.split()) <= _SHORT
    if reading.everyday and (
        reading.everyday_confidence == 1.0 or (short and reading.everyday_confidence > 0.8 and not reading.cues)
    ):
        return reading.everyday, reading.everyday_confidence
    if asks_whether_human(text):
        return names.INTENT_HELP, 1.0
    if reading.coach is not Coach.NONE:
        name = _SIDES.get(reading.side) or _COACHED[reading.coach]
        return name, reading.confidence
    if reading.everyday:
        return reading.everyday, reading.everyday_confidence
    if reading.side in (Side.HEALTHY_REACH, Side.HEALTHY_SPACE):
        return _SIDES[reading.side], reading.confidence
    if _QUESTION.match(text) or (_WHY.match(text) and len(text.split()) <= _QUESTION_WORDS):
        return names.INTENT_ASK_CONCEPT, 0.5
    if reading.unsure or short:
        return names.INTENT_FALLBACK, 1.0 - reading.confidence
    return names.INTENT_NO_MOVE, reading.confidence
