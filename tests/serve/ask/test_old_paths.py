"""Paths from before version 1: for one version they say where their things are now."""

from __future__ import annotations

import pytest
from tests.serve.ask.conftest import COUNT


@pytest.mark.parametrize(
    ("method", "old", "new"),
    [
        ("GET", "/scenes", "/v1/scenes"),
        ("POST", "/ask", "/v1/ask"),
        ("GET", "/scenes/a%0d%0ab/at?x=1&y=%2f", "/v1/scenes/a%0D%0Ab/at?x=1&y=%2f"),
        ("DELETE", "/jobs/x", "/v1/jobs/x"),
        ("GET", "/openapi.json", "/v1/openapi.json"),
    ],
)
def test_an_old_path_points_to_the_new_one(served, method, old, new):
    reply = served.http.request(method, f"{served.url}{old}")
    assert reply.status_code == 308
    assert reply.headers["location"] == new
    assert reply.headers["deprecation"].startswith("@1")
    assert 'rel="successor-version"' in reply.headers["link"]


def test_clients_that_follow_redirects_go_on_working(served, place):
    order = {"scene": served.scene("town/image.tif"), "question": COUNT}
    sent = served.http.post(f"{served.url}/ask", json=order, follow_redirects=True)
    assert sent.status_code == 202
    with (place.folder / "plain.png").open("rb") as file:
        content = file.read()
    added = served.http.post(
        f"{served.url}/scenes", files={"image": ("p.png", content)}, follow_redirects=True
    )
    assert added.status_code == 201


def test_what_lies_beside_the_api_has_not_moved(served):
    for path in ("/", "/health", "/metrics", "/topics", "/assets/app.js"):
        assert served.get(f"{served.url}{path}").status_code == 200
