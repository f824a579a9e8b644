"""A program's question after a spectral index: what its values are over some ground."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from planimeter.raster.laid import lay
from planimeter.segment.index.formulas import Formula
from planimeter.segment.index.pixels import require
from planimeter.segment.index.statistics import IndexPixels, statistic_of_each, statistics_over
from planimeter.spatial.runs import Runs, intersect, runs_of
from planimeter.table import percent

if TYPE_CHECKING:
    from planimeter.program.measure import Ground
    from planimeter.raster import Scene
    from planimeter.raster.picture import OwnedPicture
    from planimeter.spatial import Shapes

_WORTH_SAYING = 0.0005  # of the ground


def index_values(
    formula: Formula, scene: Scene, later: Scene, covered: Runs, ground: Ground, median: bool
) -> dict[str, Any]:
    """What an index is over some pixels, as a program reads it; what a reader should know is told to ``ground``.

    Args:
        formula: the index.
        scene: whose bands it is computed of; the later scene itself, or the earlier date.
        later: the scene whose grid the pixels are of.
        covered: the pixels.
        ground: how large they are.
        median: whether the median is wanted.

    Raises:
        NotMeasurable: the scene's bands do not give the index.
    """
    _check_bands(formula, scene, later, ground)
    parts = [
        (IndexPixels(each.scene, formula, each.laid, each.corner), _owned(covered, each))
        for each in scene.pictures
    ] or [(IndexPixels(scene, formula, None if scene is later else lay(scene, later)), covered)]
    found = statistics_over(parts, ground.pixel_area, median)
    asked = found.pixels + found.without
    if found.without > _WORTH_SAYING * asked:
        ground.warn(
            f"{percent(found.without / asked, 2)} of the ground that was asked about has no {formula.name}, because a "
            "band has no data there or the index is 0 / 0; it counts for nothing."
        )
    if found.beyond > _WORTH_SAYING * found.pixels:
        ground.warn(
            f"{percent(found.beyond / found.pixels, 2)} of the pixels have {formula.name} below -1 or above 1, where a "
            "reflectance is below 0, as over dark water; they count as they are."
        )
    numbers: dict[str, Any] = {
        "mean": found.mean,
        "min": found.low,
        "max": found.high,
        "deviation": found.deviation,
    }
    if median:
        numbers["median"] = math.nan if found.median is None else found.median
    answer = {name: None if math.isnan(value) else value for name, value in numbers.items()}
    answer["area_pixels"] = found.pixels
    if ground.pixel_area is not None:
        answer["area_hectares"] = found.weight / 10_000
    return answer


def _check_bands(formula: Formula, scene: Scene, later: Scene, ground: Ground) -> None:
    """Tell what a reader should know of the bands of a scene, or of those of all its pictures.

    Raises:
        NotMeasurable: they do not give the index.
    """
    for each in [picture.scene for picture in scene.pictures] or [scene]:
        require(formula, each, formula.name)
        for sentence in _cautions(formula, each, scene is not later):
            ground.warn(sentence)


#: Statistics of an index that each of several shapes can have.
OF_EACH = ("mean", "min", "max", "deviation")


def index_of_each(
    formula: Formula, scene: Scene, later: Scene, regions: Shapes, ground: Ground, statistic: str
) -> np.ndarray:
    """(N,) a statistic of an index over each shape, NaN where none of its pixels has a value.

    Args:
        formula: the index.
        scene: whose bands it is computed of; the later scene itself, or the earlier date.
        later: the scene whose grid the shapes lie on.
        regions: the shapes.
        ground: how large pixels are; is told what a reader should know.
        statistic: one of ``OF_EACH``.

    Raises:
        NotMeasurable: the scene's bands do not give the index.
    """
    _check_bands(formula, scene, later, ground)
    parts = []
    for picture in scene.pictures:
        own, of_run = intersect(regions.runs, _all_of(picture, regions.runs.shape))
        parts.append(
            (IndexPixels(picture.scene, formula, picture.laid, picture.corner), own, regions.owner[of_run])
        )
    if not parts:
        laid = None if scene is later else lay(scene, later)
        parts = [(IndexPixels(scene, formula, laid), regions.runs, regions.owner)]
    return statistic_of_each(parts, len(regions), statistic, ground.pixel_area)


def _owned(covered: Runs, picture: OwnedPicture) -> Runs:
    """The pixels of the whole that one of its pictures shows."""
    return intersect(covered, _all_of(picture, covered.shape))[0]


def _all_of(picture: OwnedPicture, shape: tuple[int, int]) -> Runs:
    (x, y), (height, width) = picture.corner, picture.own.shape
    own = np.zeros(shape, bool)
    own[y : y + height, x : x + width] = picture.own
    return runs_of(own)


def _cautions(formula: Formula, scene: Scene, earlier: bool) -> list[str]:
    """What is to be said of the numbers that an index is computed of."""
    date = "Of the earlier date: " if earlier else ""
    said = [f"{date}{sentence}" for sentence in scene.spectrum.notes]
    if not scene.spectrum.calibrated:
        said.append(
            f"{date}{formula.name} is of the file's own numbers, which it does not call reflectance: compare it with "
            "other scenes only where they are proportional to that, or say --bands scale=,offset=."
        )
    return said
