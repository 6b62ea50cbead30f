"""The form of saying it softer; its questions stand in data/skills/soften.yml."""

from __future__ import annotations

from actions.exercise import TakeAnswer


class ValidateSoften(TakeAnswer):
    """Takes the answers of saying it softer."""

    skill = "soften"
