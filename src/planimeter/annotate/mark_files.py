"""Marks for other programs: a GeoPackage per image for a GIS, COCO for those that train and label."""

from __future__ import annotations

import json
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from planimeter.annotate.drawn import DrawnAnswer
from planimeter.annotate.project import AskedQuestion
from planimeter.atomic import replacing
from planimeter.raster import Scene
from planimeter.spatial.file_frame import FileFrame
from planimeter.squid.types import read_question

_LAYERS = {"cells": "MultiPolygon", "points": "Point", "rulers": "LineString"}
_SAID = ("annotator", "question_id", "question", "type", "topic", "answer", "unit", "at", "note")


def write_marks_geopackage(path: Path, drawn: Sequence[DrawnAnswer]) -> Path:
    """The marks on one image: layers of cells (one feature an answer), points and rulers.

    Coordinates are in the image's CRS; without one they are pixels, x right and y down. A layer that nobody drew on
    is left out.

    Args:
        path: file to write; it appears complete or not at all.
        drawn: answers about one image.
    """
    place = FileFrame(drawn[0].scene.transform, drawn[0].scene.crs, geographic=False)
    with replacing(path) as temporary:
        for layer, rows in _features(drawn).items():
            if rows:
                _write_layer(temporary, layer, rows, place)
    return path


def coco(drawn: Sequence[DrawnAnswer], names: dict[str, str]) -> dict[str, Any]:
    """Cells and points in COCO's form: one annotation per answer of cells, and one per point.

    A topic is a category. Cells are polygons without holes (a shape with holes is cut through them), points are
    keypoints whose box is the pixel they lie in; who marked them stands under ``attributes``. COCO knows no lines, so
    rulers are left out.

    Args:
        drawn: answers about any images.
        names: image key → its file name.
    """
    keys = list(dict.fromkeys(one.question.image for one in drawn))
    scenes = {one.question.image: one.scene for one in drawn}
    topics = sorted({topic_of(one.question) for one in drawn})
    counted = {topic_of(one.question) for one in drawn if len(one.points)}
    annotations: list[dict[str, Any]] = []
    for one in drawn:
        about = {"image_id": keys.index(one.question.image) + 1, "iscrowd": 0}
        about["category_id"] = topics.index(topic_of(one.question)) + 1
        said = {"annotator": one.revision.annotator, "question_id": one.question.id}
        if one.cells is not None and not one.cells.is_empty:
            x0, y0, x1, y1 = one.cells.bounds
            shape = {"segmentation": _rings(one.cells), "area": one.cells.area}
            said_too = said | {"grid": one.grid}
            annotations.append(about | shape | {"bbox": [x0, y0, x1 - x0, y1 - y0], "attributes": said_too})
        for x, y in one.points.tolist():
            corner = [float(min(int(x), one.scene.width - 1)), float(min(int(y), one.scene.height - 1))]
            shape = {"keypoints": [x, y, 2], "num_keypoints": 1, "segmentation": [], "area": 1.0}
            annotations.append(about | shape | {"bbox": [*corner, 1.0, 1.0], "attributes": said})
    point = {"keypoints": ["point"], "skeleton": []}
    return {
        "info": {"description": "Marks of annotators; each is one person's, so they lie on each other."},
        "licenses": [],
        "images": [
            {"id": number, "file_name": names[key], "width": scenes[key].width, "height": scenes[key].height}
            for number, key in enumerate(keys, start=1)
        ],
        "categories": [
            {"id": number, "name": topic, "supercategory": "topic"} | (point if topic in counted else {})
            for number, topic in enumerate(topics, start=1)
        ],
        "annotations": [{"id": number} | one for number, one in enumerate(annotations, start=1)],
    }


def coco_text(drawn: Sequence[DrawnAnswer], names: dict[str, str]) -> str:
    """``coco`` as a file holds it."""
    return json.dumps(coco(drawn, names), ensure_ascii=False, separators=(",", ":")) + "\n"


def topic_of(question: AskedQuestion) -> str:
    """What was marked: the topic that the project states, else that of SQuID's wording, else the question's id."""
    if question.topic:
        return question.topic
    slots = read_question(question.type, question.text)
    return slots.target if slots is not None else question.id


