"""The form of leaning in; its questions stand in data/skills/lean_in.yml."""

from __future__ import annotations

from actions.exercise import TakeAnswer


class ValidateLeanIn(TakeAnswer):
    """Takes the answers of leaning in."""

    skill = "lean_in"
