"""Nine kinds of land cover at 10 m from Sentinel-2, by Dynamic World."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from planimeter.errors import NotMeasurable
from planimeter.progress import with_progress
from planimeter.raster import Scene
from planimeter.raster.bands import preview_shape
from planimeter.raster.spectrum import SENTINEL2, SURFACE_LEVELS
from planimeter.segment.base import Seen, require_topics
from planimeter.segment.dynamicworld.kept import KeptLand
from planimeter.segment.dynamicworld.network import CLASSES, COLOURS, Network, normalised
from planimeter.segment.index.pixels import strips
from planimeter.segment.inference.grid import ModelGrid
from planimeter.segment.inference.seamless import Borders, Chosen, lay_windows, predict_blocks
from planimeter.segment.legend import load_legend
from planimeter.segment.memory import MEMORY
from planimeter.spatial.runs import Box

_LARGEST = 512  # pixels a side of a window: 60 MB of features
_STRIDE = 32
_ROWS = 512  # that are read at once
_BORDERS = 96 << 20  # bytes: what a row of windows over a whole tile of Sentinel-2 leaves to the next
_FINEST, _COARSEST = 8.0, 12.5  # metres per pixel that are 10 m
#: What the air adds to reflectance × 10,000 at the top of the atmosphere, per band: typical figures, fitted to nothing.
_AIR = np.array([800, 500, 280, 240, 190, 160, 130, 30, 10], np.float32)
#: Over land a twentieth of the blue pixels is darker than this at the ground, and nothing is at the top of the air.
_DARK_BLUE = 0.055
_DARK_SHARE = 5.0  # per cent
_SIDE = 512  # pixels a side of the reading that this is judged on


class DynamicWorldSegmenter:
    """Masks from a scene of Sentinel-2.

    Args:
        folder: of Dynamic World's SavedModel, or one above it.

    Raises:
        ModelError: there is no such model.
    """

    parts = True
    seam = _LARGEST
    together = True
    holds = (448 << 20) + _BORDERS
    pace = 20.0  # one core that does nothing else takes 2 or 3

    def __init__(self, folder: str | Path) -> None:
        self._network = Network(Path(folder))
        legend = load_legend("dynamicworld")
        self.name = "Dynamic World"
        self.topics: tuple[str, ...] = CLASSES
        self.brought = legend.brought
        self.exclusive = (CLASSES,)

    @staticmethod
    def suits(scene: Scene) -> bool:
        """Whether a scene is one of Sentinel-2 with the nine bands, at 10 m."""
        spectrum = scene.spectrum
        of_sentinel = spectrum.sensor == SENTINEL2 and spectrum.calibrated and not spectrum.lacks(COLOURS)
        return of_sentinel and scene.scale is not None and _FINEST <= scene.scale.gsd <= _COARSEST

    def look(self, scene: Scene, topics: Sequence[str], box: Box | None = None) -> Seen:
        """The most likely class of each pixel, the same for a part as for the whole scene; see ``Segmenter.look``.

        Pixels count that have all nine bands.

        Raises:
            NotMeasurable: a topic it does not offer, or a scene that is not Sentinel-2's.
            ModelError: the model cannot be opened.
        """
        require_topics(topics, self.topics, self.name)
        self._check(scene)
        valid = _known(scene, box or (0, 0, scene.width, scene.height))
        if not topics:
            return Seen({}, valid)
        land = self._land(scene, box or (0, 0, scene.width, scene.height))
        masks = {topic: land == CLASSES.index(topic) for topic in topics}
        return Seen(masks, valid, self._cautions(scene))

    def probabilities(self, scene: Scene, topics: Sequence[str]) -> dict[str, np.ndarray]:
        """One (H, W) float32 probability per topic, as the model gives it.

        Raises:
            NotMeasurable: a topic it does not offer, or a scene that is not Sentinel-2's.
        """
        require_topics(topics, self.topics, self.name)
        self._check(scene)
        found = {topic: np.empty(scene.shape, np.float32) for topic in topics}
        for rows, columns, logits in self._whole(scene):
            shares = _shares(logits)
            for topic, plane in found.items():
                plane[rows, columns] = shares[CLASSES.index(topic)]
        return found

    def confidence(self, scene: Scene) -> np.ndarray:
        """(H, W) float32: probability of the most likely class, as the model gives it.

        Raises:
            NotMeasurable: a scene that is not Sentinel-2's.
        """
        self._check(scene)
        found = np.empty(scene.shape, np.float32)
        for rows, columns, logits in self._whole(scene):
            found[rows, columns] = _shares(logits).max(axis=0)
        return found

    def fingerprint(self) -> str:
        """A hash of the model."""
        return f"dynamicworld:{self._network.sha256}"

    def _check(self, scene: Scene) -> None:
        """Refuse what the model was not made for.

        Raises:
            NotMeasurable: with the remedy.
        """
        spectrum = scene.spectrum
        remedy = "use --segmenter index, or a map with --labels"
        spectrum.require(COLOURS, "Dynamic World", scene.name)
        if spectrum.sensor != SENTINEL2:
            raise NotMeasurable(
                f"Dynamic World knows Sentinel-2 alone, and {scene.name} is "
                f"{'of ' + spectrum.sensor if spectrum.sensor else 'of a sensor that nobody names'}: {remedy}, or say "
                "--bands sensor=sentinel-2 if it is that."
            )
        if not spectrum.calibrated:
            raise NotMeasurable(
                f"Dynamic World needs reflectance, and {scene.name} does not say how its values become that: give "
                "--bands scale=0.0001,offset=0 with the numbers of your product."
            )
        if scene.scale is None or not _FINEST <= scene.scale.gsd <= _COARSEST:
            size = "of unknown size" if scene.scale is None else f"of {scene.scale.gsd:.3g} m"
            raise NotMeasurable(
                f"Dynamic World knows pixels of 10 m, and those of {scene.name} are {size}: warp it with gdalwarp -tr "
                f"10 10, or {remedy}."
            )

    def _land(self, scene: Scene, box: Box) -> np.ndarray:
        """(h, w) uint8 index of the most likely class; what was looked at before is known."""
        grid = _grid_of(scene)
        air = self._at_the_ground(scene)[0]
        kept = KeptLand(
            f"1 {self.fingerprint()} {air} {scene.spectrum} {grid.rows} {grid.columns} {scene.state()}"
        )
        land = np.empty((box[3] - box[1], box[2] - box[0]), np.uint8)
        (top, bottom), (first, last) = grid.windows_in(box)
        missing = []
        for r in range(top, bottom):
            for c in range(first, last):
                known = kept.get(r, c, _size(grid, r, c))
                if known is None:
                    missing.append((r, c))
                else:
                    _lay(known, grid, (r, c), land, box)
        if missing:
            rows, columns = zip(*missing, strict=True)
            chosen = (min(rows), max(rows) + 1), (min(columns), max(columns) + 1)
            for place, logits in self._predict(scene, grid, chosen):
                found = logits.argmax(axis=0).astype(np.uint8)
                kept.put(*place, found)
                _lay(found, grid, place, land, box)
        return land

    def _whole(self, scene: Scene) -> Iterator[tuple[slice, slice, np.ndarray]]:
        """Rows, columns and (9, h, w) logits of parts that cover the scene once."""
        grid = _grid_of(scene)
        every = (0, len(grid.rows.starts)), (0, len(grid.columns.starts))
        for (r, c), logits in self._predict(scene, grid, every):
            yield slice(*grid.rows.core(r)), slice(*grid.columns.core(c)), logits

    def _predict(
        self, scene: Scene, grid: ModelGrid, chosen: Chosen
    ) -> Iterator[tuple[tuple[int, int], np.ndarray]]:
        """Blocks of a scene, by row and column, and their (9, h, w) logits."""
        air = _AIR if self._at_the_ground(scene)[0] else 0

        def read(y: int, x: int, height: int, width: int) -> np.ndarray:
            part = (x, y, min(x + width, scene.width), min(y + height, scene.height))
            planes = scene.colours(COLOURS, part)
            numbers = np.stack(
                [
                    (planes[c][0] + np.float32(planes[c][1].shift)) * np.float32(planes[c][1].scale * 1e4)
                    for c in COLOURS
                ],
                axis=-1,
            )
            numbers = np.nan_to_num(numbers, copy=False) + air
            border = (0, height - numbers.shape[0]), (0, width - numbers.shape[1]), (0, 0)
            return normalised(np.pad(numbers, border, "symmetric") if any(map(any, border)) else numbers)

        (top, bottom), (first, last) = chosen
        borders = MEMORY.recall(
            scene, f"borders of {self.fingerprint()}", lambda: Borders(_BORDERS), lambda _: _BORDERS
        )
        blocks = predict_blocks(grid.rows, grid.columns, read, self._network.logits, 1, chosen, borders)
        places = ((r, c) for r in range(top, bottom) for c in range(first, last))
        total = (bottom - top) * (last - first)
        for place, block in zip(places, with_progress(blocks, total, "looking", "window"), strict=True):
            yield place, grid.on_scene(block)[2]

    def _at_the_ground(self, scene: Scene) -> tuple[bool, str]:
        """Whether a scene's reflectance is that of the ground, and how that is known."""
        level = scene.spectrum.level
        if level:
            return level in SURFACE_LEVELS, f"it is called {level}"
        dark = MEMORY.recall(
            scene, f"dark blue:{scene.spectrum}", lambda: (_dark_blue(scene),), lambda _: 64
        )[0]
        low = dark is not None and dark < _DARK_BLUE
        shown = "no pixel counts" if dark is None else f"a twentieth of its blue is below {dark:.3f}"
        return low, f"{shown}, which is {'less' if low else 'no less'} than the air alone reflects"

    def _cautions(self, scene: Scene) -> tuple[str, ...]:
        ground, why = self._at_the_ground(scene)
        said = []
        if ground:
            said.append(
                f"{scene.name} was taken as surface reflectance ({why}); Dynamic World knows reflectance at the top of "
                "the atmosphere, so what the air typically adds was put back; if that is wrong, give --bands level=L1C."
            )
        elif not scene.spectrum.level:
            said.append(
                f"{scene.name} was taken as reflectance at the top of the atmosphere ({why}); if that is wrong, give "
                "--bands level=L2A."
            )
        if scene.clouds is None:
            said.append(
                "Dynamic World takes clouds for snow and loses what lies under thin ones, and no mask of clouds was "
                "given: give --clouds auto or FILE where there may be some."
            )
        return (*said, *scene.spectrum.notes)


