"""English verb forms, worked out once when a pattern is compiled, so that reading needs no lemmatiser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_VOWELS = "aeiou"


def forms(verb: str, irregular: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """Return *verb* with its -s, -ed and -ing forms; *irregular* (data/cues/verbs.yml) overrides the rules."""
    verb = verb.lower()
    if verb in irregular:
        return frozenset([verb, *irregular[verb]])
    stem = verb
    if verb.endswith("e") and not verb.endswith("ee"):
        stem = verb[:-1]
        return frozenset([verb, verb + "s", verb + "d", stem + "ing"])
    if verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        return frozenset([verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"])
    third = verb + ("es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")
    if _doubles(verb):
        stem = verb + verb[-1]
    return frozenset([verb, third, stem + "ed", stem + "ing"])


def _doubles(verb: str) -> bool:
    """One short syllable that ends consonant-vowel-consonant doubles its last letter: beg, begged."""
    if len(verb) < 3 or verb[-1] in "aeiouwxy" or verb[-2] not in _VOWELS or verb[-3] in _VOWELS:
        return False
    return sum(letter in _VOWELS for letter in verb) == 1
