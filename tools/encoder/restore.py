"""Make weights to train on from the committed encoder, so that a new version need not begin at the beginning.

usage: restore.py --from bot/reading/artefacts --out FOLDER
The int8 weights are turned back into floats (Exported.forward in export.py is where they came from); prints how far
the logits are from those of the file on a few sentences.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from finetune import Encoder, base_folder, reads
from labels import HEADS
from onnx import numpy_helper

_TRIED = ["he never answers me", "I walked out and turned my phone off", "we talked at nine as we had said, and it was good"]


def state(path: Path) -> dict[str, torch.Tensor]:
    """Return the weights of the exported file *path* under the names that they are trained under."""
    graph = onnx.load(path).graph
    held = {one.name: numpy_helper.to_array(one) for one in graph.initializer}

    def plain(name: str) -> torch.Tensor:
        if name in held:
            return torch.tensor(held[name].astype(np.float32))
        quantised = held[f"{name}_quantized"].astype(np.float32)
        return torch.tensor((quantised - held[f"{name}_zero_point"].astype(np.float32)) * held[f"{name}_scale"])

    found = {
        name.removeprefix("model."): plain(name)
        for name in {one.removesuffix("_quantized") for one in held}
        if name.startswith("model.") and not name.endswith(("_scale", "_zero_point", "_Transposed"))
    }
    # The exporter numbers the plain matrix products in the order in which they are computed.
    products = sorted(
        (name.removesuffix("_quantized") for name in held if name.startswith("onnx::MatMul_") and name.endswith("_quantized")),
        key=lambda name: int(name.rpartition("_")[2]),
    )
    layers = sum(name.startswith("Attention_") and name.endswith("_qkv_bias") for name in held)
    body = [name for name in products if held[f"{name}_quantized"].shape[1] > len(HEADS["coach"])]
    found["heads.weight"] = plain("model.heads.weight_Transposed").T.contiguous()
    for layer in range(layers):
        at = f"body.encoder.layer.{layer}."
        weight, bias = plain(f"Attention_{layer}_qkv_weight"), plain(f"Attention_{layer}_qkv_bias")
        for number, part in enumerate(("query", "key", "value")):
            piece = slice(384 * number, 384 * (number + 1))
            found[f"{at}attention.self.{part}.weight"] = weight[:, piece].T.contiguous()
            found[f"{at}attention.self.{part}.bias"] = bias[piece].clone()
        for name, product in zip(
            ("attention.output.dense", "intermediate.dense", "output.dense"), body[3 * layer : 3 * layer + 3], strict=True
        ):
            found[f"{at}{name}.weight"] = plain(product).T.contiguous()
    return found


def main() -> None:
    """Restore, compare, save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="folder", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    weights = state(args.folder / "encoder.onnx")
    # The pooler is not used and not exported; the model's class asks for it all the same.
    for name, shape in (("body.pooler.dense.weight", (384, 384)), ("body.pooler.dense.bias", (384,))):
        weights[name] = torch.zeros(shape)
    model = Encoder.like(weights)
    model.eval()
    encode = reads(base_folder())
    session = onnxruntime.InferenceSession(str(args.folder / "encoder.onnx"))
    for text in _TRIED:
        given = encode([text])
        with torch.no_grad():
            mine = model(**given)[0].numpy()
        theirs = session.run(None, {name: value.numpy() for name, value in given.items()})[0]
        print(f"{np.abs(mine - theirs).mean():.3f} mean difference of logits: {text}")
    args.out.mkdir(parents=True, exist_ok=True)
    torch.save(model.state_dict(), args.out / "encoder.pt")
    (args.out / "seen.json").write_text(json.dumps(json.loads((args.folder / "encoder.json").read_text())["seen"]))


if __name__ == "__main__":
    main()
