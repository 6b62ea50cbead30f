"""``middle-ground evaluate --compare``: the reader beside simpler ways to do the same, trained on the same texts.

Baselines, as found in the libraries that the bot uses already; none of them is part of the bot.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import numpy as np
import yaml

from bot.commands.evaluate import COACH, SPOKEN, cross_read, messages
from bot.errors import DataError
from bot.reading.artefact import from_model
from bot.reading.cues import cue_book, pointed
from bot.reading.encoder import FOLDER, Encoder, digest
from bot.reading.measure import macro_f1
from bot.reading.reader import Reader
from bot.reading.train import EVERYDAY, gather
from bot.reading.values import PartnerMove, Safety, Side, coach_for
from bot.reading.words import even
from bot.safety.gate import gate

Predict = Callable[[Sequence[str]], list[str]]
_DIET_EPOCHS = 8  # more takes an hour on two cores and gains little


@dataclass(frozen=True)
class Texts:
    """Texts with whom to coach in each (one of `COACH`)."""

    texts: tuple[str, ...]
    coach: tuple[str, ...]


def compare(*, real: Path | None, passages: Path | None, frozen: Path | None, out: TextIO = sys.stdout) -> int:
    """Print a table: methods down, test sets across.

    *real*: annotated passages to train on beside data/nlu, those that the encoder was trained on; *passages*:
    annotated passages to test on; *frozen*: the untrained encoder as tools/encoder/export_base.py writes it.
    Raises DataError where a file cannot be read.
    """
    encoder = Encoder.load()
    everything = messages()
    own = [m for m in everything if m.intent not in EVERYDAY and digest(m.text) in encoder.seen]
    kept = set(np.load(FOLDER / "held_out.npz")["digests"].tolist())
    annotated = read_passages(real) if real else Texts((), ())
    is_test = [digest(text) in kept for text in annotated.texts]
    train = Texts(
        (*(m.text for m in own), *(t for t, test in zip(annotated.texts, is_test, strict=True) if not test)),
        (*(m.labels["coach"] for m in own), *(c for c, test in zip(annotated.coach, is_test, strict=True) if not test)),
    )
    artefact = from_model()
    unseen = cross_read(encoder, gather(everything, encoder), artefact)
    tests = {"own": Texts(tuple(u.message.text for u in unseen), tuple(u.message.labels["coach"] for u in unseen))}
    if real:
        pairs = [(t, c) for t, c, test in zip(annotated.texts, annotated.coach, is_test, strict=True) if test]
        tests["posts"] = Texts(tuple(t for t, _ in pairs), tuple(c for _, c in pairs))
    if passages:
        tests["others"] = read_passages(passages)
    reader = Reader(encoder, cue_book(), gate(), artefact)
    together = {text: found.reading.coach.value for text, found in zip(tests["own"].texts, unseen, strict=True)}
    methods: list[tuple[str, Callable[[], Predict]]] = [
        ("patterns only", lambda: _patterns),
        ("TF-IDF + logistic regression", lambda: tf_idf(train)),
    ]
    if frozen:
        methods.append(("frozen embeddings + logistic regression", lambda: frozen_embeddings(train, frozen)))
    methods += [
        ("DIET (Rasa)", lambda: diet(train)),
        ("fine-tuned encoder alone", lambda: lambda texts: [_head(encoder, text) for text in texts]),
        ("all together", lambda: lambda texts: [together.get(text) or reader.read(text).coach.value for text in texts]),
    ]
    out.write(f"trained on {len(train.texts)} texts ({len(own)} own)\n")
    out.write("macro-F1 over reaching, stepping back, nobody / right when it coaches / opposite side coached\n\n")
    out.write("| method | " + " | ".join(f"{name} ({len(found.texts)})" for name, found in tests.items()) + " |\n")
    out.write("|---|" + "---|" * len(tests) + "\n")
    for name, make in methods:
        predict = make()
        cells = [_cell(found.coach, predict(found.texts)) for found in tests.values()]
        out.write(f"| {name} | " + " | ".join(cells) + " |\n")
        out.flush()
    if not frozen:
        out.write("\nFrozen embeddings: not measured; give --frozen FILE, which tools/encoder/export_base.py writes.\n")
    return 0


def read_passages(path: Path) -> Texts:
    """Read annotated passages: JSON lines with text, side, partner, safety. Raises DataError with file and line."""
    texts, coach = [], []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise DataError("cannot be read", where=path, expected="a file of JSON lines with text, side, partner, safety") from error
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
            moves = Side(row["side"]), PartnerMove(row["partner"]), Safety(row["safety"])
            texts.append(str(row["text"]))
        except (ValueError, KeyError, TypeError) as error:
            raise DataError(
                f"line {number}: {error!r}", where=path, expected="an annotated passage with text, side, partner, safety"
            ) from error
        coach.append(coach_for(*moves).value)
    return Texts(tuple(texts), tuple(coach))


def _cell(gold: Sequence[str], said: Sequence[str]) -> str:
    pairs = [(g, s) for g, s in zip(gold, said, strict=True) if g != "both"]
    spoken = [(g, s) for g, s in pairs if s in SPOKEN]
    sided = [(g, s) for g, s in pairs if g in SPOKEN]
    right = sum(g == s for g, s in spoken) / (len(spoken) or 1)
    flip = sum(s in SPOKEN and s != g for g, s in sided) / (len(sided) or 1)
    return f"{macro_f1([g for g, _ in pairs], [s for _, s in pairs], (*SPOKEN, 'none')):.2f} / {right:.2f} / {flip:.2f}"


def _patterns(texts: Sequence[str]) -> list[str]:
    return [pointed(cue_book().find(text).features) for text in texts]


def _head(encoder: Encoder, text: str) -> str:
    head = encoder.heads["coach"]
    return head.labels[int(encoder.encode(even(text)).logits[head.where].argmax())]


def tf_idf(train: Texts) -> Predict:
    """Fit words and pairs of words, and runs of 2 to 5 characters, weighed by how rare they are."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    model = make_pipeline(
        make_union(
            TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=3, sublinear_tf=True),
        ),
        LogisticRegression(C=4.0, class_weight="balanced", max_iter=1000),
    )
    model.fit(train.texts, train.coach)
    return lambda texts: [str(label) for label in model.predict(texts)]


