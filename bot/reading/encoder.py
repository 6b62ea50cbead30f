"""The fine-tuned MiniLM, int8, through onnxruntime: one message in, head logits out. No torch, no Rasa.

Source: all-MiniLM-L6-v2 (Apache-2.0), fine-tuned by tools/encoder/finetune.py; model card in artefacts/README.md.
"""

from __future__ import annotations

import hashlib
import json
import re
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
_WORD = re.compile(r"[^\W\d_]+")
_STORY_PIECE = 64  # tokens: in larger pieces the one sentence that matters is lost among the others
_MOST_PIECES = 44  # a story longer than this is read from both ends; about 2,000 words

Logits = NDArray[np.float32]
Piece = tuple[list[int], list[tuple[int, int]]]  # token ids with their character offsets


@dataclass(frozen=True)
class HeadLabels:
    """Label order of one head and where its logits lie in an output row."""

    labels: tuple[str, ...]
    where: slice


@dataclass(frozen=True)
class Encoded:
    """One text as the encoder read it.

    *logits*: one row of head logits. *places*: (start, end) character offsets of each token. *shares*
    (tokens x labels of the coach head): what each token adds to the coach logits; pooling is a mean, so
    the logits of a text without one of its sentences are the mean over the other tokens.
    """

    logits: Logits
    places: tuple[tuple[int, int], ...]
    shares: Logits

    def without(self, start: int, end: int) -> Logits | None:
        """Return the coach logits, less a constant, without the tokens from *start* to *end*; None when nothing is left."""
        kept = [number for number, place in enumerate(self.places) if not start <= place[0] < end]
        return self.shares[kept].mean(axis=0) if kept else None


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
            raise DataError(
                "does not match its checksum", where=model, expected="the committed encoder; restore it with git checkout"
            )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return cls(session, tokenizer, description)

    def encode(self, text: str) -> Encoded:
        """Read *text* of any length once.

        A text longer than the encoder's window is read in pieces of whole sentences; the pieces are
        joined by `join`.
        """
        whole = self._tokenizer.encode(text)
        pieces = [(whole.ids, whole.offsets)] if len(whole.ids) <= self._room + 2 else self._pieces(text)
        runs = [self._run(ids) for ids, _ in pieces]
        rows = np.stack([row for row, _ in runs])
        logits = rows[0] if len(rows) == 1 else self.join(rows)
        # The first and last token of a piece stand for no characters.
        shares = np.concatenate([found[1:-1] for _, found in runs])
        return Encoded(logits, tuple(place for _, offsets in pieces for place in offsets[1:-1]), shares)

    def join(self, rows: Logits) -> Logits:
        """Join the logits of several pieces (shape: pieces x width) into one row.

        A long story has its move in one or two places, so a piece counts by how little it looks like
        no move at all; danger counts wherever it stands.
        """
        coach = self.heads["coach"]
        quiet = softmax(rows[:, coach.where])[:, coach.labels.index("none")]
        weight = ((1.02 - quiet) ** 2)[:, None]
        joined: Logits = (rows * weight).sum(0) / weight.sum()
        safety = self.heads["safety"]
        calm = softmax(rows[:, safety.where])[:, safety.labels.index("none")]
        joined[safety.where] = rows[int(calm.argmin()), safety.where]
        return joined

    def _pieces(self, text: str) -> list[Piece]:
        empty = self._tokenizer.encode("")
        pieces: list[Piece] = []
        ids: list[int] = []
        places: list[tuple[int, int]] = []
        for sentence in sentences(text):
            found = self._tokenizer.encode(sentence.text)
            inner = list(zip(found.ids[1:-1], found.offsets[1:-1], strict=True))
            for begin in range(0, len(inner), self._room):
                part = inner[begin : begin + self._room]
                if ids and len(ids) + len(part) > _STORY_PIECE:
                    pieces.append((ids, places))
                    ids, places = [], []
                ids = ids + [number for number, _ in part]
                places = places + [(start + sentence.start, end + sentence.start) for _, (start, end) in part]
        if ids:
            pieces.append((ids, places))
        if len(pieces) > _MOST_PIECES:
            half = _MOST_PIECES // 2
            pieces = pieces[:half] + pieces[-half:]
        first, last = empty.ids
        nowhere = (0, 0)
        return [([first, *ids, last], [nowhere, *places, nowhere]) for ids, places in pieces] or [(empty.ids, empty.offsets)]

    def _run(self, ids: list[int]) -> tuple[Logits, Logits]:
        row = np.array([ids], dtype=np.int64)
        logits, shares = self._session.run(None, {"input_ids": row, "attention_mask": np.ones_like(row)})
        return logits[0], shares[0]

    def readable(self, text: str) -> bool:
        """Return False where *text* holds next to no words that the encoder knows: what it says of such text means nothing."""
        words = {word for word in _WORD.findall(text.lower()) if len(word) > 1 or word in "iuk"}
        known = sum(self._tokenizer.token_to_id(word) is not None for word in words)
        plain = sum(char.isalpha() or char.isspace() for char in text)
        return known > 0 and known >= 0.4 * len(words) and plain >= 0.7 * len(text)

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
