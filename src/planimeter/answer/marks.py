"""Marks on the picture of an answer: the numbers of listed shapes, and what points at a place."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

from planimeter.place import Place
from planimeter.table import Table

if TYPE_CHECKING:
    from planimeter.answer.answer import Answer

_MOST_NUMBERS = 100  # shapes that get their number drawn; of longer lists the first so many
_LINE, _EDGE = (255, 225, 60), (24, 28, 34)


def draw_marks(canvas: Image.Image, answer: Answer) -> None:
    """Draw on the picture of a scene what a list or a place needs to be found on it.

    Args:
        canvas: the whole scene at any size.
        answer: of any type.
    """
    scene = answer.scene
    across = canvas.width * scene.cells / scene.width
    down = canvas.height * scene.cells / scene.height
    draw = ImageDraw.Draw(canvas)
    if isinstance(answer.answer, Place):
        middle = canvas.width / 2, canvas.height / 2
        at = answer.answer.x * across, answer.answer.y * down
        _point_at(draw, middle, at, _ring(answer, canvas), canvas.width)
    elif answer.type == "list" and isinstance(answer.answer, Table) and len(answer.answer):
        table = answer.answer
        size = max(12, canvas.width // 64)
        font = ImageFont.load_default(size)
        cells = zip(table.column("id"), table.column("x"), table.column("y"), strict=True)
        for number, x, y in list(cells)[:_MOST_NUMBERS]:
            if isinstance(x, int | float) and isinstance(y, int | float):
                _number(draw, str(number), (x * across, y * down), font, canvas.size)


def _ring(answer: Answer, canvas: Image.Image) -> float:
    """Radius that goes around the shape that was found; around a point of it where it is large."""
    least, radius = max(10.0, canvas.width / 45), 0.0
    for _, regions in answer.run.evidence.counted:
        for x0, y0, x1, y1 in regions.bbox.tolist():
            radius = math.hypot(x1 - x0, y1 - y0) / 2 * canvas.width / answer.scene.width * 1.1
    return least if radius > canvas.width / 8 else max(least, radius)


def _number(
    draw: ImageDraw.ImageDraw,
    text: str,
    at: tuple[float, float],
    font: ImageFont.ImageFont | ImageFont.FreeTypeFont,
    size: tuple[int, int],
) -> None:
    left, top, right, bottom = draw.textbbox(at, text, font=font, anchor="mm", stroke_width=2)
    # Whole on the picture, also for shapes at its edge.
    dx = max(0.0, 1 - left) - max(0.0, right + 1 - size[0])
    dy = max(0.0, 1 - top) - max(0.0, bottom + 1 - size[1])
    draw.text(
        (at[0] + dx, at[1] + dy),
        text,
        font=font,
        anchor="mm",
        fill=(255, 255, 255),
        stroke_width=2,
        stroke_fill=_EDGE,
    )


def _point_at(
    draw: ImageDraw.ImageDraw, middle: tuple[float, float], at: tuple[float, float], ring: float, width: int
) -> None:
    """A cross at the centre, an arrow from there, and a ring around the place."""
    arm = max(5.0, width / 90)
    thin = max(2, width // 400)
    away = math.hypot(at[0] - middle[0], at[1] - middle[1])
    for colour, extra in ((_EDGE, 3), (_LINE, 0)):
        across = thin + extra
        for dx, dy in ((arm, 0), (0, arm)):
            ends = [(middle[0] - dx, middle[1] - dy), (middle[0] + dx, middle[1] + dy)]
            draw.line(ends, fill=colour, width=across)
        box = (at[0] - ring, at[1] - ring, at[0] + ring, at[1] + ring)
        draw.ellipse(
            (box[0] - extra / 2, box[1] - extra / 2, box[2] + extra / 2, box[3] + extra / 2),
            outline=colour,
            width=across,
        )
        if away > ring + 5 * arm:
            ux, uy = (at[0] - middle[0]) / away, (at[1] - middle[1]) / away
            start = middle[0] + ux * arm * 1.6, middle[1] + uy * arm * 1.6
            reach = ring + 0.2 * arm
            tip = at[0] - ux * reach, at[1] - uy * reach
            neck = tip[0] - ux * arm * 1.6, tip[1] - uy * arm * 1.6
            draw.line([start, neck], fill=colour, width=across)
            side = arm * 0.7 + extra / 2
            back = (neck[0] - ux * extra / 2, neck[1] - uy * extra / 2)
            head = [
                (tip[0] + ux * extra / 2, tip[1] + uy * extra / 2),
                (back[0] - uy * side, back[1] + ux * side),
                (back[0] + uy * side, back[1] - ux * side),
            ]
            draw.polygon(head, fill=colour)
