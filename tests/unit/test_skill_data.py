"""What every exercise of data/skills promises, whichever way somebody goes through it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache

import pytest

from bot.guidance.say import MOST_BYTES, Variant
from bot.guidance.skills import walk
from bot.guidance.skills.book import MOST_CHOICES, SkillBook
from bot.guidance.skills.values import Choice, Place, Skill, Step, Takes
from bot.guidance.values import Card
from bot.safety.values import Clearance, Lock, SafetyReading, clear
from tests.contract.test_guidance_data import FORBIDDEN, NEVER_ASKED

MOST_WORDS = 90  # a card
LONGEST_TITLE = 30  # characters of a button
MOST_WAYS = 2000
SEEDS = ("a", "b", "c", "d")
PLAIN = {
    Takes.TEXT: "a walk by the river with you",
    Takes.DRAFT: "You never answer me.",
    Takes.NUMBER: "7",
    Takes.TIME: "in 40 minutes",
    Takes.READY: "yes",
}
OWN_WAY = {
    "settle": {"how": {"breathe", "senses", "third_person", "comfort", "alone"}, "long": {"1.5", "5", "20"}},
    "lean_in": {"level": {"smallest", "small", "some_more"}, "pace": {"now", "later", "not_today"}},
}

Answer = Callable[[Skill, Place, Step], str]


@lru_cache(maxsize=1)
def book() -> SkillBook:
    return SkillBook.load()


def cleared() -> Clearance:
    clearance = clear(Lock(), SafetyReading())
    assert clearance is not None
    return clearance


SKILLS = sorted(book().skills)
every_skill = pytest.mark.parametrize("skill", [book().skills[name] for name in SKILLS], ids=SKILLS)
# These hand their answers to code of their own and have tests of their own for it.
written_here = pytest.mark.parametrize("name", ["settle", "lean_in", "look_back", "neutral", "need", "loop"])


def typed(step: Step) -> str:
    return PLAIN[step.takes]


def first(skill: Skill, place: Place, step: Step) -> str:
    return walk.offered(step, place)[0].value if step.takes is Takes.CHOICE else typed(step)


def last(skill: Skill, place: Place, step: Step) -> str:
    return walk.offered(step, place)[-1].value if step.takes is Takes.CHOICE else typed(step)


def in_words(skill: Skill, place: Place, step: Step) -> str:
    """Return words where words are taken, else the title of a choice as somebody would type it."""
    if step.takes is not Takes.CHOICE:
        return typed(step)
    return "something else altogether" if step.open else walk.offered(step, place)[0].title.lower()


def walked(skill: Skill, answer: Answer, *, seed: str = "a") -> tuple[Place, list[Card]]:
    """Return the end of *skill* and every card on the way to it."""
    place, cards, said = walk.begin(skill, clearance=cleared()), [], list[str]()
    while place.at:
        cards.append(walk.question(skill, place, clearance=cleared(), said=said, seed=seed))
        said += cards[-1].lines
        after = walk.take(skill, place, answer(skill, place, skill.step(place.at)), clearance=cleared())
        assert not after.problem, (place.at, after.problem)
        place = after
        assert len(cards) <= len(skill.steps)
    return place, [*cards, walk.ending(skill, place, clearance=cleared(), said=said, seed=seed)]


def ways(skill: Skill) -> Iterator[Place]:
    """Yield every end of *skill*: each choice taken, each step that may be skipped both skipped and answered.

    Where only texts may be skipped and there are many, all are skipped or none.
    """
    many = sum(step.skippable for step in skill.steps) > 4
    for together in (True, False) if many else (None,):
        left, seen = [walk.begin(skill, clearance=cleared())], 0
        while left:
            place = left.pop()
            if not place.at:
                seen += 1
                assert seen <= MOST_WAYS
                yield place
                continue
            step = skill.step(place.at)
            if step.skippable and together is not False:
                left.append(walk.skip(skill, place, clearance=cleared()))
            if step.skippable and together is True:
                continue
            taken = [one.value for one in walk.offered(step, place)] if step.takes is Takes.CHOICE else [typed(step)]
            left += [walk.take(skill, place, value, clearance=cleared()) for value in taken]


def asked(skill: Skill, end: Place) -> Iterator[Card]:
    """Yield the questions that led to *end*, as they were asked."""
    place = walk.begin(skill, clearance=cleared())
    while place.at:
        yield walk.question(skill, place, clearance=cleared())
        value = end.answers[place.at]
        place = walk.take(skill, place, value, clearance=cleared()) if value else walk.skip(skill, place, clearance=cleared())


def pools(skill: Skill) -> Iterator[tuple[str, tuple[Variant, ...]]]:
    yield "opens", skill.opens
    yield "ends", skill.ends
    for step in skill.steps:
        if step.ask:
            yield step.id, step.ask


def choices(skill: Skill) -> Iterator[tuple[Step, Choice]]:
    for step in skill.steps:
        for one in step.choices:
            yield step, one


def spoken(skill: Skill) -> Iterator[str]:
    yield from (skill.title, skill.about)
    for _, pool in pools(skill):
        yield from (variant.text for variant in pool)
    for step in skill.steps:
        yield from step.steps
    for _, one in choices(skill):
        yield from (one.title, one.says, *([one.note] if one.note else []))
    yield from (gift.text for gift in skill.gives)


@every_skill
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("answer", [first, last, in_words])
def test_an_exercise_comes_to_its_end(skill: Skill, answer: Answer, seed: str) -> None:
    place, cards = walked(skill, answer, seed=seed)
    assert place.at == ""
    for card in cards:
        assert card.words <= MOST_WORDS, card.bubbles
        texts = [text for bubble in card.bubbles for text in (bubble.text, *bubble.steps)]
        assert [text for text in texts if not text or "{" in text or "“”" in text] == []


@written_here
def test_every_branch_comes_to_its_end_with_nothing_left_unfilled(name: str) -> None:
    skill = book().skills[name]
    taken: dict[str, set[str]] = {}
    for end in ways(skill):
        for step, value in end.answers.items():
            taken.setdefault(step, set()).add(value)
        for card in (*asked(skill, end), walk.ending(skill, end, clearance=cleared())):
            assert card.words <= MOST_WORDS
            for bubble in card.bubbles:
                assert bubble.text, (end.answers, bubble)
                assert not re.search(r"[{}]|“[.\s]*”|: ?\.|\bin \.", bubble.text), bubble.text
    assert {step.id for step in skill.steps} <= set(taken)
    assert [(step.id, one.value) for step, one in choices(skill) if one.value not in taken[step.id]] == []
    for step_id, values in OWN_WAY.get(name, {}).items():
        assert taken[step_id] == values


@every_skill
def test_no_wording_makes_a_card_too_long(skill: Skill) -> None:
    notes = {step.id: max((len(one.note.split()) for one in step.choices), default=0) for step in skill.steps}

    def words(text: str) -> int:
        shown = [notes[step] for step in re.findall(r"\{(\w+)\.note\}", text)]
        return len(re.sub(r"\{[^}]*\}", "x", text).split()) + sum(shown)

    opening = max(words(variant.text) for variant in skill.opens)
    for number, step in enumerate(skill.steps):
        longest = max((words(variant.text) for variant in step.ask), default=0) + sum(map(words, step.steps))
        assert longest + (opening if number == 0 else 0) <= MOST_WORDS, step.id


@written_here
def test_every_line_names_where_it_comes_from(name: str) -> None:
    assert [variant.id for _, pool in pools(book().skills[name]) for variant in pool if not variant.sources] == []


@every_skill
def test_words_to_send_name_where_they_come_from(skill: Skill) -> None:
    assert [gift.id for gift in skill.gives if not gift.sources] == []
    assert [one.value for _, one in choices(skill) if one.note and not one.sources] == []


@every_skill
def test_a_question_asks_one_thing(skill: Skill) -> None:
    notes = {step.id: max((one.note.count("?") for one in step.choices), default=0) for step in skill.steps}
    for step in skill.steps:
        for variant in step.ask:
            shown = sum(notes[name] for name in re.findall(r"\{(\w+)\.note\}", variant.text))
            own = re.sub(r"“[^”]*”", "", variant.text).count("?")
            assert own + shown <= 1, variant.id
        assert [line for line in step.steps if "?" in line] == []
    assert [variant.id for variant in (*skill.opens, *skill.ends) if "?" in re.sub(r"“[^”]*”", "", variant.text)] == [] or (
        skill.id == "need"  # its last lines say which question to put to the partner
    )


@every_skill
def test_no_forbidden_word_is_said(skill: Skill) -> None:
    assert [text for text in spoken(skill) if FORBIDDEN.search(text)] == []


def test_leaning_in_never_asks_for_touch_sex_passwords_or_old_wounds() -> None:
    assert [text for text in spoken(book().skills["lean_in"]) if NEVER_ASKED.search(text)] == []


def test_no_two_lines_say_the_same() -> None:
    said = Counter(variant.text.casefold() for skill in book().skills.values() for _, pool in pools(skill) for variant in pool)
    assert [text for text, times in said.items() if times > 1] == []


@every_skill
def test_buttons_are_short_and_carried_by_every_channel(skill: Skill) -> None:
    for step, one in choices(skill):
        assert len(one.title) <= LONGEST_TITLE, (step.id, one.title)
        assert len(f'/answer{{"value":"{skill.id}.{step.id}:{one.value}"}}'.encode()) <= MOST_BYTES
    for _, cards in (walked(skill, answer) for answer in (first, last)):
        for card in cards:
            answers = [button for button in card.buttons if button.payload.startswith("/answer")]
            assert len(answers) <= MOST_CHOICES


def test_leaning_in_has_enough_moves_of_each_size_and_words_for_each() -> None:
    skill = book().skills["lean_in"]
    moves = skill.step("move").choices
    for level in skill.step("level").choices:
        fitting = [one for one in moves if level.value in one.when["level"]]
        assert 4 <= len(fitting) <= MOST_CHOICES
    assert [one.value for one in moves if not one.note or not one.cues] == []
    assert {cue for one in moves for cue in one.cues} == {f"W{number:02d}" for number in range(1, 15)}


def test_a_move_for_the_moment_is_offered_first() -> None:
    skill = book().skills["lean_in"]
    place = walk.take(skill, walk.begin(skill, clearance=cleared(), cue="W04"), "smallest", clearance=cleared())
    assert walk.offered(skill.step("move"), place)[0].value == "matters"


@pytest.mark.parametrize("long", ["1.5", "5", "20"])
@pytest.mark.parametrize("how", ["breathe", "senses", "third_person", "comfort", "alone"])
def test_settling_keeps_the_time_that_was_chosen(how: str, long: str) -> None:
    skill = book().skills["settle"]

    def answer(skill: Skill, place: Place, step: Step) -> str:
        return {"how": how, "long": long}.get(step.id) or typed(step)

    _, cards = walked(skill, answer)
    assert [card.minutes for card in cards if card.minutes] == [float(long)]


@pytest.mark.parametrize("after", ["2", "7", "10", ""])
def test_settling_ends_in_the_need_whatever_the_number_says(after: str) -> None:
    skill = book().skills["settle"]
    place = walk.begin(skill, clearance=cleared())
    while place.at != "after":
        place = walk.take(skill, place, first(skill, place, skill.step(place.at)), clearance=cleared())
    place = walk.take(skill, place, after, clearance=cleared()) if after else walk.skip(skill, place, clearance=cleared())
    assert place.at == "need"
    given = walk.ending(skill, walk.take(skill, place, "to hear from you tonight", clearance=cleared()), clearance=cleared())
    assert "to hear from you tonight" in given.bubbles[-1].text
    without = walk.ending(skill, walk.skip(skill, place, clearance=cleared()), clearance=cleared())
    assert [bubble.part for bubble in without.bubbles] == ["closing"]


def test_not_today_ends_without_asking_for_more() -> None:
    skill = book().skills["lean_in"]

    def answer(skill: Skill, place: Place, step: Step) -> str:
        return "not_today" if step.id == "pace" else first(skill, place, step)

    place, cards = walked(skill, answer)
    assert not {"when_", "own"} & set(place.answers)
    assert "Not today is fine" in cards[-1].bubbles[1].text


def test_looking_back_asks_the_fifteen_questions_and_each_may_be_passed_over() -> None:
    skill = book().skills["look_back"]
    assert [step.ask[0].sources[0] for step in skill.steps] == [f"A{number}" for number in range(72, 87)]
    assert all(step.skippable and step.takes is Takes.TEXT for step in skill.steps)
    place = walk.begin(skill, clearance=cleared())
    for _ in skill.steps:
        place = walk.skip(skill, place, clearance=cleared())
    assert place.at == ""
    assert walk.ending(skill, place, clearance=cleared()).bubbles


def test_the_neutral_view_takes_the_seven_minutes_that_were_studied() -> None:
    skill = book().skills["neutral"]
    assert sum(step.minutes for step in skill.steps) == skill.minutes == 7
    assert all(variant.sources == ("finkel2013",) for _, pool in pools(skill) for variant in pool)
