"""transformers imports torchvision; where that was built for another torch, it has to be helped before."""

from __future__ import annotations

import importlib.util

if importlib.util.find_spec("torch") is not None:
    from planimeter.segment.torchvision import let_torchvision_load

    let_torchvision_load()
