"""Land that is quick to make, cut into tiles, as files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from rasterio.crs import CRS

pytest.importorskip("distributed", reason="batches need the extra: pip install 'planimeter[scale]'")
pytest.importorskip("pyarrow", reason="batches need the extra: pip install 'planimeter[scale]'")

Box = tuple[int, int, int, int]
LEGEND = {"grass": [1], "forest": [2], "agric": [3], "water": [4], "road": [5], "roof": [6]}
NODATA = 255
CRS_UTM = CRS.from_epsg(32633)
HALF_METRE = Affine(0.5, 0, 500_000, 0, -0.5, 5_000_000)


@dataclass(frozen=True)
class Land:
    """Labels (H, W) uint8 with values of ``LEGEND`` or ``NODATA``, and where they lie."""

    labels: np.ndarray
    transform: Affine = HALF_METRE
    crs: CRS | None = CRS_UTM

    def part(self, box: Box) -> Land:
        """The part inside (x0, y0, x1, y1) pixels."""
        x0, y0, x1, y1 = box
        return Land(self.labels[y0:y1, x0:x1], self.transform * Affine.translation(x0, y0), self.crs)

    def is_topic(self, topic: str) -> np.ndarray:
        """(H, W) bool."""
        return self.labels == LEGEND[topic][0]

    def write(self, folder: Path, name: str, georeferenced: bool = True) -> Path:
        """Write a picture, its labels beside it, and the legend; returns the picture."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "legend.json").write_text(json.dumps(LEGEND))
        height, width = self.labels.shape
        common = {"driver": "GTiff", "dtype": "uint8", "height": height, "width": width, "nodata": NODATA}
        if georeferenced:
            common |= {"crs": self.crs, "transform": self.transform}
        with rasterio.open(folder / f"{name}.tif", "w", count=3, photometric="RGB", **common) as file:
            file.write(np.where(self.labels == NODATA, NODATA, self.labels * 30)[None].repeat(3, axis=0))
        with rasterio.open(folder / f"{name}_labels.tif", "w", count=1, **common) as file:
            file.write(self.labels, 1)
        return folder / f"{name}.tif"


def make_land(seed: int, height: int = 240, width: int = 240, roofs: int = 40) -> Land:
    """Fields, woods, ponds, roads and houses as rectangles in random places, houses on top."""
    rng = np.random.default_rng(seed)
    labels = np.ones((height, width), np.uint8)

    def rectangles(count: int, value: int, low: int, high: int) -> None:
        for _ in range(count):
            h, w = rng.integers(low, high, 2)
            y, x = rng.integers(0, height - 4), rng.integers(0, width - 4)
            labels[y : y + h, x : x + w] = value

    rectangles(6, 2, 20, 70)
    rectangles(4, 3, 20, 60)
    rectangles(4, 4, 8, 30)
    labels[int(rng.integers(10, height - 10)) :][:4] = 5
    labels[:, int(rng.integers(10, width - 10)) :][:, :4] = 5
    rectangles(roofs, 6, 3, 14)
    return Land(labels)


def tile_boxes(width: int, height: int, side: int, overlap: int) -> list[Box]:
    """Boxes of tiles that cover a picture, neighbours sharing ``overlap`` pixels."""
    step = side - overlap
    return [
        (x, y, min(x + side, width), min(y + side, height))
        for y in range(0, height - overlap, step)
        for x in range(0, width - overlap, step)
    ]


def write_tiles(land: Land, folder: Path, boxes: Sequence[Box], georeferenced: bool = True) -> list[Path]:
    """Write parts of a land as tile00.tif, tile01.tif, …"""
    return [land.part(box).write(folder, f"tile{n:02}", georeferenced) for n, box in enumerate(boxes)]


class Here:
    """Stands in for a cluster: runs tasks one after the other and keeps their keys."""

    workers = 1

    def __init__(self) -> None:
        self.ran: list[str] = []

    def map(self, function: Any, items: Sequence[Any], *, uses_model: bool = False) -> Iterator[Any]:
        from planimeter.scale.cluster import Done

        for index, item in enumerate(items):
            self.ran.append(item.key)
            yield Done(index, result=function(item))


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Here:
    """Batches run in this thread, without Dask."""
    from planimeter.scale.batch import run

    cluster = Here()

    @contextmanager
    def connect(*given: Any, **options: Any) -> Iterator[Here]:
        yield cluster

    monkeypatch.setattr(run, "connect", connect)
    return cluster
