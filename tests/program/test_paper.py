"""The programs that the paper prints (section 4.2, figure 10, table 11 D) run and agree with brute force."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from .fakes import TOPICS, run, town
from .reference import Reference, nearest, regions_of, same

PROGRAMS = {
    path.stem: path.read_text(encoding="utf-8") for path in (Path(__file__).parent / "paper").glob("*.py")
}
SCALE = {  # metres per pixel that the program states, or that the question behind it does
    "percent_forest": 0.5,
    "count_fields": 0.3,
    "urban_near_water": 0.5,
    "water_near_fields": 0.3,
    "figure_10_percentage": 0.3,
    "figure_10_count": 0.5,
    "table_11_d": 0.3,
}


@pytest.mark.parametrize("name", sorted(SCALE))
@pytest.mark.parametrize("seed", [0, 1])
def test_agrees_with_brute_force(name: str, seed: int) -> None:
    """The same program in CPython, on a brute-force API; the scale is coarse so that the distances bite."""
    labels = town(seed, 96)
    found = run(PROGRAMS[name], labels, gsd=SCALE[name])
    assert same(found.answer, Reference(labels, SCALE[name]).run(PROGRAMS[name]))


def test_all_programs_of_the_paper_are_here() -> None:
    assert PROGRAMS.keys() == SCALE.keys()


def _labels_with_a_large_lake() -> np.ndarray:
    """At 10 m per pixel hectares and hundreds of metres decide: fields, a lake over 1 ha, ponds, roofs."""
    labels = np.zeros((120, 120), dtype=np.uint8)
    code = {topic: k + 1 for k, topic in enumerate(TOPICS)}
    labels[5:25, 5:40] = code["water"]
    labels[60:64, 60:64] = code["water"]
    labels[30:50, 10:30] = code["agric"]
    labels[80:84, 5:9] = code["agric"]
    labels[26:29, 60:100] = code["urban"]
    labels[100:110, 100:110] = code["urban"]
    labels[55:58, 15:18] = code["roof"]
    labels[75:78, 100:103] = code["roof"]
    return labels


@pytest.mark.parametrize(
    ("name", "measure"),
    [
        ("urban_near_water", lambda m: 100 * m.near("urban", "water", 100.0) / m.size),
        ("water_near_fields", lambda m: m.near("water", "agric", 200.0, larger_than=1.0) * m.hectares),
        ("count_fields", lambda m: sum(len(r) * m.hectares > 0.125 for r in regions_of(m.of("agric")))),
        ("percent_forest", lambda m: 100 * m.of("forest").sum() / m.size),
    ],
)
def test_agrees_with_masks(name: str, measure) -> None:
    """The value written down directly on the masks, without shapes or programs."""
    measured = _Masks(_labels_with_a_large_lake(), 10.0)
    found = run(PROGRAMS[name], measured.labels, gsd=10.0)
    assert same(found.answer, measure(measured))


class _Masks:
    def __init__(self, labels: np.ndarray, gsd: float) -> None:
        self.labels, self.gsd, self.size, self.hectares = labels, gsd, labels.size, gsd * gsd / 10_000

    def of(self, topic: str) -> np.ndarray:
        return self.labels == TOPICS.index(topic) + 1

    def near(self, topic: str, other: str, metres: float, larger_than: float = 0.0) -> int:
        """Pixels of regions larger than so many hectares that lie within the distance of the other topic."""
        others = np.argwhere(self.of(other))
        regions = [r for r in regions_of(self.of(topic)) if len(r) * self.hectares > larger_than]
        return sum(int((nearest(region, others, self.gsd) <= metres).sum()) for region in regions)


def test_prints_what_the_paper_shows() -> None:
    found = run(PROGRAMS["figure_10_percentage"], town(0, 96), gsd=0.3)
    assert found.stdout.startswith("Initial shape counts per topic: {'urban': ")
    assert "Agricultural pixels: " in found.stdout
