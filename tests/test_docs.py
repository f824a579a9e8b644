"""The documents say what the code does: generated pages are current, and the README's commands print what it says."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def test_generated_pages_are_current() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "docs" / "generate.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The README's demo scene."""
    folder = tmp_path_factory.mktemp("readme")
    command = [sys.executable, "-m", "planimeter", "world", "--out", str(folder / "demo")]
    subprocess.run(command, check=True, capture_output=True)
    return folder / "demo"


def examples() -> list[tuple[str, str]]:
    """The rows of the README's table: a command and the start of what it prints."""
    rows = re.findall(
        r"^\| `(planimeter ask [^`]*)` \| (.*) \|$", (ROOT / "README.md").read_text(), flags=re.M
    )
    return [(command, printed.split("`")[1] if "`" in printed else printed) for command, printed in rows]


def test_the_readme_has_five_examples() -> None:
    assert len(examples()) == 5


@pytest.mark.parametrize(("command", "printed"), examples())
def test_a_readme_example_prints_what_it_says(demo: Path, command: str, printed: str) -> None:
    words = shlex.split(command.replace("$maps", "--labels labels.tif --legend legend.json"))
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=demo, capture_output=True, text=True, check=False, timeout=120
    )
    said = done.stdout or done.stderr.removeprefix("planimeter: ")
    assert said.startswith(printed.removesuffix("…").rstrip()), said


def test_links_in_the_documents_lead_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
            if not target.startswith("http"):
                assert (page.parent / target).exists(), f"{page.name} links to {target}"
