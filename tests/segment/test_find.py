"""Names of segmenters: each finds its kind, and a name that means nothing says what there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from planimeter.errors import InputError
from planimeter.segment import find_segmenter

SHIPPED = Path(__file__).parents[2] / "src" / "planimeter" / "segment" / "weights" / "convnext-unet.json"


def test_no_name_is_the_shipped_network_and_a_card_finds_the_same() -> None:
    shipped = find_segmenter(None)
    assert shipped.name == find_segmenter("default").name == find_segmenter(f"convnext:{SHIPPED}").name
    assert {"water", "roof", "vegetation"} <= set(shipped.topics)


@pytest.mark.parametrize(
    "name", ["unicorn", "convnext:absent.json", "fusion:absent.json", "noise:0.1:unicorn"]
)
def test_a_name_that_leads_nowhere_is_refused_in_one_sentence(name: str) -> None:
    with pytest.raises(InputError) as refused:
        find_segmenter(name)
    assert "\n" not in str(refused.value)
