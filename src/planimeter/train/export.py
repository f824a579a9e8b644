"""A trained network as a model file for inference runtimes, with its card beside it."""

from __future__ import annotations

import io
import warnings
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


def export_onnx(network: nn.Module, mean: list[float], std: list[float], half: bool = True) -> bytes:
    """A network as an ONNX file: (n, h, w, 3) uint8 in, (n, channels, h, w) float32 out.

    Args:
        network: takes normalised pictures.
        mean: of red, green and blue, 0 to 1.
        std: likewise.
        half: store weights in float16; computing stays float32.

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
    if half:
        halve_weights(model)
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
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    kept, casts = [], []
    for weight in model.graph.initializer:
        values = numpy_helper.to_array(weight)
        if weight.data_type != TensorProto.FLOAT or values.size < _SMALL:
            kept.append(weight)
            continue
        kept.append(numpy_helper.from_array(values.astype(np.float16), f"{weight.name}_half"))
        casts.append(
            helper.make_node("Cast", [f"{weight.name}_half"], [weight.name], to=onnx.TensorProto.FLOAT)
        )
    del model.graph.initializer[:]
    model.graph.initializer.extend(kept)
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
