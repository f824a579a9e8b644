"""The files of a finished answer: its evidence folder, and what the page shows over the scene."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from planimeter.answer import Answer
from planimeter.answer.palette import BAND as BAND_COLOUR
from planimeter.answer.palette import CHANGES, NOT_SURE, UNSURE, counted_colours, reference_colours
from planimeter.answer.writer import aligned, row_attributes, write_evidence
from planimeter.answer.zone_classes import zone_classes
from planimeter.raster.masks import write_masks
from planimeter.serve.ask.outlines import hectares_of, outline_features, write_outlines
from planimeter.serve.ask.scenes import OpenedScene
from planimeter.serve.ask.wording import page_sentence
from planimeter.spatial import Shapes, region_distances, within_distance
from planimeter.spatial.export import Layer, write_geojson
from planimeter.spatial.runs import paint
from planimeter.table import Table, shown
from planimeter.vocabulary.topics import GROUND, topic_of, topic_words

MASKS = "masks.tif"
PIXEL_SHAPES = "pixels.geojson"
OUTLINES = "outlines.geojson"
VIEW = "view.json"
MOST_DRAWN = 20_000  # shapes that a page can draw one by one

BAND = "distance-band"
NOT_SURE_MASK = "not-sure-"  # what the names of masks begin with that are no topics
_PARTS = "parts"  # the layer of the parts of the image that an answer is about


def cautions_of(answer: Answer) -> list[str]:
    """An answer's warnings as the page says them."""
    return [page_sentence(sentence) for sentence in answer.warnings]


def write_answer_files(
    answer: Answer,
    found: dict[str, np.ndarray],
    judged: np.ndarray | None,
    opened: OpenedScene,
    asked: dict[str, Any],
    folder: Path,
    correctable: Sequence[str] = (),
) -> None:
    """Write the evidence folder, and masks, shapes and outlines in pixels.

    Args:
        answer: as ``planimeter.ask`` returns it.
        found: topic → mask of all that was looked for.
        judged: (H, W) bool, pixels that the segmenter judged; None for all.
        opened: the scene.
        asked: what was asked, kept with the answer.
        folder: where to.
        correctable: topics whose masks a person may correct.
    """
    scene, evidence, scale = answer.scene, answer.run.evidence, answer.run.scale
    valid = scene.valid()
    valid = valid if judged is None else valid & judged
    masks = {topic: mask & valid for topic, mask in found.items()}
    layers = [_layer(topic, topic_of(topic).mass, topic_of(topic).colour, "topic") for topic in masks]
    for topic, (runs, _) in evidence.unsure.items():
        masks[f"{NOT_SURE_MASK}{topic}"] = paint(runs)
        layers.append(
            _layer(f"{NOT_SURE_MASK}{topic}", f"{UNSURE}: {topic_of(topic).mass}", NOT_SURE, "topic")
        )
    together = np.zeros(scene.shape, bool)
    # A part of the image only says where; distances are those to what is near.
    others = [regions for topic, regions in evidence.reference if topic != GROUND]
    for regions in evidence.near or others:
        together |= regions.mask()
    has_reference = scale is not None and bool(together.any())
    if has_reference and evidence.distance_m is not None:
        assert scale is not None
        masks[BAND] = within_distance(together, evidence.distance_m, *scale.sides) & ~together
        layers.append(_layer(BAND, f"within {evidence.distance_m:,.6g} m", BAND_COLOUR, "band"))
    if masks:  # on the grid of the picture that they are shown over
        write_masks(
            folder / MASKS,
            {name: _in_pixels(mask, scene.cells) for name, mask in masks.items()},
            opened.scene,
        )
    shapes: list[Layer] = []
    colours = counted_colours([topic for topic, _ in evidence.counted])
    for k, (topic, regions) in enumerate(evidence.counted):
        name = f"counted-{k}"
        distances = [None] * len(regions)
        if has_reference and scale is not None and len(regions):
            distances = region_distances(regions, together, *scale.sides).tolist()
        role = _change_of(answer, regions)
        colour = CHANGES[role] if role else colours[k]
        layer = _layer(name, topic_of(topic).many, colour, "counted", len(regions))
        layers.append({**layer, "one": topic_of(topic).one, "change": role})
        said = {"role": role or "counted", "layer": name, "distance_m": distances}
        shapes.append(Layer(topic, regions, said | row_attributes(answer, k)))
    for role in sorted(evidence.changes, key=list(CHANGES).index):
        for k, (topic, regions) in enumerate(evidence.changes[role]):
            if any(_same(regions, counted) for _, counted in evidence.counted):
                continue
            name = f"{role}-{k}"
            layer = _layer(name, topic_of(topic).mass or topic, CHANGES[role], "change", len(regions))
            layers.append({**layer, "change": role})
            shapes.append(Layer(topic, regions, {"role": role, "layer": name}))
    beside = reference_colours([topic for topic, _ in evidence.reference])
    for k, (topic, regions) in enumerate(evidence.reference):
        name = f"reference-{k}"
        distances = [None] * len(regions)
        if topic == GROUND:
            name = _PARTS
            if name not in {layer["name"] for layer in layers}:
                layers.append(_layer(name, topic_of(topic).many, beside[k], "part"))
        else:
            layers.append(_layer(name, topic_of(topic).mass, beside[k], "reference", len(regions)))
        shapes.append(Layer(topic, regions, {"role": "reference", "layer": name, "distance_m": distances}))
    shapes = aligned(shapes)
    write_evidence(answer, folder, shapes)
    drawn = sum(len(layer.regions) for layer in shapes) <= MOST_DRAWN
    write_geojson(folder / PIXEL_SHAPES, shapes if drawn else [], None, None, scene.cells)
    outlines = _outlines(answer)
    if outlines is not None:
        write_outlines(folder / OUTLINES, outlines)
    view = {
        "kind": asked["kind"],
        "of": asked["of"],
        "scene": opened.listed.id,
        "scene_name": opened.listed.name,
        "files": opened.stamp,
        "text": str(answer),
        **_in_brief(answer),
        "cautions": cautions_of(answer),
        "layers": layers,
        "shapes_drawn": drawn,
        "outlined": outlines is not None,
        "zone_classes": _classes(answer),
        "distance_m": evidence.distance_m,
        "beyond": evidence.beyond,
        "correctable": [{"topic": topic, "shown": topic_words(topic)} for topic in correctable],
        "asked": {**asked, "area_hectares": _ground(answer)},
    }
    (folder / VIEW).write_text(json.dumps(view, ensure_ascii=False), encoding="utf-8")


