"""The organiser in a real browser: everybody's marks, people who come and go, and pages without axe's faults."""

from __future__ import annotations

import json

import numpy as np
import pytest
from tests.serve.looks import LOOKS, faults

from planimeter.annotate.grid import runs_of
from planimeter.annotate.store import ORGANISER

PATIENCE = 60_000  # ms, for a machine that does other things as well
PEOPLE = ["Ada", "Ben", "Cem K.", "Dora"]
QUESTIONS = [
    {
        "id": "share",
        "image": "world",
        "question": "What percentage is forest?",
        "type": "percentage",
        "gold": [1, 99],
    },
    {"id": "houses", "image": "world", "question": "How many <b>buildings</b>?", "type": "count", "gold": 2},
    {"id": "far", "image": "world", "question": "How far is the house from the water?", "type": "distance"},
    {"id": "any", "image": "world", "question": "Is there any water?", "type": "binary_presence"},
    {"id": "power", "image": "world", "question": "How many MW?", "type": "power_calculation"},
]
# Left halves of different widths, in grids of different fineness.
CELLS = {"Ada": (10, 4), "Ben": (20, 10), "Cem K.": (40, 24)}


def selected(n: int, columns: int) -> np.ndarray:
    return np.broadcast_to(np.arange(n) < columns, (n, n))


@pytest.fixture
def site(make, served_site):
    """Three people's answers; Dora passes one question over."""
    served = served_site(make(questions=QUESTIONS, annotators=PEOPLE))
    for k, (person, (n, columns)) in enumerate(CELLS.items()):
        cells = [list(run) for run in runs_of(selected(n, columns).ravel())]
        served.send_answer(person, 0, {"grid": n, "cells": cells})
        points = [[40, 40], [100, 40 + 30 * k]][: 1 + (k > 0)]
        served.send_answer(person, 1, {"points": points}, note="<i>one</i> may be a shed" if k == 1 else "")
        served.send_answer(person, 2, {"line": [[20, 20 + 10 * k], [180, 140]]})
        served.send_answer(person, 3, {"choice": "yes"})
    served.send_answer("Dora", 0, {}, skipped=True)
    return served


@pytest.fixture
def opened(browser, site, listening):
    """Open pages; scripts that fail, or load from elsewhere, fail the test."""
    origin = listening(site)
    problems: list[str] = []
    contexts = []

    def begin(path: str, wait: str, **context: object):
        contexts.append(browser.new_context(**{"viewport": {"width": 1200, "height": 800}} | context))
        page = contexts[-1].new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: problems.append(said.text) if is_problem(said) else None)
        page.on(
            "request",
            lambda sent: None if sent.url.startswith((origin, "data:")) else problems.append(sent.url),
        )
        page.goto(origin + path)
        page.locator(wait).first.wait_for()
        return page

    yield begin
    for context in contexts:
        context.close()
    assert problems == []


def is_problem(said) -> bool:
    """An error on the console, but for the refusal that a test asks for."""
    return said.type == "error" and "responded with a status of 422" not in said.text


def on_canvas(page, x: float, y: float) -> list[int]:
    """Red, green, blue and opacity of the marks at a pixel of the 200 x 160 image, while the whole image is shown."""
    return page.evaluate(
        """([x, y]) => {
          const canvas = document.getElementById("picture"), ratio = devicePixelRatio;
          const zoom = Math.min((canvas.clientWidth - 16) / 200, (canvas.clientHeight - 48) / 160);
          const at = [canvas.clientWidth / 2 + (x - 100) * zoom, canvas.clientHeight / 2 - 16 + (y - 80) * zoom];
          return [...canvas.getContext("2d").getImageData(...at.map((v) => Math.round(v * ratio)), 1, 1).data];
        }""",
        [x, y],
    )


def patient():
    """Playwright's expect, for a machine that does other things as well."""
    from playwright.sync_api import expect

    expect.set_options(timeout=PATIENCE)
    return expect


def until(page, expression: str, arg: object = None) -> None:
    page.wait_for_function(expression, arg=arg)


def drawn(page, x: float, y: float, there: bool) -> list[int]:
    """The marks at a pixel, once there are some, or none."""
    page.wait_for_load_state("networkidle")
    for _ in range(100):
        if (on_canvas(page, x, y)[3] > 0) == there:
            break
        page.evaluate("new Promise(requestAnimationFrame)")
    found = on_canvas(page, x, y)
    assert (found[3] > 0) == there
    return found


