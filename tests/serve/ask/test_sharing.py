"""Addresses that tell what they are before they are opened, whatever a question says."""

from __future__ import annotations

import html.parser
import io
import unicodedata

import numpy as np
import pytest
from PIL import Image
from tests.serve.ask.browsing import NEAR, open_scene
from tests.serve.ask.browsing import ask as ask_page
from tests.serve.ask.conftest import COUNT, SCRIPT, Still

from planimeter.serve.ask.page_routes import WEB
from planimeter.serve.ask.sharing import Preview, shared_page
from planimeter.serve.ask.sources import Sources

HOSTILE = '</title><script>hacked=1</script>"'


class Head(html.parser.HTMLParser):
    """The tags of a document, and its title."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}
        self.tags: list[str] = []
        self.title = ""
        self.feed(text)
        self.title = self.title.strip()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        about = dict(attrs)
        if tag == "meta" and (name := about.get("property") or about.get("name")):
            self.meta[name] = about["content"]

    def handle_data(self, data):
        if self.tags[-1:] == ["title"]:
            self.title += data


def head(asker, path: str, status: int = 200) -> Head:
    reply = asker.get(f"{asker.url}{path}")
    assert (reply.status_code, reply.headers["content-type"]) == (status, "text/html; charset=utf-8")
    return Head(reply.text)


def test_an_answer_tells_question_number_and_picture(served, place):
    job = served.ask(served.scene("town/image.tif"), COUNT)
    found = head(served, f"/share/answer/{job}")
    assert found.meta["og:title"] == f"{COUNT} {place.buildings}"
    assert found.title == f"{COUNT} {place.buildings} · Planimeter"
    assert "Measured on town/image.tif." in found.meta["og:description"]
    assert found.meta["og:url"] == f"{served.url}/share/answer/{job}"
    assert found.meta["twitter:card"] == "summary_large_image"
    picture = Image.open(io.BytesIO(served.get(found.meta["og:image"]).content)).convert("RGB")
    shown = np.asarray(picture)
    assert shown.shape[0] > shown.shape[1]  # the legend stands below the scene, which is square
    assert (shown[-20:] > 200).mean() > 0.8


def test_a_scene_tells_its_name_and_size(served):
    found = head(served, f"/share/scene/{served.scene('town/image.tif')}")
    assert found.meta["og:title"] == "town/image.tif"
    assert found.meta["og:description"].startswith("512 × 512 pixels, 0.5 m per pixel.")
    assert served.get(found.meta["og:image"]).headers["content-type"] == "image/png"


@pytest.mark.parametrize(
    "path", ["/share/answer/nothing-of-the-kind", "/share/scene/f-nothing", "/share/answer/%00"]
)
def test_what_is_gone_is_the_page_itself(served, path):
    found = head(served, path, 404)
    assert found.title == "Planimeter"
    assert "og:title" not in found.meta


def test_hostile_words_stay_words(page, served):
    job = served.finish("/run", scene=served.scene(f"{SCRIPT}.png"), program=f"answer = {HOSTILE!r}")
    found = head(served, f"/share/answer/{job}")
    assert found.meta["og:title"] == f"A program {HOSTILE}"
    assert SCRIPT in found.meta["og:description"]
    usual = Head(served.get(served.url).text)
    assert sorted(found.tags) == sorted([*usual.tags, *["meta"] * (len(found.meta) - len(usual.meta))])
    page.goto(f"{served.url}/share/answer/{job}")
    page.wait_for_selector("#figure")
    assert page.evaluate("window.hacked") is None
    assert page.locator("img[src=x]").count() == 0


@pytest.mark.parametrize(
    "text", [f'{HOSTILE}\n\x00\u202e\ud800"><base href=//x>' + "ab " * 5000, "' onload=x ", "&lt;b&gt;"]
)
def test_any_text_is_told_as_text(text):
    page = WEB / "index.html"
    found = Head(
        shared_page(page, Preview(text, text, "/v1/p.png", text), "http://127.0.0.1:1", "/share/answer/a")
    )
    said = " ".join("".join(c for c in text if c == "\n" or unicodedata.category(c)[0] != "C").split())
    for name, longest in (("og:title", 200), ("og:description", 400), ("og:image:alt", 200)):
        told = found.meta[name]
        assert told == said if len(said) <= longest else (told[:-1], told[-1]) == (said[: longest - 1], "…")
    usual = Head(page.read_text(encoding="utf-8"))
    assert [tag for tag in found.tags if tag != "meta"] == [tag for tag in usual.tags if tag != "meta"]
    assert len(found.tags) - len(usual.tags) == len(found.meta) - len(usual.meta) == 9


def test_nothing_is_told_where_a_token_is_needed(start, place):
    token = "a-secret-of-the-house"
    asker = start(
        folders=[place.folder],
        sources=Sources({"still": Still()}),
        token=token,
        headers={"Authorization": f"Bearer {token}"},
    )
    job = asker.ask(asker.scene("town/image.tif"), COUNT)
    asker.http.headers.pop("Authorization")
    for path in (f"/share/answer/{job}", f"/share/scene/{job}", "/share/answer/nothing-there"):
        found = head(asker, path)
        assert found.title == "Planimeter"
        assert not any(name.startswith("og:") for name in found.meta)


def test_the_page_gives_the_link_and_takes_it(page, served):
    open_scene(page, served)
    said = ask_page(page, NEAR)
    link = page.get_attribute("#share", "href")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click("#share")
    page.wait_for_selector("#shared:not(:empty)")
    assert page.inner_text("#shared") == "copied"
    assert page.evaluate("navigator.clipboard.readText()") == link
    page.goto(link)
    page.wait_for_selector("#figure")
    assert page.inner_text("#figure") == said
    assert page.evaluate("location.pathname + location.hash") == "/#answer/" + link.rsplit("/", 1)[1]
