"""Rewards as TRL calls them: groups, our own failures, statistics."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image

from planimeter.reason.embeddings import EmbeddingCache
from planimeter.reason.frames import normalised_frame
from planimeter.reason.prompt import Prompt
from planimeter.reason.promptable import Encoded
from planimeter.reason.protocol import OURS, PAPER, VARIANTS
from planimeter.reason.rewards import (
    completion_text,
    json_format,
    json_format_reward,
    mask_reward,
    think_format_reward,
    watched,
)
from planimeter.reason.statistics import RewardStatistics
from planimeter.reason.tiny import BoxSegmenter
from planimeter.reason.wording import answer_text
from planimeter.segment import rle

pytest.importorskip("json_repair")

IMAGE = np.full((20, 30, 3), 120, np.uint8)
TARGET = np.zeros((20, 30), bool)
TARGET[5:15, 10:20] = True
EMPTY = np.zeros((20, 30), bool)


def says(*boxes: Sequence[float]) -> str:
    return answer_text("so", [{"bbox_2d": list(box)} for box in boxes])


EXACT, HALF, NOTHING, MUMBLED = says((10, 5, 20, 15)), says((10, 5, 20, 10)), says(), "no idea"


class Broken(BoxSegmenter):
    """Runs out of memory on one picture."""

    name = "broken"

    def decode(self, encoded: Encoded, prompts: Sequence[Prompt]) -> np.ndarray:
        if encoded.size == (20, 30):
            raise MemoryError("no room for 20 x 30")
        return super().decode(encoded, prompts)


def test_a_group_is_scored_by_its_masks() -> None:
    texts = [EXACT, HALF, NOTHING, MUMBLED, says((10, 5, 15, 15), (15, 5, 20, 15))]
    rewards = mask_reward(BoxSegmenter())(["?"] * 5, texts, image=[IMAGE] * 5, target=[TARGET] * 5)
    assert rewards == [2.0, 1.0, 0.0, 0.0, 2.0]  # two halves are as good as one whole
    on_empty = mask_reward(BoxSegmenter())(["?"] * 5, texts, image=[IMAGE] * 5, target=[EMPTY] * 5)
    assert on_empty == [0.0, 0.0, 2.0, 0.0, 0.0]


def test_whatever_trl_hands_over_is_taken() -> None:
    chat = [{"role": "assistant", "content": EXACT}]
    parts = [{"role": "assistant", "content": [{"type": "text", "text": EXACT}]}]
    pictures = [IMAGE, Image.fromarray(IMAGE), Image.fromarray(IMAGE).convert("RGBA")]
    targets = [TARGET, rle.encode(TARGET), TARGET.tolist()]
    reward = mask_reward(BoxSegmenter())
    for completion in (EXACT, chat, parts):
        assert completion_text(completion) == EXACT
        for picture, target in zip(pictures, targets, strict=True):
            assert reward(["?"], [completion], image=[picture], target=[target], trainer_state=None) == [2.0]
    for nonsense in (None, 7, [], [None], {"role": "assistant"}):
        assert reward(["?"], [nonsense], image=[IMAGE], target=[TARGET]) == [0.0]
        assert json_format_reward(["?"], [nonsense]) == think_format_reward(["?"], [nonsense]) == [0.0]


def test_coordinates_are_read_in_the_models_frame() -> None:
    text = says((1000 / 3, 250, 2000 / 3, 750))
    assert mask_reward(BoxSegmenter(), rule=normalised_frame)(
        ["?"], [text], image=[IMAGE], target=[TARGET]
    ) == [2.0]


def test_our_own_failure_is_none_for_its_group_alone_and_said(caplog: pytest.LogCaptureFixture) -> None:
    small = np.zeros((5, 5), bool)
    with caplog.at_level(logging.ERROR):
        rewards = mask_reward(BoxSegmenter())(
            ["a", "a", "b", "b"],
            [EXACT, MUMBLED] * 2,
            image=[IMAGE] * 4,
            target=[TARGET, TARGET, small, small],
        )
    assert rewards == [2.0, 0.0, None, None]
    assert "no mask reward for 2 completions of one image: ValueError" in caplog.text
    caplog.clear()
    other = np.zeros((8, 8, 3), np.uint8)
    with caplog.at_level(logging.ERROR):
        rewards = mask_reward(Broken())(
            ["a", "a", "b"],
            [EXACT, NOTHING, says((0, 0, 8, 8))],
            image=[IMAGE, IMAGE, other],
            target=[TARGET, TARGET, np.ones((8, 8), bool)],
        )
    assert rewards == [None, None, 2.0]
    assert "MemoryError: no room" in caplog.text
    assert mask_reward(BoxSegmenter())(["?"], [EXACT], image=["no picture"], target=[TARGET]) == [None]


def test_images_are_encoded_once_however_they_are_mixed() -> None:
    cache = EmbeddingCache()
    second = IMAGE // 2
    reward = mask_reward(BoxSegmenter(), cache=cache)
    images = [IMAGE.copy(), second.copy()] * 8  # not side by side, and copies
    reward(["a", "b"] * 8, [EXACT] * 16, image=images, target=[TARGET] * 16)
    assert (cache.encoded, cache.reused) == (2, 14)
    reward(["a"] * 4, [MUMBLED] * 4, image=[IMAGE + 1] * 4, target=[TARGET] * 4)
    assert cache.encoded == 2  # nothing to decode, nothing to encode


def test_statistics_say_what_training_should_watch() -> None:
    watched_by = RewardStatistics()
    reward = mask_reward(BoxSegmenter(), statistics=watched_by)
    form = watched(json_format_reward, watched_by)
    assert form.__name__ == "json_format_reward"
    prompts = ["a"] * 4 + ["b"] * 2 + ["c"] * 2
    texts = [EXACT, HALF, NOTHING, MUMBLED, NOTHING, NOTHING, EXACT, EXACT]
    targets = [TARGET] * 4 + [EMPTY] * 2 + [TARGET[:3]] * 2
    reward(prompts, texts, image=[IMAGE] * 8, target=targets)
    form(prompts, texts)
    found = watched_by.take()
    assert found["mask_reward/mean"] == pytest.approx((2 + 1 + 0 + 0 + 2 + 2) / 6)
    assert found["mask_reward/spread"] == pytest.approx(np.std([2, 1, 0, 0, 2, 2]))
    assert found["json_format_reward/mean"] == pytest.approx(7 / 8)
    assert found["parse_failure_rate"] == 1 / 8
    assert found["said_nothing_rate"] == 3 / 8
    assert found["own_failure_rate"] == 2 / 8
    assert found["empty_target_rate"] == pytest.approx(1 / 3)
    assert found["zero_spread_rate"] == pytest.approx(1 / 3)
    assert watched_by.take() == {}


def test_statistics_go_to_trls_log() -> None:
    logged: dict[str, float] = {}
    reward = mask_reward(BoxSegmenter(), statistics=RewardStatistics())
    reward(["a"], [EXACT], image=[IMAGE], target=[TARGET], log_metric=logged.__setitem__)
    assert logged["mask_reward/mean"] == 2.0
    assert logged["parse_failure_rate"] == 0.0


def test_variants_and_protocols_change_the_form_alone() -> None:
    four = answer_text("", [{"bbox_2d": [10, 5, 20, 15], "positive_points": [[12, 8]] * 4}])
    assert json_format_reward(["?"], [four]) == [0.0]
    for protocol in (OURS, PAPER):
        assert json_format(VARIANTS["box+4"], protocol)(["?"], [four]) == [1.0]
        assert mask_reward(BoxSegmenter(), variant=VARIANTS["box+4"], protocol=protocol)(
            ["?"], [four], image=[IMAGE], target=[TARGET]
        ) == [2.0]
