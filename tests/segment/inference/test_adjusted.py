"""Error-adjusted areas: the worked example of the paper, and clusters against a bootstrap."""

from __future__ import annotations

import math

import numpy as np
import pytest

from planimeter.segment.inference.adjusted import Rate, adjusted_share, rate_of

# Olofsson et al. 2014, section 5 (tables 8 and 9): mapped classes by row (deforestation, forest gain, stable forest,
# stable non-forest), reference classes by column, and the share of the map in each row.
COUNTS = np.array([[66, 0, 5, 4], [0, 55, 8, 12], [1, 0, 153, 11], [2, 1, 9, 313]])
WEIGHTS = [0.020, 0.015, 0.320, 0.645]
HECTARES = 10_000_000 * 0.09  # ten million pixels of 30 m


@pytest.mark.parametrize(
    ("column", "hectares", "half"), [(0, 21_158, 6_158), (1, 11_686, 3_756), (2, 285_770, 15_510), (3, 581_386, 16_282)]
)  # fmt: skip
def test_the_papers_own_example(column: int, hectares: float, half: float) -> None:
    rates = []
    for row in COUNTS:
        pixels = np.repeat([1, 0], [row[column], row.sum() - row[column]])  # every sampled pixel is a cluster
        rates.append(rate_of(pixels, np.ones(len(pixels))))
    found = adjusted_share(WEIGHTS, rates, one=False)
    assert found.share * HECTARES == pytest.approx(hectares, abs=1)
    assert (found.high - found.low) / 2 * HECTARES == pytest.approx(half, abs=1.5)  # the paper has 1.96


def test_clusters_scatter_as_a_bootstrap_of_them_does() -> None:
    rng = np.random.default_rng(4)
    whole = rng.integers(200, 900, 60)
    part = (whole * rng.beta(4, 2, 60)).round()
    drawn = rng.integers(0, 60, (4000, 60))
    again = part[drawn].sum(1) / whole[drawn].sum(1)
    rate = rate_of(part, whole)
    assert rate.value == part.sum() / whole.sum()
    assert math.sqrt(rate.variance) == pytest.approx(again.std(), rel=0.08)


def test_an_interval_holds_one_more_scene() -> None:
    """Scenes with rates of their own: the interval made of 40 of them holds about 95 % of others."""
    rng = np.random.default_rng(5)
    held = []
    for _ in range(300):
        mapped = rng.integers(2_000, 8_000, 41)
        rest = 10_000 - mapped
        hit, missed = mapped * rng.beta(8, 2, 41), rest * rng.beta(2, 18, 41)
        rates = [rate_of(hit[1:], mapped[1:]), rate_of(missed[1:], rest[1:])]
        found = adjusted_share([mapped[0] / 10_000, rest[0] / 10_000], rates)
        held.append(found.low <= (hit[0] + missed[0]) / 10_000 <= found.high)
    assert 0.91 <= np.mean(held) <= 0.99


def test_what_cannot_be_known() -> None:
    assert math.isnan(rate_of([3], [4]).value)
    assert rate_of([0, 3, 1], [0, 4, 2]).clusters == 2  # a cluster without pixels says nothing
    sure = adjusted_share([0.5, 0.5], [Rate(0.99, 0.04, 9), Rate(0.01, 0.04, 9)])
    assert (sure.low, sure.high) == (0.0, 1.0)
