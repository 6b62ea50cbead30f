"""The one error that bad input from outside raises."""

from __future__ import annotations

from pathlib import Path


class DataError(ValueError):
    """A data file, environment variable or input line is not what it should be.

    The message names the place, what was expected and what to do; it never carries a user's words.
    """

    def __init__(self, problem: str, *, where: str | Path = "", expected: str = "") -> None:
        parts = [f"{where}: {problem}" if where else problem]
        if expected:
            parts.append(f"Expected {expected}.")
        super().__init__(" ".join(parts))
