"""The rules of the house: rooms import downwards only, and importing the package stays light."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import planimeter

SOURCE = Path(planimeter.__file__).parent
# Lowest first. A file may import from its own room and from rooms before it.
ROOMS = (
    "errors",
    "paths",
    "client",
    "cache",
    "progress",
    "registry",
    "atomic",
    "model_file",
    "table",
    "place",
    "vocabulary",
    "raster",
    "worlds",
    "spatial",
    "segment",
    "program",
    "meaning",
    "coder",
    "reason",
    "answer",
    "ask",
    "squid",
    "scale",
    "train",
    "serve",
    "annotate",
    "cli",
)


def room_of(path: Path) -> str:
    """The room a source file belongs to."""
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported_rooms(tree: ast.AST) -> set[str]:
    """Rooms of this package that a module imports at run time, also inside functions."""
    found: set[str] = set()
    typing_only = {
        id(child)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for child in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        found |= {name.split(".")[1] for name in names if name.startswith("planimeter.")}
    return found


def test_rooms_import_downwards_only() -> None:
    level = {room: height for height, room in enumerate(ROOMS)}
    upward = []
    for path in SOURCE.rglob("*.py"):
        room = room_of(path)
        if room in ("__init__", "__main__"):
            continue
        assert room in level, f"{path.name} lives in the room {room!r}, which has no place in the house"
        for other in imported_rooms(ast.parse(path.read_text(encoding="utf-8"))):
            if level[other] > level[room]:
                upward.append(f"{path.relative_to(SOURCE)} imports {other}")
    assert not upward, "\n".join(sorted(upward))


def test_the_design_page_draws_the_floors_as_they_are() -> None:
    page = (Path(__file__).parents[1] / "docs" / "design.md").read_text(encoding="utf-8")
    floors = page.partition("## The floors")[2].partition("##")[0]
    named = " ".join(re.findall(r"`([^`]+)`", floors)).split()
    assert named == list(ROOMS)


@pytest.mark.parametrize("room", ["meaning", "raster", "spatial"])
def test_a_room_with_a_map_names_all_its_files(room: str) -> None:
    drawn = ast.get_docstring(ast.parse((SOURCE / room / "__init__.py").read_text(encoding="utf-8"))) or ""
    files = {path.stem for path in (SOURCE / room).glob("*.py")} - {"__init__"}
    assert set(re.findall(r"``(\w+)``", drawn)) == files


def loaded_by(code: str) -> set[str]:
    """Top-level modules that a fresh interpreter has loaded after some code."""
    script = f"{code}\nimport sys\nprint(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_the_package_loads_no_heavy_library() -> None:
    loaded = loaded_by("import planimeter")
    assert not loaded & {"numpy", "rasterio", "cv2", "torch", "scipy", "shapely", "pyproj"}


def test_asking_loads_no_torch_and_nothing_slow() -> None:
    loaded = loaded_by("import planimeter.ask, planimeter.segment, planimeter.cli.ask")
    assert not loaded & {
        "torch",
        "transformers",
        "scipy",
        "pandas",
        "shapely",
        "pyproj",
        "pyogrio",
        "matplotlib",
    }


def test_no_file_wants_to_be_eight_hundred_lines() -> None:
    long = {
        str(path.relative_to(SOURCE)): lines
        for path in SOURCE.rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 800
    }
    assert not long


def test_all_default_weights_together_stay_small() -> None:
    files = [path for folder in SOURCE.rglob("weights") for path in folder.iterdir()]
    assert {path.parent.parent.name for path in files} == {"coder", "reason", "segment"}
    assert sum(path.stat().st_size for path in files) <= 40 * 2**20


def test_a_class_name_has_one_meaning() -> None:
    """A newcomer who searches for a public class finds one."""
    homes: dict[str, list[str]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(str(path.relative_to(SOURCE)))
    assert {name: found for name, found in homes.items() if len(found) > 1} == {}
