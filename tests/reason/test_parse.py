"""Parsers: the required form is read exactly, whatever else never raises and never scores by accident."""

from __future__ import annotations

import random

import numpy as np
import pytest

from planimeter.reason.frames import NormalisedFrame, OriginalFrame
from planimeter.reason.parse import RawPrompt, parse_lenient, parse_strict, usable_prompts
from planimeter.reason.prompt import Prompt, thin
from planimeter.reason.protocol import OURS, PAPER, VARIANTS
from planimeter.reason.rewards import json_format, json_format_reward, mask_reward, think_format_reward
from planimeter.reason.tiny import BoxSegmenter

from .malformed import GOOD, MALFORMED, form

pytest.importorskip("json_repair")

IMAGE = np.zeros((10, 10, 3), np.uint8)
FIELD = np.zeros((10, 10), bool)
FIELD[2:8, 2:8] = True
NOTHING = np.zeros((10, 10), bool)


def count(found: list[RawPrompt] | None) -> int | None:
    return None if found is None else len(found)


def test_the_table_holds_at_least_sixty_kinds() -> None:
    assert len(MALFORMED) >= 90
    assert len({text for text, _, _ in MALFORMED.values()}) == len(MALFORMED)


@pytest.mark.parametrize("kind", MALFORMED)
def test_malformed_completions_are_read_as_the_table_says(kind: str) -> None:
    text, strict, lenient = MALFORMED[kind]
    assert count(parse_strict(text)) == strict
    assert count(parse_lenient(text)) == lenient


@pytest.mark.parametrize("kind", MALFORMED)
def test_malformed_completions_never_earn_the_format_reward(kind: str) -> None:
    text = MALFORMED[kind][0]
    if kind == "answer inside the thought":  # its answer is in form; what is wrong is where it stands
        assert think_format_reward([""], [text]) == [0.0]
        return
    assert json_format_reward([""], [text]) == [0.0]


@pytest.mark.parametrize("kind", MALFORMED)
def test_malformed_completions_never_earn_the_mask_reward_by_accident(kind: str) -> None:
    text, strict, _ = MALFORMED[kind]
    reward = mask_reward(BoxSegmenter())
    on_field, on_nothing = (
        reward([""], [text], image=[IMAGE], target=[target]) for target in (FIELD, NOTHING)
    )
    assert on_nothing == [0.0]
    assert on_field == [2.0 if strict else 0.0]


def test_the_required_form_is_read_and_rewarded() -> None:
    text = form(GOOD)
    assert parse_strict(text) == parse_lenient(text) == [RawPrompt((2, 2, 8, 8), ((4, 4), (6, 6)))]
    assert json_format_reward([""], [text]) == think_format_reward([""], [text]) == [1.0]


def test_an_empty_list_says_that_there_is_no_target() -> None:
    text = form(" [ ] ")
    assert parse_strict(text) == []
    assert parse_lenient(text) == []
    reward = mask_reward(BoxSegmenter())
    assert reward(["a"] * 2, [text] * 2, image=[IMAGE] * 2, target=[FIELD, NOTHING]) == [0.0, 2.0]


def test_repaired_json_earns_the_format_reward_by_the_papers_protocol_alone() -> None:
    text = form(GOOD.replace('"', "'"))
    assert json_format(protocol=OURS)([""], [text]) == [0.0]
    assert json_format(protocol=PAPER)([""], [text]) == [1.0]
    assert mask_reward(BoxSegmenter())([""], [text], image=[IMAGE], target=[FIELD]) == [2.0]


def test_an_empty_list_of_negatives_fails_by_the_papers_protocol_alone() -> None:
    text = form('[{"bbox_2d": [2, 2, 8, 8], "positive_points": [[4, 4], [6, 6]], "negative_points": []}]')
    assert parse_strict(text, protocol=PAPER) is None
    assert parse_lenient(text, PAPER) is None
    assert count(parse_strict(text)) == count(parse_lenient(text)) == 1


