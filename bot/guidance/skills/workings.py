"""Answers that nobody is asked for, because they follow from the answers before them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.guidance.skills.values import Place
from bot.safety.values import Clearance


def _found(place: Place, clearance: Clearance) -> str:
    """What becomes of a draft: ``options``, ``fine`` or ``refused``."""
    from bot.guidance.soften import soften  # its rules are compiled on first use, which most conversations never make

    found = soften(place.answers["draft"], clearance=clearance)
    return "refused" if found.refused else "fine" if found.fine else "options"


WORKINGS: Mapping[str, Callable[[Place, Clearance], str]] = {"found": _found}
