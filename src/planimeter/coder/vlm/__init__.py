"""The direct vision-language baseline: it looks where a program would measure."""

from planimeter.coder.vlm.baseline import ANSWER_TOKENS, PAPER_THINKING_BUDGET, Look, VisionModel
from planimeter.coder.vlm.encode import Picture, encode
from planimeter.coder.vlm.parse import Parsed, parse_answer

__all__ = [
    "ANSWER_TOKENS",
    "PAPER_THINKING_BUDGET",
    "Look",
    "Parsed",
    "Picture",
    "VisionModel",
    "encode",
    "parse_answer",
]
