"""The trained artefact: what `train` learns and what every reader loads. One JSON file, inside the Rasa model."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import paths
from bot.errors import DataError
from bot.reading.combine import Regression

FORMAT = 1
FILE_NAME = "reading.json"


@dataclass(frozen=True)
class Artefact:
    """Combiner weights, thresholds and known everyday phrases, and the sha256 of the encoder they belong to."""

    encoder: str
    features: tuple[str, ...]
    regressions: Mapping[str, Regression]
    thresholds: Mapping[str, float]
    phrases: Mapping[str, str]

    def dumps(self) -> str:
        """Return the artefact as JSON text."""
        return json.dumps({
            "format": FORMAT, "encoder": self.encoder, "features": list(self.features),
            "regressions": {name: regression.to_json() for name, regression in self.regressions.items()},
            "thresholds": dict(self.thresholds), "phrases": dict(self.phrases),
        }, ensure_ascii=False, separators=(",", ":"))  # fmt: skip

    @classmethod
    def loads(cls, text: str | bytes, *, where: str | Path = "") -> Artefact:
        """Rebuild from `dumps`. Raises DataError on another format."""
        row: dict[str, Any] = json.loads(text)
        if row.get("format") != FORMAT:
            raise DataError(
                f"has format {row.get('format')!r}", where=where, expected=f"format {FORMAT}; run: middle-ground train"
            )
        return cls(
            row["encoder"], tuple(row["features"]),
            {name: Regression.from_json(part) for name, part in row["regressions"].items()},
            row["thresholds"], row["phrases"],
        )  # fmt: skip


def newest_model(folder: Path | None = None) -> Path:
    """Return the newest trained model. Raises DataError when there is none."""
    folder = folder or paths.root() / "models"
    models = sorted(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not models:
        raise DataError("holds no trained model", where=folder, expected="one made by: make setup (or: middle-ground train)")
    return models[-1]


def from_model(model: Path | None = None) -> Artefact:
    """Return the artefact inside a trained Rasa model (default: the newest), so that `read` reads as the bot does."""
    model = model or newest_model()
    try:
        with tarfile.open(model) as archive:
            for member in archive:
                if member.isfile() and Path(member.name).name == FILE_NAME:
                    content = archive.extractfile(member)
                    if content is not None:
                        return Artefact.loads(content.read(), where=model)
    except (tarfile.TarError, OSError, ValueError, KeyError) as error:
        raise DataError(
            f"cannot be read ({type(error).__name__})", where=model, expected="a model made by: middle-ground train"
        ) from error
    raise DataError(f"holds no {FILE_NAME}", where=model, expected="a model made by: middle-ground train")
