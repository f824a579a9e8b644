"""Scenes, label rasters and vector layers: the one place that opens a path.

- A scene: ``opening`` makes a ``scene`` of a file (``files``) or a satellite's product (``products``:
  ``product_files``, ``product_grids``, ``product_masks``, ``metadata``, ``stac_item``); ``acquired`` is its
  day.
- Its scale: ``georeference`` says by the kind of grid (``projected``, ``cylindrical``, both in terms of
  ``ground_scale``) how large pixels are (``scale``, ``pixel_areas``); ``north`` is where that lies.
- Its bands: ``spectrum`` is what they are, by ``band_colours`` or ``bands_given``, with their
  ``reflectance``; ``bands`` are the picture.
- Its clouds: ``clouds``, ``cloud_outlines``, ``csmask``.
- Labels: ``labels`` on a scene's pixels by ``nearest``; ``masks`` and ``geotiff`` write some.
- Vector layers: ``vectorfile`` opens what ``vector_source`` names (``vector_layer``, ``vector_table``,
  ``geoparquet``); ``vector`` brings its ``geometries`` (``wkb``) onto a scene by ``placing``, ``unrolled``
  and ``clip``.
- Several images: ``laid`` and ``shift`` hold one against another, ``composite`` makes one scene of many dates;
  a ``picture`` is one of those that a scene is put together from.
"""

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
