"""The number first; progress, cancel, and a reload in between."""

from __future__ import annotations

import json
import threading

from tests.serve.ask.browsing import NEAR, ask, open_scene

from planimeter.serve.ask import evidence_files

PERCENT = "What percentage of the image is water?"


def test_the_number_shows_before_the_evidence(page, served, monkeypatch):
    gate, write = threading.Event(), evidence_files.write_evidence
    monkeypatch.setattr(evidence_files, "write_evidence", lambda *args: (gate.wait(60), write(*args)))
    open_scene(page, served)
    page.fill("#question", NEAR)
    page.press("#question", "Enter")
    try:
        page.wait_for_selector("#figure")
        assert page.inner_text("#figure").isdigit()
        assert page.inner_text("#asked") == NEAR
        assert not page.is_visible("#evidence")
        assert page.evaluate("document.body.classList.contains('busy')")
        assert page.inner_text("#progress") == "drawing the evidence"
    finally:
        gate.set()
    page.wait_for_selector("#evidence")
    assert page.is_visible("#layers")


def test_cancel_and_reload_while_it_runs(page, served, still):
    open_scene(page, served, "plain.png")
    still.gate.clear()
    try:
        page.fill("#question", PERCENT)
        page.press("#question", "Enter")
        page.wait_for_function("() => document.querySelector('#progress').textContent.startsWith('finding')")
        assert page.inner_text("#progress") == "finding water"
        page.reload()
        page.wait_for_function("() => document.querySelector('#progress').textContent === 'finding water'")
        assert page.inner_text("#elapsed").startswith("0:")
        page.click("#cancel")
        page.wait_for_function("() => document.querySelector('#progress').textContent === 'Cancelled.'")
        assert not page.is_visible("#result")
        assert not page.is_visible("#error")
        assert not page.is_visible("#cancel")
    finally:
        still.gate.set()
    assert ask(page, PERCENT) == "100"


def test_a_programs_error_shows_where_the_program_is(page, served):
    open_scene(page, served)
    assert ask(page, NEAR)
    page.click("#program-card summary")
    coded = page.input_value("#program")
    page.fill("#program", "answer = 1 / 0")
    page.click("#run")
    page.wait_for_selector("#program-error:not(:empty)")
    assert "line 1" in page.inner_text("#program-error")
    assert page.input_value("#program") == "answer = 1 / 0"
    assert not page.is_visible("#error")
    page.click("#reset")
    assert page.input_value("#program") == coded
    assert not page.is_visible("#program-error")


def test_progress_is_told_in_parts(page, served, still):
    open_scene(page, served, "plain.png")
    parts = {"state": "running", "step": "finding water", "done": 3, "total": 8}

    def told(route) -> None:
        """What the server says of the job, with parts as a segmenter of windows has them."""
        if still.gate.is_set():
            return route.continue_()
        job, *events = route.request.url.split("/jobs/")[1].split("/")
        said = served.get(f"/jobs/{job}").json() | parts
        if not events:
            return route.fulfill(json=said)
        stream = f"event: progress\ndata: {json.dumps(said)}\n\n"
        return route.fulfill(content_type="text/event-stream", body=stream)

    page.route("**/v1/jobs/**", told)
    still.gate.clear()
    try:
        page.fill("#question", PERCENT)
        page.press("#question", "Enter")
        page.wait_for_function("() => document.querySelector('#parts').value === 3")
        assert page.evaluate("document.querySelector('#parts').max") == 8
        assert page.is_visible("#parts")
        assert page.inner_text("#progress") == "finding water"
        page.wait_for_function("() => document.querySelector('#elapsed').textContent.startsWith('0:')")
    finally:
        still.gate.set()
    page.wait_for_selector("#figure")
    assert not page.is_visible("#parts")


def test_the_history_outlives_a_restart(page, start, place, tmp_path):
    first = start(store=tmp_path / "store", folders=[place.folder])
    open_scene(page, first)
    number = ask(page, NEAR)
    answer = page.evaluate("location.hash")
    first.server.should_exit = True
    page.goto("about:blank")
    again = start(store=tmp_path / "store", folders=[place.folder])
    open_scene(page, again)
    page.click("#history-card summary")
    page.wait_for_function("() => document.querySelectorAll('#history li').length === 1")
    page.click("#history .asked-before")
    page.wait_for_selector("#figure")
    assert (page.inner_text("#figure"), page.evaluate("location.hash")) == (number, answer)
    page.reload()
    page.wait_for_selector("#layers")
    assert page.inner_text("#figure") == number
