"""A person corrects masks on the page: the number changes by exactly what was drawn."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas
import numpy as np
import pytest
from shapely.geometry import shape
from tests.serve.ask.browsing import UNTIL_ANSWERED, ask, open_scene, shown
from tests.serve.ask.conftest import Asker
from tests.serve.ask.correcting import AREA, COUNT, HEIGHT, ROOF, WIDTH, count, inside, make_places

from planimeter.serve.ask.sources import Sources

FIRST = (20, 16)  # a place in the building on the upper left


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("corrected")


@pytest.fixture(scope="module")
def roof(folder: Path) -> np.ndarray:
    return make_places(folder) == ROOF


@pytest.fixture(scope="module")
def asker(start: Callable[..., Asker], folder: Path, roof: np.ndarray, still) -> Asker:
    return start(folders=[folder], sources=Sources({"still": still}))


def scale(page) -> float:
    """Pixels of the screen to one of the scene, as the page shows all of it."""
    box = page.locator("#map").bounding_box()
    return min((box["width"] - 32) / WIDTH, (box["height"] - 76) / HEIGHT)


def at(page, x: float, y: float) -> tuple[float, float]:
    """Where a place of the scene, in its pixels, is on the screen."""
    box = page.locator("#map").bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + 60 + (box["height"] - 76) / 2
    return middle[0] + (x - WIDTH / 2) * scale(page), middle[1] + (y - HEIGHT / 2) * scale(page)


def draw(page, tool: str, *points: tuple[float, float]) -> None:
    page.click(f"#correct-{tool}")
    for x, y in points:
        page.mouse.click(*at(page, x, y))
        page.wait_for_timeout(300)  # two clicks are none that are double
    if len(points) > 1:
        page.keyboard.press("Enter")


def corrected(page, number: int) -> None:
    said = f"{number} correction{'' if number == 1 else 's'} by hand" if number else ""
    page.wait_for_function("said => document.querySelector('#correct-count').textContent === said", arg=said)
    assert page.locator("[data-part=corrections]").count() == (number > 0)


def measure_anew(page) -> tuple[str, list[dict]]:
    """The number, and the corrections that were sent."""
    sent = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    finished = page.evaluate_handle(UNTIL_ANSWERED)
    page.click("#correct-anew")
    page.wait_for_function("watched => watched.finished", arg=finished)
    return page.inner_text("#figure"), json.loads(sent[0].post_data)["corrections"]["features"]


def by_hand(mask: np.ndarray, made: list[dict]) -> np.ndarray:
    """The mask with corrections, by rasterio."""
    found = mask.copy()
    for each in made:
        drawn = shape(each["geometry"])
        if drawn.geom_type == "LineString":
            drawn = drawn.buffer(0.75, cap_style="flat", join_style="mitre")
        found[inside(drawn)] = each["properties"]["action"] == "add"
    return found


def test_removed_added_erased_and_cut(page, asker, roof, tmp_path):
    open_scene(page, asker, "placed/image.tif")
    assert ask(page, COUNT) == "2"
    page.click("#correct-card summary")
    assert page.is_disabled("#correct-anew")
    untouched = shown(page)
    draw(page, "remove", FIRST)
    corrected(page, 1)
    draw(page, "cut", (36, 45), (33, 66))
    draw(page, "add", (60, 12), (81, 14), (76, 30), (59, 25))
    draw(page, "erase", (90, 20), (99, 20), (99, 30))
    corrected(page, 4)
    page.click("#correct-undo")
    corrected(page, 3)
    assert shown(page) != untouched
    said, made = measure_anew(page)
    fixed = by_hand(roof, made)
    assert (said, count(fixed), [each["properties"]["topic"] for each in made]) == ("3", 3, ["roof"] * 3)
    assert not (fixed & inside(shape(made[0]["geometry"]))).any()
    assert "A person corrected" in page.inner_text("#cautions")
    assert "3 corrections by hand" in page.inner_text("#asked-part")
    corrected(page, 3)
    assert page.is_disabled("#correct-anew")
    with page.expect_download() as download:
        page.click("#downloads a[download='corrections.geojson']")
    assert len(json.loads(Path(download.value.path()).read_text())["features"]) == 3
    with page.expect_download() as download:
        page.click("#downloads a[download='roof.gpkg']")
    assert geopandas.read_file(download.value.path()).area.sum() == pytest.approx(fixed.sum() * 0.25)
    with page.expect_download() as download:
        page.click("#downloads a[download='labels.zip']")
    assert zipfile.ZipFile(download.value.path()).namelist() == ["labels.tif", "legend.json"]
    assert float(ask(page, AREA).replace(",", "")) == pytest.approx(fixed.sum() * 0.25, rel=1e-3)
    page.reload()
    page.wait_for_selector("#figure")
    corrected(page, 3)
    page.select_option("#scene", asker.scene("flat/image.tif"))
    page.wait_for_function("() => document.title.startsWith('flat')")
    assert ask(page, COUNT) == "2"
    corrected(page, 0)


def test_the_keyboard_corrects_as_well(page, asker, roof):
    open_scene(page, asker, "placed/image.tif")
    ask(page, COUNT)
    page.focus("#correct-card summary")
    page.keyboard.press("Enter")
    page.focus("#correct-remove")
    page.keyboard.press("Enter")
    page.keyboard.press("Space")  # the middle of the scene, where nothing was counted
    page.wait_for_function(
        "() => document.querySelector('#correct-said').textContent.startsWith('There is no')"
    )
    for _ in range(round(45 * scale(page) / 128)):
        page.keyboard.press("ArrowLeft")
        page.wait_for_timeout(300)
    page.keyboard.press("Space")
    corrected(page, 1)
    page.keyboard.press("Escape")
    assert page.get_attribute("#correct-remove", "aria-pressed") == "false"
    said, made = measure_anew(page)
    assert (said, count(by_hand(roof, made))) == ("1", 1)
    page.click("[data-part=corrections] .remove")
    corrected(page, 0)
    finished = page.evaluate_handle(UNTIL_ANSWERED)
    page.click("#correct-anew")
    page.wait_for_function("watched => watched.finished", arg=finished)
    assert page.inner_text("#figure") == "2"


def test_two_are_joined_and_one_is_drawn_anew(page, asker, roof):
    open_scene(page, asker, "placed/image.tif")
    ask(page, COUNT)
    page.click("#correct-card summary")
    draw(page, "add", (22, 20), (28, 20), (28, 52), (22, 52))
    corrected(page, 1)
    said, made = measure_anew(page)
    joined = by_hand(roof, made)
    assert (said, count(joined), count(roof)) == ("1", 1, 2)
    page.click("#correct-clear")
    corrected(page, 0)
    draw(page, "remove", FIRST)  # the joined one, which is then drawn anew
    corrected(page, 1)
    draw(page, "add", (40, 80), (60, 80), (60, 95), (40, 95))
    corrected(page, 2)
    said, made = measure_anew(page)
    assert (said, count(by_hand(roof, made))) == ("1", 1)
    assert by_hand(roof, made).sum() == pytest.approx(20 * 15, abs=40)