def test_the_organiser_sees_everybodys_marks(opened, site):
    expect = patient()

    page = opened(f"/o/{site.tokens[ORGANISER]}", "#answers tbody tr")
    rows = page.locator("#answers tbody tr")
    assert [text.split("\n")[0] for text in rows.all_inner_texts()] == [
        "share",
        "houses",
        "far",
        "any",
        "power",
    ]
    page.select_option("#order", "spread")
    # All three pairs differ about the share; of the counts 1, 2, 2 none is out of its range; the lengths 200, 193
    # and 187 m (half a metre a pixel) are apart by more than 2.25 % of their middle where the first and last are.
    assert [text.split("\n")[0] for text in rows.all_inner_texts()] == [
        "share",
        "far",
        "houses",
        "any",
        "power",
    ]
    assert rows.first.locator("td").last.inner_text() == "100 %"
    assert page.locator("#people tbody tr").nth(1).locator(".gold").inner_text() == "2 of 2 right"
    rows.first.locator("a").click()
    page.wait_for_url("**/review#share")
    page.locator("#people label").first.wait_for()
    assert [text.split() for text in page.locator("#people b").all_inner_texts()] == [
        ["40", "%"],
        ["50", "%"],
        ["60", "%"],
        ["skipped"],
    ]
    # Shares of cells, counted by numpy on the finest grid.
    counts = sum(
        np.kron(selected(n, columns), np.ones((40 // n, 40 // n), int)) for n, columns in CELLS.values()
    )
    shares = page.locator("#shares tbody tr")
    expect(shares).to_have_count(3)
    for row, least in zip(shares.all(), (3, 2, 1), strict=True):
        assert float(row.locator("td").inner_text().split()[0]) == pytest.approx(
            100 * (counts >= least).mean()
        )
    strengths = [
        drawn(page, x, 78, there)[3] for x, there in ((50, True), (92, True), (110, True), (150, False))
    ]
    assert strengths[0] > strengths[1] > strengths[2] > strengths[3] == 0
    box = page.locator("#picture").bounding_box()
    zoom = min((box["width"] - 16) / 200, (box["height"] - 48) / 160)
    page.mouse.move(box["x"] + box["width"] / 2 + (92 - 100) * zoom, box["y"] + box["height"] / 2 - 16)
    # Column 92 / 200 * 40 is the 19th; row 80 / 160 * 40 the 21st.
    expect(page.locator("#where")).to_have_text("cell 19, 21 · 2 of 3: Ben, Cem K.")
    # Ben is switched off: the cells that only he and Cem marked are now Cem's alone.
    page.locator("#people input").nth(1).uncheck()
    expect(shares).to_have_count(2)
    page.locator("#picture").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#where")).to_have_text("cell 21, 21 · 1 of 2: Cem K.")
    # Points have each person's colour, the one beside the name.
    page.keyboard.press("n")
    page.keyboard.press("n")
    expect(page.locator("#question")).to_have_text("How many <b>buildings</b>?")
    assert page.url.endswith("#houses")
    assert not page.locator("#people input").nth(1).is_checked()
    drawn(page, 100, 70, False)
    page.locator("#all").click()
    signs = [
        page.locator("#people canvas")
        .nth(k)
        .evaluate("(e) => [...e.getContext('2d').getImageData(20, 20, 1, 1).data]")
        for k in (1, 2)
    ]
    assert signs[0] != signs[1]
    assert [drawn(page, 100, 70, True), drawn(page, 100, 100, True)] == signs
    assert page.locator("#people small").nth(1).inner_text() == "✓ right · <i>one</i> may be a shed"
    page.go_back()
    expect(page.locator("#number")).to_contain_text("far")
    # Nothing was sent, and nothing can be.
    assert len(site.store.revisions()) == 13
    first = site.at("questions/0")
    path = f"/o/{site.tokens[ORGANISER]}/review/{first}"
    assert {
        site.client.request(method, path, json={}).status_code for method in ("PUT", "POST", "DELETE")
    } == {405}
    for person in PEOPLE:
        assert site.client.get(f"/o/{site.tokens[person]}/review/{first}").status_code == 404
        assert site.client.get(f"/a/{site.tokens[person]}/review/{first}").status_code == 404


def test_people_are_added_and_removed_on_the_page(opened, site):
    expect = patient()

    page = opened(f"/o/{site.tokens[ORGANISER]}", "#people tbody tr")
    names = page.locator("#people tbody th")
    page.fill("#name", "Ada")
    with page.expect_response("**/people") as refused:
        page.press("#name", "Enter")
    assert refused.value.status == 422
    expect(page.locator("#added")).to_contain_text("twice")
    page.fill("#name", "Zoë")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(names).to_have_text([*PEOPLE, "Zoë"])
    link = page.locator("#added").inner_text().split()[-1]
    assert link.endswith(f"/a/{site.store.tokens()['Zoë']}")
    page.get_by_role("button", name="Remove Ben").click()
    expect(page.locator("#remove-text")).to_contain_text("4 answers leave")
    page.get_by_role("button", name="Keep").click()
    expect(names).to_have_text([*PEOPLE, "Zoë"])
    page.get_by_role("button", name="Remove Ben").click()
    page.locator("#remove").get_by_role("button", name="Remove").click()
    expect(names).to_have_text(["Ada", "Cem K.", "Dora", "Zoë"])
    kept = json.loads((site.project.folder / "project.json").read_text())
    assert kept["annotators"] == ["Ada", "Cem K.", "Dora", "Zoë"]


@pytest.mark.parametrize("look", LOOKS)
def test_the_organisers_pages_have_no_faults(opened, site, look):
    root = f"/o/{site.tokens[ORGANISER]}"
    page = opened(root, "#answers tbody tr", **LOOKS[look])
    assert faults(page) == []
    page.get_by_role("button", name="Remove Ben").click()
    assert faults(page) == []
    page = opened(f"{root}/review#share", "#shares tbody tr", **LOOKS[look])
    assert faults(page) == []


@pytest.mark.parametrize("look", LOOKS)
def test_the_annotators_page_has_no_faults_with_any_tool(opened, site, look):
    page = opened(f"/a/{site.tokens['Dora']}", "#list button", **LOOKS[look])
    for k, tool in enumerate(("mark", "mark", "ruler", "move", "move")):
        page.locator("#list button").nth(k).click()
        until(
            page, "(n) => document.getElementById('number').textContent.startsWith(`Question ${n} `)", k + 1
        )
        assert page.locator("#picture").get_attribute("data-tool") == tool
        assert faults(page) == []
    page.locator("#help").click()
    assert faults(page) == []
    assert faults(opened("/", "h1", **LOOKS[look])) == []
