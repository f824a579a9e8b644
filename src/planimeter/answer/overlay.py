"""The picture of an answer: what was counted, what it was measured against, and the distance band."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from planimeter.answer.letters import drawable, drawable_names
from planimeter.answer.marks import draw_marks
from planimeter.answer.outlines import draw_outlines
from planimeter.answer.palette import (
    BAND,
    CHANGES,
    NOT_SURE,
    UNSURE,
    counted_colours,
    reference_colours,
    rgb,
)
from planimeter.spatial import Shapes, within_distance
from planimeter.spatial.runs import coverage
from planimeter.table import Table, area_shown, percent, shown
from planimeter.vocabulary.topics import GROUND, topic_of

if TYPE_CHECKING:
    from planimeter.answer.answer import Answer

LONGEST_SIDE = 1600  # pixels of the picture; larger scenes are shown reduced
INK = (24, 28, 34)
MUTED = (96, 104, 116)
PAPER = (255, 255, 255)
_MOST_LINES = 6  # of one text below the picture
_MOST_ROWS = 12  # of a table below the picture
_ROLES = {
    "list": " listed",
    "place": "",
    "table": " measured",
}  # what is said behind the shapes in the legend


@dataclass(frozen=True)
class _Layer:
    """One thing to draw: a mask of the picture's size, a colour, and its line in the legend."""

    label: str
    colour: tuple[int, int, int]
    cover: np.ndarray  # (h, w) float32 in 0..1: the share of the picture's pixel that the mask covers
    fill: float
    outline: int


def draw_overlay(answer: Answer) -> Image.Image:
    """Draw an answer on its scene.

    Args:
        answer: as ``planimeter.ask`` returns it.

    Returns:
        an RGB picture: the scene at up to 1600 px with the shapes, a scale bar, and below it the question, the
        answer and a legend.
    """
    scene = answer.scene
    reduction = max(1.0, max(scene.height, scene.width) / LONGEST_SIDE)
    enlargement = max(1, LONGEST_SIDE // 2 // max(scene.height, scene.width))  # small scenes are shown larger
    height = max(1, round(scene.height / reduction))
    width = max(1, round(scene.width / reduction))
    picture = scene.read_rgb(out_shape=(height, width))
    layers = _layers(answer, (height, width))
    if enlargement > 1:
        size = (width * enlargement, height * enlargement)
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC)
        layers = [_enlarged(layer, size) for layer in layers]
    for layer in layers:
        picture = _paint(picture, layer)
    canvas = Image.fromarray(picture)
    if answer.run.evidence.area is not None:
        draw_outlines(canvas, [answer.run.evidence.area.geometry], scene.shape)
    if answer.run.evidence.zones:
        names, values, polygons = zip(*answer.run.evidence.zones, strict=True)
        said = [f"{name}\n{value}" for name, value in zip(drawable_names(names), values, strict=True)]
        draw_outlines(canvas, polygons, scene.shape, said)
    draw_marks(canvas, answer)
    scale = answer.run.scale
    if scale is not None:
        _draw_scale_bar(canvas, scale.dx * scene.width / canvas.width)
    return _with_footer(canvas, answer, layers)


def _layers(answer: Answer, shape: tuple[int, int]) -> list[_Layer]:
    """What there is to draw, from the bottom up: band, reference topics, counted shapes."""
    evidence = answer.run.evidence
    layers: list[_Layer] = []
    if evidence.changes:
        return _changes(answer, shape)
    layers += [
        _Layer(
            f"{UNSURE}: {topic_of(topic).mass}, {percent(share)} of the ground",
            rgb(NOT_SURE),
            coverage(runs, shape),
            0.5,
            0,
        )
        for topic, (runs, share) in evidence.unsure.items()
    ]
    parts = sum(topic == GROUND for topic, _ in evidence.reference)
    references = [
        # A part of the image is told by its outline: a fill would cloud the whole picture.
        _Layer(_region_name(GROUND, parts), rgb(colour), _reduced(regions, shape), 0.0, 2)
        if topic == GROUND
        else _Layer(f"{topic_of(topic).mass} (reference)", rgb(colour), _reduced(regions, shape), 0.28, 1)
        for colour, (topic, regions) in zip(
            reference_colours([topic for topic, _ in evidence.reference]), evidence.reference, strict=True
        )
    ]
    band = _band(answer, shape)
    if band is not None:
        layers.append(band)
    layers += references
    colours = counted_colours([topic for topic, _ in evidence.counted])
    # Where several are of one topic in one colour, as in a list by zone, one line tells of them.
    several = len(set(colours)) < len(colours)
    drawn: dict[tuple[str, str, int], tuple[int, np.ndarray]] = {}
    for k, (colour, (topic, regions)) in enumerate(zip(colours, evidence.counted, strict=True)):
        key = colour, topic, 0 if several else k
        count, cover = drawn.get(key, (0, np.zeros(shape, np.float32)))
        drawn[key] = count + len(regions), np.maximum(cover, _reduced(regions, shape))
    for (colour, topic, _), (count, cover) in drawn.items():
        label = f"{count:,} {_region_name(topic, count)}{_ROLES.get(answer.type, ' counted')}"
        layers.append(_Layer(label, rgb(colour), cover, 0.42, 2))
    return layers


