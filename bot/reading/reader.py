"""The reader: one message in, one `Reading` out. Patterns give evidence, the encoder generalises, the combiner decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from bot.errors import DataError
from bot.reading import artefact as artefacts
from bot.reading.artefact import Artefact
from bot.reading.combine import Row, features
from bot.reading.cues import FEATURES, CueBook, CueFindings, cue_book, one_way
from bot.reading.encoder import Encoded, Encoder, Logits
from bot.reading.tongue import is_english
from bot.reading.values import Actor, Coach, Cue, Evidence, PartnerMove, Reading, Safety, Side, coach_for
from bot.reading.words import Sentence, even, sentences
from bot.safety.gate import Gate, gate
from bot.safety.values import ENCODER, SafetyReading

_SHORT = 10  # words
_LONGEST = 12_000  # characters read for moves; the gate reads on to the end

_COACH_FAMILY = {Coach.ANXIOUS: "P", Coach.AVOIDANT: "W"}
_FAMILY = {coach.value: family for coach, family in _COACH_FAMILY.items()}
_AGAINST_PATTERNS = 0.7
_AGAINST_EXPLAINED = 0.89  # a joke or a look-alike explains the words: to coach then needs this much certainty
_NEVER = 1.1
_SENSE_KNOWN, _DOUBT = 24, 0.02  # words; the least probability of no danger
_LOOKED_AT_AGAIN = 6  # sentences
_AGAINST_DENIAL = 0.9  # "you don't have to prove it" holds the words of a demand, which is what the encoder sees
_ALL_MOVES = tuple((side, partner) for side in Side for partner in PartnerMove)
_LEADING_TO = {coach: [pair for pair in _ALL_MOVES if coach_for(*pair, Safety.NONE) is coach] for coach in Coach}
_FACING = {"P": "W", "W": "P"}
_MOVE_OF = {"P": PartnerMove.PURSUE, "W": PartnerMove.WITHDRAW}
_PARTNERS_MOVE = frozenset({Actor.PARTNER, Actor.RECEIVED})


class Numbers(NamedTuple):
    """What a message looks like to the combiner, and what the encoder alone says."""

    row: Row
    encoded: Encoded
    findings: CueFindings


@dataclass(frozen=True)
class _Decision:
    """The consistent answer to the four questions and how sure it is."""

    side: Side
    actor: Actor
    partner: PartnerMove
    coach: Coach
    confidence: float
    unsure: bool


class Reader:
    """Reads messages. Made once a process; safe to share between threads."""

    def __init__(self, encoder: Encoder, book: CueBook, guard: Gate, artefact: Artefact | None) -> None:
        """Join the parts. *artefact* is None only while it is being trained."""
        self.encoder = encoder
        self.book = book
        self.gate = guard
        self._artefact = artefact
        if artefact is not None and (artefact.encoder != encoder.sha256 or artefact.features != FEATURES):
            raise DataError("the trained model belongs to another reader", expected="a new training; run: middle-ground train")

    def trained(self, artefact: Artefact) -> Reader:
        """Return a reader with the same parts and another *artefact*. Raises DataError where it belongs to other parts."""
        return Reader(self.encoder, self.book, self.gate, artefact)

    @classmethod
    def load(cls, artefact: Artefact | None = None) -> Reader:
        """Load encoder, cue book and gate; *artefact* defaults to the one in the newest trained model."""
        return cls(Encoder.load(), cue_book(), gate(), artefact or artefacts.from_model())

    def numbers(self, text: str) -> Numbers:
        """Return the combiner's input for *text*."""
        text = text[:_LONGEST]
        encoded = self.encoder.encode(even(text))
        findings = self.book.find(text)
        return Numbers(features(self.encoder, encoded.logits, findings.features), encoded, findings)

    def read(self, text: str) -> Reading:
        """Return what *text* says about the moment. Never raises on any string."""
        return self.read_with_safety(text)[0]

    def read_with_safety(self, text: str) -> tuple[Reading, SafetyReading]:
        """Return the reading and the gate's full answer for *text*; the gate comes first."""
        if self._artefact is None:
            raise DataError("the reader is not trained", expected="a trained model; run: middle-ground train")
        # Half of a surrogate pair cannot be tokenised; one sign for one sign, so that offsets stay right.
        whole = text.encode("utf-8", "replace").decode("utf-8")
        text = whole[:_LONGEST]
        if not whole.strip():
            return _EMPTY, SafetyReading()
        return self.reading(whole, self.numbers(text))

    def reading(self, whole: str, found: Numbers) -> tuple[Reading, SafetyReading]:
        """Return what `read_with_safety` does for the message *whole*, whose `numbers` are known already."""
        text = whole[:_LONGEST]
        danger = self._danger(whole, found)
        safety = danger.kind if danger.hit else Safety.NONE
        everyday, everyday_confidence = self._everyday(text, found)
        if safety is Safety.NONE and not found.findings.cues and not found.findings.healthy:
            if everyday_confidence == 1.0:
                return replace(_EMPTY, everyday=everyday, everyday_confidence=1.0), danger
            if not self.encoder.readable(text):
                return replace(_EMPTY, unsure=True), danger
        decision = self._decide(found, safety, short=len(text.split()) <= _SHORT, soft=danger.soft and danger.rule != ENCODER)
        cues = self._cues(text, found, decision)
        reading = Reading(
            side=decision.side, actor=decision.actor, partner=decision.partner, coach=decision.coach, cues=cues,
            confidence=decision.confidence, safety=safety, unsure=decision.unsure,
            everyday=everyday, everyday_confidence=everyday_confidence,
        )  # fmt: skip
        return reading, danger

    def _danger(self, whole: str, found: Numbers) -> SafetyReading:
        """Return what the gate says, with the encoder's guess; in another language the encoder only guesses wildly."""
        if not is_english(whole):
            return self.gate.read(whole)
        chances = self.encoder.probabilities(found.encoded.logits, "safety")
        danger = self.gate.read(whole, encoder={Safety(kind): chance for kind, chance in chances.items()})
        # Where a pattern knows the sense of a few words, the encoder alone must be all but certain that it is another.
        few = bool(found.findings.cues) and len(whole.split()) <= _SENSE_KNOWN
        known = few and (chances["none"] > _DOUBT or bool(self._by_patterns_alone(found)))
        if danger.rule == ENCODER and known:
            return replace(danger, soft=True) if danger.hit else SafetyReading()
        return danger

    def _decide(self, found: Numbers, safety: Safety, *, short: bool, soft: bool) -> _Decision:
        """Choose whom to coach, then the likeliest moves that lead there, as the annotation guide derives it."""
        assert self._artefact is not None
        chance = {name: regression.probabilities(found.row) for name, regression in self._artefact.regressions.items()}
        thresholds = self._artefact.thresholds
        by_coach = chance["coach"]
        by_patterns = self._by_patterns_alone(found)
        if by_patterns and safety is Safety.NONE:
            return self._by_patterns(by_patterns, max(by_coach.get(by_patterns, 0.0), thresholds["few_words"]), found, chance)
        own = _own_way(found.findings.cues)
        spoken, sure = likeliest_coach(by_coach, one_way=bool(own))
        unsure = False
        # Few words and no pattern: more certainty is asked for.
        least = thresholds["speak_short"] if short and not found.findings.cues else thresholds["speak"]
        if found.findings.vetoed and not found.findings.cues:
            least = _AGAINST_EXPLAINED
        if found.findings.healthy and not own:
            least = _NEVER  # a pause with a time, a plain request: nobody is told off for these
        if (found.findings.denied or soft) and not found.findings.cues:
            least = _AGAINST_DENIAL
        if own and spoken in _FAMILY and own != _FAMILY[spoken]:
            least = _AGAINST_PATTERNS  # the wrong side is the costliest error: better to ask
        if safety is not Safety.NONE or sure < least:
            coach = Coach.NONE
            confidence = by_coach.get("none", 0.0)
            unsure = safety is Safety.NONE and sure >= thresholds["ask"]
        else:
            coach, confidence = Coach(spoken), sure
        best: tuple[float, Side, PartnerMove] | None = None
        for side, partner in _LEADING_TO[coach] if safety is Safety.NONE else _ALL_MOVES:
            score = chance["side"].get(side.value, 1e-6) * chance["partner"].get(partner.value, 1e-6)
            if best is None or score > best[0]:
                best = (score, side, partner)
        assert best is not None
        _, side, partner = best
        actor = _actor(chance["actor"], side, partner, nobody=thresholds["nobody"])
        return _Decision(side, actor, partner, coach, confidence, unsure)

    @staticmethod
    def _by_patterns_alone(found: Numbers) -> str:
        """Return whom the patterns coach, where they may decide alone; else ""."""
        if found.findings.vetoed:
            return ""
        return one_way(found.findings.features) or _quoted_alone(found.findings.cues)

    def _by_patterns(
        self, spoken: str, confidence: float, found: Numbers, chance: Mapping[str, Mapping[str, float]]
    ) -> _Decision:
        """Return the decision of a short message whose patterns all point one way."""
        cues = found.findings.cues
        own = [cue for cue in cues if cue.actor not in _PARTNERS_MOVE]
        partners = [cue for cue in cues if cue.actor in _PARTNERS_MOVE]
        moves = {cue.id[0] for cue in partners}
        partner = PartnerMove.BOTH if len(moves) == 2 else _MOVE_OF[moves.pop()] if moves else PartnerMove.NONE
        if not own:
            actor = Actor.RECEIVED if all(cue.actor is Actor.RECEIVED for cue in partners) else Actor.PARTNER
            return _Decision(Side.NEITHER, actor, partner, Coach(spoken), confidence, unsure=False)
        side = Side.PURSUE if spoken == Coach.ANXIOUS.value else Side.WITHDRAW
        actor = _actor(chance["actor"], side, partner, nobody=1.0)
        if actor is not Actor.BOTH and len({cue.actor for cue in own}) == 1:
            actor = own[0].actor
        return _Decision(side, actor, partner, Coach(spoken), confidence, unsure=False)

    def _cues(self, text: str, found: Numbers, decision: _Decision) -> tuple[Cue, ...]:
        """Return the pattern cues; where none shows the move that is coached, the encoder's likeliest with its sentence."""
        cues = found.findings.cues
        family = _COACH_FAMILY.get(decision.coach)
        if family is None or any(_helps(cue, family) for cue in cues):
            return cues
        partner_only = decision.side is Side.NEITHER
        wanted = _FACING[family] if partner_only else family
        chances = self.encoder.probabilities(found.encoded.logits, "cue")
        name = max((cue for cue in chances if cue.startswith(wanted)), key=lambda cue: chances[cue])
        actor = decision.actor if decision.actor in _PARTNERS_MOVE else Actor.PARTNER if partner_only else decision.actor
        if not partner_only and actor not in (Actor.SELF, Actor.DRAFT):
            actor = Actor.SELF
        evidence = self._telling_sentence(text, found.encoded, decision.coach)
        told = Cue(name, evidence, actor, "encoder", chances[name], self.book.time_at(text, evidence.start))
        return tuple(sorted((*cues, told), key=lambda cue: cue.evidence.start))

    def _telling_sentence(self, text: str, encoded: Encoded, coach: Coach) -> Evidence:
        """Return the sentence without which the encoder believes least in *coach* (leave one sentence out).

        The tokens' shares say which few are worth the second look: the text is read again without each of them.
        """
        parts = sentences(text)
        if len(parts) > 1:
            at = self.encoder.heads["coach"].labels.index(coach.value)
            where = self.encoder.heads["coach"].where
            plain = even(text)

            def margin(row: Logits) -> float:
                return float(row[at] - np.delete(row, at).max())

            def by_shares(part: Sentence) -> float:
                row = encoded.without(part.start, part.end)
                return float("inf") if row is None else margin(row)

            def read_without(part: Sentence) -> float:
                return margin(self.encoder.encode(plain[: part.start] + plain[part.end :]).logits[where])

            parts = sorted(parts, key=by_shares)[:_LOOKED_AT_AGAIN]
            telling = min(parts, key=read_without)
        else:
            (telling,) = parts
        return Evidence(telling.start, telling.end, text[telling.start : telling.end])

    def _everyday(self, text: str, found: Numbers) -> tuple[str, float]:
        assert self._artefact is not None
        phrases = self._artefact.phrases
        key = phrase_key(text)
        parts = {phrases.get(word, "") for word in key.split()}
        known = phrases.get(key, "") or (parts.pop() if len(parts) == 1 else "")  # "ok yes" is "ok" and "yes"
        if known or not key:
            return known, float(bool(known))
        chances = self.encoder.probabilities(found.encoded.logits, "everyday")
        name = max(chances, key=lambda label: chances[label])
        if name == "message" or chances[name] < self._artefact.thresholds["everyday"]:
            return "", 0.0
        return name, chances[name]


