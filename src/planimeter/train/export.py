"""A trained network as a model file for inference runtimes, with its card beside it."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from planimeter.errors import ModelError
from planimeter.model_file import write_card, write_file
from planimeter.train.network import RawPictures

MOST_BYTES = 40 * 1024 * 1024
_SMALL = 4096  # values; what is smaller stays float32, it weighs nothing and norms are sensitive


def export_onnx(network: nn.Module, mean: list[float], std: list[float], stored: str = "float16") -> bytes:
    """A network as an ONNX file: (n, h, w, 3) uint8 in, (n, channels, h, w) float32 out.

    Args:
        network: takes normalised pictures.
        mean: of red, green and blue, 0 to 1.
        std: likewise.
        stored: how weights are stored, of ``config.STORED_AS``; computing stays float32.

    Raises:
        ModelError: the file would be larger than what may ship.
    """
    import onnx

    whole = RawPictures(network, mean, std).eval()
    example = torch.zeros(1, 64, 96, 3, dtype=torch.uint8)
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        # The newer exporter needs onnxscript and writes the same network with thrice as many nodes.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            whole,
            (example,),
            buffer,  # type: ignore[arg-type]  # the older exporter takes an open file
            input_names=["pictures"],
            output_names=["logits"],
            dynamic_axes={"pictures": {0: "n", 1: "h", 2: "w"}, "logits": {0: "n", 2: "h", 3: "w"}},
            opset_version=17,
            dynamo=False,
        )
    model = onnx.load_model_from_string(buffer.getvalue())
    _STORED[stored](model)
    onnx.checker.check_model(model)
    content: bytes = model.SerializeToString()
    if len(content) > MOST_BYTES:
        raise ModelError(
            f"The model file would have {len(content) / 2**20:.0f} MiB, and {MOST_BYTES / 2**20:.0f} may ship: "
            "make the network smaller in the configuration."
        )
    return content


def write_model(content: bytes, record: dict[str, Any], folder: Path) -> Path:
    """Write a model file and its card.

    Args:
        content: the ONNX file.
        record: the card without ``file``, ``sha256`` and ``bytes``.
        folder: made when it does not exist.

    Returns:
        path of the card.
    """
    folder.mkdir(parents=True, exist_ok=True)
    card = {
        "name": record["name"],
        "version": record["version"],
        **write_file(folder / f"{record['name']}.onnx", content),
        **record,
    }
    return write_card(folder / f"{record['name']}.json", card)


def halve_weights(model: Any) -> None:
    """Keep large weights as float16 with a cast in front of their use, which runtimes fold away."""
    from onnx import TensorProto, helper, numpy_helper

    def halved(name: str, values: np.ndarray) -> tuple[list[Any], Any]:
        kept = numpy_helper.from_array(values.astype(np.float16), f"{name}_half")
        return [kept], helper.make_node("Cast", [kept.name], [name], to=TensorProto.FLOAT)

    _store(model, halved)


def quantise_weights(model: Any) -> None:
    """Keep convolutions' weights as eight-bit integers with a scale for each output channel; others as float16."""
    from onnx import helper, numpy_helper

    convolved = {node.input[1] for node in model.graph.node if node.op_type == "Conv"}

    def rounded(name: str, values: np.ndarray) -> tuple[list[Any], Any] | None:
        if name not in convolved:
            return None
        whole, scale = eight_bits(values)
        kept = [
            numpy_helper.from_array(whole, f"{name}_int8"),
            numpy_helper.from_array(scale, f"{name}_scale"),
        ]
        return kept, helper.make_node("DequantizeLinear", [one.name for one in kept], [name], axis=0)

    _store(model, rounded)
    halve_weights(model)


def eight_bits(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights as integers of -127 to 127 and what these are multiplied by: no weight is off by more than half of it.

    Args:
        values: (channels, …) float32.

    Returns:
        (channels, …) int8, (channels,) float32.

    Example:
        >>> whole, scale = eight_bits(np.float32([[1.0, -0.5], [0.0, 0.0]]))
        >>> whole.tolist(), [round(float(each), 5) for each in scale]
        ([[127, -64], [0, 0]], [0.00787, 1.0])
    """
    largest = np.abs(values).reshape(len(values), -1).max(1)
    scale = np.where(largest > 0, largest / 127, 1).astype(np.float32)
    whole = np.round(values / scale.reshape(-1, *[1] * (values.ndim - 1)))
    return np.clip(whole, -127, 127).astype(np.int8), scale


_STORED: dict[str, Callable[[Any], None]] = {
    "float32": lambda model: None,
    "float16": halve_weights,
    "int8": quantise_weights,
}


def _store(model: Any, stored: Callable[[str, np.ndarray], tuple[list[Any], Any] | None]) -> None:
    """Replace large weights by what gives them, a node in front of their use; None leaves one as it is."""
    from onnx import TensorProto, numpy_helper

    kept, nodes = [], []
    for weight in model.graph.initializer:
        values = numpy_helper.to_array(weight)
        large = weight.data_type == TensorProto.FLOAT and values.size >= _SMALL
        found = stored(weight.name, values) if large else None
        kept += [weight] if found is None else found[0]
        nodes += [] if found is None else [found[1]]
    del model.graph.initializer[:]
    model.graph.initializer.extend(kept)
    nodes += model.graph.node
    del model.graph.node[:]
    model.graph.node.extend(nodes)
