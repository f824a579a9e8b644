"""Scenes, label rasters, vector layers and synthetic worlds: the one place that opens a path."""

from planimeter.raster.labels import LabelRaster, read_labels
from planimeter.raster.scale import Scale
from planimeter.raster.scene import Scene, open_scene
from planimeter.raster.vector import rasterize
from planimeter.raster.world import World, make_world

__all__ = [
    "LabelRaster",
    "Scale",
    "Scene",
    "World",
    "make_world",
    "open_scene",
    "rasterize",
    "read_labels",
]