def _features(drawn: Sequence[DrawnAnswer]) -> dict[str, list[tuple[Any, dict[str, Any]]]]:
    """By layer: shapes in pixels, each with its attributes."""
    layers: dict[str, list[tuple[Any, dict[str, Any]]]] = {layer: [] for layer in _LAYERS}
    for one in drawn:
        about = _about(one)
        if one.cells is not None:
            layers["cells"].append((one.cells, about | {"grid": one.grid, "cells": _selected(one)}))
        for number, point in enumerate(one.points, start=1):
            layers["points"].append((shapely.Point(point), about | {"number": number}))
        role = "answer" if one.answers else "on the way"
        for line in one.lines:
            more = {"role": role, "metres": _metres(line, one.scene)}
            layers["rulers"].append((shapely.LineString(line), about | more))
    return layers


def _about(one: DrawnAnswer) -> dict[str, Any]:
    question, revision = one.question, one.revision
    values = (revision.annotator, question.id, question.text, question.type, topic_of(question))
    more = (str(revision.answer), question.asked.unit or "", revision.at, revision.note)
    return dict(zip(_SAID, values + more, strict=True))


def _selected(one: DrawnAnswer) -> int:
    assert one.cells is not None
    assert one.grid is not None
    return round(one.cells.area * one.grid**2 / (one.scene.width * one.scene.height))


def _metres(line: np.ndarray, scene: Scene) -> float:
    if scene.scale is None or scene.scale.sheared:
        return float("nan")
    return float(np.hypot(*(line[1] - line[0]) * scene.scale.sides))


def _write_layer(path: Path, layer: str, rows: list[tuple[Any, dict[str, Any]]], place: FileFrame) -> None:
    from pyogrio import raw

    shapes = shapely.transform(np.array([shape for shape, _ in rows], dtype=object), place.coordinates)
    if layer == "cells":
        shapes = shapely.orient_polygons(shapes, exterior_cw=False)
    columns = {name: _column([about[name] for _, about in rows]) for name in rows[0][1]}
    with warnings.catch_warnings():
        # An image without a CRS gives a file without one: said in the docstring, no news to warn of.
        warnings.filterwarnings("ignore", message="'crs' was not provided")
        raw.write(
            path,
            geometry=np.asarray(shapely.to_wkb(shapes), dtype=object),
            field_data=list(columns.values()),
            fields=np.array(list(columns), dtype=object),
            field_mask=[_missing(values) for values in columns.values()],
            geometry_type=_LAYERS[layer],
            crs=place.wkt,
            layer=layer,
            driver="GPKG",
        )


def _column(values: list[Any]) -> np.ndarray:
    kinds: dict[type, Any] = {int: np.int64, float: np.float64}
    return np.array(values, dtype=kinds.get(type(values[0]), object))


def _missing(values: np.ndarray) -> np.ndarray:
    return np.isnan(values) if values.dtype == np.float64 else np.zeros(len(values), dtype=bool)


def _rings(cells: shapely.MultiPolygon) -> list[list[float]]:
    """Outlines without holes that cover the same ground: [x, y, x, y, …], not closed."""
    parts = [piece for part in cells.geoms for piece in _without_holes(part)]
    return [np.asarray(part.exterior.coords)[:-1].ravel().tolist() for part in parts]


def _without_holes(part: shapely.Polygon) -> list[shapely.Polygon]:
    """A polygon cut from top to bottom through each of its holes, which opens them."""
    if not part.interiors:
        return [part]
    x0, y0, x1, y1 = part.bounds
    cuts = sorted({(hole.bounds[0] + hole.bounds[2]) / 2 for hole in part.interiors})
    found: list[shapely.Polygon] = []
    for left, right in zip([x0, *cuts], [*cuts, x1], strict=True):
        pieces = shapely.get_parts(shapely.intersection(part, shapely.box(left, y0, right, y1)))
        found += [piece for piece in pieces if isinstance(piece, shapely.Polygon)]
    return found
