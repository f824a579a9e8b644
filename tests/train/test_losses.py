"""Losses against calculations by hand."""

from __future__ import annotations

import math

import pytest
import torch

from planimeter.train.losses import land_loss, object_loss

VEGETATION = (1, 2)


def land(
    logits: list[list[float]],
    codes: list[int],
    dice: float = 0.0,
    weights: tuple[float, ...] = (1.0, 1.0, 1.0),
) -> float:
    """Loss of a row of pixels with three classes."""
    channels = torch.tensor(logits, dtype=torch.float32).T[None, :, None]
    return float(
        land_loss(channels, torch.tensor(codes)[None, None], torch.tensor(weights), VEGETATION, dice)
    )


def test_unknown_pixels_do_not_count() -> None:
    assert land([[0, 0, 0], [9, -9, 3]], [1, 0]) == pytest.approx(math.log(3))
    assert land([[9, -9, 3]], [0]) == 0


def test_vegetation_of_unknown_kind_asks_for_the_union() -> None:
    third = [math.log(0.2), math.log(0.5), math.log(0.3)]
    assert land([third], [4]) == pytest.approx(-math.log(0.8), rel=1e-5)
    assert land([third, third], [4, 2]) == pytest.approx((-math.log(0.8) - math.log(0.5)) / 2, rel=1e-5)


def test_classes_weigh_differently() -> None:
    third = [math.log(0.2), math.log(0.5), math.log(0.3)]
    weighed = land([third, third, third], [1, 3, 4], weights=(0.5, 2.0, 3.0))
    assert weighed == pytest.approx(
        -(0.5 * math.log(0.2) + 3 * math.log(0.3) + 3 * math.log(0.8)) / 3, rel=1e-5
    )


def test_dice_of_the_classes_present() -> None:
    even = [math.log(0.5), math.log(0.25), math.log(0.25)]
    # one pixel of class 1: shared = 0.5, both = 1 + 0.5
    assert land([even], [1], dice=1.0) == pytest.approx(
        -math.log(0.5) + 1 - (2 * 0.5 + 1) / (1.5 + 1), rel=1e-5
    )


def test_dice_alone_ignores_vegetation_of_unknown_kind() -> None:
    even = [math.log(0.5), math.log(0.25), math.log(0.25)]
    assert land([even], [4], dice=5.0) == pytest.approx(-math.log(0.5), rel=1e-5)


def test_objects() -> None:
    logit, target = torch.tensor([[[0.0, 0.0, 7.0]]]), torch.tensor([[[1, 0, 255]]])
    found = float(object_loss(logit, target, dice=1.0, weight=2.0))
    pixels = (2 * math.log(2) + math.log(2)) / 2
    assert found == pytest.approx(pixels + 1 - (2 * 0.5 + 1) / (1 + 1 + 1), rel=1e-5)


def test_an_object_nobody_labelled_gives_no_gradient() -> None:
    logit = torch.ones(1, 2, 2, requires_grad=True)
    object_loss(logit, torch.full((1, 2, 2), 255), 1.0, 2.0).backward()
    assert logit.grad is not None
    assert (logit.grad == 0).all()
