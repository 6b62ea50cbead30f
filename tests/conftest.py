"""What every test gets: an environment of its own, and, where it asks, the trained model and a stage to play scripts on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot import paths
from bot.scripts.stage import Stage

if TYPE_CHECKING:
    from bot.reading.reader import Reader

CHROMIUM = Path("/usr/bin/chromium")
# What a machine may lack, whether it is there, and the tests that need it. MIDDLE_GROUND_REQUIRE names what must not lack.
NEEDED = {"chromium": (CHROMIUM.exists, "tests/browser")}


def _missing() -> list[str]:
    return [name for name, (there, _) in NEEDED.items() if not there()]


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to start where something is lacking that was required."""
    required = {name for name in os.environ.get("MIDDLE_GROUND_REQUIRE", "").split(",") if name}
    unknown, lacking = required - NEEDED.keys(), required & set(_missing())
    if unknown or lacking:
        raise pytest.UsageError(
            f"MIDDLE_GROUND_REQUIRE names {', '.join(sorted(unknown or lacking))}, which "
            + ("is not known here; expected some of " + ", ".join(NEEDED) if unknown else "this machine lacks; install it")
        )


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out the tests of what this machine lacks."""
    left_out = [paths.root() / NEEDED[name][1] for name in _missing()]
    return True if any(collection_path.is_relative_to(folder) for folder in left_out) else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out, so that nobody takes a short run for a whole one."""
    for name in _missing():
        terminalreporter.write_line(f"Left out, for this machine has no {name}: {NEEDED[name][1]}", yellow=True)


@pytest.fixture(autouse=True)
def own_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every test away from the database and keys of whoever runs it: what it writes goes to its own folder."""
    folder = tmp_path / "var"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("MIDDLE_GROUND_VAR", str(folder))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{folder / 'middle_ground.db'}")


@pytest.fixture(scope="session")
def trained_model() -> Path:
    """The project's trained model, made once a session where the files that it depends on have changed."""
    from bot.rasa.train import train, up_to_date
    from bot.reading.artefact import newest_model

    return newest_model() if up_to_date() else train(quiet=True)


@pytest.fixture(scope="session")
def reader(trained_model: Path) -> Reader:
    """The reader with the trained artefact, as `middle-ground read` loads it."""
    from bot.reading.artefact import from_model
    from bot.reading.reader import Reader

    return Reader.load(from_model(trained_model))


@pytest.fixture(scope="session")
def stage(trained_model: Path) -> Stage:
    """One loaded agent for all scripted conversations; each gets a database of its own."""
    from bot.rasa.quiet import hush

    hush()
    return Stage(model=trained_model)
