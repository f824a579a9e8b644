"""The QGIS plugin: what it makes of layers and answers; the whole of it where Debian's QGIS is installed."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import rasterio
from rasterio.transform import from_origin
from shapely.geometry import box

import planimeter

ROOT = Path(__file__).parents[2] / "qgis"
# Debian's wrapper passes options of the window program on, which qgis_process does not know.
PROCESS = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
needs_qgis = pytest.mark.skipif(
    PROCESS is None and not os.environ.get("CI_QGIS"),
    reason="QGIS is not installed (Debian: python3-qgis, qgis)",
)
COMMAND = f"{sys.executable} -m planimeter"


def _loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


command = _loaded(ROOT / "planimeter_qgis" / "command.py")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A lake of 8 x 18 m; houses of 4 x 4 m beside it, 30 m off, and, in the vector layer alone, a shed."""
    labels = np.zeros((100, 100), np.uint8)
    labels[2:10, 12:30] = 2
    labels[2:6, 2:6] = labels[60:64, 60:64] = 1
    profile = {"driver": "GTiff", "height": 100, "width": 100, "count": 1, "dtype": "uint8"}
    ground = {"crs": "EPSG:32633", "transform": from_origin(500000, 5000000, 1, 1)}
    for name, values in {"labels.tif": labels, "image.tif": np.full_like(labels, 90)}.items():
        with rasterio.open(tmp_path / name, "w", **profile, **ground) as file:
            file.write(values, 1)
    (tmp_path / "legend.json").write_text('{"roof": [1], "water": [2]}')
    houses = [(2, 2), (60, 60), (40, 4)]
    gpd.GeoDataFrame(
        {"kind": ["house", "house", "shed"]},
        geometry=[box(500000 + x, 5000000 - y - 4, 500004 + x, 5000000 - y) for x, y in houses],
        crs="EPSG:32633",
    ).to_file(tmp_path / "town plan.gpkg", layer="roofs")
    west, east = box(500000, 4999900, 500050, 5000000), box(500050, 4999900, 500100, 5000000)
    gpd.GeoDataFrame({"district": ["west", "east"]}, geometry=[west, east], crs="EPSG:32633").to_file(
        tmp_path / "districts.gpkg"
    )
    return tmp_path


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("town.gpkg", "town.gpkg"),
        ("town.gpkg|layername=roofs", "town.gpkg|layername=roofs"),
        ("a|b.gpkg|layername=roofs", "a|b.gpkg|layername=roofs"),
        ("town.shp|layerid=0", "town.shp"),
        ("t.gpkg|layername=r|geometrytype=Polygon", "t.gpkg|layername=r"),
        ("t.gpkg|layername=r|subset=kind = 'house'", "t.gpkg|layername=r|where=kind = 'house'"),
    ],
)
def test_layers_are_handed_on_as_planimeter_spells_them(source: str, said: str) -> None:
    assert command.layer_source(source) == said


def test_what_cannot_be_handed_on_is_refused() -> None:
    for source in ("t.gpkg|layerid=3", "t.csv|option:X_POSSIBLE_NAMES=lon"):
        with pytest.raises(command.CommandError, match="save it as a GeoPackage"):
            command.layer_source(source)


def test_an_answer_of_the_command_line_with_a_filtered_layer(place: Path) -> None:
    arguments = command.ask_arguments(
        place / "image.tif",
        "How many buildings are within 20 m of water?",
        labels=place / "labels.tif",
        legend=place / "legend.json",
        vectors=[("roof", f"{place / 'town plan.gpkg'}|layername=roofs|subset=kind = 'house'")],
        out=place / "out",
    )
    # Of three features two are houses, of which the first lies 6 m from the lake.
    assert command.run_command(arguments, COMMAND)["answer"] == 1
    assert (place / "out" / "shapes.gpkg").exists()


def test_topics_of_two_words_stay_two_words() -> None:
    assert command.topics_line(" roof , solar  panels,,bare\tland ") == "roof,solar panels,bare land"
    # What masks.py hands on, which QGIS alone can run.
    assert "topics_line(topics)" in (ROOT / "planimeter_qgis" / "masks.py").read_text(encoding="utf-8")


def test_refusals_are_one_sentence_with_what_would_work(place: Path) -> None:
    arguments = command.ask_arguments(place / "image.tif", "-- Who owns the buildings?", out=place / "out")
    with pytest.raises(command.CommandError, match=r"(?s)owns.*What would work"):
        command.run_command(arguments, COMMAND)
    with pytest.raises(command.CommandError, match="pip install planimeter"):
        command.run_command(arguments, "no-such-command")
    with pytest.raises(command.CommandError, match="Cancelled"):
        command.run_command(arguments, f'{sys.executable} -c "import time; time.sleep(60)"', lambda: True)


@pytest.mark.skipif(os.name == "nt", reason="the files are scripts of a POSIX shell")
@pytest.mark.parametrize("folder", ["o'brien", "my env", 'a "quoted" one', "plain"])
def test_the_command_may_lie_anywhere(tmp_path: Path, folder: str) -> None:
    script = tmp_path / folder / "planimeter"
    script.parent.mkdir()
    script.write_text('#!/bin/sh\nprintf \'{"answer": "%s"}\' "$*"\n')
    script.chmod(0o755)
    said = {"answer": "ask --json"}
    assert command.run_command(["ask", "--json"], str(script)) == said
    assert command.run_command(["ask", "--json"], f"  {script} ") == said
    if '"' not in folder:
        assert command.run_command(["--json"], f'"{script}" ask') == said


