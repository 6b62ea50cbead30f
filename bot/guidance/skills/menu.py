"""The list of exercises, those that fit the side coached last first."""

from __future__ import annotations

from collections.abc import Collection

from bot.guidance.entries import LineSide
from bot.guidance.say import button, line_bubble
from bot.guidance.skills.book import SkillBook
from bot.guidance.skills.values import Skill
from bot.guidance.values import Bubble, Button, Card, CardKind

_SIDES = {"anxious": LineSide.PURSUE, "avoidant": LineSide.WITHDRAW}
_AT_ONCE = 5  # more than that is not read at two in the morning


def menu(book: SkillBook, *, side: str, page: str = "", said: Collection[str], seed: str) -> Card:
    """Return the card that names some of the exercises in one line each, with a button for each.

    *side*: anxious, avoidant or ""; *page*: "2" for the rest of them.
    """
    wanted = _SIDES.get(side)
    skills = sorted(
        book.skills.values(), key=lambda skill: (wanted is not None and skill.fits not in (wanted, LineSide.BOTH), skill.order)
    )
    shown, others = (skills[_AT_ONCE:], "skills") if page == "2" else (skills[:_AT_ONCE], "more_skills")
    lead = line_bubble("skills_menu", said=said, seed=seed)
    listed = Bubble(lead.part, lead.text, lead.line, lead.sources, steps=tuple(map(_line, shown)))
    return Card(CardKind.MENU, (listed,), (*(Button(skill.title, f"/start_{skill.id}") for skill in shown), button(others)))


def _line(skill: Skill) -> str:
    return f"{skill.title}: {skill.about}"
