"""When a learned program is accepted, and what becomes of it: with drafts made up here, no weights needed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from learned_coder.coder import LearnedCoder, WithLearned, shipped_coder, ships
from learned_coder.coder.card import Card, load_card

from planimeter.ask import ask
from planimeter.coder import Program, Request, builtin_coder, find_coder
from planimeter.errors import ModelError, NotMeasurable, NotUnderstood
from planimeter.segment import LabelSegmenter
from planimeter.worlds import make_world

DRAFT = (
    "# unit: ha\nresult = segment_image_from_path(IMAGE_PATH, ['<t1>'], gsd=gsd)\n"
    "found = [s for s in result['shapes'] if s['class_type'] == '<t1>']\n"
    "value = sum((s['area_hectares'] for s in found))\nanswer = value"
)
ODD = "zzz, so the ponds come to how much area, ha-wise, wow?"
REQUEST = Request(ODD, ("water",), 0.5)


class Drafting(LearnedCoder):
    """A learned coder with the drafts it is given."""

    def __init__(self, drafts: list[str], least: float = 0.99) -> None:
        self.card = Card(Path("x"), "test", "x", "x", "x", 1, 1.0, 0.9, True)
        self._given = drafts, least
        self.asked = 0

    def drafts(self, question: str) -> tuple[list[str], float]:
        self.asked += 1
        return self._given


def test_an_accepted_program_says_who_wrote_it() -> None:
    program = Drafting([DRAFT, DRAFT]).write(REQUEST)
    assert program.coder == "learned"
    assert (program.type, program.unit) == ("number", "ha")
    assert "['water']" in program.text
    assert "<t1>" not in program.text
    assert "learned model wrote this program" in program.writing["cautions"][0]


@pytest.mark.parametrize(
    ("drafts", "least", "why"),
    [
        ([DRAFT, DRAFT + "\n"], 0.99, "two samples differ"),
        ([DRAFT, DRAFT], 0.5, "not sure"),
        (["", ""], 0.99, "differ"),
        (["# refused\ncannot_answer('x')"] * 2, 0.99, "masks do not show"),
        ([DRAFT.replace("# unit: ha", "# unit: %")] * 2, 0.99, "kind of answer"),
        ([DRAFT.replace("sum(", "eval(")] * 2, 0.99, "does not pass the check"),
        ([DRAFT.replace("<t1>", "<t2>")] * 2, 0.99, "a topic or a number"),
    ],
)
def test_what_is_not_accepted(drafts: list[str], least: float, why: str) -> None:
    with pytest.raises(NotUnderstood, match=why):
        Drafting(drafts, least).write(REQUEST)


def test_long_questions_are_left_alone() -> None:
    learned = Drafting([DRAFT, DRAFT])
    with pytest.raises(NotUnderstood, match="long"):
        learned.write(replace(REQUEST, text="water " * 100))
    assert learned.asked == 0


def test_the_grammar_goes_first_and_its_words_stand() -> None:
    learned = Drafting([DRAFT, DRAFT])
    both = WithLearned(builtin_coder(), lambda: learned)
    plain = both.write(Request("How many ponds are there?", ("water",), 0.5))
    assert (plain.coder, learned.asked, both.name) == ("builtin", 0, "builtin")
    odd = both.write(REQUEST)
    assert odd.coder == "learned"
    assert odd.writing["route"]["coder"] == "learned"
    assert "did not understand" in odd.writing["route"]["reason"]
    with pytest.raises(NotUnderstood) as refused:
        WithLearned(builtin_coder(), lambda: Drafting([DRAFT, "x"])).write(REQUEST)
    with pytest.raises(NotUnderstood) as grammar:
        builtin_coder().write(REQUEST)
    assert str(refused.value) == str(grammar.value)


def test_what_cannot_be_measured_is_not_tried_again() -> None:
    learned = Drafting([DRAFT, DRAFT])
    both = WithLearned(builtin_coder(), lambda: learned)
    with pytest.raises(NotMeasurable):
        both.write(Request("How many ponds are there?", ("forest",), 0.5))
    assert learned.asked == 0


def test_the_answer_carries_the_caution(tmp_path: Path) -> None:
    paths = make_world(seed=7, size=96).write(tmp_path)
    maps = LabelSegmenter(paths["labels"], paths["legend"])
    both = WithLearned(builtin_coder(), lambda: Drafting([DRAFT, DRAFT]))
    answer = ask(paths["image"], ODD, segmenter=maps, coder=both)
    assert answer.coder == "learned"
    assert any("learned model wrote this program" in one for one in answer.warnings)
    plain = ask(
        paths["image"], "What is the total area of ponds in hectares?", segmenter=maps, coder="builtin"
    )
    assert answer.answer == pytest.approx(plain.answer)
    assert not any("learned" in one for one in plain.warnings)


def test_a_card_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        load_card(tmp_path / "none.json")
    (tmp_path / "bad.json").write_text('{"version": 1}')
    with pytest.raises(ModelError, match="no card"):
        load_card(tmp_path / "bad.json")
    (tmp_path / "x.onnx").write_bytes(b"other")
    with pytest.raises(ModelError, match="not the file"):
        _ = Card(tmp_path / "x.json", "1", "x.onnx", "00", "x", 1, 1.0, 0.9, True).content


def test_names_of_coders() -> None:
    assert find_coder("builtin").name == "builtin"
    assert find_coder(None).name == "builtin"
    assert isinstance(find_coder("builtin"), type(builtin_coder()))


def test_a_program_is_what_others_write(tmp_path: Path) -> None:
    assert isinstance(Drafting([DRAFT, DRAFT]).write(REQUEST), Program)


@pytest.mark.skipif(not ships(), reason="no weights ship")
def test_a_decimal_comma_is_no_multiple_of_ten() -> None:
    for question in (
        "so ponds within 2,5 km of buildings, count em",
        "total area, in ha, of ponds that are larger than 0,5 ha",
    ):
        with pytest.raises(NotUnderstood):
            find_coder("learned").write(Request(question, ("water", "roof"), 0.5))


@pytest.mark.skipif(not ships(), reason="no weights ship")
def test_one_coder_answers_several_threads() -> None:
    assert find_coder("learned") is find_coder("learned")
    learned = shipped_coder()
    questions = [f"so the ponds within {metres} m of houses, how many?" for metres in range(10, 22)]
    alone = [learned.drafts(question) for question in questions]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(learned.drafts, questions)) == alone