def _own_way(cues: tuple[Cue, ...]) -> str:
    """Return the family (P or W) of the writer's own moves by the patterns; "" where there is none, or both."""
    families = {cue.id[0] for cue in cues if cue.actor not in _PARTNERS_MOVE}
    return families.pop() if len(families) == 1 else ""


def _quoted_alone(cues: tuple[Cue, ...]) -> str:
    """Return whom to coach where all that the patterns see is the partner's own words, pointing one way; else "".

    The encoder takes a quoted complaint for the writer's; the patterns know who said it.
    """
    families = {cue.id[0] for cue in cues if cue.actor is Actor.RECEIVED}
    if len(families) != 1 or any(cue.actor is not Actor.RECEIVED for cue in cues):
        return ""
    return {"P": Coach.AVOIDANT, "W": Coach.ANXIOUS}[families.pop()].value


def likeliest_coach(chance: Mapping[str, float], *, one_way: bool) -> tuple[str, float]:
    """Return whom to coach and the chance that this is right.

    "both" is said only where it is likelier than not; a lesser chance of both is a chance of either.
    """
    both = chance.get("both", 0.0)
    if both >= (0.8 if one_way else 0.6):
        return "both", both
    spoken = max(("anxious", "avoidant"), key=lambda label: chance.get(label, 0.0))
    return spoken, chance.get(spoken, 0.0) + both / 2


