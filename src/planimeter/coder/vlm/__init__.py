"""The direct vision-language baseline: it looks where a program would measure."""

from planimeter.coder.vlm.baseline import ANSWER_TOKENS, PAPER_THINKING_BUDGET, LookedReply, VisionModel
from planimeter.coder.vlm.encode import EncodedPicture, encode
from planimeter.coder.vlm.parse import ReadReply, parse_answer

__all__ = [
    "ANSWER_TOKENS",
    "PAPER_THINKING_BUDGET",
    "EncodedPicture",
    "LookedReply",
    "ReadReply",
    "VisionModel",
    "encode",
    "parse_answer",
]
