"""Which cue a message carries, whose move it is, and which words show it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import paths
from bot.errors import DataError
from bot.reading.cue_data import CUES, HEALTHY, STRONG, CueEntry, load_calm, load_cues, load_look_alikes
from bot.reading.cues import FEATURES, CueBook, cue_book
from bot.reading.values import Actor

FOLDER = paths.data() / "cues"
ENTRIES: dict[str, CueEntry] = load_cues(FOLDER, load_look_alikes(FOLDER))
MATCHES = [(cue.id, match.actor, match.text) for cue in ENTRIES.values() for match in cue.matches]
SPARES = [(cue.id, text) for cue in ENTRIES.values() for text in cue.spares]
CALM = load_calm(FOLDER)


def told(text: str) -> set[tuple[str, str]]:
    """Return (cue, actor) of everything found in *text*."""
    return {(cue.id, cue.actor.value) for cue in cue_book().find(text).cues}


def ids(text: str) -> set[str]:
    return {cue for cue, _ in told(text)}


@pytest.mark.parametrize(("cue", "actor", "text"), MATCHES, ids=[f"{cue}: {text}" for cue, _, text in MATCHES])
def test_every_example_of_a_cue_is_read_as_that_move_of_that_person(cue: str, actor: Actor, text: str) -> None:
    assert (cue, actor.value) in told(text)


@pytest.mark.parametrize(("cue", "text"), SPARES, ids=[f"{cue}: {text}" for cue, text in SPARES])
def test_every_look_alike_of_a_cue_is_spared(cue: str, text: str) -> None:
    assert cue not in ids(text)


@pytest.mark.parametrize(("name", "text"), [(name, text) for name in HEALTHY for text in CALM[name].matches])
def test_every_example_of_a_calm_move_is_read_as_calm_and_as_no_cue(name: str, text: str) -> None:
    found = cue_book().find(text)
    assert name in found.healthy
    assert found.cues == ()


@pytest.mark.parametrize(("name", "text"), [(name, text) for name in HEALTHY for text in CALM[name].spares])
def test_what_only_looks_calm_is_not_read_as_calm(name: str, text: str) -> None:
    assert name not in cue_book().find(text).healthy


# The pairs of sentences that look alike and differ in what they ask for.
HARD: list[tuple[str, str, set[str]]] = (
    [("no time", text, {"W08"}) for text in ("I need space.", "I need some space", "give me space", "I just need space from you")]
    + [
        ("a time", text, set())
        for text in (
            "I need an hour; can we talk at nine?",
            "I need some space tonight, I'll ring you tomorrow at lunch",
            "give me an hour and then I'm yours",
            "I need space now, back at seven to finish this",
        )
    ]
    + [
        ("asked again", text, {"P01"})
        for text in (
            "do you still love me? say it again",
            "I asked her three times tonight if we are ok",
            "promise me you love me",
            "I keep asking him if we are okay",
        )
    ]
    + [
        ("asked once", text, set())
        for text in (
            "Are we okay after last night?",
            "are we good after the row?",
            "is everything alright with us?",
            "I asked once if we were ok",
        )
    ]
    + [
        ("to be chased", text, {"P11"})
        for text in (
            "I haven't replied to her all day so she'll notice",
            "I'm ignoring him so he feels it",
            "I'm not answering until he apologises, I want him to sweat",
            "I went cold on purpose so she would chase me",
        )
    ]
    + [
        ("for relief", text, {"W09"})
        for text in (
            "I haven't replied, I go blank.",
            "I didn't answer her, my mind goes blank",
            "my head goes empty and I can't say a word",
            "I can't find the words when he asks",
        )
    ]
    + [
        ("blame", text, {"P04"})
        for text in ("You never listen.", "you never ask how I am", "what is wrong with you", "you are so selfish")
    ]
    + [
        ("no subject", text, {"W03"})
        for text in (
            "I don't want to talk about it.",
            "there's nothing to discuss",
            "I'm not talking about this",
            "end of discussion",
        )
    ]
    + [
        ("another time", text, set())
        for text in (
            "I don't want to talk about it tonight, tomorrow after work?",
            "not in front of the kids, after nine?",
            "I'm not talking about this over text, can we sit down on Sunday at six?",
            "not now, let's talk tomorrow at seven",
        )
    ]
    + [
        ("denied", text, set())
        for text in (
            "I'm not asking you to prove you love me",
            "I'm not saying you never listen",
            "I am not accusing you of cheating",
            "I'm not threatening to leave you",
        )
    ]
    + [
        ("demanded", text, {"P01", "P06"})
        for text in (
            "tell me you love me",
            "swear you are not leaving",
            "if you don't come now we are over",
            "choose, me or the job",
        )
    ]
    + [
        ("a plan agreed", text, set())
        for text in (
            "fine by me, you cook and I'll shop",
            "fine, six o'clock works for me",
            "we agreed that I take the spare room",
            "ok, see you at the station at four",
        )
    ]
    + [
        ("fine, in a row", text, {"W07"})
        for text in ("Fine.", "Fine. Whatever you want.", "whatever you say", "you're right, can we be done")
    ]
    + [
        ("agreed", text, set())
        for text in (
            "I stayed at my sister's as we had agreed.",
            "I slept in the spare room, we both agreed on it",
            "I went for a walk and told him I'd be back at eight",
            "I slept at my mum's like we planned",
        )
    ]
    + [
        ("not told", text, {"W02"})
        for text in (
            "I stayed at my sister's, didn't tell him.",
            "I walked out and slammed the door",
            "I left without saying where I was going",
            "I drove off without a word",
        )
    ]
)


@pytest.mark.parametrize(("half", "text", "expected"), HARD, ids=[f"{half}: {text}" for half, text, _ in HARD])
def test_hard_pairs_are_told_apart(half: str, text: str, expected: set[str]) -> None:
    assert ids(text) & expected if expected else not ids(text)


@pytest.mark.parametrize(
    ("mine", "theirs", "cue"),
    [
        ("I shut the door and left", "He shut the door in my face and left", "W02"),
        ("I walked out on him", "she walked out on me", "W02"),
        ("I called her ten times", "she called me ten times", "P02"),
        ("I went quiet", "my husband went quiet", "W01"),
        ("I begged her to stay", "she begged me to stay", "P13"),
    ],
)
def test_the_same_words_are_the_writers_or_the_partners_move_by_who_acts(mine: str, theirs: str, cue: str) -> None:
    assert (cue, "self") in told(mine)
    assert (cue, "partner") in told(theirs)


def test_what_the_partner_said_about_the_writer_is_the_partners_blame() -> None:
    assert told("You never listen, he said to me") == {("P04", "received")}


@pytest.mark.parametrize(
    "text",
    [
        "he didn't go silent this time",
        "I never walked out",
        "I didn't beg him",
        "without begging her",
        "my friend's husband walked out",
        "in the film the husband walks out and she begs him",
        "you never listen, just kidding",
    ],
)
def test_what_did_not_happen_to_the_couple_is_no_cue(text: str) -> None:
    assert ids(text) == set()


def test_strong_words_are_not_calmed_by_a_polite_one() -> None:
    assert "P04" in ids("You always walk away and you never listen, could we talk tomorrow?")


@pytest.mark.parametrize(
    "text",
    [
        "😭😭 he texted me ten times, i begged him to stay 💔",
        "caf\u00e9 nai\u0308ve: he begged me to stay\u2026",
        "\u201cI don\u2019t know\u201d \u2014 she walked out \u2013 and I begged her",
        "\tHe  walked   out\r\nand I begged him\u00a0to stay",
    ],
)
def test_evidence_points_at_the_words_as_they_were_sent(text: str) -> None:
    found = cue_book().find(text).cues
    assert found
    for cue in found:
        assert text[cue.evidence.start : cue.evidence.end] == cue.evidence.text
        assert any(word in cue.evidence.text for word in ("begged", "walked", "texted"))


@settings(max_examples=60, deadline=None)
@given(
    st.text(alphabet=st.characters(blacklist_categories=("Cs",), blacklist_characters="'"), max_size=40),
    st.sampled_from(["", "\u0301", "\U0001f469\u200d\U0001f467", "\u2019", "\u00a0", "\u0000"]),
)
def test_offsets_hold_behind_any_prefix(prefix: str, odd: str) -> None:
    text = f"{prefix}{odd}\nI begged him to stay"
    found = cue_book().find(text)
    for cue in found.cues:
        assert text[cue.evidence.start : cue.evidence.end] == cue.evidence.text
    assert [cue.evidence.start for cue in found.cues] == sorted(cue.evidence.start for cue in found.cues)


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gets_findings_with_a_number_for_each_feature(text: str) -> None:
    found = cue_book().find(text)
    assert len(found.features) == len(FEATURES)
    assert all(0 <= value <= 10 for value in found.features)


@pytest.mark.parametrize("text", ["", " ", "\x00", "😀" * 3000, "a" * 10_000, "> " * 5000, "\"'" * 5000])
def test_absurd_input_gives_no_cue(text: str) -> None:
    assert cue_book().find(text).cues == ()


def test_features_count_cues_by_side_and_by_whose_move_they_are() -> None:
    found = dict(
        zip(FEATURES, cue_book().find("He walked out, so I begged him and I called him nine times").features, strict=True)
    )
    assert (found["pursue_self"], found["withdraw_partner"], found["withdraw_self"]) == (2, 1, 0)
    draft = dict(zip(FEATURES, cue_book().find("Why are you ignoring me?").features, strict=True))
    assert (draft["pursue_draft"], draft["draft_share"], draft["question_end"]) == (1, 1, 1)


def test_every_cue_can_be_named_and_explained() -> None:
    book = cue_book()
    assert book.name("W01") == "Silence"
    assert all(book.name(cue) and book.means(cue).endswith(".") for cue in CUES)


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("pursue.yml", "- id: P01", "- id: P99", "an entry has id 'P99'"),
        ("pursue.yml", "- id: P02", "- id: P01", "P01 stands twice"),
        ("pursue.yml", "unless: [theory,", "unless: [nobody_knows, theory,", "P01: unless names 'nobody_knows'"),
        ("pursue.yml", "vetoes: [W01,", "vetoes: [W77,", "P11: vetoes names 'W77'"),
        ("pursue.yml", "    - do you still", "    - <nowhere> do you still", "P01: "),
        ("withdraw.yml", "  name: Silence", "  names: Silence", "W01: names is not a field here"),
        ("withdraw.yml", "{actor: self, ", "{actor: nobody, ", "W01: a match is"),
        ("healthy.yml", f"- id: {STRONG}", "- id: weak", "an entry has id 'weak'"),
        ("look_alikes.yml", "reach: sentence", "reach: page", "reach 'page'"),
    ],
)
def test_a_mistake_in_the_data_is_named_with_file_and_entry(tmp_path: Path, name: str, old: str, new: str, message: str) -> None:
    shutil.copytree(FOLDER, tmp_path / "cues")
    where = tmp_path / "cues" / name
    text = where.read_text(encoding="utf-8")
    assert old in text
    where.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError) as error:
        CueBook.load(tmp_path / "cues")
    assert message in str(error.value)
    assert name in str(error.value)
