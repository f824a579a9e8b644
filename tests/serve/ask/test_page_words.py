"""The page speaks its own words, and a refusal offers questions that work."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.serve.ask.browsing import UNTIL_ANSWERED, ask, open_scene
from tests.serve.ask.conftest import Asker, Still
from tests.serve.ask.parting import BUILDINGS, Dates, make_dates

from planimeter.serve.ask.sources import Sources

COUNT = "How many buildings are there?"


@pytest.fixture(scope="module")
def dates(tmp_path_factory: pytest.TempPathFactory) -> Dates:
    return make_dates(tmp_path_factory.mktemp("dates"))


@pytest.fixture(scope="module")
def asker(start: Callable[..., Asker], dates: Dates) -> Asker:
    return start(folders=[dates.folder], sources=Sources({"still": Still()}))


def test_a_refusal_offers_questions_as_buttons(page, asker):
    open_scene(page, asker, "2024/image.tif")
    assert ask(page, "How many unicorns are there?") == ""
    said = page.inner_text("#error-text")
    assert "--" not in said
    assert "buildings" in said
    assert "roof" not in said
    assert ask(page, "How many buildings are near the water?") == ""
    # A page scrolls by whole pixels, boxes end between them.
    assert page.locator("#error").evaluate("each => each.getBoundingClientRect().bottom < innerHeight + 1")
    offered = page.locator("#error-try button")
    text = offered.first.inner_text()
    finished = page.evaluate_handle(UNTIL_ANSWERED)
    offered.first.click()
    page.wait_for_function("watched => watched.finished", arg=finished)
    assert page.inner_text("#asked") == text
    assert page.inner_text("#figure")
    assert not page.is_visible("#error")


def test_the_box_takes_as_much_as_the_server(page, asker):
    open_scene(page, asker, "2024/image.tif")
    most = asker.get("/options").json()["question_characters"]
    page.fill("#question", "")
    page.focus("#question")
    page.keyboard.insert_text("x" * (most + 50))
    assert len(page.input_value("#question")) == most


def test_one_is_singular_and_a_house_is_in_square_metres(page, asker, dates):
    x0, y0, x1, y1 = BUILDINGS[0]
    page.goto(f"{asker.url}/#scene/{asker.scene('2024/image.tif')}?area=pixels:0,0,50,50")
    page.wait_for_selector("[data-part=area]")
    assert ask(page, COUNT) == "1"
    assert page.get_by_label("1 building counted", exact=True).is_checked()
    assert "1 building counted" in page.inner_text("#legend")
    assert "1 buildings" not in page.inner_text("body")
    ask(page, "What is the total area of buildings, in hectares?")
    square_metres = (x1 - x0) * (y1 - y0) * 0.25
    assert float(page.inner_text("#figure")) == pytest.approx(square_metres / 10_000, rel=1e-3)
    assert page.inner_text("#number .hint") == f"= {square_metres:g} m²"


def test_topics_are_called_what_people_call_them(page, asker):
    open_scene(page, asker, "2024/image.tif")
    ask(page, "Which is larger, the farmland or the bare ground?")
    said = page.inner_text("body").lower()
    for word in ("agric,", "agric (", "roof (mask)", "--gsd", "--labels", "--segmenter"):
        assert word not in said
    shown = {name.strip() for name in page.locator("#layers label").all_inner_texts()}
    assert {"agricultural land (mask)", "barren land (mask)"} <= shown, shown
