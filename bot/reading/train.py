"""Training of the combiner and the phrase book: seconds, no torch. The encoder itself is trained by tools/encoder."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.errors import DataError
from bot.reading.artefact import Artefact
from bot.reading.combine import TARGETS, Regression, Row, features, fit
from bot.reading.cues import FEATURES, cue_book, one_way
from bot.reading.encoder import FOLDER, Encoder, digest
from bot.reading.measure import macro_f1
from bot.reading.reader import Numbers, Reader, likeliest_actor, likeliest_coach, phrase_key
from bot.reading.values import PartnerMove, Safety, Side, coach_for
from bot.safety.gate import gate

EVERYDAY = frozenset({
    "greet", "goodbye", "thanks", "affirm", "deny", "help", "ask_why", "not_me", "ask_concept", "restart", "out_of_scope",
})  # fmt: skip
FOLDS = 5
_STRENGTH = 0.05
_SPEAK_SHORT = 0.55
_AS_GOOD = 0.01  # of mean recall
_LEAST = tuple(percent / 100 for percent in range(30, 72, 2))
_RIGHT_WHEN_SPEAKING = 0.68  # of the mix, whose passages are harder than what people type: below this the bot had better ask
# What the probabilities are calibrated for. In forum posts two thirds of all passages hold no move; people who
# open this program mostly do so because of one.
_MIX = {"anxious": 0.28, "avoidant": 0.28, "both": 0.04, "none": 0.40}

Places = NDArray[np.int64]


@dataclass(frozen=True)
class Labelled:
    """One training message with the labels of its block in data/nlu; *cue* is "" where no single cue is named."""

    text: str
    intent: str
    side: str
    actor: str
    partner: str
    safety: str
    writer: str = ""
    cue: str = ""

    @property
    def labels(self) -> dict[str, str]:
        """Labels of the four questions that the combiner answers."""
        coach = coach_for(Side(self.side), PartnerMove(self.partner), Safety(self.safety)).value
        return {"coach": coach, "side": self.side, "actor": self.actor, "partner": self.partner}


@dataclass(frozen=True)
class Material:
    """What the combiner learns from, all unseen by the encoder: the project's own messages first, then real passages.

    *rows*: texts x features. *groups*: one name for each text; texts of one writer or one post share it.
    """

    own: tuple[tuple[Labelled, Numbers], ...]
    rows: Row
    labels: tuple[dict[str, str], ...]
    groups: tuple[str, ...]

    def weights(self, places: Places) -> Row:
        """Return a weight for each text at *places*, so that whom to coach is mixed as `_MIX` says."""
        coach = [self.labels[place]["coach"] for place in places]
        counts = Counter(coach)
        return np.array([_MIX[name] * len(coach) / counts[name] for name in coach])

    def fit(self, places: Places, targets: Sequence[str] = TARGETS) -> dict[str, Regression]:
        """Return a regression for each of *targets*, fitted on the texts at *places*."""
        weights = self.weights(places)
        return {
            target: fit(self.rows[places], [self.labels[place][target] for place in places], weights, strength=_STRENGTH)
            for target in targets
        }

    def folds(self) -> Iterator[tuple[Places, Places]]:
        """Yield (inside, outside) places of each fold; a writer or post is never on both sides."""
        fold_of = np.array([int(hashlib.sha256(group.encode()).hexdigest()[:8], 16) % FOLDS for group in self.groups])
        for fold in range(FOLDS):
            inside, outside = np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)
            if len(outside):
                yield inside, outside


def gather(
    messages: Iterable[Labelled], encoder: Encoder, *, progress: Callable[[int, int], None] = lambda done, total: None
) -> Material:
    """Run every message that the encoder has not seen through the reader, and add the real passages' numbers.

    *progress* is called with (done, total) messages. Raises DataError where the held-out numbers are
    missing or were made with other pattern features.
    """
    reader = Reader(encoder, cue_book(), gate(), None)
    fresh = [message for message in messages if digest(message.text) not in encoder.seen]
    own: list[tuple[Labelled, Numbers]] = []
    for number, message in enumerate(fresh):
        own.append((message, reader.numbers(message.text)))
        progress(number + 1, len(fresh))
    rows, labels, groups = held_out(encoder, FOLDER / "held_out.npz")
    return Material(
        tuple(own),
        np.array([*(numbers.row for _, numbers in own), *rows]),
        (*(message.labels for message, _ in own), *labels),
        (*(message.writer for message, _ in own), *groups),
    )


def train(messages: Iterable[Labelled], *, progress: Callable[[int, int], None] = lambda done, total: None) -> Artefact:
    """Fit the artefact on what the encoder has not seen of *messages* and of the real passages. Errors: see `gather`."""
    messages = list(messages)
    encoder = Encoder.load()
    material = gather(messages, encoder, progress=progress)
    return Artefact(
        encoder=encoder.sha256,
        features=FEATURES,
        regressions=material.fit(np.arange(len(material.labels))),
        thresholds=thresholds(material),
        phrases={
            phrase_key(m.text): m.intent
            for m in messages
            if m.intent in EVERYDAY and len(m.text.split()) <= 8 and phrase_key(m.text)
        },
    )


def held_out(encoder: Encoder, path: Path) -> tuple[list[Row], list[dict[str, str]], list[str]]:
    """Return feature rows, labels and posts of the real passages that the encoder was not trained on; numbers, no text."""
    try:
        kept = np.load(path)
    except OSError as error:
        raise DataError("is missing", where=path, expected="the committed file; restore it with git checkout") from error
    if tuple(kept["features"].tolist()) != FEATURES:
        raise DataError(
            "was made with other pattern features", where=path, expected="a new one; run tools/encoder/held_out_patterns.py"
        )
    rows = [features(encoder, row, patterns) for row, patterns in zip(kept["logits"], kept["patterns"], strict=True)]
    labels = [{target: _label(encoder, target, int(kept[target][place])) for target in TARGETS} for place in range(len(rows))]
    groups = kept["groups"].tolist()
    usable = [place for place, label in enumerate(labels) if all(label.values())]
    return [rows[place] for place in usable], [labels[place] for place in usable], [groups[place] for place in usable]


def _label(encoder: Encoder, target: str, number: int) -> str:
    return encoder.heads[target].labels[number] if number >= 0 else ""


def thresholds(material: Material) -> dict[str, float]:
    """Return the chances from which on the reader speaks, asks, or names who acts; cross-fitted over writers and posts."""
    everything = np.arange(len(material.labels))
    coach: list[tuple[str, float]] = [("none", 0.0)] * len(everything)
    actor: list[dict[str, float]] = [{}] * len(everything)
    for inside, outside in material.folds():
        models = material.fit(inside, ("coach", "actor"))
        for place in outside:
            coach[place] = likeliest_coach(models["coach"].probabilities(material.rows[place]), one_way=False)
            actor[place] = models["actor"].probabilities(material.rows[place])
    weights = material.weights(everything)
    gold = [label["coach"] for label in material.labels]
    speak = max(_LEAST, key=lambda least: _worth(gold, [name if sure >= least else "none" for name, sure in coach], weights))
    who = [label["actor"] for label in material.labels]
    least_nobody = np.arange(0.40, 0.81, 0.05)
    recalls = [_mean_recall(who, [likeliest_actor(chance, least).value for chance in actor]) for least in least_nobody]
    # To leave open who acts helps nobody, so of those that do about as well the one that names somebody oftenest.
    good = [least for least, recall in zip(least_nobody.tolist(), recalls, strict=True) if recall >= max(recalls) - _AS_GOOD]
    nobody = round(max(good), 2)
    return {
        "speak": speak, "speak_short": max(speak, _SPEAK_SHORT), "ask": 0.25, "everyday": 0.7, "nobody": nobody,
        "few_words": _few_words(material, gold, weights),
    }  # fmt: skip


def _few_words(material: Material, gold: Sequence[str], weights: Row) -> float:
    """Return how often the patterns alone are right on a short message that they read one way."""
    said = np.array([one_way(row[-len(FEATURES) :].tolist()) for row in material.rows])
    spoken = said != ""
    right = spoken & (said == np.array(gold))
    return round(float(weights[right].sum() / weights[spoken].sum()), 2) if spoken.any() else 0.5


def _worth(gold: Sequence[str], found: Sequence[str], weights: Row) -> tuple[bool, float]:
    """Return what makes one threshold better than another: being right often enough when speaking, then macro-F1."""
    true, said = np.array(gold), np.array(found)
    speaks = said != "none"
    precision = weights[speaks & (true == said)].sum() / (weights[speaks].sum() or 1.0)
    return bool(precision >= _RIGHT_WHEN_SPEAKING), macro_f1(gold, found, ("anxious", "avoidant", "none"), weights)


def _mean_recall(gold: Sequence[str], found: Sequence[str]) -> float:
    """Return the mean over labels of the share found: whose move it is counts the same however rare it is."""
    true, said = np.array(gold), np.array(found)
    return float(
        np.mean([(said[true == label] == label).mean() for label in ("self", "partner", "both", "none") if label in gold])
    )
