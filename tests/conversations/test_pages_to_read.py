"""docs/conversations holds what the program really says today: ten conversations of fifteen turns."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import paths
from bot.scripts.parse import parse
from bot.scripts.stage import Stage
from bot.scripts.transcript import transcript

FOLDER = Path(__file__).parent / "long"
SCRIPTS = sorted(FOLDER.glob("*.yml"))
PAGES = paths.root() / "docs" / "conversations"


def test_there_are_ten_of_fifteen_turns() -> None:
    assert len(SCRIPTS) == 10
    assert {path.stem: len(parse(path).turns) for path in SCRIPTS} == {path.stem: 15 for path in SCRIPTS}
    assert {path.stem for path in PAGES.glob("*.md")} - {"README"} == {path.stem for path in SCRIPTS}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
async def test_the_page_is_what_is_said_today(path: Path, stage: Stage) -> None:
    written = (PAGES / f"{path.stem}.md").read_text(encoding="utf-8")
    said = transcript(await stage.play(parse(path)))
    assert said == written, "run: middle-ground script tests/conversations/long --write docs/conversations"
