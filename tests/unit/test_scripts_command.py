from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from bot import paths
from bot.cli import main
from bot.commands.script import run_scripts
from bot.errors import DataError
from bot.scripts.stage import Stage, own_database

GOOD = "about: A greeting.\nturns:\n  - user: hello\n    card: {kind: everyday}\n"
WRONG = """
about: A greeting, wrongly expected.
turns:
  - user: hello
    card: {kind: coach}
  - press: No such button
  - user: bye
"""


def test_it_reports_each_conversation_and_counts_them(tmp_path: Path, trained_model: Path) -> None:
    (tmp_path / "good.yml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "wrong.yml").write_text(WRONG, encoding="utf-8")
    out = io.StringIO()
    assert run_scripts([tmp_path / "good.yml"], out=out) == 0
    assert out.getvalue() == f"passed  {tmp_path / 'good.yml'}\n\n1 passed, 0 failed\n"

    out = io.StringIO()
    assert run_scripts([tmp_path], out=out) == 1
    lines = out.getvalue().splitlines()
    assert lines[0] == f"passed  {tmp_path / 'good.yml'}"
    assert lines[1] == f"FAILED  {tmp_path / 'wrong.yml'}"
    assert "    - card.kind: coach" in lines
    assert "    + card.kind: everyday" in lines
    assert "    - press: a card with the button No such button" in lines
    assert "  1 more turn not played" in lines
    assert lines[-1] == "1 passed, 1 failed"


def test_a_file_that_is_no_script_ends_with_two_before_anything_is_played(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.yml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.yml").write_text("about: x\nturns:\n  - usr: hello\n", encoding="utf-8")
    assert main(["script", str(tmp_path)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"middle-ground: {tmp_path / 'b.yml'}, turn 1: has none of them")


async def test_without_a_trained_model_it_says_how_to_make_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.scripts.parse import parse

    (tmp_path / "a.yml").write_text(GOOD, encoding="utf-8")
    stage = Stage(endpoints=paths.root() / "endpoints.yml")
    monkeypatch.setenv("MIDDLE_GROUND_HOME", str(tmp_path))
    with pytest.raises(DataError, match=r"holds no trained model.*make setup"):
        await stage.play(parse(tmp_path / "a.yml"))


def test_the_persons_own_database_is_never_opened(tmp_path: Path, trained_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = tmp_path / "mine.db"
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{mine}")
    (tmp_path / "good.yml").write_text(GOOD, encoding="utf-8")
    assert run_scripts([tmp_path / "good.yml"], out=io.StringIO()) == 0
    assert not mine.exists()
    assert os.environ["DATABASE_URL"] == f"sqlite:///{mine}"


def test_a_scripts_database_is_gone_when_it_ends_even_by_an_error() -> None:
    before = os.environ["DATABASE_URL"]
    with pytest.raises(RuntimeError), own_database() as path:
        assert os.environ["DATABASE_URL"] != before
        raise RuntimeError
    assert not path.parent.exists()
    assert os.environ["DATABASE_URL"] == before
