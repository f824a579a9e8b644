"""A segmenter that answers from an existing classification: a label raster and its legend."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from planimeter.errors import LabelError
from planimeter.raster import LabelRaster, Scene, read_labels
from planimeter.segment.base import Seen, require_topics
from planimeter.segment.legend import Legend, is_any_of, load_legend
from planimeter.spatial.runs import Box


class LabelSegmenter:
    """Masks from a label raster (``--labels FILE --legend FILE``).

    Args:
        path: an integer or RGB raster on the scene's grid, or georeferenced and then brought onto it by nearest
            neighbour.
        legend: a ``Legend``, a shipped name, or a JSON file.

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

    def __init__(self, path: str | Path, legend: Legend | str | Path) -> None:
        self.path = Path(path)
        self.legend = legend if isinstance(legend, Legend) else load_legend(legend)
        self.name = f"labels {self.path.name} ({self.legend.name})"
        self.topics = self.legend.topics
        self.brought = self.legend.brought

    def look(self, scene: Scene, topics: Sequence[str], box: Box | None = None) -> Seen:
        """What the raster shows; pixels count that it covers and that do not bear its nodata. See ``Segmenter.look``.

        Raises:
            LabelError: the raster cannot be read, or does not lie over the scene.
            NotMeasurable: a topic that the legend does not name.
        """
        require_topics(topics, self.topics, self.name)
        raster = read_labels(self.path, scene, box)
        self._check(raster)
        return Seen({topic: self._mask(raster, topic) for topic in topics}, self._valid(raster))

    def _valid(self, raster: LabelRaster) -> np.ndarray | None:
        nodata = self.legend.nodata(raster.values)
        covered = raster.valid if nodata is None else raster.valid & ~nodata
        return None if covered.all() else covered

    def fingerprint(self) -> str:
        """The file, its size and time, and the legend."""
        state = self.path.stat() if self.path.is_file() else None
        file = f"{self.path}:{state.st_size}:{state.st_mtime_ns}" if state else f"{self.path}"
        return f"labels:{file}:{self.legend}"

    def _check(self, raster: LabelRaster) -> None:
        """Refuse a legend of the wrong kind: it would find nothing and look like an answer of zero."""
        if raster.values.ndim == 2 and not any(self.legend.values.values()) and raster.colormap is None:
            raise LabelError(
                f"{self.path.name} holds one band of values, but the legend {self.legend.name} names only "
                'colours: give a legend with whole numbers, like {"water": [5]}.'
            )
        if raster.values.ndim == 3 and not any(self.legend.colours.values()):
            raise LabelError(
                f"{self.path.name} holds colours, but the legend {self.legend.name} names only values: give a "
                'legend with colours, like {"water": ["#0000FF"]}.'
            )

    def _mask(self, raster: LabelRaster, topic: str) -> np.ndarray:
        if raster.values.ndim == 2 and raster.colormap and not any(self.legend.values.values()):
            mask = is_any_of(raster.values, self._palette_indices(raster.colormap, topic))
        else:
            mask = self.legend.mask(raster.values, topic)
        return mask & raster.valid

    def _palette_indices(self, colormap: dict[int, tuple[int, int, int]], topic: str) -> tuple[int, ...]:
        wanted = set(self.legend.colours[topic])
        return tuple(
            index
            for index, colour in colormap.items()
            if (colour[0] << 16) | (colour[1] << 8) | colour[2] in wanted
        )
