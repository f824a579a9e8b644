"""The language-model coder: any OpenAI-compatible server writes programs for the program API."""

from planimeter.coder.llm.cache import ReplyCache
from planimeter.coder.llm.client import ChatClient, Generation, Reply
from planimeter.coder.llm.coder import Attempt, LanguageCoder
from planimeter.coder.llm.extract import extract_code, without_reasoning
from planimeter.coder.llm.formats import AnswerFormat, answer_format
from planimeter.coder.llm.prompt import (
    MAX_PROMPT_TOKENS,
    PROMPT_VERSION,
    ChatPrompt,
    build_prompt,
    estimate_tokens,
)

__all__ = [
    "MAX_PROMPT_TOKENS",
    "PROMPT_VERSION",
    "AnswerFormat",
    "Attempt",
    "ChatClient",
    "ChatPrompt",
    "Generation",
    "LanguageCoder",
    "Reply",
    "ReplyCache",
    "answer_format",
    "build_prompt",
    "estimate_tokens",
    "extract_code",
    "without_reasoning",
]
