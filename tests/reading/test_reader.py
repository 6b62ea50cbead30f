"""The trained reader on odd, long, loud, misspelt and foreign messages, and on when a move happens."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.commands.evaluate import messages
from bot.reading.reader import Reader
from bot.reading.values import Actor, Coach, Reading, Safety, Side, Time

TEXT = st.text(alphabet=st.characters(blacklist_categories=("Cs",)), max_size=400)
PIECES = (
    "he she i you never always ignored left me texted him again omg idk 🙂 é ñ \u0301 ... ?! love blocked door fine".split(),
    ["\n", "\t", "", "I can't", "“you never listen”", "won’t", "\u200d", "א", "ۢ"],
)
WORDS = st.lists(st.sampled_from([piece for part in PIECES for piece in part]), max_size=60).map(" ".join)


def says(reading: Reading) -> tuple[str, str]:
    return reading.coach.value, reading.safety.value


@settings(max_examples=120, deadline=None)
@given(text=TEXT | WORDS)
def test_any_text_is_read_and_evidence_points_into_it(reader: Reader, text: str) -> None:
    reading = reader.read(text)
    for cue in reading.cues:
        assert text[cue.evidence.start : cue.evidence.end] == cue.evidence.text
        assert cue.evidence.text.strip()
    assert 0.0 <= reading.confidence <= 1.0
    if reading.coach is not Coach.NONE:
        assert reading.cues, "nobody is coached without words that show why"
        assert reading.safety is Safety.NONE


@settings(max_examples=30, deadline=None)
@given(odd=st.text(alphabet="🙂👩‍👩‍👧é\u0301ñ\u200b —\u00a0ﬁ", min_size=1, max_size=12))
def test_offsets_hold_behind_emoji_accents_and_combining_signs(reader: Reader, odd: str) -> None:
    text = f"{odd} my boyfriend ignored me for three days {odd} and I texted him nineteen times"
    shown = {text[cue.evidence.start : cue.evidence.end] for cue in reader.read(text).cues}
    assert any("ignored me" in part for part in shown)
    assert any("texted him" in part for part in shown)


def test_every_reading_that_coaches_shows_words(reader: Reader) -> None:
    """Over every tenth message of our own, whether patterns know it or not."""
    coached = 0
    for message in messages()[::10]:
        reading = reader.read(message.text)
        if reading.coach in (Coach.ANXIOUS, Coach.AVOIDANT):
            coached += 1
            assert reading.cues
            assert all(0 <= c.evidence.start < c.evidence.end <= len(message.text) for c in reading.cues)
    assert coached > 100


def test_where_no_pattern_knows_it_the_most_telling_sentence_is_shown(reader: Reader) -> None:
    calm = "We met at a pottery class four years ago. She has a brother in Leeds."
    telling = "Since Sunday I have gone through every photo of us hunting for the day she began to love me less."
    for text in (f"{calm} {telling}", f"{telling} {calm}", f"{calm} {telling} It rained."):
        reading = reader.read(text)
        assert reading.coach is Coach.ANXIOUS
        encoder = [cue for cue in reading.cues if cue.source == "encoder"]
        assert all(cue.evidence.text == telling for cue in encoder)


PLAIN = {
    "my girlfriend ignored me all weekend and I texted her twenty times": "anxious",
    "he will not stop calling me and I feel smothered so I turned my phone off": "avoidant",
    "I keep checking when he was last online": "anxious",
    "whenever she wants to talk about us I go silent and leave the room": "avoidant",
    "I begged him not to leave me": "anxious",
    "I told her it is not a big deal and she overreacts": "avoidant",
}


@pytest.mark.parametrize(
    "change",
    [
        str.upper,
        str.title,
        str.capitalize,
        lambda t: t + "!!!",
        lambda t: t + " 😭😭",
        lambda t: "omg " + t,
    ],
    ids=["upper", "title", "capital", "shouted", "emoji", "omg"],
)
@pytest.mark.parametrize("text", PLAIN)
def test_the_same_words_are_read_alike_however_they_are_typed(reader: Reader, text: str, change) -> None:  # type: ignore[no-untyped-def]
    assert says(reader.read(change(text))) == (PLAIN[text], "none")


TYPED = [
    ("ive txted him like 20 times n he still wont anser me", "anxious"),
    ("she ignroed me all nite idk what 2 do", "anxious"),
    ("hes sufocating me i need out", "avoidant"),
    ("everytime she wants to talk i just shut donw and leave teh room", "avoidant"),
    ("why do u always leav when i need u", "anxious"),
    ("ur being dramatic its nothing move on", "avoidant"),
    ("I beged him not to go", "anxious"),
    ("i keep chekcing his last seen", "anxious"),
]


@pytest.mark.parametrize(("text", "coach"), TYPED)
def test_texting_and_typos_do_not_hide_a_move(reader: Reader, text: str, coach: str) -> None:
    assert says(reader.read(text)) == (coach, "none")


def test_a_story_of_five_thousand_characters_is_read_for_its_one_move(reader: Reader) -> None:
    filler = "We moved to the new flat in March. The boxes stood in the hall. My sister came with a cake on Sunday. "
    move = "Last night I texted him thirty times because he would not answer me, and I rang his mother. "
    for text in ((filler * 60)[:4900] + move, move + (filler * 60)[:4900], (filler * 30) + move + (filler * 20)):
        assert len(text) > 4900
        reading = reader.read(text)
        assert reading.coach is Coach.ANXIOUS
        assert all(
            "texted him" in c.evidence.text or "answer" in c.evidence.text or "rang" in c.evidence.text for c in reading.cues
        )


def test_danger_inside_a_long_story_is_seen(reader: Reader) -> None:
    filler = "We moved to the new flat in March. The boxes stood in the hall. My sister came with a cake on Sunday. "
    assert reader.read(filler * 25 + "In April he choked me. " + filler * 25).safety is Safety.HARMED


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("he ignored me last night", Time.NOW),
        ("I walked out", Time.NOW),
        ("Whenever she raises her voice I walk out", Time.HABIT),
        ("every time she starts I go quiet", Time.HABIT),
        ("Two years ago I begged him to stay", Time.PAST),
        ("in those days I would beg him to stay", Time.PAST),
        ("I'm about to text him again for the tenth time", Time.URGE),
        ("part of me wants to walk out and not come back", Time.URGE),
    ],
)
def test_when_a_move_happens(reader: Reader, text: str, time: Time) -> None:
    assert {cue.time for cue in reader.read(text).cues} == {time}


NOT_DONE = {
    "imagined": "What would happen if I texted him fifty times?",
    "denied": "I didn't text him once while he was away",
    "denied by the writer of a draft": "I'm not asking you to prove that you love me",
    "a joke": "I can't live without you haha, bring coffee",
    "a film": "In the film he walks out on her and she begs him to stay",
    "a friend": "My friend Dana texted her ex forty times last night, poor thing",
    "a sister": "my sister's husband ignores her for days",
    "a telemarketer": "some call centre rang me nine times today",
}


@pytest.mark.parametrize("text", NOT_DONE.values(), ids=NOT_DONE)
def test_what_did_not_happen_between_the_two_is_not_coached(reader: Reader, text: str) -> None:
    reading = reader.read(text)
    assert reading.coach is Coach.NONE
    assert reading.side not in (Side.PURSUE, Side.WITHDRAW, Side.BOTH)


WHOSE = [
    ("He walked out again", Actor.PARTNER, Coach.ANXIOUS),
    ("I walked out again", Actor.SELF, Coach.AVOIDANT),
    ('"you never listen to me", he said', Actor.RECEIVED, Coach.AVOIDANT),
    ("You never listen to me", Actor.DRAFT, Coach.ANXIOUS),
    ("she keeps texting me and I keep leaving her on read", Actor.BOTH, Coach.AVOIDANT),
    ("he goes silent and I keep texting him until he answers", Actor.BOTH, Coach.ANXIOUS),
]


@pytest.mark.parametrize(("text", "actor", "coach"), WHOSE)
def test_whose_move_it_is_decides_whom_to_coach(reader: Reader, text: str, actor: Actor, coach: Coach) -> None:
    reading = reader.read(text)
    assert (reading.actor, reading.coach) == (actor, coach)


def test_composed_and_decomposed_letters_are_read_alike(reader: Reader) -> None:
    text = "my fiancé ignored me at the café and I texted him nine times"
    apart = unicodedata.normalize("NFD", text)
    assert says(reader.read(text)) == says(reader.read(apart)) == ("anxious", "none")
    assert [cue.id for cue in reader.read(text).cues] == [cue.id for cue in reader.read(apart).cues]
