"""Where in the graph of the segmenter that ships a promptable segmenter's encoder finds its backbone's features."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from planimeter.errors import ModelError
from planimeter.train.promptable.network import PretrainedEncoder, PromptableNetwork, as_known

# Of the features. Weights of eight bits put them off by 0.01 to 0.06, of sixteen by 0.002; the next layer's are off by
# 0.25 or more, those of the ImageNet encoder that training started from by 0.5.
_SAME = 0.1


def features_inside(content: bytes, network: PromptableNetwork) -> tuple[list[str], list[torch.Tensor]]:
    """Names of the tensors of a segmenter's graph that are the features of a network's backbone.

    Args:
        content: the segmenter's model file (ONNX).
        network: whose backbone is meant to be that segmenter's encoder.

    Returns:
        names; the features that the backbone gives of an example, in the same order.

    Raises:
        ModelError: the backbone is another network, or has other weights.
    """
    picture = np.random.default_rng(0).integers(0, 256, (1, 64, 96, 3), np.uint8)
    wanted: Sequence[torch.Tensor] = ()
    if isinstance(network.encoder, PretrainedEncoder):
        with torch.no_grad():
            wanted = network.encoder.features(as_known(torch.from_numpy(picture)))
    channels = {feature.shape[1] for feature in wanted}
    found = _tensors(content, channels, picture) if wanted else {}
    names = [_nearest(feature.numpy(), found) for feature in wanted]
    if not names or None in names:
        raise ModelError(
            "The encoder's weights are not those of the segmenter that ships, so they cannot be left to its file: give "
            "its checkpoint as `start`, or say `shared: false`."
        )
    return [name for name in names if name is not None], list(wanted)


def _tensors(content: bytes, channels: set[int], picture: np.ndarray) -> dict[str, np.ndarray]:
    """Every plane of so many channels that a graph computes of a picture, by the name of its tensor."""
    import openvino

    core = openvino.Core()
    graph = core.read_model(content)
    names = [
        output.get_any_name()
        for op in graph.get_ordered_ops()
        for output in op.outputs()
        if output.get_names() and _fits(output.get_partial_shape(), channels)
    ]
    given = len(graph.outputs)
    graph.add_outputs(names)
    values = core.compile_model(graph, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})([picture])
    return {name: np.array(values[given + index]) for index, name in enumerate(names)}


def _fits(shape: Any, channels: set[int]) -> bool:
    ranked = shape.rank.is_static and shape.rank.get_length() == 4
    return bool(ranked and shape[1].is_static and shape[1].get_length() in channels and shape[2].is_dynamic)


def _nearest(feature: np.ndarray, found: dict[str, np.ndarray]) -> str | None:
    """The tensor that is the same but for rounding."""
    size = np.linalg.norm(feature)
    off = {
        name: float(np.linalg.norm(value - feature) / size)
        for name, value in found.items()
        if value.shape == feature.shape
    }
    best = min(off, key=off.__getitem__, default=None)
    return best if best is not None and off[best] < _SAME else None
