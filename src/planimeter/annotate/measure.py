"""From what an annotator marked to the answer: the server's own arithmetic, whatever the page showed."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

from planimeter.annotate.grid import Cells, cells_of, from_runs
from planimeter.annotate.project import AskedQuestion
from planimeter.errors import ScaleError, UsageError
from planimeter.raster import Scene
from planimeter.squid.question import Value

MOST_POINTS = 20_000
_MOST_LINES = 200  # rulers kept as evidence
_MOST_KEYS = 8
_DEEPEST = 8  # lists in lists; rulers are four deep


def checked_work(work: dict[str, Any]) -> dict[str, Any]:
    """Marks that can be kept and told again, whatever they amount to.

    Args:
        work: as an annotator sent it.

    Raises:
        UsageError: it has more keys or deeper lists than a page makes, or holds what JSON or UTF-8 cannot say.

    Example:
        >>> checked_work({"points": [[1, 2.5]]})
        {'points': [[1, 2.5]]}
    """
    if len(work) > _MOST_KEYS or _depth(work) > _DEEPEST:
        raise UsageError("The work holds the marks of one question; send those only.")
    try:
        json.dumps(work, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:  # UnicodeEncodeError among them
        raise UsageError(
            "The work holds a number or a text that cannot be kept; send finite numbers and whole characters."
        ) from None
    return work


def _depth(work: dict[str, Any]) -> int:
    """How many lists and objects lie in each other; counted without going deeper in calls."""
    depth = 0
    layer: list[Any] = [work]
    while layer and depth <= _DEEPEST:
        depth += 1
        inner = [each for one in layer for each in (one.values() if isinstance(one, dict) else one)]
        layer = [each for each in inner if isinstance(each, (dict, list))]
    return depth


def measured(
    question: AskedQuestion,
    work: dict[str, Any],
    scene: Scene,
    cells: Callable[[Scene, int], Cells] = cells_of,
) -> Value:
    """The answer that an annotator's marks amount to.

    Args:
        question: what was asked.
        work: marks in pixels of the image: ``{"grid": n, "cells": runs}``, ``{"points": [[x, y], …]}``,
            ``{"line": [[x, y], [x, y]]}``, ``{"number": value}`` or ``{"choice": word}``; ``rulers`` beside them
            are evidence only.
        scene: the question's image.
        cells: lays a grid over a scene; a server keeps the grids it has laid.

    Returns:
        a percentage or area rounded to four decimals, a count, metres rounded to centimetres, or a word.

    Raises:
        UsageError: the marks are not what the question needs.
        ScaleError: metres or hectares are asked for and the image has no scale.
    """
    _check_lines(work.get("rulers", []), scene)
    tool = question.asked.tool
    if tool == "choice":
        return _choice(question, work.get("choice"))
    if tool == "number":
        return _number(work.get("number"))
    if tool == "points":
        points = work.get("points")
        _check_points(points, scene, MOST_POINTS)
        assert isinstance(points, list)
        return len(points)
    if tool == "ruler":
        return _length(work.get("line"), scene)
    size = work.get("grid")
    grid = cells(scene, size if type(size) is int else 0)
    selected = from_runs(work.get("cells"), grid.n)
    if question.asked.unit == "%":
        return round(grid.percentage(selected), 4)
    if grid.row_hectares is None:
        raise no_scale(scene)
    return round(grid.hectares(selected), 4)


def no_scale(scene: Scene) -> ScaleError:
    """What is said where ground lengths are needed and nobody stated the scale."""
    return ScaleError(
        f"The image {scene.name} states no scale, so nothing can be measured in metres or hectares: skip the question, "
        "and tell the organiser to add the image's gsd."
    )


def needs_scale(question: AskedQuestion) -> bool:
    """Whether an answer cannot be marked without a scale."""
    return question.asked.unit == "m" or (question.asked.unit == "ha" and question.asked.tool == "grid")


def _choice(question: AskedQuestion, word: object) -> str:
    if not isinstance(word, str) or word not in question.asked.categories:
        raise UsageError(f"Choose one of {', '.join(question.asked.categories)}.")
    return word


def _number(value: object) -> float:
    if type(value) not in (int, float) or not 0 <= value < 1e12:  # type: ignore[operator]
        raise UsageError("The answer must be a number of 0 or more; write it with digits, such as 0.74.")
    return float(value)  # type: ignore[arg-type]


def _length(line: object, scene: Scene) -> float:
    _check_lines([line], scene)
    if scene.scale is None:
        raise no_scale(scene)
    assert isinstance(line, list)
    (x0, y0), (x1, y1) = line
    dx, dy = scene.scale.sides
    return round(math.hypot((x1 - x0) * dx, (y1 - y0) * dy), 2)


def _check_lines(lines: object, scene: Scene) -> None:
    if not isinstance(lines, list) or len(lines) > _MOST_LINES:
        raise UsageError(f"Rulers are a list of at most {_MOST_LINES} lines; remove some.")
    for line in lines:
        _check_points(line, scene, 2)
        if len(line) != 2:
            raise UsageError("A ruler has two ends; set both by clicking on the image.")


def _check_points(points: object, scene: Scene, most: int) -> None:
    if not isinstance(points, list) or len(points) > most:
        raise UsageError(f"Mark between 0 and {most:,} places on the image.")
    for point in points:
        good = isinstance(point, list) and len(point) == 2
        good = good and all(type(number) in (int, float) for number in point)
        # Compared as they are: an integer may be larger than any float, and NaN is in no range.
        if not good or not (0 <= point[0] <= scene.width and 0 <= point[1] <= scene.height):
            raise UsageError("A mark lies outside the image; place it on the image.")
