"""The ground under a scene's pixels: which of them count, and how large they are."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from planimeter.raster.pixel_areas import PixelArea, area_of_mask, area_of_runs, differs
from planimeter.raster.scale import Scale
from planimeter.spatial import Shapes
from planimeter.spatial.runs import Runs, intersect, paint, runs_of

if TYPE_CHECKING:
    from planimeter.raster.scene import Scene
    from planimeter.segment.base import Segmenter

_TOLERANCE = 0.02  # a stated scale that differs by more is worth a warning


def amount(scale: Scale | None, mask: np.ndarray, corner: tuple[int, int] = (0, 0)) -> float:
    """How much a mask covers: m², or pixels where counts of them stand for areas.

    Args:
        scale: of the scene.
        mask: (h, w) bool, a part of the scene.
        corner: (x, y) of its first pixel.
    """
    if scale is None or scale.by_pixels:
        return float(np.count_nonzero(mask))
    return area_of_mask(scale.pixel_area, mask, corner)


#: Why lengths and areas are refused, and the remedy.
NO_SCALE = (
    "This needs lengths or areas on the ground, but the image does not say how large a pixel is: give the metres per "
    "pixel with --gsd."
)


class Tally:
    """Pixels that count and their ground, added up over the tiles of a scene.

    Args:
        height: rows of the scene.

    Attributes:
        rows: (H,) int64 pixels of each row that count.
        square_metres: their ground, where it does not follow from the rows.
        unjudged: how much of the scene's own valid ground (pixels, where counts of them stand for areas) the
            segmenter has no opinion on.
    """

    def __init__(self, height: int) -> None:
        self.rows = np.zeros(height, dtype=np.int64)
        self.square_metres = 0.0
        self.unjudged = 0.0

    @property
    def pixels(self) -> int:
        """How many pixels count."""
        return int(self.rows.sum())

    def add(self, first: int, rows: np.ndarray, square_metres: float, unjudged: float) -> None:
        """Add a tile: its first row, (h,) pixels of its rows that count, their ground, and what is not judged."""
        self.rows[first : first + len(rows)] += rows
        self.square_metres += square_metres
        self.unjudged += unjudged


class Ground:
    """Valid pixels and scale of one scene, as one program sees them.

    Args:
        scene: the image.
        segmenter: pixels it has no opinion on count nowhere.
        area: the pixels of the area of interest, whose ground is the base of percentages; None for the whole scene.
    """

    def __init__(self, scene: Scene, segmenter: Segmenter, area: Runs | None = None) -> None:
        self.scale: Scale | None = scene.scale
        self.warnings: list[str] = []
        #: What counts, where the scene was measured in tiles.
        self.tally: Tally | None = None
        #: The pixels that count, where the scene was measured in tiles and not all do.
        self.counting: Runs | None = None
        self._scene = scene
        self._segmenter = segmenter
        self._area = area

    def use(self, stated: float | None) -> Scale | None:
        """The scale to measure with; ``stated`` is what a program says, None where it says nothing."""
        if stated is None:
            return self.scale
        if self.scale is None:
            self.scale = Scale(gsd=stated, dx=stated, dy=stated, pixel_area=stated * stated, source="program")
        elif abs(stated / self.scale.gsd - 1) > _TOLERANCE:
            self.warn(
                f"The program states {stated:g} m per pixel, but the scene has {self.scale.gsd:.4g} m "
                f"({self.scale.source}); the scene's was used."
            )
        return self.scale

    @property
    def valid(self) -> np.ndarray | None:
        """(H, W) bool: pixels that count; None when all do."""
        return self._looked[0]

    @cached_property
    def _looked(self) -> tuple[np.ndarray | None, np.ndarray | None]:
        """The pixels that count, and the valid ones that the segmenter has no opinion on; None: all, and none."""
        judged = self._segmenter.look(self._scene, ()).valid
        if judged is None and self._scene.all_valid:
            return None, None
        own = self._scene.valid()
        valid = own if judged is None else own & judged
        return None if valid.all() else valid, None if judged is None else own & ~judged

    @cached_property
    def _unjudged(self) -> float:
        """How much of the valid ground that was asked about the segmenter has no opinion on."""
        if self.tally is not None:
            return self.tally.unjudged
        missing = self._looked[1]
        if missing is None:
            return 0.0
        return amount(self.scale, missing if self._area is None else missing & paint(self._area))

    def share(self, other: Ground) -> None:
        """Take over what another program has found of the same scene and segmenter."""
        self.tally, self.counting = other.tally, other.counting
        for name in ("_looked", "counting_runs"):
            if name in other.__dict__:
                self.__dict__[name] = other.__dict__[name]

    def only_valid(self, mask: np.ndarray) -> np.ndarray:
        """A mask without the pixels that count nowhere."""
        mask = np.asarray(mask, dtype=bool)
        return mask if self.valid is None else mask & self.valid

    @cached_property
    def counting_runs(self) -> Runs | None:
        """The pixels of the whole scene that count; None where all do."""
        if self.tally is not None:
            return self.counting
        return None if self.valid is None else runs_of(self.valid)

    @property
    def all_pixels(self) -> int:
        """How many pixels of the whole scene count."""
        counting = self.counting_runs
        if counting is None:
            return self._scene.width * self._scene.height
        return int((counting.stop - counting.start).sum())

    @cached_property
    def _inside(self) -> Runs:
        """The pixels of the area of interest that count."""
        assert self._area is not None
        counting = self.counting_runs
        return self._area if counting is None else intersect(self._area, counting)[0]

    @cached_property
    def valid_pixels(self) -> int:
        """How many pixels count: the base of percentages."""
        if self._area is not None:
            return int((self._inside.stop - self._inside.start).sum())
        if self.tally is not None:
            return self.tally.pixels
        if self.valid is None:
            return self._scene.width * self._scene.height
        return int(np.count_nonzero(self.valid))

    @property
    def valid_hectares(self) -> float:
        """Ground area of the pixels that count."""
        area = self.pixel_area
        if area is None:
            raise ValueError("no scale: ask `scale` first")
        if not differs(area):
            return float(self.valid_pixels * area / 10_000)
        if self._area is not None:
            return float(area_of_runs(area, *self._inside.rows()).sum() / 10_000)
        if self.tally is None:
            shape = self._scene.height, self._scene.width
            valid = np.ones(shape, dtype=bool) if self.valid is None else self.valid
            return area_of_mask(area, valid) / 10_000
        if isinstance(area, np.ndarray):
            return float((self.tally.rows * area).sum() / 10_000)
        return self.tally.square_metres / 10_000

    def share_of(self, runs: Runs) -> float:
        """The share of the ground that counts which pixels that count take, 0 to 1."""
        by_pixels = self.scale is None or self.scale.by_pixels
        if by_pixels or self.pixel_area is None:
            return float((runs.stop - runs.start).sum()) / max(1, self.valid_pixels)
        return float(area_of_runs(self.pixel_area, *runs.rows()).sum()) / (self.valid_hectares * 10_000)

    @property
    def judged(self) -> float:
        """The share of the scene's own valid ground that the segmenter has an opinion on; 1 where there is none."""
        unjudged = self._unjudged
        if not unjudged:
            return 1.0
        by_pixels = self.scale is None or self.scale.by_pixels
        counted = self.valid_pixels if by_pixels else self.valid_hectares * 10_000
        return counted / (counted + unjudged)

    @property
    def spread(self) -> float:
        """By how much the ground of pixels differs, as a share of it; 0 where all have the same."""
        area = self.pixel_area
        if area is None or not differs(area):
            return 0.0
        if isinstance(area, np.ndarray):
            return float(np.ptp(area) / area.max())
        height, width = self._scene.height, self._scene.width
        rim = [(x, y) for x in np.linspace(0.5, width - 0.5, 9) for y in np.linspace(0.5, height - 0.5, 9)]
        sizes = np.array([area.at(x, y) for x, y in rim])
        return float(np.ptp(sizes) / sizes.max())

    @property
    def pixel_area(self) -> PixelArea | None:
        """m² of a pixel, as ``Scale.pixel_area``; None without a scale."""
        return None if self.scale is None else self.scale.pixel_area

    def area_m2(self, regions: Shapes) -> np.ndarray:
        """(N,) float64: ground area of regions, also of those labelled before a program stated the scale."""
        if regions.area_m2 is not None:
            return regions.area_m2
        if not isinstance(self.pixel_area, float | int):
            raise ValueError("regions were labelled without the scene's scale")
        return regions.area_pixels * float(self.pixel_area)

    def warn(self, sentence: str) -> None:
        """Add a sentence to the run's warnings, once."""
        if sentence not in self.warnings:
            self.warnings.append(sentence)
