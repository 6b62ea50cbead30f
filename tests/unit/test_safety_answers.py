"""The answers as a person meets them: what is said at once, what is asked, what is never said twice in a row."""

from __future__ import annotations

import itertools

import pytest

from bot.guidance.values import Card, CardKind
from bot.reading.values import Safety
from bot.safety.answers import Answer, after_direct_question, check, direct_answer, help_now, is_help_word, respond, steady
from bot.safety.checks import Check, Question
from bot.safety.gate import gate
from bot.safety.help_lines import help_lines
from bot.safety.values import Lock, SafetyReading

TELLING = {
    Safety.SUICIDE: "i want to die",
    Safety.CHILD: "he shook the baby last night",
    Safety.HARMED: "he hit me last night",
    Safety.HARMING: "I pushed my wife last night",
    Safety.OTHERS: "i keep thinking about stabbing her",
    Safety.OUT_OF_SCOPE: "i have been hearing voices since monday",
}
COUNTRIES = [None, *(country.code for country in help_lines().countries())]


def _first(text: str, country: str | None, said: list[str] | None = None, seed: str = "s") -> Card:
    reading = gate().read(text)
    return respond(reading, Lock().after(reading), country=country, said=said or [], seed=seed)


def _all(card: Card) -> str:
    return " ".join(" ".join((bubble.text, *bubble.steps)) for bubble in card.bubbles)


@pytest.mark.parametrize(("kind", "country"), list(itertools.product(TELLING, COUNTRIES)))
def test_every_first_answer_is_short_and_gives_a_way_to_call(kind: Safety, country: str | None) -> None:
    for seed in "abcde":
        card = _first(TELLING[kind], country, seed=seed)
        assert card.kind is CardKind.SAFETY
        assert card.words <= 112, (card.words, _all(card))
        assert all(len(" ".join((bubble.text, *bubble.steps)).split()) <= 60 for bubble in card.bubbles)
        place = help_lines().country(country)
        assert (f"all {place.emergency[0]}" if place.emergency else "all your local emergency number") in _all(card)
        lines = [bubble for bubble in card.bubbles if bubble.part == "lines"]
        assert 1 <= sum(len(bubble.steps) for bubble in lines) <= 4
        assert "{" not in _all(card)
        assert _all(card).count("?") == 1


@pytest.mark.parametrize("kind", TELLING)
def test_without_a_country_it_asks_which_and_still_names_a_page_for_every_country(kind: Safety) -> None:
    card = _first(TELLING[kind], None)
    assert "findahelpline.com" in _all(card)
    payloads = [button.payload for button in card.buttons]
    if kind is Safety.SUICIDE:  # one question at a time: the direct one comes first
        assert payloads[:3] == ["/affirm", "/deny", "/unsure_reply"]
    else:
        assert '/country{"value":"GB"}' in payloads and '/country{"value":"ZZ"}' in payloads


def test_suicide_is_asked_about_at_once_with_three_ways_to_answer() -> None:
    card = _first("i want to die", "GB")
    assert "killing yourself" in card.bubbles[-1].text or "ending your life" in card.bubbles[-1].text
    assert [button.title for button in card.buttons[:3]] == ["Yes", "No", "I don't know"]
    assert "116 123" in _all(card)


def test_somebody_elses_wish_to_die_is_not_asked_of_the_writer() -> None:
    card = _first("my husband says he wants to die", "GB")
    assert "Are you thinking" not in _all(card) and "/affirm" not in [button.payload for button in card.buttons]


def test_a_threat_to_die_if_left_is_believed_and_gets_lines_for_both() -> None:
    card = _first("he says he'll kill himself if i leave", "GB")
    assert "not your fault" in _all(card) and "/affirm" not in [button.payload for button in card.buttons]
    assert "Refuge" in _all(card) and "Samaritans" in _all(card)