def _changes(answer: Answer, shape: tuple[int, int]) -> list[_Layer]:
    """What was lost, gained and kept between two dates; above it what was counted, where that is none of these."""
    evidence = answer.run.evidence
    layers = []
    for role in sorted(evidence.changes, key=list(CHANGES).index, reverse=True):
        for topic, regions in evidence.changes[role]:
            label = f"{role}: {topic_of(topic).mass or topic}{_amount(regions)}"
            layers.append(_Layer(label, rgb(CHANGES[role]), _reduced(regions, shape), 0.45, 1))
    known = [regions for found in evidence.changes.values() for _, regions in found]
    colours = counted_colours([topic for topic, _ in evidence.counted])
    for colour, (topic, regions) in zip(colours, evidence.counted, strict=True):
        if any(len(each) == len(regions) and (each.bbox == regions.bbox).all() for each in known):
            continue
        label = f"counted: {topic_of(topic).mass or topic}{_amount(regions)}"
        layers.append(_Layer(label, rgb(colour), _reduced(regions, shape), 0.45, 2))
    return layers


def _amount(regions: Shapes) -> str:
    """How many regions, and how large they are together."""
    several = f", {len(regions):,} {'region' if len(regions) == 1 else 'regions'}"
    if regions.area_m2 is None:
        return several
    return f"{several}, {area_shown(float(np.nansum(regions.area_m2)) / 10_000)}"


def _band(answer: Answer, shape: tuple[int, int]) -> _Layer | None:
    """The zone within the distance that was asked for, drawn on the picture's grid."""
    evidence, scale = answer.run.evidence, answer.run.scale
    if evidence.distance_m is None or scale is None or not evidence.near:
        return None
    together = np.zeros(shape, dtype=bool)
    for regions in evidence.near:
        together |= _reduced(regions, shape) > 0
    dx = scale.dx * answer.scene.width / shape[1]
    dy = scale.dy * answer.scene.height / shape[0]
    near = within_distance(together, evidence.distance_m, dx, dy)
    cover = (near & ~together).astype(np.float32)
    return _Layer(f"within {evidence.distance_m:,.6g} m", rgb(BAND), cover, 0.16, 1)


def _region_name(topic: str, count: int) -> str:
    return topic_of(topic).one if count == 1 else topic_of(topic).many


def _reduced(regions: Shapes, shape: tuple[int, int]) -> np.ndarray:
    """Share of each picture pixel that regions cover, so that no small shape disappears."""
    if regions.shape == shape:
        return regions.mask().astype(np.float32)
    return coverage(regions.united(), shape)


def _enlarged(layer: _Layer, size: tuple[int, int]) -> _Layer:
    cover = cv2.resize(layer.cover, size, interpolation=cv2.INTER_NEAREST)
    return _Layer(layer.label, layer.colour, cover, layer.fill, layer.outline)


def _paint(picture: np.ndarray, layer: _Layer) -> np.ndarray:
    """Blend one layer over the picture and draw its outline."""
    alpha = (layer.cover * layer.fill)[..., None]
    blended = picture * (1 - alpha) + np.array(layer.colour, dtype=np.float32) * alpha
    painted = blended.round().astype(np.uint8)
    solid = (layer.cover > 0).astype(np.uint8)
    inner = cv2.erode(solid, np.ones((3, 3), np.uint8), iterations=layer.outline, borderValue=0)
    painted[(solid == 1) & (inner == 0)] = layer.colour
    return painted


def _font(size: int) -> ImageFont.ImageFont | ImageFont.FreeTypeFont:
    return ImageFont.load_default(size)


