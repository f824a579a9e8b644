"""The rewriter's model in its runtime: samples of what follows, and how likely a text is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from planimeter.coder.rewriter.tokens import Tokens, lowered
from planimeter.errors import ModelError
from planimeter.model_file import ModelFile

CARD = Path(__file__).parents[1] / "weights" / "rewriter.json"
FORWARD, BACKWARD, TURN, END = range(4)
LONGEST = 120
"""Tokens of a question; a longer one is not rewritten."""
_MOST = 64
_REMEDY = "install planimeter again"


@dataclass(frozen=True)
class Writing:
    """A plain sentence that the model wrote.

    Attributes:
        text: the sentence.
        least: probability of its least likely token.
        mean: mean logarithm of its tokens' probabilities.
    """

    text: str
    least: float
    mean: float


class LanguageModel:
    """The model of a card, opened.

    Args:
        card: its card; the files lie beside it and are checked against it.

    Raises:
        ModelError: a file is missing or damaged.
    """

    def __init__(self, card: Path = CARD) -> None:
        import openvino

        try:
            described = json.loads(card.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ModelError(f"The rewriter's card {card.name} cannot be read: {_REMEDY}.") from error
        network, weights, tokens = (
            ModelFile.of(one).read(card.parent, _REMEDY) for one in described["files"]
        )
        shape = described["shape"]
        self._memory = (shape["layers"], 2, 1, shape["groups"], 1, shape["width"] // shape["heads"])
        self.tokens = Tokens.parsed(tokens.decode())
        core = openvino.Core()
        # In float32 an answer is the same on every processor.
        options = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"}
        self._model = core.compile_model(core.read_model(network, weights), "CPU", options)

    def _next(self, numbers: np.ndarray, past: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        found = self._model({"tokens": numbers, "past": past})
        return np.array(found[0]), np.array(found[1])

    def _nothing(self) -> np.ndarray:
        return np.zeros(self._memory, np.float32)

    def samples(self, text: str, count: int, temperature: float, seed: int = 0) -> list[Writing]:
        """Plain sentences for a wording: the likeliest by single steps first, then ``count - 1`` drawn ones.

        Args:
            text: the wording, in lower case.
            count: how many.
            temperature: of those that are drawn.
            seed: of the draw.
        """
        numbers = [FORWARD, *self.tokens.encode(text), TURN]
        if len(numbers) > LONGEST:
            return []
        rng = np.random.default_rng(seed)
        logits, past = self._next(np.array([numbers]), self._nothing())
        past = np.repeat(past, count, 2)
        last = np.repeat(logits[:, -1], count, 0)
        written: list[list[int]] = [[] for _ in range(count)]
        logs: list[list[float]] = [[] for _ in range(count)]
        over = np.zeros(count, bool)
        for _ in range(_MOST):
            likely = last - last.max(1, keepdims=True)
            likely -= np.log(np.exp(likely).sum(1, keepdims=True))
            noise = rng.gumbel(size=likely.shape) * temperature
            noise[0] = 0
            chosen = (likely + noise).argmax(1)
            for row in np.flatnonzero(~over):
                logs[row].append(float(likely[row, chosen[row]]))
                if chosen[row] == END:
                    over[row] = True
                else:
                    written[row].append(int(chosen[row]))
            if over.all():
                break
            last, past = self._next(chosen[:, None].astype(np.int64), past)
            last = last[:, -1]
        return [
            Writing(self.tokens.decode(row), float(np.exp(min(log))), float(np.mean(log)))
            for row, log in zip(written, logs, strict=True)
        ]

    def backward(self, plain: str, wording: str) -> float:
        """Mean logarithm of the probabilities of a wording's tokens, given the plain sentence."""
        head = [BACKWARD, *self.tokens.encode(plain), TURN]
        tail = [*self.tokens.encode(wording), END]
        logits, _ = self._next(np.array([head + tail[:-1]]), self._nothing())
        rows = logits[0, len(head) - 1 :].astype(np.float64)
        rows -= rows.max(1, keepdims=True)
        rows -= np.log(np.exp(rows).sum(1, keepdims=True))
        return float(rows[np.arange(len(tail)), tail].mean())


def as_read(text: str) -> str:
    """A wording as the model was taught to read it.

    >>> as_read("How many  HOUSES?")
    'how many houses?'
    """
    return lowered(text)
