"""The trained segmenter as the eyes of a prompter: one graph from a picture to image tokens."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from planimeter.reason.overhead import OverheadConfig, OverheadTower
from planimeter.train.checkpoint import network_from
from planimeter.train.config import load_config
from planimeter.train.export import halve_weights
from planimeter.train.network import UNet

PATCH = 64  # pixels a side of what one token of the grid stands for
_STRIDE = 32  # of the encoder
STEP = 20  # thousandths between the places that are tokens


class Eyes(nn.Module):
    """Tokens of a picture: what the encoder makes of it at strides 32 and 16, the class map at stride 8, and the place.

    The place is the token's column and row, one of the last channels each: a language model that is told no place of a
    token but its turn does not learn where things are (docs/experiments/prompter.md).

    Args:
        network: a trained segmenter.

    Example:
        >>> tiny = UNet(classes=2, dims=(8, 8, 8, 8), depths=(1, 1, 1, 1), decoder=(8, 8, 8)).eval()
        >>> [tuple(made.shape) for made in Eyes(tiny)(torch.zeros(1, 3, 64, 128))]
        [(1, 2, 75), (1, 2, 64, 128)]
    """

    mean: torch.Tensor
    spread: torch.Tensor

    def __init__(self, network: UNet) -> None:
        super().__init__()
        self.network = network
        self.register_buffer("mean", torch.zeros(1))
        self.register_buffer("spread", torch.ones(1))

    def forward(self, picture: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """(N, 3, H, W), -1 to 1, to (N, H / 64 · W / 64, channels), row by row, and (N, classes, H, W) logits."""
        network = self.network
        features = network.encoder(picture)
        taken = [features[index] for index in network._taken]
        logits = network.shuffle(network.head(network.decoder([picture, *taken])))
        classes = functional.avg_pool2d(logits.sigmoid(), 8)
        planes = torch.cat(
            [taken[-1], functional.pixel_unshuffle(taken[-2], 2), functional.pixel_unshuffle(classes, 4)], 1
        )
        # What tells regions apart is said by the regions' own tokens; a fine grid would double a question's cost.
        planes = functional.avg_pool2d(planes, PATCH // _STRIDE)
        tokens = (planes.flatten(2).transpose(1, 2) - self.mean) / self.spread
        rows, columns = planes.shape[2], planes.shape[3]
        place = torch.cat(
            [torch.eye(columns).repeat(rows, 1), torch.eye(rows).repeat_interleave(columns, 0)], 1
        )
        whole = place + torch.zeros_like(tokens[..., :1])  # of as many pictures, in the exported graph too
        return torch.cat([tokens, whole], 2), logits


def eyes_of(
    checkpoint: str | Path, configuration: str | Path, pictures: Sequence[np.ndarray], side: int
) -> OverheadTower:
    """The eyes that a segmenter's checkpoint gives, each channel brought to mean 0 and spread 1.

    Args:
        checkpoint: of a segmenter.
        configuration: that it was trained with.
        pictures: (side, side, 3) uint8 to learn means and spreads from.
        side: pixels a side of what they will look at, a multiple of ``PATCH``.
    """
    known_as = load_config(configuration)
    eyes = Eyes(network_from(checkpoint, known_as)).eval()
    with torch.no_grad():
        seen = torch.cat([eyes(as_input(picture))[0] for picture in pictures]).flatten(0, 1)
    known = seen.shape[1] - 2 * (side // PATCH)  # channels that are not places
    eyes.mean = seen[:, :known].mean(0)
    eyes.spread = seen[:, :known].std(0).clamp(min=0.02)
    graph = _graph(eyes, side)
    config = OverheadConfig(
        hidden_size=known,
        image_size=side,
        patch_size=PATCH,
        graph_bytes=len(graph),
        land=known_as.land,
        objects=list(known_as.objects),
        step=STEP,
    )
    config.hidden_size += config.channels.count
    tower = OverheadTower(config)
    tower.graph.copy_(torch.frombuffer(bytearray(graph), dtype=torch.uint8))
    return tower


def as_input(picture: np.ndarray) -> torch.Tensor:
    """(H, W, 3) uint8 as (1, 3, H, W) float32, -1 to 1."""
    return torch.from_numpy(picture).permute(2, 0, 1)[None].float() / 127.5 - 1


def _graph(eyes: Eyes, side: int) -> bytes:
    import onnx

    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the older exporter says that it is the older one
        torch.onnx.export(
            eyes,
            (torch.zeros(2, 3, side, side),),
            buffer,  # type: ignore[arg-type]  # the older exporter takes an open file
            input_names=["picture"],
            output_names=["tokens", "logits"],
            dynamic_axes={"picture": {0: "n"}, "tokens": {0: "n"}, "logits": {0: "n"}},
            opset_version=17,
            dynamo=False,
        )
    model = onnx.load_model_from_string(buffer.getvalue())
    halve_weights(model)
    content: bytes = model.SerializeToString()
    return content
