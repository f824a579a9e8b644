"""Lets torchvision be imported beside a torch that its compiled operators were not built for.

timm, segmentation-models-pytorch and transformers import torchvision, of which nothing is used here. A torchvision
built for CUDA cannot load its operators beside a CPU-only torch, and its import then fails because a registration names
an operator that nobody declared. Declaring the names is enough; calling one would still fail.
"""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import torch

_declared: list[torch.library.Library] = []  # declarations live as long as these objects


def let_torchvision_load() -> None:
    """Declare torchvision's operators where its library does not fit the installed torch.

    Nothing happens where torchvision is whole, absent, or already imported.
    """
    found = importlib.util.find_spec("torchvision")
    if found is None or not found.submodule_search_locations or hasattr(torch.ops.torchvision, "nms"):
        return
    folder = Path(next(iter(found.submodule_search_locations)))
    for library in sorted(folder.glob("_C.*")):
        try:
            torch.ops.load_library(str(library))
        except OSError:  # built for another torch
            continue
        return
    registrations = (folder / "_meta_registrations.py").read_text(encoding="utf-8")
    declared = torch.library.Library("torchvision", "FRAGMENT")
    for name in sorted(set(re.findall(r'register_(?:meta|fake)\("(?:torchvision::)?(\w+)"', registrations))):
        declared.define(f"{name}(Tensor x) -> Tensor")
    _declared.append(declared)
