"""Reading the YAML files below data/, with errors that name the file and the line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from bot.errors import DataError

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load(path: Path) -> Any:
    """Return what *path* holds. Raises DataError where it is missing or not YAML."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise DataError(f"cannot be read ({error.strerror})", where=path, expected="a readable YAML file") from error
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise DataError(f"is not valid YAML: {error}", where=path) from error


def mapping(path: Path) -> dict[str, Any]:
    """Return the mapping that *path* holds. Raises DataError where it holds anything else."""
    found = load(path)
    if not isinstance(found, dict):
        raise DataError(f"holds {type(found).__name__}", where=path, expected="a mapping (name: value) at the top")
    return found


def rows(path: Path) -> list[dict[str, Any]]:
    """Return the list of mappings that *path* holds. Raises DataError where it holds anything else."""
    found = load(path)
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise DataError("does not hold a list of entries", where=path, expected="entries that begin with '- id: ...'")
    return found


def texts(row: Mapping[str, Any], key: str, name: str, where: Path) -> tuple[str, ...]:
    """Return the list of texts under *key* of the entry *name*, empty where there is none. Raises DataError on anything else."""
    found = row.get(key, [])
    if not isinstance(found, list) or not all(isinstance(text, str) and text for text in found):
        raise DataError(f"{name}: {key} is not a list of texts", where=where, expected=f"{key}: followed by lines '- text'")
    return tuple(found)
