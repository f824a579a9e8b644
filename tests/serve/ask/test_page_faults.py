"""No state of the page has a fault that axe finds, in light, in dark and on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.serve.ask.browsing import SLOW
from tests.serve.ask.conftest import Asker, Place, Still
from tests.serve.ask.parting import Dates, make_dates
from tests.serve.ask.states import STATES, Shown
from tests.serve.looks import LOOKS, faults, faults_in_every_look

from planimeter.serve.ask.sources import Sources


@pytest.fixture(scope="module")
def dates(tmp_path_factory: pytest.TempPathFactory) -> Dates:
    return make_dates(tmp_path_factory.mktemp("dates"))


@pytest.fixture(scope="module")
def asker(start: Callable[..., Asker], dates: Dates) -> Asker:
    return start(folders=[dates.folder], sources=Sources({"still": Still()}))


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(page, asker, dates, state):
    STATES[state](Shown(page, asker, dates.districts))
    assert faults_in_every_look(page) == {}


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_without_scenes_or_token(browser, start: Callable[..., Asker], place: Place, look):
    context = browser.new_context(**LOOKS[look])
    context.set_default_timeout(SLOW)
    page = context.new_page()
    page.goto(start().url)
    page.wait_for_selector("#empty-add")
    assert faults(page) == []
    page.goto(start(folders=[place.folder], token="a-secret-of-the-house").url)
    page.fill("#token input", "wrong")
    page.keyboard.press("Enter")
    page.wait_for_selector("#token-error:not(:empty)")
    assert faults(page) == []
    context.close()


def test_axe_finds_a_fault_where_there_is_one(page, asker):
    page.goto(asker.url)
    page.evaluate("document.body.append(document.createElement('button'))")
    assert any(said.startswith("button-name") for said in faults(page))
    page.evaluate("document.body.style.minWidth = '4000px'")
    assert any(said.startswith("wider") for said in faults(page))
