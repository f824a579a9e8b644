"""Pictures of every state of the page to look at: python -m tests.serve.ask.pictures FOLDER [STATE…]

In light, dark, as wide as a phone, and printed (PDF), of a scene of 2048 pixels a side with zones and an earlier date.
"""

from __future__ import annotations

import shutil
import socket
import sys
import tempfile
import threading
import time
from pathlib import Path

import uvicorn
from playwright.sync_api import sync_playwright
from tests.serve.ask.conftest import Asker
from tests.serve.ask.parting import make_dates
from tests.serve.ask.states import STATES, Shown
from tests.serve.looks import LOOKS, WIDE

from planimeter.serve.ask.app import create_app
from planimeter.serve.listen import settings

TIMES = 8  # 256 pixels
PATIENCE = 120_000  # ms


def main(out: Path, states: list[str]) -> None:
    """Take the pictures.

    Args:
        out: folder, made when it does not exist.
        states: which; none for all.
    """
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        dates = make_dates(Path(scratch) / "dates", TIMES)
        app = create_app(Path(scratch) / "store", folders=[dates.folder])
        listening = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(settings(app, timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        asker = Asker(f"http://127.0.0.1:{listening.getsockname()[1]}")
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_context(viewport=WIDE).new_page()
        page.set_default_timeout(PATIENCE)
        for state in states or STATES:
            STATES[state](Shown(page, asker, dates.districts))
            for look, chosen in LOOKS.items():
                page.emulate_media(color_scheme=chosen.get("color_scheme", "light"))
                page.set_viewport_size(chosen.get("viewport", WIDE))
                page.wait_for_load_state("networkidle")
                page.wait_for_timeout(600)  # tiles are drawn
                page.screenshot(path=out / f"{state}-{look}.png", full_page=look == "phone")
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                page.set_viewport_size(WIDE)
                page.wait_for_timeout(400)
                page.pdf(path=out / f"{state}-print-{scheme}.pdf", format="A4", print_background=False)
            page.emulate_media(color_scheme="light")
            print(state)
        browser.close()
        server.should_exit = True
        thread.join(20)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
