"""What the coder says no to."""

from __future__ import annotations

from pathlib import Path

import pytest

from planimeter import LabelSegmenter, ask, make_world
from planimeter.coder import Request, builtin_coder
from planimeter.errors import NotMeasurable, NotUnderstood
from planimeter.vocabulary.topics import TOPICS

from .unanswerable import NOT_MEASURABLE, NOT_UNDERSTOOD


@pytest.mark.parametrize("question", NOT_UNDERSTOOD)
def test_not_understood(question: str) -> None:
    with pytest.raises(NotUnderstood) as caught:
        builtin_coder().write(Request(question, TOPICS, 0.3))
    _one_sentence(str(caught.value))


@pytest.mark.parametrize("question", NOT_MEASURABLE)
def test_not_measurable(question: str) -> None:
    with pytest.raises(NotMeasurable) as caught:
        builtin_coder().write(Request(question, TOPICS, 0.3))
    _one_sentence(str(caught.value))


def test_a_length_is_that_of_lines_which_a_label_map_has_not(tmp_path: Path) -> None:
    paths = make_world(seed=4, size=64).write(tmp_path)
    maps = LabelSegmenter(paths["labels"], paths["legend"])
    with pytest.raises(NotMeasurable, match="--vector road=FILE") as caught:
        ask(paths["image"], "What is the total length of the roads?", segmenter=maps)
    _one_sentence(str(caught.value))


def _one_sentence(message: str) -> None:
    assert message.endswith((".", "?"))
    assert "\n" not in message
    assert len(message) < 400


def test_the_unknown_word_is_named_and_what_was_followed() -> None:
    with pytest.raises(NotUnderstood, match=r'"red".*"How many houses are there"'):
        builtin_coder().write(Request("How many red houses are there?", TOPICS))


def test_a_topic_that_this_source_lacks_is_named_with_those_it_has() -> None:
    with pytest.raises(NotMeasurable, match=r'"houses".*water, forest'):
        builtin_coder().write(Request("How many houses are there?", ("water", "forest")))


def test_a_reference_that_this_source_lacks_is_refused() -> None:
    with pytest.raises(NotMeasurable, match="road"):
        builtin_coder().write(Request("How many houses are within 50 m of a road?", ("roof",)))


def test_nothing_at_hand() -> None:
    with pytest.raises(NotMeasurable):
        builtin_coder().write(Request("How large is the image?", ()))


@pytest.mark.parametrize(
    "word",
    [
        "red",
        "new",
        "abandoned",
        "northern",
        "dangerous",
        "hidden",
        "small",
        "empty",
        "expensive",
        "inhabited",
    ],
)
def test_no_adjective_is_skipped(word: str) -> None:
    """A word put anywhere into an answerable question makes it unanswerable."""
    words = ["How", "many", "buildings", "are", "within", "50", "m", "of", "water"]
    for position in range(len(words) + 1):
        question = " ".join([*words[:position], word, *words[position:]]) + "?"
        with pytest.raises((NotUnderstood, NotMeasurable)):
            builtin_coder().write(Request(question, TOPICS))
