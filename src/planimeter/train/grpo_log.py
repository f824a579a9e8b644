"""What a GRPO run writes down: one JSON line per logged update, measures on held-out rows among them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

from planimeter.segment.torchvision import let_torchvision_load

let_torchvision_load()  # transformers imports torchvision, which may not fit this torch
from transformers import TrainerCallback  # noqa: E402

LOG = "log.jsonl"


class Log(TrainerCallback):
    """Appends to ``log.jsonl``: step, loss, each reward's mean and spread, entropy, and all else that TRL logs.

    Args:
        folder: of the run.
        report: takes one line of progress; None for silence.
        resumed_at: lines of later steps, which a killed run left, are taken away.
    """

    def __init__(
        self, folder: Path, report: Callable[[str], None] | None = None, resumed_at: int = 0
    ) -> None:
        self.path = folder / LOG
        self.report = report
        kept = [one for one in read_log(self.path) if 0 < resumed_at >= one["step"]]
        self.path.write_text("".join(json.dumps(one) + "\n" for one in kept), encoding="utf-8")

    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **_: Any) -> None:
        if state.is_world_process_zero and logs and "loss" in logs:
            self.write(state.global_step, logs)

    def write(self, step: int, values: Mapping[str, Any]) -> None:
        """One line."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"step": step, **values}) + "\n")
        if self.report is not None:
            shown = {
                name: values[name] for name in ("loss", "reward", "entropy") if values.get(name) is not None
            }
            shown |= {name: value for name, value in values.items() if name.startswith("held_out/")}
            self.report(f"step {step}  " + "  ".join(f"{name} {value:.4g}" for name, value in shown.items()))


class HeldOut(TrainerCallback):
    """Measures the model on rows it does not train on, without changing what training draws.

    Args:
        evaluate: model → measures.
        every: updates.
        log: where the measures go, as ``held_out/NAME``.
    """

    def __init__(self, evaluate: Callable[[Any], Mapping[str, float]], every: int, log: Log) -> None:
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


def read_log(path: str | Path) -> list[dict[str, Any]]:
    """The lines of a run's log; a last line that a kill cut short is left out.

    Args:
        path: of ``log.jsonl``; none gives no lines.
    """
    place = Path(path)
    if not place.exists():
        return []
    lines = []
    for line in place.read_text(encoding="utf-8").splitlines():
        try:
            lines.append(json.loads(line))
        except ValueError:
            break
    return lines
