"""The supervised loop that every network here is trained by, from top to bottom."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from accelerate import Accelerator
from torch import nn

from planimeter.errors import ModelError
from planimeter.train import checkpoint
from planimeter.train.precision import precision_here
from planimeter.train.run_log import RunLog

CHECKPOINT, FINAL = "last.pt", "final.pt"
_SAID_EVERY = 20  # steps


class Turn(NamedTuple):
    """Which batch is to be drawn.

    Attributes:
        step: number of the step, from 0.
        done: share of the schedule that is over by then.
        rank: which of the processes draws its share.
        processes: how many there are.
    """

    step: int
    done: float
    rank: int
    processes: int


Draw = Callable[[Turn], Any]
"""The batch of a turn: arrays and tensors, in a tuple or a mapping."""
Loss = Callable[[Any, Any], tuple[torch.Tensor, Mapping[str, float]]]
"""Network and batch → the loss, and measures of it that are worth a look."""
Measure = Callable[[Any], Mapping[str, float]]
"""Network, ready to predict → measures on what it does not learn from."""


@dataclass(frozen=True)
class Schedule:
    """How long to train, and how fast.

    Attributes:
        rate: highest learning rate.
        steps: how many; or
        hours: how long by the clock; then the rate follows the clock and a run cannot be repeated exactly.
        warmup: steps until the rate is reached.
        constant: the rate stays; else it falls to 2 % along half a cosine.

    Example:
        >>> schedule = Schedule(rate=1.0, steps=100, warmup=10)
        >>> [round(schedule.rate_at(step, schedule.done(step, 0.0)), 2) for step in (0, 9, 50, 100)]
        [0.1, 0.98, 0.51, 0.02]
    """

    rate: float
    steps: int | None = None
    hours: float | None = None
    warmup: int = 0
    constant: bool = False

    def done(self, step: int, seconds: float) -> float:
        """Share of the schedule that is over."""
        return step / self.steps if self.steps is not None else seconds / 3600 / (self.hours or 1)

    def rate_at(self, step: int, done: float) -> float:
        """The learning rate of a step."""
        fall = 1.0 if self.constant else 0.98 * 0.5 * (1 + math.cos(math.pi * done)) + 0.02
        return self.rate * min(1, (step + 1) / max(self.warmup, 1)) * fall


@dataclass(frozen=True)
class Habits:
    """The rest of what the networks' trainings differ in.

    Attributes:
        decay: of weight matrices; biases, norms and scales do not decay.
        betas: of AdamW.
        clip: largest gradient norm.
        average: share of the averaged weights kept each step, once warm; None for no averaged weights.
        precision: "no" or "bf16", for the forward pass; "no" where the processor would only imitate it.
        save_every: steps between checkpoints.
        measure_every: steps between measures.
        threads: that draw batches ahead; 0 draws each when it is needed.
        seed: of whatever the network itself draws.
    """

    decay: float = 0.01
    betas: tuple[float, float] = (0.9, 0.98)
    clip: float = 1.0
    average: float | None = None
    precision: str = "no"
    save_every: int = 100
    measure_every: int = 1000
    threads: int = 1
    seed: int = 0


def fit(
    network: nn.Module,
    draw: Draw,
    loss: Loss,
    out: str | Path,
    schedule: Schedule,
    habits: Habits,
    *,
    learns: nn.Module | None = None,
    measure: Measure | None = None,
    trackers: Sequence[str] = (),
    name: str = "run",
    stop_after: int | None = None,
    report: Callable[[str], object] | None = None,
) -> Path:
    """Train a network, or go on where a killed run stopped.

    Parameters that do not require gradients stay as they are. With the same seeds the weights at the end are the same,
    whether the run was killed in between or not. On several processes (``accelerate launch``) each draws its own share.

    Args:
        network: to train, in place.
        draw: makes batches, a function of the step alone.
        loss: of a batch.
        out: folder of the run: ``last.pt`` is gone on from, ``log.jsonl``, and ``final.pt`` at the end.
        schedule: how long and how fast.
        habits: how else.
        learns: the part of the network that is trained and kept; None for all of it.
        measure: taken every so often, of the averaged weights where there are some.
        trackers: "tensorboard", "wandb", as accelerate knows them.
        name: of the run, for trackers.
        stop_after: stop at this step (and leave a checkpoint), for dry runs and tests.
        report: takes one line of progress.

    Returns:
        path of ``final.pt`` when the schedule is over, else of the checkpoint.

    Raises:
        ModelError: a checkpoint is damaged, or of another network; or the weights are no numbers any more.
    """
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(habits.seed)
    accelerator = Accelerator(log_with=list(trackers) or None, project_dir=str(folder))
    kept = network if learns is None else learns
    optimiser = torch.optim.AdamW(_groups(kept, habits.decay), lr=schedule.rate, betas=habits.betas)
    step, used, average = 0, 0.0, None
    if habits.average is not None:
        average = {key: value.clone() for key, value in kept.state_dict().items()}
    last = folder / CHECKPOINT
    if last.exists():
        state = checkpoint.load(last)
        try:
            kept.load_state_dict(state["net"])
            optimiser.load_state_dict(state["opt"])
        except (KeyError, RuntimeError, TypeError, ValueError) as error:
            raise ModelError(
                f"{last} holds the weights of another network: give the configuration it was trained with, or another "
                "--out."
            ) from error
        average, step, used = state.get("ema"), state["step"], state["used"]
        torch.set_rng_state(state["rng"])
        if accelerator.device.type == "cuda" and "device_rng" in state:
            torch.cuda.set_rng_state(state["device_rng"], accelerator.device)
        if report is not None:
            report(f"going on after step {step}")
    model, optimiser = accelerator.prepare(network, optimiser)
    if average is not None:
        average = {key: value.to(accelerator.device) for key, value in average.items()}
    if trackers:
        accelerator.init_trackers(name)
    log = RunLog(folder, report, step) if accelerator.is_main_process else None
    started = time.monotonic() - used

    def save(path: Path) -> None:
        if accelerator.is_main_process:
            _require_numbers(kept, step, last)
            state = {"net": kept.state_dict(), "opt": optimiser.state_dict(), "step": step}
            state |= {"used": time.monotonic() - started, "rng": torch.get_rng_state()}
            if accelerator.device.type == "cuda":
                state["device_rng"] = torch.cuda.get_rng_state(accelerator.device)
            checkpoint.save(path, state if average is None else {**state, "ema": average})

    def write(said: Mapping[str, float], silent: Mapping[str, float]) -> None:
        accelerator.log({**said, **silent}, step=step)
        if log is not None:
            log.write(step, said, {**silent, "minutes": round((time.monotonic() - started) / 60, 2)})

    def turns(first: int) -> Iterator[Turn]:
        for number in count(first):
            done = schedule.done(number, time.monotonic() - started)
            yield Turn(number, done, accelerator.process_index, accelerator.num_processes)

    precision = precision_here(habits.precision, accelerator.device.type, report)
    batches = _ahead(draw, turns(step), accelerator.device, habits.threads)
    model.train()
    while (done := schedule.done(step, time.monotonic() - started)) < 1:
        if stop_after is not None and step >= stop_after:
            break
        for group in optimiser.param_groups:
            group["lr"] = schedule.rate_at(step, done)
        batch = next(batches)
        with torch.autocast(accelerator.device.type, torch.bfloat16, enabled=precision == "bf16"):
            value, measured = loss(model, batch)
        optimiser.zero_grad()
        accelerator.backward(value)
        accelerator.clip_grad_norm_(kept.parameters(), habits.clip)
        optimiser.step()
        step += 1
        if average is not None and habits.average is not None:
            _average(average, kept.state_dict(), min(habits.average, (1 + step) / (10 + step)))
        if step % _SAID_EVERY == 0 or step == stop_after:
            rate = optimiser.param_groups[0]["lr"]
            write({"done": round(done, 4), "loss": value.item(), **measured}, {"rate": rate})
        if measure is not None and step % habits.measure_every == 0 and accelerator.is_main_process:
            with _predicting(network, kept, average):
                found = measure(network)
            write({f"held_out/{key}": number for key, number in found.items()}, {})
        if step % habits.save_every == 0:
            save(last)
    place = folder / FINAL if done >= 1 else last
    save(place)
    accelerator.end_training()
    return place


@contextmanager
def _predicting(
    network: nn.Module, kept: nn.Module, average: dict[str, torch.Tensor] | None
) -> Iterator[None]:
    """The network as it would be used, with averaged weights; afterwards as it was, its random numbers too."""
    current = {key: value.clone() for key, value in kept.state_dict().items()} if average else {}
    with torch.random.fork_rng():
        network.eval()
        try:
            if average:
                kept.load_state_dict(average)
            yield
        finally:
            if average:
                kept.load_state_dict(current)
            network.train()


def _require_numbers(kept: nn.Module, step: int, last: Path) -> None:
    """Refuse to keep weights that nothing can go on from."""
    for name, value in kept.state_dict().items():
        if value.is_floating_point() and not torch.isfinite(value).all():
            raise ModelError(
                f"After step {step} {name} holds values that are no numbers: give a lower `rate` and run the same "
                f"command again; it goes on from {last.name} of before, if that was written."
            )


def _average(average: dict[str, torch.Tensor], now: dict[str, torch.Tensor], keep: float) -> None:
    for name, value in now.items():
        if value.dtype.is_floating_point:
            average[name].lerp_(value.detach(), 1 - keep)
        else:
            average[name].copy_(value)


def _groups(network: nn.Module, decay: float) -> list[dict[str, Any]]:
    trained = [value for value in network.parameters() if value.requires_grad]
    matrices = [value for value in trained if value.ndim > 1]
    others = [value for value in trained if value.ndim <= 1]
    return [{"params": matrices, "weight_decay": decay}, {"params": others, "weight_decay": 0.0}]


def _ahead(draw: Draw, turns: Iterator[Turn], device: torch.device, threads: int) -> Iterator[Any]:
    """Batches, prepared by threads while the network works on earlier ones."""
    if not threads:
        for turn in turns:
            yield _on(device, draw(turn))
    with ThreadPoolExecutor(threads) as pool:
        queue: list[Future[Any]] = []
        while True:
            while len(queue) <= threads:
                queue.append(pool.submit(draw, next(turns)))
            yield _on(device, queue.pop(0).result())


def _on(device: torch.device, batch: Any) -> Any:
    """A batch as tensors on a device."""
    if isinstance(batch, Mapping):
        return {key: _on(device, value) for key, value in batch.items()}
    if isinstance(batch, tuple | list):
        return tuple(_on(device, value) for value in batch)
    return (torch.from_numpy(batch) if isinstance(batch, np.ndarray) else batch).to(device)
