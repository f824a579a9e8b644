"""Two dates of one painted world, and what is asked of them."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np

from planimeter import LabelSegmenter, ask, make_world, run
from planimeter.worlds.world import World

EIGHT = np.ones((3, 3), dtype=int)
GSD = 0.5


@dataclasses.dataclass
class Pair:
    """Two dates on disk, with their labels as arrays."""

    folder: Path
    before: np.ndarray
    after: np.ndarray
    legend: dict[str, int]

    def maps(self, date: str) -> LabelSegmenter:
        return LabelSegmenter(self.folder / date / "labels.tif", self.folder / date / "legend.json")

    def image(self, date: str) -> Path:
        return self.folder / date / "image.tif"

    def ask(self, question: str, **options: Any) -> Any:
        given = {"segmenter": self.maps("after"), "before_segmenter": self.maps("before")}
        return ask(self.image("after"), question, before=self.image("before"), **(given | options))

    def run(self, program: str, **options: Any) -> Any:
        given = {"segmenter": self.maps("after"), "before_segmenter": self.maps("before")}
        return run(program, self.image("after"), before=self.image("before"), **(given | options))

    def of(self, topic: str) -> tuple[np.ndarray, np.ndarray]:
        """(earlier, later) masks of a topic."""
        return self.before == self.legend[topic], self.after == self.legend[topic]


def painted() -> tuple[World, World, dict[str, int]]:
    """A world and what it was before: forest cut, buildings gone, built, grown and moved a little.

    Tests that need more paint it into the grass from column 40 to 200 and row 100 to 200.
    """
    world = make_world(11, size=240)
    legend = {topic: values[0] for topic, values in world.legend.items()}
    before, after = world.labels.copy(), world.labels.copy()
    before[20:90, 30:140] = legend["forest"]
    after[20:60, 30:140] = legend["agric"]
    after[60:90, 30:140] = legend["forest"]
    after[70:90, 30:60] = legend["road"]
    for array in (before, after):
        array[100:200, 40:200] = legend["grass"]
    roof = legend["roof"]
    before[105:115, 50:60] = roof  # gone
    before[105:115, 80:90], after[106:116, 81:91] = roof, roof  # the same, drawn a pixel further
    before[105:115, 110:120], after[105:115, 110:130] = roof, roof  # grown to twice its size
    before[130:150, 50:70], after[130:150, 50:58] = roof, roof  # shrunk
    after[130:140, 100:112] = roof  # new
    after[180:190, 100:110] = roof  # new, and touching nothing
    before[180:184, 150:160], after[183:193, 150:160] = roof, roof  # too little in common
    return dataclasses.replace(world, labels=before), dataclasses.replace(world, labels=after), legend


def write_pair(folder: Path, before: World, after: World, legend: dict[str, int]) -> Pair:
    before.write(folder / "before")
    after.write(folder / "after")
    return Pair(folder, before.labels, after.labels, legend)
