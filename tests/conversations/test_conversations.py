"""Every file below this folder is one conversation, played with the real agent and the real actions."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import paths
from bot.guidance.values import Card, CardKind
from bot.scripts.check import questions
from bot.scripts.parse import parse
from bot.scripts.show import report
from bot.scripts.stage import Stage

FOLDER = Path(__file__).parent
FILES = sorted(FOLDER.rglob("*.yml"))
MOST_WORDS_A_BUBBLE = 60
MOST_WORDS_AT_ONCE = 110
QUOTED = re.compile(r"[“\"][^”\"]*[”\"]")
UNKIND = re.compile(
    r"\b(you should|just|calm down|toxic|anxious|avoidant|attachment style|therapy|treatment|counsell?or|your fault"
    r"|overreacting|diagnos\w+)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FOLDER).with_suffix("")))
async def test_conversation(path: Path, stage: Stage) -> None:
    outcome = await stage.play(parse(path))
    assert outcome.passed, f"\n{report(outcome)}"
    for played in outcome.played:
        # In the middle of an exercise the answer to something else comes first, then the question again.
        most = 2 if played.cards and played.cards[-1].kind is CardKind.EXERCISE else 1
        assert len(played.cards) <= most, f"turn {played.turn.number} was answered with {len(played.cards)} cards"
        for card in played.cards:
            assert not (wrong := list(unkept(card))), f"turn {played.turn.number}: {wrong}"


def unkept(card: Card) -> Iterator[str]:
    """Yield what *card* breaks of the promises that hold for every answer."""
    if questions([card]) > 1:
        yield "more than one question at once"
    if card.words > MOST_WORDS_AT_ONCE:
        yield f"{card.words} words at once"
    if not card.bubbles:
        yield "nothing to read"
    for button in card.buttons:
        if len(button.payload.encode()) > 64:
            yield f"the button {button.title!r} carries more than 64 bytes"
    for bubble in (*card.bubbles, *card.more):
        words = len(bubble.text.split())
        if words > MOST_WORDS_A_BUBBLE:
            yield f"{words} words in one bubble: {bubble.text}"
        own = QUOTED.sub("", " ".join((bubble.text, *bubble.steps)))
        own = own.replace("not your fault", "").replace("isn't your fault", "")
        # A source is called by its own title, whatever words that has.
        if card.kind is not CardKind.WHY and (found := UNKIND.search(own)):
            yield f"{found.group()!r} in: {bubble.text}"


def test_every_skill_has_its_conversations() -> None:
    least = {
        "pursue": 8, "withdraw": 8, "partner": 5, "drafts": 5, "look_alikes": 6, "safety": 8, "unsure": 3, "not_me": 2,
        "why": 3, "practice": 3, "restart": 2, "absurd": 6,
    }  # fmt: skip
    found = {folder: len(list((FOLDER / folder).glob("*.yml"))) for folder in least}
    assert {folder: count for folder, count in found.items() if count < least[folder]} == {}


async def test_the_same_conversation_plays_the_same_with_actions_in_a_process_of_their_own(
    stage: Stage, action_server: str, trained_model: Path, tmp_path: Path
) -> None:
    here = await stage.play(parse(FOLDER / "restart" / "one_conversation_both_ways.yml"))
    remote = (paths.root() / "endpoints.remote-actions.yml").read_text(encoding="utf-8")
    endpoints = tmp_path / "endpoints.yml"
    endpoints.write_text(remote.replace("http://127.0.0.1:5055", action_server), encoding="utf-8")
    assert action_server in endpoints.read_text(encoding="utf-8")

    there = await Stage(model=trained_model, endpoints=endpoints).play(here.script)

    assert there.passed, f"\n{report(there)}"
    assert len(here.cards) == len(here.script.turns)
    assert [card.to_json() for card in there.cards] == [card.to_json() for card in here.cards]


@pytest.fixture
def action_server(tmp_path: Path) -> Iterator[str]:
    """A real `rasa run actions` on a free port of this machine; yields its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "rasa", "run", "actions", "--actions", "actions", "--port", str(port)]
    # The two processes of one deployment share a database; here the locks of the action server live in its own.
    environment = {
        **os.environ, "PYTHONPATH": str(paths.root()), "PYTHONUNBUFFERED": "1", "RASA_TELEMETRY_ENABLED": "false",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'actions.db'}",
    }  # fmt: skip
    with subprocess.Popen(
        command, cwd=paths.root(), env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        assert server.stdout is not None
        said = []
        for line in server.stdout:
            said.append(line)
            if "up and running" in line:
                break
        else:
            pytest.fail("the action server did not start:\n" + "".join(said[-20:]))
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=20)
