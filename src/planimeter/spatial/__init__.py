"""Masks to regions, areas, distances, set operations and vector files: exact, fast, in metres."""

from planimeter.spatial.distance import distance_map, within_distance
from planimeter.spatial.export import Layer, geometries, write_geojson, write_geopackage
from planimeter.spatial.measure import equivalent_diameters, hectares, perimeters
from planimeter.spatial.nearest import region_distances
from planimeter.spatial.parquet import read_provenance, write_geoparquet
from planimeter.spatial.regions import Regions, label_regions
from planimeter.spatial.setops import clip, difference, intersection, merge, subtract, union

__all__ = [
    "Layer",
    "Regions",
    "clip",
    "difference",
    "distance_map",
    "equivalent_diameters",
    "geometries",
    "hectares",
    "intersection",
    "label_regions",
    "merge",
    "perimeters",
    "read_provenance",
    "region_distances",
    "subtract",
    "union",
    "within_distance",
    "write_geojson",
    "write_geopackage",
    "write_geoparquet",
]
