"""Synthetic scenes with exact truth."""

from planimeter.worlds.world import World, make_world

__all__ = ["World", "make_world"]
