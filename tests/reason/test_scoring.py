"""The union of however many instances, in bounded memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence

import numpy as np
import pytest

from planimeter.reason.prompt import Prompt
from planimeter.reason.promptable import Encoded
from planimeter.reason.scoring import union_mask
from planimeter.reason.tiny import BoxSegmenter


def boxes(count: int, side: int) -> list[Prompt]:
    draw = np.random.default_rng(count)
    corners = draw.integers(0, side - 8, (count, 2))
    return [Prompt((x, y, x + 5, y + 7)) for x, y in corners.tolist()]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7, 8])
def test_the_union_is_that_of_every_mask_however_many_fit(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    segmenter = BoxSegmenter()
    encoded = segmenter.encode(np.zeros((40, 40, 3), np.uint8))
    wanted = np.zeros((40, 40), bool)
    for prompt in boxes(count, 40):
        assert prompt.box is not None
        x0, y0, x1, y1 = map(int, prompt.box)
        wanted[y0:y1, x0:x1] = True
    for together in (1, 3 * 40 * 40, 1 << 30):
        monkeypatch.setattr("planimeter.reason.scoring._AT_ONCE", together)
        assert (union_mask(segmenter, encoded, boxes(count, 40)) == wanted).all()


def test_a_models_many_instances_do_not_fill_the_memory() -> None:
    class Counted(BoxSegmenter):
        most = 0

        def decode(self, encoded: Encoded, prompts: Sequence[Prompt]) -> np.ndarray:
            self.most = max(self.most, len(prompts))
            return super().decode(encoded, prompts)

    segmenter = Counted()
    encoded = Encoded((4000, 4000), None, 1)
    tracemalloc.start()
    found = union_mask(segmenter, encoded, boxes(40, 4000))  # 640 MB at once
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.any()
    assert peak < 200 << 20
    assert segmenter.most == (64 << 20) // 4000**2
