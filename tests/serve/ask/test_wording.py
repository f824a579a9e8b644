"""Errors and cautions of the server name nothing that only the command line has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import planimeter
from planimeter.serve.ask.wording import page_sentence

#: Rooms whose sentences a question on the page can end with.
ROOMS = ("ask.py", "raster", "spatial", "segment", "program", "meaning", "coder", "answer", "vocabulary")


def files_of(room: str) -> list[Path]:
    place = Path(planimeter.__file__).parent / room
    return [place] if place.is_file() else list(place.rglob("*.py"))


def test_no_option_is_named_in_any_sentence():
    written = re.compile(r'"([^"\n]*--[a-z][^"\n]*)"')
    found = [
        sentence
        for room in ROOMS
        for file in files_of(room)
        for sentence in written.findall(file.read_text(encoding="utf-8"))
    ]
    assert len(found) > 20
    assert [said for said in map(page_sentence, found) if "--" in said] == []


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        (
            "This needs lengths or areas on the ground, but the image does not say how large a pixel is: "
            "give the metres per pixel with --gsd.",
            "This needs lengths or areas on the ground, but the image does not say how large a pixel is: "
            "give the metres per pixel under Options.",
        ),
        (
            "There are no moss here; for other nouns configure an open vocabulary with --segmenter reason:FILE.",
            "There are no moss here; for other nouns whoever runs this server can offer a segmenter with an open "
            "vocabulary.",
        ),
        (
            "The question asks for a table by zone: give the zones with --zones FILE.",
            "The question asks for a table by zone: give the zones as a layer of zones.",
        ),
        (
            "This is one image: ask the images of several dates with `planimeter batch QUESTION IMAGES… --out DIR --by "
            "date`.",
            "This is one image: choose an earlier scene, or have whoever runs this server ask a batch of images.",
        ),
        (
            "Clouds were measured as ground; give --clouds FILE.",
            "Clouds were measured as ground; add the scene again with a mask of its clouds.",
        ),
        ("Nothing to say.", "Nothing to say."),
    ],
)
def test_the_usual_sentences(sentence, said):
    assert page_sentence(sentence) == said


def test_the_server_speaks_to_the_page(served):
    scene = served.scene("plain.png")
    job = served.ask(scene, "What is the area of water, in m²?")
    error = served.get(f"/jobs/{job}").json()["error"]
    assert error["kind"] == "ScaleError"
    assert error["error"].endswith("give the metres per pixel under Options.")
    job = served.ask(scene, "How many unicorns are there?")
    assert "--" not in served.get(f"/jobs/{job}").json()["error"]["error"]
    town = served.scene("town/image.tif")
    job = served.ask(town, "How many buildings are there?", gsd=2)
    cautions = served.get(f"/answers/{job}/view").json()["cautions"]
    assert [
        each for each in cautions if "2 m per pixel given under Options contradict the file itself" in each
    ]
    longest = served.get("/options").json()["question_characters"]
    assert served.post("/ask", json={"scene": town, "question": "x" * (longest + 1)}).status_code == 422
    job = served.ask(town, "How many buildings are there?".ljust(longest))
    assert served.get(f"/jobs/{job}").json()["state"] == "done"
