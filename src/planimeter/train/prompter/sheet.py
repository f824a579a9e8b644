"""A sheet of answered questions: what a prompter points at, what becomes of it, and what was meant."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from planimeter.reason.embeddings import EmbeddingCache
from planimeter.reason.frames import FrameRule, OriginalFrame
from planimeter.reason.parse import parse_strict, usable_prompts
from planimeter.reason.promptable import PromptableSegmenter
from planimeter.reason.scoring import prompted_iou, union_mask
from planimeter.train.prompter.samples import Sample

_ACROSS = 5
_FOUND, _MEANT = (255, 196, 0), "#00E5FF"


def draw_sheet(
    texts: Sequence[str],
    samples: Sequence[Sample],
    segmenter: PromptableSegmenter,
    rule: FrameRule,
    path: str | Path,
) -> None:
    """Draw answers, five in a row: the mask in yellow, boxes and points in white, what was meant as a blue line.

    Args:
        texts: one answer per sample.
        samples: pictures, phrases and targets.
        segmenter: makes masks of the prompts.
        rule: the frame in which answers speak.
        path: of the picture.
    """
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    rows = -(-len(samples) // _ACROSS)
    picture, panels = pyplot.subplots(
        rows, _ACROSS, figsize=(3.0 * _ACROSS, 3.6 * rows), squeeze=False, layout="constrained"
    )
    for panel in panels.flat:
        panel.set_axis_off()
    cache = EmbeddingCache()
    for panel, text, sample in zip(panels.flat, texts, samples, strict=False):
        raw = parse_strict(text)
        original = OriginalFrame(sample.image.shape[1], sample.image.shape[0])
        prompts = usable_prompts(raw or [], rule(original), original)
        found = np.zeros(sample.target.shape, bool)
        if prompts:
            found = union_mask(segmenter, cache.encode(segmenter, sample.image), prompts)
        iou = 0.0 if raw is None else prompted_iou(found, sample.target, said_nothing=not raw)
        panel.imshow(_tinted(sample.image, found))
        if sample.target.any():
            panel.contour(sample.target, levels=[0.5], colors=[_MEANT], linewidths=1.4)
        for prompt in prompts:
            _point_out(panel, prompt)
        panel.set_title("\n".join([*textwrap.wrap(sample.phrase, 34), f"IoU {iou:.2f}"]), fontsize=9)
    picture.savefig(path, dpi=90, pil_kwargs={"quality": 88} if str(path).endswith(".jpg") else None)
    pyplot.close(picture)


def _tinted(image: np.ndarray, found: np.ndarray) -> np.ndarray:
    """The image with a mask laid over it."""
    shown = image.astype(np.float32)
    shown[found] = 0.5 * shown[found] + 0.5 * np.array(_FOUND, np.float32)
    return shown.astype(np.uint8)


def _point_out(panel: Any, prompt: Any) -> None:
    if prompt.box is not None:
        x0, y0, x1, y1 = prompt.box
        panel.plot(
            [x0 - 0.5, x1 - 0.5, x1 - 0.5, x0 - 0.5, x0 - 0.5],
            [y0 - 0.5, y0 - 0.5, y1 - 0.5, y1 - 0.5, y0 - 0.5],
            color="white",
            linewidth=1.2,
        )
    for x, y in prompt.positive:
        panel.plot(x - 0.5, y - 0.5, "o", color="white", markeredgecolor="black", markersize=4)
