"""Several dates of one place as one scene: the median of what each pixel was, without clouds."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rasterio.windows import Window

from planimeter.errors import UsageError
from planimeter.progress import with_progress
from planimeter.raster.geotiff import writing_geotiff
from planimeter.raster.laid import Laid, lay
from planimeter.raster.scene import Scene

_VALUES = 1 << 25  # of all scenes and bands together that are held at a time
_STEP = 0.0001  # reflectance of one step of the stored values, as Sentinel-2's


@dataclass(frozen=True)
class Composite:
    """What became of several dates.

    Attributes:
        path: the file.
        colours: its bands, in order.
        unseen: share of its pixels of which no date shows anything.
        notes: sentences about how the scenes were brought together.
    """

    path: Path
    colours: tuple[str, ...]
    unseen: float
    notes: tuple[str, ...]


def write_composite(path: str | os.PathLike[str], scenes: Sequence[Scene]) -> Composite:
    """Write the median of several scenes, pixel by pixel and band by band, on the grid of the first.

    A pixel of a date counts where all its bands hold data and no cloud hides it; of an even number of dates the median
    is the mean of the two in the middle. Pixels that no date shows are nodata. Scenes on other grids are brought to the
    first by nearest neighbour. The file has float32 values, ten thousand times the reflectance, with that scale in it,
    and its bands are described by their colours, so that it opens as a scene of known bands. It appears complete or
    not at all.

    Args:
        path: GeoTIFF to write; one of that name is replaced.
        scenes: two or more, opened; their clouds are left out as they were opened (``open_scene(…, clouds=…)``).

    Raises:
        UsageError: there are fewer than two scenes, they have no band in common, some have reflectance and some do not,
            or the file cannot be written there.
        SceneError: a scene does not lie on the first, or cannot be read.
    """
    if len(scenes) < 2:
        raise UsageError("A composite needs two dates or more: give several scenes of one place.")
    first = scenes[0]
    colours = tuple(
        colour
        for colour in first.spectrum.channels
        if not any(each.spectrum.lacks([colour]) for each in scenes)
    )
    if not colours:
        raise UsageError(
            "No band is known to be the same in all scenes: give --bands red=1,green=2,… for files that do not say."
        )
    calibrated = {each.spectrum.calibrated for each in scenes}
    if len(calibrated) > 1:
        raise UsageError(
            "Some of the scenes hold reflectance and some do not say so, which cannot be mixed: give --bands "
            "scale=,offset= for the others."
        )
    laid = [None, *(lay(each, first) for each in scenes[1:])]
    notes = tuple(dict.fromkeys(each.sentence for each in laid if each is not None and each.sentence))
    rows = max(1, min(first.height, _VALUES // (len(scenes) * len(colours) * first.width)))
    tops = range(0, first.height, rows)
    unseen = 0
    with writing_geotiff(path, first, colours, "The composite", dtype="float32", nodata=float("nan")) as file:
        if calibrated == {True}:
            file.scales = [_STEP] * len(colours)
        for top in with_progress(tops, len(tops), "taking medians", "strip"):
            box = (0, top, first.width, min(first.height, top + rows))
            values = median_over(scenes, laid, colours, box)
            unseen += int(np.isnan(values[0]).sum())
            file.write(values, window=Window(0, top, first.width, box[3] - top))
    return Composite(Path(path), colours, unseen / (first.width * first.height), notes)


def median_over(
    scenes: Sequence[Scene],
    laid: Sequence[Laid | None],
    colours: Sequence[str],
    box: tuple[int, int, int, int],
) -> np.ndarray:
    """(bands, h, w) float32 medians of a box of the first scene; NaN where no scene shows anything.

    Args:
        scenes: as for ``write_composite``.
        laid: how each lies on the first; None for the first itself.
        colours: bands that all have.
        box: (x0, y0, x1, y1) pixels of the first scene, half-open.
    """
    shape = box[3] - box[1], box[2] - box[0]
    stack = np.full((len(scenes), len(colours), *shape), np.nan, np.float32)
    for number, (scene, how) in enumerate(zip(scenes, laid, strict=True)):
        if how is None or how.is_same:
            stack[number] = _seen(scene, colours, box)
            continue
        window = how.window(box)
        if window is None:
            continue
        columns, lines = how.pixels(box)
        inside = columns >= 0
        found = _seen(scene, colours, window)
        stack[number][:, inside] = found[:, lines[inside] - window[1], columns[inside] - window[0]]
    # Sorted, what is not seen comes last: the middle is among the first ones that are. numpy's own nanmedian masks and
    # sorts every pixel apart.
    stack.sort(axis=0)
    seen = np.isfinite(stack).sum(axis=0, keepdims=True)
    low = np.take_along_axis(stack, np.maximum(seen - 1, 0) // 2, axis=0)[0]
    high = np.take_along_axis(stack, seen // 2, axis=0)[0]
    return np.where(seen[0] > 0, (low + high) / 2, np.float32(np.nan)).astype(np.float32)


def _seen(scene: Scene, colours: Sequence[str], box: tuple[int, int, int, int]) -> np.ndarray:
    """(bands, h, w) float32 reflectance in steps, or stored values where it is unknown; NaN where nothing is seen."""
    planes = scene.colours(colours, box)
    valid = scene.valid(box)
    known = scene.known(colours, box, planes)
    valid = valid if known is None else valid & known
    found = np.empty((len(colours), *valid.shape), np.float32)
    for band, colour in enumerate(colours):
        plane, channel = planes[colour]
        values = plane.astype(np.float64)
        if scene.spectrum.calibrated:
            values = (values * channel.scale + channel.offset) / _STEP
        found[band] = np.where(valid, values, np.nan)
    return found