@pytest.mark.parametrize(
    ("variant", "instance", "read"),
    [
        ("box", '{"bbox_2d": [2, 2, 8, 8]}', True),
        ("box", '{"bbox_2d": [2, 2, 8, 8], "positive_points": [[4, 4], [6, 6]]}', False),
        ("points", '{"positive_points": [[4, 4], [6, 6]]}', True),
        ("box+4", '{"bbox_2d": [2, 2, 8, 8], "positive_points": [[4, 4], [6, 6]]}', False),
        ("box+4", '{"bbox_2d": [2, 2, 8, 8], "positive_points": [[4, 4], [6, 6], [5, 5], [3, 3]]}', True),
        ("box+2+2", '{"bbox_2d": [2, 2, 8, 8], "negative_points": [[1, 1], [9, 9]]}', True),
        ("box+2+2", '{"bbox_2d": [2, 2, 8, 8], "negative_points": [[1, 1]]}', False),
        ("box+2", '{"bbox_2d": [2, 2, 8, 8]}', True),  # box or points will do
    ],
)
def test_each_variant_has_its_form(variant: str, instance: str, read: bool) -> None:
    assert (parse_strict(form(f"[{instance}]"), VARIANTS[variant]) is not None) == read


def test_broken_copies_of_a_good_answer_never_raise_and_never_say_nothing() -> None:
    draw = random.Random(5)
    text = form(GOOD)
    for _ in range(1500):
        letters = list(text)
        for _ in range(draw.randint(1, 6)):
            place = draw.randrange(len(letters))
            match draw.randrange(3):
                case 0:
                    del letters[place]
                case 1:
                    letters.insert(place, draw.choice('[]{},":`<>/0123456789eE-. nulltruefalse\\\n'))
                case _:
                    letters[place] = draw.choice('[]{},":`<>/0123456789-. ')
        broken = "".join(letters)
        assert parse_strict(broken) != [], broken
        assert parse_lenient(broken) != [], broken


def test_every_beginning_of_a_good_answer_can_be_read_or_refused() -> None:
    text = form(GOOD)
    for end in range(len(text)):
        assert parse_strict(text[:end]) is None
        assert parse_lenient(text[:end]) != []


def test_coordinates_are_scaled_ordered_clipped_and_checked() -> None:
    raw = [
        RawPrompt((900, 900, 100, 100), ((500, 500), (1000, 1000), (1001, 5))),
        RawPrompt((1100, 0, 1200, 50)),  # beside the image
        RawPrompt((5, 5, 5, 90)),  # without area
        RawPrompt(None, ((2000, 2000),)),  # a point that is nowhere
    ]
    original = OriginalFrame(200, 100)
    assert usable_prompts(raw, NormalisedFrame(), original) == [
        Prompt((20.0, 10.0, 180.0, 90.0), ((100.0, 50.0), (199.5, 99.5)))
    ]
    as_the_paper = usable_prompts(raw, NormalisedFrame(), original, PAPER)
    assert len(as_the_paper) == 4
    assert as_the_paper[0].box == (180.0, 90.0, 20.0, 10.0)


def test_prompts_that_fit_nothing_do_not_meet_an_empty_target() -> None:
    text = form('[{"bbox_2d": [50, 50, 60, 60]}]')
    assert mask_reward(BoxSegmenter())([""], [text], image=[IMAGE], target=[NOTHING]) == [0.0]


def test_of_repeated_boxes_the_larger_stays() -> None:
    small, large = Prompt((0, 0, 9, 10)), Prompt((0, 0, 10, 10))
    half = Prompt((0, 0, 5, 10))  # IoU exactly 0.5 with the large one
    alone = Prompt(None, ((1, 1),))
    assert thin([small, alone, large]) == [alone, large]
    assert thin([large, half]) == [large, half]
    assert thin([]) == []
