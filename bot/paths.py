"""Where the project keeps its files. Everything is relative to one root, which a deployer may move."""

from __future__ import annotations

import os
from pathlib import Path


def root() -> Path:
    """Return the project folder: $MIDDLE_GROUND_HOME, or the folder that holds this package."""
    home = os.environ.get("MIDDLE_GROUND_HOME")
    return Path(home) if home else Path(__file__).resolve().parent.parent


def data() -> Path:
    """Return the folder with every word the bot says and every pattern it reads by."""
    return root() / "data"


def var() -> Path:
    """Return the folder for what the running bot writes: $MIDDLE_GROUND_VAR, or var/. Made on first use."""
    chosen = os.environ.get("MIDDLE_GROUND_VAR")
    folder = Path(chosen) if chosen else root() / "var"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
