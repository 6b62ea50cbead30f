"""Finding the answer to a question about the dynamic by the words that they share."""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import lru_cache

from bot.guidance.entries import Concept
from bot.guidance.library import Library

# Share of the weight of both the question and the known way of asking that they must have in common.
NEAR_ENOUGH = 0.55
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_EMPTY = frozenset(
    "a an the and or but if of to in on at by for with from as is are was were be been am do does did done doing have has had "
    "it its it's that this these those there here i you we he she they me us him her them my your our his their mine yours "
    "so then than too very really ever even can could will would shall may might must also some any all both one ones thing "
    "things please tell explain mean means meant say says about into up out off over again not no don't doesn't isn't aren't "
    "i'm you're we're they're he's she's what's how's that's s t re ve ll d m get gets got know want like feel make makes "
    "someone somebody people person partner boyfriend girlfriend husband wife relationship relationships".split()
)
_ENDINGS = tuple("ations ation ingly ments ment ness ings ing iest ied ies edly ed er ers ly ety ious es s e y".split())
_Index = tuple[dict[str, float], tuple[tuple[Concept, frozenset[str], frozenset[str]], ...]]


def answer(question: str, library: Library) -> Concept | None:
    """Return the concept whose ways of asking share most with *question*, or None when none is near.

    Words are weighted by how few concepts use them, so that "cycle" counts for more than "why".
    """
    weights, phrases = _index(library.concepts)
    unknown = max(weights.values(), default=0.0)
    asked = _stems(question)
    if not asked:
        return None
    asked_weight = sum(weights.get(stem, unknown) for stem in asked)
    asked_words = _words(question)
    best, found = (0.0, 0.0), None
    for concept, stems, words in phrases:
        shared = sum(weights[stem] for stem in asked & stems)
        score = 2 * shared / (asked_weight + sum(weights[stem] for stem in stems))
        # "Why do I shut down" and "why do they shut down" differ in their small words alone.
        fit = (round(score, 6), len(asked_words & words) / len(asked_words | words))
        if fit > best:
            best, found = fit, concept
    return found if best[0] >= NEAR_ENOUGH else None


@lru_cache(maxsize=4)
def _index(concepts: tuple[Concept, ...]) -> _Index:
    phrases = tuple((concept, _stems(way), _words(way)) for concept in concepts for way in concept.ask)
    used = Counter(stem for concept in concepts for stem in frozenset().union(*map(_stems, concept.ask)))
    weights = {stem: math.log(1 + len(concepts) / times) for stem, times in used.items()}
    return weights, phrases


def _stems(text: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in _words(text) if word not in _EMPTY)


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower().replace("’", "'")))


def _stem(word: str) -> str:
    word = word.removesuffix("'s")
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