def _known(scene: Scene, box: Box) -> np.ndarray | None:
    """(h, w) bool: where all nine bands hold data, None for everywhere; nine bands of a tile are never held at once."""
    x0, y0, x1, y1 = box
    found = np.empty((y1 - y0, x1 - x0), bool)
    for top, bottom in strips(y0, y1, _ROWS):
        part = scene.known(COLOURS, (x0, top, x1, bottom))
        if part is None:
            return None
        found[top - y0 : bottom - y0] = part
    return found


def _grid_of(scene: Scene) -> ModelGrid:
    """Windows that depend on the scene's size alone."""
    rows, columns = (lay_windows(side, _STRIDE, _LARGEST) for side in scene.shape)
    return ModelGrid(scene, 1, 1, rows, columns, 10.0)


def _size(grid: ModelGrid, row: int, column: int) -> tuple[int, int]:
    (top, bottom), (left, right) = grid.rows.core(row), grid.columns.core(column)
    return bottom - top, right - left


def _lay(block: np.ndarray, grid: ModelGrid, place: tuple[int, int], land: np.ndarray, box: Box) -> None:
    """Put what of a block lies in a box into the box's pixels."""
    y, x = grid.rows.core(place[0])[0], grid.columns.core(place[1])[0]
    top, bottom = max(y, box[1]), min(y + block.shape[0], box[3])
    left, right = max(x, box[0]), min(x + block.shape[1], box[2])
    land[top - box[1] : bottom - box[1], left - box[0] : right - box[0]] = block[
        top - y : bottom - y, left - x : right - x
    ]


def _shares(logits: np.ndarray) -> np.ndarray:
    shares = np.exp(logits - logits.max(axis=0))
    return np.asarray(shares / shares.sum(axis=0))


def _dark_blue(scene: Scene) -> float | None:
    """The blue reflectance that a twentieth of the valid pixels stays below, on a coarse reading of the scene."""
    channel = scene.spectrum.channel("blue")
    assert channel is not None
    shape = preview_shape(scene.height, scene.width, _SIDE)
    blue = scene.read(None, (channel.index,), shape)[0].astype(np.float64)
    counts = scene.valid(None, shape) & (blue != 0) & np.isfinite(blue)
    if not counts.any():
        return None
    return float(np.percentile(blue[counts] * channel.scale + channel.offset, _DARK_SHARE))
