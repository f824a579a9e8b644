"""What the paper's five prompt variants are worth here: perfect prompts, and a prompter's own with parts left out.

Perfect prompts are made from the instances themselves, so their score is the most that a variant lets this segmenter
reach. A prompter that was taught boxes and two points is scored with its boxes alone, its points alone, and both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import cv2
import numpy as np

from planimeter.reason.embeddings import EmbeddingCache
from planimeter.reason.frames import FrameRule, OriginalFrame
from planimeter.reason.parse import parse_strict, usable_prompts
from planimeter.reason.prompt import Point, Prompt
from planimeter.reason.promptable import PromptableSegmenter
from planimeter.reason.protocol import VARIANTS, Variant
from planimeter.reason.scoring import prompted_iou, union_mask
from planimeter.reason.seen import Instance
from planimeter.spatial import label_regions
from planimeter.train.prompter.samples import Sample

_Prompts = Callable[[Variant, int], Sequence[Prompt]]


def perfect_variants(
    samples: Sequence[Sample], segmenter: PromptableSegmenter, cache: EmbeddingCache
) -> dict[str, float]:
    """Mean IoU of each variant where every prompt is right; samples with an empty target are left out.

    Args:
        samples: with their targets.
        segmenter: to be prompted.
        cache: of encoded pictures.
    """
    kept = [sample for sample in samples if sample.instances]

    def prompts(variant: Variant, number: int) -> list[Prompt]:
        return [perfect_prompt(each, kept[number].target, variant) for each in kept[number].instances]

    return _means(kept, segmenter, cache, VARIANTS, prompts)


def answered_variants(
    texts: Sequence[str],
    samples: Sequence[Sample],
    segmenter: PromptableSegmenter,
    rule: FrameRule,
    cache: EmbeddingCache,
) -> dict[str, float]:
    """Mean IoU of answers with boxes and two points where parts of them are left out.

    Args:
        texts: one answer per sample.
        samples: pictures and targets.
        segmenter: to be prompted.
        rule: the frame in which answers speak.
        cache: of encoded pictures.
    """
    kept = [(text, sample) for text, sample in zip(texts, samples, strict=True) if sample.instances]

    def prompts(variant: Variant, number: int) -> list[Prompt]:
        text, sample = kept[number]
        original = OriginalFrame(sample.image.shape[1], sample.image.shape[0])
        found = usable_prompts(parse_strict(text) or [], rule(original), original)
        return [
            replace(
                each,
                box=each.box if variant.box else None,
                positive=each.positive if variant.positives else (),
                negative=(),
            )
            for each in found
        ]

    named = {name: VARIANTS[name] for name in ("box", "points", "box+2")}
    return _means([sample for _, sample in kept], segmenter, cache, named, prompts)


def perfect_prompt(instance: Instance, target: np.ndarray, variant: Variant) -> Prompt:
    """An instance as a variant shows it at its best.

    Args:
        instance: box and two points.
        target: (H, W) bool that the instance is a region of.
        variant: what to give.

    Example:
        >>> target = np.zeros((12, 12), bool)
        >>> target[2:8, 2:10] = True
        >>> target[2:4, 8:10] = False
        >>> prompt = perfect_prompt(Instance((2, 2, 10, 8), ((5, 4), (8, 6))), target, VARIANTS["box+2+2"])
        >>> len(prompt.positive), [bool(target[int(y), int(x)]) for x, y in prompt.negative]
        (2, [False, False])
    """
    x0, y0, x1, y1 = (int(value) for value in instance.box)
    regions = label_regions(target)
    own = next(
        regions.mask([number])
        for number in range(len(regions))
        if regions.mask([number])[int(instance.points[0][1]), int(instance.points[0][0])]
    )
    positive = [(x + 0.5, y + 0.5) for x, y in instance.points]
    positive += _deepest(own, variant.positives - 2, positive)
    around = np.zeros_like(target)
    around[max(y0 - 2, 0) : y1 + 2, max(x0 - 2, 0) : x1 + 2] = True
    negative = _deepest(around & ~target, variant.negatives, [])
    box = (float(x0), float(y0), float(x1), float(y1)) if variant.box else None
    return Prompt(box, tuple(positive[: variant.positives]), tuple(negative))


def _deepest(mask: np.ndarray, number: int, taken: Sequence[Point]) -> list[Point]:
    """Points well inside a mask, each far from those before it."""
    found: list[Point] = []
    if number <= 0 or not mask.any():
        return found
    depth = cv2.distanceTransform(np.pad(mask, 1).astype(np.uint8), cv2.DIST_L2, 3)[1:-1, 1:-1]
    ys, xs = np.nonzero(mask)
    for _ in range(number):
        away = np.full(len(xs), np.inf)
        for x, y in (*taken, *found):
            away = np.minimum(away, np.hypot(xs + 0.5 - x, ys + 0.5 - y))
        best = int(np.argmax(np.minimum(depth[ys, xs], away)))
        found.append((float(xs[best]) + 0.5, float(ys[best]) + 0.5))
    return found


def _means(
    samples: Sequence[Sample],
    segmenter: PromptableSegmenter,
    cache: EmbeddingCache,
    variants: Mapping[str, Variant],
    prompts: _Prompts,
) -> dict[str, float]:
    found: dict[str, list[float]] = {name: [] for name in variants}
    for number, sample in enumerate(samples):
        encoded = cache.encode(segmenter, sample.image)
        for name, variant in variants.items():
            given = list(prompts(variant, number))
            mask = union_mask(segmenter, encoded, given)
            found[name].append(prompted_iou(mask, sample.target, said_nothing=not given))
    return {name: float(np.mean(values)) for name, values in found.items()}
