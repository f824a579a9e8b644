"""Looks that a page is tried in, and what is wrong with it for those who see, point or read in other ways."""

from __future__ import annotations

import pytest

#: How a page is opened: in light, in dark, and as wide as a phone.
LOOKS = {
    "wide": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 800}, "has_touch": True},
}
WIDE = {"width": 1280, "height": 860}
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_LEAST = 24  # pixels of a side of what is pressed, WCAG 2.2, 2.5.8
# What is pressed and smaller has a label around it that is not.
_SMALL = """least => [...document.querySelectorAll("button, a, input, select, textarea, summary, [tabindex]")]
  .map((each) => [each.outerHTML.slice(0, 80), (each.closest("label") ?? each).getBoundingClientRect()])
  .filter(([, {width, height}]) => width && (width < least || height < least)).map(([text]) => text)"""


def faults(page) -> list[str]:
    """What axe finds, what is too small to press, and whether the page is wider than the window."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    said = axe.Axe().run(page, options={"resultTypes": ["violations"], "runOnly": _TAGS}).response
    found = [f"{one['id']}: {node['html'][:120]}" for one in said["violations"] for node in one["nodes"]]
    found += [f"small: {text}" for text in page.evaluate(_SMALL, _LEAST)]
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return found + ([f"wider than the window by {wide} pixels"] if wide > 0 else [])


def faults_in_every_look(page) -> dict[str, list[str]]:
    """The faults of a page as it is, look by look; none where there are none."""
    found = {}
    for look, chosen in LOOKS.items():
        page.emulate_media(color_scheme=chosen.get("color_scheme", "light"))
        page.set_viewport_size(chosen.get("viewport", WIDE))
        found[look] = faults(page)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(WIDE)
    return {look: said for look, said in found.items() if said}
