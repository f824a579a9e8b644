"""Two people annotate in a real browser against a real server, which is killed in between."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from planimeter.cli import main
from planimeter.squid.agreement import read_annotations

QUESTIONS = [
    {"id": "share", "image": "world", "question": "What percentage is forest?", "type": "percentage"},
    {"id": "houses", "image": "world", "question": "How many <b>buildings</b> are there?", "type": "count"},
    {"id": "far", "image": "world", "question": "How far is the house from the water?", "type": "distance"},
    {"id": "any", "image": "world", "question": "Is there any water?", "type": "binary_presence"},
]
PATIENCE = 60_000  # ms, for a machine that does other things as well
WIDTH, HEIGHT, METRES = 200, 160, 0.5  # of the image


class Server:
    """``planimeter annotate`` as people start it; started again at the same port after it was killed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = "0"
        self.start()

    def start(self) -> None:
        command = [
            sys.executable,
            "-u",
            "-m",
            "planimeter",
            "annotate",
            str(self.folder),
            "--port",
            self.port,
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        lines = [self.process.stdout.readline().rsplit(None, 1) for _ in range(3)]
        self.links = {name.strip(): link for name, link in lines}
        self.port = self.links["Ada"].split(":")[2].split("/")[0]

    def kill(self) -> None:
        self.process.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
        self.process.communicate(timeout=20)


@pytest.fixture
def server(make) -> Iterator[Server]:
    started = Server(make(questions=QUESTIONS))
    yield started
    started.kill()


class Person:
    """Somebody at a link, with a pointer and a keyboard."""

    def __init__(self, browser, link: str, **context: object) -> None:
        from playwright.sync_api import expect

        self.expect = expect
        self.context = browser.new_context(**{"viewport": {"width": 1100, "height": 760}} | context)
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on(
            "console", lambda message: message.type == "error" and self.problems.append(message.text)
        )
        self.requested: list[str] = []
        self.page.on("request", lambda request: self.requested.append(request.url))
        self.page.goto(link)
        self.page.locator("#list button").first.wait_for()

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where an image pixel is on the page while the whole image is shown."""
        box = self.page.locator("#picture").bounding_box()
        zoom = min((box["width"] - 16) / WIDTH, (box["height"] - 48) / HEIGHT)
        middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2 - 16
        return middle[0] + (x - WIDTH / 2) * zoom, middle[1] + (y - HEIGHT / 2) * zoom

    def click(self, x: float, y: float) -> None:
        self.page.mouse.click(*self.at(x, y))

    def sees(self, selector: str, text: str | re.Pattern[str]) -> None:
        """Wait until something reads as it should."""
        self.expect(self.page.locator(selector)).to_have_text(text, timeout=PATIENCE)

    def shows(self, number: int) -> None:
        self.sees("#number", re.compile(f"^Question {number} "))

    def value(self, wanted: str | re.Pattern[str]) -> None:
        self.sees("#value", wanted)

    def says(self, wanted: str) -> None:
        self.sees("#saved", wanted)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)


def test_two_people_annotate_and_the_organiser_exports(browser, server, tmp_path, capsys):
    ada = Person(browser, server.links["Ada"])
    page = ada.page
    # A percentage: five cells of the 10 x 10 grid in one stroke.
    page.locator("#grid").fill("0")
    ada.sees("#grid-size", "10 × 10")
    page.mouse.move(*ada.at(50, 56))
    page.mouse.down()
    page.mouse.move(*ada.at(130, 56), steps=3)
    page.mouse.up()
    ada.value("5.0 %")
    page.get_by_role("button", name="Save and next").click()
    # A count: the markup of the question is text, an erroneous point is undone.
    ada.shows(2)
    assert page.locator("#question").inner_text() == "How many <b>buildings</b> are there?"
    for x, y in ((20, 20), (60, 90), (150, 40), (180, 150)):
        ada.click(x, y)
    ada.value("4")
    page.get_by_role("button", name="Undo").click()
    ada.value("3")
    page.fill("#note", "one may be a shed")
    ada.press("Tab")
    page.get_by_role("button", name="Save and next").click()
    # A distance, not submitted when the server is killed.
    ada.shows(3)
    ada.click(40, 30)
    ada.click(100, 110)
    ada.value(re.compile(r"^(49|50|51)[.]\d m$"))
    ada.says("Draft saved")
    server.kill()
    page.get_by_role("button", name="Save and next").click()
    page.get_by_text("cannot be reached").first.wait_for()
    server.start()
    # Ben meanwhile, by keyboard alone, on a phone's width.
    ben = Person(browser, server.links["Ben"], viewport={"width": 390, "height": 800}, color_scheme="dark")
    assert ben.page.evaluate("document.documentElement.scrollWidth") <= 390
    ben.value("0 %")
    ben.page.locator("#picture").focus()
    ben.press("[")
    ben.sees("#grid-size", "10 × 10")
    ben.press("Space", "Space", "Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight")
    ben.value("4.0 %")
    ben.press("Enter")
    ben.shows(2)
    ben.page.locator("#picture").focus()
    ben.press("Space", "Space", *["ArrowDown"] * 3, "Space")
    ben.value("2")
    ben.press("Enter")
    ben.shows(3)
    ben.press("Enter")
    ben.page.get_by_text("There is no answer yet").wait_for()
    ben.press("s")
    ben.shows(4)
    ben.press("1")
    ben.value("yes")
    ben.press("Enter")
    ben.says("All questions are done. Thank you!")
    assert "Ada" not in ben.page.content()
    assert "shed" not in ben.page.content()
    # Ada's page comes back to her unfinished distance, and nothing that she submitted is lost.
    page.reload()
    ada.shows(3)
    ada.value(re.compile(" m$"))
    assert page.locator("#list .answered").count() == 2
    page.get_by_role("button", name="Save and next").click()
    ada.shows(4)
    organiser = browser.new_page()
    organiser.set_default_timeout(PATIENCE)
    organiser.goto(server.links["organiser's page"])
    row = organiser.locator("#answers tbody tr").nth(1)
    row.wait_for()
    assert row.locator("td").all_inner_texts()[2:5] == ["3", "2", "2"]
    assert organiser.locator("#people tbody tr").first.locator(".of").inner_text() == "3 of 4"
    assert not ben.problems
    assert [problem for problem in ada.problems if "ERR_CONNECTION" not in problem] == []
    origin = server.links["Ada"].split("/a/")[0]
    assert all(url.startswith((origin, "data:")) for url in (*ada.requested, *ben.requested))
    main(["annotate", "export", str(server.folder), "--out", str(tmp_path / "out")])
    read = {question.id: question for question in read_annotations(tmp_path / "out" / "annotations.csv")}
    assert read["share"].answers == {"Ada": 5.0, "Ben": 4.0}
    assert read["houses"].answers == {"Ada": 3, "Ben": 2}
    assert read["any"].answers == {"Ben": "yes"}
    answers = (tmp_path / "out" / "answers.csv").read_text()
    assert "one may be a shed" in answers
    far = float(next(line for line in answers.splitlines() if ",far,Ada," in line).split(",")[6])
    assert far == pytest.approx(100 * METRES, abs=1.0)


def test_a_slow_draft_does_not_come_back_over_the_answer(browser, server):
    ada = Person(browser, server.links["Ada"])
    ada.page.evaluate(
        """() => { const sent = window.fetch; window.drafts = 0;
        window.fetch = async (where, options) => {
            if (options?.method === 'PUT') await new Promise((done) => setTimeout(done, 2500 - 2000 * window.drafts++));
            return sent(where, options);
        }; }"""
    )
    ada.click(20, 20)
    ada.value("0.25 %")
    while not ada.page.evaluate("window.drafts"):
        ada.page.wait_for_timeout(50)
    # A second draft, which would be quicker than the first, and the answer, which has one cell more.
    ada.click(60, 20)
    ada.page.wait_for_timeout(600)
    ada.click(100, 20)
    ada.value("0.75 %")
    ada.page.get_by_role("button", name="Save and next").click()
    ada.shows(2)
    ada.page.wait_for_timeout(3000)
    ada.page.get_by_role("button", name="Back").click()
    ada.shows(1)
    ada.value("0.75 %")
    ada.says("Submitted")
    assert not ada.problems


def test_marks_stay_when_a_question_is_passed_over(browser, server):
    ada = Person(browser, server.links["Ada"])
    ada.click(20, 20)
    ada.value("0.25 %")
    ada.press("s")
    ada.shows(2)
    ada.press("b")
    ada.shows(1)
    ada.value("0.25 %")
    ada.says("Skipped")
    assert not ada.problems


def test_fingers_zoom_and_do_not_mark(browser, server):
    context = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}
    ben = Person(browser, server.links["Ben"], **context)
    fingers: Callable[..., object] = lambda kind, *places: ben.page.evaluate(  # noqa: E731
        """([kind, places]) => places.forEach(([id, x, y]) => document.getElementById('picture').dispatchEvent(
            new PointerEvent(kind, {pointerId: id, clientX: x, clientY: y, bubbles: true, pointerType: 'touch'})))""",
        [kind, places],
    )
    ben.page.evaluate("HTMLElement.prototype.setPointerCapture = () => {}")
    left, right = ben.at(60, 80), ben.at(140, 80)
    fingers("pointerdown", (1, *left))
    ben.value("0.25 %")
    fingers("pointerdown", (2, *right))
    ben.value("0 %")
    fingers("pointermove", (1, left[0] - 60, left[1]), (2, right[0] + 60, right[1]))
    fingers("pointerup", (1, left[0] - 60, left[1]), (2, right[0] + 60, right[1]))
    ben.value("0 %")
    before = ben.page.locator("#where").inner_text()
    ben.page.mouse.move(*ben.at(5, 80))
    assert ben.page.locator("#where").inner_text() not in (before, "cell 1, 11")  # nearer to the middle now
    assert not ben.problems
