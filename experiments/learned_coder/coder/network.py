"""The small model on OpenVINO: a question's tokens in, programs' tokens out."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

import numpy as np
from learned_coder.coder.card import Card

from planimeter.errors import ModelError


@dataclass(frozen=True)
class Written:
    """One program as the model wrote it.

    Attributes:
        tokens: without the end.
        least: probability of its least certain token.
        ended: whether it came to an end by itself.
    """

    tokens: tuple[int, ...]
    least: float
    ended: bool


class Network:
    """A model file in the inference runtime; safe to use from several threads.

    Args:
        card: of the model; the file is checked against it.

    Raises:
        ModelError: the file is damaged, or OpenVINO is missing.
    """

    def __init__(self, card: Card) -> None:
        try:
            import openvino
        except ImportError as error:
            raise ModelError(
                "The learned coder needs the package openvino: install it with `pip install openvino`."
            ) from error
        core = openvino.Core()
        try:
            self._compiled = core.compile_model(
                core.read_model(card.content),
                "CPU",
                {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"},
            )
        except RuntimeError as error:
            raise ModelError(
                f"The model file {card.file} cannot be opened by OpenVINO {openvino.__version__}: install "
                "Planimeter anew."
            ) from error
        self._turn = Lock()

    def next_logits(self, tokens: np.ndarray) -> np.ndarray:
        """(N, L) int64 tokens to (N, V) float32: what comes next."""
        with self._turn:  # one request at a time: it uses all cores by itself
            found: np.ndarray = self._compiled(tokens)[0]
        return found

    def write(
        self, prompt: list[int], end: int, samples: int, temperature: float, longest: int = 96
    ) -> list[Written]:
        """The likeliest program, and samples.

        Args:
            prompt: token numbers.
            end: the token that ends a program.
            samples: how many besides the likeliest one; always the same for a prompt.
            temperature: of the samples.
            longest: most tokens of a program.
        """
        rng = np.random.default_rng(prompt)
        count = 1 + samples
        rows = np.tile(np.asarray(prompt, np.int64), (count, 1))
        least = np.ones(count)
        done = np.zeros(count, bool)
        for _ in range(longest):
            logits = self.next_logits(rows).astype(np.float64)
            chosen = logits.argmax(1)
            if samples:
                noise = rng.gumbel(size=(samples, logits.shape[1]))
                chosen[1:] = (logits[1:] / temperature + noise).argmax(1)
            probability = _softmax(logits)[np.arange(count), chosen]
            least = np.where(done, least, np.minimum(least, probability))
            rows = np.concatenate([rows, np.where(done, end, chosen)[:, None]], axis=1)
            done |= chosen == end
            if done.all():
                break
        texts = rows[:, len(prompt) :].tolist()
        return [
            Written(tuple(text[: text.index(end)] if end in text else text), float(sure), bool(over))
            for text, sure, over in zip(texts, least, done, strict=True)
        ]


def _softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)
