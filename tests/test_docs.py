"""The documents say what the code does: generated pages are current, and the README's commands print what it says."""

from __future__ import annotations

import importlib.util
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


def test_the_page_of_questions_fails_for_what_does_not_hold() -> None:
    spec = importlib.util.spec_from_file_location("questions", ROOT / "docs" / "questions.py")
    assert spec is not None
    assert spec.loader is not None
    questions = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(questions)
    buildings, lakes = ["How many buildings are there?", "Count the houses."], "How many lakes are there?"
    table = {
        "Count": [{"wordings": [*buildings, lakes]}, {"wordings": buildings}],
        "Size": [{"wordings": [*buildings, "Building count?"]}],
        "Presence": [{"wordings": ["Are there any solar panels?", "Any PV panels?", "Any glorps?"]}],
        "ImageArea": [
            {
                "refused": True,
                "wordings": [
                    "How large is the image?",
                    "How big is the scene?",
                    "How large is this picture?",
                ],
            },
        ],
        "Distance": [
            {
                "wordings": [
                    "How far is the nearest house from water, in m?",
                    "How far is the nearest house from water?",
                    "How far is the nearest house from water, in feet?",
                ]
            },
        ],
        "Colour": [{"wordings": []}],
    }
    with pytest.raises(questions.Faults) as raised:
        questions.page_of(table)
    found = set(str(raised.value).splitlines())
    missing = {line.removesuffix(" has no entry") for line in found if line.endswith(" has no entry")}
    named = {kind.__name__ for group in questions.kinds().values() for kind in group}
    assert missing == named - {"Count", "Size", "Presence", "ImageArea", "Distance"}
    assert {"Area", "Leads", "Either", "Pick"} <= missing
    others = sorted(line for line in found if not line.endswith(" has no entry"))
    starts = [
        "Colour is no kind of meaning",
        'Count: "How many buildings are there?" is read as "The number of buildings." in count, "How many lakes',
        "Count: an entry has three wordings, not 2",
        'Distance: "How far is the nearest house from water, in m?" is read as',
        'ImageArea: "How large is the image?" is not refused: its answer is 26.21 ha',
        'Presence: "Any glorps?" is refused: ',
        'Size: "How many buildings are there?" means Count and holds no Size',
    ]
    for line, start in zip(others, starts, strict=True):
        assert line.startswith(start)


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


def shown_in_consoles() -> list[tuple[str, str]]:
    """The commands in docs/tables.md and what stands below each."""
    blocks = re.findall(
        r"```console\n\$ (planimeter [^\n]+)\n(.*?)```", (ROOT / "docs/tables.md").read_text(), re.S
    )
    maps = "--labels demo/labels.tif --legend demo/legend.json"
    return [(command.replace("--labels …", maps), printed) for command, printed in blocks]


@pytest.mark.parametrize(("command", "printed"), shown_in_consoles())
def test_a_console_in_the_documents_shows_what_is_printed(demo: Path, command: str, printed: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *shlex.split(command)],
        cwd=demo.parent,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert done.stdout.startswith(printed)


def test_the_documents_have_consoles() -> None:
    assert len(shown_in_consoles()) >= 4


def test_links_in_the_documents_lead_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
            if not target.startswith("http"):
                assert (page.parent / target).exists(), f"{page.name} links to {target}"
