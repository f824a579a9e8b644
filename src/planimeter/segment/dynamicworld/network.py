"""Dynamic World's SavedModel on OpenVINO, without TensorFlow.

OpenVINO reads all of the model but one operation, ``ScaleAndTranslate``, which the model uses once: to halve a feature
map with antialiasing. Halving by a triangle filter is a convolution with the weights 1, 3, 3, 1 along each axis,
divided at the border by the weights that lie inside.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from planimeter.errors import ModelError, shown_name
from planimeter.paths import is_file

#: Bands in the order of the input, by colour.
COLOURS = ("blue", "green", "red", "rededge1", "rededge2", "rededge3", "nir", "swir16", "swir22")
#: Classes in the order of the logits, as ``segment/legends/dynamicworld.json`` calls them.
CLASSES = ("water", "forest", "grass", "wetland", "agric", "shrubland", "urban", "barren", "snow")
#: From logarithms of digital numbers to the model's input, per band: source: the model's own example notebook.
_MEANS = np.array(
    [
        1.7417268007636313, 1.7261204997060209, 1.6798346251414997, 1.7734969472909623, 2.289154079164943,
        2.382939712192371, 2.3828939530384052, 2.1952484264967844, 1.554812948247501,
    ]
)  # fmt: skip
_SPREADS = np.array(
    [
        2.023298706048351, 2.038905204308012, 2.179592821212937, 2.2890068333026603, 2.6171674549378166,
        2.773418590375327, 2.7578332604178284, 2.789092484314204, 2.4140534947492487,
    ]
)  # fmt: skip


def normalised(numbers: np.ndarray) -> np.ndarray:
    """(h, w, 9) float32 input of the model, between 0 and 1.

    Args:
        numbers: (h, w, 9) reflectance × 10,000, at the top of the atmosphere; below 0 as 0.

    Example:
        >>> normalised(np.full((1, 1, 9), 1000.0)).astype(float).round(2)[0, 0, :2].tolist()
        [0.29, 0.3]
    """
    values = np.log(np.maximum(numbers, 0).astype(np.float64) * 0.005 + 1)
    values = np.exp((values - _MEANS) / _SPREADS * 5 - 1)
    return (values / (values + 1)).astype(np.float32)


class Network:
    """The model, opened when first needed; it travels to other processes by its folder.

    Args:
        folder: of the SavedModel, or one above it.

    Raises:
        ModelError: there is no SavedModel.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = _saved_model(folder)
        self._turn = Lock()
        self._run: Any = None

    def logits(self, inputs: np.ndarray) -> np.ndarray:
        """(N, h, w, 9) normalised bands, sides even, to (N, 9, h, w) float32 logits.

        Raises:
            ModelError: the model cannot be opened.
        """
        with self._turn:
            if self._run is None:
                self._run = _compiled(self.folder)
            found: np.ndarray = self._run(inputs)[0]
        return np.ascontiguousarray(np.moveaxis(found, -1, 1))

    @cached_property
    def sha256(self) -> str:
        """A hash of the model's files."""
        digest = hashlib.sha256()
        for name in (
            "saved_model.pb",
            "variables/variables.index",
            "variables/variables.data-00000-of-00001",
        ):
            file = self.folder / name
            digest.update(file.read_bytes() if is_file(file) else b"")
        return digest.hexdigest()

    def __getstate__(self) -> dict[str, object]:
        """The folder, not what was opened."""
        return {"folder": self.folder}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """To be opened again."""
        self.__init__(state["folder"])  # type: ignore[misc]


def _saved_model(folder: Path) -> Path:
    for place in ("", "forward", "model/forward", "model"):
        if is_file(folder / place / "saved_model.pb"):
            return folder / place
    raise ModelError(
        f"{shown_name(str(folder))} holds no Dynamic World model: clone github.com/google/dynamicworld and give the "
        "folder of it that holds model/forward/saved_model.pb, as --segmenter dynamicworld:FOLDER."
    )


def _compiled(folder: Path) -> Any:
    import openvino
    from openvino.frontend import FrontEndManager
    from openvino.frontend.tensorflow import ConversionExtension

    reader = FrontEndManager().load_by_framework("tf")
    reader.add_extension(ConversionExtension("ScaleAndTranslate", _halved))
    try:
        model = reader.convert(reader.load(str(folder)))
        # In bfloat16 logits would be off by 0.1: exact ones cost one and a half times as much.
        run = openvino.Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    except Exception as problem:  # OpenVINO's own errors have no common base
        raise ModelError(
            f"The model in {shown_name(str(folder))} cannot be opened by OpenVINO {openvino.__version__}: it is "
            "damaged, or not Dynamic World's; clone it again."
        ) from problem
    if run.output(0).partial_shape[3].to_string() != str(len(CLASSES)):
        raise ModelError(
            f"The model in {shown_name(str(folder))} does not have Dynamic World's nine classes; clone it again."
        )
    return run


def _halved(node: Any) -> list[Any]:
    """``ScaleAndTranslate`` by ½ with a triangle kernel and antialiasing, as OpenVINO's operations."""
    import openvino.opset13 as op

    picture = op.transpose(node.get_input(0), op.constant(np.array([0, 3, 1, 2])))
    channels = picture.get_output_partial_shape(0)[1].get_length()
    weights = np.array([1, 3, 3, 1], np.float32) / 8
    kernel = (weights[:, None] * weights)[None, None]
    halves: tuple[list[int], ...] = ([2, 2], [1, 1], [1, 1], [1, 1])
    sums = op.group_convolution(picture, op.constant(np.tile(kernel, (channels, 1, 1, 1, 1))), *halves)
    sides = op.gather(op.shape_of(picture, "i64"), op.constant(np.array([2, 3])), op.constant(0))
    ones = op.broadcast(op.constant(np.float32(1)), op.concat([op.constant(np.array([1, 1])), sides], 0))
    inside = op.convolution(ones, op.constant(kernel), *halves)
    return [op.transpose(op.divide(sums, inside), op.constant(np.array([0, 2, 3, 1]))).output(0)]
