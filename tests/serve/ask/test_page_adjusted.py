"""The true area, estimated on the page beside the measured one."""

from __future__ import annotations

from tests.serve.ask.browsing import ask, open_scene
from tests.serve.ask.test_segmenters import Doubtful

from planimeter.segment.inference.adjusted import Confusion, Rate
from planimeter.serve.ask.sources import Sources

SHARE = "What percentage of the image is water?"


class Measured(Doubtful):
    """Of what it shows as water 80 % is, and of the rest 10 %: each image another way."""

    def confusion(self, topic):
        return Confusion(Rate(0.8, 0.0025, 9), Rate(0.1, 0.0025, 9), 9, 9000, ("there",), 0.9, 0.2, 0.1)


def test_the_true_area_is_estimated_where_a_person_wants_it(page, start, place):
    asker = start(folders=[place.folder], sources=Sources({"measured": Measured()}))
    open_scene(page, asker, "plain.png")
    assert ask(page, SHARE) == "50"
    assert not page.is_visible("#adjusted")
    page.click("#options summary")
    page.get_by_label("Estimate the true area too").check()
    assert page.inner_text("#options-given") == "the true area estimated too"
    assert ask(page, SHARE) == "50"
    # 0.5 x 0.8 + 0.5 x 0.1; the interval is the server's.
    said = page.inner_text("#adjusted")
    assert said.startswith("Estimated true share: 45 % (95 %: ")
    assert any("Olofsson" in each for each in page.locator("#cautions li").all_inner_texts())
    adjusted = asker.get(f"/answers/{page.url.split('/')[-1]}").json()["adjusted"]
    assert adjusted["low"] < 45 < adjusted["high"]
    assert said.endswith(f"{adjusted['low']:.4g} to {adjusted['high']:.4g} %)")
    ask(page, "How many water regions are there?")
    assert not page.is_visible("#adjusted")
    assert any("not adjusted" in each for each in page.locator("#cautions li").all_inner_texts())
    page.go_back()
    page.wait_for_selector("#adjusted:visible")
    assert page.inner_text("#adjusted") == said


def test_a_reload_forgets_no_option(page, start, place):
    asker = start(folders=[place.folder], sources=Sources({"measured": Measured()}))
    open_scene(page, asker, "plain.png")
    page.click("#options summary")
    page.get_by_label("Estimate the true area too").check()
    page.fill("#gsd", "2")
    said = "2 m per pixel, as you gave it for this scene; the true area estimated too"
    assert page.inner_text("#options-given") == said
    page.reload()
    page.wait_for_selector("#options-given:has-text('true area')")
    assert page.inner_text("#options-given") == said
    assert page.input_value("#gsd") == "2"
    assert ask(page, SHARE) == "50"
    assert page.inner_text("#adjusted").startswith("Estimated true share: 45 %")
    page.reload()  # of an answer
    page.wait_for_selector("#adjusted:visible")
    assert page.inner_text("#options-given") == said
    page.click("#options summary")
    page.get_by_label("Estimate the true area too").uncheck()
    page.fill("#gsd", "")
    page.reload()
    page.wait_for_selector("#adjusted:visible")
    assert page.inner_text("#options-given") == ""
    assert not page.locator("#adjust").is_checked()
    ask(page, SHARE)
    assert not page.is_visible("#adjusted")
