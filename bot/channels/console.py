"""A Card as coloured plain text for a terminal. Renders, changes no word."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from bot.guidance.values import Bubble, Card

_STYLES = {
    "validation": "bold",
    "naming": "cyan",
    "practice": "green",
    "reframe": "italic",
    "question": "yellow",
    "lines": "bold red",
    "safety": "bold",
}


def render(card: Card) -> RenderableType:
    """Return the bubbles shown at once, the length of a timer, then the buttons with their numbers."""
    parts: list[RenderableType] = [Padding(_bubble(bubble), (0, 0, 0, 2)) for bubble in card.bubbles]
    if card.minutes:  # a terminal has no running clock; it says how long
        whole = round(card.minutes * 60)
        parts.append(Padding(Text(f"⏱ {whole // 60}:{whole % 60:02d}", style="bold green"), (1, 0, 0, 2)))
    if card.buttons:
        parts.append(Padding(_buttons(card), (1, 0, 0, 2)))
    return Padding(Group(*parts), (1, 0, 1, 0))


def _bubble(bubble: Bubble) -> Text:
    text = Text(bubble.text, style=_STYLES.get(bubble.part, ""))
    for words in bubble.words:
        text.highlight_words([words.text], style="reverse", case_sensitive=False)
    for number, step in enumerate(bubble.steps, 1):
        text.append(f"\n  {number}. {step}", style="default")
    return text


def _buttons(card: Card) -> Text:
    mark = "#" if card.scale else ""
    return Text("   ".join(f"[{mark}{number}] {button.title}" for number, button in enumerate(card.buttons, 1)), style="dim")
