"""The cues that a message carries, with the words that show them and whose move they are."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot import paths
from bot.errors import DataError
from bot.reading.cue_data import CUES, HEALTHY, SIDES, STRONG, load_calm, load_cues, load_look_alikes
from bot.reading.frames import Frame, Framer, Kind
from bot.reading.patterns import NEGATIONS, Hit, Lexicon, PatternSet
from bot.reading.values import Actor, Cue, Evidence, Time

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["CUES", "FEATURES", "CueBook", "CueFindings", "cue_book"]

FEATURES: tuple[str, ...] = (
    "pursue_self", "pursue_draft", "pursue_partner", "withdraw_self", "withdraw_draft", "withdraw_partner",
    "healthy_space", "healthy_reach", "vetoes", "draft_share", "received_share", "question_end",
    "first_share", "third_share", "second_share", "log_length",
)  # fmt: skip
_CAP = 3
FEW_WORDS = 14
_SEVERAL, _SEVERAL_WORDS = 2, 24  # that many hits speak for that many words
_LONGEST_LEARNED = 80  # words; the combiner has not seen longer texts
_FIRST = frozenset("i me my myself mine we us our ours".split())
_NOMINATIVE = frozenset("i we you he she they".split())
_OPENERS = frozenset(
    '. , ; : ! ? - ( ) " and but so or when because if while then that as since once after before until cause'.split()
)
_NOUN_LEADS = frozenset("my the our this that a".split())
# "I hope he calls": what stands after these words is wished or asked, not done.
_NOT_DONE = frozenset("hoping hope hoped if whether until till want wanted wants wish wished see unless".split())
_SAYS = frozenset("says said say thinks thought think reckons claims claimed claim complains complained".split())
# A hit that begins with one of these holds its own subject: "after we row he plays games".
_LINKS = frozenset("after so every whenever when instead rather before once".split())
# Look-alikes that explain a message with no cue in it; errands do so only where they are all that it tells.
_NOT_TOLD_OF_US = frozenset({"film", "joke"})
_ALONE = _NOT_TOLD_OF_US | {"logistics"}
_NOT_ORDERED = frozenset({"i", "we", "to"})
_AUXILIARIES = frozenset("has have had is was did does do will would wo ca can could not n't".split())
# With a capital and no name: days, and what people begin a sentence with that leaves its subject out.
_OPENS_A_SENTENCE = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday christmas easter today tonight yesterday tomorrow then also there "
    "here maybe perhaps instead next later afterwards soon once again still ok okay well yes yeah no nope oh so".split()
)
_NOT_NAMES = _FIRST | _NOMINATIVE | {"him", "her", "them", "you", "your", "his", "their", "my"}
_REACH_BACK = 3  # tokens before a hit in which a negation speaks against it


@dataclass(frozen=True)
class CueFindings:
    """What the patterns say about one message.

    *cues* by start offset; *healthy*: the writer's own calm moves; *features*: numbers in the order of `FEATURES`;
    *vetoed*: something explains the words otherwise (a joke, a film, logistics); *denied*: a sentence says that
    somebody does not do it, or does not ask, blame or threaten.
    """

    cues: tuple[Cue, ...] = ()
    healthy: frozenset[str] = frozenset()
    features: tuple[float, ...] = (0.0,) * len(FEATURES)
    vetoed: bool = False
    denied: bool = False


def _whole_words(text: str, start: int, end: int) -> Evidence:
    """Return the span widened to whole words: "won't answer", where the tokenizer sees "wo", "n't", "answer"."""
    while start > 0 and (text[start - 1].isalnum() or text[start - 1] in "'’"):
        start -= 1
    while end < len(text) and (text[end].isalnum() or (text[end] in "'’" and end + 1 < len(text) and text[end + 1].isalnum())):
        end += 1
    return Evidence(start, end, text[start:end])


@dataclass(frozen=True)
class _Found:
    """A hit placed in the message. *name*: a cue, calm move or look-alike; *sentence*: number of its frame."""

    name: str
    start: int
    end: int
    sentence: int
    actor: Actor


class CueBook:
    """Finds the 28 cues by the patterns of data/cues.

    >>> CueBook.load().find("he went quiet again").cues[0].id
    'W01'
    """

    def __init__(self, folder: Path) -> None:
        self._look_alikes = load_look_alikes(folder)
        self._cues = load_cues(folder, self._look_alikes)
        self._calm = load_calm(folder)
        lexicon = Lexicon.load(folder)
        self._framer = Framer.load(folder, lexicon)
        self._objects = lexicon.groups["whom"]
        self._nouns = lexicon.groups["noun"]
        self._others = lexicon.groups["kin"] | lexicon.groups["thing"]
        self._between = lexicon.groups["adverb"] | _AUXILIARIES
        self._patterns = PatternSet((), lexicon)
        for cue in self._cues.values():
            for side in SIDES:
                where = folder / ("pursue.yml" if cue.id.startswith("P") else "withdraw.yml")
                self._add(f"{cue.id}/{side}", cue.lines[side], where)
        for calm in self._calm.values():
            self._add(f"{calm.id}/calm", calm.patterns, folder / "healthy.yml")
        for alike in self._look_alikes.values():
            self._add(f"{alike.id}/alike", alike.patterns, folder / "look_alikes.yml")

        self._words = self._patterns.words

    def _add(self, key: str, lines: Iterable[str], where: Path) -> None:
        for line in lines:
            try:
                self._patterns.add(key, line)
            except DataError as error:
                raise DataError(f"{key.partition('/')[0]}: {error}", where=where) from error

    @classmethod
    def load(cls, folder: Path | None = None) -> CueBook:
        """Read data/cues (or *folder*). Raises DataError with file and entry where something is not right."""
        return cls(folder or paths.data() / "cues")

    def __len__(self) -> int:
        """Number of pattern lines."""
        return len(self._patterns)

    def name(self, cue: str) -> str:
        """Return the short name of *cue*. Raises KeyError for an unknown id."""
        return self._cues[cue].name

    def means(self, cue: str) -> str:
        """Return what *cue* is, in a sentence. Raises KeyError for an unknown id."""
        return self._cues[cue].means

    def find(self, text: str) -> CueFindings:
        """Return the cues, calm moves and features of *text*. Never raises, whatever the text."""
        frames = self._framer.frames(text)
        cues, alikes, calm, strong, denied = self._sorted_out(frames)
        kept, vetoes = self._spared(cues, alikes)
        forbidden = {(cue, _one(found.actor)) for found in kept for cue in self._cues[found.name].vetoes}
        if not strong:
            forbidden |= {(cue, _one(found.actor)) for found in calm for cue in self._calm[found.name].vetoes}
        left = [found for found in kept if (found.name, _one(found.actor)) not in forbidden]
        vetoes += len(kept) - len(left)
        healthy = frozenset(found.name for found in calm if found.actor in (Actor.SELF, Actor.DRAFT) and not strong)
        outer = sorted(_outermost(left), key=lambda found: (found.start, found.name))
        return CueFindings(
            tuple(
                Cue(found.name, _whole_words(text, found.start, found.end), found.actor, time=frames[found.sentence].time)
                for found in outer
            ),
            healthy,
            self._features(text, frames, outer, healthy, vetoes),
            vetoes > 0 or any(found.name in (_NOT_TOLD_OF_US if len(frames) > 1 else _ALONE) for found in alikes),
            denied or any(frame.negated for frame in frames),
        )

    def time_at(self, text: str, place: int) -> Time:
        """Return when that happens which *text* tells at offset *place*."""
        return next((frame.time for frame in self._framer.frames(text) if frame.start <= place < frame.end), Time.NOW)

    def _sorted_out(self, frames: Sequence[Frame]) -> tuple[list[_Found], list[_Found], list[_Found], bool, bool]:
        cues: list[_Found] = []
        alikes: list[_Found] = []
        calm: list[_Found] = []
        strong = denied = False
        for number, frame in enumerate(frames):
            doc = self._patterns.doc(frame.text)
            norms = [token.norm_ for token in doc]
            names = _names(doc)
            for hit in self._patterns.find(doc):
                name, _, side = hit.key.partition("/")
                place = frame.start + hit.start, frame.start + hit.end, number
                if side == "alike":
                    alikes.append(_Found(name, *place, Actor.NONE))
                elif name == STRONG:
                    strong = True
                elif _denied(hit, frame, norms):
                    denied = denied or side != "calm"
                else:
                    actor = self._actor(hit, side, frame, norms, names)
                    denied = denied or (actor is None and frame.hypothetical)
                    if actor is not None:
                        (calm if side == "calm" else cues).append(_Found(name, *place, actor))
        return cues, alikes, calm, strong, denied

    def _actor(self, hit: Hit, side: str, frame: Frame, norms: Sequence[str], names: frozenset[int]) -> Actor | None:
        """Return whose move *hit*, which nothing denies, is, or None where it is nobody's: a joke, somebody else's story."""
        if frame.joke or (frame.hypothetical and side != "draft"):
            return None
        if side == "draft" or (side == "calm" and frame.kind is not Kind.REPORT):
            if frame.kind is Kind.REPORT and not frame.alone:
                return None
            if side == "draft" and hit.first and norms[hit.first - 1] in _NOT_ORDERED:
                return None  # "how do I stop being so clingy": nobody is told to
            return {Kind.RECEIVED: Actor.RECEIVED, Kind.OWN: Actor.SELF}.get(frame.kind, Actor.DRAFT)
        who = {"self": "first", "partner": _OTHER[frame.kind]}.get(side) or self._who(hit, norms, names, frame.kind)
        if frame.other_people and (who != "first" or side != "self"):
            return None
        return _ACTORS.get((frame.kind, who or "first"))

    def _who(self, hit: Hit, norms: Sequence[str], names: frozenset[int], kind: Kind) -> str:
        """Return who does what *hit* tells: ``first``, ``second``, ``third``, ``thing`` (nobody of the two) or "" (unsaid)."""
        if hit.who:
            who = _person(hit.who)
            if hit.whom and _person(hit.whom) == who:
                return "thing"  # "he texted her": somebody else's story
            return who
        if self._named(hit, norms, names):
            return "third"
        if hit.first > 1 and norms[hit.first - 1] == "to" and norms[hit.first - 2] in self._objects:
            return "thing"  # "I wanted him to chase me": wished or asked for, not done
        subject = self._subject(hit, norms)
        if not subject and self._is_name(0, norms, names) and "i" not in norms:
            return "third"  # "Marcus slammed the door and drove off"
        if not subject and hit.first > 1 and norms[hit.first - 2] in _NOUN_LEADS:
            return "thing"  # "the screen went blank"
        if subject:
            return subject
        if any(word in ("me", "us") for word in norms[hit.first : hit.last + 1]):
            return _OTHER[kind]  # "left me on read": nobody is named, but it was not the speaker
        verb = norms[hit.first]
        does = verb.endswith("s") and not verb.endswith(("ss", "'s", "always")) and verb != "as"
        return "third" if kind is Kind.REPORT and does else ""

    def _named(self, hit: Hit, norms: Sequence[str], names: frozenset[int]) -> bool:
        """Return whether a name stands as subject right before *hit*: "Marcus slammed the door", "Sunita has just left"."""
        place = hit.first - 1
        while place >= 0 and norms[place] in self._between:
            place -= 1
        return place >= 0 and self._is_name(place, norms, names)

    def _is_name(self, place: int, norms: Sequence[str], names: frozenset[int]) -> bool:
        """Return whether the word at *place* is a name; at the beginning, where any has a capital, no pattern may know it."""
        if place not in names:
            return False
        return place > 0 or not (norms[0] in self._words or norms[0] in _OPENS_A_SENTENCE or norms[0].endswith("ly"))

    def _subject(self, hit: Hit, norms: Sequence[str]) -> str:
        """Return the person of the nearest subject at or before the start of *hit*, or "" where there is none."""
        begin = hit.last - 1 if norms[hit.first] in _LINKS else hit.first
        for place in range(begin, -1, -1):
            word = norms[place]
            before = norms[place - 1] if place else ""
            if word in _NOMINATIVE:
                return "thing" if self._hearsay(word, place, norms) else _person(word)
            if place == hit.first:
                continue
            if word in self._others or word in self._nouns:
                lead = place - 1 if before in _NOUN_LEADS or before == "'s" else place
                opens = lead == 0 or norms[lead - 1] in _OPENERS or before == "'s"
                follows = norms[place + 1] if place + 1 < len(norms) else ""
                if opens or (lead < place and follows != "'s" and follows.endswith(("s", "ed"))):
                    return "thing" if word in self._others else "third"
        return ""

    def _hearsay(self, word: str, place: int, norms: Sequence[str]) -> bool:
        """Return whether the subject at *place* only wishes, asks ("I hope he calls") or is spoken of ("he says I nag")."""
        before = norms[place - 1] if place else ""
        if word not in _FIRST:
            verb = norms[place + 1] if place + 1 < len(norms) else ""
            return before in _NOT_DONE or (before == "so" and (verb.endswith("s") or verb in ("would", "will", "'d")))
        if before == "that":
            place, before = place - 1, norms[place - 2] if place > 1 else ""
        return before in _SAYS and place > 1 and (_person(norms[place - 2]) == "third") and norms[place - 2] not in _OPENERS

    def _spared(self, cues: Iterable[_Found], alikes: Sequence[_Found]) -> tuple[list[_Found], int]:
        """Return the hits that no look-alike takes back, and how many were taken."""
        kept, taken = [], 0
        for found in cues:
            unless = self._cues[found.name].unless
            if any(alike.name in unless and self._reaches(alike, found) for alike in alikes):
                taken += 1
            else:
                kept.append(found)
        return kept, taken

    def _reaches(self, alike: _Found, found: _Found) -> bool:
        reach = self._look_alikes[alike.name].reach
        if reach == "message":
            return True
        if alike.sentence != found.sentence:
            return False
        return reach == "sentence" or (alike.start < found.end and found.start < alike.end)

    def _features(
        self, text: str, frames: Sequence[Frame], cues: Iterable[_Found], healthy: frozenset[str], vetoes: int
    ) -> tuple[float, ...]:
        counts = dict.fromkeys(FEATURES[:6], 0)
        for found in cues:
            family = "pursue" if found.name[0] == "P" else "withdraw"
            counts[f"{family}_{_COLUMN[found.actor]}"] += 1
        words = [word for frame in frames for word in frame.text.lower().split()]
        total = len(words) or 1
        body = "\n".join(frame.text for frame in frames)
        return (
            *(float(min(_CAP, count)) for count in counts.values()),
            *(float(name in healthy) for name in HEALTHY),
            float(min(_CAP, vetoes)),
            sum(frame.kind is Kind.DRAFT for frame in frames) / (len(frames) or 1),
            sum(frame.kind is Kind.RECEIVED for frame in frames) / (len(frames) or 1),
            float(text.rstrip().endswith("?")),
            sum(word.partition("'")[0] in _FIRST or word == "im" for word in words) / total,
            min(1.0, self._framer.share("third", body) / total),
            min(1.0, self._framer.share("second", body) / total),
            math.log1p(min(len(words), _LONGEST_LEARNED)),
        )


# What the partner's own words say about the writer is the partner's complaint, and tells no move of the writer's.
_ACTORS = {
    (Kind.REPORT, "first"): Actor.SELF,
    (Kind.REPORT, "third"): Actor.PARTNER,
    (Kind.DRAFT, "first"): Actor.DRAFT,
    (Kind.DRAFT, "second"): Actor.PARTNER,
    (Kind.RECEIVED, "first"): Actor.RECEIVED,
    (Kind.OWN, "first"): Actor.SELF,
    (Kind.OWN, "second"): Actor.PARTNER,
}
_OTHER = {Kind.REPORT: "third", Kind.DRAFT: "second", Kind.RECEIVED: "second", Kind.OWN: "second"}
_COLUMN = {Actor.SELF: "self", Actor.DRAFT: "draft", Actor.PARTNER: "partner", Actor.RECEIVED: "partner"}


def _names(doc: Doc) -> frozenset[int]:
    """Return the places of words written as names are: a capital, among words without one."""
    words = [token for token in doc if token.is_alpha and token.text != "I"]
    titles = frozenset(token.i for token in words if token.is_title and len(token) > 1 and token.norm_ not in _NOT_NAMES)
    return titles if len(titles - {0}) <= max(1, len(words) // 3) else frozenset()


def pointed(features: Sequence[float]) -> str:
    """Return whom the patterns alone would coach, as in `Coach`: by the writer's own moves, else by the partner's.

    *features*: as in `CueFindings`.
    """
    anxious, avoidant = _hits(dict(zip(FEATURES, features, strict=True)))
    if anxious and avoidant:
        return "both"
    return "anxious" if anxious else "avoidant" if avoidant else "none"


def one_way(features: Sequence[float]) -> str:
    """Return whom the patterns of a short message alone would coach, "" where it is long, or they are silent or disagree.

    *features*: as in `CueFindings`. In a dozen words the encoder has little to go by, and a pattern most of the sense.
    """
    given = dict(zip(FEATURES, features, strict=True))
    if given["vetoes"] or given["healthy_space"] or given["healthy_reach"]:
        return ""
    words = FEW_WORDS if sum(_hits(given)) < _SEVERAL else _SEVERAL_WORDS
    if not math.log1p(2) <= given["log_length"] <= math.log1p(words):
        return ""  # "fine" alone may be anything
    found = pointed(features)
    return found if found in ("anxious", "avoidant") else ""


def _hits(given: Mapping[str, float]) -> tuple[float, float]:
    """Return how many hits speak for coaching the reaching and the stepping-back side."""
    own = given["pursue_self"] + given["pursue_draft"], given["withdraw_self"] + given["withdraw_draft"]
    return own if any(own) else (given["withdraw_partner"], given["pursue_partner"])


def _one(actor: Actor) -> str:
    """Return which of the two persons *actor* is, whether told about or speaking."""
    return "partner" if actor in (Actor.PARTNER, Actor.RECEIVED) else "writer"


def _person(word: str) -> str:
    if word in _FIRST:
        return "first"
    return "second" if word == "you" else "third"


def _denied(hit: Hit, frame: Frame, norms: Sequence[str]) -> bool:
    """Return whether a negation speaks against *hit*, unless its pattern asks for one itself."""
    if frame.negated and hit.start >= frame.denied_from:
        return True
    if hit.negated:
        return False
    if any(word in NEGATIONS for word in norms[hit.first : hit.last]):
        return True
    for word in reversed(norms[max(0, hit.first - _REACH_BACK) : hit.first]):
        if word in _NOMINATIVE or word in (",", ".", ";", "and", "but", "so", "because"):
            return False
        if word in NEGATIONS:
            return True
    return False


def _outermost(found: Iterable[_Found]) -> list[_Found]:
    """Return one hit for each cue, actor and place: the longest of those that overlap."""
    kept: list[_Found] = []
    for hit in sorted(found, key=lambda hit: (hit.start - hit.end, hit.start)):
        same = (other for other in kept if other.name == hit.name and other.actor is hit.actor)
        if not any(other.start < hit.end and hit.start < other.end for other in same):
            kept.append(hit)
    return kept


@lru_cache(maxsize=1)
def cue_book() -> CueBook:
    """Return the cues of data/cues, loaded once in a process."""
    return CueBook.load()
