"""From text to answer: scale, valid pixels, answers, errors, trace and evidence."""

# ruff: noqa: E501 - programs stand on one line
from __future__ import annotations

import statistics
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from planimeter.errors import NotMeasurable, ProgramFailed, ScaleError
from planimeter.program import run_program, warm_up
from planimeter.raster.scale import Scale

from .fakes import TOPICS, FakeScene, FakeSegmenter, run, town

ROOF = TOPICS.index("roof") + 1
WATER = TOPICS.index("water") + 1
COUNT = 'answer = len(segment_image_from_path(IMAGE_PATH, ["roof"], gsd=gsd)["shapes"])'
HECTARES = 'answer = sum(s["area_hectares"] for s in segment_image_from_path(IMAGE_PATH, ["roof"], gsd={})["shapes"])'


def small() -> np.ndarray:
    """20 x 20: a 4 x 4 roof, a 2 x 3 roof touching it at no corner, a column of water at the right edge."""
    labels = np.zeros((20, 20), dtype=np.uint8)
    labels[2:6, 2:6] = ROOF
    labels[10:12, 2:5] = ROOF
    labels[:, 19] = WATER
    return labels


# -- answers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        ("True", "yes"), ("False", "no"), ("'Yes'", "yes"), ("' TRUE '", "yes"), ("'false'", "no"),
        ("'connected'", "connected"), ("' two  words\\n'", "two words"), ("3", 3), ("2.50", 2.5), ("-0.1", -0.1),
        ("1 / 3", 1 / 3), ("10**15", 10**15), ("2 > 1 and 'fragmented'", "fragmented"),
    ],
)  # fmt: skip
def test_answer_is_normalised_and_never_rounded(value: str, answer: object) -> None:
    found = run(f"answer = {value}").answer
    assert found == answer
    assert type(found) is type(answer)


@pytest.mark.parametrize(
    "value",
    [
        "None",
        "float('nan')",
        "float('inf')",
        "[[1]]",
        "{'a': {'b': {}}}",
        "''",
        "'x' * 200",
        "{1, 2}",
        "len",
        "1j",
        "'a\\x00b'",
    ],
)
def test_unusable_answer_says_what_to_store(value: str) -> None:
    with pytest.raises(ProgramFailed, match=r"store a (finite )?number"):
        run(f"print('before')\nanswer = {value}")


def test_answer_that_was_never_reached() -> None:
    with pytest.raises(ProgramFailed, match="left nothing in `answer`"):
        run("if gsd is None:\n    answer = 1")


def test_cannot_answer_gives_the_programs_reason_on_one_line() -> None:
    with pytest.raises(NotMeasurable) as caught:
        run("cannot_answer('no\\n\\x1b[31m roofs ' + 'x' * 1000)\nanswer = 1")
    reason = str(caught.value)
    assert reason.startswith("no [31m roofs xxx")
    assert len(reason) <= 300


def test_cannot_answer_cannot_be_caught() -> None:
    with pytest.raises(NotMeasurable, match="nothing here"):
        run("try:\n    cannot_answer('nothing here')\nexcept BaseException:\n    pass\nanswer = 1")


# -- scale -------------------------------------------------------------------------------------------------


def test_scale_of_the_scene_wins_and_says_so() -> None:
    found = run(HECTARES.format(5.0), small(), gsd=0.5)
    assert found.answer == pytest.approx(22 * 0.25 / 10_000)
    assert found.warnings == [
        "The program states 5 m per pixel, but the scene has 0.5 m (user); the scene's was used."
    ]
    assert found.scale is not None
    assert found.scale.source == "user"


@pytest.mark.parametrize("stated", ["gsd", "0.505", "0.5", "None"])
def test_small_differences_pass_silently(stated: str) -> None:
    assert run(HECTARES.format(stated), small(), gsd=0.5).warnings == []


def test_program_may_state_a_scale_where_none_is_known() -> None:
    found = run(HECTARES.format(2.0), small(), gsd=None)
    assert found.answer == pytest.approx(22 * 4 / 10_000)
    assert found.scale is not None
    assert (found.scale.source, found.scale.gsd) == ("program", 2.0)


