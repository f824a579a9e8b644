"""Windows and blending: a picture of any size is predicted as if in one piece."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from planimeter.segment.inference.seamless import HALO, MARGIN, OVERLAP, Borders, lay_windows, predict_blocks


def predict(picture: np.ndarray, infer, largest: int, batch: int = 1) -> np.ndarray:
    """The blended prediction of a whole picture, from the blocks' cores."""
    rows, columns = (lay_windows(side, largest=largest) for side in picture.shape[:2])

    def read(y: int, x: int, height: int, width: int) -> np.ndarray:
        part = picture[y : y + height, x : x + width]
        missing = (0, height - part.shape[0], 0, width - part.shape[1])
        return cv2.copyMakeBorder(part, *missing, cv2.BORDER_REFLECT) if any(missing) else part

    result = np.full((2, *picture.shape[:2]), np.nan, np.float32)
    for block in predict_blocks(rows, columns, read, infer, batch):
        (top, bottom), (left, right) = block.rows, block.columns
        assert np.isnan(result[:, top:bottom, left:right]).all(), "a pixel was given out twice"
        part = block.logits[:, top - block.y : bottom - block.y, left - block.x : right - block.x]
        result[:, top:bottom, left:right] = part
    assert not np.isnan(result).any(), "a pixel was never given out"
    return result


def pixelwise(pictures: np.ndarray) -> np.ndarray:
    planes = pictures.astype(np.float32)
    return np.stack([planes[..., 0] - planes[..., 1], planes[..., 2]], axis=1)


def picture_of(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(height * width).integers(0, 255, (height, width, 3), dtype=np.uint8)


@pytest.mark.parametrize("length", [1, 31, 32, 500, 1024, 1025, 1500, 3000, 4097, 20000])
def test_windows_cover_the_picture_in_step_with_the_network(length: int) -> None:
    windows = lay_windows(length)
    assert windows.size % 32 == 0
    assert windows.size <= 1024
    assert all(start % 32 == 0 for start in windows.starts)
    assert length <= windows.padded < length + 32
    assert all(windows.shared(k) >= OVERLAP for k in range(1, len(windows.starts)))
    assert all(2 * windows.shared(k) <= windows.size for k in range(1, len(windows.starts)))
    cores = [windows.core(k) for k in range(len(windows.starts))]
    assert [core[0] for core in cores] == [0, *(core[1] for core in cores[:-1])]
    assert cores[-1][1] == length
    for k, (first, last) in enumerate(cores):
        assert k == 0 or first - HALO >= windows.starts[k]
        assert last == length or last + HALO <= windows.final_end(k)


@pytest.mark.parametrize(("height", "width"), [(1, 1), (100, 700), (700, 100), (900, 1300)])
@pytest.mark.parametrize("batch", [1, 3])
def test_a_prediction_without_context_comes_back_as_it_is(height: int, width: int, batch: int) -> None:
    picture = picture_of(height, width)
    whole = pixelwise(picture[None])[0]
    np.testing.assert_allclose(predict(picture, pixelwise, 448, batch), whole, atol=1e-4)


def test_what_a_network_sees_badly_next_to_a_border_has_no_say() -> None:
    def blind(pictures: np.ndarray) -> np.ndarray:
        logits = pixelwise(pictures)
        for side in (
            np.s_[..., :MARGIN, :],
            np.s_[..., -MARGIN:, :],
            np.s_[..., :MARGIN],
            np.s_[..., -MARGIN:],
        ):
            logits[side] = 1e6
        return logits

    picture = picture_of(900, 1300)
    found = predict(picture, blind, 448)[:, MARGIN:-MARGIN, MARGIN:-MARGIN]
    inside = found[:, : 900 - 3 * MARGIN, : 1300 - 3 * MARGIN]
    whole = pixelwise(picture[None])[0][:, MARGIN:, MARGIN:][:, : inside.shape[1], : inside.shape[2]]
    np.testing.assert_allclose(inside, whole, atol=1e-3)


def test_two_opinions_fade_into_each_other() -> None:
    """Each window says its own number: values change from one to the next without a step."""
    said = iter(range(100))

    def stubborn(pictures: np.ndarray) -> np.ndarray:
        return np.stack([np.full((2, *one.shape[:2]), next(said), np.float32) for one in pictures])

    found = predict(picture_of(64, 1000), stubborn, 448)[0]
    step = np.abs(np.diff(found[0]))
    assert found[0, 0] == 0
    assert found[0, -1] == len(lay_windows(1000, largest=448).starts) - 1
    assert step.max() <= 1 / (OVERLAP - 2 * MARGIN) + 1e-6


def test_context_within_the_margin_is_the_same_as_in_one_piece() -> None:
    def smooth(pictures: np.ndarray) -> np.ndarray:
        logits = pixelwise(pictures)
        return np.stack([[cv2.blur(plane, (31, 31)) for plane in one] for one in logits])

    picture = picture_of(700, 1100)
    tiled, whole = predict(picture, smooth, 448), predict(picture, smooth, 4096)
    np.testing.assert_allclose(tiled, whole, atol=1e-2)


@pytest.mark.parametrize(("limit", "windows"), [(1 << 30, 12), (0, 35)])
def test_parts_begin_where_others_ended_and_are_what_the_whole_is(limit: int, windows: int) -> None:
    """Every window is predicted once where there is room for what it leaves to its neighbours."""
    picture, looked = picture_of(900, 1300), []
    rows, columns = (lay_windows(side, largest=448) for side in picture.shape[:2])

    def read(y: int, x: int, height: int, width: int) -> np.ndarray:
        looked.append((y, x))
        return np.pad(picture, ((0, 200), (0, 200), (0, 0)))[y : y + height, x : x + width]

    def infer(pictures: np.ndarray) -> np.ndarray:
        """Every window has an opinion of its own."""
        return pixelwise(pictures) + np.float32(looked[-1][0] + 2 * looked[-1][1])

    whole = {(b.y, b.x): b.logits.copy() for b in predict_blocks(rows, columns, read, infer)}
    assert len(whole) == len(looked) == 12
    looked.clear()
    borders = Borders(limit)
    for r in range(len(rows.starts)):
        for c in range(len(columns.starts)):
            (block,) = predict_blocks(rows, columns, read, infer, 1, ((r, r + 1), (c, c + 1)), borders)
            assert np.array_equal(block.logits, whole[block.y, block.x])
    assert len(looked) == windows
