"""The map obeys the mouse and says what it shows."""

from __future__ import annotations

import re

import cv2
import numpy as np
import pyproj
import rasterio
from affine import Affine
from tests.serve.ask.browsing import NEAR, ask, open_scene, shown
from tests.serve.ask.conftest import Still

from planimeter.serve.ask.sources import Sources


def middle(page) -> tuple[float, float]:
    box = page.locator("#map").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def bar(page) -> str:
    return page.evaluate(
        "document.querySelector('#scale-bar').style.width + document.querySelector('#scale-length').textContent"
    )


def zoomed(page, before: str) -> str:
    """The scale bar after it has changed."""
    page.wait_for_function(
        "before => document.querySelector('#scale-bar').style.width"
        " + document.querySelector('#scale-length').textContent !== before",
        arg=before,
    )
    return bar(page)


def where(page, x: float, y: float) -> str:
    """What is said of the place under the pointer, with what the server knows of it."""
    page.mouse.move(x - 3, y)
    page.mouse.move(x, y)
    page.wait_for_function("() => document.querySelector('#where').textContent.includes('value')")
    return page.inner_text("#where")


def test_wheel_and_drag_work_at_once_and_after_a_question(page, served):
    open_scene(page, served)
    x, y = middle(page)
    page.wait_for_function("() => document.querySelector('#scale-length').textContent !== ''")
    for _ in range(2):
        page.mouse.move(x, y)
        before = bar(page)
        page.mouse.wheel(0, -300)
        zoomed(page, before)
        page.wait_for_function("() => !document.querySelector('#where').hidden")
        page.mouse.move(x + 1, y)
        pixel = page.inner_text("#where span >> nth=0")
        page.mouse.down()
        page.mouse.move(x + 60, y + 40, steps=4)
        page.mouse.up()
        page.mouse.move(x + 1, y)
        page.wait_for_function(
            "before => document.querySelector('#where span')?.textContent !== before",
            arg=pixel,
        )
        assert ask(page, NEAR)
    for button in ("zoom-in", "zoom-out"):
        before = bar(page)
        page.click(f"#{button}")
        zoomed(page, before)


def test_the_pointers_place_is_told(page, start, tmp_path):
    transform = Affine.translation(400_000, 5_500_000) * Affine.rotation(30) * Affine.scale(2, -2)
    with rasterio.open(
        tmp_path / "deep.tif",
        "w",
        driver="GTiff",
        dtype="uint16",
        count=4,
        height=200,
        width=200,
        crs="EPSG:32633",
        transform=transform,
        photometric="minisblack",
    ) as out:
        out.write(np.arange(160_000, dtype=np.uint32).reshape(4, 200, 200).astype(np.uint16))
    asker = start(folders=[tmp_path], sources=Sources({"still": Still()}))
    open_scene(page, asker, "deep.tif")
    x, y = middle(page)
    said = where(page, x, y).replace("\n", " ")
    column, row = (int(part) for part in said.removeprefix("pixel ").split(" EPSG")[0].split(", "))
    assert 90 <= column <= 110
    east, north = (float(part.strip(",")) for part in said.split("EPSG:32633 ")[1].split(" ")[:2])
    back = ~transform * (east, north)
    assert abs(back[0] - column - 0.5) <= 0.6
    assert abs(back[1] - row - 0.5) <= 0.6
    longitude, latitude = pyproj.Transformer.from_crs(32633, 4326, always_xy=True).transform(east, north)
    assert f"{latitude:.4f}" in said
    assert f"{longitude:.4f}" in said
    assert str((row * 200 + column) % 65536) in said
    turn = float(
        page.evaluate("document.querySelector('#north-needle').style.transform").split("(")[1].rstrip("deg)")
    )
    assert abs(turn - 30) < 2.5  # the grid's own convergence is below that
    page.click("#picture summary")
    with page.expect_request(lambda request: "bands=4%2C2%2C3" in request.url):
        page.select_option("#bands select[data-colour=Red]", "4")
    with page.expect_request(lambda request: "stretch=full" in request.url):
        page.select_option("#stretch", "full")


