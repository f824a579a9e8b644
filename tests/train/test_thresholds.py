"""How narrow an object may be, chosen on pictures; how masks err by pixel, against numpy."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from planimeter.segment.inference.card import ModelCard
from planimeter.train.config import Config
from planimeter.train.data import Picture
from planimeter.train.evaluate import PixelCounts, plain_card
from planimeter.train.intervals import confusion_of
from planimeter.train.thresholds import best_narrowest


class Red:
    """A model to which red is road."""

    def __init__(self, config: Config) -> None:
        self.card: ModelCard = replace(plain_card(config), smooth=0)

    def logits(self, pictures: np.ndarray) -> np.ndarray:
        logits = np.zeros((len(pictures), self.card.channels, *pictures.shape[1:3]), np.float32)
        logits[:, len(self.card.land)] = pictures[..., 0].astype(np.float32) - 128
        return logits


def picture(folder: Path, found: np.ndarray, true: np.ndarray) -> Picture:
    image = np.zeros((*found.shape, 3), np.uint8)
    image[..., 2] = 255 * found
    cv2.imwrite(str(folder / "a.png"), image)
    meaning = np.zeros((256, 2), np.uint16)
    meaning[1, 1] = 1
    return Picture("land", "a", image[..., ::-1], true.astype(np.uint8), meaning, 0.5, folder / "a.png")


def squares(side: int, places: list[int]) -> np.ndarray:
    mask = np.zeros((160, 160), bool)
    for y in places:
        for x in places:
            mask[y : y + side, x : x + side] = True
    return mask


def test_specks_ask_for_a_width(tiny: Config, tmp_path: Path) -> None:
    houses = squares(16, [8, 48, 88, 128])
    specks = squares(4, [34, 74, 114])  # 2 m: nine specks beside sixteen houses
    model = Red(tiny)
    chosen = best_narrowest(model, [picture(tmp_path, houses | specks, houses)], "road", tiny)
    assert chosen == 1.5  # a radius of two pixels: the first whose disc of five is wider than the specks
    assert best_narrowest(model, [picture(tmp_path, houses, houses)], "road", tiny) == 0.0
    assert best_narrowest(model, [], "road", tiny) == 0.0


def test_a_width_costs_no_f1(tiny: Config, tmp_path: Path) -> None:
    """Where what is true is as narrow as the specks, taking them away would lose it."""
    lanes = np.zeros((160, 160), bool)
    lanes[:, 10::20] = lanes[:, 11::20] = lanes[:, 12::20] = True  # 1.5 m
    specks = squares(2, [17, 57, 97, 137])
    assert best_narrowest(Red(tiny), [picture(tmp_path, lanes | specks, lanes)], "road", tiny) <= 1.5


def test_confusion_is_that_of_pooled_pixels_and_judged_by_the_others() -> None:
    rng = np.random.default_rng(2)
    counts, rows = [], []
    for k in range(12):
        hit, false, missed, rest = rng.integers(100, 1000, 4).tolist()
        rows.append((hit, false, missed, rest))
        counts.append(
            PixelCounts("abc"[k % 3], str(k), "forest", hit, false, missed, 0.0, hit + false + missed + rest)
        )
    found = confusion_of(counts, "forest")
    assert found is not None
    hit, false, missed, rest = np.array(rows, float).T
    assert found["right"][0] == pytest.approx(hit.sum() / (hit + false).sum(), rel=1e-3)
    assert found["missed"][0] == pytest.approx(missed.sum() / (missed + rest).sum(), rel=1e-3)
    assert (found["images"], found["places"]) == (12, ["a", "b", "c"])
    held, before, after = [], [], []
    for k in range(12):
        others = np.arange(12) != k
        whole = sum(rows[k])
        mapped, true = (hit[k] + false[k]) / whole, (hit[k] + missed[k]) / whole
        share, variance = 0.0, 0.0
        for part, of, weight in ((hit, hit + false, mapped), (missed, missed + rest, 1 - mapped)):
            part, of = part[others], of[others]
            rate = part.sum() / of.sum()
            share += weight * rate
            # One more cluster scatters as the residuals do, and the rate itself by an eleventh of that.
            variance += weight**2 * (12 / 11) * np.sum((part - rate * of) ** 2) / 10 / of.mean() ** 2
        held.append(abs(share - true) <= 1.96 * math.sqrt(variance))
        before.append(abs(mapped - true))
        after.append(abs(share - true))
    assert found["held"] == pytest.approx(np.mean(held), abs=1e-3)
    assert found["error_before"] == pytest.approx(np.mean(before), abs=1e-4)
    assert found["error_after"] == pytest.approx(np.mean(after), abs=1e-4)
    assert confusion_of(counts[:4], "forest") is None
    assert confusion_of(counts, "water") is None
