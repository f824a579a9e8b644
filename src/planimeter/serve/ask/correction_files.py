"""The files of what a person corrected: to give back to the command line, and for the page to draw."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from planimeter.raster import Scene
from planimeter.segment.corrections import Corrections
from planimeter.spatial.file_frame import FileFrame

CORRECTIONS = "corrections.geojson"
PIXEL_CORRECTIONS = "corrections-pixels.geojson"
_LONGEST = 64  # pixels of a side, beyond which a straight one would bend between degrees and pixels


def count_of(corrections: Corrections, scene: Scene) -> int:
    """How many corrections there are."""
    return len(corrections.polygons(scene)[0])


def write_corrections(corrections: Corrections, scene: Scene, folder: Path) -> None:
    """Write corrections in longitude and latitude, where the scene has a CRS, and in its pixels.

    Args:
        corrections: what a person changed.
        scene: whose pixels they are in.
        folder: gets ``CORRECTIONS``, which ``planimeter ask --corrections`` takes, and ``PIXEL_CORRECTIONS``.
    """
    import shapely

    polygons, told = corrections.polygons(scene)
    for name, geographic in ((CORRECTIONS, True), (PIXEL_CORRECTIONS, False)):
        frame = FileFrame(scene.transform if geographic else None, scene.crs, geographic)
        sides = shapely.segmentize(polygons, _LONGEST) if frame.known else polygons
        placed = shapely.transform(sides, frame.coordinates)
        features = [
            {
                "type": "Feature",
                "properties": {"topic": topic, "action": action},
                "geometry": json.loads(text),
            }
            for (topic, action), text in zip(
                told, np.atleast_1d(shapely.to_geojson(placed)).tolist(), strict=True
            )
        ]
        collection = {"type": "FeatureCollection", "features": features}
        (folder / name).write_text(json.dumps(collection, separators=(",", ":")), encoding="utf-8")
