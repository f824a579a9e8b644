"""The files of an answer's evidence folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from planimeter.answer.overlay import draw_overlay
from planimeter.errors import UsageError
from planimeter.spatial.export import Layer, write_geojson, write_geopackage

if TYPE_CHECKING:
    from planimeter.answer.answer import Answer


def write_evidence(answer: Answer, folder: Path) -> dict[str, Path]:
    """Write everything that lets somebody else check an answer.

    Args:
        answer: as ``planimeter.ask`` returns it.
        folder: made when it does not exist.

    Returns:
        path by kind: "overlay" (PNG), "shapes" (GeoJSON, WGS 84 where the scene has a CRS), "geopackage" (the
        scene's CRS), "program", "trace" and "answer" (JSON).

    Raises:
        UsageError: the folder cannot be made or written.
    """
    files = {
        "overlay": folder / "overlay.png",
        "shapes": folder / "shapes.geojson",
        "geopackage": folder / "shapes.gpkg",
        "program": folder / "program.py",
        "trace": folder / "trace.json",
        "answer": folder / "answer.json",
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draw_overlay(answer).save(files["overlay"])
        scene, layers = answer.scene, _layers(answer)
        write_geojson(files["shapes"], layers, scene.transform, scene.crs)
        if layers:
            write_geopackage(files["geopackage"], layers, scene.transform, scene.crs)
        else:
            del files["geopackage"]
        files["program"].write_text(answer.program.rstrip() + "\n", encoding="utf-8")
        files["trace"].write_text(json.dumps(answer.trace, ensure_ascii=False, indent=2), encoding="utf-8")
        files["answer"].write_text(answer.to_json(), encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"The evidence cannot be written to {str(folder)!r} ({error.strerror or error}): give --out a folder "
            "that can be written."
        ) from None
    return files


def _layers(answer: Answer) -> list[Layer]:
    """Counted shapes first, then the regions of the reference topics."""
    evidence = answer.run.evidence
    layers = [Layer(topic, regions, {"role": "counted"}) for topic, regions in evidence.counted]
    layers += [Layer(topic, regions, {"role": "reference"}) for topic, regions in evidence.reference]
    return layers