def _draw_scale_bar(canvas: Image.Image, metres_per_pixel: float) -> None:
    """A bar of a round length, about a fifth of the picture's width, in the lower left corner."""
    draw = ImageDraw.Draw(canvas, "RGBA")
    metres = round_length(canvas.width * metres_per_pixel / 5)
    length = metres / metres_per_pixel
    label = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    size = max(12, canvas.width // 60)
    font = _font(size)
    left, bottom = size, canvas.height - size
    text_width = draw.textlength(label, font=font)
    draw.rectangle(
        (left - 8, bottom - size * 2 - 6, left + max(length, text_width) + 8, bottom + 8), fill=(0, 0, 0, 150)
    )
    draw.text((left, bottom - size * 2), label, font=font, fill=PAPER)
    draw.rectangle((left, bottom - size // 3, left + length, bottom), fill=PAPER)
    draw.rectangle((left, bottom - size // 3, left + length / 2, bottom), fill=INK, outline=PAPER)


def round_length(metres: float) -> float:
    """The largest 1, 2 or 5 times a power of ten that is not above a length.

    Example:
        >>> [round_length(value) for value in (7.2, 49.0, 1234.0)]
        [5.0, 20.0, 1000.0]
    """
    power = 10.0 ** math.floor(math.log10(metres))
    return max(step * power for step in (1, 2, 5) if step * power <= metres * (1 + 1e-12))


def _with_footer(canvas: Image.Image, answer: Answer, layers: Sequence[_Layer]) -> Image.Image:
    """Question, answer, legend and scale source on white below the scene."""
    width = max(canvas.width, 480)
    margin = max(14, width // 60)
    small, large = max(13, width // 70), max(20, width // 36)
    scale = answer.run.scale.said if answer.run.scale else "scale unknown"
    before = f"  ·  earlier: {answer.before['image']}" if answer.before else ""
    notes = [f"{scale}  ·  masks: {answer.segmenter}{before}", *answer.warnings]
    wrapped = {
        "question": _wrap(answer.question or "a program of your own", small, width - 2 * margin),
        "notes": [line for note in notes for line in _wrap(note, small, width - 2 * margin)],
    }
    table = answer.answer if isinstance(answer.answer, Table) and answer.answer.rows else None
    said = [] if table else _wrap(str(answer), large, width - 2 * margin)
    zones = [name for name, _, _ in answer.run.evidence.zones]
    lines = _table_lines(table, zones) if table else []
    legend = dict.fromkeys((layer.label, layer.colour) for layer in reversed(layers))
    rows = len(wrapped["question"]) + len(wrapped["notes"]) + len(legend) + len(lines)
    height = margin * 3 + len(said) * (large + 4) + 6 + rows * (small + 6)
    page = Image.new("RGB", (width, canvas.height + height), PAPER)
    page.paste(canvas, ((width - canvas.width) // 2, 0))
    draw = ImageDraw.Draw(page)
    y = canvas.height + margin
    for line in wrapped["question"]:
        draw.text((margin, y), line, font=_font(small), fill=MUTED)
        y += small + 6
    for line in said:
        draw.text((margin, y), line, font=_font(large), fill=INK)
        y += large + 4
    if table:
        y = _draw_table(draw, lines, table, (margin, y), small, width - 2 * margin)
    y += 6 + margin // 2
    for label, colour in legend:
        draw.rectangle((margin, y + 1, margin + small, y + small + 1), fill=colour, outline=INK)
        draw.text((margin + small + 8, y), drawable(label), font=_font(small), fill=INK)
        y += small + 6
    for line in wrapped["notes"]:
        draw.text((margin, y), line, font=_font(small), fill=MUTED)
        y += small + 6
    return page


def _table_lines(table: Table, zones: Sequence[str] = ()) -> list[list[str]]:
    """The headings and first rows of a table, and a line for the rest; zones by the names that the picture has."""
    named = dict(zip(zones, drawable_names(zones), strict=True))
    cells = [[column.heading for column in table.columns]]
    for row in table.rows[:_MOST_ROWS]:
        cells.append([shown(cell, column.unit) for cell, column in zip(row, table.columns, strict=True)])
    if len(table) > _MOST_ROWS:
        cells.append([f"... and {len(table) - _MOST_ROWS:,} more", *[""] * (len(table.columns) - 1)])
    return [[named.get(text) or drawable(text) for text in row] for row in cells]


def _draw_table(
    draw: ImageDraw.ImageDraw,
    lines: list[list[str]],
    table: Table,
    corner: tuple[int, int],
    size: int,
    width: int,
) -> int:
    """Draw a table's lines; columns that do not fit are left out. Returns where it ends."""
    font = _font(size)
    x, y = corner
    step, gap = size + 6, size
    last = len(lines) - 1 if len(table) > _MOST_ROWS else len(lines)
    for index, column in enumerate(table.columns):
        across = max(draw.textlength(line[index], font=font) for line in lines[:last])
        if x + across - corner[0] > width:
            break
        for number, line in enumerate(lines):
            right = column.kind not in ("text", "yes/no") and number < last
            start = x + across - draw.textlength(line[index], font=font) if right else x
            fill = MUTED if number == 0 or number >= last else INK
            draw.text((start, y + number * step), line[index], font=font, fill=fill)
        x += round(across) + gap
    return y + len(lines) * step


def _wrap(text: str, size: int, width: int) -> list[str]:
    """Break a text into lines that fit a width in pixels."""
    font = _font(size)
    lines: list[str] = [""]
    for word in drawable(text).split():
        candidate = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(candidate) > width:
            lines.append(word)
        else:
            lines[-1] = candidate
    return lines[:_MOST_LINES] + (["…"] if len(lines) > _MOST_LINES else [])
