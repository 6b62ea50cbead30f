"""Training through Rasa, with a progress bar; and whether it is needed at all."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

from bot import paths
from bot.errors import DataError

STAMP = "trained.sha256"


def sources(root: Path) -> Iterator[Path]:
    """Yield every file that the trained model depends on, in a fixed order."""
    yield root / "config.yml"
    yield root / "domain.yml"
    for folder, pattern in (("data", "*.yml"), ("bot/reading", "*.py"), ("bot/safety", "*.py"), ("bot/reading/artefacts", "*")):
        yield from sorted(path for path in (root / folder).rglob(pattern) if path.is_file())
    yield root / "bot/rasa/reader.py"


def fingerprint(root: Path) -> str:
    """Return a digest over names and contents of `sources`."""
    whole = hashlib.sha256()
    for path in sources(root):
        whole.update(str(path.relative_to(root)).encode())
        whole.update(path.read_bytes())
    return whole.hexdigest()


def up_to_date(root: Path | None = None) -> bool:
    """Return True when the newest model was trained from the files as they are now."""
    root = root or paths.root()
    stamp = root / "models" / STAMP
    return stamp.exists() and any((root / "models").glob("*.tar.gz")) and stamp.read_text() == fingerprint(root)


def train(root: Path | None = None, *, quiet: bool = False) -> Path:
    """Train and return the model's path. Raises DataError where the data is faulty; an older model is then kept."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    root = root or paths.root()
    mark = fingerprint(root)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"), TimeElapsedColumn())
    with Progress(*columns, disable=quiet, transient=False) as bar:
        task = bar.add_task("Loading", total=100)
        from bot.rasa.quiet import hush

        hush()
        import rasa.model_training

        from bot.rasa import in_process

        bar.update(task, completed=15, description="Checking the data")
        in_process.show_progress(
            lambda done, total: bar.update(task, completed=25 + 65 * done / max(1, total), description="Reading messages")
        )
        in_process.teach_rasa()
        try:
            result = rasa.model_training.train(
                domain=str(root / "domain.yml"),
                config=str(root / "config.yml"),
                training_files=[str(root / "data/nlu"), str(root / "data/rules")],
                output=str(root / "models"),
                force_training=True,
                fixed_model_name="middle-ground",
            )
        finally:
            in_process.show_progress(None)
        if result.code != 0 or not result.model:
            raise DataError("training failed", where=root, expected="the faults named above mended")
        bar.update(task, completed=100, description="Trained")
    (root / "models" / STAMP).write_text(mark)
    return Path(result.model)


def train_if_needed(root: Path | None = None) -> None:
    """Train only when something that the model depends on has changed, and say which it was."""
    if up_to_date(root):
        sys.stderr.write("The trained model is up to date.\n")
    else:
        train(root)
