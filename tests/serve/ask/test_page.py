"""The page, driven in a real browser against a real server."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import pytest
from tests.serve.ask.browsing import NEAR, SLOW, ask, open_scene, shown
from tests.serve.ask.conftest import COUNT, SCRIPT, Still

from planimeter.serve.ask.sources import Sources


def test_ask_toggle_edit_run_and_download(page, served, place):
    open_scene(page, served)
    job = served.ask(served.scene("town/image.tif"), NEAR)
    right = served.get(f"/answers/{job}").json()["answer"]
    assert ask(page, NEAR) == str(right)
    assert "0.5 m per pixel" in page.inner_text("#about")

    counted, mask = page.get_by_label(f"{right} buildings counted"), page.get_by_label("water (mask)")
    assert counted.is_checked()
    assert not mask.is_checked()
    before = shown(page)
    mask.check()
    with_mask = shown(page)
    assert with_mask != before
    page.get_by_label("Opacity of water").last.fill("1")
    assert shown(page) != with_mask
    mask.uncheck()
    assert shown(page) == before
    counted.uncheck()
    assert shown(page) != before
    counted.check()

    page.click("#shapes-card summary")
    assert page.locator("#shapes tbody tr").count() == right
    page.locator("#shapes tbody button").first.click()
    tip = page.inner_text("#tip")
    assert "m²" in tip
    assert "away" in tip

    page.click("#trace-card summary")
    assert "segment" in page.inner_text("#trace")
    page.click("#program-card summary")
    program = page.input_value("#program")
    page.fill("#program", f"{program}\nanswer = answer + 1000\n")
    page.click("#run")
    page.wait_for_function(
        "right => document.querySelector('#figure')?.textContent === right", arg=f"{1000 + right:,}"
    )
    assert "yours" in page.inner_text("#about")

    with page.expect_download() as download:
        page.click("#downloads a[download='answer.json']")
    assert json.loads(Path(download.value.path()).read_text())["answer"] == 1000 + right
    with page.expect_download() as download:
        page.click("#downloads a[download='shapes.geojson']")
    assert json.loads(Path(download.value.path()).read_text())["type"] == "FeatureCollection"
    page.reload()
    page.wait_for_function(
        "right => document.querySelector('#figure')?.textContent === right", arg=f"{1000 + right:,}"
    )


def test_hovering_tells_area_and_distance(page, served):
    open_scene(page, served)
    ask(page, NEAR)
    page.click("#shapes-card summary")
    page.locator("#shapes tbody button").first.click()
    page.wait_for_timeout(400)
    box = page.locator("#map").bounding_box()
    page.mouse.move(5, 5)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_function("!document.querySelector('#tip').classList.contains('pinned')")
    assert page.inner_text("#tip").startswith("building 1: ")


def test_ruler_and_area_measure_in_metres(page, served):
    open_scene(page, served)
    page.wait_for_load_state("networkidle")
    box = page.locator("#map").bounding_box()
    bar = page.locator("#scale-bar").bounding_box()["width"]
    length = float(page.inner_text("#scale-length").removesuffix(" m"))
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.click("#ruler")
    page.mouse.click(x, y)
    page.mouse.dblclick(x + 120, y)
    measured = float(page.inner_text("#measure").removesuffix(" m"))
    assert measured == pytest.approx(120 * length / bar, rel=0.05)
    page.click("#area")
    for dx, dy in ((0, 0), (100, 0), (100, 100)):
        page.mouse.click(x + dx, y + dy)
    page.mouse.dblclick(x, y + 100)
    assert page.inner_text("#measure").endswith("m²")
    assert float(page.inner_text("#measure").removesuffix(" m²").replace(",", "")) == pytest.approx(
        (100 * length / bar) ** 2, rel=0.07
    )
    page.keyboard.press("Escape")
    assert not page.is_visible("#measure")


def test_without_a_scale_it_says_so(page, served):
    open_scene(page, served, "plain.png")
    assert "No scale is known" in page.inner_text("#scene-facts")
    assert not page.is_visible("#scale-bar")
    assert ask(page, "What is the area of water, in m²?") == ""
    assert "metres per pixel" in page.inner_text("#error-text")
    assert page.evaluate("document.activeElement.id") == "gsd"
    page.fill("#gsd", "2")
    assert ask(page, "What is the area of water, in m²?").replace(",", "") == str(90 * 120 * 4)
    assert page.inner_text("#cautions") == "Still waters are a guess."
    page.click("#ruler")
    assert page.is_visible("#scale-bar")


def test_it_works_from_the_keyboard(page, served, place):
    open_scene(page, served)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for _ in range(20):
        if page.evaluate("document.activeElement.id") == "question":
            break
        page.keyboard.press("Tab")
    page.keyboard.type(COUNT)
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    page.keyboard.press("Enter")
    page.wait_for_selector("#figure")
    assert page.inner_text("#figure") == str(place.buildings)
    unnamed = page.evaluate(
        """() => [...document.querySelectorAll('input, select, textarea, button')].filter(each =>
            !each.labels?.length && !each.ariaLabel && !each.textContent.trim()).map(each => each.outerHTML)"""
    )
    assert unnamed == []
    page.focus("#ruler")
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(250)
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    assert page.inner_text("#measure").endswith(" m")
    page.keyboard.press("Escape")
    assert not page.is_visible("#measure")


def test_scripts_in_names_and_questions_do_not_run(page, served):
    name = f"{SCRIPT}.png"
    open_scene(page, served, name)
    assert page.title().startswith(name)
    ask(page, f"How many {SCRIPT} are there?")
    assert page.is_visible("#error")
    ask(page, "What percentage of the image is water?")
    page.click("#program-card summary")
    page.fill("#program", f"print({SCRIPT!r})\nanswer = '{SCRIPT}'")
    page.click("#run")
    page.wait_for_function("text => document.querySelector('#figure')?.textContent === text", arg=SCRIPT)
    assert SCRIPT in page.inner_text("#about")
    page.wait_for_timeout(200)
    assert page.evaluate("window.hacked") is None
    assert page.locator("img[src=x]").count() == 0


def test_a_scene_is_added_in_the_dialog(page, served, place):
    page.goto(served.url)
    page.click("#add-scene")
    town = place.folder / "town"
    page.set_input_files("input[name=image]", town / "image.tif")
    page.set_input_files("input[name=labels]", town / "labels.tif")
    page.click("#upload-submit")
    page.wait_for_selector("#upload-error:not(:empty)")
    assert "legend" in page.inner_text("#upload-error")
    page.set_input_files("input[name=legend]", town / "legend.json")
    page.click("#upload-submit")
    page.wait_for_selector("#upload", state="hidden")
    page.wait_for_function("() => document.querySelector('#scene').value.startsWith('u-')")
    assert ask(page, COUNT) == str(place.buildings)


def test_the_dialog_stays_until_the_scene_that_was_added_is_open(page, served, place, tmp_path):
    open_scene(page, served)  # there may be uploads of other tests, which the list of scenes shows first
    page.click("#add-scene")
    image = shutil.copy(place.folder / "plain.png", tmp_path / "late.png")
    page.set_input_files("input[name=image]", image)
    page.route(
        "**/v1/scenes", lambda route: (time.sleep(2 * (route.request.method == "GET")), route.continue_())
    )
    page.click("#upload-submit")
    page.wait_for_selector("#upload", state="hidden")
    assert page.title().startswith("late.png")
    assert page.input_value("#scene").startswith("u-")


def test_a_scene_that_is_added_before_the_page_has_begun_keeps_its_question(page, served, place):
    waits = iter([1.5])
    page.route("**/options", lambda route: (time.sleep(next(waits, 0)), route.continue_()))
    page.goto(served.url)
    page.click("#add-scene")
    town = place.folder / "town"
    files = {name: town / name for name in ("image.tif", "labels.tif", "legend.json")}
    for name, path in files.items():
        page.set_input_files(f"input[name={name.split('.')[0]}]", path)
    page.click("#upload-submit")
    # The slow beginning may list the scene before the dialog knows that it is there; nobody types behind the dialog.
    page.wait_for_selector("#upload", state="hidden")
    page.wait_for_function("() => document.querySelector('#scene').value.startsWith('u-')")
    assert ask(page, COUNT) == str(place.buildings)


def test_a_question_asked_while_a_scene_opens_is_about_that_scene(page, served):
    open_scene(page, served)
    page.route(f"**/scenes/{served.scene('plain.png')}", lambda route: (time.sleep(0.5), route.continue_()))
    page.select_option("#scene", label="plain.png")
    assert ask(page, "What percentage of the image is water?") == "100"  # in town it is a few percent
    assert page.title().startswith("plain.png")


def test_the_token_is_asked_for_once(browser, start, place):
    token = "a-secret-of-the-house"
    asker = start(folders=[place.folder], sources=Sources({"still": Still()}), token=token)
    context = browser.new_context()
    context.set_default_timeout(SLOW)
    page = context.new_page()
    page.goto(asker.url)
    page.fill("#token input", "wrong")
    page.keyboard.press("Enter")
    page.wait_for_selector("#token-error:not(:empty)")
    page.fill("#token input", token)
    page.keyboard.press("Enter")
    page.wait_for_selector("#scene option", state="attached")
    page.reload()
    page.wait_for_selector("#scene option", state="attached")
    assert not page.is_visible("#token")
    assert token not in json.dumps(context.cookies())
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phones_width_is_enough(browser, served, scheme):
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme, has_touch=True)
    context.set_default_timeout(SLOW)
    page = context.new_page()
    open_scene(page, served)
    assert ask(page, COUNT)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    light = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(244, 245, 242)"
    assert light == (scheme == "light")
    context.close()
