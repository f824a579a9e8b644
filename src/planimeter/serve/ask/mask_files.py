"""An answer's masks as polygons, and as labels that can be given back."""

from __future__ import annotations

import io
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
from rasterio.io import DatasetReader, MemoryFile

from planimeter.serve.ask.tiles import mask_band, opened_masks, png
from planimeter.spatial import label_regions
from planimeter.spatial.export import Layer, write_geojson, write_geopackage

SHAPES = {".gpkg": "application/geopackage+sqlite3", ".geojson": "application/geo+json"}
MASK_SHAPES = "masks.gpkg"
_MOST_VALUES = 255


def mask_file(file: Path, name: str, suffix: str) -> bytes:
    """One mask as a file of 0 and 255.

    Args:
        file: a raster of masks, see ``write_masks``.
        name: of the mask.
        suffix: ".png", or ".tif" for a GeoTIFF on the scene's grid.

    Raises:
        Refused: there is no such mask.
    """
    with opened_masks(file) as dataset:
        mask = dataset.read(mask_band(dataset, name)) * np.uint8(255)
        return png(mask) if suffix == ".png" else _geotiff(mask, dataset)


def mask_shapes(file: Path, topics: list[str], suffix: str) -> bytes:
    """The connected regions of masks as polygons along the edges of their pixels.

    Args:
        file: a raster of masks, see ``write_masks``.
        topics: whose masks; of a GeoPackage one layer each.
        suffix: ".gpkg" in the scene's CRS, or ".geojson" in longitude and latitude; without a CRS both in pixels.

    Raises:
        Refused: there is no such mask.
        SceneError: the CRS does not lead to longitude and latitude.
    """
    with opened_masks(file) as dataset, TemporaryDirectory() as folder:
        layers = [Layer(topic, label_regions(_mask(dataset, topic))) for topic in topics]
        transform = None if dataset.transform.is_identity else dataset.transform
        write = write_geopackage if suffix == ".gpkg" else write_geojson
        return write(Path(folder) / f"masks{suffix}", layers, transform, dataset.crs).read_bytes()


def labels_zip(file: Path, topics: list[str]) -> bytes:
    """Masks as label rasters with legends, to be given back with an image: for exact answers, or as a sample for
    training.

    One raster holds as many topics as share no pixel; others get rasters of their own. 0 is what none of them has.

    Args:
        file: a raster of masks, see ``write_masks``.
        topics: whose masks.

    Returns:
        a zip of labels.tif and legend.json, where needed also labels-2.tif and legend-2.json, …

    Raises:
        Refused: there is no such mask.
    """
    packed = io.BytesIO()
    with opened_masks(file) as dataset, ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for k, (labels, legend) in enumerate(_labelled(dataset, topics)):
            end = f"-{k + 1}" if k else ""
            archive.writestr(f"labels{end}.tif", _geotiff(labels, dataset))
            archive.writestr(f"legend{end}.json", json.dumps(legend, ensure_ascii=False))
    return packed.getvalue()


def _labelled(dataset: DatasetReader, topics: list[str]) -> list[tuple[np.ndarray, dict[str, list[int]]]]:
    """Labels and what their values mean: as few rasters as topics one after the other need."""
    made: list[tuple[np.ndarray, dict[str, list[int]]]] = []
    for topic in topics:
        mask = _mask(dataset, topic)
        for labels, legend in made:
            if len(legend) < _MOST_VALUES and not (labels[mask] > 0).any():
                break
        else:
            labels, legend = np.zeros(mask.shape, np.uint8), {}
            made.append((labels, legend))
        legend[topic] = [len(legend) + 1]
        labels[mask] = len(legend)
    return made


def _mask(dataset: DatasetReader, topic: str) -> np.ndarray:
    return np.asarray(dataset.read(mask_band(dataset, topic)) > 0)


def _geotiff(values: np.ndarray, grid: DatasetReader) -> bytes:
    """(H, W) uint8 as a GeoTIFF on the grid of a raster."""
    profile = {"driver": "GTiff", "dtype": "uint8", "count": 1, "compress": "deflate", "crs": grid.crs}
    if not grid.transform.is_identity:
        profile["transform"] = grid.transform
    with MemoryFile() as memory:
        with memory.open(height=values.shape[0], width=values.shape[1], **profile) as copy:
            copy.write(values, 1)
        return bytes(memory.read())
