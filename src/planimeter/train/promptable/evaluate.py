"""How well a promptable segmenter follows prompts, on pictures it was not trained on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from planimeter.reason.prompt import Prompt
from planimeter.reason.promptable import PromptableSegmenter
from planimeter.reason.scoring import mask_iou
from planimeter.train.data import Picture, load_pictures
from planimeter.train.promptable.config import PromptableConfig
from planimeter.train.promptable.prompts import exact_prompt, shifted
from planimeter.train.promptable.views import Region, View, regions_of, shape_view
from planimeter.train.prompter.scenes import make_scene

WAYS = ("true box", "box off by 10 %", "box off by 35 %", "box and points", "points only")
_LONGEST = 1024  # pixels a side of the part of a picture that is scored at once
_REGIONS = 6  # of each view, drawn
_SHAPE_SCENES = 40


@dataclass(frozen=True)
class PromptScore:
    """Mean IoU of one way to prompt, on one source.

    Attributes:
        source: name of the data set.
        way: one of ``WAYS``.
        iou: mean over regions.
        regions: how many.
    """

    source: str
    way: str
    iou: float
    regions: int


def held_out_views(config: PromptableConfig) -> list[View]:
    """Views of every validation picture, and of held-out scenes of shapes.

    Raises:
        UsageError: the data is not there.
    """
    views = [view for picture in load_pictures(config.pictures, "validation") for view in _parts(picture)]
    views += [shape_view(make_scene(seed)) for seed in range(_SHAPE_SCENES)]
    return [view for view in views if view.regions]


def evaluate_prompts(
    segmenter: PromptableSegmenter, views: Sequence[View], ways: Iterable[str] = WAYS
) -> list[PromptScore]:
    """Mean IoU per source and way; the same prompts every time.

    Args:
        segmenter: to be scored.
        views: pictures with regions.
        ways: of ``WAYS``.
    """
    found: dict[tuple[str, str], list[float]] = {}
    chosen = tuple(ways)
    for number, view in enumerate(views):
        rng = np.random.default_rng([number, 11])
        picked = rng.permutation(len(view.regions))[:_REGIONS]
        regions = [view.regions[int(index)] for index in picked]
        encoded = segmenter.encode(view.image)
        for way in chosen:
            prompts = [_prompt(view, region, way, _seeded(number, region.box, way)) for region in regions]
            masks = segmenter.decode(encoded, prompts)
            values = [mask_iou(mask, view.mask(region)) for mask, region in zip(masks, regions, strict=True)]
            found.setdefault((view.source, way), []).extend(values)
    return [
        PromptScore(source, way, float(np.mean(values)), len(values))
        for (source, way), values in found.items()
    ]


def table(scores: Sequence[PromptScore]) -> str:
    """Scores as lines of text, a source per line."""
    ways = list(dict.fromkeys(score.way for score in scores))
    lines = ["source".ljust(12) + "regions".rjust(9) + "".join(way.rjust(18) for way in ways)]
    for source in dict.fromkeys(score.source for score in scores):
        own = {score.way: score for score in scores if score.source == source}
        number = next(iter(own.values())).regions
        lines.append(
            source.ljust(12) + f"{number:9d}" + "".join(f"{own[way].iou:18.3f}" for way in ways if way in own)
        )
    return "\n".join(lines)


def _prompt(view: View, region: Region, way: str, rng: np.random.Generator) -> Prompt:
    kind = {"box and points": "both", "points only": "points"}.get(way, "box")
    prompt = exact_prompt(view, region, kind, rng)
    if "off by" not in way:
        return prompt
    off = 0.1 if "10 %" in way else 0.35
    return Prompt(shifted(region.box, off, view.image.shape[:2], rng))


def _seeded(number: int, box: tuple[int, int, int, int], way: str) -> np.random.Generator:
    digest = hashlib.sha256(f"{number} {box} {way}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "little"))


def _parts(picture: Picture) -> list[View]:
    """A picture as views of at most ``_LONGEST`` pixels a side, not resampled."""
    height, width = picture.image.shape[:2]
    views = []
    for y in range(0, max(1, height - 63), _LONGEST):
        for x in range(0, max(1, width - 63), _LONGEST):
            window = slice(y, y + _LONGEST), slice(x, x + _LONGEST)
            planes, regions = regions_of(np.ascontiguousarray(picture.target_in(window)))
            views.append(View(picture.source, np.ascontiguousarray(picture.image[window]), planes, regions))
    return views
