"""From a model file to logits: OpenVINO on a processor, ONNX Runtime where it has a GPU.

Chosen by measurement (bench/segment_bench.py): on the same network OpenVINO takes about a quarter of eager PyTorch's
processor time and half of ONNX Runtime's, most of it by computing in bfloat16 where the processor can.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from threading import Lock
from typing import Any, Protocol

import numpy as np

from planimeter.cache import cache_folder
from planimeter.errors import ModelError
from planimeter.segment.inference.card import ModelCard


class LogitModel(Protocol):
    """Anything that gives one logit per class and pixel.

    Attributes:
        card: which topics its channels are, and for which metres per pixel.
    """

    card: ModelCard

    def logits(self, pictures: np.ndarray) -> np.ndarray:
        """(N, H, W, 3) uint8, sides a multiple of the card's stride, to (N, channels, H, W) float32."""
        ...


class RuntimeModel:
    """A model file opened in whichever runtime this machine has.

    Args:
        card: the model's card; its file is checked against it.
        exact: compute in float32 even where the processor has bfloat16.

    Raises:
        ModelError: the file is damaged, or no runtime is installed.
    """

    def __init__(self, card: ModelCard, exact: bool = False) -> None:
        self.card = card
        self._run = _on_gpu(card) or _on_processor(card, exact)
        self._turn = Lock()

    def logits(self, pictures: np.ndarray) -> np.ndarray:
        """See ``LogitModel.logits``.

        Raises:
            ModelError: the file takes or gives something else than its card says.
        """
        try:
            with self._turn:  # one request at a time: it uses all cores by itself
                found = self._run(pictures)
        except RuntimeError as error:
            raise ModelError(
                f"The model file {self.card.file} cannot be run ({type(error).__name__}): export it "
                "again with `planimeter train export`."
            ) from error
        if found.shape != (len(pictures), self.card.channels, *pictures.shape[1:3]):
            raise ModelError(
                f"The model file {self.card.file} gives an array of {found.shape} of pictures of {pictures.shape}, and "
                f"its card {self.card.path.name} names {self.card.channels} channels: export it again with "
                "`planimeter train export`."
            )
        return found


class LazyModel:
    """A model that is opened when first needed, and travels to other processes without what it opened.

    Args:
        card: the model's card.
        opener: opens it; importable, so that it can travel.

    Example:
        >>> from planimeter.segment.inference.card import load_card
        >>> LazyModel(load_card(), RuntimeModel).card.name
        'efficientnet-unet'
    """

    def __init__(self, card: ModelCard, opener: Callable[[ModelCard], LogitModel]) -> None:
        self.card = card
        self._opener = opener
        self._opened: LogitModel | None = None
        self._turn = Lock()

    def logits(self, pictures: np.ndarray) -> np.ndarray:
        """See ``LogitModel.logits``.

        Raises:
            ModelError: the model cannot be opened.
        """
        with self._turn:
            if self._opened is None:
                self._opened = self._opener(self.card)
        return self._opened.logits(pictures)

    def __getstate__(self) -> dict[str, object]:
        """What it opens, not what it opened."""
        return {"card": self.card, "opener": self._opener}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """To be opened again."""
        self.__init__(**state)  # type: ignore[misc]


Run = Callable[[np.ndarray], np.ndarray]


def _on_processor(card: ModelCard, exact: bool) -> Run:
    try:
        import openvino
    except ImportError as error:
        raise ModelError(
            "The segmentation model needs the package openvino: install it with `pip install openvino`."
        ) from error
    options: dict[str, str] = {"PERFORMANCE_HINT": "LATENCY"}
    if exact:
        options["INFERENCE_PRECISION_HINT"] = "f32"
    core = openvino.Core()
    try:
        model = core.read_model(card.content)
        compiled = _kept(core, model, options) or core.compile_model(model, "CPU", options)
    except RuntimeError as error:
        raise ModelError(
            f"The model file {card.file} cannot be opened by OpenVINO {openvino.__version__}: export it again "
            "with `planimeter train export`."
        ) from error

    def run(pictures: np.ndarray) -> np.ndarray:
        found: np.ndarray = compiled(pictures, share_inputs=True)[0]
        return found

    return run


def _kept(core: Any, model: Any, options: dict[str, str]) -> Any:
    """The model compiled once for this machine and kept in the user's cache folder; None where that cannot be.

    OpenVINO names what it keeps by the model, the options, the processor and its own version.
    """
    folder = cache_folder("models")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            return None
        return core.compile_model(model, "CPU", {**options, "CACHE_DIR": str(folder)})
    except (OSError, RuntimeError):  # no room, or a damaged file: compile anew
        return None


def _on_gpu(card: ModelCard) -> Run | None:
    """ONNX Runtime with CUDA, where somebody installed it; most machines have no such package."""
    try:
        version("onnxruntime-gpu")
    except PackageNotFoundError:
        return None
    import onnxruntime

    if "CUDAExecutionProvider" not in onnxruntime.get_available_providers():
        return None
    session = onnxruntime.InferenceSession(
        card.content, providers=["CUDAExecutionProvider", "CPUExecutionProvider"]
    )

    def run(pictures: np.ndarray) -> np.ndarray:
        found: np.ndarray = session.run(None, {session.get_inputs()[0].name: pictures})[0]
        return found

    return run