def _actor(chance: Mapping[str, float], side: Side, partner: PartnerMove, *, nobody: float) -> Actor:
    """Return the likeliest actor among those that the moves leave possible.

    Where no move is clear enough to be named, who acts may still be: whose move it is comes before which move.
    """
    if side is Side.NEITHER and partner is PartnerMove.NONE:
        return likeliest_actor(chance, nobody)
    if side is Side.NEITHER:
        possible = [Actor.PARTNER, Actor.RECEIVED]
    elif partner is PartnerMove.NONE:
        possible = [Actor.SELF, Actor.DRAFT]
    else:
        possible = [Actor.BOTH, Actor.DRAFT, Actor.SELF]
    return max(possible, key=lambda actor: chance.get(actor.value, 0.0))


def likeliest_actor(chance: Mapping[str, float], nobody: float) -> Actor:
    """Return who acts, by the chances alone: nobody only where that is at least *nobody* likely."""
    if chance.get(Actor.NONE.value, 0.0) >= nobody:
        return Actor.NONE
    return Actor(max((name for name in chance if name != Actor.NONE.value), key=lambda name: chance[name]))


def _helps(cue: Cue, family: str) -> bool:
    """True when *cue* is a reason to coach *family*: the writer's move of it, or the partner's move that faces it."""
    partners = cue.actor in _PARTNERS_MOVE
    return cue.id[0] == (_FACING[family] if partners else family)


def phrase_key(text: str) -> str:
    """Return the form under which short everyday phrases are known: lower case, letters and digits only."""
    return " ".join("".join(char if char.isalnum() or char.isspace() else "" for char in even(text).lower()).split())


_EMPTY = Reading(Side.NEITHER, Actor.NONE, PartnerMove.NONE, Coach.NONE, (), 0.0, Safety.NONE)