def test_a_minor_gets_a_friendly_stop_and_a_youth_line_first() -> None:
    card = _first("i'm 15 and my boyfriend ghosted me", "GB")
    assert "adults" in _all(card) or "18" in _all(card)
    steps = next(bubble.steps for bubble in card.bubbles if bubble.part == "lines")
    assert steps[0].startswith("Childline")


def test_danger_now_begins_with_the_emergency_number() -> None:
    card = _first("she is hitting me right now", "US")
    assert "911" in card.bubbles[0].text


def test_someone_who_harms_and_is_harmed_gets_lines_for_both() -> None:
    card = _first("i hit him and he hit me", "GB")
    shown = _all(card)
    assert "Refuge" in shown and "Respect Phoneline" in shown


@pytest.mark.parametrize("answer", ["yes", "no", "unsure"])
@pytest.mark.parametrize("country", [None, "US", "ZZ"])
def test_every_answer_to_the_direct_question_keeps_people_and_numbers_in_sight(answer: Answer, country: str | None) -> None:
    lock = Lock((Safety.SUICIDE,))
    card = after_direct_question(answer, country=country, lock=lock, said=[], seed="s")
    assert card.kind is CardKind.SAFETY and card.words <= 115
    assert "trust" in _all(card)
    assert ("911" if country == "US" else "local emergency number") in _all(card)
    assert ('/country{"value":"US"}' in [button.payload for button in card.buttons]) is (country is None)


def test_an_answer_that_is_none_of_the_three_is_an_error_that_says_so() -> None:
    with pytest.raises(ValueError, match="expected 'yes', 'no' or 'unsure'"):
        after_direct_question("perhaps", country=None, lock=Lock(), said=[], seed="s")  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [kind for kind in TELLING if kind is not Safety.OUT_OF_SCOPE])
def test_while_locked_it_stays_and_never_says_the_same_twice_in_a_row(kind: Safety) -> None:
    reading = gate().read(TELLING[kind])
    lock = Lock().after(reading)
    said: list[str] = []
    card = respond(reading, lock, country="GB", said=said, seed="s")
    said += card.lines
    seen = []
    for _ in range(12):
        card = respond(SafetyReading(), lock, country="GB", said=said, seed="s")
        assert card.kind is CardKind.SAFETY and card.words <= 70
        assert "999" in _all(card) and _all(card).count("?") == 1
        assert "/help_now" in [button.payload for button in card.buttons]
        seen.append(card.bubbles[0].text)
        said = [*(line for line in said if line not in card.lines), *card.lines]
    assert all(a != b for a, b in itertools.pairwise(seen))
    assert len(set(seen[:4])) == 4


def test_a_minor_is_not_asked_back_into_couple_talk_later() -> None:
    reading = gate().read("i'm 15 and my boyfriend ghosted me")
    lock = Lock().after(reading)
    said = list(respond(reading, lock, country="GB", said=[], seed="s").lines)
    card = respond(SafetyReading(), lock, country="GB", said=said, seed="s")
    assert card.lines[0].startswith("safety.minor.stay")


def test_the_same_conversation_gets_the_same_words() -> None:
    assert _first("he hit me", "NZ", seed="x") == _first("he hit me", "NZ", seed="x")
    assert len({_first("he hit me", "NZ", seed=str(seed)).bubbles[0].text for seed in range(20)}) >= 3


def test_a_joke_about_killing_is_left_a_joke() -> None:
    reading = gate().read("i could kill him lol")
    assert not reading.hit and not reading.asks


@pytest.mark.parametrize("question", Question)
def test_a_question_before_coaching_is_short_and_can_be_passed_over(question: Question) -> None:
    for seed in "abcdef":
        card = check(Check(question, Safety.HARMED), country="GB", said=[], seed=seed)
        assert card.words <= 40 and _all(card).count("?") == 1
        payloads = [button.payload for button in card.buttons]
        assert payloads[0] == "/affirm" and "/deny" in payloads and payloads[-1] == "/help_now"
        assert ("/skip" in payloads) is (question in (Question.FIRST, Question.CONTROL))


