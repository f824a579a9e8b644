"""Rewards for GRPO, as plain functions of TRL's signature.

``reward(prompts, completions, **columns)`` gives one number per completion, or None where it does not apply. Three are
summed in the paper: mask (0 to 2), JSON format (0 or 1) and think/answer format (0 or 1).

When our own side fails (an image that cannot be encoded, a target of another size), every completion of that image
gets None in that call and the log says why. All of them, because TRL's sum takes a None for 0: a single None would
punish one completion of a group for our fault.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from planimeter.reason.answer_text import is_thought_out, require_repair
from planimeter.reason.embeddings import EmbeddingCache
from planimeter.reason.frames import FrameRule, OriginalFrame, original_frame
from planimeter.reason.parse import RawPrompt, parse_strict, usable_prompts
from planimeter.reason.promptable import PromptableSegmenter
from planimeter.reason.protocol import DEFAULT_VARIANT, OURS, Protocol, Variant
from planimeter.reason.scoring import prompted_iou, union_mask
from planimeter.reason.statistics import RewardStatistics
from planimeter.segment import rle

Reward = Callable[..., list[float | None]]

MASK_WEIGHT = 2.0  # the mask reward is twice the IoU

_log = logging.getLogger(__name__)


def completion_text(completion: Any) -> str:
    """A completion's text, whether TRL gives a string or a list of messages.

    Example:
        >>> completion_text([{"role": "assistant", "content": [{"type": "text", "text": "[]"}]}])
        '[]'
    """
    if isinstance(completion, str):
        return completion
    if isinstance(completion, dict):
        return completion_text(completion.get("content"))
    if isinstance(completion, Sequence):
        parts = (
            part.get("text") if isinstance(part, dict) and "text" in part else completion_text(part)
            for part in completion
        )
        return "".join(part for part in parts if isinstance(part, str))
    return ""


def think_format_reward(
    prompts: Sequence[Any], completions: Sequence[Any], **columns: Any
) -> list[float | None]:
    """1 for each completion that is ``<think>…</think> <answer>…</answer>`` and nothing else, else 0.

    Example:
        >>> think_format_reward(["?"] * 2, ["<think>a</think> <answer>b</answer>", "b"])
        [1.0, 0.0]
    """
    return [float(is_thought_out(completion_text(completion))) for completion in completions]


def json_format_reward(
    prompts: Sequence[Any], completions: Sequence[Any], **columns: Any
) -> list[float | None]:
    """1 for each completion whose answer is exactly in the required form, else 0; the default variant and protocol.

    Example:
        >>> json_format_reward(["?"] * 2, ["<answer>```json[]```</answer>", "<answer>[]</answer>"])
        [1.0, 0.0]
    """
    return [_form(completion, DEFAULT_VARIANT, OURS) for completion in completions]


def json_format(variant: Variant = DEFAULT_VARIANT, protocol: Protocol = OURS) -> Reward:
    """The JSON-format reward of another variant or protocol, for trainings of your own with TRL.

    Example:
        >>> json_format(protocol=OURS)(["?"], ["<answer>```json[]```</answer>"])
        [1.0]
    """

    def json_format_reward(
        prompts: Sequence[Any], completions: Sequence[Any], **columns: Any
    ) -> list[float | None]:
        return [_form(completion, variant, protocol) for completion in completions]

    return json_format_reward


def watched(reward: Reward, statistics: RewardStatistics) -> Reward:
    """A reward that also tells statistics its mean and spread; TRL still sees its own name."""

    @functools.wraps(reward)
    def told(prompts: Sequence[Any], completions: Sequence[Any], **columns: Any) -> list[float | None]:
        rewards = reward(prompts, completions, **columns)
        statistics.add(reward.__name__, rewards)
        return rewards

    return told


def mask_reward(
    segmenter: PromptableSegmenter,
    rule: FrameRule = original_frame,
    variant: Variant = DEFAULT_VARIANT,
    protocol: Protocol = OURS,
    cache: EmbeddingCache | None = None,
    statistics: RewardStatistics | None = None,
) -> Reward:
    """The mask reward: twice the IoU of the union of the instances with the target.

    The reward reads two columns: ``image`` (a picture or (H, W, 3) uint8) and ``target`` ((H, W) bool, or COCO RLE as
    ``planimeter.segment.rle`` writes it), both in the image's own frame. An image is encoded once for all completions.

    Args:
        segmenter: frozen; its name keys the cache.
        rule: the frame in which completions speak, given the image's size.
        variant: what the prompter was asked for.
        protocol: how completions are judged.
        cache: of encoded images; one of its own by default.
        statistics: is told of every completion; what it saw goes to TRL's log where TRL offers one.

    Raises:
        ModelError: json_repair is not installed.

    Example:
        >>> from planimeter.reason.tiny import BoxSegmenter
        >>> image, target = np.zeros((4, 4, 3), np.uint8), np.eye(4, dtype=bool)
        >>> text = '<answer>```json[{"bbox_2d": [0, 0, 4, 4]}]```</answer>'
        >>> mask_reward(BoxSegmenter())(["?"], [text], image=[image], target=[target])
        [0.5]
    """
    require_repair()
    kept = cache if cache is not None else EmbeddingCache()

    def mask_reward(
        prompts: Sequence[Any],
        completions: Sequence[Any],
        *,
        image: Sequence[Any],
        target: Sequence[Any],
        **columns: Any,
    ) -> list[float | None]:
        texts = [completion_text(completion) for completion in completions]
        read = [parse_strict(text, variant, protocol) for text in texts]
        rewards: list[float | None] = []
        for group in _groups(prompts, image, target):
            members = read[group.start : group.stop]
            shared = image[group.start], target[group.start]
            found, empty = _group_reward(segmenter, kept, *shared, members, rule, protocol)
            rewards += found
            if statistics is not None:
                statistics.add_group(found, members, empty)
        if statistics is not None and "log_metric" in columns:
            for name, value in statistics.take().items():
                columns["log_metric"](name, value)
        return rewards

    return mask_reward


def _group_reward(
    segmenter: PromptableSegmenter,
    cache: EmbeddingCache,
    picture: Any,
    target: Any,
    read: Sequence[list[RawPrompt] | None],
    rule: FrameRule,
    protocol: Protocol,
) -> tuple[list[float | None], bool]:
    """The rewards of completions that share an image and a target, and whether that target is empty."""
    try:
        image = as_image(picture)
        original = OriginalFrame(image.shape[1], image.shape[0])
        wanted = as_target(target, (image.shape[0], image.shape[1]))
        frame = rule(original)
        rewards: list[float | None] = []
        encoded = None
        for raw in read:
            if raw is None:
                rewards.append(0.0)
                continue
            prompts = usable_prompts(raw, frame, original, protocol)
            if prompts and wanted.any():
                encoded = encoded or cache.encode(segmenter, image)
                found = union_mask(segmenter, encoded, prompts)
            else:
                found = np.zeros(wanted.shape, dtype=bool)
            rewards.append(MASK_WEIGHT * prompted_iou(found, wanted, said_nothing=not raw))
    except Exception as error:  # whatever it was, it was not the model's doing
        _log.error(
            "no mask reward for %d completions of one image: %s: %s", len(read), type(error).__name__, error
        )
        return [None] * len(read), False
    return rewards, not wanted.any()


def _groups(prompts: Sequence[Any], images: Sequence[Any], targets: Sequence[Any]) -> list[range]:
    """Runs of completions with the same prompt, image and target: TRL hands groups over side by side."""
    runs: list[range] = []
    for index in range(len(prompts)):
        same = runs and all(
            _same(column[index], column[runs[-1].start]) for column in (prompts, images, targets)
        )
        if same:
            runs[-1] = range(runs[-1].start, index + 1)
        else:
            runs.append(range(index, index + 1))
    return runs


def _same(first: Any, second: Any) -> bool:
    if first is second:
        return True
    if isinstance(first, np.ndarray) or isinstance(second, np.ndarray):
        return bool(np.array_equal(first, second))
    try:
        return bool(first == second)
    except ValueError:  # arrays somewhere inside
        return False


def _form(completion: Any, variant: Variant, protocol: Protocol) -> float:
    text = completion_text(completion)
    return float(parse_strict(text, variant, protocol, repair=protocol.repaired_earns_format) is not None)


def as_image(picture: Any) -> np.ndarray:
    """A picture as (H, W, 3) uint8.

    Args:
        picture: an array, or a PIL image of any mode.

    Raises:
        ValueError: it is no picture.

    Example:
        >>> as_image(np.zeros((2, 3, 3), np.uint8)).shape
        (2, 3, 3)
    """
    if hasattr(picture, "convert"):
        picture = picture.convert("RGB")
    image = np.asarray(picture)
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or not image.size:
        raise ValueError(f"an image of shape {image.shape} and type {image.dtype} is not (H, W, 3) uint8")
    return image


def as_target(target: Any, shape: tuple[int, int]) -> np.ndarray:
    """A target as (H, W) bool.

    Args:
        target: an array, nested lists, or COCO RLE.
        shape: (H, W) of its image.

    Raises:
        ValueError: it is no mask of that shape.

    Example:
        >>> as_target({"size": [2, 2], "counts": "13"}, (2, 2)).sum()
        np.int64(3)
    """
    if isinstance(target, dict):
        return rle.decode(target, shape)
    mask = np.asarray(target)
    if mask.shape != shape:
        raise ValueError(f"a target of shape {mask.shape} does not belong to an image of {shape}")
    return mask.astype(bool)
