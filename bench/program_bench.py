"""What the sandbox costs: start of a worker, a call, 10,000 shapes in and out, a program from text to answer.

    python bench/program_bench.py

Every figure is the median of several runs in this one process; the last line is the gate of the project
(10,000 shapes through the sandbox below 0.5 s, segmentation and labelling included).
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from planimeter.program import Limits, run_program
from planimeter.program.sandbox import Worker
from planimeter.raster.scale import Scale
from planimeter.segment.base import Seen

ALL_KEYS = """
shapes = segment_image_from_path(IMAGE_PATH, ["roof"], gsd=gsd)["shapes"]
answer = sum(s["area_hectares"] for s in shapes)
"""
OUTLINES = """
shapes = segment_image_from_path(IMAGE_PATH, ["roof"], gsd=gsd)["shapes"]
answer = sum(len(s["polygon"]) for s in shapes)
"""
IN_AND_OUT = """
result = segment_image_from_path(IMAGE_PATH, ["roof", "water"], gsd=gsd)
roofs = [s for s in result["shapes"] if s["class_type"] == "roof"]
water = [s for s in result["shapes"] if s["class_type"] == "water"]
near = find_shapes_within_distance(roofs, water, 40.0, gsd)
calculate_shape_distances(near, water, gsd)
answer = len([s for s in near if s["area_hectares"] > 0.0001])
"""
CALLS = """
for _ in range(1000):
    highlight_shapes([])
answer = 1
"""


class Scene:
    """10,000 roofs of 4 x 4 pixels on a grid of 1024 x 1024, and a lake."""

    name = path = "bench.png"
    width = height = 1024
    crs = transform = None
    warnings: tuple[str, ...] = ()
    scale = Scale(0.5, 0.5, 0.5, 0.25, "user")

    def valid(self, window: Any = None) -> np.ndarray:
        return np.ones((self.height, self.width), dtype=bool)


class Segmenter:
    """Masks that are ready, so that only the sandbox is measured."""

    name = "bench"
    topics = ("roof", "water")

    def __init__(self) -> None:
        roof = np.zeros((1024, 1024), dtype=bool)
        for y in range(4):
            for x in range(4):
                roof[y:1000:10, x:1000:10] = True
        water = np.zeros_like(roof)
        water[1005:, :] = True
        self._masks = {"roof": roof, "water": water}

    def look(self, scene: Any, topics: Sequence[str], box: Any = None) -> Seen:
        return Seen({topic: self._masks[topic] for topic in topics})

    def fingerprint(self) -> str:
        return "bench"


def median_ms(task: Callable[[], object], runs: int = 7) -> float:
    """Median wall time in milliseconds."""
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        task()
        times.append(time.perf_counter() - started)
    return 1000 * statistics.median(times)


def main() -> None:
    """Measure and print."""
    scene, segmenter = Scene(), Segmenter()
    limits = Limits()

    def program(text: str) -> Callable[[], object]:
        return lambda: run_program(text, scene, segmenter, limits=limits)  # type: ignore[arg-type]

    started = time.perf_counter()
    run = run_program("answer = 1", scene, segmenter)  # type: ignore[arg-type]
    first = 1000 * (time.perf_counter() - started)
    print(f"protections: {', '.join(run.protections)}")
    print(f"first program, import of the interpreter included   {first:8.1f} ms")
    jailed = median_ms(lambda: Worker().end())
    free = median_ms(lambda: Worker(jailed=False).end())
    print(f"worker start and stop, jailed / not                  {jailed:8.1f} ms / {free:.1f} ms")
    print(f"smallest program on a warm worker                    {median_ms(program('answer = 1')):8.1f} ms")
    print(f"1,000 calls                                          {median_ms(program(CALLS)):8.1f} ms")
    print(f"10,000 shapes with outlines                          {median_ms(program(OUTLINES), 3):8.1f} ms")
    gate = median_ms(program(IN_AND_OUT))
    print(f"10,000 shapes in, out, cut and measured              {gate:8.1f} ms")
    through = median_ms(program(ALL_KEYS))
    print(f"10,000 shapes through the sandbox                    {through:8.1f} ms (must be below 500)")
    if through >= 500:
        raise SystemExit("10,000 shapes took longer than 500 ms")


if __name__ == "__main__":
    main()
