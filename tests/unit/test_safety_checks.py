"""Locks and the questions before coaching, as values: what opens, what never does, what is asked when."""

from __future__ import annotations

import itertools

import pytest

from bot.reading.values import Safety
from bot.safety.checks import Check, Question, due
from bot.safety.values import ENCODER, PRECEDENCE, Lock, SafetyReading, clear

DANGERS = [kind for kind in PRECEDENCE if kind is not Safety.OUT_OF_SCOPE]
WISH = SafetyReading(Safety.SUICIDE)
PLAN = SafetyReading(Safety.SUICIDE, firm=True)
NOW = SafetyReading(Safety.SUICIDE, immediate=True)


def test_a_no_eases_a_wish_to_die_and_nothing_else() -> None:
    assert clear(Lock().after(WISH).after_no(), SafetyReading()) is not None
    for kind in DANGERS:
        lock = Lock().after(SafetyReading(kind)).after_no()
        assert (clear(lock, SafetyReading()) is not None) is (kind is Safety.SUICIDE), kind


@pytest.mark.parametrize("plain", [PLAN, NOW])
def test_no_answer_eases_a_plan_or_what_happens_now(plain: SafetyReading) -> None:
    assert clear(Lock().after(plain).after_no(), SafetyReading()) is None
    assert clear(Lock().after(WISH).after(plain).after_no(), SafetyReading()) is None


def test_the_same_words_after_the_no_lock_for_good() -> None:
    lock = Lock().after(WISH).after_no().after(WISH)
    assert lock.closed and lock.after_no().closed


def test_a_no_without_the_question_eases_nothing_that_comes_later() -> None:
    assert Lock().after_no().after(WISH).closed


def test_what_was_locked_beside_it_stays_locked() -> None:
    for kind in DANGERS[1:]:
        assert Lock().after(WISH).after_no().after(SafetyReading(kind)).closed
        assert Lock().after(SafetyReading(kind)).after(WISH).after_no().closed


def test_a_lock_is_kept_and_found_again_whole() -> None:
    for said_no, firm in itertools.product((False, True), repeat=2):
        for kinds in itertools.chain.from_iterable(itertools.combinations(DANGERS, count) for count in range(3)):
            lock = Lock(tuple(kinds), said_no, firm)
            assert Lock.from_json(lock.to_json()) == lock


def test_putting_locks_together_never_opens_what_either_closed_but_for_the_no() -> None:
    locks = [Lock((kind,), firm=True) for kind in DANGERS]
    for one, other in itertools.product(locks, repeat=2):
        assert one.with_lock(other).closed and one.with_lock(other) == other.with_lock(one)


def test_a_kind_of_a_newer_version_locks_as_the_strictest() -> None:
    assert Lock.from_json(["suicide", "suicide:said_no", "something_new"]).closed


def test_everybody_is_asked_once_before_coaching_and_nobody_else_is() -> None:
    assert due(SafetyReading(), [], coaches=True) == Check(Question.FIRST, Safety.HARMED)
    assert due(SafetyReading(), [], coaches=False) is None
    assert due(SafetyReading(), ["first"], coaches=True) is None


@pytest.mark.parametrize(("kind", "question"), [(Safety.HARMED, Question.CONTROL), (Safety.CHILD, Question.CONTROL),
                                                (Safety.HARMING, Question.DANGER), (Safety.OTHERS, Question.DANGER)])  # fmt: skip
def test_faint_words_are_asked_about_once(kind: Safety, question: Question) -> None:
    faint = SafetyReading(kind, soft=True, rule=ENCODER)
    for coaches in (True, False):
        assert due(faint, ["first"], coaches=coaches) == Check(question, kind)
        assert due(faint, ["first", question.value], coaches=coaches) is None


def test_faint_words_about_not_living_are_asked_about_whenever_they_come() -> None:
    faint = SafetyReading(Safety.SUICIDE, soft=True, rule="not_here")
    asked: list[str] = []
    for _ in range(4):
        found = due(faint, asked, coaches=False)
        assert found == Check(Question.SUICIDE, Safety.SUICIDE)
        asked.append(found.question.value)


def test_a_question_about_suicide_that_was_passed_over_is_asked_once_more_before_coaching() -> None:
    passed_over = Check(Question.SUICIDE, Safety.SUICIDE)
    assert due(SafetyReading(), ["first", "suicide"], coaches=True, unanswered=passed_over) == passed_over
    assert due(SafetyReading(), ["first", "suicide", "suicide"], coaches=True, unanswered=passed_over) is None


def test_a_check_is_kept_in_a_slot_and_found_again() -> None:
    for question, kind in itertools.product(Question, DANGERS):
        assert Check.from_slot(Check(question, kind).to_slot()) == Check(question, kind)
    for other in (None, "", "side", "suicide_question", "check:x:y", "check:first", 3):
        assert Check.from_slot(other) is None


def test_a_joke_is_not_asked_about_and_a_doubt_is() -> None:
    assert not SafetyReading(Safety.OTHERS, soft=True, rule="will_kill_them").asks
    assert SafetyReading(Safety.OTHERS, soft=True, rule=ENCODER).asks
    assert SafetyReading(Safety.HARMED, soft=True, rule="hits_me").asks
    assert not SafetyReading(Safety.OUT_OF_SCOPE, soft=True, rule=ENCODER).asks