def _ground(answer: Answer) -> float | None:
    area = answer.run.evidence.area
    return None if area is None else hectares_of(area, answer.scene)


def _in_brief(answer: Answer) -> dict[str, Any]:
    """An answer as a history tells it."""
    value: Any = answer.answer
    brief, unit = str(answer), answer.unit
    if isinstance(value, Table):
        total = f", {len(value):,} row{'' if len(value) == 1 else 's'}" if value.rows else ", empty"
        brief = f"{answer.type}{total}"
        # Where each zone has one row, the last is of all of them together; lists and breakdowns have several.
        zones = len(answer.run.evidence.zones)
        if zones and answer.type == "table" and len(value) == zones + 1:
            cell, column = value.rows[-1][1], value.columns[1]
            unit = column.unit
            tail = "" if unit in (None, "count") else f" {unit}"
            brief = f"{zones:,} zones, together {shown(cell)}{tail}"
            value = cell
    return {
        "question": answer.question,
        "brief": brief,
        "value": value if isinstance(value, int | float | str) else None,
        "unit": unit,
        "type": answer.type,
        "reading": answer.reading,
    }


def _change_of(answer: Answer, regions: Shapes) -> str | None:
    """What became of counted shapes between two dates, where that is what was counted."""
    for role, found in answer.run.evidence.changes.items():
        if any(_same(regions, each) for _, each in found):
            return role
    return None


def _same(one: Shapes, other: Shapes) -> bool:
    return one is other or (len(one) == len(other) and bool((one.bbox == other.bbox).all()))


def _first_rows(answer: Answer, table: Table) -> dict[str, int]:
    """The first row of each zone that has any: several are those of a composition, none those of an empty list."""
    first: dict[object, int] = {}
    for row, zone in enumerate(table.column("zone")):
        first.setdefault(zone, row)
    return {name: first[name] for name, _, _ in answer.run.evidence.zones if name in first}


def _classes(answer: Answer) -> dict[str, list[dict[str, Any]]]:
    """The colours of zones by each column of their table; nothing where the answer is not by zone."""
    table = answer.answer
    if not answer.run.evidence.zones or not isinstance(table, Table):
        return {}
    rows = [table.rows[row] for row in _first_rows(answer, table).values()]
    return {
        column.name: [asdict(each) for each in zone_classes([row[k] for row in rows], column)]
        for k, column in enumerate(table.columns)
        if k
    }


def _outlines(answer: Answer) -> dict[str, Any] | None:
    """The area of interest, or the zones with their rows in the table; None where the whole scene was measured."""
    evidence, cells = answer.run.evidence, answer.scene.cells
    if evidence.zones and isinstance(answer.answer, Table):
        first = _first_rows(answer, answer.answer)
        about = [
            {"role": "zone", "zone": name} | ({"row": first[name]} if name in first else {})
            for name, _, _ in evidence.zones
        ]
        return outline_features([shape for _, _, shape in evidence.zones], about, cells)
    if evidence.area is not None:
        return outline_features([evidence.area.geometry], [{"role": "area"}], cells)
    return None


def _in_pixels(mask: np.ndarray, cells: int) -> np.ndarray:
    """(H, W) bool: pixels of which any cell is in a mask of cells."""
    height, width = mask.shape
    if cells == 1:
        return mask
    blocks = mask.reshape(height // cells, cells, width // cells, cells)
    return np.asarray(blocks.any(axis=(1, 3)))


def _layer(name: str, shown: str, colour: str, role: str, count: int | None = None) -> dict[str, Any]:
    return {"name": name, "shown": shown, "colour": colour, "role": role, "count": count, "change": None}
