"""Temperatures, thresholds and intervals on data whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from planimeter.train.calibrate import Pixels, land_temperature, object_temperature
from planimeter.train.config import Config
from planimeter.train.evaluate import PixelCounts
from planimeter.train.intervals import area_interval
from planimeter.train.thresholds import best_threshold


def drawn(temperature: float, pictures: int = 8, pixels: int = 6000) -> list[Pixels]:
    """Labels that really have the probabilities of logits divided by ``temperature``."""
    rng = np.random.default_rng(1)
    made = []
    for _ in range(pictures):
        logits = rng.normal(0, 2, (pixels, 7)).astype(np.float32)
        share = np.exp(logits[:, :6] / temperature)
        share /= share.sum(1, keepdims=True)
        land = (share.cumsum(1) < rng.random((pixels, 1))).sum(1)
        road = rng.random(pixels) < 1 / (1 + np.exp(-logits[:, 6] / temperature))
        made.append(Pixels("land", logits, np.stack([1 << np.minimum(land, 5), road], 1).astype(np.uint16)))
    return made


@pytest.mark.parametrize("temperature", [0.6, 1.0, 2.0])
def test_the_temperature_is_found(tiny: Config, temperature: float) -> None:
    pixels = drawn(temperature)
    for fit in (land_temperature(pixels, tiny), object_temperature(pixels, "road", tiny)):
        assert fit.temperature == pytest.approx(temperature, rel=0.08)
        assert fit.error_after < 0.02
        assert fit.error_after <= fit.error_before + 0.005


def test_the_threshold_with_the_highest_f1(tiny: Config) -> None:
    logits = np.zeros((1000, 7), np.float32)
    logits[:, 6] = np.linspace(-2.995, 2.995, 1000)
    target = np.stack([np.zeros(1000), logits[:, 6] > 1.25], 1).astype(np.uint8)
    assert best_threshold([Pixels("land", logits, target)], "road", tiny) == pytest.approx(1.25, abs=0.06)


def test_an_area_interval_holds_most_and_says_how_many() -> None:
    rng = np.random.default_rng(3)
    counts = [
        PixelCounts(
            "s",
            str(k),
            "water",
            int(1000 * ratio),
            int(1000 - 1000 * ratio),
            missed=0,
            expected=0,
            known=9999,
        )
        for k, ratio in enumerate(rng.uniform(0.5, 1.0, 60))
    ]
    interval = area_interval(counts, "water")
    assert interval is not None
    assert interval["low"] < interval["median"] <= interval["high"]
    assert 0.65 <= interval["share"] <= 0.95
    assert interval["images"] == 60
    assert area_interval(counts[:4], "water") is None
