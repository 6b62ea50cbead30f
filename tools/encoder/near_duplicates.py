"""Find messages of data/nlu that say the same twice: cosine similarity of their sentence embeddings over 0.95.

usage (in the bot's own environment): near_duplicates.py --base base.onnx   (made by export_base.py)
Prints each pair with its files and ends with 1 where there is one. Two that stand in one block with the same labels
teach the encoder little; two with other labels teach it that it cannot know.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import yaml
from tokenizers import Tokenizer

ROOT = Path(__file__).resolve().parents[2]
TOO_NEAR = 0.95


def main() -> None:
    """Embed, compare, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True)
    args = parser.parse_args()
    texts, files = [], []
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        if path.name == "everyday.yml":  # "hi" and "hiya" are meant to be near
            continue
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in block["examples"].splitlines():
                if line.strip():
                    texts.append(line.strip()[2:])
                    files.append(path.name)
    session = onnxruntime.InferenceSession(str(args.base), providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(str(ROOT / "bot" / "reading" / "artefacts" / "tokenizer.json"))
    tokenizer.enable_truncation(128)
    tokenizer.no_padding()
    rows = []
    for text in texts:
        ids = np.array([tokenizer.encode(text).ids], dtype=np.int64)
        rows.append(session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0][0])
    vectors = np.stack(rows)
    found = 0
    for place in range(len(texts)):
        near = vectors[place + 1 :] @ vectors[place]
        for other in np.flatnonzero(near > TOO_NEAR) + place + 1:
            found += 1
            print(f"{near[other - place - 1]:.3f}\n  {files[place]}: {texts[place]}\n  {files[other]}: {texts[other]}")
    print(f"{len(texts)} messages, {found} pairs nearer than {TOO_NEAR}")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
