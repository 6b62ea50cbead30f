"""``middle-ground evaluate``: how well the reader does on messages of writers, and on posts, that nothing was trained on."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TextIO

import numpy as np

from bot import paths
from bot.reading.artefact import Artefact, from_model
from bot.reading.combine import Regression
from bot.reading.cues import CUES, cue_book
from bot.reading.encoder import Encoder
from bot.reading.measure import Bootstrap, calibration, confusion, macro_f1, score
from bot.reading.reader import Reader, likeliest_coach
from bot.reading.train import EVERYDAY, Labelled, Material, gather
from bot.reading.values import Reading
from bot.safety.gate import gate
from bot.yaml_files import mapping

COACH = ("anxious", "avoidant", "both", "none")
SPOKEN = ("anxious", "avoidant")
_MOVES = ("pursue", "withdraw")


def messages() -> list[Labelled]:
    """Return every message of data/nlu with its labels. Raises DataError where a file is not as expected."""
    found = []
    for path in sorted((paths.data() / "nlu").glob("*.yml")):
        for block in mapping(path)["nlu"]:
            meta = block["metadata"]
            labels = {name: str(meta[name]) for name in ("side", "actor", "partner", "safety")}
            labels |= {name: str(meta.get(name, "")) for name in ("writer", "cue")}
            found += [
                Labelled(line[2:].strip(), block["intent"], **labels) for line in block["examples"].splitlines() if line.strip()
            ]
    return found


@dataclass(frozen=True)
class Unseen:
    """A message that neither the encoder nor the combiner that read it had seen, nor any other of its writer."""

    message: Labelled
    reading: Reading


def cross_read(encoder: Encoder, material: Material, artefact: Artefact) -> list[Unseen]:
    """Read each of *material*'s own messages with a combiner fitted on other writers' and posts' texts.

    Everyday messages ("hi", "thanks") are left out: there is nothing to read in them.
    """
    reader = Reader(encoder, cue_book(), gate(), artefact)
    found: list[Unseen] = []
    for inside, outside in material.folds():
        fold = reader.trained(
            Artefact(artefact.encoder, artefact.features, material.fit(inside), artefact.thresholds, artefact.phrases)
        )
        for place in outside:
            if place < len(material.own):
                message, numbers = material.own[int(place)]
                if message.intent not in EVERYDAY:
                    found.append(Unseen(message, fold.reading(message.text, numbers)[0]))
    return found


def evaluate(*, errors: int = 20, out: TextIO = sys.stdout) -> int:
    """Print the figures of docs/reading.md: a label, a cue, a confusion matrix, calibration and up to *errors* wrong readings."""
    artefact = from_model()
    encoder = Encoder.load()
    material = gather(messages(), encoder)
    unseen = cross_read(encoder, material, artefact)
    unseen.sort(key=lambda found: found.message.text)
    writers = [found.message.writer for found in unseen]
    out.write(f"The project's own messages: {len(unseen)} of {len(set(writers))} writers, none of whom was trained on.\n")
    out.write("In brackets: 95 % bootstrap intervals, drawn by writer.\n\n")
    bootstrap = Bootstrap(writers)
    gold = [found.message.labels["coach"] for found in unseen]
    said = [found.reading.coach.value for found in unseen]
    _coach(gold, said, bootstrap, out)
    _confusion(gold, said, out)
    _others(unseen, out)
    spoke = [found for found in unseen if found.reading.coach.value in SPOKEN]
    _calibration(
        [found.reading.confidence for found in spoke],
        [found.reading.coach.value == found.message.labels["coach"] for found in spoke],
        np.ones(len(spoke)), out,
    )  # fmt: skip
    _cues(unseen, out)
    _posts(material, artefact, out)
    _wrong(unseen, errors, out)
    return 0


def _coach(gold: Sequence[str], said: Sequence[str], bootstrap: Bootstrap, out: TextIO) -> None:
    true, found = np.array(gold), np.array(said)
    whole = bootstrap.interval(lambda weights: macro_f1(gold, said, (*SPOKEN, "none"), weights))
    out.write(f"whom to coach: macro-F1 {whole}\n  {'':9s} {'precision':18s} {'recall':18s} {'F1':18s} texts\n")
    for label in COACH:
        row = score((true == label).tolist(), (found == label).tolist(), bootstrap)
        out.write(f"  {label:9s} {row.precision!s:18s} {row.recall!s:18s} {row.f1!s:18s} {row.gold}\n")
    speaks, sided = np.isin(found, SPOKEN), np.isin(true, SPOKEN)
    right = score((speaks & (true == found)).tolist(), speaks.tolist(), bootstrap).precision
    flips = score((sided & speaks & (true != found)).tolist(), sided.tolist(), bootstrap).precision
    out.write(f"when it coaches, it is the right side: {right}\nthe opposite side is coached: {flips} of {int(sided.sum())}\n\n")


def _confusion(gold: Sequence[str], said: Sequence[str], out: TextIO) -> None:
    out.write("as it is (row), as it was read (column)\n  " + "".join(f"{label:>10s}" for label in ("", *COACH)) + "\n")
    for label, row in zip(COACH, confusion(gold, said, COACH), strict=True):
        out.write(f"  {label:>10s}" + "".join(f"{count:10d}" for count in row.tolist()) + "\n")
    out.write("\n")


def _others(unseen: Sequence[Unseen], out: TextIO) -> None:
    healthy = [found for found in unseen if found.message.side.startswith("healthy") and found.message.safety == "none"]
    scolded = sum(found.reading.side.value in _MOVES for found in healthy)
    out.write(f"calm moves read as a push or a retreat: {scolded} of {len(healthy)}\n")
    for actor in ("self", "partner", "draft", "received", "both", "none"):
        told = [found for found in unseen if found.message.actor == actor and found.message.safety == "none"]
        right = sum(found.reading.actor.value == actor for found in told)
        out.write(f"whose move, where it is {actor:9s} right {right:3d} of {len(told)}\n")
    out.write("\n")


def _calibration(chances: Sequence[float], right: Sequence[bool], weights: np.ndarray, out: TextIO) -> None:  # type: ignore[type-arg]
    rows, gap = calibration(chances, right, weights)
    out.write("where it coaches: chance it gave, share that was right, texts\n")
    for chance, share, texts in rows:
        out.write(f"  {chance:.2f}  {share:.2f}  {texts}\n")
    out.write(f"  mean gap {gap:.3f}\n\n")


def _cues(unseen: Sequence[Unseen], out: TextIO) -> None:
    """Print precision and recall a cue; a message is labelled with its main cue only, so precision is a lower bound."""
    told = [u for u in unseen if u.message.cue or u.message.side not in (*_MOVES, "both")]
    bootstrap = Bootstrap([u.message.writer for u in told])
    out.write(f"cues, over {len(told)} messages with one named cue or none (a second cue in a message counts as wrong)\n")
    out.write(f"  {'':5s} {'precision':18s} {'recall':18s} texts  found\n")
    for cue in CUES:
        row = score([u.message.cue == cue for u in told], [cue in {c.id for c in u.reading.cues} for u in told], bootstrap)
        out.write(f"  {cue:5s} {row.precision!s:18s} {row.recall!s:18s} {row.gold:5d} {row.found:6d}\n")
    out.write("\n")


def _posts(material: Material, artefact: Artefact, out: TextIO) -> None:
    """Print the figures on held-out passages of real posts, of which only numbers are kept: the combiner without the cues."""
    own = len(material.own)
    groups, gold, said, chances = [], [], [], []
    for inside, outside in material.folds():
        model: Regression = material.fit(inside, ("coach",))["coach"]
        for place in outside[outside >= own]:
            name, chance = likeliest_coach(model.probabilities(material.rows[place]), one_way=False)
            groups.append(material.groups[place])
            gold.append(material.labels[place]["coach"])
            said.append(name if chance >= artefact.thresholds["speak"] else "none")
            chances.append(chance)
    out.write(f"Real passages: {len(gold)} of {len(set(groups))} forum posts, none of which was trained on (numbers only).\n\n")
    _coach(gold, said, Bootstrap(groups), out)
    _confusion(gold, said, out)
    spoke = [place for place, name in enumerate(said) if name in SPOKEN]
    _calibration([chances[p] for p in spoke], [said[p] == gold[p] for p in spoke], np.ones(len(spoke)), out)


def _wrong(unseen: Sequence[Unseen], errors: int, out: TextIO) -> None:
    wrong = [u for u in unseen if u.reading.coach.value != u.message.labels["coach"]]
    # The costliest first: the opposite side, then somebody coached who should not be, then silence.
    cost = {True: 0, False: 1}
    wrong.sort(
        key=lambda u: (cost[u.message.labels["coach"] in SPOKEN and u.reading.coach.value in SPOKEN], -u.reading.confidence)
    )
    out.write(f"{len(wrong)} messages are read wrongly; the {min(errors, len(wrong))} costliest:\n")
    for u in wrong[:errors]:
        out.write(
            f"  {u.message.labels['coach']} read as {u.reading.coach.value} ({u.reading.confidence:.2f}): {u.message.text}\n"
        )
