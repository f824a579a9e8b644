"""Tiles of both pages: every pixel in exactly one tile of every level, as counting them shows."""

from __future__ import annotations

import numpy as np
import pytest

from planimeter.serve.ask.tiles import levels, tile_window
from planimeter.serve.pyramid import halvings, tile_at


@pytest.mark.parametrize(("width", "height"), [(1, 1), (16, 16), (17, 3), (100, 61), (5, 130)])
def test_every_pixel_is_in_one_tile_of_each_level(width, height):
    most = halvings(width, height, 16)
    assert max(width, height) <= 16 << most
    assert most == 0 or max(width, height) > 16 << (most - 1)
    for halved in range(most + 1):
        seen = np.zeros((height, width), int)
        tiles = 0
        for column in range(-1, width + 1):
            for row in range(-1, height + 1):
                found = tile_at(width, height, 16, halved, column, row)
                if found is None:
                    continue
                (x0, y0, x1, y1), (h, w) = found
                part = seen[y0:y1, x0:x1]
                assert part.shape == (y1 - y0, x1 - x0)
                assert (h, w) == tuple(-(-side // 2**halved) for side in part.shape)
                assert max(h, w) <= 16
                part += 1
                tiles += 1
        assert (seen == 1).all()
        assert halved < most or tiles == 1
    assert tile_at(width, height, 16, most + 1, 0, 0) is None
    assert tile_at(width, height, 16, -1, 0, 0) is None


def test_the_ask_page_counts_levels_from_the_coarsest():
    finest = levels(600, 400)
    assert tile_window(600, 400, finest, 1, 0)[0].flatten() == (256, 0, 256, 256)
    assert tile_window(600, 400, 0, 0, 0) == (tile_window(600, 400, 0, 0, 0)[0], (100, 150))
