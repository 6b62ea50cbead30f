"""The questions that come before coaching: one to everybody, once; one where words are faint. Words: answers.yml."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from bot.reading.values import Safety
from bot.safety.values import SafetyReading


class Question(str, Enum):
    """Which question. FIRST is the universal one: it is asked of everybody, whatever they wrote (RIViR; safety design 5.1)."""

    FIRST = "first"
    CONTROL = "control"  # faint words of harm or control: the universal question again, closer to the words
    SUICIDE = "suicide"  # faint or figurative words about not living
    DANGER = "danger"  # anything else that may be danger


_SLOT = "check:"
_MOST_TIMES = {Question.FIRST: 1, Question.CONTROL: 1, Question.SUICIDE: 2, Question.DANGER: 1}


@dataclass(frozen=True)
class Check:
    """A question that waits for its answer. *kind*: the danger that a yes would tell of."""

    question: Question
    kind: Safety

    def to_slot(self) -> str:
        """Return the check as it is kept in the slot ``awaiting``."""
        return f"{_SLOT}{self.question.value}:{self.kind.value}"

    @classmethod
    def from_slot(cls, value: object) -> Check | None:
        """Return the check that waits, None where the slot holds anything else."""
        if not isinstance(value, str) or not value.startswith(_SLOT):
            return None
        question, _, kind = value.removeprefix(_SLOT).partition(":")
        try:
            return cls(Question(question), Safety(kind))
        except ValueError:
            return None

    @property
    def meant(self) -> SafetyReading:
        """What the message reads as once the person has said yes, or that they are not sure."""
        return SafetyReading(self.kind, rule=f"check_{self.question.value}")


def due(reading: SafetyReading, asked: Sequence[str], *, coaches: bool, unanswered: Check | None = None) -> Check | None:
    """Return the question that must come before the reply to a message, None where the reply may be said.

    *asked*: names of the questions asked in this conversation, oldest first. *coaches*: the reply would hold
    guidance. *unanswered*: the question that this message passed over.
    """
    if reading.asks:
        question = {Safety.SUICIDE: Question.SUICIDE, Safety.HARMED: Question.CONTROL, Safety.CHILD: Question.CONTROL}.get(
            reading.kind, Question.DANGER
        )
        # Words about not living are asked about whenever they come; the others once, or they would be a siren.
        if question is Question.SUICIDE or question.value not in asked:
            return Check(question, reading.kind)
    if coaches and unanswered and asked.count(unanswered.question.value) < _MOST_TIMES[unanswered.question]:
        return unanswered
    if coaches and not {Question.FIRST.value, Question.CONTROL.value} & set(asked):
        return Check(Question.FIRST, Safety.HARMED)
    return None
