"""The marks of answers as geometry, in pixels of the image: cells as polygons, points, rulers as lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from planimeter.annotate.grid import Cells, cells_of, from_runs
from planimeter.annotate.project import AskedQuestion, Project
from planimeter.annotate.store import AnnotationStore, Revision
from planimeter.raster import Scene


@dataclass(frozen=True)
class DrawnAnswer:
    """One annotator's answer to a question, with its marks; x right and y down from the image's upper left corner.

    Attributes:
        question: what was asked.
        revision: the answer, its author and its marks as they were sent.
        scene: the image.
        cells: the selected cells as one shape, empty where none is selected; None where the tool is no grid.
        points: (N, 2) float, one per counted thing.
        lines: (N, 2, 2) float, the ends of rulers.
        answers: whether the line is the answer; else lines are what people measured on the way.
    """

    question: AskedQuestion
    revision: Revision
    scene: Scene
    cells: shapely.MultiPolygon | None = None
    points: np.ndarray = field(default_factory=lambda: np.zeros((0, 2)))
    lines: np.ndarray = field(default_factory=lambda: np.zeros((0, 2, 2)))
    answers: bool = False

    @property
    def grid(self) -> int | None:
        """Cells a side of the grid that was marked on."""
        return int(self.revision.work["grid"]) if self.cells is not None else None


def drawn_answers(project: Project, store: AnnotationStore) -> Iterator[DrawnAnswer]:
    """The current answers of a project's annotators with their marks, by question.

    Args:
        project: its questions and annotators.
        store: its answers.
    """
    latest = store.latest(marks=True)
    grids: dict[tuple[str, int], Cells] = {}
    for question in project.questions:
        scene = project.images[question.image].scene
        for person in project.annotators:
            revision = latest.get((person, question.id))
            if revision is not None and not revision.skipped:
                yield _drawn(question, revision, scene, grids)


def _drawn(
    question: AskedQuestion, revision: Revision, scene: Scene, grids: dict[tuple[str, int], Cells]
) -> DrawnAnswer:
    work: dict[str, Any] = revision.work
    answers = question.asked.tool == "ruler"
    lines = [work["line"]] if answers and work.get("line") else work.get("rulers", [])
    cells = None
    if question.asked.tool == "grid" and "grid" in work:
        key = (question.image, work["grid"])
        if key not in grids:
            grids[key] = cells_of(scene, work["grid"])
        selected = from_runs(work["cells"], key[1]) & grids[key].valid
        cells = outline(selected, key[1], scene.width, scene.height)
    points = work.get("points", []) if question.asked.tool == "points" else []
    return DrawnAnswer(
        question,
        revision,
        scene,
        cells,
        np.asarray(points, dtype=np.float64).reshape(-1, 2),
        np.asarray(lines, dtype=np.float64).reshape(-1, 2, 2),
        answers,
    )


def outline(selected: np.ndarray, n: int, width: int, height: int) -> shapely.MultiPolygon:
    """Cells of a grid over an image as one shape in pixels.

    Args:
        selected: (n·n,) bool.
        n: cells a side.
        width: of the image, in pixels.
        height: of the image, in pixels.

    Example:
        >>> shape = outline(np.arange(100) < 5, 10, 200, 160)
        >>> shape.area, shape.bounds
        (1600.0, (0.0, 0.0, 100.0, 16.0))
    """
    rows = np.pad(selected.reshape(n, n), ((0, 0), (1, 1))).astype(np.int8)
    edges = np.diff(rows, axis=1)
    row, first = np.nonzero(edges == 1)
    _, end = np.nonzero(edges == -1)
    x, y = np.arange(n + 1) * (width / n), np.arange(n + 1) * (height / n)
    whole = shapely.union_all(shapely.box(x[first], y[row], x[end], y[row + 1]))
    parts = [part for part in shapely.get_parts(whole) if part.geom_type == "Polygon" and not part.is_empty]
    return shapely.MultiPolygon(parts)
