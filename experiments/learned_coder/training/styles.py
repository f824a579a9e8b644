"""What a model is asked, and how its reply becomes a program: the small model's way, or that of large ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from learned_coder.coder.prompt import PROGRAM
from learned_coder.coder.slots import slotted
from learned_coder.training.questions import Worded


class Style(Protocol):
    """How questions and programs are put to a model."""

    @property
    def name(self) -> str:
        """As configurations call it."""
        ...

    def prompt(self, question: str) -> Any:
        """What the model is given: text, or a conversation."""
        ...

    def target(self, question: Worded) -> str:
        """What it should reply."""
        ...

    def program(self, reply: str, question: str) -> str:
        """The program in a reply."""
        ...


@dataclass(frozen=True)
class Compact:
    """The small model's style: numbers and topics are slots (``learned_coder.coder.slots``).

    Example:
        >>> Compact().prompt("How many ponds?")
        'how many <t1>?<program>'
    """

    name: str = "compact"

    def prompt(self, question: str) -> str:
        """The question with slots, and the mark that a program follows."""
        return slotted(question).text + PROGRAM

    def target(self, question: Worded) -> str:
        """The compact program with slots."""
        return slotted(question.text).empty(question.program)

    def program(self, reply: str, question: str) -> str:
        """The reply with its slots filled."""
        return slotted(question).fill(reply)


@dataclass(frozen=True)
class Chat:
    """A large model's style: the LLM coder's own prompt, a conversation; the reply may hold chatter and fences."""

    name: str = "llm"

    def prompt(self, question: str) -> list[dict[str, str]]:
        """System and user message, as ``planimeter ask --coder MODEL`` sends them."""
        from planimeter.coder import Request
        from planimeter.coder.llm.prompt import build_prompt
        from planimeter.vocabulary.topics import TOPICS

        return build_prompt(Request(question, TOPICS, 0.5)).messages()

    def target(self, question: Worded) -> str:
        """The compact program in a fence."""
        return f"```python\n{question.program}\n```"

    def program(self, reply: str, question: str) -> str:
        """The program taken out of the reply; the reply itself where there is none, which no check passes."""
        from planimeter.coder.llm.extract import extract_code

        return extract_code(reply) or reply


STYLES: dict[str, Style] = {"compact": Compact(), "llm": Chat()}
