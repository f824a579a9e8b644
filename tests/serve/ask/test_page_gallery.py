"""Scenes in the gallery, Back and links, dropped files and legends that are known."""

from __future__ import annotations

import cv2
import numpy as np
from tests.serve.ask.browsing import open_scene


def test_gallery_back_drop_and_legend(page, served, tmp_path):
    open_scene(page, served, "town/image.tif")
    page.click("#all-scenes")
    page.fill("#gallery-search", "plain")
    page.wait_for_function("() => document.querySelectorAll('#gallery-list li').length === 1")
    page.wait_for_function("() => document.querySelector('#gallery-list img').naturalWidth === 256")
    page.click("#gallery-list button")
    page.wait_for_function("() => document.title.startsWith('plain.png')")
    page.go_back()
    page.wait_for_function("() => document.title.startsWith('town')")
    page.go_forward()
    page.wait_for_function("() => document.title.startsWith('plain.png')")

    page.evaluate(
        """() => {
          const files = new DataTransfer();
          files.items.add(new File(['no image'], 'dropped.png'));
          document.querySelector('#map').dispatchEvent(
            new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true }));
        }"""
    )
    page.wait_for_selector("#upload[open]")
    assert page.evaluate("document.querySelector('input[name=image]').files[0].name") == "dropped.png"
    for name, value in (("twice.png", 5), ("labels.png", 5)):
        cv2.imwrite(str(tmp_path / name), np.full((30, 20), value, np.uint8))
    page.set_input_files("input[name=image]", tmp_path / "twice.png")
    page.set_input_files("input[name=labels]", tmp_path / "labels.png")
    page.click("#upload-submit")
    page.wait_for_selector("#upload-error:not(:empty)")
    assert page.evaluate("document.activeElement.id") == "legend-choice"
    page.select_option("#legend-choice", "deepglobe")
    assert "agricultural land" in page.inner_text("#legend-preview")
    assert not page.is_visible("#legend-file")
    page.click("#upload-submit")
    page.wait_for_function("() => document.title.startsWith('twice.png')")
    first = page.evaluate("location.hash")

    page.click("#add-scene")
    page.set_input_files("input[name=image]", tmp_path / "twice.png")
    page.click("#upload-submit")  # without labels: another scene of the same name
    page.wait_for_function(
        "first => location.hash !== first && document.title.startsWith('twice.png')", arg=first
    )
    names = page.evaluate("[...document.querySelectorAll('#scene option')].map(each => each.textContent)")
    alike = [name for name in names if name.startswith("twice.png")]
    assert len(alike) == 2
    assert all("added" in name for name in alike)

    page.click("#all-scenes")
    page.fill("#gallery-search", "twice")
    page.wait_for_function("() => document.querySelectorAll('#gallery-list li').length === 2")
    page.get_by_role("button", name="Rename twice.png").first.click()
    page.fill("#gallery-list input", "twice-renamed.png")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Delete twice-renamed.png").click()
    page.click("text=Delete it for good")
    page.wait_for_function("() => document.querySelectorAll('#gallery-list li').length === 1")


def test_bytes_are_counted_while_a_scene_is_sent(page, served, tmp_path):
    rng = np.random.default_rng(3)
    cv2.imwrite(str(tmp_path / "sent.png"), rng.integers(0, 255, (300, 400, 3), np.uint8))
    size = (tmp_path / "sent.png").stat().st_size
    told = """() => { window.told = []; new MutationObserver(() => window.told.push(
        document.querySelector('#upload-sent').textContent)).observe(
        document.querySelector('#upload-sent'), { childList: true }); }"""
    page.goto(served.url)
    page.click("#add-scene")
    page.evaluate(told)
    page.set_input_files("input[name=image]", tmp_path / "sent.png")
    page.click("#upload-submit")
    page.wait_for_function("() => document.title.startsWith('sent.png')")
    said = page.evaluate("window.told")
    assert said[-1] == ""
    assert any(each == "sent; the server looks at it" or " of " in each for each in said), (said, size)
