"""The files of an answer's evidence folder."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

from planimeter.answer.overlay import draw_overlay
from planimeter.answer.palette import role_colours
from planimeter.answer.qgis_styles import by_value, embed_styles, geometry_words
from planimeter.answer.report import write_report
from planimeter.answer.sources import record
from planimeter.answer.unsure import unsure_layers
from planimeter.answer.zone_files import write_zones
from planimeter.atomic import writing
from planimeter.errors import SceneError, UsageError
from planimeter.spatial.export import Layer, write_geojson, write_geopackage
from planimeter.table import Cell, Table, names_apart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planimeter.answer.answer import Answer


FILES = {
    "overlay": "overlay.png",
    "shapes": "shapes.geojson",
    "geopackage": "shapes.gpkg",
    "program": "program.py",
    "trace": "trace.json",
    "answer": "answer.json",
    "table": "answer.csv",
    "zones": "zones.gpkg",
    "report": "report.html",
}
"""Names of the files in an evidence folder, by kind."""


def write_evidence(answer: Answer, folder: Path, layers: Sequence[Layer] | None = None) -> dict[str, Path]:
    """Write everything that lets somebody else check an answer.

    Args:
        answer: as ``planimeter.ask`` returns it.
        folder: made when it does not exist.
        layers: the shapes, where more is known of them than ``shape_layers`` says.

    Returns:
        path by kind: "overlay" (PNG), "shapes" (GeoJSON, WGS 84 where the scene has a CRS; not where its CRS does
        not lead there), "geopackage" (the scene's CRS; not without shapes; also the regions of which a model is not
        sure, as layers of their own), "program", "trace", "answer" (JSON; with
        image, sources, date and version) and,
        for a table or list, "table" (CSV), and for zones "zones" (GeoPackage, in the scene's CRS); "report" is one
        HTML file with all that a reader needs.

    Raises:
        UsageError: the folder cannot be made or written.
    """
    files = {kind: folder / name for kind, name in FILES.items()}
    scene = answer.scene
    layers = shape_layers(answer) if layers is None else layers
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in files.values():
            path.unlink(missing_ok=True)  # what an earlier answer left there is no evidence of this one
        overlay = draw_overlay(answer)
        overlay.save(files["overlay"], compress_level=1)  # packed fast rather than small
        write_report(answer, files["report"], overlay)
        # A CRS may not lead to longitude and latitude: the GeoPackage has the shapes all the same.
        with suppress(SceneError):
            write_geojson(files["shapes"], layers, scene.transform, scene.crs, scene.cells)
        kept = [*layers, *unsure_layers(answer)]
        if kept:
            write_geopackage(files["geopackage"], kept, scene.transform, scene.crs, scene.cells)
            embed_styles(files["geopackage"], _styles(files["geopackage"], kept))
        files["program"].write_text(answer.program.rstrip() + "\n", encoding="utf-8")
        files["trace"].write_text(json.dumps(answer.trace, ensure_ascii=False, indent=2), encoding="utf-8")
        content = answer.to_dict() | record(answer)
        files["answer"].write_text(json.dumps(content, ensure_ascii=False, indent=2), encoding="utf-8")
        if isinstance(answer.answer, Table):
            files["table"].write_text(answer.answer.csv(), encoding="utf-8")
        if answer.run.evidence.zones:
            write_zones(files["zones"], answer)
    except OSError as error:
        raise UsageError(
            f"The evidence cannot be written to {str(folder)!r} ({error.strerror or error}): give --out a folder "
            "that can be written."
        ) from None
    return {kind: path for kind, path in files.items() if path.exists()}


def write_zip(answer: Answer, path: Path) -> dict[str, Path]:
    """Write the evidence as one ZIP file, which appears complete or not at all.

    Args:
        answer: as ``planimeter.ask`` returns it.
        path: the file; one of that name is replaced.

    Returns:
        its path, by the kind "zip".

    Raises:
        UsageError: it cannot be written.
    """
    with TemporaryDirectory() as folder:
        files = write_evidence(answer, Path(folder))
        with writing(path) as temporary, ZipFile(temporary, "w", ZIP_DEFLATED) as packed:
            for file in files.values():
                packed.write(file, f"{path.stem}/{file.name}")
    return {"zip": path}


def shape_layers(answer: Answer) -> list[Layer]:
    """Counted shapes first, then the regions of the reference topics; shapes of a list have its measures."""
    evidence = answer.run.evidence
    layers = [
        Layer(topic, regions, {"role": "counted"} | row_attributes(answer, k))
        for k, (topic, regions) in enumerate(evidence.counted)
    ]
    counted = [regions for _, regions in evidence.counted]
    layers += [Layer(topic, regions, {"role": "reference"}) for topic, regions in evidence.reference]
    for role, found in evidence.changes.items():
        layers += [
            Layer(topic, regions, {"role": role}) for topic, regions in found if regions not in counted
        ]
    return aligned(layers)


def aligned(layers: Sequence[Layer]) -> list[Layer]:
    """The same with the attributes of all layers of their topics, as files of shapes need: empty where one has none.

    Args:
        layers: any.
    """
    names: dict[str, dict[str, None]] = {}
    for layer in layers:
        names.setdefault(layer.topic, {}).update(dict.fromkeys(layer.attributes))
    return [
        # Each has numbers anyway, its own or those of a list.
        replace(
            layer,
            attributes={
                name: layer.attributes.get(name)
                for name in names[layer.topic]
                if name != "id" or name in layer.attributes
            },
        )
        for layer in layers
    ]


def _styles(path: Path, layers: Sequence[Layer]) -> dict[str, str]:
    """Each layer's shapes in the colours that the overlay draws their roles in."""
    colours = role_colours([(layer.topic, layer.attributes["role"]) for layer in layers])
    words = geometry_words(path)
    return {topic: by_value("role", roles, words[topic]) for topic, roles in colours.items()}


def row_attributes(answer: Answer, number: int) -> dict[str, list[Cell]]:
    """What a list says of the counted shapes of one topic: "id", its row, and the measures in its columns.

    Args:
        answer: any; of one that is no list there is nothing.
        number: of the entry of the evidence's counted shapes.
    """
    rows = answer.run.evidence.rows
    if not isinstance(answer.answer, Table) or not rows:
        return {}
    kept = rows[number]
    attributes: dict[str, list[Cell]] = {"id": list(kept)}
    columns = [column for column in answer.answer.columns if column.name not in _OWN_ATTRIBUTES]
    heads = [
        column.name if column.unit in (None, "count") else f"{column.name} {column.unit}"
        for column in columns
    ]
    for column, name in zip(columns, names_apart(heads, _FILE_COLUMNS), strict=True):
        cells = answer.answer.column(column.name)
        attributes[name] = [cells[row - 1] for row in kept]
    return attributes


#: Columns that files of shapes have anyway, as attributes or as the geometry itself.
_OWN_ATTRIBUTES = frozenset({"id", "topic", "x", "y", "longitude", "latitude", "area", "pixels"})
#: Names that the columns of such files have, which no measure of a list may take.
_FILE_COLUMNS = (
    "fid", "geom", "geometry", "bbox", "id", "topic", "role", "layer", "area_pixels", "area_m2", "area_ha", "length_m",
    "distance_m",
)  # fmt: skip
