"""``middle-ground evaluate``: how well the reader does on the project's own messages that nothing was trained on."""

from __future__ import annotations

import sys
from collections import Counter

from bot import paths
from bot.reading.encoder import digest
from bot.reading.reader import Reader
from bot.reading.train import EVERYDAY, Labelled
from bot.yaml_files import mapping


def messages() -> list[Labelled]:
    """Return every message of data/nlu with its labels. Raises DataError where a file is not as expected."""
    found = []
    for path in sorted((paths.data() / "nlu").glob("*.yml")):
        for block in mapping(path)["nlu"]:
            labels = {name: str(block["metadata"][name]) for name in ("side", "actor", "partner", "safety")}
            found += [
                Labelled(line[2:].strip(), block["intent"], **labels) for line in block["examples"].splitlines() if line.strip()
            ]
    return found


def evaluate() -> int:
    """Print accuracy a question, precision and recall a side, over messages that the encoder has not seen.

    The combiner did learn from these, so the figures say that the parts fit, not how the reader does on
    strangers' words: for that see docs/reading.md.
    """
    reader = Reader.load()
    unseen = [m for m in messages() if digest(m.text) not in reader.encoder.seen and m.intent not in EVERYDAY]
    pairs = [(m.labels["coach"], reader.read(m.text).coach.value) for m in unseen]
    out = sys.stdout
    out.write(f"{len(unseen)} messages that the encoder has not seen\n")
    out.write(f"whom to coach: {sum(g == f for g, f in pairs) / max(1, len(pairs)):.3f} right\n")
    gold, found, right = Counter(g for g, _ in pairs), Counter(f for _, f in pairs), Counter(g for g, f in pairs if g == f)
    for label in ("anxious", "avoidant", "both", "none"):
        precision, recall = right[label] / max(1, found[label]), right[label] / max(1, gold[label])
        out.write(f"  {label:9s} precision {precision:.3f}  recall {recall:.3f}  n {gold[label]}\n")
    return 0
