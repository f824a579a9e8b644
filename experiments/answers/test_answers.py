"""Learning from answers: what the loss sees, and that it teaches."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from answers.answers import AnswerLoss, compare, outcome, region_count, soft_count, train_on

from planimeter.train import checkpoint
from planimeter.train.config import Config
from planimeter.train.data import load_pictures
from planimeter.train.evaluate import TorchModel
from planimeter.train.patches import Patches


@pytest.fixture
def with_roofs(tiny: Config) -> Config:
    return replace(tiny, objects=("roof",))


def target_with(roof: np.ndarray) -> torch.Tensor:
    """One patch on which nothing but roofs is known."""
    return torch.from_numpy(np.stack([np.zeros_like(roof), roof])[None].astype(np.int64))


def logits_saying(roof: np.ndarray, sure: float = 20.0) -> torch.Tensor:
    logits = torch.zeros(1, 7, *roof.shape)
    logits[0, 6] = torch.from_numpy(np.where(roof == 1, sure, -sure).astype(np.float32))
    return logits.requires_grad_()


def squares(*corners: tuple[int, int]) -> np.ndarray:
    roof = np.zeros((64, 64), np.uint8)
    for y, x in corners:
        roof[y : y + 8, x : x + 8] = 1
    return roof


def test_the_truth_costs_nothing(with_roofs: Config) -> None:
    roof = squares((4, 4), (40, 40))
    assert AnswerLoss(with_roofs)(logits_saying(roof), target_with(roof)).item() == pytest.approx(0, abs=1e-6)


def test_only_numbers_are_seen_not_places(with_roofs: Config) -> None:
    loss = AnswerLoss(with_roofs)
    said, elsewhere = squares((4, 4), (40, 40)), squares((20, 4), (4, 50))
    assert loss(logits_saying(said), target_with(elsewhere)).item() == pytest.approx(0, abs=1e-6)


def test_a_wrong_count_costs_although_the_area_is_right(with_roofs: Config) -> None:
    apart, joined = squares((4, 4), (40, 40)), squares((4, 4), (4, 12))
    assert apart.sum() == joined.sum()
    assert AnswerLoss(with_roofs)(logits_saying(joined), target_with(apart)).item() > 0.1


def test_gradients_move_the_area_the_right_way(with_roofs: Config) -> None:
    logits = logits_saying(squares((4, 4)), sure=3.0)
    AnswerLoss(with_roofs)(logits, target_with(squares((4, 4), (40, 40)))).backward()
    assert logits.grad is not None
    assert (logits.grad[0, 6] <= 0).all()  # more roof is wanted, wherever
    assert (logits.grad[0, 6] < 0).any()


def test_what_nobody_knows_costs_nothing(with_roofs: Config) -> None:
    unknown = torch.stack([torch.zeros(64, 64), torch.full((64, 64), 255.0)])[None].long()
    assert AnswerLoss(with_roofs)(logits_saying(squares((4, 4))), unknown).item() == 0


def test_soft_counts_agree_with_counts_where_the_network_is_sure() -> None:
    rng = np.random.default_rng(3)
    for _ in range(20):
        mask = np.kron(rng.random((12, 12)) < 0.2, np.ones((5, 5))).astype(bool)
        assert soft_count(torch.from_numpy(mask).float()).item() == pytest.approx(
            region_count(mask), rel=1e-5
        )


def test_training_on_answers_brings_answers_closer(tiny: Config) -> None:
    config = replace(tiny, rate=0.01, batch=4)
    pictures = load_pictures(config, "train")
    torch.manual_seed(0)
    network = checkpoint.build_network(config)
    held = pictures[:2]
    before = outcome(TorchModel.of(network.eval(), config), held, config)
    trained = train_on(network, Patches(pictures, config), config, "answers", 40, 0.01, lambda _: None)
    after = outcome(TorchModel.of(trained, config), held, config)
    assert after.points < before.points - 1


def test_the_table_has_a_line_for_each_way(tiny: Config, tmp_path) -> None:
    torch.manual_seed(0)
    network = checkpoint.build_network(tiny)
    checkpoint.save(tmp_path / "start.pt", {"ema": network.state_dict()})
    table = compare(
        tiny,
        str(tmp_path / "start.pt"),
        ("masks", "both"),
        2,
        1e-4,
        (0,),
        load_pictures(tiny, "train"),
        load_pictures(tiny, "validation"),
        lambda _: None,
    )
    assert [line.split(" | ")[0] for line in table.splitlines()[2:5]] == ["| nothing", "| masks", "| both"]
    assert "percentages and 0 counts" in table