def frozen_embeddings(train: Texts, path: Path) -> Predict:
    """Fit a regression on sentence embeddings of the encoder before it was fine-tuned. Raises DataError without the file."""
    import onnxruntime
    from sklearn.linear_model import LogisticRegression
    from tokenizers import Tokenizer

    if not path.exists():
        raise DataError("is missing", where=path, expected="a file made by tools/encoder/export_base.py")
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
    tokenizer.enable_truncation(128)
    tokenizer.no_padding()

    def embed(texts: Sequence[str]) -> np.ndarray:  # type: ignore[type-arg]
        rows = []
        for text in texts:
            ids = np.array([tokenizer.encode(text).ids], dtype=np.int64)
            rows.append(session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0][0])
        return np.stack(rows)

    model = LogisticRegression(C=10.0, class_weight="balanced", max_iter=2000)
    model.fit(embed(train.texts), train.coach)
    return lambda texts: [str(label) for label in model.predict(embed(texts))]


def diet(train: Texts) -> Predict:
    """Train Rasa's DIET classifier with its usual sparse features; each of `COACH` is an intent."""
    from rasa.core.agent import Agent
    from rasa.model_training import train_nlu

    from bot.rasa.quiet import hush

    hush()  # Rasa would write every text that it reads into its log
    folder = Path(tempfile.mkdtemp(prefix="middle-ground-"))
    config = {
        "recipe": "default.v1", "language": "en", "assistant_id": "compare",
        "pipeline": [
            {"name": "WhitespaceTokenizer"},
            {"name": "LexicalSyntacticFeaturizer"},
            {"name": "CountVectorsFeaturizer"},
            {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
            {
                "name": "DIETClassifier", "epochs": _DIET_EPOCHS, "batch_size": [128, 256],
                "entity_recognition": False, "random_seed": 1,
            },
        ],
    }  # fmt: skip
    blocks = []
    for label in COACH:
        lines = [" ".join(text.split()) for text, coach in zip(train.texts, train.coach, strict=True) if coach == label]
        # Brackets would be read as entities.
        blocks.append({"intent": label, "examples": "".join(f"- {line.translate(_NO_BRACKETS)}\n" for line in lines)})
    (folder / "config.yml").write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    (folder / "nlu.yml").write_text(yaml.safe_dump({"version": "3.1", "nlu": blocks}, allow_unicode=True), encoding="utf-8")
    model = train_nlu(str(folder / "config.yml"), str(folder / "nlu.yml"), str(folder), fixed_model_name="diet")
    if model is None:
        raise DataError("DIET was not trained", expected="Rasa's own message above says why")
    agent = Agent.load(str(model))

    def predict(texts: Sequence[str]) -> list[str]:
        import asyncio

        async def ask() -> list[str]:
            return [str((await agent.parse_message(" ".join(text.split())))["intent"]["name"]) for text in texts]

        return asyncio.run(ask())

    return predict


_NO_BRACKETS = str.maketrans({"[": "(", "]": ")", "{": "(", "}": ")"})
