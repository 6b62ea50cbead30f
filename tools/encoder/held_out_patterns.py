"""Add the pattern features of the held-out real passages to held_out.npz. Run after the patterns changed.

usage (in the bot's own environment): python tools/encoder/held_out_patterns.py --real TRAIN.jsonl
Writes numbers only; the passages' text stays where it is.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.reading.cues import FEATURES, cue_book
from bot.reading.encoder import FOLDER, digest


def main() -> None:
    """Read the passages, match by digest, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--real", type=Path, required=True)
    args = parser.parse_args()
    path = FOLDER / "held_out.npz"
    kept = dict(np.load(path))
    texts = {digest(row["text"]): row["text"] for row in map(json.loads, args.real.read_text(encoding="utf-8").splitlines())}
    book = cue_book()
    kept["patterns"] = np.array([book.find(texts[name]).features for name in kept["digests"].tolist()], dtype=np.float32)
    kept["features"] = np.array(FEATURES)
    np.savez_compressed(path, **kept)
    print(f"{len(kept['digests'])} passages, {len(FEATURES)} pattern features")


if __name__ == "__main__":
    main()
