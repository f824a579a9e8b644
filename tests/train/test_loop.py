"""The loop that every network is trained by: what is kept, what a measure may touch, and how a run goes on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from planimeter.errors import ModelError
from planimeter.train import checkpoint
from planimeter.train.loop import Habits, Schedule, Turn, fit
from planimeter.train.run_log import read_log

SCHEDULE = Schedule(rate=0.05, steps=40, warmup=4)


def draw(turn: Turn) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(turn.step)
    picture = rng.normal(size=(8, 3)).astype(np.float32)
    return {"picture": picture, "target": picture @ np.array([[1.0], [-2.0], [0.5]], np.float32)}


def loss(network: nn.Module, batch: dict[str, torch.Tensor]) -> tuple[torch.Tensor, dict[str, float]]:
    return (network(batch["picture"]) - batch["target"]).square().mean(), {}


def network() -> nn.Module:
    torch.manual_seed(5)
    return nn.Sequential(nn.Linear(3, 8), nn.Dropout(0.2), nn.Linear(8, 1))


def weights(path: Path) -> torch.Tensor:
    state = checkpoint.load(path)
    return torch.cat([value.flatten() for part in ("net", "ema") for value in state.get(part, {}).values()])


@pytest.mark.parametrize("threads", [0, 2])
def test_a_stopped_run_ends_with_the_same_weights(tmp_path: Path, threads: int) -> None:
    habits = Habits(average=0.9, threads=threads)
    straight = fit(network(), draw, loss, tmp_path / "straight", SCHEDULE, habits)
    assert fit(network(), draw, loss, tmp_path / "cut", SCHEDULE, habits, stop_after=13).name == "last.pt"
    resumed = fit(network(), draw, loss, tmp_path / "cut", SCHEDULE, habits)
    assert straight.name == resumed.name == "final.pt"
    assert torch.equal(weights(straight), weights(resumed))


def test_a_measure_sees_averaged_weights_and_changes_nothing(tmp_path: Path) -> None:
    seen = []

    def measure(model: nn.Module) -> dict[str, float]:
        assert not model.training
        seen.append(torch.cat([value.flatten() for value in model.state_dict().values()]).clone())
        return {"noise": float(torch.rand(1))}  # draws, as sampling does

    habits = Habits(average=0.9, measure_every=40)
    plain = fit(network(), draw, loss, tmp_path / "plain", SCHEDULE, habits)
    watched = fit(network(), draw, loss, tmp_path / "watched", SCHEDULE, habits, measure=measure)
    assert torch.equal(weights(plain), weights(watched))
    average = torch.cat([value.flatten() for value in checkpoint.load(watched)["ema"].values()])
    assert torch.equal(seen[-1], average)
    assert "held_out/noise" in read_log(tmp_path / "watched" / "log.jsonl")[-1]


def test_the_loss_falls_and_the_log_says_so(tmp_path: Path) -> None:
    said: list[str] = []
    fit(nn.Linear(3, 1), draw, loss, tmp_path, Schedule(rate=0.02, steps=200), Habits(), report=said.append)
    losses = [line["loss"] for line in read_log(tmp_path / "log.jsonl")]
    assert len(losses) == 10
    assert losses[-1] < losses[0] / 2
    assert said[0].startswith("step 20  done 0.095  loss")


def test_a_part_alone_learns_and_is_kept(tmp_path: Path) -> None:
    whole = network()
    before = whole[0].weight.clone()
    place = fit(whole, draw, loss, tmp_path, SCHEDULE, Habits(), learns=whole[2])
    assert torch.equal(whole[0].weight, before)
    assert set(checkpoint.load(place)["net"]) == {"weight", "bias"}


def test_lines_of_a_killed_run_are_taken_back(tmp_path: Path) -> None:
    fit(network(), draw, loss, tmp_path, SCHEDULE, Habits(save_every=20), stop_after=20)
    with (tmp_path / "log.jsonl").open("a") as file:
        file.write('{"step": 40, "loss": 9}\n{"step": 6')
    fit(network(), draw, loss, tmp_path, SCHEDULE, Habits())
    assert [line["step"] for line in read_log(tmp_path / "log.jsonl")] == [20, 40]
    assert read_log(tmp_path / "log.jsonl")[1]["loss"] < 9


def test_a_checkpoint_of_another_network_is_refused(tmp_path: Path) -> None:
    fit(network(), draw, loss, tmp_path, SCHEDULE, Habits(), stop_after=2)
    with pytest.raises(ModelError, match="another network"):
        fit(nn.Linear(3, 1), draw, loss, tmp_path, SCHEDULE, Habits())


def test_a_constant_rate_stays_and_a_clock_counts_hours() -> None:
    assert Schedule(rate=1.0, steps=10, constant=True).rate_at(9, 0.9) == 1.0
    assert Schedule(rate=1.0, hours=2.0).done(12345, 3600.0) == 0.5


def test_a_dry_run_beside_a_run_that_is_further_changes_nothing(tmp_path: Path) -> None:
    fit(network(), draw, loss, tmp_path, SCHEDULE, Habits(), stop_after=9)
    before = weights(tmp_path / "last.pt")
    assert fit(network(), draw, loss, tmp_path, SCHEDULE, Habits(), stop_after=2).name == "last.pt"
    assert checkpoint.load(tmp_path / "last.pt")["step"] == 9
    assert torch.equal(weights(tmp_path / "last.pt"), before)


def test_weights_that_are_no_numbers_leave_the_checkpoint_before_them(tmp_path: Path) -> None:
    def diverging(
        network: nn.Module, batch: dict[str, torch.Tensor]
    ) -> tuple[torch.Tensor, dict[str, float]]:
        value, _ = loss(network, batch)
        return value * (float("nan") if torch.equal(batch["picture"], seventh) else 1.0), {}

    seventh = torch.from_numpy(draw(Turn(6, 0.0, 0, 1))["picture"])
    with pytest.raises(ModelError, match=r"step 10 .* no numbers: give a lower `rate`"):
        fit(network(), draw, diverging, tmp_path, SCHEDULE, Habits(save_every=5))
    assert checkpoint.load(tmp_path / "last.pt")["step"] == 5
    assert torch.isfinite(weights(tmp_path / "last.pt")).all()


@pytest.mark.parametrize("held", [torch.zeros(3), [1, 2], {"net": 5}, {"ema": [1]}])
def test_what_is_no_checkpoint_is_one_sentence(tmp_path: Path, held: object) -> None:
    torch.save(held, tmp_path / "last.pt")
    for action in (
        lambda: fit(network(), draw, loss, tmp_path, SCHEDULE, Habits()),
        lambda: checkpoint.load_weights(network(), tmp_path / "last.pt"),
    ):
        with pytest.raises(ModelError, match=r"holds no checkpoint|of another network"):
            action()
