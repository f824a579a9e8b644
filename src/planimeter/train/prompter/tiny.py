"""A prompter small enough for two processor cores: a vision-language model of transformers with new weights.

Everything is built here and nothing is fetched: the tokenizer has one token per integer and one per piece of the
answer's form, so that an answer is about thirty tokens long.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planimeter.segment.torchvision import let_torchvision_load
from planimeter.train.prompter.form import FORM, template
from planimeter.train.prompter.scenes import CELLS, COLOURS, SIDE

ARCHITECTURES = ("qwen3_vl", "qwen2_5_vl", "llava")
_PATCH = 8  # pixels a side; 2 × 2 patches become one token
_SPECIAL = (
    "<|pad|>",
    "<|end|>",
    "<|vision_start|>",
    "<|vision_end|>",
    "<|image_pad|>",
    "<|video_pad|>",
    "<|?|>",
)
_WORDS = (" ", "nothing", "every", "shape")
_TEMPLATE = template("<|vision_start|><|image_pad|><|vision_end|>", "", "<|end|>")


@dataclass(frozen=True)
class TinyShape:
    """How large the model is.

    Attributes:
        architecture: one of ``ARCHITECTURES``.
        width: of the language model.
        layers: of the language model.
        vision_width: of the vision tower.
        vision_layers: of the vision tower.
        spread: standard deviation of new weights; transformers' 0.02 learns far slower at this size.
    """

    architecture: str = "qwen3_vl"
    width: int = 128
    layers: int = 4
    vision_width: int = 96
    vision_layers: int = 3
    spread: float = 0.05


def vocabulary() -> list[str]:
    """All tokens: special ones, pieces of the form, colours, cells and integers, none the beginning of a later one.

    Example:
        >>> words = vocabulary()
        >>> "63" in words, "red" in words, "a1" in words, len(words) == len(set(words))
        (True, True, True, True)
    """
    cells = [f"{chr(ord('a') + column)}{row + 1}" for row in range(CELLS) for column in range(CELLS)]
    return [*_SPECIAL, *FORM, *_WORDS, *COLOURS, *cells, *(str(number) for number in range(SIDE + 1))]


def tiny_tokenizer() -> Any:
    """A tokenizer of ``vocabulary()``: whatever it reads it gives back as it was.

    Example:
        >>> tokenizer = tiny_tokenizer()
        >>> text = '<think>red a1</think> <answer>```json[]```</answer>'
        >>> ids = tokenizer(text)["input_ids"]
        >>> len(ids), tokenizer.decode(ids) == text
        (6, True)
    """
    import re

    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    words = vocabulary()
    core = Tokenizer(models.WordLevel({word: place for place, word in enumerate(words)}, unk_token="<|?|>"))
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    pattern = "|".join(re.escape(word) for word in longest_first)
    core.pre_tokenizer = pre_tokenizers.Split(Regex(pattern), "isolated")
    core.decoder = decoders.Fuse()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=core,
        pad_token="<|pad|>",
        eos_token="<|end|>",
        unk_token="<|?|>",
        additional_special_tokens=["<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>"],
        padding_side="left",
        clean_up_tokenization_spaces=False,
    )
    tokenizer.chat_template = _TEMPLATE
    return tokenizer


def tiny_prompter(shape: TinyShape | None = None, seed: int = 0) -> tuple[Any, Any]:
    """A model with new weights and its processor.

    Args:
        shape: how large.
        seed: of the weights.
    """
    let_torchvision_load()
    import torch

    shape = shape or TinyShape()
    tokenizer = tiny_tokenizer()
    torch.manual_seed(seed)
    if shape.architecture == "llava":
        model, processor = _llava(shape, tokenizer)
    else:
        model, processor = _qwen(shape, tokenizer)
    model.generation_config.eos_token_id = tokenizer.eos_token_id
    model.generation_config.pad_token_id = tokenizer.pad_token_id
    return model, processor


def save_prompter(model: Any, processor: Any, folder: str | Path) -> None:
    """Write both so that ``AutoModelForImageTextToText`` and ``AutoProcessor`` read them again."""
    model.save_pretrained(folder)
    processor.save_pretrained(folder)


def _text(shape: TinyShape, tokenizer: Any) -> dict[str, Any]:
    heads = max(1, shape.width // 32)
    return {
        "vocab_size": len(tokenizer),
        "hidden_size": shape.width,
        "intermediate_size": 3 * shape.width,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": heads,
        "num_key_value_heads": heads,
        "max_position_embeddings": 512,
        "initializer_range": shape.spread,
        "pad_token_id": tokenizer.pad_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "bos_token_id": None,
        "tie_word_embeddings": True,
    }


def _qwen(shape: TinyShape, tokenizer: Any) -> tuple[Any, Any]:
    import transformers
    from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil

    newest = shape.architecture == "qwen3_vl"
    place = {word: tokenizer.convert_tokens_to_ids(word) for word in _SPECIAL}
    rope = {"rope_type": "default", "rope_theta": 10_000.0, "mrope_section": [4, 6, 6]}
    vision: dict[str, Any] = {
        "depth": shape.vision_layers,
        "hidden_size": shape.vision_width,
        "intermediate_size": 2 * shape.vision_width,
        "num_heads": max(1, shape.vision_width // 32),
        "patch_size": _PATCH,
        "spatial_merge_size": 2,
        "temporal_patch_size": 1,
        "out_hidden_size": shape.width,
        "initializer_range": shape.spread,
    }
    if newest:
        vision |= {"num_position_embeddings": (SIDE // _PATCH) ** 2, "deepstack_visual_indexes": [0]}
        rope["mrope_interleaved"] = True
    else:
        vision |= {"window_size": SIDE, "fullatt_block_indexes": list(range(shape.vision_layers))}
    kind = "Qwen3VL" if newest else "Qwen2_5_VL"
    text = _text(shape, tokenizer) | {"rope_parameters": rope}
    if newest:
        text["head_dim"] = 32
    config = getattr(transformers, f"{kind}Config")(
        text_config=text,
        vision_config=vision,
        image_token_id=place["<|image_pad|>"],
        video_token_id=place["<|video_pad|>"],
        vision_start_token_id=place["<|vision_start|>"],
        vision_end_token_id=place["<|vision_end|>"],
        tie_word_embeddings=True,
    )
    model = getattr(transformers, f"{kind}ForConditionalGeneration")(config)
    sizes: dict[str, Any] = {"patch_size": _PATCH, "temporal_patch_size": 1, "merge_size": 2}
    pictures = Qwen2VLImageProcessorPil(
        **sizes, size={"shortest_edge": SIDE * SIDE, "longest_edge": SIDE * SIDE}
    )
    videos = transformers.Qwen2VLVideoProcessor(**sizes)
    processor = getattr(transformers, f"{kind}Processor")(
        image_processor=pictures, tokenizer=tokenizer, video_processor=videos, chat_template=_TEMPLATE
    )
    return model, processor


def _llava(shape: TinyShape, tokenizer: Any) -> tuple[Any, Any]:
    import transformers
    from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

    patch = 2 * _PATCH
    config = transformers.LlavaConfig(
        vision_config=transformers.CLIPVisionConfig(
            hidden_size=shape.vision_width,
            intermediate_size=2 * shape.vision_width,
            num_hidden_layers=shape.vision_layers,
            num_attention_heads=max(1, shape.vision_width // 32),
            image_size=SIDE,
            patch_size=patch,
            projection_dim=shape.vision_width,
            initializer_range=shape.spread,
        ),
        text_config=transformers.LlamaConfig(**_text(shape, tokenizer)),
        image_token_index=tokenizer.convert_tokens_to_ids("<|image_pad|>"),
        vision_feature_layer=-1,
    )
    model = transformers.LlavaForConditionalGeneration(config)
    side = {"height": SIDE, "width": SIDE}
    pictures = CLIPImageProcessorPil(size={"shortest_edge": SIDE}, crop_size=side)
    processor = transformers.LlavaProcessor(
        image_processor=pictures,
        tokenizer=tokenizer,
        patch_size=patch,
        vision_feature_select_strategy="default",
        num_additional_image_tokens=1,
        image_token="<|image_pad|>",
        chat_template=_TEMPLATE,
    )
    return model, processor
