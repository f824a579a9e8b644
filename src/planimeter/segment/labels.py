"""A segmenter that answers from an existing classification: a label raster and its legend."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from planimeter.errors import InputError, LabelError
from planimeter.raster import LabelRaster, Scene, read_labels
from planimeter.raster.files import state_of
from planimeter.raster.labels import finer_by
from planimeter.raster.pixel_areas import areas_in
from planimeter.segment.base import Seen, require_topics
from planimeter.segment.legend import Legend, load_legend, parse_legend
from planimeter.segment.memory import MEMORY
from planimeter.spatial.runs import Box

_AT_ONCE = 1 << 22  # pixels that are counted at a time


@dataclass(frozen=True)
class Amounts:
    """How much ground each class of a map covers on the valid pixels of a scene (how many pixels, without a scale).

    Attributes:
        topics: topic → how much of it.
        unnamed: "class 20" or "#00FF00" → how much of what no topic of the legend names, most first.
    """

    topics: dict[str, float]
    unnamed: dict[str, float]

    @property
    def whole(self) -> float:
        """How much there is in all, where topics do not overlap."""
        return math.fsum((*self.topics.values(), *self.unnamed.values()))


class LabelSegmenter:
    """Masks from a label raster (``--labels FILE --legend FILE``).

    Args:
        path: an integer or RGB raster on the scene's grid, or georeferenced and then brought onto it by nearest
            neighbour.
        legend: a shipped name, a JSON file, the same as a dict (``{"water": [5]}``), or a ``Legend``.

    Raises:
        LabelError: the legend cannot be read.

    Example:
        >>> from planimeter.raster import open_scene
        >>> from planimeter.worlds import make_world
        >>> import tempfile
        >>> paths = make_world(seed=1, size=128).write(tempfile.mkdtemp())
        >>> segmenter = LabelSegmenter(paths["labels"], paths["legend"])
        >>> segmenter.look(open_scene(paths["image"]), ["water"]).masks["water"].shape
        (128, 128)
    """

    parts = True

    def __init__(self, path: str | Path, legend: Legend | Mapping[str, Any] | str | Path) -> None:
        self.path = Path(path)
        if isinstance(legend, Mapping):
            legend = parse_legend(dict(legend), "given")
        self.legend = legend if isinstance(legend, Legend) else load_legend(legend)
        self.name = f"labels {self.path.name} ({self.legend.name})"
        self.topics = self.legend.topics
        self.brought = self.legend.brought
        self.exclusive = (self.legend.topics,)  # a pixel has one label

    def look(self, scene: Scene, topics: Sequence[str], box: Box | None = None) -> Seen:
        """What the raster shows; pixels count that it covers and that do not bear its nodata. See ``Segmenter.look``.

        Raises:
            LabelError: the raster cannot be read, or does not lie over the scene.
            NotMeasurable: a topic that the legend does not name.
        """
        require_topics(topics, self.topics, self.name)
        raster = read_labels(self.path, scene, box)
        self._check(raster)
        masks = {topic: self._mask(raster, topic) for topic in topics}
        return Seen(masks, self._valid(raster), (*self._undone(raster), *self._unmarked(raster)))

    def _mask(self, raster: LabelRaster, topic: str) -> np.ndarray:
        mask = self.legend.mask(raster.values, topic, raster.colormap)
        mask &= raster.valid
        return mask

    def _undone(self, raster: LabelRaster) -> tuple[str, ...]:
        """A sentence where the file says nodata of pixels that the legend names."""
        named = [topic for topic, values in self.legend.values.items() if raster.nodata in values]
        if not named or raster.values.ndim > 2 or (raster.valid | (raster.values != raster.nodata)).all():
            return ()
        return (
            f"{self.path.name} declares {raster.nodata:g} to be nodata, which the legend calls {named[0]}: these "
            "pixels count nowhere; if they are meant, run gdal_edit -unsetnodata on it.",
        )

    def _unmarked(self, raster: LabelRaster) -> tuple[str, ...]:
        """A sentence where pixels bear what is used for missing data, and neither the file nor the legend says so."""
        values = raster.values
        if values.ndim > 2 or raster.colormap is not None or not values.size:
            return ()
        signed = values.dtype.kind != "u"
        value = int(values.min()) if signed else int(values.max())
        if value >= 0 if signed else value != np.iinfo(values.dtype).max:
            return ()
        named = any(value in each for each in self.legend.values.values())
        pixels = raster.valid & (values == value)
        nothing = self.legend.nodata(values, None)
        if named or not (pixels if nothing is None else pixels & ~nothing).any():
            return ()
        return (
            f"{self.path.name} has pixels of the value {value}, which the legend {self.legend.name} does not name: "
            "they count as ground without any of its classes; if they are missing data, run gdal_edit -a_nodata "
            f"{value} on it.",
        )

    def _valid(self, raster: LabelRaster) -> np.ndarray | None:
        nodata = self.legend.nodata(raster.values, raster.colormap)
        covered = raster.valid if nodata is None else raster.valid & ~nodata
        return None if covered.all() else covered

    def finer_by(self, scene: Scene) -> float:
        """How many of the raster's pixels lie side by side in one of the scene's; 1 where they are no smaller."""
        return finer_by(self.path, scene)

    def amounts(self, scene: Scene) -> Amounts:
        """How much of the scene each class covers, also those that the legend does not name.

        Raises:
            LabelError: as ``look``.
        """
        name = f"amounts of {self.fingerprint()}"
        return MEMORY.recall(scene, name, lambda: self._amounts(scene), lambda found: 1000)

    def _amounts(self, scene: Scene) -> Amounts:
        area = None if scene.scale is None or scene.scale.by_pixels else scene.scale.pixel_area
        topics, unnamed = dict.fromkeys(self.topics, 0.0), Counter[str]()
        rows = max(1, _AT_ONCE // scene.width)
        for top in range(0, scene.height, rows):
            box = (0, top, scene.width, min(scene.height, top + rows))
            raster = read_labels(self.path, scene, box)
            self._check(raster)
            judged, left = self._valid(raster), scene.valid(box)
            left = left.copy() if judged is None else left & judged
            weights = np.float64(1) if area is None else areas_in(area, box)
            weights = np.broadcast_to(weights, left.shape)
            for topic in self.topics:
                mask = self._mask(raster, topic) & left
                topics[topic] += float(weights[mask].sum())
                left &= ~mask
            if left.any():
                values, of = np.unique(_packed(raster.values)[left], return_inverse=True)
                for value, amount in zip(
                    values.tolist(), np.bincount(of, weights[left]).tolist(), strict=True
                ):
                    unnamed[f"#{value:06X}" if raster.values.ndim == 3 else f"class {value}"] += amount
        return Amounts(topics, dict(unnamed.most_common()))

    def fingerprint(self) -> str:
        """The file, sizes and times of all files that it is read from, and the legend."""
        try:
            state = state_of(self.path)
        except InputError:  # what cannot be read is refused when it is looked at
            state = ()
        files = [f"{name}:{size}:{changed}" for name, size, changed in state]
        return f"labels:{self.path}:{' '.join(files)}:{self.legend}"

    def _check(self, raster: LabelRaster) -> None:
        """Refuse a legend of the wrong kind: it would find nothing and look like an answer of zero."""
        if raster.values.ndim == 2 and not any(self.legend.values.values()) and raster.colormap is None:
            raise LabelError(
                f"{self.path.name} holds one band of values, but the legend {self.legend.name} names only "
                'colours: give a legend with whole numbers, like {"water": [5]}.'
            )
        if raster.values.ndim == 3 and not any(self.legend.colours.values()):
            raise LabelError(
                f"{self.path.name} has several bands, which are read as colours, but the legend {self.legend.name} "
                'names only values: give a legend with colours, like {"water": ["#0000FF"]}, and of masks one file for '
                'each (gdal_translate -b 1), with a legend like {"water": [1]}.'
            )


def _packed(values: np.ndarray) -> np.ndarray:
    """(H, W) values, colours as 0xRRGGBB."""
    if values.ndim == 2:
        return values
    red, green, blue = (values[..., band].astype(np.uint32) for band in range(3))
    return (red << 16) | (green << 8) | blue
