"""An answer as it is said back: without "idk" and "I guess", with "I" and "don't", and with "you" in words to the partner."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from bot import paths, yaml_files
from bot.reading.inflect import forms

_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*|[^A-Za-z]+")
_ENDS = " .!?;,:-…"
_STOP_BEFORE_SMALL = re.compile(r"(?<![.])[.!]+\s+(?=[a-z])")
_LOUD = re.compile(r"\b[A-Z]{4,}\b")
_QUOTES = frozenset('“”"‘')
_SINGULAR = {
    "he": "you", "she": "you", "him": "you", "his": "your", "hers": "yours", "himself": "yourself", "herself": "yourself",
}  # fmt: skip
_PLURAL = {"they": "you", "them": "you", "their": "your", "theirs": "yours", "themselves": "yourself", "themself": "yourself"}
_PERSONS = frozenset({"he", "she", "they"})
_WITH_S = {
    "is": "are", "was": "were", "has": "have", "does": "do", "isn't": "aren't", "wasn't": "weren't", "hasn't": "haven't",
    "doesn't": "don't",
}  # fmt: skip
_JOINS = frozenset({"and", "or", "then", "but"})
_NO_VERBS = frozenset("us this always sometimes his as yes perhaps towards afterwards hers yours ours".split())


@dataclass(frozen=True)
class Tidy:
    """The lists of data/skills/words/tidy.yml, and what they are compiled to."""

    lists: Mapping[str, frozenset[str]]
    spell: Mapping[str, str]
    verbs: Mapping[str, str]  # any form -> base
    others: frozenset[str]
    partners: frozenset[str]

    @classmethod
    def load(cls) -> Tidy:
        """Read the lists. Raises DataError where a file is not there or no mapping."""
        folder = paths.data() / "skills" / "words"
        rows: dict[str, Any] = dict(yaml_files.mapping(folder / "tidy.yml"))
        spell = {str(one): str(other) for one, other in rows.pop("spell").items()}
        verbs: dict[str, Any] = dict(yaml_files.mapping(paths.data() / "soften" / "verbs.yml"))
        names: dict[str, Any] = yaml_files.mapping(folder / "memory.yml")["names"]
        lists = {name: frozenset(map(str, words)) for name, words in rows.items()}
        others = lists.pop("others") | {str(one) for one in names["others"]}
        return cls(lists, spell, _bases(verbs["irregular"], verbs["regular"]), others, frozenset(map(str, names["partners"])))

    @cached_property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Spellings of more than one word ("ill be")."""
        return tuple((re.escape(one), other) for one, other in self.spell.items() if " " in one)

    @cached_property
    def _unasked(self) -> str:
        return rf"(?!\s+(?:{_any(self.lists['asks'])})\b)"

    @cached_property
    def filler(self) -> re.Pattern[str]:
        """Words that mean nothing anywhere, but for those before a question word."""
        return re.compile(rf"[,\s]*\b(?:{_any(self.lists['anywhere'])})\b{self._unasked}[,\s]*", re.IGNORECASE)

    @cached_property
    def start(self) -> re.Pattern[str]:
        """Words before what is meant; each ends at a space or a sign."""
        whole = r"(?=[\s,.!?]|$|(?<=,))"
        return re.compile(rf"^(?:{_any(self.lists['before'])}){whole}{self._unasked}[\s,.!?]*", re.IGNORECASE)

    @cached_property
    def end(self) -> re.Pattern[str]:
        """Words after what is meant."""
        return re.compile(rf"[\s,]+(?:{_any(self.lists['after'])})[\s.!?,]*$", re.IGNORECASE)


@lru_cache(maxsize=1)
def tidy() -> Tidy:
    """Return the lists, read once."""
    return Tidy.load()


def neat(answer: str, leads: Sequence[str] = ()) -> str:
    """Return *answer* without fillers, without the first of *leads* ("i need") that it begins with, and with "I" and "don't".

    An answer that is nothing but fillers stays as it is.
    """
    held = tidy()
    told = " ".join(answer.replace("’", "'").split())
    told = held.filler.sub(" ", told).strip() or told
    told = _stripped(told, held.start)
    told = _stripped(told, held.end)
    told = _led(_spelt_out(told, held), leads, held.lists["between"])
    told = _STOP_BEFORE_SMALL.sub(", ", told.strip(" ,"))
    return told or answer


def _spelt_out(text: str, held: Tidy) -> str:
    if text.isupper() and len(text.split()) > 1:
        text = text.lower()
    for typed, written in held.pairs:
        text = re.sub(rf"\b{typed}\b", written, text, flags=re.IGNORECASE)
    return "".join(_spelt(word, held.spell) for word in _WORD.findall(text))


def to_partner(text: str) -> str:
    """Return *text*, told of the partner, as told to them: "he leaves" is "you leave".

    Where "he" might be somebody else, or it is not plain what "her" stands for, *text* stays as it is.
    """
    held = tidy()
    plain = _LOUD.sub(lambda found: found[0].lower(), text.replace("’", "'"))
    words = [word for word in _WORD.findall(_named(plain, held.partners)) if word]
    small = [word.lower() for word in words]
    one, many = set(small) & {*_SINGULAR, "her"}, set(small) & set(_PLURAL)
    both = {"he", "him", "his"} & one and {"she", "her", "hers"} & one
    base = set(small)  # "my sister's" is a place
    spoken_to = bool((one or many) and base & {"you", "your"} and plain == _named(plain, held.partners))
    others = held.others if many else held.others - held.lists["bystanders"]
    if base & others or both or (one and many) or spoken_to or _QUOTES & set(plain):
        return plain
    return "".join(_turned(words, small, held))


