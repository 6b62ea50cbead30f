"""English verb forms in both directions: "ignoring" -> "ignore", "forget" -> "forgot". Tables: data/soften/verbs.yml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.reading.inflect import forms

_SILENT_E = ("at", "iz", "is", "us", "iv")  # before -ing these have lost an e: interrogating, criticising


@dataclass(frozen=True)
class Verbs:
    """*past* maps a base to its past; *bases* maps any known form to its base."""

    past: Mapping[str, str]
    bases: Mapping[str, str]
    known: Mapping[str, int]  # words and how common they are, the commonest lowest

    @classmethod
    def build(cls, irregular: Mapping[str, Sequence[str]], regular: Sequence[str], known: Mapping[str, int]) -> Verbs:
        """*irregular*: base -> past, participle; *regular*: bases whose forms follow bot.reading.inflect."""
        past: dict[str, str] = {}
        bases: dict[str, str] = {}
        for base in regular:
            inflected = forms(base, {})
            past[base] = next((form for form in sorted(inflected) if form.endswith("d") and form != base), base + "ed")
            bases.update(dict.fromkeys(inflected, base))
        for base, (simple, participle) in irregular.items():
            past[base] = simple
            bases.update(
                dict.fromkeys({base, simple, participle, *(f for f in forms(base, {}) if f.endswith(("s", "ing")))}, base)
            )
            if base.endswith("ie"):
                bases[base[:-2] + "ying"] = base
            doubled = base + base[-1] + "ing"
            bases[doubled] = base
        bases.update({"being": "be", "am": "be", "is": "be", "are": "be", "were": "be", "has": "have", "does": "do"})
        return cls(past, bases, known)

    def base(self, verb: str) -> str | None:
        """Return the base of *verb*, None where it is not known. An -ing form is led back to the commonest word that fits."""
        found = self.bases.get(verb)
        if found is None and verb.endswith("ing"):
            stem = verb[:-3]
            near = [
                one
                for one in (stem, stem + "e", stem[:-1] if stem[-2:-1] == stem[-1:] else stem)
                if one in self.known and len(one) > 2
            ]
            found = min(near, key=lambda one: self.known[one], default=stem + "e" if stem.endswith(_SILENT_E) else None)
        return found

    def is_past(self, verb: str) -> bool:
        """Return whether *verb* is a past form and nothing else ("called", not "put")."""
        base = self.bases.get(verb)
        return base is not None and verb != base and self.past.get(base) == verb

    def past_of(self, verb: str) -> str | None:
        """Return the past of *verb*, given in any form; None where it is not known."""
        base = self.bases.get(verb)
        return self.past.get(base) if base else None
