"""The form of the neutral view; its questions stand in data/skills/neutral.yml."""

from __future__ import annotations

from actions.exercise import TakeAnswer


class ValidateNeutral(TakeAnswer):
    """Takes the answers of the neutral view."""

    skill = "neutral"
