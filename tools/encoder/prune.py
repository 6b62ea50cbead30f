"""Make a fine-tuned encoder faster: drop the feed-forward neurons that matter least, then train on beside the full one.

usage: prune.py --model FOLDER [FOLDER ...] --real TRAIN.jsonl --nlu data/nlu --out FOLDER [--keep 896] [--epochs 2]
Two thirds of the encoder's arithmetic lies in the feed-forward layers (1536 neurons each). A neuron matters as much
as the loss would change without it, to first order: |activation x gradient| (Molchanov and others, 2017). What was
lost is learned back with the full encoder as teacher (Hinton and others, 2015).

Several folders (finetune.py with other seeds) are steadier than one: their weights are averaged to begin with
(Wortsman and others, Model soups, 2022), and what they say is averaged to teach.
"""

from __future__ import annotations

import random
from pathlib import Path

import torch
from finetune import Encode, Encoder, base_folder, examples, logits, options, reads, report, save, spans, targets, train
from labels import WEIGHTS
from messages import Example
from torch import nn

_LOOKED_AT = 800  # texts from which the neurons' weight is estimated


def importance(model: Encoder, encode: Encode, seen: list[Example]) -> list[torch.Tensor]:
    """Return for each layer how much each of its neurons matters."""
    model.eval()
    labels, _ = targets(seen)
    where = spans()
    layers = model.body.encoder.layer
    totals = [torch.zeros(layer.intermediate.dense.out_features) for layer in layers]
    active: dict[int, torch.Tensor] = {}

    def keep(number: int):
        def hook(module: nn.Module, given: tuple[torch.Tensor, ...], out: torch.Tensor) -> None:
            out.retain_grad()
            active[number] = out

        return hook

    hooks = [layer.intermediate.register_forward_hook(keep(number)) for number, layer in enumerate(layers)]
    places = random.Random(0).sample(range(len(seen)), min(_LOOKED_AT, len(seen)))
    for begin in range(0, len(places), 16):
        part = torch.tensor(places[begin : begin + 16])
        out = model(**encode([seen[i].text for i in part.tolist()]))[0]
        loss = torch.zeros(())
        for head, weight in WEIGHTS.items():
            if not (labels[head][part] == -100).all():
                loss = loss + weight * nn.functional.cross_entropy(out[:, where[head]], labels[head][part], ignore_index=-100)
        model.zero_grad()
        loss.backward()
        for number, out in active.items():
            totals[number] += (out * out.grad).abs().sum((0, 1)).detach()
    for hook in hooks:
        hook.remove()
    return totals


def narrow(model: Encoder, scores: list[torch.Tensor], keep: int) -> None:
    """Keep the *keep* weightiest neurons of each feed-forward layer, in place."""
    for layer, score in zip(model.body.encoder.layer, scores, strict=True):
        kept = score.topk(keep).indices.sort().values
        inner, outer = layer.intermediate.dense, layer.output.dense
        narrow_in, narrow_out = nn.Linear(inner.in_features, keep), nn.Linear(keep, outer.out_features)
        narrow_in.weight.data, narrow_in.bias.data = inner.weight.data[kept].clone(), inner.bias.data[kept].clone()
        narrow_out.weight.data, narrow_out.bias.data = outer.weight.data[:, kept].clone(), outer.bias.data.clone()
        layer.intermediate.dense, layer.output.dense = narrow_in, narrow_out


def average(states: list[dict[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """Return the mean of each weight; what is not a number with a fraction is taken from the first."""
    return {
        name: torch.stack([state[name] for state in states]).mean(0) if value.is_floating_point() else value
        for name, value in states[0].items()
    }


def main() -> None:
    """Prune, train on, report, save."""
    parser = options(__doc__ or "")
    parser.add_argument("--model", type=Path, required=True, nargs="+")
    parser.add_argument("--keep", type=int, default=896)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rate", type=float, default=5e-5)
    args = parser.parse_args()
    seen, held = examples(args.real, args.nlu, args.neutral)
    encode = reads(base_folder())
    states = [torch.load(folder / "encoder.pt", weights_only=True) for folder in args.model]
    texts = [e.text for e in seen]
    teacher = torch.tensor(sum(logits(Encoder.like(state), encode, texts) for state in states) / len(states))
    model = Encoder.like(average(states))
    report(model, encode, held)
    narrow(model, importance(model, encode, seen), args.keep)
    train(model, encode, seen, epochs=args.epochs, rate=args.rate, head_rate=4 * args.rate, seed=args.seed, teacher=teacher)
    report(model, encode, held)
    save(model, seen, args.out)


if __name__ == "__main__":
    main()
