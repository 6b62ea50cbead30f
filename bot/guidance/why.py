"""Why the bot said what it said: the words it went by, the move it read, and the place each line comes from."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from bot.guidance.choose import need_clearance, split
from bot.guidance.entries import Concept, Line, LineActor, Part, Practice
from bot.guidance.library import Library
from bot.guidance.library import library as default_library
from bot.guidance.say import button, line_bubble, responses
from bot.guidance.skills.book import skill_book
from bot.guidance.values import Bubble, Button, Card, CardKind
from bot.safety.values import Clearance

MOST_CITED = 6


def why(
    about: Mapping[str, Any],
    *,
    clearance: Clearance,
    said: Collection[str] = (),
    seed: str = "",
    library: Library | None = None,
) -> Card:
    """Show the evidence words, the cue in plain words and the source of each practice and reframe shown.

    *about* is `Card.about` of the card in question; empty when nothing was said yet. What does not fit
    in 90 words goes to `Card.more`. Raises TypeError without a clearance.
    """
    need_clearance(clearance)
    held = library or default_library()
    if not about:
        return Card(CardKind.WHY, (line_bubble("why_nothing", said=said, seed=seed),))
    bubbles = [_went_by(about, held, said, seed), *_places(about, held, seed)]
    shown, kept = split(bubbles)
    buttons: list[Button] = [button("more")] if kept else []
    if about.get("practice"):
        buttons.insert(0, button("start", practice=str(about["practice"])))
    if about.get("coach") != "none":
        buttons.append(button("not_me"))
    return Card(CardKind.WHY, shown, tuple(buttons), kept, dict(about))


def _went_by(about: Mapping[str, Any], held: Library, said: Collection[str], seed: str) -> Bubble:
    cue = held.cue_names.get(str(about.get("cue", "")))
    words = ", ".join(f"“{words}”" for words in about.get("words", ()))
    whose = "their" if about.get("actor") == LineActor.PARTNER.value else "own"
    if cue and words:
        return line_bubble(f"why_{whose}_move", said=said, seed=seed, words=words, name=cue.name, says=cue.says)
    if cue:
        return line_bubble("why_whole_message", said=said, seed=seed, name=cue.name, says=cue.says)
    if about.get("coach") in (None, "none"):
        return line_bubble("why_answer", said=said, seed=seed)
    return line_bubble("why_no_words", said=said, seed=seed)


def _places(about: Mapping[str, Any], held: Library, seed: str) -> list[Bubble]:
    """Return one bubble per source of each practice, reframe, answer or affirmation of the card, none twice.

    The first source of every line comes before the second of any.
    """
    lists = list(_sources(about, held))
    cited: dict[str, str] = {}
    for place in range(max((len(sources) for _, sources in lists), default=0)):
        for key, sources in lists:
            if place < len(sources):
                cited.setdefault(sources[place], key)
    return [_place(source, key, held, seed) for source, key in list(cited.items())[:MOST_CITED]]


def _sources(about: Mapping[str, Any], held: Library) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield, for each line that cites something, the key of the sentence that names its place, and its sources."""
    affirmed = {variant.id: variant.sources for variants in responses().lines.values() for variant in variants}
    affirmed |= skill_book().sources_of
    for line in map(str, about.get("lines", ())):
        entry = held.find(line)
        if isinstance(entry, Practice):
            yield "why_practice", entry.sources
        elif isinstance(entry, Line) and entry.part is Part.REFRAME:
            yield "why_reframe", entry.sources
        elif isinstance(entry, Concept):
            yield "why_source", entry.sources
        elif line in affirmed:
            yield "why_source", affirmed[line]


def _place(source: str, key: str, held: Library, seed: str) -> Bubble:
    if outside := held.sources.outside.get(source):
        bubble = line_bubble("why_outside", said=(), seed=seed, source=outside.named, text=outside.text)
    else:
        item = held.sources.items[source]
        named, place = held.sources.articles[item.where[0].article].named, str(item.where[0].para)
        bubble = line_bubble(key, said=(), seed=seed, title=named, place=place, text=item.text)
    return replace(bubble, line="", sources=(source,))
