"""Export a fine-tuned encoder: ONNX, dynamic int8, label orders, checksum, and numbers for the combiner.

usage: export.py --model FOLDER --real TRAIN.jsonl --out bot/reading/artefacts
Writes encoder.onnx (int8), tokenizer.json, encoder.json (label orders, sha256 of the file, digests of the
messages it was trained on) and held_out.npz (head logits and labels of the real passages it was *not*
trained on: numbers only, no text).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from finetune import Encoder, base_folder
from labels import HEADS, MAX_TOKENS
from messages import real
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from tokenizers import Tokenizer


class Exported(torch.nn.Module):
    """What leaves the exported graph: the head logits, and each token's share of the coach logits.

    Pooling is a mean and the head is linear, so the logits of a text without one of its sentences follow
    from the tokens' shares, and no second run is needed to say which sentence carried the reading.
    """

    def __init__(self, model: Encoder) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        hidden = self.model.hidden(input_ids, attention_mask)
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        pooled = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1)
        return self.model.heads(pooled), hidden @ self.model.heads.weight[: len(HEADS["coach"])].T


def main() -> None:
    """Export, quantise, compare with the float model on the held-out passages, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--real", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)

    model = Encoder.like(torch.load(args.model / "encoder.pt", weights_only=True))
    model.eval()
    tokenizer = Tokenizer.from_file(str(base_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        example = torch.ones(2, 8, dtype=torch.long)
        torch.onnx.export(
            Exported(model),
            (example, example),
            str(plain),
            input_names=["input_ids", "attention_mask"],
            output_names=["logits", "shares"],
            opset_version=17,
            dynamo=False,
            dynamic_axes={
                "input_ids": {0: "texts", 1: "tokens"},
                "attention_mask": {0: "texts", 1: "tokens"},
                "logits": {0: "texts"},
                "shares": {0: "texts", 1: "tokens"},
            },
        )
        fused = Path(folder) / "fused.onnx"
        optimizer.optimize_model(str(plain), model_type="bert", num_heads=12, hidden_size=384).save_model_to_file(str(fused))
        quantize_dynamic(
            fused,
            args.out / "encoder.onnx",
            weight_type=QuantType.QInt8,
            per_channel=True,
            extra_options={"DefaultTensorType": 1},
        )
        float_session = onnxruntime.InferenceSession(str(plain))
        small_session = onnxruntime.InferenceSession(str(args.out / "encoder.onnx"))
        held = [e for e in real(args.real) if e.held_out]

        def run(session: onnxruntime.InferenceSession, text: str) -> np.ndarray:
            ids = np.array([tokenizer.encode(text).ids], dtype=np.int64)
            return session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0][0]

        exact = np.stack([run(float_session, e.text) for e in held])
        small = np.stack([run(small_session, e.text) for e in held])
    width = len(HEADS["coach"])
    same = (exact[:, :width].argmax(1) == small[:, :width].argmax(1)).mean()
    print(
        f"int8 against float on {len(held)} held-out passages: "
        f"same coach {same:.3f}, mean difference {np.abs(exact - small).mean():.3f}"
    )

    shutil.copy(base_folder() / "tokenizer.json", args.out / "tokenizer.json")
    digest = hashlib.sha256((args.out / "encoder.onnx").read_bytes()).hexdigest()
    (args.out / "encoder.json").write_text(json.dumps({
        "sha256": digest, "max_tokens": MAX_TOKENS, "heads": HEADS, "seen": json.loads((args.model / "seen.json").read_text()),
    }, separators=(",", ":")))  # fmt: skip
    np.savez_compressed(
        args.out / "held_out.npz",
        logits=small.astype(np.float32),
        digests=np.array([e.digest for e in held]),
        groups=np.array([e.group for e in held]),
        **{
            head: np.array([HEADS[head].index(e.labels[head]) if head in e.labels else -1 for e in held], dtype=np.int8)
            for head in ("coach", "side", "actor", "partner", "safety")
        },
    )
    size = (args.out / "encoder.onnx").stat().st_size
    print(f"{args.out / 'encoder.onnx'}: {size / 1e6:.1f} MB, sha256 {digest}")


if __name__ == "__main__":
    main()