@pytest.mark.parametrize(
    "text", ["no", "No.", "nope", "no i'm not", "No, I'm not.", "no not at all", "no, honestly", "no thanks", "definitely not"]
)
def test_a_plain_no_is_a_no(text: str) -> None:
    assert direct_answer(text) == "no"


@pytest.mark.parametrize("text", ["no one would care", "no point answering", "no not yet", "not really", "not tonight", "no idea",
                                  "never mind", "no more of this please", "no but i want to", "nobody", "no i want him back",
                                  "not anymore", "none of your business"])  # fmt: skip
def test_what_only_begins_like_a_no_is_not_one(text: str) -> None:
    assert direct_answer(text) != "no"


SHORT = {
    "yes": "yes",
    "Yeah, every day": "yes",
    "i do": "yes",
    "i don't": "no",
    "idk": "unsure",
    "skip": "skip",
    "rather not": "skip",
}


@pytest.mark.parametrize(("text", "answer"), [*SHORT.items(), ("he left", None), ("", None)])
def test_short_answers_are_told_apart(text: str, answer: str | None) -> None:
    assert direct_answer(text) == answer


@pytest.mark.parametrize("kind", [Safety.HARMING, Safety.OTHERS])
def test_somebody_who_harmed_is_asked_about_themselves_once(kind: Safety) -> None:
    said: list[str] = []
    asked = 0
    for _ in range(6):
        card = respond(SafetyReading(), Lock((kind,)), country="GB", said=said, seed="s")
        asked += any(line.startswith("safety.checks.own.") for line in card.lines)
        said += card.lines
        assert _all(card).count("?") == 1 and "999" in _all(card)
    assert asked == 1


def test_a_minute_to_steady_is_offered_only_where_suicide_is_all_there_is() -> None:
    alone = after_direct_question("yes", country="GB", lock=Lock((Safety.SUICIDE,)), said=[], seed="s")
    both = after_direct_question("yes", country="GB", lock=Lock((Safety.SUICIDE, Safety.HARMED)), said=[], seed="s")
    assert "/steady" in [button.payload for button in alone.buttons]
    assert "/steady" not in [button.payload for button in both.buttons]


def test_a_minute_to_steady_names_its_source_and_ends_with_a_person() -> None:
    for seed in "abcdef":
        card = steady("GB", said=[], seed=seed)
        assert card.kind is CardKind.SAFETY and card.bubbles[0].sources == ("grounding",)
        assert _all(card).count("?") == 1 and "116 123" in _all(card) and card.words <= 90


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("lock", [Lock(), Lock((Safety.HARMED,)), Lock((Safety.SUICIDE, Safety.HARMING))])
def test_help_now_always_works(country: str | None, lock: Lock) -> None:
    card = help_now(country, lock)
    assert card.kind is CardKind.HELP and card.words <= 112
    assert "mergency" in _all(card) or help_lines().country(country).emergency[0] in _all(card)


@pytest.mark.parametrize("text", ["help", "HELP!!", "sos", "SOS.", "unsafe", "help now", "help me",
                                  "Emergency", "I'm not safe", "i’m not safe!", "  help  "])  # fmt: skip
def test_help_words_alone_ask_for_help(text: str) -> None:
    assert is_help_word(text)


@pytest.mark.parametrize("text", ["help me word this text", "he is no help", "", "!!!", "how do i stop", "safe", "help 2 people"])
def test_help_inside_a_sentence_is_not_the_help_word(text: str) -> None:
    assert not is_help_word(text)


def test_an_unknown_country_is_treated_as_somewhere_else() -> None:
    assert "local emergency number" in _all(help_now("XX", Lock()))


def test_unknown_kinds_in_a_kept_lock_still_answer() -> None:
    card = respond(SafetyReading(), Lock.from_json(["something_new"]), country=None, said=[], seed="s")
    assert card.lines[0].startswith("safety.harmed.")
