"""A new topic, unit or number word is one record: everything that speaks of it reads the table.

Each test lays a copy of the package's tables over the package, with one record more, and asks there.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import planimeter

SOURCE = Path(planimeter.__file__).parent

TOPIC = """TOPIC_RECORDS: tuple[Topic, ...] = (
    Topic(
        name="snow",
        mass="snow cover",
        one="snow field",
        many="snow fields",
        colour="#0A0B0C",
        things="snow field, firn field",
        masses="snow, snowpack",
    ),
"""
UNIT = """UNIT_RECORDS: tuple[Unit, ...] = (
    Unit("arpent", "area", 0.01, "arpents", "arpent, arpents"),
"""


def with_record(folder: Path, table: str, old: str, new: str) -> Path:
    """A source tree that is the package, but for one record in one of its tables."""
    package = folder / "src" / "planimeter"
    package.mkdir(parents=True)
    for entry in SOURCE.iterdir():
        if entry.name == "vocabulary":
            shutil.copytree(entry, package / entry.name, ignore=shutil.ignore_patterns("__pycache__"))
        elif entry.name != "__pycache__":
            (package / entry.name).symlink_to(entry)
    text = (package / "vocabulary" / table).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (package / "vocabulary" / table).write_text(text.replace(old, new), encoding="utf-8")
    return package.parent


def scene(folder: Path) -> None:
    """A picture and its labels: 600 pixels of 3, in two regions, and 400 of 5."""
    labels = np.ones((100, 100), dtype=np.uint8)
    labels[10:20, 10:50] = 3
    labels[40:50, 40:60] = 3
    labels[60:80, 60:80] = 5
    Image.fromarray(labels).save(folder / "labels.png")
    Image.fromarray(np.repeat(labels[..., None] * 40, 3, axis=2)).save(folder / "image.png")


def run(source: Path, folder: Path, script: str) -> dict[str, object]:
    """What a script prints as JSON in a fresh interpreter on that source tree."""
    environment = {**os.environ, "PYTHONPATH": str(source)}
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


ASK = """
import json
import planimeter
from planimeter.segment import LabelSegmenter
from planimeter.errors import PlanimeterError
maps = LabelSegmenter("labels.png", LEGEND)
def ask(question):
    try:
        answer = planimeter.ask("image.png", question, gsd=1.0, segmenter=maps)
    except PlanimeterError as refusal:
        return [str(refusal), None, ""]
    return [answer.answer, answer.unit, answer.reading]
"""


@pytest.fixture
def ground(tmp_path: Path) -> Path:
    scene(tmp_path)
    return tmp_path


def test_a_topic_is_one_record(ground: Path) -> None:
    source = with_record(ground, "topics.py", "TOPIC_RECORDS: tuple[Topic, ...] = (\n", TOPIC)
    (ground / "legend.json").write_text('{"snow": [3], "water": [5]}', encoding="utf-8")
    found = run(
        source,
        ground,
        ASK.replace("LEGEND", '"legend.json"')
        + """
from planimeter.squid.types import TYPES
from planimeter.squid.view import SceneView
from planimeter.squid.wording import fill
from planimeter.raster import open_scene
from planimeter.vocabulary.topics import topic_of
from planimeter.segment import find_segmenter
view = SceneView(open_scene("image.png", gsd=1.0), find_segmenter(maps))
asked = [fill(TYPES["percentage"].templates[0], slots, 1.0) for slots in TYPES["percentage"].choices(view)]
read = [slots.target for slots in map(TYPES["percentage"].read, asked)]
from planimeter.reason.data.referring import referring_phrases
phrases = [each.phrase for each in referring_phrases({"snow": view.mask("snow")}, 1.0)]
print(json.dumps({
    "area": ask("How much snowpack is there, in square metres?"), "count": ask("How many firn fields are there?"),
    "most": ask("Which land cover is dominant?"), "missing": ask("How many boats are there?")[0],
    "asked": asked, "read": read, "phrases": phrases, "colour": topic_of("snow").colour,
}))
""",
    )
    assert found["area"] == [600.0, "m²", "The area of snow cover, in m²."]
    assert found["count"] == [2, "count", "The number of snow fields."]
    assert found["most"] == ["snow", None, "Which has the largest area: snow cover, water."]
    assert "snow cover, water" in str(found["missing"])
    assert set(found["read"]) == {"snow", "water"}  # type: ignore[call-overload]
    assert "all snow cover" in str(found["phrases"])
    assert found["colour"] == "#0A0B0C"


def test_a_topic_is_one_legend(ground: Path) -> None:
    legend = {
        "parking": {"values": [3], "words": ["car park"], "counted": True},
        "water": {"values": [5], "words": ["sea"]},
    }
    (ground / "legend.json").write_text(json.dumps(legend), encoding="utf-8")
    found = run(
        SOURCE.parent,
        ground,
        ASK.replace("LEGEND", '"legend.json"')
        + """
from planimeter.squid.types import TYPES
from planimeter.squid.view import SceneView
from planimeter.squid.wording import fill
from planimeter.raster import open_scene
from planimeter.segment import find_segmenter
from planimeter.answer.overlay import draw_overlay
view = SceneView(open_scene("image.png", gsd=1.0), find_segmenter(maps))
asked = [fill(TYPES["count"].templates[1], slots, 1.0) for slots in TYPES["count"].choices(view)]
counted = planimeter.ask("image.png", "How many car parks are there?", gsd=1.0, segmenter=maps)
picture = draw_overlay(counted)
program = 'answer = len(segment_image_from_path(IMAGE_PATH, ["car parks"], gsd=gsd)["shapes"])'
print(json.dumps({
    "count": ask("How many car parks are there?"), "area": ask("What is the total parking area in square metres?"),
    "near": ask("How many parkings are within 25 m of the sea?"),
    "missing": ask("How many boats are there?")[0], "asked": asked, "answers": [ask(one) for one in asked],
    "drawn": [topic for topic, _ in counted.run.evidence.counted], "picture": picture.size,
    "program": planimeter.run(program, "image.png", gsd=1.0, segmenter=maps).answer,
}))
""",
    )
    assert found["count"] == [2, "count", "The number of parkings."]
    assert found["area"] == [600.0, "m²", "The area of parking, in m²."]
    # From pixel (49, 59) of the second car park to (60, 60) of the water: hypot(11, 1) < 25; the first is farther.
    assert found["near"] == [1, "count", "The number of parkings within 25 m of water."]
    assert "parking, water" in str(found["missing"])
    assert found["asked"][0].startswith("How many separate water")  # type: ignore[index]
    assert "How many separate parking regions of at least 0.125 hectares" in str(found["asked"])
    assert [answer[0] for answer in found["answers"]] == [0, 0]  # type: ignore[attr-defined]
    assert found["drawn"] == ["parking"]
    assert found["program"] == 2


def test_a_unit_is_one_record(ground: Path) -> None:
    source = with_record(ground, "units.py", "UNIT_RECORDS: tuple[Unit, ...] = (\n", UNIT)
    (ground / "legend.json").write_text('{"forest": [3], "water": [5]}', encoding="utf-8")
    found = run(
        source,
        ground,
        ASK.replace("LEGEND", '"legend.json"')
        + """
from planimeter.coder.llm.formats import answer_format
from planimeter.coder.verify import same_answer
print(json.dumps({
    "area": ask("How many arpents of forest are there?"),
    "larger": ask("How many forest patches are larger than 3 arpents?")[0],
    "told": answer_format("How many arpents of forest are there?").unit,
    "same": same_answer(6.0, 600.0, "arpent", "m²"),
}))
""",
    )
    assert found == {
        "area": [6.0, "arpent", "The area of forest, in arpent."],
        "larger": 1,
        "told": "arpent",
        "same": True,
    }


def test_a_number_word_is_one_record(ground: Path) -> None:
    old, new = 'GROUPS: dict[str, int] = {"dozen": 12}', 'GROUPS: dict[str, int] = {"dozen": 12, "score": 20}'
    source = with_record(ground, "numbers.py", old, new)
    (ground / "legend.json").write_text('{"forest": [3], "water": [5]}', encoding="utf-8")
    found = run(
        source,
        ground,
        ASK.replace("LEGEND", '"legend.json"')
        + """
from planimeter.coder.vlm.numerals import replace_numerals
print(json.dumps({
    "near": ask("How many forest patches are within a score of metres of water?"),
    "far": ask("How many forest patches are within two score metres of water?"),
    "seen": replace_numerals("three score"),
}))
""",
    )
    assert found["near"][2].endswith("within 20 m of water.")  # type: ignore[index]
    assert found["far"][2].endswith("within 40 m of water.")  # type: ignore[index]
    assert found["seen"] == "60"


@pytest.mark.parametrize(
    ("first", "unit", "second", "other"),
    [
        (1000.0, "sq ft", 1000.0, "ft²"),
        (100.0, "yd", 91.44, "m"),
        (100.0, "cm", 1.0, "m"),
        (1e6, "W", 1.0, "MW"),
        (1.0, "acres", 4046.8564224, "m²"),
        (1.0, "sq mi", 640.0, "acres"),
        (2.0, "buildings/ha", 200.0, "per km²"),
    ],
)
def test_verify_finds_equal_what_is_the_same_in_another_unit(
    first: float, unit: str, second: float, other: str
) -> None:
    from planimeter.coder.verify import same_answer

    assert same_answer(first, second, unit, other)
    assert not same_answer(first, second * 1.001, unit, other)
    assert not same_answer(first, second, unit, "px")
