"""Outlines on the picture of an answer: the area of interest, and zones with their names and values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from planimeter.answer.letters import drawable

LINE, CASING = (255, 255, 255), (24, 28, 34)
_SMALLEST_LETTERS = 10


def draw_outlines(
    canvas: Image.Image, polygons: Sequence[Any], shape: tuple[int, int], labels: Sequence[str] = ()
) -> None:
    """Draw polygons, dark with a white core, so that they are seen on any ground; and a label inside each.

    Args:
        canvas: the picture of the whole scene; it is drawn on.
        polygons: shapely Polygons or MultiPolygons in pixels of the scene.
        shape: (height, width) of the scene.
        labels: one for each polygon; those that find no room are left out.
    """
    draw = ImageDraw.Draw(canvas)
    across, down = canvas.width / shape[1], canvas.height / shape[0]
    width = max(3, canvas.width // 300)
    for colour, extra in ((CASING, 2), (LINE, 0)):
        for polygon in polygons:
            for ring in _rings(polygon):
                points = [(x * across, y * down) for x, y in ring]
                draw.line(points, fill=colour, width=width + extra, joint="curve")
    taken: list[tuple[float, float, float, float]] = []
    for polygon, label in zip(polygons, labels, strict=bool(labels)):
        _label(draw, polygon, label, (across, down), max(_SMALLEST_LETTERS, canvas.width // 50), taken)


def _rings(polygon: Any) -> Iterator[list[tuple[float, float]]]:
    import shapely

    for part in shapely.get_parts(polygon):
        for ring in (part.exterior, *part.interiors):
            yield shapely.get_coordinates(ring).tolist()


def _label(
    draw: ImageDraw.ImageDraw,
    polygon: Any,
    label: str,
    scale: tuple[float, float],
    size: int,
    taken: list[tuple[float, float, float, float]],
) -> None:
    """Write a label at a point inside a polygon, where it lies on no other."""
    import shapely

    place = shapely.point_on_surface(polygon)
    font: ImageFont.ImageFont | ImageFont.FreeTypeFont = ImageFont.load_default(size)
    lines = [drawable(line) for line in label.splitlines()]
    wide = max(draw.textlength(line, font=font) for line in lines)
    x, y = place.x * scale[0] - wide / 2, place.y * scale[1] - size * len(lines) / 2
    canvas_width, canvas_height = draw.im.size
    x, y = max(4, min(x, canvas_width - wide - 4)), max(4, min(y, canvas_height - size * len(lines) - 4))
    box = (x, y, x + wide, y + size * 1.2 * len(lines))
    west, north, east, south = polygon.bounds
    room = (east - west) * scale[0] > 0.7 * wide and (south - north) * scale[1] > 0.7 * size * len(lines)
    if not room or any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
        return
    taken.append(box)
    for number, line in enumerate(lines):
        at = (x + (wide - draw.textlength(line, font=font)) / 2, y + number * size * 1.2)
        draw.text(at, line, font=font, fill=LINE, stroke_width=max(1, size // 8), stroke_fill=CASING)
