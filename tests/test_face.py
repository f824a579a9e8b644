"""What `import planimeter` gives: every name, lazily, as what it says it is, whoever imported what first."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import pydoc
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import planimeter
from planimeter import errors

PROMISED = {
    "ask": "function",
    "run": "function",
    "open_scene": "function",
    "make_world": "function",
    "find_segmenter": "function",
    "LabelSegmenter": "class",
    "VectorSegmenter": "class",
    "Answer": "class",
}


@pytest.mark.parametrize("name", PROMISED)
def test_promised_names_are_at_the_top(name: str) -> None:
    value = getattr(planimeter, name)
    assert inspect.isfunction(value) if PROMISED[name] == "function" else inspect.isclass(value)
    assert value.__doc__
    assert name in planimeter.__all__
    assert name in dir(planimeter)


def test_every_error_of_the_tree_is_at_the_top() -> None:
    tree = {name for name, value in vars(errors).items() if inspect.isclass(value)}
    assert tree == {name for name in planimeter.__all__ if inspect.isclass(getattr(errors, name, None))}
    assert all(getattr(planimeter, name) is getattr(errors, name) for name in tree)


def test_the_names_for_type_checkers_are_the_names_at_run_time() -> None:
    text = Path(planimeter.__file__).read_text(encoding="utf-8")
    block = next(node for node in ast.parse(text).body if isinstance(node, ast.If))
    typed = {name.name for node in block.body if isinstance(node, ast.ImportFrom) for name in node.names}
    assert typed | {"__version__"} == set(planimeter.__all__)


def test_help_shows_the_arguments() -> None:
    parameters = inspect.signature(planimeter.ask).parameters
    assert list(parameters)[:3] == ["image", "question", "gsd"]
    assert parameters["gsd"].kind is inspect.Parameter.KEYWORD_ONLY
    text = pydoc.plain(pydoc.render_doc(planimeter.ask))
    assert "image: 'str | Path | Scene'" in text
    assert "metres per pixel" in text


@pytest.mark.parametrize(
    "first",
    [
        "import planimeter.ask",
        "import planimeter; planimeter.ask; planimeter.run; planimeter.ask",
        "import planimeter.cli.ask, planimeter.ask",
        "from planimeter import run",
        "from planimeter.ask import run",
        "import importlib; importlib.import_module('planimeter.ask')",
    ],
)
def test_ask_is_the_function_whoever_imported_what_first(first: str) -> None:
    script = f"""
{first}
import inspect, pickle, sys, warnings
import planimeter
from planimeter import ask
from planimeter.ask import ask as same
assert inspect.isfunction(ask) and planimeter.ask is ask is same, planimeter.ask
assert inspect.ismodule(sys.modules["planimeter.ask"])
assert pickle.loads(pickle.dumps(ask)) is ask
"""
    subprocess.run([sys.executable, "-W", "error", "-c", script], check=True)


def test_a_scene_that_is_open_takes_the_stated_scale_and_no_bands(tmp_path: Path) -> None:
    world = planimeter.make_world(seed=1, size=64)
    paths = world.write(tmp_path)
    maps = planimeter.LabelSegmenter(paths["labels"], paths["legend"])
    bare = dataclasses.replace(planimeter.open_scene(paths["image"]), scale=None, crs=None, transform=None)
    grass = int(np.isin(world.labels, world.legend["grass"]).sum())
    for gsd in (0.3, 0.7):
        assert planimeter.run("answer = gsd", bare, gsd=gsd, segmenter=maps).answer == gsd
        answer = planimeter.ask(bare, "What is the area of grass in m²?", gsd=gsd, segmenter=maps)
        assert answer.answer == pytest.approx(grass * gsd**2)
    assert grass > 0
    for more in ({"bands": "red=3"}, {"clouds": "none"}):
        with pytest.raises(planimeter.UsageError, match="open_scene"):
            planimeter.ask(bare, "How many buildings are there?", segmenter=maps, **more)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'asks'"):
        _ = planimeter.asks
