"""Masks to regions, areas, distances, set operations and vector files: exact, fast, in metres.

- Things on a grid: ``shapes`` have pixels (``runs``) and measures. They are ``regions`` of a mask, with
  outlines by ``rings``, or ``features`` of a layer (``covered``, ``feature_measures``, ``ellipsoid``).
- Distances: ``distance`` between pixels, ``nearest`` from regions (``cell_distance``, ``cells``),
  ``neighbours`` of a kind.
- Other measures: ``perimeter``, ``orientation``, ``contained``, and ``change`` between two dates.
- Cutting and joining: ``setops``. What is refused early: ``checks``.
- Parts of a scene: ``area`` of interest, ``zones`` (``fractions`` of pixels; ``zone_names``), ``tiles``, and distances
  over them (``tiled``).
- Files: ``export`` and ``parquet``, in the coordinates of a ``file_frame``.
"""

from planimeter.spatial.distance import distance_map, within_distance
from planimeter.spatial.ellipsoid import Ellipsoid
from planimeter.spatial.export import Layer, geometries, write_geojson, write_geopackage
from planimeter.spatial.features import Features, features_of
from planimeter.spatial.nearest import region_distances
from planimeter.spatial.parquet import read_provenance, write_geoparquet
from planimeter.spatial.perimeter import perimeters
from planimeter.spatial.regions import Regions, label_regions
from planimeter.spatial.setops import clip, merge, subtract
from planimeter.spatial.shapes import Shapes

__all__ = [
    "Ellipsoid",
    "Features",
    "Layer",
    "Regions",
    "Shapes",
    "clip",
    "distance_map",
    "features_of",
    "geometries",
    "label_regions",
    "merge",
    "perimeters",
    "read_provenance",
    "region_distances",
    "subtract",
    "within_distance",
    "write_geojson",
    "write_geopackage",
    "write_geoparquet",
]
