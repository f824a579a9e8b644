"""Programs computed as columns: whatever one finds, the sandbox finds as well, to the last bit and letter."""

from __future__ import annotations

import dataclasses
import random
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from scipy import ndimage

import planimeter
from planimeter import LabelSegmenter, make_world
from planimeter.errors import PlanimeterError
from planimeter.program import Limits, Run, run_program
from planimeter.segment.base import Seen
from planimeter.spatial import Features, features_of

from .fakes import TOPICS, FakeScene, FakeSegmenter, town
from .texts import programs

LIMITS = Limits(seconds=20, sandbox_seconds=5)
LABELS = town(3, 120)
DOCS = Path(__file__).parents[2] / "docs"
WRITTEN = [
    text
    for text in re.findall(r"```python\n(.*?)```", (DOCS / "questions.md").read_text("utf-8"), re.S)
    if "measure_index" not in text  # needs a scene with bands
]


class WithFootprints(FakeSegmenter):
    """Roofs as polygons that overlap and are smaller than pixels, too; everything else as masks."""

    def look(self, scene: Any, topics: Sequence[str], box: Any = None) -> Seen:
        seen = super().look(scene, topics, box)
        return Seen(seen.masks, seen.valid, (), {"roof": footprints()} if "roof" in topics else {})


def footprints() -> Features:
    rng = np.random.default_rng(8)
    corner = rng.uniform(1, 110, (90, 2))
    size = rng.uniform(0.2, 9, (90, 2))
    return features_of("polygon", shapely.box(*corner.T, *(corner + size).T), LABELS.shape, None)


def outcome(
    text: str, gsd: float | None, segmenter: FakeSegmenter, valid: np.ndarray | None = None
) -> list[Any]:
    """All that a run leaves behind, as plain values; of one that fails its error."""
    try:
        run = run_program(text, FakeScene(LABELS.shape, gsd, valid), segmenter, limits=LIMITS)  # type: ignore[arg-type]
    except PlanimeterError as error:
        return [type(error), str(error), getattr(error, "line", None), getattr(error, "stdout", None)]
    evidence = run.evidence
    return [
        (type(run.answer), repr(run.answer)),
        run.stdout,
        [(call.function, call.arguments, call.result) for call in run.trace],
        [plain(kind, shapes) for kind, shapes in evidence.counted],
        [plain(kind, shapes) for kind, shapes in evidence.reference],
        (evidence.distance_m, evidence.beyond, evidence.source, evidence.rows),
        run.warnings,
        (run.topics, run.seen, run.valid_pixels, run.valid_hectares, run.judged, run.listed),
    ]


def plain(kind: str, shapes: Any) -> tuple[Any, ...]:
    areas = [repr(value) for value in shapes.area_pixels.tolist()]
    return kind, shapes.runs.start.tolist(), shapes.runs.stop.tolist(), shapes.owner.tolist(), areas


def both(monkeypatch: pytest.MonkeyPatch, text: str, *args: Any) -> tuple[list[Any], list[Any]]:
    """What a program leaves behind, and what it leaves behind in the sandbox."""
    found = outcome(text, *args)
    with monkeypatch.context() as patched:
        patched.setattr("planimeter.program.run.fits", lambda tree: False)
        return found, outcome(text, *args)


def in_columns(text: str, segmenter: FakeSegmenter) -> Run:
    run = run_program(text, FakeScene(LABELS.shape), segmenter, limits=LIMITS)  # type: ignore[arg-type]
    assert run.protections == ("columns",)
    return run


