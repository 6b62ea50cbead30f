"""The form of settling; its questions stand in data/skills/settle.yml."""

from __future__ import annotations

from actions.exercise import TakeAnswer


class ValidateSettle(TakeAnswer):
    """Takes the answers of settling."""

    skill = "settle"
