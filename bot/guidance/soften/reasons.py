"""Why an option says it otherwise: its kind, what fits the partner, and one reason for each push that was changed."""

from __future__ import annotations

from collections.abc import Collection

from bot.guidance.pick import pick
from bot.guidance.soften.options import Draft
from bot.guidance.soften.values import Reason, Style

MOST = 5
# Of these nothing is reworded, so their own reason says that they are gone.
_GONE = frozenset(["insult", "swearing", "sarcasm", "comparison", "watching", "caps", "signs", "piled_up"])
_FIRST = frozenset(["insult", "comparison", "sarcasm", "watching", "threat"])


def reasons(text: str, style: Style, draft: Draft, *, said: Collection[str]) -> tuple[Reason, ...]:
    """Return at most 5 reasons for the option *text*. *said*: ids said before, oldest first."""
    kinds = [f"style_{style}"]
    if draft.big:
        kinds.append("face_to_face")
    if draft.partner:
        kinds.append(f"partner_{draft.partner}")
    gap = ["slot"] if "[" in text else []
    changed = sorted(_changed(text, draft), key=lambda kind: kind not in _FIRST)
    kinds += [*changed[: max(MOST - len(kinds) - len(gap), 1)], *gap]
    found: list[Reason] = []
    for kind in dict.fromkeys(kinds):
        ranked = ((0, one) for one in draft.book.reasons[kind])
        reason = pick(ranked, said=said, seed=f"{draft.seed}{style}")
        if reason:
            found.append(reason)
    return tuple(found[:MOST])


def _changed(text: str, draft: Draft) -> list[str]:
    """Return the kinds of the pushes, in order; ``left_out`` for what this option says nothing of."""
    told = {unit.kind for unit in draft.units for line in unit.texts.values() if line in text}
    kinds = [push.kind if push.kind in told | _GONE else "left_out" for push in draft.parsed.pushes]
    if "caps" in kinds:  # both speak of loudness
        kinds = [kind for kind in kinds if kind != "signs"]
    return list(dict.fromkeys(kinds))