def test_a_command_that_cannot_be_read_or_run_is_one_sentence(tmp_path: Path) -> None:
    for given in ("/home/o'brien/bin/python -m planimeter", 'python "-m planimeter'):
        with pytest.raises(command.CommandError, match="double quotation marks about a path"):
            command.run_command([], given)
    broken = tmp_path / "planimeter"
    broken.write_bytes(b"\x7fELFnothing")
    broken.chmod(0o755)
    with pytest.raises(command.CommandError, match=r"cannot be run .*give the path of planimeter"):
        command.run_command([], str(broken))


def test_variables_of_qgis_do_not_reach_planimeter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROJ_LIB", "/nowhere")
    shown = (
        f"{sys.executable} -c \"import json, os; print(json.dumps({{'seen': 'PROJ_LIB' in os.environ}}))\""
    )
    assert command.run_command([], shown) == {"seen": False}


def test_the_zip_holds_the_plugin_and_its_licence(tmp_path: Path) -> None:
    path = _loaded(ROOT / "package.py").pack(tmp_path)
    names = set(zipfile.ZipFile(path).namelist())
    sources = {f"planimeter_qgis/{file.name}" for file in (ROOT / "planimeter_qgis").glob("*.*")}
    assert names == sources | {"planimeter_qgis/LICENSE"}


@pytest.fixture
def qgis(tmp_path: Path) -> dict[str, str]:
    """The environment of a QGIS without a window whose only profile has the packed plugin."""
    plugins = tmp_path / "profiles" / "default" / "python" / "plugins"
    plugins.mkdir(parents=True)
    zipfile.ZipFile(_loaded(ROOT / "package.py").pack(tmp_path)).extractall(plugins)
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment = kept | {
        "QGIS_CUSTOM_CONFIG_PATH": str(tmp_path),
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_RUNTIME_DIR": str(tmp_path),
        "PYTHONPATH": str(plugins),
    }
    assert PROCESS is not None, "CI_QGIS is set, and QGIS is not installed"
    subprocess.run(
        [PROCESS, "plugins", "enable", "planimeter_qgis"], env=environment, check=True, timeout=120
    )
    return environment


def _processed(qgis: dict[str, str], algorithm: str, **parameters: object) -> dict[str, object]:
    assert PROCESS is not None
    given = [f"--{name}={value}" for name, value in parameters.items()]
    run = subprocess.run(
        [PROCESS, "run", f"planimeter:{algorithm}", "--json", f"--COMMAND={COMMAND}", *given],
        env=qgis,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout[run.stdout.index("{") :])["results"]


@needs_qgis
def test_qgis_asks_a_question_of_label_and_vector_layers(qgis: dict[str, str], place: Path) -> None:
    found = _processed(
        qgis,
        "ask",
        INPUT=place / "image.tif",
        QUESTION="How many buildings are within 20 m of water?",
        LABELS=place / "labels.tif",
        LEGEND=place / "legend.json",
        VECTORS=f"{place / 'town plan.gpkg'}|layername=roofs",
        TOPICS="roof",
        OUTPUT=place / "out",
    )
    assert (found["ANSWER"], found["TYPE"], found["UNIT"]) == (2, "number", "count")  # a house and the shed
    assert pyogrio.read_info(str(found["SHAPES"]), layer="roof")["features"] == 2


@needs_qgis
def test_qgis_answers_by_zone_and_writes_masks(qgis: dict[str, str], place: Path) -> None:
    maps = {"LABELS": place / "labels.tif", "LEGEND": place / "legend.json"}
    found = _processed(
        qgis,
        "ask",
        INPUT=place / "image.tif",
        QUESTION="What is the area of water in m2?",
        ZONES=place / "districts.gpkg",
        ZONE_NAME="district",
        OUTPUT=place / "out",
        **maps,
    )
    assert found["TYPE"] == "table"
    zones = pyogrio.read_dataframe(place / "out" / "zones.gpkg", layer="zones")
    assert sorted(zones.drop(columns="geometry").select_dtypes("number").iloc[:, 0]) == [0, 144]
    _processed(qgis, "masks", INPUT=place / "image.tif", TOPICS="water, roof", OUTPUT=place / "masks.tif")
    with rasterio.open(place / "masks.tif") as file:
        assert file.descriptions == ("water", "roof")


@needs_qgis
def test_layers_of_a_project_and_styled_evidence(qgis: dict[str, str], place: Path) -> None:
    maps = planimeter.LabelSegmenter(place / "labels.tif", place / "legend.json")
    planimeter.ask(place / "image.tif", "How many buildings are within 20 m of water?", segmenter=maps).save(
        place / "evidence"
    )
    script = ROOT / "check_layers.py"
    run = subprocess.run(
        ["/usr/bin/python3", str(script), str(place)], env=qgis, capture_output=True, text=True, timeout=120
    )
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout.splitlines()[-1])
    copied = pyogrio.read_dataframe(found["copy"])
    assert [geometry.wkt for geometry in copied.geometry] == ["POINT (500001 4999999)"]
    assert "export it as a GeoTIFF" in found["refusal"]  # a web service is no file
    assert found["topics"] == [["trees", "trees"]]
    assert found["styles"] == {"roof": ["counted"], "water": ["reference"]}
