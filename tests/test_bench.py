"""The benchmarks stay runnable: each one imports, is named on their page, and every documented command exists."""

from __future__ import annotations

import re
import resource
import runpy
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = sorted((ROOT / "bench").glob("*.py"))
NEEDS = {
    "copying_layers.py": "torch",
    "prompter_choice.py": "torch",
    "scale.py": "psutil",
    "serve_load.py": "httpx",
    "squid_bench.py": "inspect_ai",
}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_benchmark_imports(script: Path) -> None:
    if script.name in NEEDS and find_spec(NEEDS[script.name]) is None:
        pytest.skip(f"{NEEDS[script.name]} is not installed")
    assert runpy.run_path(str(script), run_name="bench")["__doc__"]


def test_every_benchmark_is_on_their_page() -> None:
    page = (ROOT / "bench" / "README.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\| `(\w+\.py)`", page, re.M)) == [path.name for path in SCRIPTS]


def test_every_benchmark_that_a_document_names_exists() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    named = {
        name for page in pages for name in re.findall(r"bench/(\w+\.py)", page.read_text(encoding="utf-8"))
    }
    assert named
    assert named <= {path.name for path in SCRIPTS}


def test_memory_is_measured_while_children_end() -> None:
    pytest.importorskip("psutil")
    scale = runpy.run_path(str(ROOT / "bench" / "scale.py"), run_name="bench")
    gone = subprocess.Popen([sys.executable, "-c", "pass"])
    gone.wait()
    with pytest.MonkeyPatch.context() as patch:
        # What the kernel listed a moment ago is there no more.
        patch.setattr(scale["psutil"].Process, "children", lambda *_, **__: [SimpleNamespace(pid=gone.pid)])
        peak = scale["spent"]()["peak"]
    assert peak == pytest.approx(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, rel=0.05)
