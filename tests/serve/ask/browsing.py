"""What tests of the page do in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

NEAR = "How many buildings are within 50 m of water?"
SLOW = 60_000  # milliseconds; the machine may be busy
# An object whose `finished` becomes true when the page has been busy and is no more.
UNTIL_ANSWERED = """() => {
  const watched = { finished: false }, body = document.body;
  let busy = false;
  new MutationObserver((_, observer) => {
    if (body.classList.contains("busy")) busy = true;
    else if (busy) { watched.finished = true; observer.disconnect(); }
  }).observe(body, { attributeFilter: ["class"] });
  return watched;
}"""


def is_problem(message) -> bool:
    """An error on the console, but for the refusals that a test asks for."""
    return message.type == "error" and "the server responded with a status of 4" not in message.text


@pytest.fixture
def page(browser, served) -> Iterator[object]:
    """A page that fails the test when a script fails, or a request leaves this machine."""
    context = browser.new_context(viewport={"width": 1280, "height": 860}, accept_downloads=True)
    context.set_default_timeout(SLOW)
    opened = context.new_page()
    problems: list[str] = []
    hosts: set[str | None] = set()
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda message: problems.append(message.text) if is_problem(message) else None)
    opened.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    yield opened
    context.close()
    assert problems == []
    assert hosts <= {"127.0.0.1", None}


def open_scene(page, served, name: str = "town/image.tif") -> None:
    page.goto(served.url)
    page.wait_for_selector("#scene option", state="attached")
    page.select_option("#scene", served.scene(name))  # by its id: an upload of this name may be there as well
    page.wait_for_function("name => document.title.startsWith(name)", arg=name)


def ask(page, question: str) -> str:
    page.fill("#question", question)
    finished = page.evaluate_handle(UNTIL_ANSWERED)  # watches from now on: an answer may be there at once
    page.press("#question", "Enter")
    page.wait_for_function("watched => watched.finished", arg=finished)
    return page.inner_text("#figure") if page.is_visible("#result") else ""


def shown(page) -> bytes:
    """What the map shows, once its tiles are there and it stands still."""
    page.wait_for_load_state("networkidle")
    before, now = b"", page.locator("#map").screenshot()
    for _ in range(100):
        if before == now:
            break
        page.wait_for_timeout(300)
        before, now = now, page.locator("#map").screenshot()
    return now
