"""An answer belongs to its scene and to its question."""

from __future__ import annotations

from tests.serve.ask.browsing import NEAR, ask, open_scene, shown

PERCENT = "What percentage of the image is water?"


def choose(page, name: str) -> None:
    page.select_option("#scene", label=name)
    page.wait_for_function("name => document.title.startsWith(name)", arg=name)


def test_an_answer_does_not_show_over_a_scene_chosen_meanwhile(page, served, still):
    open_scene(page, served, "town/image.tif")
    untouched = shown(page)
    choose(page, "plain.png")
    still.gate.clear()
    try:
        page.fill("#question", PERCENT)
        page.press("#question", "Enter")
        page.wait_for_function("() => location.hash.startsWith('#job/')")
        choose(page, "town/image.tif")
        assert not page.evaluate("document.body.classList.contains('busy')")
    finally:
        still.gate.set()
    page.wait_for_selector("#elsewhere button")
    assert PERCENT in page.inner_text("#elsewhere")
    assert not page.is_visible("#result")
    assert shown(page) == untouched
    page.click("#elsewhere button")
    page.wait_for_selector("#figure")
    assert page.inner_text("#figure") == "100"
    assert page.title().startswith("plain.png")


def test_metres_per_pixel_stay_with_their_scene(page, served):
    open_scene(page, served, "plain.png")
    page.click("#options summary")
    page.fill("#gsd", "2")
    assert "2 m per pixel" in page.inner_text("#options-given")
    choose(page, "town/image.tif")
    assert page.input_value("#gsd") == ""
    assert page.inner_text("#options-given") == ""
    assert ask(page, "What is the total area of water, in hectares?")
    assert page.inner_text("#about dd >> nth=0").startswith("0.5 m per pixel")
    choose(page, "plain.png")
    assert page.input_value("#gsd") == "2"
    assert ask(page, "What is the area of water, in m²?").replace(",", "") == str(90 * 120 * 4)


def test_a_refusal_leaves_nothing_of_the_last_answer(page, served):
    open_scene(page, served)
    untouched = shown(page)
    assert ask(page, NEAR)
    assert page.evaluate("location.hash").startswith("#answer/")
    assert shown(page) != untouched
    assert ask(page, "How many unicorns are there?") == ""
    assert page.is_visible("#error")
    assert page.inner_text("#number") == ""
    assert page.evaluate("location.hash") == "#scene/" + served.scene("town/image.tif")
    page.mouse.move(5, 5)
    assert shown(page) == untouched
    page.reload()
    page.wait_for_function("() => document.title.startsWith('town')")
    assert not page.is_visible("#result")


def test_an_edited_programs_answer_stands_under_its_own_name(page, served):
    open_scene(page, served)
    right = ask(page, NEAR)
    assert page.inner_text("#asked") == NEAR
    page.click("#program-card summary")
    coded = page.input_value("#program")
    page.fill("#program", "answer = 123456")
    page.click("#run")
    page.wait_for_function("() => document.querySelector('#figure')?.textContent === '123,456'")
    assert page.inner_text("#answer-title") == "Answer of your program"
    assert page.inner_text("#asked") == ""
    assert page.input_value("#question") == ""
    page.reload()
    page.wait_for_function("() => document.querySelector('#figure')?.textContent === '123,456'")
    page.click("#program-card summary")
    page.click("#reset")
    assert page.input_value("#program") == coded
    assert page.inner_text("#to-coded") == NEAR
    page.click("#to-coded")
    page.wait_for_function("right => document.querySelector('#figure')?.textContent === right", arg=right)
    assert page.input_value("#question") == NEAR
