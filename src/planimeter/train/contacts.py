"""Where two things of one topic touch or nearly do: what lets a mask be cut into houses."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from planimeter.errors import UsageError
from planimeter.raster import Scene
from planimeter.raster.vector import read_features
from planimeter.train.config import SourceConfig, beside

CONTACT = 128  # added to the label of a pixel that lies in a contact
REACH = 0.75  # metres: a pixel with two things this near lies in a contact


def with_contacts(
    labels: np.ndarray, source: SourceConfig, topic: str, path: Path, scene: Scene
) -> np.ndarray:
    """Labels in which the values of contact pixels have grown by ``CONTACT``.

    Args:
        labels: (H, W) uint8, below ``CONTACT``.
        source: says which values show the topic, and what tells one thing from the next.
        topic: whose things.
        path: of the picture.
        scene: the picture.

    Raises:
        UsageError: labels leave no room for it.
    """
    if labels.max(initial=0) >= CONTACT - 1:
        raise UsageError(f"{path.name} has label values above {CONTACT - 2}: it can have no `instances`.")
    if source.instances == "components":
        shown = np.isin(labels, source.objects[topic]).astype(np.uint8)
        things = cv2.connectedComponents(shown, connectivity=8)[1].astype(np.uint16)
    else:
        polygons = beside(path, str(source.instances))
        things = _numbered(read_features(polygons, scene).pixels, scene)
    zone = contact_zone(things, max(1, round(REACH / source.gsd)))
    return labels + np.uint8(CONTACT) * zone.astype(np.uint8)


def contact_zone(things: np.ndarray, reach: int) -> np.ndarray:
    """(H, W) bool: pixels with two different things within ``reach`` pixels.

    Args:
        things: (H, W) uint16, number of the thing at each pixel, 0 for none.
        reach: pixels.

    Example:
        >>> contact_zone(np.array([[1, 1, 1, 2, 2, 2, 0, 0, 0]], np.uint16), 1).astype(int).tolist()
        [[0, 0, 1, 1, 0, 0, 0, 0, 0]]
    """
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    largest = cv2.dilate(things, disc)
    smallest = cv2.erode(np.where(things > 0, things, np.uint16(65535)), disc)
    zone: np.ndarray = (largest > 0) & (smallest < 65535) & (largest != smallest)
    return zone


def _numbered(polygons: np.ndarray, scene: Scene) -> np.ndarray:
    from rasterio.features import rasterize

    if len(polygons) == 0:
        return np.zeros(scene.shape, np.uint16)
    pairs = [(polygon, number) for number, polygon in enumerate(polygons, start=1)]
    numbered: np.ndarray = rasterize(pairs, scene.shape, dtype="uint16")
    return numbered