def test_scale_stated_after_segmentation_serves_the_distance() -> None:
    text = """
shapes = segment_image_from_path(IMAGE_PATH, ["roof", "water"])["shapes"]
roofs = [s for s in shapes if s["class_type"] == "roof"]
water = [s for s in shapes if s["class_type"] == "water"]
near = find_shapes_within_distance(roofs, water, 28.0, 2.0)
answer = sum(s["area_pixels"] for s in near) + near[0]["polygon"][0][0] * 0
"""
    assert run(text, small(), gsd=None).answer == 4


@pytest.mark.parametrize(
    "text",
    [
        HECTARES.format("gsd"),
        'answer = segment_image_from_path(IMAGE_PATH, ["roof"])["total_hectares"]',
        's = segment_image_from_path(IMAGE_PATH, ["roof"])["shapes"]\ncalculate_shape_distances(s, s, gsd)\nanswer = 1',
        's = segment_image_from_path(IMAGE_PATH, ["roof"])["shapes"]\nanswer = len(find_shapes_within_distance(s, s, 5))',
        's = segment_image_from_path(IMAGE_PATH, ["roof"])["shapes"]\ncalculate_shape_perimeters(s)\nanswer = 1',
    ],
)  # fmt: skip
def test_lengths_and_areas_without_a_scale_are_refused(text: str) -> None:
    with pytest.raises(ScaleError, match="--gsd"):
        run(text, small(), gsd=None)


def test_counts_and_percentages_need_no_scale() -> None:
    assert run(COUNT, small(), gsd=None).answer == 2
    share = 'r = segment_image_from_path(IMAGE_PATH, ["roof"], gsd=gsd)\nanswer = sum(s["area_pixels"] for s in r["shapes"]) / r["total_pixels"] * 100'
    assert run(share, small(), gsd=None).answer == 5.5


def test_area_follows_the_rows_of_a_geographic_grid() -> None:
    labels = small()
    rows = np.linspace(1.0, 3.0, 20)
    scene = FakeScene(labels.shape)
    scene.scale = Scale(1.4, 1.3, 1.5, rows, "geodesic")
    found = run_program(HECTARES.format("gsd"), scene, FakeSegmenter(labels))  # type: ignore[arg-type]
    assert found.answer == pytest.approx((4 * rows[2:6].sum() + 3 * rows[10:12].sum()) / 10_000)


# -- valid pixels ------------------------------------------------------------------------------------------


def test_nodata_belongs_to_nothing() -> None:
    labels = small()
    valid = np.ones(labels.shape, dtype=bool)
    valid[:, :4] = False
    known = np.ones(labels.shape, dtype=bool)
    known[19, :] = False
    text = 'r = segment_image_from_path(IMAGE_PATH, ["roof"], gsd=gsd)\nprint(r["total_pixels"], r["total_hectares"])\nanswer = sum(s["area_pixels"] for s in r["shapes"])'
    scene = FakeScene(labels.shape, valid=valid)
    found = run_program(text, scene, FakeSegmenter(labels, known))  # type: ignore[arg-type]
    total = int((valid & known).sum())
    assert found.answer == 8 + 2
    assert found.stdout == f"{total} {total * 0.25 / 10_000}\n"


# -- topics ------------------------------------------------------------------------------------------------


def test_aliases_keep_the_programs_word() -> None:
    text = 's = segment_image_from_path(IMAGE_PATH, ["building"], gsd=gsd)["shapes"]\nanswer = len([x for x in s if x["class_type"] == "building"])'
    found = run(text, small())
    assert found.answer == 2
    assert found.topics == ("roof",)


def test_one_topic_may_be_a_word() -> None:
    assert run('answer = len(segment_image_from_path(IMAGE_PATH, "roof")["shapes"])', small()).answer == 2


def test_topics_are_segmented_once_and_together() -> None:
    labels = small()
    segmenter = FakeSegmenter(labels)
    text = 'for _ in range(3):\n    a = segment_image_from_path(IMAGE_PATH, ["roof", "water", "roof"], gsd=gsd)\nanswer = len(a["shapes"])'
    found = run_program(text, FakeScene(labels.shape), segmenter)  # type: ignore[arg-type]
    assert found.answer == 3
    assert segmenter.asked == [("roof", "water")]


def test_missing_topic_is_not_measurable() -> None:
    with pytest.raises(NotMeasurable, match="'unicorn'"):
        run('answer = len(segment_image_from_path(IMAGE_PATH, ["unicorn"])["shapes"])')


