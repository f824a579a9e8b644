"""What can be chosen by name: other packages bring segmenters and coders; help, errors and docs list all of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import planimeter
from planimeter.cli.ask import command
from planimeter.coder.find import CODERS, find_coder
from planimeter.errors import InputError, UsageError
from planimeter.registry import Registry
from planimeter.segment import find_segmenter
from planimeter.segment.find import SEGMENTERS
from planimeter.worlds import make_world

DOCS = Path(__file__).parents[1] / "docs"

MODULE = """
import numpy as np
from planimeter.coder import Program
from planimeter.segment.base import Seen

class Everything:
    def __init__(self, rest):
        self.name, self.topics = f"everything {rest}".strip(), ("water",)
    def look(self, scene, topics, box=None):
        return Seen({topic: np.ones(scene.shape, bool) for topic in topics})
    def fingerprint(self):
        return self.name

class Same:
    def __init__(self, rest, options):
        self.name, self.number = f"same {options.max_repairs}", int(rest)
    def write(self, request):
        return Program(f"answer = {self.number}", self.name, "number", None, "always the same")
"""
POINTS = """
[planimeter.segmenters]
everything = their_package:Everything
default = their_package:Everything
gone = their_package:Nothing
[planimeter.coders]
same = their_package:Same
"""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that brings a segmenter and a coder, as pip leaves it on the path."""
    (tmp_path / "their_package.py").write_text(MODULE)
    info = tmp_path / "their_package-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: their-package\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(POINTS)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "their_package", raising=False)


@pytest.mark.usefixtures("installed")
def test_a_package_brings_a_segmenter(tmp_path: Path) -> None:
    assert find_segmenter("everything").topics == ("water",)
    assert find_segmenter("everything:blue").name == "everything blue"
    image = make_world(seed=1, size=64).write(tmp_path / "world")["image"]
    answer = planimeter.ask(image, "What percentage of the image is water?", segmenter="everything")
    assert (answer.answer, answer.segmenter) == (100, "everything")
    assert find_segmenter("noise:0:everything").topics == ("water",)


@pytest.mark.usefixtures("installed")
def test_a_package_brings_a_coder(tmp_path: Path) -> None:
    image = make_world(seed=1, size=64).write(tmp_path / "world")["image"]
    answer = planimeter.ask(image, "How many?", coder="same:41", segmenter="everything")
    assert (answer.answer, answer.coder) == (41, "same 2")


@pytest.mark.usefixtures("installed")
def test_no_package_takes_a_name_of_this_one() -> None:
    assert "everything" not in find_segmenter("default").name
    assert [entry.package for entry in SEGMENTERS.entries() if entry.name == "default"] == ["planimeter"]


@pytest.mark.usefixtures("installed")
def test_what_is_brought_is_listed_in_errors_and_help() -> None:
    with pytest.raises(InputError, match=r"give default, .*noise:LEVEL:NAME, everything\[:…\]"):
        find_segmenter("unicorn")
    with pytest.raises(
        UsageError, match=r"use builtin, rewriter, auto, vision, same\[:…\] or the name of a language model"
    ):
        find_coder(" ")
    help_text = " ".join(CliRunner().invoke(command, ["--help"], terminal_width=300).output.split())
    assert "noise:LEVEL:NAME, everything[:…], gone[:…]." in help_text
    assert "builtin, rewriter, auto, vision, same[:…] or the name of a language model" in help_text


@pytest.mark.usefixtures("installed")
def test_a_package_that_is_broken_is_named() -> None:
    with pytest.raises(InputError, match="gone comes from the package their-package, which cannot be loaded"):
        find_segmenter("gone")


@pytest.mark.parametrize(("registry", "page"), [(SEGMENTERS, "segmenters.md"), (CODERS, "coders.md")])
def test_the_docs_list_what_is_registered(registry: Registry, page: str) -> None:
    rows = [line for line in (DOCS / page).read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    for entry in registry.own.values():
        assert any(line.startswith(f"| `{entry.written}`") and entry.about in line for line in rows), (
            entry.name
        )


@pytest.mark.parametrize("registry", [SEGMENTERS, CODERS])
def test_what_is_registered_is_there(registry: Registry) -> None:
    for entry in registry.own.values():
        assert callable(entry.load()), entry.name


def test_choosing_a_kind_of_this_package_looks_through_no_other() -> None:
    script = (
        "import importlib.metadata as metadata\n"
        "from planimeter import registry\n"
        "registry.entry_points = lambda **_: 1 / 0\n"
        "from planimeter.segment import find_segmenter\nfrom planimeter.coder.find import find_coder\n"
        "find_segmenter(None), find_coder(None), find_coder('auto')\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_a_name_that_is_no_coder_asks_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PLANIMETER_BASE_URL", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(
        UsageError, match=r"builtin, rewriter, auto, vision.*Did you mean builtin\?.*--base-url URL"
    ):
        find_coder("builtn")
    with pytest.raises(UsageError, match='"foo" is no coder'):
        find_coder("foo")
    assert find_coder("foo", base_url="http://localhost:9/v1").name == "foo"
    monkeypatch.setenv("PLANIMETER_BASE_URL", "http://localhost:9/v1")
    assert find_coder("foo").name == "foo"
