"""From a checkpoint to the model that ships: OpenVINO's form, its weights and embeddings in four bits."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from planimeter.errors import ModelError
from planimeter.train.checkpoint import load
from planimeter.train.rewriter.network import Llama, Sizes

NAME = "rewriter"
TOKENS = "tokens.json"
GROUP = 32
"""Weights that share a scale."""


def export_rewriter(
    checkpoint: str | Path, out: str | Path, bits: int = 4, report: Callable[[str], None] = print
) -> Path:
    """Write the model, its tokens and the card that describes them.

    Args:
        checkpoint: as the training leaves it, its tokens beside it.
        out: folder of the files.
        bits: of the layers' weights: 4, 8, or 32 for what was trained.
        report: told the size.

    Returns:
        The card.

    Raises:
        ModelError: the checkpoint is missing or damaged.
    """
    import openvino

    saved = load(checkpoint)
    network = Llama(Sizes(**saved["shape"])).eval()
    network.load_state_dict(saved["weights"])
    model = converted(network)
    kept = compressed(model, bits) if bits < 32 else []
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    openvino.save_model(model, folder / f"{NAME}.xml", compress_to_fp16=True)
    kept.clear()
    tokens = (Path(checkpoint).parent / TOKENS).read_text(encoding="utf-8")
    (folder / f"{NAME}-{TOKENS}").write_text(tokens, encoding="utf-8")
    files = [f"{NAME}.xml", f"{NAME}.bin", f"{NAME}-{TOKENS}"]
    card: dict[str, Any] = {
        "name": NAME,
        "start": "SmolLM2-135M-Instruct (Hugging Face), Apache License 2.0: 12 of its 30 layers, its tokens cut to "
        "English",
        "data": "wordings written for Planimeter and pairs drawn from them, Apache License 2.0",
        "shape": saved["shape"],
        "bits": bits,
        "steps": saved["earlier"][0] + saved["step"],
        "seconds": round(saved["earlier"][1] + saved["seconds"]),
        "files": [
            {
                "file": file,
                "sha256": hashlib.sha256((folder / file).read_bytes()).hexdigest(),
                "bytes": (folder / file).stat().st_size,
            }
            for file in files
        ],
    }
    path = folder / f"{NAME}.json"
    path.write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    report(f"{sum(one['bytes'] for one in card['files']) / 2**20:.1f} MiB")
    return path


class Shipped(torch.nn.Module):
    """The network with a memory that is never empty: its first place does not count.

    OpenVINO's processor plugin ends the process where a tensor of attention has no places.
    """

    def __init__(self, network: Llama) -> None:
        super().__init__()
        self.network = network

    def forward(self, tokens: torch.Tensor, past: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        hidden, memory = self.network.hidden(tokens, past, unseen=1)
        return hidden @ self.network.embed_tokens.weight.T, memory


def converted(network: Llama) -> Any:
    """The network as an OpenVINO model: tokens and memory in, logits and memory out."""
    import openvino

    shape = network.shape
    example = (
        torch.ones(2, 3, dtype=torch.int64),
        torch.zeros(shape.layers, 2, 2, shape.groups, 2, shape.head),
    )
    with torch.no_grad():
        model = openvino.convert_model(Shipped(network), example_input=example)
    model.inputs[0].node.set_partial_shape(openvino.PartialShape([-1, -1]))
    model.inputs[1].node.set_partial_shape(
        openvino.PartialShape([shape.layers, 2, -1, shape.groups, -1, shape.head])
    )
    model.validate_nodes_and_infer_types()
    for port, name in zip(
        (*model.inputs, *model.outputs), ("tokens", "past", "logits", "memory"), strict=True
    ):
        port.set_names({name})
    return model


def earlier_of(folder: str | Path) -> tuple[int, float]:
    """Updates and seconds that an exported model was trained for, by its card."""
    card = json.loads((Path(folder) / f"{NAME}.json").read_text(encoding="utf-8"))
    return int(card["steps"]), float(card["seconds"])


def opened(folder: str | Path) -> Llama:
    """The network of a model that was exported, its weights as near to what was trained as the export kept them.

    Args:
        folder: as ``export_rewriter`` leaves it.

    Raises:
        ModelError: the files are not such a model's.
    """
    import openvino

    core = openvino.Core()
    try:
        card = json.loads((Path(folder) / f"{NAME}.json").read_text(encoding="utf-8"))
        model = core.read_model(Path(folder) / f"{NAME}.xml")
        network = Llama(Sizes(**card["shape"]))
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise ModelError(
            f"{Path(folder).name} holds no exported rewriter: give the folder of {NAME}.json."
        ) from error
    places = {}
    for node in model.get_ops():
        # What a module of the network computes bears its name: __module.network.layers.0.q_proj/aten::linear/MatMul.
        name = node.get_friendly_name().removeprefix("__module.network.").split("/")[0] + ".weight"
        if name in network.state_dict() and node.get_type_name() in ("MatMul", "Gather", "Multiply"):
            shape = list(network.state_dict()[name].shape)
            for port in node.inputs():
                source = port.get_source_output()
                if source.get_partial_shape().is_static and list(source.get_shape())[-len(shape) :] == shape:
                    places[name] = source
    results = [openvino.opset13.result(source) for source in places.values()]
    values = core.compile_model(openvino.Model(results, []), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})([])
    state = {
        name: torch.from_numpy(np.array(values[place], np.float32)).reshape(network.state_dict()[name].shape)
        for place, name in enumerate(places)
    }
    network.load_state_dict(state)
    return network


def compressed(model: Any, bits: int) -> list[np.ndarray]:
    """Replace large weights by whole numbers with a scale for each group: ``bits`` of them.

    Returns:
        What the model looks at and does not own.
    """
    kept: list[np.ndarray] = []
    for node in model.get_ops():
        if node.get_type_name() != "Constant" or len(node.get_output_shape(0)) != 2:
            continue
        rows, columns = node.get_output_shape(0)
        if rows * columns < 50_000 or columns % GROUP:
            continue
        users = list(node.output(0).get_target_inputs())
        small = _decompressed(np.array(node.get_data(), np.float32), bits, kept)
        for user in users:
            user.replace_source_output(small.output(0))
    model.validate_nodes_and_infer_types()
    return kept


def _decompressed(weights: np.ndarray, bits: int, kept: list[np.ndarray]) -> Any:
    """A node that gives the weights from unsigned whole numbers, a zero point and a scale for each group."""
    import openvino
    from openvino import opset13 as op

    rows, columns = weights.shape
    grouped = weights.reshape(rows, columns // GROUP, GROUP)
    whole, zero, scale = rounded(grouped, bits)
    kind = openvino.Type.u4 if bits == 4 else openvino.Type.u8
    numbers = op.convert(_constant(whole, kind, kept), np.float16)
    zeros = op.convert(_constant(zero, kind, kept), np.float16)
    values = op.multiply(op.subtract(numbers, zeros), op.constant(scale.astype(np.float16)))
    flat = op.reshape(values, op.constant(np.array([rows, columns])), False)
    return op.convert(flat, np.float32)


def rounded(groups: np.ndarray, bits: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Whole numbers, zero points and scales; each group's range is cut as far as that lowers its squared error.

    Args:
        groups: weights, the last axis being a group.
        bits: of the whole numbers.

    Example:
        >>> whole, zero, scale = rounded(np.array([[[0.0, 1.0, 2.0, 15.0]]], np.float32), 4)
        >>> np.allclose((whole.astype(float) - zero) * scale, [[[0, 1, 2, 15]]])
        True
    """
    most = 2**bits - 1
    best = None
    for cut in (1.0, 0.92, 0.84, 0.76) if bits < 8 else (1.0,):
        low = np.minimum(groups.min(-1, keepdims=True), 0) * cut
        high = np.maximum(groups.max(-1, keepdims=True), 0) * cut
        scale = np.maximum((high - low) / most, 1e-8).astype(np.float16).astype(np.float32)
        scale = np.maximum(scale, 1e-7)
        zero = np.clip(np.round(-low / scale), 0, most)
        whole = np.clip(np.round(groups / scale) + zero, 0, most)
        wrong = (((whole - zero) * scale - groups) ** 2).sum(-1, keepdims=True)
        if best is None:
            best = [whole, zero, scale, wrong]
        else:
            better = wrong < best[3]
            best = [
                np.where(better, new, old) for new, old in zip((whole, zero, scale, wrong), best, strict=True)
            ]
    assert best is not None
    return best[0].astype(np.uint8), best[1].astype(np.uint8), best[2]


def _constant(values: np.ndarray, kind: Any, kept: list[np.ndarray]) -> Any:
    import openvino

    if kind == openvino.Type.u8:
        return openvino.op.Constant(values)
    flat = values.reshape(-1)
    packed = (flat[0::2] | (flat[1::2] << 4)).astype(np.uint8)
    kept.append(packed)
    tensor = openvino.Tensor(packed, openvino.Shape(values.shape), kind)
    return openvino.op.Constant(tensor)
