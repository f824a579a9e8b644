"""From a checkpoint to what ships: two model files, scores, and their card."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import torch
from torch import nn

from planimeter.errors import ModelError
from planimeter.model_file import write_card, write_file
from planimeter.reason.embedded.card import PromptableCard, load_promptable_card
from planimeter.reason.embedded.segmenter import EmbeddedPromptable
from planimeter.reason.embedded.window import GRID, SIDE
from planimeter.segment.inference.card import load_card
from planimeter.train.checkpoint import load
from planimeter.train.export import halve_weights
from planimeter.train.promptable.backbone import features_inside
from planimeter.train.promptable.config import PromptableConfig
from planimeter.train.promptable.evaluate import PromptScore, evaluate_prompts, held_out_views, table
from planimeter.train.promptable.network import MAPS, PromptableNetwork
from planimeter.train.promptable.training import network_from

MOST_BYTES = 16 * 1024 * 1024  # of both files


class _Encoder(nn.Module):
    def __init__(self, network: PromptableNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, picture: torch.Tensor) -> torch.Tensor:
        return self.network.encode(picture)


class _Join(nn.Module):
    def __init__(self, encoder: Any) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, at8: torch.Tensor, at16: torch.Tensor, at32: torch.Tensor) -> torch.Tensor:
        features: torch.Tensor = self.encoder.join(at8, at16, at32)
        return features


class _Decoder(nn.Module):
    def __init__(self, network: PromptableNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(
        self, features: torch.Tensor, seen: torch.Tensor, maps: torch.Tensor, grid: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        logits, scores = self.network.decode(features, seen, maps, grid)
        return logits, scores.sigmoid()


def export_promptable(network: PromptableNetwork, backbone: bytes | None = None) -> tuple[bytes, bytes]:
    """A network as two ONNX files, encoder and decoder; weights in float16, computing in float32.

    Args:
        network: with its final weights.
        backbone: the model file of the segmenter whose encoder is the network's backbone; the network's encoder then
            goes on from features inside that graph, named by its inputs, and begins with the picture otherwise.

    Raises:
        ModelError: the files would be larger than what may ship, or the backbone is another.
    """
    network = network.eval().to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
    picture = torch.zeros(1, 64, 96, 3, dtype=torch.uint8)
    with torch.no_grad():
        features = network.encode(picture)
    seen = torch.zeros(2, SIDE, SIDE, 3, dtype=torch.uint8)
    maps, grid = torch.zeros(2, MAPS, SIDE, SIDE), torch.zeros(2, GRID, GRID, 2)
    result = {"features": {2: "h8", 3: "w8"}}
    if backbone is None:
        encoder = _onnx(_Encoder(network), (picture,), {"picture": {1: "h", 2: "w"}, **result}, 1)
    else:
        names, given = features_inside(backbone, network)
        sides = {name: {2: f"h{8 << k}", 3: f"w{8 << k}"} for k, name in enumerate(names)}
        encoder = _onnx(_Join(network.encoder), tuple(given), {**sides, **result}, len(names))
    decoder = _onnx(
        _Decoder(network),
        (features, seen, maps, grid),
        {
            "features": {2: "h8", 3: "w8"},
            **{name: {0: "n"} for name in ("seen", "maps", "grid", "logits", "scores")},
        },
        4,
    )
    if (size := len(encoder) + len(decoder)) > MOST_BYTES:
        raise ModelError(
            f"The model files would have {size / 2**20:.0f} MiB, and {MOST_BYTES / 2**20:.0f} may ship: make the "
            "network smaller in the configuration."
        )
    return encoder, decoder


def release_promptable(
    config: PromptableConfig,
    checkpoint: str | Path,
    folder: str | Path,
    command: str,
    report: Any = print,
) -> PromptableCard:
    """Export a checkpoint's averaged weights, score them on held-out pictures, and write the card.

    Args:
        config: the run's configuration.
        checkpoint: its ``final.pt`` or ``last.pt``. The card (JSON) of a model that was exported before stands for that
            model, which then goes on from the segmenter that ships now: another file of the same weights.
        folder: where the model files and the card go.
        command: how the weights were trained, for the card.
        report: takes a table of scores.

    Raises:
        ModelError: the checkpoint does not fit, or the files would be too large.
        UsageError: the data is not there.
    """
    if Path(checkpoint).suffix == ".json":
        before = load_promptable_card(checkpoint)
        if (before.backbone is not None) != config.shared:
            raise ModelError(
                f"{before.path.name} and the configuration differ in `shared`: give the one that it was exported with."
            )
        encoder, decoder = before.content(before.encoder), before.content(before.decoder)
        training = dict(before.record.get("training", {}))
    else:
        backbone = load_card().content if config.shared else None
        encoder, decoder = export_promptable(network_from(checkpoint, config), backbone)
        steps = load(checkpoint).get("step")  # averaged weights alone need not say
        drawn = {"steps": steps, "prompts": steps * config.images * config.per_image} if steps else {}
        training = {"date": date.today().isoformat(), **drawn, "command": command}
    views = held_out_views(config)  # before anything is written: a card may be scored anew in its own folder
    record: dict[str, Any] = {
        "training": training,
        "data": {name: source.licence for name, source in config.pictures.sources.items()}
        | {"worlds": "synthetic, made by Planimeter", "shapes": "synthetic, made by Planimeter"},
    }
    card = write_promptable(encoder, decoder, config, record, Path(folder))
    scores = evaluate_prompts(EmbeddedPromptable(card), views)
    report(table(scores))
    record = {"scores": _by_source(scores), **record}
    return write_promptable(encoder, decoder, config, record, Path(folder))


def write_promptable(
    encoder: bytes, decoder: bytes, config: PromptableConfig, record: dict[str, Any], folder: Path
) -> PromptableCard:
    """Write two model files and their card.

    Args:
        encoder: an ONNX file.
        decoder: likewise.
        config: names them, and says whose file the backbone is left to.
        record: what else the card says.
        folder: made when it does not exist.
    """
    folder.mkdir(parents=True, exist_ok=True)
    card: dict[str, Any] = {"name": config.name, "version": config.version}
    if config.shared:
        segmenter = load_card()
        card["backbone"] = {"file": segmenter.file, "sha256": segmenter.sha256, "bytes": segmenter.size}
    for part, content in (("encoder", encoder), ("decoder", decoder)):
        card[part] = write_file(folder / f"{config.name}-{part}.onnx", content)
    card |= {"longest": config.longest, **record}
    return load_promptable_card(write_card(folder / f"{config.name}.json", card))


def _by_source(scores: Sequence[PromptScore]) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for score in scores:
        found.setdefault(score.source, {"regions": score.regions})[score.way] = round(score.iou, 4)
    return found


def _onnx(module: nn.Module, example: tuple[Any, ...], axes: dict[str, dict[int, str]], inputs: int) -> bytes:
    import onnx

    names = list(axes)
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the older exporter says that it is the older one
        torch.onnx.export(
            module.eval(),
            example,
            buffer,  # type: ignore[arg-type]  # the older exporter takes an open file
            input_names=names[:inputs],
            output_names=names[inputs:],
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
    model = onnx.load_model_from_string(buffer.getvalue())
    halve_weights(model)
    onnx.checker.check_model(model)
    content: bytes = model.SerializeToString()
    return content
