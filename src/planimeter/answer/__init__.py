"""The answer and what it leaves behind for people to check: the picture, the shapes, the program and the trace."""

from __future__ import annotations

from planimeter.answer.answer import Answer, answer_by_looking, answer_from
from planimeter.answer.overlay import draw_overlay
from planimeter.answer.writer import write_evidence

__all__ = ["Answer", "answer_by_looking", "answer_from", "draw_overlay", "write_evidence"]