# -- arguments ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("segment_image_from_path(IMAGE_PATH, [])", "TypeError: topics must be a list"),
        ("segment_image_from_path(IMAGE_PATH, [3])", "TypeError: topics must be a list"),
        ("segment_image_from_path(IMAGE_PATH, ['roof'], '5')", "TypeError: min_area_pixels must be a number"),
        ("segment_image_from_path(IMAGE_PATH, ['roof'], -1)", "ValueError: min_area_pixels must be a finite"),
        ("segment_image_from_path(IMAGE_PATH, ['roof'], 0, 0)", "ValueError: gsd must be greater than 0"),
        ("find_shapes_within_distance([], [], float('nan'), gsd)", "ValueError: distance_meters must be a finite"),
        ("find_shapes_within_distance([], [], float('inf'), gsd)", "ValueError: distance_meters must be a finite"),
        ("find_shapes_within_distance([], [], True, gsd)", "TypeError: distance_meters must be a number, not bool"),
        ("merge_shapes(5)", "TypeError: shapes must be a list of shapes, not int; pass a list"),
        ("merge_shapes([5])", "TypeError: shapes must hold shapes as segment_image_from_path"),
        ("merge_shapes([{'id': 99}])", "ValueError: shapes holds a shape with an id that no function returned"),
        ("merge_shapes([], 5)", "TypeError: class_type must be a word"),
        ("highlight_shapes([], 'both')", 'ValueError: role must be "counted" or "reference"'),
    ],
)  # fmt: skip
def test_wrong_argument_is_an_error_at_its_line_that_can_be_caught(call: str, words: str) -> None:
    with pytest.raises(ProgramFailed) as caught:
        run(f"print('start')\n\n{call}\nanswer = 1")
    assert words in str(caught.value)
    assert (caught.value.line, caught.value.source_line, caught.value.stdout) == (3, call, "start\n")
    text = f"try:\n    {call}\n    answer = 1\nexcept (TypeError, ValueError) as e:\n    answer = 2"
    assert run(text).answer == 2


# -- errors ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "kind"),
    [
        ("a = 1\nanswer = a / 0", 2, "ZeroDivisionError"),
        ("# comment\n\nx = [\n    1,\n    2,\n]\nanswer = x[7]", 7, "IndexError"),
        ("def f(x):\n    y = 1\n    return x['k']\n\nanswer = f({})", 3, "KeyError"),
        ("answer = sum(\n    1 / n\n    for n in [1, 0]\n)", 2, "ZeroDivisionError"),
        ("import statistics\n\nanswer = statistics.mean([])", 3, "ValueError"),
        ("d = {}\ndel d['k']\nanswer = 1", 2, "KeyError"),
        ('"""Doc\nstring."""\nx = """a\nb"""\nanswer = int("q")', 5, "ValueError"),
        ("class A:\n    def f(self):\n        return self.missing\n\nanswer = A().f()", 3, "AttributeError"),
        ("x = 1; y = 0; answer = x / y", 1, "ZeroDivisionError"),
        ("raise SystemExit(3)\nanswer = 1", 1, "SystemExit"),
    ],
)
def test_error_names_the_line_of_the_users_program(text: str, line: int, kind: str) -> None:
    with pytest.raises(ProgramFailed) as caught:
        run(text)
    assert caught.value.line == line
    assert f"in line {line} with {kind}" in str(caught.value)
    assert "_planimeter" not in str(caught.value)
    assert caught.value.source_line == text.splitlines()[line - 1].strip()


def test_long_messages_are_cut() -> None:
    with pytest.raises(ProgramFailed) as caught:
        run("raise ValueError('x' * 10**6)\nanswer = 1")
    assert len(str(caught.value)) < 500


# -- trace and evidence ------------------------------------------------------------------------------------

NEAR = """
result = segment_image_from_path(IMAGE_PATH, ["roof", "water"], gsd=gsd)
roofs = [s for s in result["shapes"] if s["class_type"] == "roof"]
water = [s for s in result["shapes"] if s["class_type"] == "water"]
near = find_shapes_within_distance(roofs, water, 7.0, gsd)
"""


