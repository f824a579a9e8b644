"""The program API once more, by brute force in plain Python: what CPython says when it runs the same program.

Slow on purpose: regions by flood fill, distances by looking at every pair of pixels.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .fakes import TOPICS

Shape = dict[str, Any]


class CannotAnswer(Exception):
    """The program gave up."""


def regions_of(mask: np.ndarray) -> list[np.ndarray]:
    """The 8-connected regions of a mask: (N, 2) y, x pixel lists, by first pixel in raster order."""
    left = {(int(y), int(x)) for y, x in np.argwhere(mask)}
    found = []
    for start in sorted(left):
        if start not in left:
            continue
        left.remove(start)
        pending, region = [start], []
        while pending:
            y, x = pending.pop()
            region.append((y, x))
            for neighbour in [(y + i, x + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]:
                if neighbour in left:
                    left.remove(neighbour)
                    pending.append(neighbour)
        found.append(np.array(sorted(region)))
    return found


def nearest(pixels: np.ndarray, others: np.ndarray, gsd: float) -> np.ndarray:
    """(N,) metres from each pixel's centre to the nearest of the other pixels' centres."""
    if len(others) == 0:
        return np.full(len(pixels), np.inf)
    rows = [np.min(((pixel - others) ** 2).sum(axis=1)) for pixel in pixels]
    return np.round(np.sqrt(np.array(rows, dtype=float)) * gsd, 9)


class Reference:
    """Names for ``exec``: the program functions on one label array."""

    def __init__(self, labels: np.ndarray, gsd: float | None) -> None:
        self.labels, self.gsd = labels, gsd
        self.pixels: dict[int, np.ndarray] = {}

    def names(self) -> dict[str, Any]:
        functions = [
            self.segment_image_from_path,
            self.find_surrounding_shapes,
            self.find_shapes_within_distance,
            self.find_shapes_beyond_distance,
            self.calculate_shape_distances,
            self.calculate_shape_perimeters,
            self.intersect_shapes,
            self.subtract_shapes,
            self.merge_shapes,
            self.find_image_shapes,
            self.highlight_shapes,
            self.cannot_answer,
        ]
        return {
            "__name__": "__main__",
            "IMAGE_PATH": "scene.png",
            "gsd": self.gsd,
            **{function.__name__: function for function in functions},
        }

    def run(self, text: str) -> Any:
        """What ``answer`` holds after the program, yes/no as the sandbox says it."""
        names = self.names()
        exec(compile(text, "program.py", "exec"), names)
        answer = names["answer"]
        return {True: "yes", False: "no"}[answer] if isinstance(answer, bool) else answer

    def shape(self, pixels: np.ndarray, kind: str, source: int | None = None) -> Shape:
        number = len(self.pixels) + 1
        self.pixels[number] = pixels
        low, high = pixels.min(axis=0).tolist(), pixels.max(axis=0).tolist()
        centre = (pixels.mean(axis=0) + 0.5).tolist()
        shape: Shape = {
            "id": number,
            "class_type": kind,
            "area_pixels": len(pixels),
            "bbox": [low[1], low[0], high[1] + 1, high[0] + 1],
            "centroid": [centre[1], centre[0]],
        }
        if self.gsd is not None:
            shape["area_hectares"] = len(pixels) * self.gsd**2 / 10_000
        if source is not None:
            shape["source_id"] = source
        return shape

    def segment_image_from_path(
        self, image_input: str, topics: list[str], min_area_pixels: int = 0, gsd: float | None = None
    ) -> dict[str, Any]:
        assert image_input == "scene.png"
        shapes = [
            self.shape(region, topic)
            for topic in ([topics] if isinstance(topics, str) else topics)
            for region in regions_of(self.labels == TOPICS.index(topic) + 1)
            if len(region) >= min_area_pixels
        ]
        height, width = self.labels.shape
        result = {
            "shapes": shapes,
            "image_width": width,
            "image_height": height,
            "total_pixels": height * width,
        }
        if self.gsd is not None:
            result["total_hectares"] = height * width * self.gsd**2 / 10_000
        return result

    def _union(self, shapes: list[Shape]) -> np.ndarray:
        pixels = {tuple(p) for s in shapes for p in self.pixels[s["id"]].tolist()}
        return np.array(sorted(pixels)).reshape(-1, 2)

    def _cut(self, targets: list[Shape], keep: Any) -> list[Shape]:
        found = []
        for target in targets:
            pixels = self.pixels[target["id"]]
            kept = pixels[keep(pixels)]
            if len(kept):
                found.append(self.shape(kept, target["class_type"], target["id"]))
        return found

    def find_shapes_within_distance(
        self,
        target_shapes: list[Shape],
        reference_shapes: list[Shape],
        distance_meters: float,
        resolution: Any = None,
    ) -> list[Shape]:
        others = self._union(reference_shapes)
        return self._cut(target_shapes, lambda p: nearest(p, others, self.gsd or 1) <= distance_meters)

    def find_shapes_beyond_distance(
        self,
        target_shapes: list[Shape],
        reference_shapes: list[Shape],
        distance_meters: float,
        resolution: Any = None,
    ) -> list[Shape]:
        others = self._union(reference_shapes)
        return self._cut(target_shapes, lambda p: nearest(p, others, self.gsd or 1) > distance_meters)

    def calculate_shape_distances(
        self, target_shapes: list[Shape], reference_shapes: list[Shape], resolution: Any = None
    ) -> list[Shape]:
        others = self._union(reference_shapes)
        for shape in target_shapes:
            shape["distance_meters"] = float(nearest(self.pixels[shape["id"]], others, self.gsd or 1).min())
        return target_shapes

    def calculate_shape_perimeters(self, shapes: list[Shape], resolution: Any = None) -> list[Shape]:
        for shape in shapes:
            inside = {tuple(p) for p in self.pixels[shape["id"]].tolist()}
            steps = ((0, 1), (1, 0), (0, -1), (-1, 0))
            edges = sum((y + i, x + j) not in inside for y, x in inside for i, j in steps)
            shape["perimeter_meters"] = edges * (self.gsd or 1)
        return shapes

    def intersect_shapes(self, target_shapes: list[Shape], other_shapes: list[Shape]) -> list[Shape]:
        others = {tuple(p) for p in self._union(other_shapes).tolist()}
        return self._cut(target_shapes, lambda p: np.array([tuple(q) in others for q in p.tolist()]))

    def subtract_shapes(self, target_shapes: list[Shape], other_shapes: list[Shape]) -> list[Shape]:
        others = {tuple(p) for p in self._union(other_shapes).tolist()}
        return self._cut(target_shapes, lambda p: np.array([tuple(q) not in others for q in p.tolist()]))

    def merge_shapes(self, shapes: list[Shape], class_type: str = "merged") -> list[Shape]:
        mask = np.zeros(self.labels.shape, dtype=bool)
        for y, x in self._union(shapes).tolist():
            mask[y, x] = True
        return [self.shape(region, class_type) for region in regions_of(mask)]

    def find_surrounding_shapes(self, topics: list[str], gsd: float | None = None) -> list[Shape]:
        return self.segment_image_from_path("scene.png", topics, gsd=gsd)["shapes"]

    def find_image_shapes(
        self, left: float = 0.0, top: float = 0.0, right: float = 1.0, bottom: float = 1.0
    ) -> list[Shape]:
        height, width = self.labels.shape
        y, x = np.mgrid[:height, :width] + 0.5
        mask = (x >= left * width) & (x < right * width) & (y >= top * height) & (y < bottom * height)
        return [self.shape(region, "image") for region in regions_of(mask)]

    def highlight_shapes(self, shapes: list[Shape], role: str = "counted") -> list[Shape]:
        return shapes

    def cannot_answer(self, reason: str) -> None:
        raise CannotAnswer(reason)


def same(one: Any, other: Any) -> bool:
    """Equal answers: words and whole numbers exactly, others up to the order of a sum."""
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
