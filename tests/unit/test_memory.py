"""What is remembered, apart from dialogue and database: what is learnt from a turn, how it is told, which words are read."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.guidance import choose
from bot.guidance.library import library
from bot.guidance.memory import cards
from bot.guidance.memory.facts import (
    HELPED,
    KEYS,
    MOST_HELPED,
    MOST_NAMES,
    NAMES,
    PARTNER,
    SIDE,
    Facts,
    Moves,
    Noticed,
    Thread,
    Tried,
    changed,
    known_answers,
    learn,
    of_exercise,
    of_moment,
)
from bot.guidance.memory.words import memory_words
from bot.guidance.say import responses, say
from bot.guidance.skills import walk
from bot.guidance.skills.book import skill_book
from bot.guidance.values import Card
from bot.reading.values import Coach, Reading
from tests.unit.guidance_readings import DRAFT, ELEVEN_TEXTS, EVERY, LOOP, WALKED_OUT, WENT_QUIET, cleared

PRACTICE = "long_out_breath"
TITLES = {**{one.id: one.title for one in library().practices.values()}, "settle:breathe": "Slow breaths"}
FULL = Facts(Moves(3, 1), Moves(0, 2), {PRACTICE: Tried(2, 3), "settle:breathe": Tried(1, 1)}, ("Marcus",))


def moment(reading: Reading, coach: Coach | None = None) -> Noticed:
    card = choose.coach(reading, clearance=cleared(), said=(), seed="a", coach=coach)
    return of_moment(card.about, reading, as_read=coach is None or coach is reading.coach)


def text(card: Card) -> str:
    return " ".join(bubble.text for bubble in card.bubbles)


def titles_of(card: Card) -> list[str]:
    return [one.title for one in card.buttons]


# -- what a turn tells ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reading", "own", "partner"),
    [
        (ELEVEN_TEXTS, "pursue", ""),
        (WENT_QUIET, "withdraw", ""),
        (DRAFT, "withdraw", ""),
        (WALKED_OUT, "", "withdraw"),
        (LOOP, "pursue", "withdraw"),
    ],
)
def test_a_coached_moment_tells_whose_move_it_was(reading: Reading, own: str, partner: str) -> None:
    assert moment(reading).moved == (own, partner)


def test_turned_round_the_move_is_the_other_persons() -> None:
    assert moment(ELEVEN_TEXTS, Coach.AVOIDANT).moved == ("", "pursue")
    assert moment(WALKED_OUT, Coach.AVOIDANT).moved == ("withdraw", "")
    assert moment(LOOP, Coach.AVOIDANT).own != "pursue"


def test_not_me_counts_the_turned_reading_and_not_the_first() -> None:
    first = learn(Facts(), Noticed(own="pursue"))
    turned = learn(first, Noticed(partner="pursue", turned=True), ("pursue", ""))
    assert turned == Facts(partner_move=Moves(pursue=1))
    back = learn(turned, Noticed(own="pursue", turned=True), ("", "pursue"))
    assert back == first
    assert learn(Facts(), Noticed(turned=True), ("pursue", "withdraw")) == Facts(), "what was forgotten meanwhile stays at zero"


def test_a_practice_is_remembered_once_the_number_fell_and_then_how_often() -> None:
    facts = learn(Facts(), Noticed(tried=PRACTICE))
    assert facts.helped == {}, "what never helped is not kept"
    for fell in (True, False, True):
        facts = learn(facts, Noticed(tried=PRACTICE, fell=fell))
    assert facts.helped == {PRACTICE: Tried(2, 3)}
    assert facts.best_helped() == (PRACTICE,)
    for _ in range(3):
        facts = learn(facts, Noticed(tried=PRACTICE))
    assert facts.best_helped() == (), "it helped less often than not"


def test_what_helped_most_often_comes_first() -> None:
    facts = Facts(helped={"a": Tried(1, 1), "b": Tried(3, 5), "c": Tried(1, 2), "d": Tried(1, 4), "e": Tried(told=True)})
    assert facts.best_helped() == ("b", "a", "c", "e")


def test_facts_are_kept_small() -> None:
    facts = Facts()
    for number in range(40):
        facts = learn(facts, Noticed(tried=f"p{number}", fell=True, names=(f"Name{number}",)))
    assert len(facts.helped) == MOST_HELPED and "p39" in facts.helped
    assert facts.names == ("Name37", "Name38", "Name39") and len(facts.names) == MOST_NAMES
    assert learn(facts, Noticed(names=("name38",))).names == ("Name37", "name38", "Name39")


def test_mostly_is_said_from_two_moments_on_and_the_persons_word_goes_first() -> None:
    assert [Moves(*counts).usual for counts in ((0, 0), (1, 0), (2, 0), (1, 2), (2, 2))] == ["", "", "pursue", "withdraw", "both"]
    assert Moves(5, 0, told="withdraw").usual == "withdraw"
    assert Moves(0, 0, told="both").usual == "both"


def test_a_finished_exercise_tells_what_helped_and_what_the_partner_tends_to_do() -> None:
    settle = {"before": "8", "how": "breathe", "long": "5", "after": "5"}
    assert of_exercise("settle", settle) == Noticed(tried="settle:breathe", fell=True)
    assert of_exercise("settle", {**settle, "after": "8"}) == Noticed(tried="settle:breathe")
    assert of_exercise("settle", {**settle, "after": ""}) == Noticed()
    assert of_exercise("soften", {"tends": "comes_at_me"}).partner_told == "pursue"
    assert of_exercise("soften", {"tends": "unknown"}) == of_exercise("need", {"tends": "comes_at_me"}) == Noticed()


def test_an_answer_that_was_filled_in_is_not_taken_for_the_persons_word() -> None:
    counted = Facts(partner_move=Moves(0, 2))
    assert learn(counted, Noticed(partner_told="withdraw")) == counted
    assert learn(counted, Noticed(partner_told="pursue")).partner_move == Moves(0, 2, told="pursue")
    assert learn(Facts(), Noticed(partner_told="pursue")).partner_move.usual == "pursue"


def test_say_it_softer_is_filled_in_with_what_is_remembered_and_can_still_be_changed() -> None:
    skill, clearance = skill_book().skills["soften"], cleared()
    known = known_answers("soften", Facts(partner_move=Moves(told="withdraw")))
    assert known == {"tends": "goes_quiet"}
    assert (
        known_answers("soften", Facts(partner_move=Moves(1, 0))) == known_answers("soften", Facts(partner_move=Moves(2, 2))) == {}
    )
    assert known_answers("settle", FULL) == {}
    place = walk.begin(skill, clearance=clearance, known=known)
    first = walk.question(skill, place, clearance=clearance)
    assert [bubble.part for bubble in first.bubbles] == ["opening", "question"]
    assert "Change my last answer" not in titles_of(first), "nothing was answered yet"
    place = walk.take(skill, place, "you never listen, answer me now", clearance=clearance)
    assert place.at == "pick"
    assert walk.back(skill, place).at == "tends"


# -- as JSON ------------------------------------------------------------------------------------------

names = st.text(min_size=1, max_size=12)
moves = st.builds(Moves, st.integers(0, 9), st.integers(0, 9), st.sampled_from(["", "pursue", "withdraw", "both"]))
every_fact = st.builds(
    Facts, moves, moves, st.dictionaries(names, st.builds(Tried, st.integers(0, 9), st.integers(0, 9), st.booleans())),
    st.lists(names, max_size=3).map(tuple),
)  # fmt: skip


@given(every_fact)
def test_facts_come_back_from_json_as_they_were(facts: Facts) -> None:
    assert Facts.from_rows(json.loads(json.dumps(facts.to_rows()))) == facts
    thread = Thread("asked", ("pursue", ""), facts, {"a": 1.5})
    assert Thread.from_json(json.loads(json.dumps(thread.to_json()))) == thread


def test_what_is_no_fact_is_left_out() -> None:
    strange = {SIDE: {"pursue": "many", "told": "sideways"}, PARTNER: 3, HELPED: {"a": [1], "b": "x", "c": [1, 2]}, NAMES: "Ann"}
    assert Facts.from_rows(strange) == Facts(helped={"c": Tried(1, 2)})
    assert Facts.from_rows(None) == Facts() and Thread.from_json("old") == Thread()


@pytest.mark.parametrize(
    "noticed", [Noticed(), Noticed(own="pursue", turned=True, names=("Ana",)), Noticed(tried="a", fell=True)]
)
def test_what_was_noticed_can_wait_as_json(noticed: Noticed) -> None:
    assert Noticed.from_json(json.loads(json.dumps(noticed.to_json()))) == noticed


@pytest.mark.parametrize("key", KEYS)
def test_a_fact_that_is_taken_out_leaves_the_others(key: str) -> None:
    left = FULL.without(key)
    assert left.to_rows()[key] is None and set(left.keys) == set(KEYS) - {key}
    assert FULL.without("consent") == FULL


def test_one_thing_that_helped_can_be_taken_out() -> None:
    assert FULL.without(HELPED, PRACTICE).helped == {"settle:breathe": Tried(1, 1)}


# -- told back ----------------------------------------------------------------------------------------


def told_back(facts: Facts | None, *, seed: str = "a", typing: bool = True) -> Card:
    return cards.told_back(facts, titles=TITLES, typing=typing, said=(), seed=seed)


@pytest.mark.parametrize("seed", "abcdef")
def test_each_fact_is_told_in_plain_words_with_a_button_to_change_and_one_to_forget_it(seed: str) -> None:
    card = told_back(FULL, seed=seed)
    said = text(card)
    for words in ("you mostly reach", "3 of", "4", "Marcus", TITLES[PRACTICE], "Slow breaths", "2 of 3"):
        assert words.casefold() in said.casefold()
    assert re.search(r"(quiet|quietly|back)", said)
    for change in ("my move", "their move", "what helps", "the name"):
        assert {f"Change: {change}", f"Forget: {change}"} <= set(titles_of(card))
    assert {"Forget everything", "Leave it as it is"} <= set(titles_of(card))
    assert card.words <= 110 and not re.search(r"\b(anxious|avoidant|attach\w+|type|style)\b", said, re.IGNORECASE)


def test_without_consent_it_says_that_nothing_is_kept_and_offers_it() -> None:
    for seed in "abcdef":
        card = told_back(None, seed=seed)
        assert "nothing is kept" in text(card).casefold()
        assert titles_of(card) == ["Yes, remember", "Leave it as it is"]
    assert titles_of(told_back(Facts())) == ["Forget everything", "Leave it as it is"]


def test_too_little_to_say_mostly_is_told_as_that() -> None:
    said = text(told_back(Facts(side=Moves(1, 0), partner_move=Moves(0, 1))))
    assert "You mostly" not in said and said.count("one") >= 1


def test_both_is_told_as_both_and_the_persons_word_as_theirs() -> None:
    assert re.search(r"reach.*step back", text(told_back(Facts(side=Moves(2, 2)))))
    said = text(told_back(Facts(side=Moves(0, 0, told="withdraw"))))
    assert "you mostly step back" in said.casefold() and re.search(r"told me|own words|you said", said)


def test_in_an_exercise_only_what_buttons_can_change_is_offered() -> None:
    titles = titles_of(told_back(FULL, typing=False))
    assert "Change: my move" in titles and "Change: the name" not in titles and "Forget: the name" in titles


def test_what_helped_but_is_no_longer_there_is_not_told() -> None:
    assert titles_of(told_back(Facts(helped={"gone": Tried(1, 1)}))) == ["Forget everything", "Leave it as it is"]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("again", [False, True])
def test_a_change_is_asked_for_with_a_way_out(key: str, again: bool) -> None:
    card = cards.change_of(key, FULL, titles=TITLES, again=again, said=(), seed="a")
    assert titles_of(card)[-1] == "Leave it as it is"
    assert all(len(one.payload.encode()) <= 64 for one in card.buttons)
    if key == HELPED:
        assert f"Take out: {TITLES[PRACTICE]}" in titles_of(card)
    if key in (SIDE, PARTNER):
        assert len(card.buttons) == 4


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        (SIDE, "withdraw", "you mostly step back"),
        (PARTNER, "pursue", "reach"),
        (NAMES, "Bee", "Bee"),
        (HELPED, "settle:breathe", "Slow breaths"),
    ],
)
def test_a_changed_fact_is_said_back(key: str, value: str, says: str) -> None:
    after = changed(FULL, key, value)
    card = cards.after_change(key, after, titles=TITLES, said=(), seed="a")
    assert says.casefold() in text(card).casefold() and len(card.bubbles) >= 2
    assert {one: row for one, row in after.to_rows().items() if one != key} == {
        one: row for one, row in FULL.to_rows().items() if one != key
    }


@pytest.mark.parametrize("practice", sorted(library().practices))
def test_every_practice_can_be_taken_out_by_a_button(practice: str) -> None:
    card = cards.change_of(HELPED, Facts(helped={practice: Tried(1, 1)}), titles=TITLES, said=(), seed="a")
    assert len(card.buttons) == 2


# -- asking for consent -------------------------------------------------------------------------------


def test_consent_is_asked_lightly_with_what_where_and_how_to_erase() -> None:
    for variant in responses().lines["memory_offer"]:
        for words in ("helped", "machine", "what do you know", "change", "erase", "next time", "name"):
            if words != "next time" or "next time" in variant.text:
                assert words in variant.text.casefold()
        assert variant.text.count("?") == 1 and len(variant.text.split()) <= 45
    card = cards.asking(say("check_in_lower", said=(), seed="a", before="8", after="5"), said=(), seed="a")
    assert titles_of(card)[:2] == ["Yes, remember", "No, keep no note"] and card.words <= 110


def test_consent_is_not_asked_under_a_card_that_asks_itself_or_is_long() -> None:
    assert cards.can_ask(say("check_in_lower", said=(), seed="a", before="8", after="5"))
    assert not cards.can_ask(say("check_in_skipped", said=(), seed="a"))
    long = say("check_in_lower", said=(), seed="a", before="8", after="5")
    assert not cards.can_ask(Card(long.kind, long.bubbles * 12))


# -- offered first next time --------------------------------------------------------------------------


def coached(reading: Reading, **others: object) -> Card:
    return choose.coach(reading, clearance=cleared(), seed="a", **{"said": (), **others})  # type: ignore[arg-type]


@pytest.mark.parametrize("reading", EVERY)
def test_what_helped_and_fits_is_offered_first_and_the_card_says_so(reading: Reading) -> None:
    plain = coached(reading)
    side = library().practices[plain.about["practice"]].side
    free = [
        one for one in library().practices.values() if one.side is side and not one.cues and one.id != plain.about["practice"]
    ]
    card = coached(reading, helped=("gone", free[0].id, free[1].id), said=(free[0].id,))
    parts = [bubble.part for bubble in card.bubbles]
    assert card.about["practice"] == free[0].id, "said or not: it helped"
    assert parts.index("helped_before") == parts.index("practice") - 1
    assert card.words <= 90
    assert plain.about["practice"] != free[0].id and "helped_before" not in [bubble.part for bubble in plain.bubbles]


def test_what_helped_the_other_side_is_not_offered() -> None:
    other = coached(WENT_QUIET).about["practice"]
    assert coached(ELEVEN_TEXTS, helped=(other,)) == coached(ELEVEN_TEXTS)


def test_something_else_offers_what_helped_too_but_not_the_one_on_the_card() -> None:
    card = coached(ELEVEN_TEXTS, helped=(PRACTICE,))
    assert card.about["practice"] == PRACTICE
    again = choose.another_practice(card.about, clearance=cleared(), said=card.lines, seed="a", helped=(PRACTICE,))
    assert again.about["practice"] != PRACTICE and again.bubbles[0].part == "another"
    second = choose.another_practice(card.about, clearance=cleared(), said=card.lines, seed="a", helped=(PRACTICE, "five_senses"))
    assert second.about["practice"] == "five_senses" and second.bubbles[0].part == "helped_before"


def test_there_are_several_ways_to_say_that_it_helped() -> None:
    assert len(responses().lines["helped_before"]) >= 3


# -- words --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    [
        "what do you know",
        "What do you know about me?",
        "what do you remember?",
        "what do you remember about us",
        "what do u know about me",
        "so what do you know about me",
        "hey what have you remembered so far",
        "do you remember me?",
        "do you remember anything about me",
        "are you storing anything about me?",
        "show me what you know",
        "can you show me what you remember about me",
        "tell me what you know",
        "forget everything you know about me",
        "please delete my data",
        "delete what you know about me",
        "i want to see what you know",
        "What information do you have on me?",
        "what you know about me",
        "can i change what you know about me",
        "forget me",
        "erase everything you know",
        "clear your memory",
    ],
)
def test_asking_what_is_remembered_is_heard(asked: str) -> None:
    assert memory_words().asks_to_know(asked)


@pytest.mark.parametrize(
    "other",
    [
        "he asked what do you know about me",
        "she said do you remember me",
        "You never ask. What do you know about me?",
        "",
        "what do you know about attachment",
        "he forgets everything about me",
        "do you know why he does this",
        "what does he know about me",
        "i want to forget him",
        "forget it",
        "i want to forget everything and go to bed",
        "do you remember when we were happy",
        "what do i know",
        "he deleted my messages",
        "he never remembers what i say",
        "what do you know, he came back",
        "please delete your account",
        "can you tell me what you know about stonewalling",
        "do you remember that night we met",
        "I deleted all his messages",
        "he knows everything about me and uses it when we fight and then he says what do you remember",
    ],
)
def test_the_same_words_in_a_story_ask_for_nothing(other: str) -> None:
    assert not memory_words().asks_to_know(other)


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("my wife Ana keeps ringing me", ("Ana",)),
        ("My husband Marcus's phone was off", ("Marcus",)),
        ("His name is marcus", ("Marcus",)),
        ("my boyfriend is called Sam and he left", ("Sam",)),
        ("my partner’s name is Zoë", ("Zoë",)),
        ("my husband John Smith said no", ("John Smith",)),
        ("my girlfriend's name is Mary-Jane", ("Mary-Jane",)),
        ("their name is Alex.", ("Alex",)),
        ("my gf Ana and I fought", ("Ana",)),
        ("my boyfriend called Sam last night", ()),
        ("MY HUSBAND NEVER LISTENS", ()),
        ("My Wife Hates Mondays", ()),
        ("my wife Monday night", ()),
        ("my husband I love him", ()),
        ("he's seeing someone, her name is Sarah", ()),
        ("her name is on the lease", ()),
        ("his name is everywhere", ()),
        ("told my wife I'm too heated", ()),
        ("My wife said no", ()),
        ("my sister Ana rang", ()),
        ("I saw Marcus today", ()),
    ],
)
def test_a_name_is_taken_only_where_it_is_told_in_plain_words(told: str, found: tuple[str, ...]) -> None:
    assert memory_words().names_in(told) == found


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("Marcus", "Marcus"),
        ("mary jane", "mary jane"),
        ("my wife Ana", "Ana"),
        ("his name is Lee", "Lee"),
        ("“Bee”.", "Bee"),
        ("", ""),
        ("7", ""),
        ("a long story about how he left me tonight", ""),
        ("help", ""),
        ("what is this?", ""),
    ],
)
def test_a_new_name_is_a_name(given: str, name: str) -> None:
    assert memory_words().name_given(given).casefold() == name.casefold()


@pytest.mark.parametrize(
    ("key", "told", "move"),
    [
        (SIDE, "I mostly step back", "withdraw"),
        (SIDE, "i reach", "pursue"),
        (SIDE, "a bit of both", "both"),
        (SIDE, "I withdraw", "withdraw"),
        (SIDE, "depends, sometimes i chase sometimes i leave", "both"),
        (SIDE, "hello", ""),
        (SIDE, "I'm the one who pulls away", "withdraw"),
        (PARTNER, "he goes quiet", "withdraw"),
        (PARTNER, "she keeps calling", "pursue"),
        (PARTNER, "pushes to talk", "pursue"),
        (PARTNER, "7", ""),
    ],
)
def test_a_new_move_is_read_from_a_few_words(key: str, told: str, move: str) -> None:
    assert memory_words().move_in(key, told) == move


@pytest.mark.parametrize(
    "said", ["no", "never mind", "leave it", "leave it as it is", "don't change it", "forget it", "I don't know"]
)
def test_a_fact_can_be_left_in_words(said: str) -> None:
    assert memory_words().leaves_it(said)


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    found = memory_words()
    found.asks_to_know(text)
    found.names_in(text)
    assert len(found.name_given(text)) <= 40
    assert found.move_in(SIDE, text) in ("", "pursue", "withdraw", "both")
