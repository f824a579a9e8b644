"""Wordings: whole, held out whole, and understood by what takes topics and numbers out of them."""

from __future__ import annotations

import random
import re

import pytest
from learned_coder.coder.slots import SLOTS, slotted
from learned_coder.training.programs import program_for, refusal_program
from learned_coder.training.questions import FORMS, draw, overlap, refuse, roughened, say
from learned_coder.training.wordings import FAMILIES, TEST, TRAIN, VALIDATION, expand, refusals
from learned_coder.training.wordings.lexicon import TOPIC_WORDS

from planimeter.program import check_program
from planimeter.squid.types import TYPES

KINDS = [(name, form) for name in FAMILIES for form in FORMS if FORMS[form].base in FAMILIES[name].templates]


@pytest.mark.parametrize("name", FAMILIES)
def test_every_wording_is_whole_and_its_parts_are_found(name: str) -> None:
    rng = random.Random(1)
    family = FAMILIES[name]
    found = total = 0
    for form in (form for kind, form in KINDS if kind == name):
        for _ in range(4):
            worded = say(draw(rng, form), family, name, rng)
            assert not re.search(r"[{}|<]\w|\(\s*\)", worded.text.replace("<=", "").replace("< ", "")), (
                worded.text
            )
            asked = slotted(worded.text)
            draft = asked.empty(worded.program)
            assert asked.fill(draft) == worded.program
            total += 1
            found += set(re.findall(r"<\w\d>", draft)) == set(asked.values)
    assert found >= 0.9 * total


def test_families_share_no_sentence() -> None:
    seen: dict[str, str] = {}
    for name, family in FAMILIES.items():
        for template in {one for many in family.templates.values() for one in many}:
            assert seen.setdefault(template, name) == name, template


def test_the_reported_families_ask_all_types_and_are_not_trained_on() -> None:
    assert not set(TEST) & set(TRAIN)
    assert not set(VALIDATION) & (set(TRAIN) | set(TEST))
    assert {FORMS[form].type for name, form in KINDS if name in TEST} == set(TYPES)
    assert len(TYPES) == 24
    assert {FORMS[form].type for name, form in KINDS if name in TRAIN} == set(TYPES)


@pytest.mark.parametrize("form", FORMS)
def test_programs_pass_the_check_and_hold_their_slots(form: str) -> None:
    rng = random.Random(form)
    for _ in range(3):
        asked = draw(rng, form)
        assert check_program(asked.program) == []
        assert not re.search(r"\{\w+\}", asked.program.replace("{s[", ""))
        assert f"'{asked.slots.target}'" in asked.program
        for written in (written for _, written in asked.numbers.values()):
            assert written in asked.program
    assert check_program(refusal_program()) == []


@pytest.mark.parametrize("target", ["grass", "solar", "urban"])
def test_a_compact_program_is_the_same_for_every_topic(target: str) -> None:
    """Programs are made once, about buildings near water; here one is asked of the built-in coder itself."""
    from learned_coder.training.programs import PLAIN, compacted

    from planimeter.coder import Request, builtin_coder
    from planimeter.squid.wording import Slots, fill
    from planimeter.vocabulary.topics import TOPICS

    slots = Slots(target, "barren", minimum=0.25, distance=60)
    text = fill(PLAIN["large_near"], slots, None)
    own = compacted(builtin_coder().write(Request(text, TOPICS, 0.5)))
    made = program_for("large_near", "complex_multi_condition", target, "barren", None, "ha")
    assert made.replace("{minimum}", "0.25").replace("{distance}", "60") == own


def test_refusals_have_no_program_and_overlap_is_symmetric() -> None:
    rng = random.Random(2)
    for templates in (refusals.TRAIN, refusals.TEST):
        for _ in range(40):
            worded = refuse(templates, "refusal", rng)
            assert "{" not in worded.text
            assert worded.program == refusal_program()
    assert not set(refusals.TRAIN) & set(refusals.TEST)
    for first in TOPIC_WORDS:
        for second in TOPIC_WORDS:
            assert overlap(first, second) == overlap(second, first)
    assert overlap("urban", "roof")
    assert not overlap("water", "forest")


def test_slips_of_the_fingers_leave_numbers() -> None:
    rng = random.Random(3)
    text = "How many buildings larger than 0.25 ha are within 120 m of water?"
    made = {roughened(text, rng) for _ in range(30)}
    assert len(made) > 10
    assert all("0.25 ha" in one and "120 m" in one for one in made)


def test_the_little_language() -> None:
    rng = random.Random(0)
    made = {expand("(a|b) <p> (c (d|e)|)", {"p": "(x|y)"}, rng) for _ in range(200)}
    assert made == {f"{a} {p}{rest}" for a in "ab" for p in "xy" for rest in (" c d", " c e", "")}
    assert expand("count(*) from {T}", {}, rng) == "count(*) from {T}"
    assert len(SLOTS) == 12