def test_trace_has_every_call_in_short() -> None:
    trace = run(NEAR + "answer = len(near)", small()).trace
    assert [(call.function, call.result) for call in trace] == [
        ("segment_image_from_path", "3 shapes"),
        ("find_shapes_within_distance", "1 shapes"),
    ]
    assert trace[1].arguments == "2 shapes, 1 shapes, 7.0, 0.5"
    assert all(call.seconds >= 0 for call in trace)


def test_evidence_of_a_program_that_marks_nothing() -> None:
    evidence = run(NEAR + "answer = len(near)", small()).evidence
    ((topic, regions),) = evidence.counted
    assert (topic, regions.area_pixels.tolist(), evidence.source) == ("roof", [4], "dataflow")
    ((reference, regions),) = evidence.reference
    assert (reference, int(regions.area_pixels.sum()), evidence.distance_m, evidence.beyond) == (
        "water",
        20,
        7.0,
        False,
    )


def test_evidence_follows_the_condition_inside_the_answer() -> None:
    text = NEAR + 'answer = sum(s["area_pixels"] for s in roofs if s["area_pixels"] > 10)'
    ((topic, regions),) = run(text, small()).evidence.counted
    assert (topic, regions.area_pixels.tolist()) == ("roof", [16])


def test_evidence_through_several_variables() -> None:
    text = (
        NEAR
        + "small = [s for s in roofs if s['area_pixels'] < 10]\nn = len(small)\nshare = n / 2\nanswer = share * 100"
    )
    ((_, regions),) = run(text, small()).evidence.counted
    assert regions.area_pixels.tolist() == [6]


def test_an_answer_from_no_shapes_counts_nothing() -> None:
    evidence = run(NEAR.replace("7.0", "1.0") + "answer = len(near)", small()).evidence
    assert (evidence.counted, evidence.source) == ([], "dataflow")


def test_marked_shapes_come_first() -> None:
    text = NEAR + "highlight_shapes(roofs)\nhighlight_shapes(water, 'reference')\nanswer = len(near)"
    evidence = run(text, small()).evidence
    assert evidence.source == "highlight"
    assert [(topic, len(regions)) for topic, regions in evidence.counted] == [("roof", 2)]
    assert [(topic, int(regions.mask().sum())) for topic, regions in evidence.reference] == [("water", 20)]


def test_evidence_of_a_program_that_hides_its_variables_is_the_last_call() -> None:
    text = "def main():\n    s = segment_image_from_path(IMAGE_PATH, ['water'], gsd=gsd)['shapes']\n    return len(s)\n\nanswer = main()"
    evidence = run(text, small()).evidence
    assert evidence.source == "last call"
    assert [(topic, len(regions)) for topic, regions in evidence.counted] == [("water", 1)]


def test_evidence_knows_beyond() -> None:
    text = NEAR.replace("within", "beyond") + "answer = sum(s['area_pixels'] for s in near)"
    evidence = run(text, small()).evidence
    assert evidence.beyond
    assert sum(int(regions.area_pixels.sum()) for _, regions in evidence.counted) == 18


def test_run_without_shapes_has_no_evidence() -> None:
    evidence = run("answer = 1").evidence
    assert (evidence.counted, evidence.reference, evidence.source) == ([], [], "none")


# -- rewriting ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("d = {'a': 1, 'b': 2}\nanswer = f'{max(d, key=d.get)}'", "b"),
        ("d = {'a': 1}\nanswer = f\"it's {max(d, key=d.get)} {d['a']}\"", "it's a 1"),
        ("x = [3, 1]\nanswer = f'{sorted(x)[0]!r:>3}{next(v for v in x if v > 2)}'", "13"),
        ("answer = ', '.join(map(str.upper, ['a', 'b']))", "A, B"),
        ("words = 'b a'.split()\nanswer = ''.join(sorted(words, key=str.lower))", "ab"),
        ("answer = str.join('-', ['a', 'b'])", "a-b"),
        ("answer = dict.fromkeys(['a'], 7)['a']", 7),
        ("pick = [4, 5].index\nanswer = pick(5)", 1),
        (
            "class A:\n    count = 3\n    def index(self, x):\n        return x\na = A()\nf = a.index\nanswer = a.count + f(2)",
            5,
        ),
        ("x = [1, 2, 3, 4]\ndel x[::2]\nanswer = x[0] * 10 + x[1]", 24),
        ("x = [1, 2, 3]\ndel x[0], x[0]\nanswer = x[0]", 3),
        ("d = {(1, 2): 3, (0, 0): 4}\ndel d[1, 2]\nanswer = len(d)", 1),
        ("it = (n for n in [5, 6])\nnext(it)\nanswer = next(it)", 6),
        ("import typing as t\nRow = t.Dict[str, t.List[int]]\nanswer = 1", 1),
        (
            "from collections.abc import Iterable\ndef f(x: Iterable[int]) -> int:\n    return sum(x)\nanswer = f([1])",
            1,
        ),
        (
            "from heapq import heappush, heappop\nh = []\nfor n in [3, 1, 2]:\n    heappush(h, n)\nanswer = heappop(h)",
            1,
        ),
        ("class A(object):\n    pass\nanswer = type(A()).__name__", "A"),
        ("try:\n    raise ValueError(3, 'x')\nexcept ValueError as e:\n    answer = str(e)", "(3, 'x')"),
        ("answer = (5.0).is_integer() and not (5.5).is_integer()", "yes"),
    ],
)
def test_ordinary_python_that_the_interpreter_lacks(text: str, answer: object) -> None:
    assert run(text).answer == answer


