"""The page asks inside an area, by zone and of two dates, and what is asked of has an address."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs

import geopandas
import numpy as np
import pytest
import shapely
from affine import Affine
from rasterio.features import geometry_mask
from tests.serve.ask.browsing import ask, open_scene, shown
from tests.serve.ask.conftest import Asker, Still
from tests.serve.ask.parting import BUILDINGS, DISTRICTS, FOREST, SHARE, Dates, add_layer, make_dates

from planimeter.serve.ask.sources import Sources


@pytest.fixture(scope="module")
def dates(tmp_path_factory: pytest.TempPathFactory) -> Dates:
    return make_dates(tmp_path_factory.mktemp("dates"))


@pytest.fixture(scope="module")
def asker(start: Callable[..., Asker], dates: Dates) -> Asker:
    asker = start(folders=[dates.folder], sources=Sources({"still": Still()}))
    asker.now, asker.then = asker.scene("2024/image.tif"), asker.scene("2018/image.tif")
    return asker


def middle(page) -> tuple[float, float]:
    box = page.locator("#map").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def part(page) -> dict[str, str]:
    """What the address says of the part that is measured."""
    query = page.evaluate("location.hash").partition("?")[2]
    return {name: values[0] for name, values in parse_qs(query).items()}


def drawn_box(page) -> tuple[float, float, float, float]:
    x, y = middle(page)
    page.click("#add-area")
    page.click("#draw-box")
    page.mouse.move(x - 130, y - 140)
    page.mouse.down()
    page.mouse.move(x + 90, y + 60, steps=4)
    page.mouse.up()
    page.wait_for_selector("[data-part=area]")
    numbers = re.fullmatch(r"pixels:([\d.]+),([\d.]+),([\d.]+),([\d.]+)", part(page)["area"])
    return tuple(float(number) for number in numbers.groups())


def covered(box: tuple[float, float, float, float], side: int = 256) -> np.ndarray:
    """(H, W) bool: pixels whose centres lie in a box."""
    x0, y0, x1, y1 = box
    centres = np.arange(side) + 0.5
    return ((centres > y0) & (centres < y1))[:, None] & ((centres > x0) & (centres < x1))[None, :]


def test_a_drawn_box_is_measured_linked_and_taken_away(page, asker, dates):
    open_scene(page, asker, "2024/image.tif")
    untouched = shown(page)
    box = drawn_box(page)
    inside = covered(box)
    page.wait_for_function("() => document.querySelector('[data-part=area] span').innerText.includes('m²')")
    assert page.inner_text("[data-part=area] span") == f"Inside the drawn area, {inside.sum() * 0.25:,.0f} m²"
    assert shown(page) != untouched
    right = 100 * np.isin(dates.labels, dates.legend["grass"])[inside].mean()
    said = ask(page, "What percentage of the image is covered by grass?")
    assert float(said) == pytest.approx(right, rel=1e-3)
    assert page.inner_text("#asked-part").startswith("Inside the drawn area")
    page.reload()
    page.wait_for_selector("#figure")
    assert page.inner_text("#figure") == said
    assert page.is_visible("[data-part=area]")
    page.go_back()  # to the scene with its area, which a link gives as well
    page.wait_for_function("() => location.hash.startsWith('#scene/')")
    assert part(page)["area"].startswith("pixels:")
    page.reload()
    page.wait_for_selector("[data-part=area]")
    assert not page.is_visible("#result")
    page.click("[data-part=area] .remove")
    page.wait_for_selector("[data-part=area]", state="detached")
    assert part(page) == {}
    page.mouse.move(5, 5)
    assert shown(page) == untouched


def test_an_answer_belongs_to_its_area(page, asker):
    open_scene(page, asker, "2024/image.tif")
    assert ask(page, SHARE)
    drawn_box(page)
    assert not page.is_visible("#result")  # the whole scene's answer is none of the area's
    assert page.input_value("#question") == SHARE
    page.go_back()
    page.wait_for_selector("#figure")
    assert page.locator("[data-part=area]").count() == 0


def test_a_polygon_is_drawn_by_pointer_and_a_box_from_the_keyboard(page, asker, dates):
    open_scene(page, asker, "2024/image.tif")
    x, y = middle(page)
    page.click("#add-area")
    page.click("#draw-polygon")
    for dx, dy in ((-100, -100), (100, -100), (100, 100)):
        page.mouse.click(x + dx, y + dy)
    page.keyboard.press("Backspace")
    page.mouse.click(x + 100, y + 100)
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-part=area]")
    assert part(page)["area"].startswith("pixels:POLYGON((")
    corners = re.findall(r"([\d.]+) ([\d.]+)", part(page)["area"])
    assert len(corners) == 4  # three, and the first again
    page.click("[data-part=area] .remove")
    page.click("#add-area")
    page.focus("#draw-box")
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    for key in ("ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
        page.wait_for_timeout(300)
    page.keyboard.press("Space")
    page.wait_for_selector("[data-part=area]")
    box = [float(number) for number in part(page)["area"].removeprefix("pixels:").split(",")]
    assert box[0] == pytest.approx(128, abs=1)
    assert box[2] > box[0] + 5
    page.click("#add-area")
    page.click("#box-fields summary")
    for name, value in (("left", "20"), ("upper", "30"), ("right", "90"), ("lower", "200")):
        page.fill(f"#box-{name}", value)
    page.keyboard.press("Enter")
    page.wait_for_function("() => decodeURIComponent(location.hash).includes('pixels:20,30,90,200')")
    said = float(ask(page, SHARE))
    assert said == pytest.approx(dates.share((20, 30, 90, 200)), rel=1e-3)


def test_a_polygon_that_runs_over_the_edge_is_measured_as_it_was_drawn(page, asker, dates):
    open_scene(page, asker, "2024/image.tif")
    x, y = middle(page)
    left = page.locator("#map").bounding_box()["x"] + 5
    page.click("#add-area")
    page.click("#draw-polygon")
    for corner in ((left, y - 40), (x + 90, y - 120), (x + 90, y + 120)):
        page.mouse.click(*corner)
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-part=area]")
    corners = [tuple(map(float, pair)) for pair in re.findall(r"(-?[\d.]+) (-?[\d.]+)", part(page)["area"])]
    assert min(across for across, _ in corners) < -20  # well outside of the scene
    outside = geometry_mask([shapely.Polygon(corners)], dates.labels.shape, Affine.identity())
    grass = np.isin(dates.labels, dates.legend["grass"])
    said = float(ask(page, "What percentage of the image is covered by grass?"))
    assert said == pytest.approx(100 * grass[~outside].mean(), rel=1e-3)


def test_a_wrong_file_is_refused_where_it_was_given(page, asker, tmp_path: Path):
    (tmp_path / "far.geojson").write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": '
        '{"type": "Polygon", "coordinates": [[[10, 10], [11, 10], [11, 11], [10, 10]]]}}]}'
    )
    open_scene(page, asker, "2024/image.tif")
    page.click("#add-area")
    page.set_input_files("#area-file", tmp_path / "far.geojson")
    page.wait_for_selector("#part-error:not(:empty)")
    assert "elsewhere" in page.inner_text("#part-error")
    assert part(page) == {}


def test_zones_are_a_table_and_a_coloured_map_that_lead_to_one_another(page, asker, dates):
    open_scene(page, asker, "2024/image.tif")
    page.click("#add-zones")
    page.set_input_files("#zones-file", dates.districts)
    page.wait_for_selector("[data-part=zones]")
    page.wait_for_function("() => document.querySelector('#zones-name').value === 'name'")
    outlined = shown(page)
    ask(page, SHARE)
    rows = page.locator("#answer-table tbody tr")
    assert rows.locator("td:first-child").all_inner_texts() == list(DISTRICTS)
    told = [float(text) for text in rows.locator("td:nth-child(2)").all_inner_texts()]
    assert told == [pytest.approx(dates.share(box), rel=1e-3) for box in DISTRICTS.values()]
    assert page.inner_text("#answer-table tfoot td >> nth=0") == "all zones"
    legend = page.inner_text("#legend")
    assert "zones by share" in legend
    assert len(page.locator("#legend .swatch").all()) == 3
    page.mouse.move(5, 5)
    coloured = shown(page)
    assert coloured != outlined
    page.click("#answer-table tbody button >> text=Hill")
    assert page.inner_text("#tip") == f"Hill: {told[2]:g} %"
    assert page.inner_text("tr.chosen td >> nth=0") == "Hill"
    page.click("#fit")
    page.wait_for_timeout(400)
    map_box = page.locator("#map").bounding_box()
    page.mouse.click(map_box["x"] + map_box["width"] / 2 - 200, map_box["y"] + map_box["height"] / 2)
    page.wait_for_function("() => document.querySelector('tr.chosen td').textContent === 'Harbour'")
    with page.expect_download() as download:
        page.click("#downloads a[download='zones.gpkg']")
    kept = geopandas.read_file(download.value.path(), layer="zones")
    assert list(kept["zone"]) == list(DISTRICTS)
    page.select_option("#zones-by", "area")
    assert "zones by area" in page.inner_text("#legend")
    page.reload()
    page.wait_for_selector("#answer-table")
    assert "zones by share" in page.inner_text("#legend")


def test_a_zone_called_like_all_of_them_keeps_its_row(page, asker, dates, tmp_path: Path):
    districts = geopandas.read_file(dates.districts)
    districts["name"] = districts["name"].replace({"Harbour": "all zones"})
    districts.to_file(tmp_path / "named.geojson")
    open_scene(page, asker, "2024/image.tif")
    page.click("#add-zones")
    page.set_input_files("#zones-file", tmp_path / "named.geojson")
    page.wait_for_selector("[data-part=zones]")
    ask(page, SHARE)
    names = page.locator("#answer-table tbody tr td:first-child").all_inner_texts()
    assert names == ["all zones", "Old town", "Hill"]
    assert page.locator("#answer-table tfoot td:first-child").all_inner_texts() == ["all zones together"]


def test_two_dates_have_a_swipe_and_coloured_changes(page, asker, dates):
    open_scene(page, asker, "2024/image.tif")
    later = shown(page)
    page.click("#add-before")
    page.wait_for_selector("#before-scene option >> nth=1", state="attached")
    page.select_option("#before-scene", asker.then)
    page.wait_for_selector("[data-part=before]")
    assert part(page) == {"before": asker.then}
    assert page.is_visible("#swipe-range")
    half = shown(page)
    page.focus("#swipe-range")
    page.keyboard.press("Home")
    left = shown(page)
    page.keyboard.press("End")
    assert len({later, half, left, shown(page)}) == 4
    assert page.get_attribute("#swipe-range", "aria-valuetext").startswith("100 %")
    handle = page.locator("#map").bounding_box()
    x, y = handle["x"] + handle["width"] - 2, handle["y"] + handle["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - handle["width"] / 2, y, steps=4)
    page.mouse.up()
    assert 45 < float(page.input_value("#swipe-range")) < 55
    assert float(ask(page, FOREST)) == pytest.approx(dates.lost, rel=1e-3)
    legend = page.inner_text("#legend")
    assert "lost:" in legend
    assert "kept: forest" in legend
    assert page.inner_text("#asked-part") == "Compared with 2018/image.tif"
    ask(page, "What did the forest become?")
    assert page.locator("#answer-table th").all_inner_texts()[:2] == ["from", "to"]
    assert "forest region" in page.inner_text("#legend")
    page.reload()
    page.wait_for_selector("#answer-table")
    page.wait_for_selector("#swipe-range")
    page.click("[data-part=before] .remove")
    page.wait_for_selector("#swipe", state="hidden")


def test_the_history_shows_again_asks_again_and_compares(page, asker):
    asker.ask(asker.then, "How many buildings are there?")
    second = asker.ask(asker.then, "How many buildings are there?", area="pixels:0,0,100,100")
    open_scene(page, asker, "2018/image.tif")
    page.wait_for_selector("#history-card")
    page.click("#history-card summary")
    page.wait_for_function("() => document.querySelectorAll('#history li').length === 2")
    page.click("#history li >> nth=0 >> .asked-before")
    page.wait_for_selector("#figure")
    assert page.evaluate("location.hash") == f"#answer/{second}"
    assert page.is_disabled("#history-compare")
    for place in (0, 1):
        page.check(f"#history li >> nth={place} >> input")
    page.click("#history-compare")
    kept = [box for box in BUILDINGS if box[1] < 150]  # those that are there at the earlier date
    inside = [box for box in kept if box[0] < 100 and box[1] < 100]
    cells = page.locator("#compare-table tr:nth-child(2) td").all_inner_texts()
    assert cells == [str(len(kept)), str(len(inside))] == ["3", "2"]
    assert "−1" in page.inner_text("#compare-difference")
    page.wait_for_function(
        "() => [...document.querySelectorAll('#compare-table img')].every(each => each.naturalWidth > 100)"
    )
    page.click("#compare-close")
    page.click("[data-part=area] .remove")
    page.click("#history li >> nth=0 >> text=Ask again")
    page.wait_for_selector("#figure")
    page.wait_for_selector("#asked-part:not(:empty)")  # the number is there before its evidence
    assert page.inner_text("#figure") == "2"
    assert page.inner_text("#asked-part").startswith("Inside the drawn area")
    with page.expect_download() as download:
        page.click("#history-csv")
    assert download.value.suggested_filename == "2018-image_history.csv"
    with page.expect_download() as download:
        page.click("#everything")
    assert download.value.suggested_filename == "2018-image_how-many-buildings-are-there.zip"


def test_a_phone_has_room_and_targets_for_all_of_it(browser, asker, dates):
    layer = add_layer(asker, asker.now, "districts.gpkg", dates.districts.read_bytes()).json()["id"]
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    context.set_default_timeout(60_000)
    page = context.new_page()
    for query in (f"zones={layer}&zone_name=name", f"before={asker.then}", "area=pixels:10,10,200,200"):
        page.goto(f"{asker.url}/#scene/{asker.now}?{query}")
        page.reload()
        page.wait_for_selector(".part-chip")
        for box in ("area", "zones", "before"):
            page.click(f"#add-{box}")
            page.wait_for_selector(f"#{box}-box")
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
            small = page.evaluate(
                """() => [...document.querySelectorAll('button, input, select, summary, a, textarea')].filter(each => {
                    const { width, height } = each.getBoundingClientRect();
                    return width > 0 && (width < 24 || height < 24) && !each.matches('.skip');
                }).map(each => each.outerHTML)"""
            )
            assert small == []
        page.click("#add-before")
        ask(page, SHARE)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()