def test_a_band_of_sixteen_bits_is_stretched(page, start, tmp_path):
    rng = np.random.default_rng(1)
    values = np.clip(rng.normal(2000, 300, (200, 200)), 0, 65535).astype(np.uint16)
    values[:4, :4] = 60_000  # a glint, which leaves all else dark where the lowest to the highest are shown
    with rasterio.open(
        tmp_path / "one.tif", "w", driver="GTiff", dtype="uint16", count=1, height=200, width=200
    ) as out:
        out.write(values, 1)
    asker = start(folders=[tmp_path], sources=Sources({"still": Still()}))
    open_scene(page, asker, "one.tif")
    page.click("#picture summary")
    assert page.locator("#bands select").count() == 0
    means = {}
    for stretch in ("percent", "full"):
        page.select_option("#stretch", stretch)
        picture = cv2.imdecode(np.frombuffer(shown(page), np.uint8), cv2.IMREAD_GRAYSCALE)
        height, width = picture.shape
        means[stretch] = picture[
            height // 2 - 40 : height // 2 + 40, width // 2 - 40 : width // 2 + 40
        ].mean()
    assert means["full"] < 15 < 100 < means["percent"] < 155


def test_backspace_takes_a_point_back_and_points_stay_inside(page, served):
    open_scene(page, served)
    x, y = middle(page)
    box = page.locator("#map").bounding_box()
    page.click("#ruler")
    page.mouse.click(box["x"] + 4, y)
    assert "outside the scene" in page.inner_text("#measure")
    page.mouse.click(x, y)
    page.mouse.click(x + 100, y)
    page.mouse.click(x + 100, y + 100)
    page.mouse.move(x + 100, y + 100)
    both = float(page.inner_text("#measure").removesuffix(" m"))
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    one = float(page.inner_text("#measure").removesuffix(" m"))
    assert abs(one / both - 0.5) < 0.03


def test_legend_targets_and_print(page, served):
    open_scene(page, served)
    assert ask(page, NEAR)
    legend = page.inner_text("#legend")
    assert "counted" in legend
    assert "(mask)" not in legend
    page.get_by_label("water (mask)").check()
    assert "water (mask)" in page.inner_text("#legend")
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, input, select, summary, a, textarea')].filter(each => {
            const { width, height } = each.getBoundingClientRect();
            return width > 0 && (width < 24 || height < 24) && !each.matches('.skip');
        }).map(each => each.outerHTML)"""
    )
    assert small == []
    page.emulate_media(media="print", color_scheme="dark")
    page.wait_for_function(
        """() => { const map = document.querySelector('#map canvas').getBoundingClientRect();
            return map.width > 600 && map.height > 400; }"""
    )
    assert page.is_visible("#figure")
    assert page.is_visible("#legend")
    for screen_only in ("#zoom-in", "#layers-card", "#ask", "#downloads-card", "#share", "#shapes-card"):
        assert not page.is_visible(screen_only), screen_only
    for dark in ("body", "#figure", "#legend", ".scale-bar"):  # ink on paper, whatever the screen's scheme is
        colour = page.evaluate("name => getComputedStyle(document.querySelector(name)).color", dark)
        assert max(int(part) for part in re.findall(r"\d+", colour)) < 120, (dark, colour)
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.stage')).backgroundColor")
        == "rgb(255, 255, 255)"
    )
    picture = cv2.imdecode(np.frombuffer(shown(page), np.uint8), cv2.IMREAD_COLOR)
    middle_part = picture[
        len(picture) // 3 : -len(picture) // 3, picture.shape[1] // 3 : -picture.shape[1] // 3
    ]
    assert middle_part.std() > 15  # the scene, not paper