def test_programs_of_the_built_in_coder(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(WRITTEN) > 30
    for text in WRITTEN:
        for segmenter in (FakeSegmenter(LABELS), WithFootprints(LABELS)):
            one, other = both(monkeypatch, text, 0.5, segmenter)
            assert one == other, text


@pytest.mark.parametrize("name", ["ordinary.txt"])
def test_programs_as_people_write_them(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for title, text in programs(name).items():
        one, other = both(monkeypatch, text, 0.5, WithFootprints(LABELS))
        assert one == other, title


def written(seed: int) -> str:
    """A program of random statements that columns may be able to compute."""
    rng = random.Random(seed)
    lines = [
        'result = segment_image_from_path(IMAGE_PATH, ["roof", "water", "forest"]'
        + rng.choice([", gsd=gsd)", ", min_area_pixels=3, gsd=gsd)", ", 0, gsd)"]),
        'shapes = result["shapes"]',
        'a = [s for s in shapes if s["class_type"] == "roof"]',
        'b = [s for s in shapes if s["class_type"] in ["water", "forest"]]',
        'c = [s for s in shapes if s["class_type"] != "roof" and not s["area_pixels"] < 9]',
    ]
    lists, numbers = ["shapes", "a", "b", "c"], ['result["total_pixels"]', "7", "0.25"]
    for step in range(rng.randint(3, 9)):
        one, other, new = rng.choice(lists), rng.choice(lists), f"x{step}"
        key = rng.choice(["area_pixels", "area_hectares"])
        size = {
            "area_pixels": rng.choice(["4", "20.5", "60"]),
            "area_hectares": rng.choice(["0.0004", "0.002"]),
        }[key]
        sign = rng.choice(["<", "<=", ">", ">=", "==", "!="])
        metres = rng.choice(["0", "3", "7.5", "20"])
        asked = f"find_shapes_{rng.choice(['within', 'beyond'])}_distance({one}, {other}, {metres}, gsd)"
        lines.append(f'near_ids = {{s["source_id"] for s in {asked}}}')
        made = rng.choice([
            f'[s for s in {one} if s["{key}"] {sign} {size}]',
            f'[s for s in {one} if 0.0003 <= s["area_hectares"] < 0.003 or s["area_pixels"] * 2 > 90]',
            f'[s for s in {one} if s["id"] {rng.choice(["in", "not in"])} near_ids]',
            asked,
            f"{rng.choice(['intersect', 'subtract'])}_shapes({one}, {other})",
            f"{one} + {other}",
            f'sorted({one}, key=lambda s: s["{key}"], reverse={rng.choice(["True", "False"])})[:{rng.randint(0, 4)}]',
            f'merge_shapes({one}, "more")',
            "find_image_shapes(0, 0, 0.5, 1)",
        ])  # fmt: skip
        lines.append(f"{new} = {made}")
        lists.append(new)
        number = rng.choice([
            f"len({new})",
            f'sum(s["{key}"] for s in {new})',
            f'sum([s["area_hectares"] for s in {new}]) * 10000',
            f'max([s["{key}"] for s in {new}]) if {new} else 0',
            f"100 * {rng.choice(numbers)} / {rng.choice(numbers)} if {new} else 0.5",
            f"{rng.choice(numbers)} - {rng.choice(numbers)}",
            f"round({rng.choice(numbers)} / 3, 2)",
        ])  # fmt: skip
        lines += [f"n{step} = {number}", f'print("after {step}:", n{step}, len({new}), not {new})']
        numbers.append(f"n{step}")
        of_all = rng.choice([f'[s["{key}"] for s in {new}]', f'[s["{key}"] * 3 - 7 for s in {new}]'])
        of_list = rng.choice([
            f"sorted(v{step}, reverse={rng.choice(['True', 'False'])})[{rng.choice(['0', '-1'])}]",
            f"v{step}[{rng.choice(['0', '-1'])}]",
            f"min(v{step})",
            f"sum(sorted(v{step}))",
            f'len([s for s in {other} if s["{key}"] {rng.choice(["in", "not in"])} v{step}])',
        ])  # fmt: skip
        lines += [f"v{step} = {of_all}", f"print({of_list} if v{step} else 'none', len(v{step}))"]
        if rng.random() < 0.2:
            lines += [f"if not {new}:", '    cannot_answer("There is nothing left.")']
        if rng.random() < 0.3:
            lines.append(f'highlight_shapes({new}, role="{rng.choice(["counted", "reference"])}")')
    number = numbers[-1]
    lines.append("answer = " + rng.choice([number, f"{number} > 5", f'"many" if {number} > 5 else "few"']))
    return "\n".join(lines)


@pytest.mark.parametrize("first", range(0, 120, 15))
def test_random_programs(first: int, monkeypatch: pytest.MonkeyPatch) -> None:
    holes = np.random.default_rng(1).random(LABELS.shape) > 0.02
    for seed in range(first, first + 15):
        gsd = None if seed % 10 == 9 else 0.5
        segmenter = WithFootprints(LABELS) if seed % 2 else FakeSegmenter(LABELS)
        one, other = both(monkeypatch, written(seed), gsd, segmenter, holes if seed % 3 else None)
        assert one == other, written(seed)


def test_most_random_programs_need_no_sandbox() -> None:
    """Else the comparison above would compare the sandbox with itself."""
    ways = []
    for seed in range(40):
        try:
            run = run_program(written(seed), FakeScene(LABELS.shape), FakeSegmenter(LABELS), limits=LIMITS)  # type: ignore[arg-type]
        except PlanimeterError:
            continue
        ways.append(run.protections == ("columns",))
    assert sum(ways) > 0.7 * len(ways) > 15


def test_the_question_of_the_bench_needs_no_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> None:
        raise AssertionError("a sandbox was asked for")

    monkeypatch.setattr("planimeter.program.run.take_worker", none)
    text = """
result = segment_image_from_path(IMAGE_PATH, ["roof", "water"], gsd=gsd)
buildings = [s for s in result["shapes"] if s["class_type"] == "roof"]
water = [s for s in result["shapes"] if s["class_type"] == "water"]
near_ids = {s["source_id"] for s in find_shapes_within_distance(buildings, water, 8, gsd)}
near_buildings = [s for s in buildings if s["id"] in near_ids]
answer = len(near_buildings)
"""
    run = in_columns(text, WithFootprints(LABELS))
    # Truth by looking at all pairs of pixels.
    water = np.argwhere(TOPICS.index("water") + 1 == LABELS)
    count = 0
    roofs = footprints()
    for k in range(len(roofs)):
        own = np.argwhere(roofs.mask([k]))
        apart = np.sqrt(((own[:, None] - water[None]) ** 2).sum(axis=2)) * 0.5
        count += bool((apart <= 8).any())
    assert run.answer == count
    assert 0 < count < len(roofs)
    assert run.evidence.source == "dataflow"


@pytest.mark.parametrize(
    "statement",
    [
        "answer = sum(s['area_pixels'] for s in shapes) ** 2",
        "answer = 0\nfor s in shapes:\n    answer += 1",
        "answer = shapes[0]['area_pixels']",
        "answer = max(shapes, key=lambda s: s['area_pixels'])['id']",
        "answer = len({s['class_type'] for s in shapes})",
        "answer = len(shapes) / 0",
        "answer = len(shapes) + nothing",
        "answer = sum(s['distance_meters'] for s in shapes)",
        "answer = len([s for s in shapes if s['class_type'] > 5])",
        "answer = [s for s in shapes if s['area_pixels'] > 20]",
        "shapes[0]['area_pixels'] = 0\nanswer = sum(s['area_pixels'] for s in shapes)",
        "calculate_shape_distances(shapes, shapes, gsd)\nanswer = sum(s['distance_meters'] for s in shapes)",
        "len = sum\nanswer = len([1, 2])",
        "answer = find_shapes_within_distance(shapes, 5, 3, gsd)",
        "answer = len(find_shapes_within_distance(shapes, shapes, -3, gsd))",
        "answer = 9000000000 * 9000000000 * 9000000000 > len(shapes)",
        "answer = len(merge_shapes(shapes, 5))",
        "print(shapes[:1])\nanswer = 1",
        "answer = True + len(shapes)",
        "answer = len(shapes) == True",
        "answer = round(len(shapes) / 8)",
        "answer = -(0.0 * len(shapes))",
        "answer = len([s for s in shapes if s['area_pixels'] in [t['area_pixels'] for t in shapes]])",
        "kinds = [s['class_type'] for s in shapes]\nanswer = len([s for s in shapes if s['class_type'] in kinds])",
        "kinds = [s['class_type'] for s in shapes]\nanswer = sorted(kinds)[0]",
        "many = [s['area_pixels'] * 1e308 * 10 - s['area_pixels'] * 1e308 * 10 for s in shapes]\nanswer = len(many)\n"
        "print(min(many), sorted(many)[0])",
        "far = {s['id'] * 9000000 for s in shapes}\nanswer = len([s for s in shapes if s['id'] * 3000000 in far])",
        "answer = sum([s['area_pixels'] > 9 for s in shapes])",
        "v = [s['area_pixels'] for s in shapes]\nanswer = v",
        "v = [s['area_pixels'] for s in shapes]\nanswer = len(v[:3])",
    ],
)  # fmt: skip
def test_what_does_not_fit_is_left_to_the_sandbox(statement: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f'shapes = segment_image_from_path(IMAGE_PATH, ["roof", "water"], gsd=gsd)["shapes"]\n{statement}'
    one, other = both(monkeypatch, text, 0.5, WithFootprints(LABELS))
    assert one == other


CUTS = {
    "find_shapes_within_distance(others, lakes, 12, gsd)": lambda apart, own: apart <= 12,
    "find_shapes_beyond_distance(others, lakes, 12, gsd)": lambda apart, own: apart > 12,
    "intersect_shapes(others, find_shapes_within_distance(s, lakes, 9, gsd))": lambda apart, own: apart <= 9,
    "subtract_shapes(find_shapes_beyond_distance(others, lakes, 4, gsd), lakes)": lambda apart, own: (
        apart > 4
    ),
    "find_core_shapes(others, 2, gsd)": lambda apart, own: ndimage.distance_transform_edt(own) * 0.5 > 2,
}


@pytest.mark.parametrize("call", CUTS)
@pytest.mark.parametrize("limits", [LIMITS, Limits(tile=(48, 80))], ids=["whole", "tiled"])
def test_what_is_cut_keeps_the_word_that_was_asked_for(
    call: str, limits: Limits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world(seed=5, size=160)
    labels = np.zeros((160, 160), dtype=np.uint8)
    roof, forest, water = (world.legend[topic][0] for topic in ("roof", "forest", "water"))
    labels[60:100, 60:100] = water
    corners = np.random.default_rng(4).integers(0, 150, (40, 2))
    for k, (y, x) in enumerate(corners.tolist()):
        labels[y : y + 10, x : x + 8] = roof if k % 2 else forest
    paths = dataclasses.replace(world, labels=labels, gsd=0.5).write(tmp_path)
    apart = ndimage.distance_transform_edt(labels != water) * 0.5
    things, _ = ndimage.label(labels == roof, np.ones((3, 3)))
    own = np.pad(np.isin(labels, (roof, forest)), 20, mode="edge")
    kept = CUTS[call](apart, own)
    kept = kept if kept.shape == labels.shape else kept[20:-20, 20:-20]
    right = len(set(things[kept].tolist()) - {0})
    text = f"""
s = segment_image_from_path(IMAGE_PATH, ["buildings", "trees", "lakes"], gsd=gsd)["shapes"]
lakes = [x for x in s if x["class_type"] == "lakes"]
others = [x for x in s if x["class_type"] != "lakes"]
answer = len([x for x in {call} if x["class_type"] == "buildings"])
"""
    for by_columns in (True, False):
        with monkeypatch.context() as patched:
            if not by_columns:
                patched.setattr("planimeter.program.run.fits", lambda tree: False)
            maps = LabelSegmenter(paths["labels"], paths["legend"])
            found = planimeter.run(text, paths["image"], segmenter=maps, limits=limits)
        assert found.answer == right > 0
        assert {kind for kind, _ in found.run.evidence.counted} == {"roof"}  # pictures name the topic


@pytest.mark.parametrize(
    "measure",
    [
        "x['area_pixels'] * x['area_pixels'] * x['area_pixels'] * x['area_pixels']",
        "x['area_pixels'] * x['area_pixels'] * x['area_pixels'] * x['area_pixels'] * 5",
        "x['area_pixels'] * 4503599627370496 * 4503599627370496",
        "x['area_pixels'] * 140737488355328 + x['area_pixels'] * 140737488355328",
        "0 - x['area_pixels'] * 137438953471 - 9007199254740991",
        "x['area_pixels'] * 137438953471 - 9007199254676480",
        "(x['area_pixels'] - 65537) * (9007199254740991 - x['area_pixels'])",
    ],
)
def test_whole_numbers_of_any_size_are_those_of_python(measure: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The image is one region of 65,536 pixels, whose fourth power is one more than 64 bits hold."""
    right = eval(measure, {"x": {"area_pixels": 256 * 256}})
    for text in (
        f"sum({measure} for x in s)",
        f"max([{measure} for x in s])",
        f"len([x for x in s if {measure} > 0])",
    ):
        program = f"s = find_image_shapes()\nanswer = {text}"
        wanted = right if "for x in s if" not in text else int(right > 0)
        for by_columns in (True, False):
            with monkeypatch.context() as patched:
                if not by_columns:
                    patched.setattr("planimeter.program.run.fits", lambda tree: False)
                whole = FakeScene((256, 256))
                found = run_program(program, whole, FakeSegmenter(np.ones((256, 256))), limits=LIMITS)  # type: ignore[arg-type]
            assert (found.answer, type(found.answer)) == (wanted, int), text
