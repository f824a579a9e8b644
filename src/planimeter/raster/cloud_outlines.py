"""Clouds as polygons: MSK_CLOUDS, the mask that Sentinel-2's products had before baseline 04.00."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from affine import Affine
from rasterio.crs import CRS
from rasterio.features import rasterize

from planimeter.errors import LabelError, shown_name

if TYPE_CHECKING:
    from planimeter.raster.scene import Scene

Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class CloudOutlines:
    """Clouds as polygons.

    Attributes:
        name: of the file.
        epsg: the code of their coordinates; None where there are no polygons.
        polygons: rings of each, the exterior first.
    """

    name: str
    epsg: int | None
    polygons: tuple[tuple[Ring, ...], ...]

    def over(self, scene: Scene, box: tuple[int, int, int, int]) -> np.ndarray:
        """(h, w) bool: pixels of a box whose centres lie in a cloud.

        Raises:
            LabelError: they have other coordinates than the scene.
        """
        shape = box[3] - box[1], box[2] - box[0]
        if not self.polygons:
            return np.zeros(shape, bool)
        if scene.transform is None or scene.crs is None or scene.crs != CRS.from_epsg(self.epsg):
            raise LabelError(
                f"{shown_name(self.name)} has other coordinates (EPSG:{self.epsg}) than {scene.name}: give the clouds "
                "of the same product, or --clouds none."
            )
        shapes = [{"type": "Polygon", "coordinates": rings} for rings in self.polygons]
        there = scene.transform * Affine.translation(*box[:2])
        return rasterize(shapes, shape, transform=there, dtype="uint8").view(bool)


def is_outlines(file: str) -> bool:
    """Whether a file is such a mask, by its name.

    Example:
        >>> is_outlines("MSK_CLOUDS_B00.gml"), is_outlines("MSK_DEFECT_B00.gml")
        (True, False)
    """
    return re.fullmatch(r"(?:S2[ABC]_OPER_)?MSK_CLOUDS_.*\.GML", file.upper()) is not None


def outlines_of(content: bytes, name: str) -> CloudOutlines:
    """The clouds that a file of GML holds.

    Args:
        content: of the file.
        name: of the file.

    Raises:
        LabelError: it is damaged.

    Example:
        >>> outlines_of(b"<Mask><maskMembers/></Mask>", "MSK_CLOUDS_B00.gml").polygons
        ()
    """
    damaged = LabelError(
        f"{shown_name(name)} is damaged; copy or download the product again, or give --clouds none."
    )
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise damaged
    try:
        root = ElementTree.fromstring(content)
        polygons = tuple(tuple(_rings(each)) for each in root.iter() if _tag(each) == "Polygon")
    except (ElementTree.ParseError, ValueError) as problem:
        raise damaged from problem
    codes = [re.search(r"EPSG:[^:]*:(\d+)$", each.get("srsName", "")) for each in root.iter()]
    code = next((int(match.group(1)) for match in codes if match), None)
    if polygons and (code is None or not all(polygons)):
        raise damaged
    return CloudOutlines(name, code, polygons)


def _rings(polygon: ElementTree.Element) -> list[Ring]:
    """Exterior and holes, in the order of the file.

    Raises:
        ValueError: they are not pairs of finite numbers.
    """
    rings = []
    for places in (each for each in polygon.iter() if _tag(each) == "posList"):
        numbers = np.array((places.text or "").split(), float)
        size = int(places.get("srsDimension", "2"))
        if size < 2 or len(numbers) % size or len(numbers) < 4 * size or not np.isfinite(numbers).all():
            raise ValueError
        rings.append(tuple((float(x), float(y)) for x, y in numbers.reshape(-1, size)[:, :2]))
    return rings


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]