def _turned(words: Sequence[str], small: Sequence[str], held: Tidy) -> list[str]:
    """Return *words* with each person turned to "you" and their verbs after them."""
    out = list(words)
    for at, word in enumerate(small):
        person, _, rest = word.partition("'")
        after = _next(small, at, frozenset())
        if word in ("he's", "she's"):
            verb = _next(small, at, held.lists["adverbs"])
            out[at] = _cased("you've" if _is_participle(small[verb] if verb else "", held.verbs) else "you're", words[at])
        elif person in _PERSONS and rest:
            out[at] = _cased(f"you'{rest}", words[at])
        elif word in _SINGULAR or word in _PLURAL:
            out[at] = _cased({**_SINGULAR, **_PLURAL}[word], words[at])
            if word == "his" and after is None:
                out[at] = "yours"
            if word in ("he", "she") or words[at] == "you":
                _agree(out, small, at, held)
        elif word == "her":
            person_meant = after is None or small[after] in held.lists["after_her"] or small[after].endswith("ing")
            out[at] = _cased("you" if person_meant else "your", words[at])
        elif word == "you" and words[at].endswith("you"):
            _agree(out, small, at, held)
    return out


def _agree(out: list[str], small: Sequence[str], at: int, held: Tidy) -> None:
    """Change the verb after the person at *at*, and those joined to it, to the form that goes with "you"."""
    verb = _next(small, at, held.lists["adverbs"])
    while verb is not None and (changed := _without_s(small[verb], held.verbs)) != small[verb]:
        out[verb] = changed
        joined = next((place for place in range(verb + 1, len(small)) if small[place] in _JOINS), None)
        verb = _next(small, joined, held.lists["adverbs"]) if joined is not None else None
        if verb is not None and small[verb] not in held.verbs:
            return


def _without_s(verb: str, verbs: Mapping[str, str]) -> str:
    if verb in _WITH_S:
        return _WITH_S[verb]
    if not verb.endswith("s") or verb.endswith(("ss", "'s")) or verb in _NO_VERBS:
        return verb
    known = verbs.get(verb)
    if known:
        return known
    if verb.endswith("ies"):
        return f"{verb[:-3]}y"
    return verb[:-2] if verb.endswith(("sses", "shes", "ches", "xes", "zes", "oes")) else verb[:-1]


def _is_participle(word: str, verbs: Mapping[str, str]) -> bool:
    return word in ("been", "had", "got") or (not word.endswith(("ing", "s")) and verbs.get(word, word) != word)


def _next(small: Sequence[str], at: int, passed: Collection[str]) -> int | None:
    """Return the place of the word after *at*, *passed* words left out; None at a stop or the end."""
    for place in range(at + 1, len(small)):
        if small[place][0].isalpha():
            if small[place] not in passed:
                return place
        elif set(small[place]) & set(".,;:!?()"):
            return None
    return None


def _named(text: str, partners: Collection[str]) -> str:
    """Return *text* with "my wife" as "you"; her verb is changed with the others."""
    text = re.sub(rf"\bmy (?:{_any(partners)})'s\b", "your", text, flags=re.IGNORECASE)
    return re.sub(rf"\bmy (?:{_any(partners)})\b", "you", text, flags=re.IGNORECASE)


def _bases(irregular: Mapping[str, Sequence[str]], regular: Sequence[str]) -> dict[str, str]:
    found = {form: base for base in regular for form in forms(base, {})}
    for base, others in irregular.items():
        regular_forms = (form for form in forms(base, {}) if form.endswith(("s", "ing")))
        found.update(dict.fromkeys((base, *others, *regular_forms), base))
    return found


def _stripped(text: str, pattern: re.Pattern[str]) -> str:
    while (shorter := pattern.sub("", text, count=1)) != text and shorter.strip(_ENDS):
        text = shorter
    return text


def _led(text: str, leads: Sequence[str], between: Collection[str]) -> str:
    for lead in sorted(leads, key=len, reverse=True):
        first, *rest = map(re.escape, lead.split())
        gap = rf"(?:\s+(?:{_any(between)}))*\s+"
        found = re.match(rf"{gap.join([first, *rest])}(?:\s+(?:{_any(between)}))*[\s:,]+(?=\S)", text, re.IGNORECASE)
        if found and text[found.end() :].strip(_ENDS):
            told = text[found.end() :]
            return f"for {told}" if re.match(r"(?:him|her|them|you) to\b", told, re.IGNORECASE) else told
    return text


def _spelt(word: str, spell: Mapping[str, str]) -> str:
    found = spell.get(word.lower())
    return word if found is None else _cased(found, word)


def _cased(word: str, like: str) -> str:
    return word[:1].upper() + word[1:] if like[:1].isupper() and not like == "I" else word


def _any(words: Collection[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
