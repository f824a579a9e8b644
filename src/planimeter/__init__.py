"""Planimeter: ask a question of a satellite or aerial image, get a measured answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"
__all__ = ["Answer", "__version__", "ask", "open_scene"]

if TYPE_CHECKING:
    from planimeter.ask import Answer, ask
    from planimeter.raster import open_scene


def __getattr__(name: str) -> object:
    # Names are loaded when first used, so that `import planimeter` stays fast.
    if name in ("ask", "Answer"):
        from importlib import import_module

        return getattr(import_module("planimeter.ask"), name)
    if name == "open_scene":
        from planimeter.raster import open_scene

        return open_scene
    raise AttributeError(f"module 'planimeter' has no attribute {name!r}")
