"""Pixels that clouds and their shadows hide: they count for nothing."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from planimeter.errors import LabelError, UsageError, shown_name
from planimeter.raster.cloud_outlines import CloudOutlines, is_outlines, outlines_of
from planimeter.raster.files import Mosaic, local_file
from planimeter.raster.product_files import is_classi
from planimeter.raster.product_masks import classi_at

if TYPE_CHECKING:
    from planimeter.raster.scene import Scene

#: Sentinel-2's scene classification: no data, defective, cloud shadow, clouds of medium and high probability, cirrus.
_SCL_HIDDEN = (0, 1, 3, 8, 9, 10)
#: Landsat's QA_PIXEL: fill, dilated cloud, cirrus, cloud, cloud shadow.
_QA_PIXEL_BITS = 0b11111
#: HLS's Fmask: cloud, next to a cloud or shadow, cloud shadow; 255 is fill.
_FMASK_BITS = 0b1110
#: Fmask as a classification: cloud shadow, cloud, fill.
_FMASK_HIDDEN = (2, 4, 255)
_STRIP = 1024

_NAMES = {
    "scl": "the product's own scene classification (SCL)",
    "qa_pixel": "the product's own QA_PIXEL",
    "fmask": "the product's own Fmask",
    "fmask_bits": "the product's own Fmask",
    "classi": "the product's own MSK_CLASSI, which knows no shadows",
    "outlines": "the product's own MSK_CLOUDS, which knows no shadows",
    "csmask": "ukis-csmask, a model that errs",
}


@dataclass(frozen=True)
class Clouds:
    """A mask of clouds over a scene.

    Attributes:
        source: a raster of this machine, laid on the scene by nearest neighbour, or polygons.
        kind: what its values are: "scl", "qa_pixel", "fmask", "fmask_bits"; "classi", "mask" and "csmask", where
            anything but 0 hides; "outlines" of polygons.
    """

    source: Path | Mosaic | CloudOutlines
    kind: str

    @property
    def said(self) -> str:
        """How answers name it."""
        return _NAMES.get(self.kind) or shown_name(self.source.name)

    def seen(self, scene: Scene, box: tuple[int, int, int, int]) -> np.ndarray:
        """(h, w) bool: pixels of a box that nothing hides.

        Raises:
            LabelError: the mask cannot be read, does not lie over the scene, or is none.
        """
        from planimeter.raster.labels import read_labels  # which knows scenes

        if isinstance(self.source, CloudOutlines):
            return ~self.source.over(scene, box)
        # Of a mask, 0 is clear ground also where whoever wrote it declared 0 to be no data.
        raster = read_labels(self.source, scene, box, zero_says=self.kind not in ("scl", "qa_pixel"))
        values = raster.values
        if values.ndim == 3:
            raise LabelError(
                f"{self.said} holds colours, not clouds; give a mask of one band, where 0 is clear."
            )
        if self.kind == "scl":
            hidden = np.isin(values, _SCL_HIDDEN)
        elif self.kind == "qa_pixel":
            hidden = values & _QA_PIXEL_BITS > 0
        elif self.kind == "fmask_bits":
            hidden = (values & _FMASK_BITS > 0) | (values == 255)
        elif self.kind == "fmask":
            hidden = np.isin(values, _FMASK_HIDDEN)
        elif self.kind == "classi":
            hidden = values != 0
        else:
            odd = np.setdiff1d(np.unique(values[raster.valid]), (0, 1, 2, 255))
            if odd.size:
                raise LabelError(
                    f"{self.said} holds the value {odd[0]}, so it is no mask of clouds: give one where 0 is clear, 1 "
                    "cloud and 2 shadow, or a file called SCL, QA_PIXEL or Fmask as its product calls it."
                )
            hidden = values != 0
        return raster.valid & ~hidden


def clouds_at(path: str | os.PathLike[str]) -> Clouds:
    """A mask of clouds from a file, whose name says what its values are where it is one of a product's.

    Raises:
        LabelError: there is no such file.
    """
    file = local_file(path, LabelError)
    if is_outlines(file.name):
        return Clouds(outlines_of(file.read_bytes(), file.name), "outlines")
    if is_classi(file.name):
        return Clouds(classi_at(file), "classi")
    name = file.name.upper()
    for word, kind in (("QA_PIXEL", "qa_pixel"), ("FMASK", "fmask"), ("SCL", "scl")):
        if word in name:
            return Clouds(file, "fmask_bits" if kind == "fmask" and "HLS" in name else kind)
    return Clouds(file, "mask")


def chosen_clouds(
    wanted: str | os.PathLike[str] | None, own: tuple[Mosaic | CloudOutlines, str] | None
) -> tuple[Clouds | None, bool]:
    """The mask of clouds that a scene gets, and whether one is still to be made.

    Args:
        wanted: "auto", "none", a file, or None: a product's own where it has one.
        own: a product's own mask.

    Raises:
        LabelError: there is no such file.
        UsageError: nothing is wanted that can be had.
    """
    if wanted is None or wanted == "auto":
        if own is not None:
            return Clouds(*own), False
        return None, wanted == "auto"
    if wanted == "none":
        return None, False
    if not str(wanted):
        raise UsageError("--clouds names no mask: give auto, none or the path of a file.")
    return clouds_at(wanted), False


def hidden_share(scene: Scene) -> float:
    """Which part of a scene's own valid pixels its mask of clouds hides, 0 to 1."""
    whole, seen = counted_clear(scene)
    return 1 - seen / whole if whole else 0.0


def counted_clear(scene: Scene) -> tuple[int, int]:
    """How many pixels a scene has itself, and how many of them its mask of clouds leaves; none without a mask."""
    if scene.clouds is None:
        return 0, 0
    whole = seen = 0
    for top in range(0, scene.height, _STRIP):
        box = (0, top, scene.width, min(top + _STRIP, scene.height))
        own = scene.own_valid(box)
        whole += int(np.count_nonzero(own))
        seen += int(np.count_nonzero(own & scene.clouds.seen(scene, box)))
    return whole, seen
