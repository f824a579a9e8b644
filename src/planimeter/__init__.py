"""Planimeter: ask a question of a satellite or aerial image, get a measured answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"
__all__ = ["Answer", "__version__", "ask", "open_scene"]

if TYPE_CHECKING:
    from planimeter.answer import Answer
    from planimeter.ask import ask
    from planimeter.raster import open_scene


def __getattr__(name: str) -> object:
    # Names are loaded when first used, so that `import planimeter` stays fast.
    if name == "ask":
        from importlib import import_module

        return import_module("planimeter.ask")  # callable, see there
    if name == "Answer":
        from planimeter.answer import Answer

        return Answer
    if name == "open_scene":
        from planimeter.raster import open_scene

        return open_scene
    raise AttributeError(f"module 'planimeter' has no attribute {name!r}")
