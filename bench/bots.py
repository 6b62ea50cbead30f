"""The two bots that are compared, and how each is started. Both keep conversations in SQLite and run one action a turn."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench.processes import LOOPBACK, BenchError, Child, answers, free_ports, python, running
from bench.users import RestUser, User, WebUser
from bot import paths
from bot.errors import DataError
from bot.rasa.train import up_to_date
from bot.reading.artefact import newest_model

ADDITIONS = Path(__file__).parent / "default_bot"
TRAINING_SECONDS = 360.0
READY_SECONDS = 240.0
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONUNBUFFERED": "1"}


@dataclass(frozen=True)
class Launch:
    """One start of a bot: the *commands* to run side by side, *ready* tells when it serves, *user* enters a conversation."""

    commands: tuple[Callable[[], Child], ...]
    ready: Callable[[], bool]
    user: Callable[[str], AbstractContextManager[User]]


@dataclass(frozen=True)
class Bot:
    """A bot under measurement; *launch* prepares a start on ports that are free now."""

    name: str
    launch: Callable[[], Launch]


def check_model() -> bool:
    """Return whether our trained model is up to date. Raises BenchError when there is none."""
    try:
        newest_model()
    except DataError:
        raise BenchError("There is no trained model yet. Run: make setup") from None
    return up_to_date()


def ours(work: Path) -> Bot:
    """Return Middle Ground as `make run` starts it, with its database in *work*."""
    environment = our_environment(work)

    def launch() -> Launch:
        (port,) = free_ports(1)
        serve = partial(our_command, "serve", "--port", str(port), work=work, environment=environment)
        return Launch((serve,), partial(answers, port, "/readyz"), partial(WebUser, port))

    return Bot("ours", launch)


def our_environment(work: Path) -> dict[str, str]:
    """Return settings that keep the measured server away from the database and key of a real one."""
    return {
        **QUIET,
        "DATABASE_URL": f"sqlite:///{work / 'middle_ground.db'}",
        "MIDDLE_GROUND_SECRET": secrets.token_hex(32),
        "PYTHONPATH": os.pathsep.join(filter(None, (str(paths.root()), os.environ.get("PYTHONPATH", "")))),
    }


def our_command(*arguments: str, work: Path, environment: dict[str, str]) -> Child:
    """Start `middle-ground` with *arguments*."""
    command = python("-m", "bot.cli", *arguments)
    return Child(command, folder=paths.root(), environment=environment, log=work / f"middle-ground-{arguments[0]}.log")


def default_bot(work: Path) -> Bot:
    """Make a `rasa init` bot in *work*, train it and return it. Raises BenchError when training fails."""
    project = work / "default_bot"
    make_project(project)
    train = partial(Child, rasa("train", "--domain", "domain"), folder=project, environment=QUIET, log=work / "rasa-train.log")
    with running(train) as (training,):
        training.finish(seconds=TRAINING_SECONDS)

    def launch() -> Launch:
        port, action_port = free_ports(2)
        address = f"http://{LOOPBACK}:{action_port}/webhook"
        environment = {**QUIET, "BENCH_ACTION_SERVER": address, "BENCH_TRACKER_DB": str(project / "tracker.db")}
        start = partial(Child, folder=project)
        run = rasa("run", "--interface", LOOPBACK, "--port", str(port))
        actions = rasa("run", "actions", "--port", str(action_port))
        return Launch(
            (
                partial(start, actions, environment={**QUIET, "SANIC_HOST": LOOPBACK}, log=work / "rasa-run-actions.log"),
                partial(start, run, environment=environment, log=work / "rasa-run.log"),
            ),
            lambda: answers(action_port, "/health") and answers(port, "/"),
            partial(RestUser, port),
        )

    return Bot("default", launch)


def make_project(project: Path) -> None:
    """Write the files that `rasa init --no-prompt` writes, and beside them one skill with one custom action."""
    import importlib.util

    # Found without importing Rasa, which takes seconds and memory that this process does not need.
    package = importlib.util.find_spec("rasa")
    if package is None or not package.submodule_search_locations:
        raise BenchError("Rasa is not installed in this Python. Run: make setup")
    shutil.copytree(Path(package.submodule_search_locations[0]) / "cli" / "initial_project", project)
    (project / "domain").mkdir()
    (project / "domain.yml").rename(project / "domain" / "domain.yml")
    shutil.copytree(ADDITIONS, project, dirs_exist_ok=True)


def rasa(*arguments: str) -> Sequence[str]:
    """Return the command line of `rasa` with *arguments*."""
    return python("-m", "rasa", *arguments)
