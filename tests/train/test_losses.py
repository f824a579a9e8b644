"""Losses against calculations by hand."""

from __future__ import annotations

import math

import pytest
import torch

from planimeter.train.losses import land_loss, object_loss

UNKNOWN, FIRST, SECOND, THIRD, LATER_TWO = 0, 1, 2, 4, 6  # sets of classes, as bits


def land(
    logits: list[list[float]],
    codes: list[int],
    dice: float = 0.0,
    weights: tuple[float, ...] = (1.0, 1.0, 1.0),
) -> float:
    """Loss of a row of pixels with three classes."""
    channels = torch.tensor(logits, dtype=torch.float32).T[None, :, None]
    return float(land_loss(channels, torch.tensor(codes)[None, None], torch.tensor(weights), dice))


def test_unknown_pixels_do_not_count() -> None:
    assert land([[0, 0, 0], [9, -9, 3]], [FIRST, UNKNOWN]) == pytest.approx(math.log(3))
    assert land([[9, -9, 3]], [UNKNOWN]) == 0


def test_a_set_asks_for_the_sum_of_its_members() -> None:
    third = [math.log(0.2), math.log(0.5), math.log(0.3)]
    assert land([third], [LATER_TWO]) == pytest.approx(-math.log(0.8), rel=1e-5)
    assert land([third, third], [LATER_TWO, SECOND]) == pytest.approx(
        (-math.log(0.8) - math.log(0.5)) / 2, rel=1e-5
    )
    assert land([third], [FIRST | SECOND | THIRD]) == pytest.approx(0, abs=1e-6)


def test_a_set_gives_no_gradient_from_one_member_to_the_other() -> None:
    logits = torch.tensor([0.3, 1.2, -0.4], requires_grad=True)
    land_loss(logits[None, :, None, None], torch.tensor([[[LATER_TWO]]]), torch.ones(3), 0.0).backward()
    share = torch.softmax(logits.detach(), 0)
    assert logits.grad is not None
    inside = share[1:] / share[1:].sum()
    assert torch.allclose(logits.grad[1:], share[1:] - inside, atol=1e-6)
    assert logits.grad[0].item() == pytest.approx(share[0].item(), rel=1e-5)


def test_classes_weigh_differently() -> None:
    third = [math.log(0.2), math.log(0.5), math.log(0.3)]
    weighed = land([third, third, third], [FIRST, THIRD, LATER_TWO], weights=(0.5, 2.0, 3.0))
    assert weighed == pytest.approx(
        -(0.5 * math.log(0.2) + 3 * math.log(0.3) + 2.5 * math.log(0.8)) / 3, rel=1e-5
    )


def test_dice_of_the_classes_present() -> None:
    even = [math.log(0.5), math.log(0.25), math.log(0.25)]
    # one pixel of class 1: shared = 0.5, both = 1 + 0.5
    assert land([even], [FIRST], dice=1.0) == pytest.approx(
        -math.log(0.5) + 1 - (2 * 0.5 + 1) / (1.5 + 1), rel=1e-5
    )


def test_dice_counts_what_a_set_rules_out_and_not_what_it_leaves_open() -> None:
    even = [math.log(0.5), math.log(0.25), math.log(0.25)]
    # the second pixel is not class 1, so its 0.5 of class 1 is false
    assert land([even, even], [FIRST, LATER_TWO], dice=1.0) == pytest.approx(
        -math.log(0.5) + 1 - (2 * 0.5 + 1) / (0.5 + 0.5 + 1 + 1), rel=1e-5
    )
    assert land([even, even], [SECOND, LATER_TWO], dice=1.0) == pytest.approx(
        (-math.log(0.25) - math.log(0.5)) / 2 + 1 - (2 * 0.25 + 1) / (0.25 + 1 + 1), rel=1e-5
    )


def test_dice_alone_ignores_sets() -> None:
    even = [math.log(0.5), math.log(0.25), math.log(0.25)]
    assert land([even], [LATER_TWO], dice=5.0) == pytest.approx(-math.log(0.5), rel=1e-5)


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
