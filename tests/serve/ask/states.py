"""Everything that the page can show, state by state: for the tests of its looks, and for pictures of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.serve.ask.browsing import NEAR, ask, open_scene
from tests.serve.ask.parting import FOREST, SHARE, add_layer

LISTED = "List the three largest buildings."


@dataclass
class Shown:
    """A page with what its server has.

    Attributes:
        page: in a browser.
        asker: the server, which has the scenes "2024/image.tif" and "2018/image.tif".
        districts: polygons of both.
    """

    page: Any
    asker: Any
    districts: Path

    def open(self) -> None:
        """The later scene."""
        open_scene(self.page, self.asker, "2024/image.tif")

    def ask(self, question: str = NEAR) -> None:
        """The answer to a question about the later scene."""
        self.open()
        ask(self.page, question)

    def unfold(self) -> None:
        """Everything that can be unfolded beside the map."""
        for card in ("layers", "correct", "shapes", "trace", "program", "history"):
            summary = self.page.locator(f"#{card}-card > summary")
            if summary.count() and summary.is_visible():
                summary.click()

    def goto(self, part: str) -> None:
        """The later scene with a part of it that is measured."""
        self.page.goto(f"{self.asker.url}/#scene/{self.asker.scene('2024/image.tif')}?{part}")
        self.page.reload()
        self.page.wait_for_selector(".part-chip")

    def correct(self, tool: str) -> None:
        """A correction that is being made, beside one that is made."""
        self.ask()
        self.page.click("#correct-card summary")
        self.page.click("#shapes-card summary")
        self.page.locator("#shapes tbody button").first.click()  # has a building in the middle of the map
        self.page.wait_for_timeout(400)
        self.page.focus("#correct-remove")
        self.page.keyboard.press("Enter")
        self.page.keyboard.press("Space")
        self.page.wait_for_selector("#correct-count:not(:empty)")
        self.page.click(f"#correct-{tool}")


def _program(shown: Shown) -> None:
    shown.ask()
    shown.page.click("#program-card summary")
    shown.page.fill("#program", "answer = 1 / 0")
    shown.page.click("#run")
    shown.page.wait_for_selector("#program-error:not(:empty)")


def _everything(shown: Shown) -> None:
    shown.ask()
    shown.unfold()


def _compare(shown: Shown) -> None:
    scene = shown.asker.scene("2024/image.tif")
    shown.asker.ask(scene, NEAR, area="pixels:0,0,150,150")
    shown.asker.ask(scene, SHARE)
    shown.open()
    shown.page.click("#history-card summary")
    for place in (0, 1):
        shown.page.check(f"#history li >> nth={place} >> input")
    shown.page.click("#history-compare")


def _gallery(shown: Shown) -> None:
    image = shown.districts.parent / "added.png"
    if not image.exists():
        import cv2
        import numpy as np

        cv2.imwrite(str(image), np.full((40, 60, 3), 120, np.uint8))
    shown.asker.post("/scenes", files={"image": ("added.png", image.read_bytes())})
    shown.open()
    shown.page.click("#all-scenes")
    shown.page.wait_for_selector("#gallery-list img")
    shown.page.get_by_role("button", name="Delete added.png").click()


def _upload(shown: Shown) -> None:
    shown.open()
    shown.page.click("#add-scene")
    shown.page.select_option("#legend-choice", "deepglobe")
    shown.page.set_input_files("input[name=image]", shown.districts)
    shown.page.click("#upload-submit")
    shown.page.wait_for_selector("#upload-error:not(:empty)")


def _parts(shown: Shown) -> None:
    shown.goto("area=pixels:20,20,200,180")
    shown.page.click("#add-area")
    shown.page.click("#box-fields summary")


def _choose_zones(shown: Shown) -> None:
    layer = _layer(shown)
    shown.goto(f"zones={layer}&zone_name=name")
    shown.page.click("#add-zones")


def _zones(shown: Shown) -> None:
    shown.goto(f"zones={_layer(shown)}&zone_name=name")
    ask(shown.page, SHARE)


def _swipe(shown: Shown) -> None:
    shown.goto(f"before={shown.asker.scene('2018/image.tif')}")
    ask(shown.page, FOREST)
    shown.page.wait_for_selector("#swipe-range")


def _measuring(shown: Shown) -> None:
    shown.open()
    shown.page.click("#picture summary")
    shown.page.click("#ruler")
    shown.page.click("#options summary")


def _layer(shown: Shown) -> str:
    scene = shown.asker.scene("2024/image.tif")
    return str(add_layer(shown.asker, scene, "districts.gpkg", shown.districts.read_bytes()).json()["id"])


#: Name → what brings the page there.
STATES: dict[str, Callable[[Shown], None]] = {
    "scene": Shown.open,
    "answer": Shown.ask,
    "everything": _everything,
    "list": lambda shown: shown.ask(LISTED),
    "place": lambda shown: shown.ask("Where is the largest building?"),
    "refusal": lambda shown: shown.ask("How many unicorns are there?"),
    "program": _program,
    "compare": _compare,
    "gallery": _gallery,
    "upload": _upload,
    "parts": _parts,
    "choose-zones": _choose_zones,
    "zones": _zones,
    "swipe": _swipe,
    "correct": lambda shown: shown.correct("add"),
    "measuring": _measuring,
}
