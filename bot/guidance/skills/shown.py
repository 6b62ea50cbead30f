"""What an exercise shows beside its questions: a summary, the loop, three softer wordings, how the numbers went."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

from bot.guidance.say import line_bubble
from bot.guidance.skills.values import Place, Skill, Takes
from bot.guidance.values import Bubble

if TYPE_CHECKING:
    from bot.guidance.soften import Softened
    from bot.safety.values import Clearance

_PARTNERS = {"goes_quiet": "withdraw", "comes_at_me": "pursue"}
_Show = Callable[[Skill, Place, "Clearance", Collection[str], str], list[Bubble]]


def show(
    name: str, skill: Skill, place: Place, *, clearance: Clearance, said: Collection[str] = (), seed: str = ""
) -> list[Bubble]:
    """Return the bubbles called *name* (a key of SHOWN), none for ""."""
    return SHOWN[name](skill, place, clearance, said, seed) if name else []


def softened(place: Place, clearance: Clearance, seed: str = "") -> Softened:
    """Return what `soften` makes of the draft of *place*."""
    from bot.guidance.soften import soften

    partner = _PARTNERS.get(place.answers.get("tends", ""), "")
    return soften(place.answers["draft"], clearance=clearance, partner=partner, seed=seed)  # type: ignore[arg-type]


def _options(skill: Skill, place: Place, clearance: Clearance, said: Collection[str], seed: str) -> list[Bubble]:
    """Three other wordings; then the words that push or shut the door, and the reasons of each wording."""
    found = softened(place, clearance, seed)
    bubbles = []
    for number, option in enumerate(found.options, 1):
        sources = tuple(dict.fromkeys(source for reason in option.reasons for source in reason.sources))
        bubbles.append(Bubble("option", f"{number}. “{option.text}”", sources=sources))
    if found.face_to_face:
        bubbles.insert(0, line_bubble("soften_face_to_face", said=said, seed=seed))
    if found.pushes:
        words = ", ".join(f"“{push.text}”" for push in found.pushes[:4])
        bubbles.append(line_bubble("soften_pushes", said=said, seed=seed, words=words))
    for number, option in enumerate(found.options, 1):
        bubbles.append(Bubble("reasons", f"{number}.", steps=tuple(reason.text for reason in option.reasons[:3])))
    return bubbles


def _chosen(skill: Skill, place: Place, clearance: Clearance, said: Collection[str], seed: str) -> list[Bubble]:
    """The wording that was picked, to copy; or the words that go with a draft that needs none."""
    if place.answers["found"] != "options":
        return [line_bubble(f"soften_{place.answers['found']}", said=said, seed=seed)]
    number = place.answers.get("pick", "")
    if not number.isdigit():
        return []
    option = softened(place, clearance, seed).options[int(number) - 1]
    return [Bubble("gift", f"“{option.text}”", sources=option.reasons[0].sources if option.reasons else ())]


def _summary(skill: Skill, place: Place, clearance: Clearance, said: Collection[str], seed: str) -> list[Bubble]:
    """Every answer in words under its question, in the wording that was asked, for the person to keep."""
    rows = []
    for step in skill.steps:
        answer = place.answers.get(step.id)
        if answer and step.takes is Takes.TEXT:
            asked = {variant.id: variant for variant in step.ask}
            shown = asked[next((line for line in reversed([*said]) if line in asked), step.ask[0].id)]
            # In quotation marks, for nobody is asked any more.
            asked_then = shown.text.replace("“", "‘").replace("”", "’")
            rows.append(Bubble("kept", f"“{asked_then}”", sources=shown.sources, steps=(answer,)))
    return rows


SHOWN: Mapping[str, _Show] = {"options": _options, "chosen": _chosen, "summary": _summary}
