"""Masks to regions, areas, distances, set operations and vector files: exact, fast, in metres."""

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
