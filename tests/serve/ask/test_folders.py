"""Allowed folders: odd names, listings that change under a request, and a system without file handles to spare."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest
from tests.serve.ask.conftest import COUNT, Still

from planimeter.serve.ask import folders as module
from planimeter.serve.ask.folders import Folders
from planimeter.serve.ask.sources import Sources
from planimeter.serve.http_errors import HTTPError


def test_a_name_that_is_no_text_harms_nobody(start, place, tmp_path):
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.png"))
    try:
        shutil.copy(place.folder / "plain.png", odd)
    except OSError:
        pytest.skip("this file system knows UTF-8 only")
    shutil.copy(place.folder / "plain.png", tmp_path / "café.png")
    asker = start(folders=[tmp_path], sources=Sources({"still": Still()}))
    listed = asker.get("/scenes")
    assert listed.status_code == 200
    assert sorted(each["name"] for each in listed.json()["scenes"]) == ["café.png", "caf\ufffd.png"]
    good, bad = asker.scene("café.png"), asker.scene("caf\ufffd.png")
    water = "What percentage of the image is water?"
    assert asker.get(f"/answers/{asker.ask(good, water)}").json()["answer"] == 100
    job = asker.ask(bad, water)
    for path in (
        f"/scenes/{bad}",
        f"/scenes/{bad}/tiles/0/0/0.png",
        f"/answers/{job}",
        f"/answers/{job}/view",
    ):
        reply = asker.get(path)
        assert reply.status_code == 422, path
        assert reply.json()["error"].endswith("rename it.")
    assert asker.get(f"/jobs/{job}").json()["error"]["kind"] == "SceneError"
    assert b"event: failed" in asker.get(f"/jobs/{job}/events").content
    assert asker.get(f"{asker.url}/").status_code == 200


def test_a_folder_whose_own_name_is_no_text_is_shown_too(tmp_path):
    roots = [tmp_path / "plain", Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xe9"))]
    for root in roots:
        try:
            root.mkdir()
        except OSError:
            pytest.skip("this file system knows UTF-8 only")
        (root / "a.png").write_bytes(b"")
    assert {name for name, _ in Folders(roots).listed().values()} == {"plain/a.png", "\ufffd/a.png"}


def test_a_listing_that_another_thread_renews_meanwhile_does_no_harm(tmp_path):
    (tmp_path / "a.png").write_bytes(b"x")
    folders = Folders([tmp_path])
    (scene,) = folders.listed()

    class Renewing:
        """The lock; as it is released, another thread lists anew and does not find the file."""

        def __enter__(self):
            pass

        def __exit__(self, *_):
            folders._found = {}

    folders._lock = Renewing()
    assert folders.find(scene)[:2] == ("a.png", tmp_path / "a.png")
    assert folders.find(scene) is None


def test_a_lack_of_file_handles_is_no_empty_folder(tmp_path, monkeypatch):
    (tmp_path / "a.png").write_bytes(b"x")
    (tmp_path / "closed").mkdir()
    monkeypatch.setattr(module, "_FRESH", -1.0)
    folders = Folders([tmp_path])
    (scene,) = folders.listed()
    listing = os.scandir

    def short(path):
        raise OSError(errno.EMFILE, "Too many open files")

    def closed(path):
        if Path(path).name == "closed":
            raise PermissionError(errno.EACCES, "Permission denied")
        return listing(path)

    monkeypatch.setattr(os, "scandir", short)
    with pytest.raises(HTTPError, match="try again") as refusal:
        folders.find(scene)
    assert refusal.value.status == 503
    monkeypatch.setattr(os, "scandir", closed)
    assert folders.find(scene) is not None


def test_a_scene_that_goes_is_not_found(start, place, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_FRESH", -1.0)
    shutil.copy(place.folder / "plain.png", tmp_path / "a.png")
    asker = start(folders=[tmp_path], sources=Sources({"still": Still()}))
    scene = asker.scene("a.png")
    (tmp_path / "a.png").unlink()
    assert asker.post("/ask", json={"scene": scene, "question": COUNT}).status_code == 404


def test_labels_without_a_legend_are_said_and_not_silently_replaced(start, place, tmp_path):
    shutil.copy(place.folder / "plain.png", tmp_path / "town.png")
    shutil.copy(place.folder / "plain.png", tmp_path / "town_labels.png")
    asker = start(folders=[tmp_path], sources=Sources({"still": Still()}))
    scene = asker.scene("town.png")
    (said,) = [text for text in asker.get(f"/scenes/{scene}").json()["warnings"] if "town_labels.png" in text]
    assert "town.legend.json" in said
    answer = asker.get(f"/answers/{asker.ask(scene, 'What percentage of the image is water?')}").json()
    assert said in answer["warnings"]
    (tmp_path / "town.legend.json").write_text('{"water": [90]}')
    scene = asker.scene("town.png")
    assert not any("town_labels" in text for text in asker.get(f"/scenes/{scene}").json()["warnings"])
