"""Scenes, label rasters and vector layers: the one place that opens a path."""

from planimeter.raster.labels import LabelRaster, read_labels
from planimeter.raster.opening import open_scene
from planimeter.raster.scale import Scale
from planimeter.raster.scene import Scene

__all__ = [
    "LabelRaster",
    "Scale",
    "Scene",
    "open_scene",
    "read_labels",
]
