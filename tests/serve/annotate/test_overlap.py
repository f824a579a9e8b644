"""Who is asked what: each question to so many people, evenly, and nothing taken away that was begun."""

from __future__ import annotations

from collections import Counter

import pytest

from planimeter.annotate.overlap import assigned
from planimeter.annotate.project import read_project
from planimeter.annotate.store import AnnotationStore
from planimeter.errors import InputError

PEOPLE = ["Ada", "Ben", "Cem", "Dee", "Eva"]
IDS = [f"q{number}" for number in range(37)]


def loads(pairs, people):
    counted = Counter(person for _, person in pairs)
    return [counted[person] for person in people]


@pytest.mark.parametrize("overlap", [1, 2, 3, 5, 9])
def test_each_question_goes_to_so_many_and_all_have_about_as_many(overlap):
    pairs = assigned(IDS, PEOPLE, overlap)
    each = min(overlap, len(PEOPLE))
    assert Counter(question for question, _ in pairs) == dict.fromkeys(IDS, each)
    assert max(loads(pairs, PEOPLE)) - min(loads(pairs, PEOPLE)) <= 1
    assert pairs == assigned(IDS, PEOPLE, overlap)


def test_everybody_meets_everybody():
    pairs = assigned(IDS, PEOPLE, 2)
    met = {frozenset(person for question, person in pairs if question == asked) for asked in IDS}
    assert len(met) == 10  # all pairs of five people


@pytest.mark.parametrize("done", [0, 5, 14])
def test_a_newcomer_takes_nothing_that_was_begun(done):
    people = PEOPLE[:3]
    before = assigned(IDS, people, 2)
    touched = {
        pair for person in people for pair in sorted(pair for pair in before if pair[1] == person)[:done]
    }
    after = assigned(IDS, PEOPLE[:4], 2, touched, before)
    assert touched <= after
    assert Counter(question for question, _ in after) == dict.fromkeys(IDS, 2)
    free = {question for question, _ in before - touched}
    assert loads(after, ["Dee"]) == [
        min(len(free), 2 * 37 // 4)
    ]  # a quarter, or all that anybody can give away
    assert max(loads(after, people)) - min(loads(after, people)) <= 1
    # Only what the newcomer got has moved.
    assert {pair for pair in after - before if pair[1] != "Dee"} == set()


def test_who_leaves_is_stood_in_for_and_may_come_back():
    before = assigned(IDS, PEOPLE, 2)
    touched = {pair for pair in before if pair[1] in ("Ada", "Ben")}
    without = assigned(IDS, PEOPLE[1:], 2, touched, before)
    assert Counter(question for question, _ in without) == dict.fromkeys(IDS, 2)
    assert {pair for pair in touched if pair[1] == "Ben"} <= without
    again = assigned(IDS, PEOPLE, 2, touched, without)
    assert touched <= again


def test_a_finished_project_gives_a_newcomer_nothing():
    before = assigned(IDS, PEOPLE[:2], 2)
    assert assigned(IDS, PEOPLE[:3], 2, before, before) == before


def test_the_store_keeps_who_is_asked_what(make):
    def opened(**changes):
        project = read_project(make(**changes))
        store = AnnotationStore(project.store_path)
        store.sync(project)
        return project, store

    project, store = opened(overlap=2, annotators=["Ada", "Ben", "Cem"])
    asked = {name: store.asked(project, name) for name in project.annotators}
    assert Counter(q for ids in asked.values() for q in ids) == {q.id: 2 for q in project.questions}
    project, store = opened(overlap=2, annotators=["Ada", "Ben", "Cem"])
    assert {name: store.asked(project, name) for name in project.annotators} == asked
    kept = sorted(asked["Ada"])
    store.submit("Ada", kept[0], 1.0, {})
    store.submit("Ada", kept[1], None, {})
    store.keep_draft("Ada", kept[2], {}, "", 0.0)
    project, store = opened(overlap=1, annotators=["Ada", "Ben", "Cem", "Dee"])
    assert set(kept[:3]) <= store.asked(project, "Ada")
    assert set(kept) <= store.asked(project, "Ada", ever=True)
    project, store = opened(annotators=["Ada", "Ben"])
    assert store.asked(project, "Ben") == {question.id for question in project.questions}


def test_gold_questions_go_to_everybody(make):
    questions = [
        {"id": f"q{k}", "image": "world", "question": "How many?", "type": "count"}
        | ({"gold": 3} if k < 2 else {})
        for k in range(10)
    ]
    project = read_project(make(overlap=1, annotators=["Ada", "Ben", "Cem", "Dee"], questions=questions))
    store = AnnotationStore(project.store_path)
    store.sync(project)
    asked = [store.asked(project, name) for name in project.annotators]
    assert set.intersection(*asked) == {"q0", "q1"}
    assert sorted(len(ids) for ids in asked) == [4, 4, 4, 4]  # 2 gold and 8 / 4 others


@pytest.mark.parametrize("overlap", [0, -1, 1.5, "two", True])
def test_an_overlap_that_means_nothing_is_refused(make, overlap):
    with pytest.raises(InputError, match="overlap"):
        read_project(make(overlap=overlap))
