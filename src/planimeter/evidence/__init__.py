"""What an answer leaves behind for people to check: the picture, the shapes, the program and the trace."""

from __future__ import annotations

from planimeter.evidence.overlay import draw_overlay
from planimeter.evidence.write import write_evidence

__all__ = ["draw_overlay", "write_evidence"]
