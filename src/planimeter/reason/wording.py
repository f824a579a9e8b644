"""What a prompter is told: the paper's prompt and its five variants.

The default variant is worded as the paper's released prompters were trained (Think2Seg-RS, arXiv:2512.19302, the prompt
printed there; its example shows two instances, ours one); the other variants are worded alike.
"""

from __future__ import annotations

import json
import re
from typing import Any

from planimeter.reason.protocol import DEFAULT_VARIANT, Variant
from planimeter.vocabulary.numbers import word_of

SYSTEM = (
    "You are a remote sensing analysis assistant. Your task is to generate spatial prompts for the Segment Anything "
    "Model (SAM) based on a user's request."
)
_BOX = [310, 360, 567, 586]
_POSITIVE = [[402, 431], [489, 520], [372, 402], [510, 455]]
_NEGATIVE = [[280, 340], [600, 610]]


def user_text(phrase: str, variant: Variant = DEFAULT_VARIANT) -> str:
    """The request for one phrase or question.

    Args:
        phrase: what to find; whitespace is made single, quotation marks and models' control marks ("<|…|>") are left
            out.
        variant: what to give for each instance.

    Example:
        >>> "Exactly two points" in user_text("the wastewater plant")
        True
    """
    wanted = " ".join(re.sub(r'"|<\|[^|>]*\|?>?', " ", phrase).split())
    keys = []
    if variant.box:
        keys.append("`bbox_2d`: A tight bounding box.")
    if variant.positives:
        keys.append(
            f"`positive_points`: Exactly {word_of(variant.positives)} points, placed inside the target."
        )
    if variant.negatives:
        keys.append(
            f"`negative_points`: Exactly {word_of(variant.negatives)} points, placed outside the target."
        )
    numbered = "\n".join(f"{number}. {key}" for number, key in enumerate(keys, 1))
    return (
        f'Please find "{wanted}", identify the target. For each target instance, provide:\n{numbered}\n'
        "Output your thinking process in <think> </think> tags.\n"
        "Output the final answer in <answer> </answer> tags with the specified JSON format. "
        "If no targets are found, output an empty list.\n"
        f"i.e. <think> thinking process here </think> \n<answer>```json{json.dumps([example(variant)])}```</answer>"
    )


def example(variant: Variant = DEFAULT_VARIANT) -> dict[str, Any]:
    """One instance in the variant's form.

    Example:
        >>> sorted(example())
        ['bbox_2d', 'positive_points']
    """
    found: dict[str, Any] = {}
    if variant.box:
        found["bbox_2d"] = _BOX
    if variant.positives:
        found["positive_points"] = _POSITIVE[: variant.positives]
    if variant.negatives:
        found["negative_points"] = _NEGATIVE[: variant.negatives]
    return found


def chat(phrase: str, variant: Variant = DEFAULT_VARIANT, image: Any = None) -> list[dict[str, Any]]:
    """The conversation in transformers' and TRL's form: text parts, and a place for the picture.

    Args:
        phrase: what to find.
        variant: what to give for each instance.
        image: put into the place where a processor wants the picture there; None leaves the bare place.

    Example:
        >>> [message["role"] for message in chat("the river")]
        ['system', 'user']
    """
    picture = {"type": "image"} if image is None else {"type": "image", "image": image}
    return [
        {"role": "system", "content": [{"type": "text", "text": SYSTEM}]},
        {"role": "user", "content": [picture, {"type": "text", "text": user_text(phrase, variant)}]},
    ]


def answer_text(thought: str, instances: list[dict[str, Any]]) -> str:
    """A completion in the required form: what supervised training teaches.

    Args:
        thought: what stands between the thinking tags.
        instances: dicts with "bbox_2d", "positive_points", "negative_points".

    Example:
        >>> answer_text("None here.", [])
        '<think>None here.</think> <answer>```json[]```</answer>'
    """
    return f"<think>{thought}</think> <answer>```json{json.dumps(instances)}```</answer>"
