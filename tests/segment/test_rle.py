"""COCO run-length encoding: exact both ways, the same text as pycocotools', and no harm from nonsense."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from planimeter.segment.rle import decode, encode

MASKS = arrays(bool, array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=40))


def blobs(seed: int, shape: tuple[int, int]) -> np.ndarray:
    """Long and short runs together, so that differences have both signs and several groups."""
    rng = np.random.default_rng(seed)
    mask = np.zeros(shape, dtype=bool)
    for _ in range(rng.integers(1, 40)):
        y, x = rng.integers(0, shape[0]), rng.integers(0, shape[1])
        mask[y : y + rng.integers(1, shape[0] + 1), x : x + rng.integers(1, shape[1] + 1)] ^= True
    return mask


@given(MASKS)
@settings(max_examples=100, deadline=None)
def test_a_mask_comes_back_as_it_was(mask: np.ndarray) -> None:
    found = decode(encode(mask), mask.shape)
    assert found.dtype == bool
    assert np.array_equal(found, mask)


@pytest.mark.parametrize("seed", range(8))
def test_large_masks_come_back_as_they_were(seed: int) -> None:
    mask = blobs(seed, (700 + 13 * seed, 900))
    assert np.array_equal(decode(encode(mask), mask.shape), mask)


@pytest.mark.parametrize("fill", [False, True])
@pytest.mark.parametrize("shape", [(1, 1), (3, 1), (1, 5), (2000, 1500)])
def test_empty_and_full_masks(fill: bool, shape: tuple[int, int]) -> None:
    mask = np.full(shape, fill)
    assert np.array_equal(decode(encode(mask), shape), mask)


@given(MASKS)
@settings(max_examples=100, deadline=None)
def test_the_text_is_that_of_pycocotools(mask: np.ndarray) -> None:
    coco = pytest.importorskip("pycocotools.mask")
    theirs = coco.encode(np.asfortranarray(mask.astype(np.uint8)))
    assert encode(mask) == {"size": theirs["size"], "counts": theirs["counts"].decode()}
    assert np.array_equal(decode({**theirs, "counts": theirs["counts"]}, mask.shape), mask)


@pytest.mark.parametrize("seed", range(4))
def test_the_text_of_large_masks_is_that_of_pycocotools(seed: int) -> None:
    coco = pytest.importorskip("pycocotools.mask")
    mask = blobs(seed, (1100, 640))
    assert encode(mask)["counts"] == coco.encode(np.asfortranarray(mask.astype(np.uint8)))["counts"].decode()
    assert np.array_equal(coco.decode(encode(mask)).astype(bool), mask)


@pytest.mark.parametrize(
    ("rle", "says"),
    [
        (None, "no size"),
        ([], "no size"),
        ({"size": [2, 2]}, "no size"),
        ({"size": [2, 2], "counts": 4}, "no size"),
        ({"size": "22", "counts": "13"}, "no size"),
        ({"size": [2, 3], "counts": "13"}, "instead of"),
        ({"size": [2, 2], "counts": ""}, "add up"),
        ({"size": [2, 2], "counts": "11"}, "add up"),
        ({"size": [2, 2], "counts": "1 3"}, "characters"),
        ({"size": [2, 2], "counts": "1é"}, "characters"),
        ({"size": [2, 2], "counts": "1S"}, "break off"),
        ({"size": [2, 2], "counts": "o" * 30 + "0"}, "too large"),
        ({"size": [2, 2], "counts": "o" * 11 + "0"}, "longer"),
        ({"size": [2, 2], "counts": "O4"}, "longer"),
        ({"size": [2, 2], "counts": "0" * 9 + "4"}, "add up"),
    ],
)
def test_nonsense_is_refused(rle: object, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        decode(rle, (2, 2))


@given(st.text(alphabet=[chr(code) for code in range(48, 112)], max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_mask_or_an_error(text: str) -> None:
    try:
        mask = decode({"size": [4, 5], "counts": text}, (4, 5))
    except ValueError:
        return
    assert mask.shape == (4, 5)
