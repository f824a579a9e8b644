"""One scene laid on the grid of another: which of its pixels lies under each pixel centre of the other."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from affine import Affine

from planimeter.errors import SceneError, shown_name
from planimeter.raster.scene import Scene

if TYPE_CHECKING:
    from planimeter.raster.nearest import Nearest

_Box = tuple[int, int, int, int]

_SAME = 0.05  # of a pixel, by which the corners of one grid may be rounded
_AT_ONCE = 1 << 20  # pixels that are looked up at a time
_SAMPLES = 256  # a side, to estimate how much is common


@dataclass(frozen=True)
class Laid:
    """How an earlier scene lies on a later one's grid.

    Attributes:
        later: the scene whose grid is the grid.
        earlier: the scene that is brought to it.
        how: "same grid", "pixel by pixel" (nothing says where they lie), "nearest" (one reference system, two grids) or
            "warped" (another reference system; nearest neighbour as well).
    """

    later: Scene
    earlier: Scene
    how: str

    @property
    def is_same(self) -> bool:
        """Whether pixel (x, y) of one is pixel (x, y) of the other."""
        return self.how in ("same grid", "pixel by pixel")

    @property
    def sentence(self) -> str:
        """What a reader should know of it; "" where the grids are one."""
        earlier, later = shown_name(self.earlier.name), shown_name(self.later.name)
        if self.how == "pixel by pixel":
            bare = [
                name
                for name, scene in ((earlier, self.earlier), (later, self.later))
                if placed(scene) is None
            ]
            verb = "bears" if len(bare) == 1 else "bear"
            return (
                f"{' and '.join(bare)} {verb} no georeference, so the two images were laid on one another pixel by "
                "pixel."
            )
        if self.how == "nearest":
            return (
                f"The grid of {earlier} differs, so it was brought to that of {later} by nearest neighbour."
            )
        if self.how == "warped":
            return (
                f"{earlier} is in another coordinate reference system, so it was brought to the grid of {later} by "
                "nearest neighbour."
            )
        return ""

    @cached_property
    def _nearest(self) -> Nearest:
        return _nearest(self.later, self.earlier)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_nearest"}

    def pixels(self, box: _Box) -> tuple[np.ndarray, np.ndarray]:
        """The earlier scene's columns and rows under a box of the later: two (h, w) int64, -1 where it has none."""
        x0, y0, x1, y1 = box
        if self.is_same:
            rows, columns = np.mgrid[y0:y1, x0:x1]
            return columns, rows
        return self._nearest.pixels(x0, y0, x1, y1)

    def window(self, box: _Box) -> _Box | None:
        """The pixels of the earlier scene that a box of the later needs; None where it needs none."""
        if self.is_same:
            return box
        found = []
        for part in _strips(box):
            columns, rows = self.pixels(part)
            inside = columns >= 0
            if inside.any():
                columns, rows = columns[inside], rows[inside]
                found.append((columns.min(), rows.min(), columns.max() + 1, rows.max() + 1))
        if not found:
            return None
        x0, y0, x1, y1 = np.array(found).T
        return int(x0.min()), int(y0.min()), int(x1.max()), int(y1.max())

    def bring(self, masks: dict[Any, np.ndarray], box: _Box, window: _Box) -> dict[Any, np.ndarray]:
        """Masks of a window of the earlier scene, as they lie on a box of the later; False where there is nothing.

        Args:
            masks: (h, w) bool each, of ``window``.
            box: (x0, y0, x1, y1) pixels of the later scene.
            window: (x0, y0, x1, y1) pixels of the earlier scene, as ``self.window`` gives them.
        """
        if self.is_same:
            return masks
        shape = box[3] - box[1], box[2] - box[0]
        brought = {name: np.zeros(shape, dtype=bool) for name in masks}
        for part in _strips(box):
            columns, rows = self.pixels(part)
            inside = columns >= 0
            rows, columns = rows[inside] - window[1], columns[inside] - window[0]
            for name, mask in masks.items():
                target = brought[name][part[1] - box[1] : part[3] - box[1]]
                target[inside] = mask[rows, columns]
        return brought

    def common(self) -> float:
        """About which share of the later scene the earlier one lies under, from a sample; 0 to 1."""
        if self.is_same:
            return 1.0
        xs = np.unique(np.linspace(0, self.later.width - 1, _SAMPLES).astype(int))
        ys = np.unique(np.linspace(0, self.later.height - 1, _SAMPLES).astype(int))
        hits = sum(
            int((self.pixels((0, int(y), self.later.width, int(y) + 1))[0][0, xs] >= 0).sum()) for y in ys
        )
        return hits / (len(xs) * len(ys))


