"""What soften promises beside its drafts: the key, any text at all, the data, verbs and places."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import paths
from bot.errors import DataError
from bot.guidance.library import library
from bot.guidance.soften import Softened, soften
from bot.guidance.soften.book import book, compile_match
from bot.guidance.soften.changes import CHANGES
from bot.guidance.soften.parse import parse
from tests.contract.test_guidance_data import FORBIDDEN
from tests.unit.guidance_readings import cleared

FILLED = {"x": "do the dishes", "y": "I talk", "t": "Friday"}
NO_SURROGATES = st.text(max_size=200)
RANT = st.lists(
    st.sampled_from(
        "you never always call me now why do not if i we are done fine ! ? , . \n and but because the kids at 6 idiot sorry "
        "back love stop it whatever NEVER tonight don't ur u fuck please [time] Tom 🙄 home to your mother like selfish".split(
            " "
        )
    ),
    max_size=60,
).map(" ".join)


def softened(draft: str, **others: Any) -> Softened:
    return soften(draft, clearance=cleared(), **others)


@pytest.mark.parametrize("clearance", [None, True, object()])
def test_nothing_is_softened_without_a_clearance(clearance: Any) -> None:
    with pytest.raises(TypeError, match="Clearance"):
        soften("call me now", clearance=clearance)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(NO_SURROGATES, RANT), st.sampled_from(["", "withdraw", "pursue"]), st.text(max_size=5))
def test_any_text_gives_a_value(draft: str, partner: Any, seed: str) -> None:
    found = softened(draft, partner=partner, seed=seed)
    assert all(draft[push.start : push.end] == push.text for push in found.pushes)
    assert len(found.options) in (0, 3)
    assert found.fine == (not found.pushes and not found.refused)
    for option in found.options:
        assert option.text.strip() and option.text.count("[") == option.text.count("]")


@pytest.mark.parametrize(
    "draft", ["", " ", "\n\n", "\ud800", "!" * 5000, "you " * 3000, "a" * 20000, "idiot " * 500, "(((", "'", "i", "u"]
)
def test_odd_texts_give_a_value(draft: str) -> None:
    assert isinstance(softened(draft), Softened)


def wordings() -> list[tuple[str, str]]:
    found = [(f"{rule.id} {name}", line) for rule in book().rules for name, lines in rule.wordings.items() for line in lines]
    return found + [(name, line) for name, lines in book().frames.items() for line in lines]


@pytest.mark.parametrize(("name", "line"), wordings())
def test_no_wording_pushes_or_holds_a_forbidden_word(name: str, line: str) -> None:
    text = re.sub(r"\{(\w)[|\w]*\}", lambda place: FILLED.get(place[1], ""), line)
    told = re.sub(r"\{\w[|\w]*\}", "", line)
    assert not FORBIDDEN.search(told), told
    assert len(re.findall(r"\[", line)) <= 1
    returns = name.startswith(tuple(rule.id for rule in book().rules if rule.role == "pause"))
    assert not parse(text, book(), returns=returns).pushes, text


def test_reasons_cite_what_there_is_in_three_wordings_each() -> None:
    known = library().sources.ids
    kinds = {rule.kind for rule in book().rules if rule.role not in ("keep", "drop", "clear_no")}
    assert kinds | {"swearing", "caps", "signs", "left_out", "slot", "face_to_face"} <= set(book().reasons)
    for kind, entries in book().reasons.items():
        assert len(entries) >= 3, kind
        for reason in entries:
            assert set(reason.sources) <= known and len(reason.text.split()) <= 30
            assert not FORBIDDEN.search(reason.text), reason.text


def test_the_rogers_study_stands_behind_feeling_first() -> None:
    assert all("rogers2018" in reason.sources for reason in book().reasons["style_feel"][:2])


@pytest.mark.parametrize(
    ("change", "text", "becomes"),
    [
        ("past", "forget my birthday", "forgot my birthday"),
        ("past", "call me", "called me"),
        ("past", "frobnicate it", None),
        ("base", "ignoring me", "ignore me"),
        ("base", "interrogating me", "interrogate me"),
        ("base", "put me first", "put me first"),
        ("base", "lying to me", "lie to me"),
        ("base", "planning it", "plan it"),
        ("base", "xyzzing it", None),
        ("you", "being late", "are late"),
        ("you", "pushing and pushing", "push and push"),
        ("done", "defended me", "defend me"),
        ("done", "defend me", None),
        ("doing", "defended me", None),
        ("some", "do anything at all", "do something"),
        ("now", "call me right now", "call me"),
        ("feel", "a maid", "like a maid"),
        ("feel", "small", "small"),
        ("cap", "our trip", "Our trip"),
    ],
)
def test_verbs_and_words_change_form(change: str, text: str, becomes: str | None) -> None:
    assert CHANGES[change](text, book()) == becomes


@pytest.mark.parametrize(
    "draft",
    [
        "I need some space. I'll be back at 8.",
        "not now, can we talk tomorrow at 6?",
        "I can't do this right now, give me 20 minutes",
        "I'm going out. Back by ten, then we finish this.",
        "I don't want to talk tonight. Can we talk tomorrow after work?",
    ],
)
def test_a_pause_with_a_time_to_come_back_needs_no_change(draft: str) -> None:
    assert softened(draft).fine


@pytest.mark.parametrize("draft", ["You said you'd be home by 7. I need space.", "I'm not going to talk tonight. I need space."])
def test_a_time_of_another_kind_is_no_time_to_come_back(draft: str) -> None:
    assert "silence" in {push.kind for push in softened(draft).pushes}


@pytest.mark.parametrize(
    "draft",
    [
        "I swear I'll kill you",
        "im gonna slap you so hard",
        "you're dead when i get home",
        "I'll smash your phone",
        "wait till I get my hands on you",
        "I'm cutting myself again because of you",
        "I'd be better off dead",
        "I took all the pills",
        "I'm driving to your new place, you can't stop me",
        "I got a new number since you blocked me",
        "You told me to stop texting but I can't",
        "if I can't have you no one can",
        "I'll tell everyone your secret pics",
        "I'm going to crash the car if you don't answer",
        "you made me hit you",
        "drop dead",
        "you hit me last night and you never said sorry",
        "i won't let you leave",
    ],
)
def test_threats_and_contact_against_a_no_are_never_reworded(draft: str) -> None:
    found = softened(draft)
    assert found.refused and not found.options and not found.pushes


@pytest.mark.parametrize(
    "draft",
    [
        "I could kill for a coffee",
        "I'll hit you up later",
        "I'm going to smash this exam, love you",
        "I'm taking the kids so you can sleep",
        "I'm coming over at 6, ok?",
        "I'll send you the photos later",
        "you hit the nail on the head",
        "I'm dying to see you",
    ],
)
def test_what_only_sounds_like_a_threat_is_not_refused(draft: str) -> None:
    assert softened(draft).fine


def test_a_bad_rule_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="@nobody"):
        compile_match("you @nobody", {})
    with pytest.raises(DataError, match="cannot be read"):
        compile_match("you (never", {})


def test_the_table_of_the_page_tells_what_happens() -> None:
    page = (paths.root() / "docs" / "soften.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (?:`\w+`(?:, )?)+ \| (.+?) \| ([A-Z].+?\.|[A-Z].+?\?)(?: \(and .*\))? \|$", page, re.MULTILINE)
    assert len(rows) >= 12
    for draft, becomes in rows:
        found = [option.text for seed in "abcdefgh" for option in softened(draft, seed=seed).options]
        assert becomes in found, (draft, set(found))