@pytest.mark.parametrize("data", [[1, 2, 3.5, 10], [4.25, -1, 7], [2, 2, 5, 9, 9, 1]])
@pytest.mark.parametrize(
    "name",
    [
        "mean",
        "fmean",
        "median",
        "median_low",
        "median_high",
        "mode",
        "pvariance",
        "variance",
        "pstdev",
        "stdev",
    ],
)
def test_statistics_agree_with_cpython(name: str, data: list[float]) -> None:
    text = f"import statistics\nanswer = statistics.{name}({data})"
    assert run(text).answer == pytest.approx(getattr(statistics, name)(data), rel=1e-12)


@pytest.mark.parametrize("method", ["exclusive", "inclusive"])
def test_quantiles_agree_with_cpython(method: str) -> None:
    data = [3, 1, 4, 1, 5, 9, 2, 6]
    text = f"import statistics\nq = statistics.quantiles({data}, n=10, method='{method}')\nprint(q)\nanswer = len(q)"
    assert eval(run(text).stdout) == pytest.approx(statistics.quantiles(data, n=10, method=method))


# -- sandbox -----------------------------------------------------------------------------------------------


def test_programs_do_not_see_each_other() -> None:
    run("secret = 42\nlen_ = len\nanswer = 1")
    with pytest.raises(ProgramFailed, match="NameError"):
        run("if gsd > 100:\n    secret = 0\nanswer = secret")


def test_programs_give_the_same_at_any_time() -> None:
    text = "import random, time\nanswer = random.random() + time.time()"
    assert run(text).answer == run(text).answer


def test_programs_run_side_by_side() -> None:
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda k: run(f"answer = sum(range({k}))").answer, range(24)))
    assert found == [sum(range(k)) for k in range(24)]


def test_warm_worker_is_used() -> None:
    warm_up()
    assert run("answer = 1").protections[0] == "process"


def test_same_list_twice_gives_a_dict_per_entry() -> None:
    text = (
        NEAR
        + "twice = find_shapes_within_distance(roofs + roofs, water, 100, gsd)\nanswer = len(twice) + len({s['id'] for s in twice}) / 10"
    )
    assert run(text, small()).answer == 4.2


def test_town_is_not_empty() -> None:
    assert set(np.unique(town())) == set(range(9))


def test_warming_up_again_and_again_starts_one_worker() -> None:
    # A question that is refused before anything runs once left a process behind each time.
    script = """
import os, planimeter.program as program
from pathlib import Path
def children():
    found = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return sum(len(path.read_text().split()) for path in found)
for _ in range(5):
    program.warm_up()
from planimeter.program import sandbox
for thread in list(sandbox._warming):
    thread.join()
for _ in range(5):
    program.warm_up()
for thread in list(sandbox._warming):
    thread.join()
print(children())
"""
    if not Path("/proc/self/task").is_dir():
        pytest.skip("counting child processes needs /proc")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "1"


def test_what_the_jail_hides_can_be_imported_afterwards() -> None:
    """The thread that starts a worker reads no folder; nothing that it looked for in vain is missing later."""
    pytest.importorskip("opentelemetry.context")
    script = "from planimeter.program.sandbox import Worker\nWorker()\nfrom opentelemetry import context\n"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
