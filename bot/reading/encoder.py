"""The fine-tuned MiniLM, int8, through onnxruntime: one message in, head logits out. No torch, no Rasa.

Source: all-MiniLM-L6-v2 (Apache-2.0), fine-tuned by tools/encoder/finetune.py; model card in docs/encoder.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bot.errors import DataError
from bot.reading.words import sentences

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

FOLDER = Path(__file__).parent / "artefacts"
_MOST_PIECES = 24  # a story longer than this is read from both ends; about 2,000 words

Logits = NDArray[np.float32]


@dataclass(frozen=True)
class HeadLabels:
    """Label order of one head and where its logits lie in an output row."""

    labels: tuple[str, ...]
    where: slice


class Encoder:
    """Head logits for whole messages. Thread-safe; one intra-op thread, so that processes scale by cores."""

    def __init__(self, session: InferenceSession, tokenizer: Tokenizer, about: Mapping[str, Any]) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._room = int(about["max_tokens"]) - 2
        self.sha256: str = about["sha256"]
        self.seen: frozenset[str] = frozenset(about["seen"])
        self.heads: dict[str, HeadLabels] = {}
        at = 0
        for head, labels in about["heads"].items():
            self.heads[head] = HeadLabels(tuple(labels), slice(at, at + len(labels)))
            at += len(labels)
        self.width = at

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Encoder:
        """Load encoder.onnx, tokenizer.json and encoder.json. Raises DataError when one is missing or altered."""
        import onnxruntime
        from tokenizers import Tokenizer

        model, about = folder / "encoder.onnx", folder / "encoder.json"
        for path in (model, about, folder / "tokenizer.json"):
            if not path.exists():
                raise DataError("is missing", where=path, expected="the committed encoder; restore it with git checkout")
        description = json.loads(about.read_text(encoding="utf-8"))
        content = model.read_bytes()
        if hashlib.sha256(content).hexdigest() != description["sha256"]:
            raise DataError("does not match its checksum", where=model, expected="the committed encoder; restore it with git checkout")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return cls(session, tokenizer, description)

    def logits(self, text: str) -> Logits:
        """Return one row of head logits (shape: `width`) for *text* of any length, the empty one included.

        A text longer than the encoder's window is read in pieces of whole sentences; the pieces are
        joined by `join`.
        """
        ids = self._tokenizer.encode(text).ids
        if len(ids) <= self._room + 2:
            return self._run(ids)
        pieces = self._pieces(text)
        return self.join(np.stack([self._run(piece) for piece in pieces]))

    def join(self, rows: Logits) -> Logits:
        """Join the logits of several pieces (shape: pieces x width) into one row.

        A long story has its move in one or two places, so a piece counts by how little it looks like
        no move at all; danger counts wherever it stands.
        """
        coach = self.heads["coach"]
        quiet = softmax(rows[:, coach.where])[:, coach.labels.index("none")]
        weight = (1.05 - quiet)[:, None]
        joined: Logits = (rows * weight).sum(0) / weight.sum()
        safety = self.heads["safety"]
        calm = softmax(rows[:, safety.where])[:, safety.labels.index("none")]
        joined[safety.where] = rows[int(calm.argmin()), safety.where]
        return joined

    def _pieces(self, text: str) -> list[list[int]]:
        first, last = self._tokenizer.encode("").ids
        pieces: list[list[int]] = []
        current: list[int] = []
        for sentence in sentences(text):
            inner = self._tokenizer.encode(sentence.text).ids[1:-1]
            for begin in range(0, len(inner), self._room):
                part = inner[begin : begin + self._room]
                if current and len(current) + len(part) > self._room:
                    pieces.append(current)
                    current = []
                current = current + part
        if current:
            pieces.append(current)
        if len(pieces) > _MOST_PIECES:
            half = _MOST_PIECES // 2
            pieces = pieces[:half] + pieces[-half:]
        return [[first, *piece, last] for piece in pieces] or [[first, last]]

    def _run(self, ids: list[int]) -> Logits:
        row = np.array([ids], dtype=np.int64)
        found: Logits = self._session.run(None, {"input_ids": row, "attention_mask": np.ones_like(row)})[0][0]
        return found

    def probabilities(self, row: Logits, head: str) -> dict[str, float]:
        """Return label -> probability of one head, from a row of logits."""
        names = self.heads[head]
        return dict(zip(names.labels, softmax(row[None, names.where])[0].tolist(), strict=True))


def softmax(rows: Logits) -> Logits:
    """Row-wise softmax (shape kept)."""
    shifted = np.exp(rows - rows.max(axis=1, keepdims=True))
    result: Logits = shifted / shifted.sum(axis=1, keepdims=True)
    return result


def digest(text: str) -> str:
    """Return the name under which training remembers a message without keeping its words."""
    return hashlib.sha256(text.strip().lower().encode()).hexdigest()[:16]
