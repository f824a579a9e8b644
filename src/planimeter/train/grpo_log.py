"""What a GRPO run writes down: one JSON line per logged update, measures on held-out rows among them."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch

from planimeter.segment.torchvision import let_torchvision_load
from planimeter.train.run_log import RunLog

let_torchvision_load()  # transformers imports torchvision, which may not fit this torch
from transformers import TrainerCallback  # noqa: E402

_SAID = ("loss", "reward", "entropy")


class Logged(TrainerCallback):
    """Writes step, loss, each reward's mean and spread, entropy, and all else that TRL logs.

    Args:
        log: of the run.
    """

    def __init__(self, log: RunLog) -> None:
        self.log = log

    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **_: Any) -> None:
        if state.is_world_process_zero and logs and "loss" in logs:
            said = {name: logs[name] for name in _SAID if logs.get(name) is not None}
            self.log.write(state.global_step, said, {**logs})


class HeldOut(TrainerCallback):
    """Measures the model on rows it does not train on, without changing what training draws.

    Args:
        evaluate: model → measures.
        every: updates.
        log: where the measures go, as ``held_out/NAME``.
    """

    def __init__(self, evaluate: Callable[[Any], Mapping[str, float]], every: int, log: RunLog) -> None:
        self.evaluate = evaluate
        self.every = every
        self.log = log

    def on_train_begin(self, args: Any, state: Any, control: Any, model: Any = None, **_: Any) -> None:
        if state.global_step == 0:
            self._measure(state, model)

    def on_step_end(self, args: Any, state: Any, control: Any, model: Any = None, **_: Any) -> None:
        if state.global_step % self.every == 0 or state.global_step == state.max_steps:
            self._measure(state, model)

    def _measure(self, state: Any, model: Any) -> None:
        if not state.is_world_process_zero:
            return
        kept = random.getstate(), np.random.get_state(), torch.get_rng_state()
        devices = torch.cuda.get_rng_state_all() if torch.cuda.is_available() else []
        was_training = model.training
        model.eval()
        try:
            with torch.no_grad():
                measured = self.evaluate(model)
        finally:
            model.train(was_training)
            random.setstate(kept[0])
            np.random.set_state(kept[1])
            torch.set_rng_state(kept[2])
            if devices:
                torch.cuda.set_rng_state_all(devices)
        self.log.write(
            state.global_step, {f"held_out/{name}": float(value) for name, value in measured.items()}
        )
