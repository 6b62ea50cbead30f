"""Export the encoder as it is before fine-tuning: mean-pooled sentence embeddings of unit length, float32 ONNX.

usage: export_base.py --out base.onnx
For `middle-ground evaluate --compare --frozen base.onnx`; 90 MB, not kept in the repository.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from finetune import base_folder
from transformers import AutoModel


class Embedding(torch.nn.Module):
    """Text to one vector, as the official model does it."""

    def __init__(self, body: torch.nn.Module) -> None:
        super().__init__()
        self.body = body

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Return embeddings, texts x 384."""
        hidden = self.body(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        return torch.nn.functional.normalize((hidden * mask).sum(1) / mask.sum(1).clamp(min=1), dim=1)


def main() -> None:
    """Export."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    body = AutoModel.from_pretrained(base_folder(), attn_implementation="eager").eval()
    example = torch.ones(2, 8, dtype=torch.long)
    names = {"input_ids": {0: "texts", 1: "tokens"}, "attention_mask": {0: "texts", 1: "tokens"}, "embedding": {0: "texts"}}
    torch.onnx.export(
        Embedding(body), (example, example), str(args.out), input_names=["input_ids", "attention_mask"],
        output_names=["embedding"], opset_version=17, dynamo=False, dynamic_axes=names,
    )  # fmt: skip


if __name__ == "__main__":
    main()
