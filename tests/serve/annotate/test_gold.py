"""Gold questions: what counts as right, what annotators never see, and what the organiser does."""

from __future__ import annotations

import csv
import io
import json

import pytest

from planimeter.annotate.export import export
from planimeter.annotate.project import read_project
from planimeter.annotate.store import ORGANISER
from planimeter.errors import InputError

GOLD = [
    {"id": "houses", "image": "world", "question": "How many houses?", "type": "count", "gold": 4},
    {
        "id": "share",
        "image": "world",
        "question": "What percentage?",
        "type": "percentage",
        "gold": [20, 30.5],
    },
    {"id": "any", "image": "world", "question": "Any water?", "type": "binary_presence", "gold": "Yes"},
    {"id": "far", "image": "world", "question": "How far?", "type": "distance", "gold": [5, 8]},
    {"id": "open", "image": "world", "question": "How many trees?", "type": "count"},
]


@pytest.fixture
def answered(make, served_site):
    site = served_site(make(questions=GOLD))
    for person, houses, share, word in (("Ada", 5, 20, "yes"), ("Ben", 6, 31, "yes")):
        site.send_answer(person, 0, {"points": [[9, 9]] * houses})
        site.send_answer(person, 1, {"grid": 10, "cells": [[0, share]]})
        site.send_answer(person, 2, {"choice": word})
    site.send_answer("Ada", 3, {"line": [[0, 0], [12, 0]]})  # 6 m
    site.send_answer("Ben", 3, {}, skipped=True)
    site.send_answer("Ben", 4, {"points": []})
    return site


def test_what_is_right(make):
    # A count of 4 is published as 4 ± 19 %, outward to whole numbers: 3 to 5.
    gold = {question.id: question.gold for question in read_project(make(questions=GOLD)).questions}
    assert (gold["houses"].low, gold["houses"].high) == (3, 5)
    assert [gold["share"].accepts(value) for value in (19.99, 20, 30.5, 30.51)] == [False, True, True, False]
    assert gold["any"].accepts("yes")
    assert not gold["any"].accepts("no")
    assert gold["open"] is None


def test_yes_in_yaml_is_a_word(make):
    yaml = pytest.importorskip("yaml")
    folder = make(questions=GOLD)
    said = json.loads((folder / "project.json").read_text())
    (folder / "project.json").unlink()
    (folder / "project.yaml").write_text(
        yaml.safe_dump(said).replace("gold: 'Yes'", "gold: yes").replace("gold: Yes", "gold: yes")
    )
    assert "gold: yes" in (folder / "project.yaml").read_text()
    assert {q.id: q.gold for q in read_project(folder).questions}["any"].word == "yes"


def test_the_organiser_sees_the_rate(answered):
    said = answered.get(ORGANISER, "progress").json()
    assert [one["gold"] for one in said["annotators"]] == [
        {"right": 4, "answered": 4},
        {"right": 1, "answered": 3},
    ]
    by_id = {question["id"]: question for question in said["questions"]}
    assert (by_id["houses"]["gold"], by_id["houses"]["right"]) == ("3 to 5", {"Ada": True, "Ben": False})
    assert (by_id["open"]["gold"], by_id["open"]["right"]) == (None, {})
    assert said["gold"] == 4


def test_the_export_has_it(answered, tmp_path):
    files = export(answered.project, answered.store, tmp_path / "out")
    with files["people"].open(newline="") as stream:
        people = {row["annotator"]: row for row in csv.DictReader(stream)}
    assert (people["Ada"]["gold_answered"], people["Ada"]["gold_right"], people["Ada"]["gold_share"]) == (
        "4",
        "4",
        "1.0",
    )
    assert (people["Ben"]["gold_share"], people["Ben"]["skipped"], people["Ben"]["asked"]) == (
        "0.3333",
        "1",
        "5",
    )
    with files["answers"].open(newline="") as stream:
        rows = {(row["annotator"], row["question_id"]): row for row in csv.DictReader(stream)}
    assert (rows["Ben", "share"]["gold"], rows["Ben", "share"]["right"]) == ("20 to 30.5", "0")
    assert (rows["Ben", "far"]["gold"], rows["Ben", "far"]["right"]) == ("5 to 8", "")
    assert rows["Ben", "open"]["right"] == ""
    served = list(csv.DictReader(io.StringIO(answered.get(ORGANISER, "people.csv").text)))
    assert served == list(people.values())


def test_annotators_are_never_told(make, served_site):
    secret = 87654321
    questions = [GOLD[0] | {"gold": secret}, GOLD[4]]
    site = served_site(make(questions=questions))
    site.send_answer("Ada", 0, {"points": [[9, 9]]})
    for person in ("Ada", "Ben"):
        for path in ("", "project", "questions/0", "images/0/grid/10"):
            text = site.get(person, path).text
            assert "gold" not in text
            assert str(secret) not in text
    # The organiser looking at a person's own page sees what that person sees.
    view = site.get(ORGANISER, "progress").json()["annotators"][0]["view"]
    assert "gold" not in site.get(ORGANISER, f"{view}/project").text
    kept = {"state": "answered", "answer": 1, "revision": 1}
    assert site.send_answer("Ada", 0, {"points": [[9, 9]]}).json() == kept


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"type": "count", "gold": "many"}, "lowest, highest"),
        ({"type": "count", "gold": [3]}, "lowest, highest"),
        ({"type": "count", "gold": [5, 3]}, "nobody can give"),
        ({"type": "count", "gold": -1}, "nobody can give"),
        ({"type": "percentage", "gold": [90, 101]}, "at most 100"),
        ({"type": "distance", "gold": 12}, "no rule"),
        ({"type": "binary_presence", "gold": "perhaps"}, "yes, no"),
        ({"type": "binary_presence", "gold": 1}, "yes, no"),
    ],
)
def test_gold_that_nobody_can_answer_is_refused(make, change, says):
    with pytest.raises(InputError, match=says):
        read_project(make(questions=[{"image": "world", "question": "What?"} | change]))


def test_a_list_of_questions_brings_its_gold(tmp_path, pictures):
    from planimeter.annotate.making import make_project

    table = tmp_path / "list.csv"
    table.write_text(
        "image,question,type,gold\nplain.png,How many?,count,4\nplain.png,How many?,count,2|9\n"
        "plain.png,Any?,binary_presence,no\nplain.png,Any?,binary_presence,\n"
    )
    project = make_project(tmp_path / "survey", table, ["Ada"], images=pictures)
    assert [str(question.gold) for question in project.questions] == ["3 to 5", "2 to 9", "no", "None"]