def lay(earlier: Scene, later: Scene) -> Laid:
    """How an earlier scene is brought to the grid of a later one.

    Raises:
        SceneError: they do not overlap, or nothing says how one lies on the other.

    Example:
        >>> from tempfile import mkdtemp
        >>> from planimeter.raster import open_scene
        >>> from planimeter.worlds import make_world
        >>> scene = open_scene(make_world(1, size=64).write(mkdtemp())["image"])
        >>> lay(scene, scene).how
        'same grid'
    """
    import pyproj.exceptions

    one, other = placed(earlier), placed(later)
    same_size = earlier.shape == later.shape
    if one is None or other is None:
        if same_size:
            return Laid(later, earlier, "pixel by pixel")
        raise SceneError(
            f"{shown_name(earlier.name)} has {earlier.width} x {earlier.height} pixels and {shown_name(later.name)} "
            f"{later.width} x {later.height}, and nothing says how one lies on the other: give two georeferenced "
            "images, or two of one size."
        )
    if same_size and earlier.crs == later.crs and _apart(one, other, later) < _SAME:
        return Laid(later, earlier, "same grid")
    if (earlier.crs is None) != (later.crs is None):
        bare = earlier if earlier.crs is None else later
        raise SceneError(
            f"{shown_name(bare.name)} has a transform but no coordinate reference system, so its place beside the "
            "other image is unknown; assign one with gdal_edit -a_srs."
        )
    laid = Laid(later, earlier, "nearest" if earlier.crs == later.crs else "warped")
    try:
        everything = 0, 0, later.width, later.height
        elsewhere = _nearest(later, earlier).misses()
        elsewhere = elsewhere or (laid.common() == 0 and laid.window(everything) is None)
    except (pyproj.exceptions.CRSError, pyproj.exceptions.ProjError) as problem:
        raise SceneError(
            f"{shown_name(earlier.name)} cannot be brought to the grid of {shown_name(later.name)}; warp it with "
            "gdalwarp first."
        ) from problem
    if elsewhere:
        raise SceneError(
            f"{shown_name(earlier.name)} and {shown_name(later.name)} do not overlap; give two images of one place."
        )
    return laid


def placed(scene: Scene) -> Affine | None:
    """The transform that says where a scene lies; None where nothing does."""
    transform = scene.transform
    return None if transform is None or transform.is_identity or transform.is_degenerate else transform


def _nearest(later: Scene, earlier: Scene) -> Nearest:
    import pyproj

    from planimeter.raster.nearest import Nearest

    crs = None if earlier.crs is None else pyproj.CRS.from_wkt(earlier.crs.to_wkt(version="WKT2_2019"))
    assert earlier.transform is not None
    return Nearest(later, crs, earlier.transform, earlier.width, earlier.height)


def _apart(one: Affine, other: Affine, scene: Scene) -> float:
    """How far the corners of two grids of equal size lie apart, in pixels."""
    corners = [(x, y) for x in (0, scene.width) for y in (0, scene.height)]
    return max(math.dist(~other * (one * corner), corner) for corner in corners)


def _strips(box: _Box) -> list[_Box]:
    """A box in strips of rows, so that little is looked up at a time."""
    x0, y0, x1, y1 = box
    rows = max(1, _AT_ONCE // (x1 - x0))
    return [(x0, y, x1, min(y + rows, y1)) for y in range(y0, y1, rows)]
