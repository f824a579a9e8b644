"""The check finds what a model gets wrong, says how to repair it, and lets good programs pass."""

from __future__ import annotations

import pytest

from planimeter.errors import CheckFailed
from planimeter.program import check_program

from .fakes import run
from .texts import FOLDER, programs

START = 'result = segment_image_from_path(IMAGE_PATH, ["roof"], gsd=gsd)\nshapes = result["shapes"]\n'


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("x = 1", 1, "nothing is stored in `answer`"),
        ("def main():\n    answer = 1\nmain()", 3, "at the top level"),
        ("answer = lenght([1])", 1, "did you mean len?"),
        ("answer = segment_image(IMAGE_PATH, ['roof'])", 1, "did you mean segment_image_from_path?"),
        ("answer = total\ntotals = 1", 1, "did you mean totals?"),
        ("a = segment_image_from_path(IMAGE_PATH)\nanswer = 1", 1, "lacks topics"),
        ("a = segment_image_from_path(IMAGE_PATH, ['roof'], 0, 1, 2)\nanswer = 1", 1, "at most 4"),
        ("a = segment_image_from_path(IMAGE_PATH, topic=['roof'])\nanswer = 1", 1, "did you mean topics?"),
        ("a = segment_image_from_path(IMAGE_PATH, ['x'], topics=['x'])\nanswer = 1", 1, "topics twice"),
        (START + 'answer = sum(s["area_ha"] for s in shapes)', 3, "did you mean area_hectares?"),
        (START + 'answer = sum(s.get("area", 0) for s in shapes)', 3, "did you mean area_pixels or area_hectares?"),
        (START + 'answer = [s for s in shapes if s["class"] == "roof"][0]["id"]', 3, "did you mean class_type?"),
        (START + 'answer = max(shapes, key=lambda s: 1)["area_m2"]', 3, "times 10000"),
        (START + "answer = sum(s.area_pixels for s in shapes)", 3, 'write s["area_pixels"]'),
        (START + 'answer = shapes["area_pixels"]', 3, "shapes is a list of shapes"),
        (START + 'answer = result["total_pixel"]', 3, "did you mean total_pixels?"),
        (START + "answer = result.total_pixels", 3, 'write result["total_pixels"]'),
        (START + "answer = len(merge_shapes(result))", 3, 'pass result["shapes"]'),
        (START + "for s in shapes:\n    merge_shapes(s)\nanswer = 1", 4, "pass a list: [s]"),
        ("import numpy as np\nanswer = np.mean([1])", 1, "use lists with sum()"),
        ("from shapely.geometry import Polygon\nanswer = 1", 1, "shapes are dicts"),
        ("from api import *\nanswer = 1", 1, "need no import"),
        ("import maths\nanswer = 1", 1, "did you mean math?"),
        ("from statistics import correlation\nanswer = 1", 1, "statistics.correlation is not available"),
        ("import statistics\nanswer = statistics.medain([1])", 2, "did you mean median?"),
        ("answer = open('x').read()", 1, "files cannot be opened"),
        ("with open('x') as f:\n    answer = 1", 1, "write the statements without `with`"),
        ("def f():\n    yield 1\nanswer = sum(f())", 2, "collect the items in a list"),
        ("class A(Exception):\n    pass\nanswer = 1", 1, "classes cannot inherit"),
        ("class A:\n    @property\n    def x(self):\n        return 1\nanswer = A().x", 3, "decorators"),
        ("class A:\n    def __len__(self):\n        return 1\nanswer = len(A())", 2, "no effect"),
        ("async def f():\n    pass\nanswer = 1", 1, "async"),
        ("answer = ().__class__.__mro__", 1, "__mro__ is not available"),
        ("IMAGE_PATH = 'a.png'\nanswer = 1", 1, "IMAGE_PATH is given"),
        ("def merge_shapes(x):\n    return x\nanswer = 1", 1, "already there"),
        ("import sys\nsys.exit(1)\nanswer = 1", 2, "cannot_answer"),
    ],
)  # fmt: skip
def test_problem_says_where_and_how(text: str, line: int, words: str) -> None:
    found = check_program(text)
    assert any(problem.line == line and words in str(problem) for problem in found), found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("answer = (1", "never closed"),
        ("Here is the program:\nanswer = 1", "no explanation around it"),
        ("```python\nanswer = 1\n```", "without ``` around it"),
        ("answer = 1\x00", "write"),
        ("answer = " + "(" * 500 + "1" + ")" * 500, "write"),
        ("answer = " + "-" * 5000 + "1", "write"),
        ("answer = " + "+".join(["1"] * 3000), "write"),
        ("x" * 300_000, "write a shorter one"),
    ],
)
def test_text_that_is_not_a_program(text: str, words: str) -> None:
    assert [problem for problem in check_program(text) if words in str(problem)]
    with pytest.raises(CheckFailed):
        run(text)


def test_topics_are_checked_where_they_are_known() -> None:
    text = 'answer = len(segment_image_from_path(IMAGE_PATH, ["houses", "watr"])["shapes"])'
    assert check_program(text) == []
    (problem,) = check_program(text, topics=("roof", "water"))
    assert str(problem) == "line 1: there is no topic 'watr'; did you mean water?"


@pytest.mark.parametrize("title", programs("ordinary.txt"))
def test_good_programs_pass(title: str) -> None:
    assert check_program(programs("ordinary.txt")[title]) == []


@pytest.mark.parametrize("path", sorted((FOLDER / "paper").glob("*.py")), ids=lambda path: path.stem)
def test_programs_of_the_paper_pass(path) -> None:
    assert check_program(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        START + 's = {"area": 1}\nanswer = s["area"]',
        START + 'for s in shapes:\n    s["score"] = 2\nanswer = sum(s["score"] for s in shapes)',
        'names = ["a"]\nfor s in names:\n    pass\nanswer = {"total": 3}["total"]',
        START + 'def f(s):\n    return s["anything"]\nanswer = f({"anything": 1})',
        START + 'groups = {}\ngroups["roof"] = shapes\nanswer = len(groups["roof"])',
        "import typing\nx: typing.List[int] = [1]\nanswer = x[0]",
        "answer = [a := 2, a][1]",
        "try:\n    pass\nexcept Exception as e:\n    print(e)\nanswer = 1",
        "match 3:\n    case x:\n        answer = x",
        "cannot_answer('nothing to measure')",
    ],
)
def test_no_false_alarm(text: str) -> None:
    assert check_program(text) == []


def test_refusal_carries_the_line_and_stops_before_running() -> None:
    with pytest.raises(CheckFailed) as caught:
        run("print('ran')\nanswer = undefined_thing")
    error = caught.value
    assert (error.line, error.source_line, error.stdout) == (2, "answer = undefined_thing", "")
