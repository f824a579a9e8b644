"""The promptable segmenter that ships: a small network on OpenVINO, without torch and without a download."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import cv2
import numpy as np

from planimeter.errors import InputError, ModelError
from planimeter.model_file import ModelFile
from planimeter.reason.embedded.backbone import joined
from planimeter.reason.embedded.card import PromptableCard, load_promptable_card
from planimeter.reason.embedded.window import (
    PromptWindow,
    context_grid,
    encoded_size,
    pasted,
    prompt_maps,
    seen_through,
    windows_of,
)
from planimeter.reason.prompt import Prompt
from planimeter.reason.promptable import Encoded

CHUNK = 32  # windows per pass, for memory
Decode = Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]


class EmbeddedPromptable:
    """Masks from boxes and points by the network that ships with Planimeter; safe to use from several threads.

    Args:
        card: a model's card file; None for the model that ships.
        exact: compute in float32 even where the processor has bfloat16.

    Raises:
        ModelError: there is no such card.

    Example:
        >>> image = np.full((64, 64, 3), 90, np.uint8)
        >>> image[20:40, 10:35] = 220
        >>> segmenter = EmbeddedPromptable()
        >>> segmenter.decode(segmenter.encode(image), [Prompt((10, 20, 35, 40))]).shape
        (1, 64, 64)
    """

    def __init__(self, card: str | Path | PromptableCard | None = None, exact: bool = False) -> None:
        self.card = card if isinstance(card, PromptableCard) else load_promptable_card(card)
        self.name = f"{self.card.name} {self.card.version}{' float32' if exact else ''}"
        self._exact = exact
        self._encoder: Any = None
        self._decoder: Any = None
        self._turn = Lock()  # one request at a time: it uses all cores by itself

    def encode(self, image: np.ndarray) -> Encoded:
        """See ``PromptableSegmenter.encode``.

        Raises:
            InputError: it is no picture.
            ModelError: a model file is damaged, or OpenVINO is not installed.
        """
        image = np.asarray(image)
        if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or not image.size:
            raise InputError(
                f"A picture of shape {image.shape} and type {image.dtype} cannot be segmented: "
                "give (H, W, 3) uint8, red, green, blue."
            )
        shape = image.shape[0], image.shape[1]
        size = encoded_size(shape, self.card.longest)
        how = cv2.INTER_AREA if size[0] * size[1] < shape[0] * shape[1] else cv2.INTER_LINEAR
        picture = image if size == shape else cv2.resize(image, size[::-1], interpolation=how)
        with self._turn:
            if self._encoder is None:
                self._encoder = self._opened(self.card.encoder, self.card.backbone)
            features = np.array(self._encoder([np.ascontiguousarray(picture[None])])[0])
        kept = np.ascontiguousarray(image)
        return Encoded(shape, (features, kept), features.nbytes + kept.nbytes)

    def decode(self, encoded: Encoded, prompts: Sequence[Prompt]) -> np.ndarray:
        """See ``PromptableSegmenter.decode``: (N, H, W) bool, one mask per prompt."""
        return decoded(encoded, prompts, self._run)

    def _run(
        self, features: np.ndarray, seen: np.ndarray, maps: np.ndarray, grid: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        with self._turn:
            if self._decoder is None:
                self._decoder = self._opened(self.card.decoder)
            found = self._decoder([features, seen, maps, grid])
            return np.array(found[0]), np.array(found[1])

    def _opened(self, model: ModelFile, backbone: ModelFile | None = None) -> Any:
        try:
            import openvino
        except ImportError as error:
            raise ModelError(
                "The embedded promptable segmenter needs the package openvino: install it with "
                "`pip install openvino`."
            ) from error
        options = {"PERFORMANCE_HINT": "LATENCY"}
        if self._exact:
            options["INFERENCE_PRECISION_HINT"] = "f32"
        core = openvino.Core()
        try:
            graph = core.read_model(self.card.content(model))
            if backbone is not None:
                graph = joined(core.read_model(self.card.content(backbone)), graph)
            return core.compile_model(graph, "CPU", options)
        except RuntimeError as error:
            raise ModelError(
                f"The model file {model.file} cannot be opened by OpenVINO {openvino.__version__}: export it again "
                "with `planimeter train promptable`."
            ) from error


def decoded(encoded: Encoded, prompts: Sequence[Prompt], run: Decode) -> np.ndarray:
    """One mask per prompt: of its windows, the one whose score is best.

    Args:
        encoded: features and image, as ``EmbeddedPromptable`` keeps them.
        prompts: in the image's frame; one without box and points inside gives an empty mask.
        run: features, seen (M, S, S, 3), maps (M, 4, S, S), grid (M, G, G, 2) → logits (M, S, S), scores (M,).

    Returns:
        (N, H, W) bool.
    """
    features, image = encoded.features
    asked: list[tuple[int, PromptWindow]] = [
        (index, window) for index, prompt in enumerate(prompts) for window in windows_of(prompt, encoded.size)
    ]
    masks = np.zeros((len(prompts), *encoded.size), bool)
    best = np.full(len(prompts), -np.inf)
    for start in range(0, len(asked), CHUNK):
        part = asked[start : start + CHUNK]
        seen, maps, grid = (
            np.stack(column)
            for column in zip(
                *(_inputs(image, prompts[index], window) for index, window in part), strict=True
            )
        )
        logits, scores = run(features, seen, maps, grid)
        for (index, window), plane, score in zip(part, logits, scores, strict=True):
            if score > best[index]:
                best[index] = score
                masks[index] = pasted(plane, window, encoded.size)
    return masks


def _inputs(
    image: np.ndarray, prompt: Prompt, window: PromptWindow
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    seen, inside = seen_through(window, image)
    shape = image.shape[0], image.shape[1]
    return seen, prompt_maps(prompt, window, inside), context_grid(window, shape)
