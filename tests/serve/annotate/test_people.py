"""People come and go while a project is served; the project file is their one list."""

from __future__ import annotations

import json
import os
import stat

import pytest

from planimeter.annotate.project import read_project
from planimeter.annotate.store import ORGANISER


def listed(folder):
    return json.loads((folder / "project.json").read_text())["annotators"]


def add(site, name, **headers):
    path = f"/o/{site.tokens[ORGANISER]}/people"
    return site.client.post(path, json={"name": name}, headers=headers)


def remove(site, name, **headers):
    return site.client.delete(f"/o/{site.tokens[ORGANISER]}/people/{name}", headers=headers)


def test_somebody_is_added_and_answers_at_once(make, served_site):
    folder = make()
    site = served_site(folder)
    before = json.loads((folder / "project.json").read_text())
    reply = add(site, " Cem K. ")
    assert reply.status_code == 200
    link = reply.json()["link"]
    assert site.client.get(f"{link}/project").json()["annotator"] == "Cem K."
    work = {"points": [[1, 1], [2, 2]]}
    assert (
        site.client.post(f"{link}/{site.at('questions/1')}/answer", json={"work": work}).json()["answer"] == 2
    )
    said = site.get(ORGANISER, "progress").json()
    assert [one["name"] for one in said["annotators"]] == ["Ada", "Ben", "Cem K."]
    assert said["annotators"][2]["link"] == link
    # The project file says so too, and nothing else in it changed; a new start opens the same link.
    after = json.loads((folder / "project.json").read_text())
    assert after == before | {"annotators": ["Ada", "Ben", "Cem K."]}
    again = served_site(folder)
    assert again.client.get(f"{link}/project").json()["annotator"] == "Cem K."


def test_removing_closes_the_link_and_keeps_the_answers(make, served_site):
    folder = make()
    site = served_site(folder)
    site.send_answer("Ben", 1, {"points": [[1, 1]]})
    assert remove(site, "Ben").status_code == 200
    assert site.get("Ben", "project").status_code == 404
    assert "personal link" in site.get("Ben").text
    assert site.send_answer("Ben", 1, {"points": []}).status_code == 404
    assert listed(folder) == ["Ada"]
    assert "Ben" not in site.get(ORGANISER, "annotations.csv").text
    assert "Ben" in site.get(ORGANISER, "answers.csv").text
    assert add(site, "Ben").json()["link"] == f"/a/{site.tokens['Ben']}"
    assert site.get("Ben", "questions/1").json()["work"] == {"points": [[1, 1]]}


@pytest.mark.parametrize("name", ["", " ", "=cmd()", "Ada", "x" * 65, "a/b", "<b>", "Ädä\n", "a" * 300])
def test_names_are_checked_as_in_the_file(make, served_site, name):
    folder = make()
    site = served_site(folder)
    reply = add(site, name)
    if name == "Ädä\n":  # spaces at the ends are cut off, and this is a name
        assert reply.json()["name"] == "Ädä"
        return
    assert reply.status_code == 422
    assert "\n" not in reply.json()["error"]
    assert listed(folder) == ["Ada", "Ben"]


def test_the_last_one_and_strangers_cannot_be_removed(make, served_site):
    site = served_site(make(annotators=["Ada"]))
    assert "only annotator" in remove(site, "Ada").json()["error"]
    assert "no annotator" in remove(site, "Nobody").json()["error"]


def test_only_the_organiser_may(make, served_site):
    folder = make()
    site = served_site(folder)
    token = site.tokens["Ada"]
    assert site.client.post(f"/o/{token}/people", json={"name": "Eve"}).status_code == 404
    assert site.client.post(f"/a/{token}/people", json={"name": "Eve"}).status_code in (404, 405)
    assert site.client.delete(f"/o/{token}/people/Ben").status_code == 404
    assert add(site, "Eve", origin="https://evil.example").status_code == 403
    assert remove(site, "Ben", origin="https://evil.example").status_code == 403
    assert listed(folder) == ["Ada", "Ben"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_the_file_keeps_its_permissions_and_what_was_added_by_hand(make, served_site):
    folder = make()
    site = served_site(folder)
    file = folder / "project.json"
    said = json.loads(file.read_text()) | {"annotators": ["Ada", "Ben", "Zoë"]}  # while the server runs
    file.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    file.chmod(0o640)
    assert add(site, "Cem").status_code == 200
    assert listed(folder) == ["Ada", "Ben", "Zoë", "Cem"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


@pytest.mark.parametrize(
    "people",
    [
        "annotators: [Ada, Ben]  # ours\n",
        "annotators:\n  - Ada\n  # a comment\n  - Ben\n",
        "annotators:\n- Ada\n- Ben\n\n",
    ],
)
@pytest.mark.parametrize("last", [True, False])
def test_a_yaml_file_keeps_its_comments(make, served_site, people, last):
    yaml = pytest.importorskip("yaml")
    folder = make()
    said = json.loads((folder / "project.json").read_text())
    (folder / "project.json").unlink()
    del said["annotators"]
    rest = "# The survey of the valley\n" + yaml.safe_dump(said, sort_keys=False)
    file = folder / "project.yaml"
    file.write_text(rest + people if last else people + rest, encoding="utf-8")
    site = served_site(folder)
    assert add(site, "Cem").status_code == 200
    assert "# The survey of the valley" in file.read_text()
    assert yaml.safe_load(file.read_text()) == said | {"annotators": ["Ada", "Ben", "Cem"]}
    assert remove(site, "Ada").status_code == 200
    assert read_project(folder).annotators == ("Ben", "Cem")


def test_questions_are_shared_out_anew_when_somebody_comes(make, served_site):
    site = served_site(make(overlap=1, annotators=["Ada", "Ben"]))
    before = [question["number"] for question in site.get("Ada", "project").json()["questions"]]
    answered = before[0]
    assert site.send_answer("Ada", answered, {}, skipped=True).status_code == 200
    link = add(site, "Cem").json()["link"]
    theirs = {q["number"] for q in site.client.get(f"{link}/project").json()["questions"]}
    hers = {question["number"] for question in site.get("Ada", "project").json()["questions"]}
    his = {question["number"] for question in site.get("Ben", "project").json()["questions"]}
    assert answered in hers
    assert sorted([*theirs, *hers, *his]) == list(range(11))
    assert {len(theirs), len(hers), len(his)} == {3, 4}
    # What Ada still has on her screen she may send; what never was hers she may not.
    moved = next(number for number in before if number not in hers)
    assert site.get("Ada", f"questions/{moved}").status_code == 200
    never = next(number for number in his if number not in before)
    reply = site.send_answer("Ada", never, {}, skipped=True)
    assert (reply.status_code, "other people" in reply.json()["error"]) == (404, True)
    assert site.get("Ada", f"questions/{never}").status_code == 404
