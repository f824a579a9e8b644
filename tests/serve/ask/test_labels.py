"""What labels hold is shown before they are added: topics, colours, and shares of pixels."""

from __future__ import annotations

import json

import cv2
import numpy as np
import pytest
import rasterio


@pytest.fixture(scope="module")
def labels(tmp_path_factory) -> tuple[object, np.ndarray]:
    """A GeoTIFF of WorldCover's trees (10), built-up ground (50), water (80) and a value unknown to it (7); and the
    (H, W) values."""
    values = np.full((50, 80), 10, np.uint8)
    values[:10] = 50
    values[10:15, :40] = 80
    values[49, 79] = 7
    file = tmp_path_factory.mktemp("labels") / "cover.tif"
    with rasterio.open(file, "w", driver="GTiff", dtype="uint8", count=1, height=50, width=80) as out:
        out.write(values, 1)
    return file, values


def look(served, file, legend):
    content = file.read_bytes() if hasattr(file, "read_bytes") else file
    given = {"labels": ("labels.tif", content)}
    if isinstance(legend, bytes):
        return served.post("/labels", files={**given, "legend": ("legend.json", legend)})
    return served.post("/labels", files=given, data={"legend": legend})


def test_a_shipped_legend_says_which_share_each_topic_has(served, labels):
    file, values = labels
    reply = look(served, file, "worldcover")
    assert reply.status_code == 200, reply.text
    said = reply.json()
    shares = {topic["topic"]: topic["share"] for topic in said["topics"]}
    by_value = {value: each["share"] for each in said["topics"] for value in each["values"]}
    assert by_value[10] == pytest.approx((values == 10).mean())
    assert by_value[80] == pytest.approx((values == 80).mean())
    assert shares["urban"] == pytest.approx((values == 50).mean())
    assert (said["width"], said["height"]) == (80, 50)
    assert (said["unnamed"], said["unnamed_values"]) == (pytest.approx(1 / 4000), [7])
    assert sum(shares.values()) + said["unnamed"] == pytest.approx(1)


def test_a_legend_of_ones_own_and_colours(served, labels):
    file, values = labels
    said = look(served, file, json.dumps({"pond": [80, 7], "forest": [10]}).encode()).json()
    assert [topic["share"] for topic in said["topics"]] == [
        pytest.approx(np.isin(values, [80, 7]).mean()),
        pytest.approx((values == 10).mean()),
    ]
    picture = np.zeros((20, 30, 3), np.uint8)
    picture[:5] = (255, 0, 0)[::-1]
    png = cv2.imencode(".png", picture)[1].tobytes()
    said = look(served, png, json.dumps({"roof": ["#FF0000"]}).encode()).json()
    assert (said["topics"][0]["share"], said["unnamed"]) == (0.25, 0.75)
    assert said["topics"][0]["colours"] == ["#FF0000"]


@pytest.mark.parametrize(
    ("content", "legend", "status"),
    [
        (b"no image", "worldcover", 415),
        (None, "no-such-legend", 422),
        (None, b"{", 422),
        (None, b'{"roof": ["x"]}', 422),
        (None, b"[" * 5000, 422),
        (b"II*\0" + b"\0" * 40, "worldcover", 422),
    ],
)
def test_what_cannot_be_looked_at_is_said(served, labels, content, legend, status):
    reply = look(served, labels[0] if content is None else content, legend)
    assert (reply.status_code, bool(reply.json()["error"])) == (status, True)
    assert served.post("/labels", data={"legend": "worldcover"}).status_code in (400, 422)


def test_the_page_shows_the_shares_before_the_scene_is_added(page, served, labels, tmp_path):
    file, values = labels
    page.goto(served.url)
    page.click("#add-scene")
    page.set_input_files("input[name=labels]", file)
    page.select_option("#legend-choice", "worldcover")
    page.wait_for_function("() => document.querySelector('#legend-said').textContent.includes('no topic')")
    forest = 100 * (values == 10).mean()
    rows = page.locator("#legend-preview li").all_inner_texts()
    assert any(f"{forest:.0f} % · 10" in row.replace("\n", " ") for row in rows), rows
    assert page.locator("#legend-preview .swatch").count() >= len(rows)
    assert page.inner_text("#legend-said") == "below 0.1 % of the pixels have no topic, values 7."
    (tmp_path / "own.json").write_text('{"forest": [10, 50, 80, 7]}')
    page.select_option("#legend-choice", "")
    page.set_input_files("input[name=legend]", tmp_path / "own.json")
    page.wait_for_function("() => document.querySelector('#legend-said').textContent.startsWith('Every')")
    assert page.locator("#legend-preview li").count() == 1
    (tmp_path / "own.json").write_text("{")
    page.set_input_files("input[name=legend]", [])
    page.set_input_files("input[name=legend]", tmp_path / "own.json")
    page.wait_for_function("() => document.querySelector('#legend-said').textContent.includes('JSON')")
