"""The direct baseline: picture and question straight to a vision model, its words read as an answer.

This is what programs are compared with (QVLM paper, section 5.1). A vision model guesses where a program
measures, so its answers say so.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from planimeter.coder.llm.client import ChatClient, Generation, Message, Reply
from planimeter.coder.llm.extract import without_reasoning
from planimeter.coder.llm.formats import AnswerFormat, answer_format, is_qualitative
from planimeter.coder.vlm.encode import MAX_SIDE, EncodedPicture, encode
from planimeter.coder.vlm.parse import ReadReply, parse_answer
from planimeter.errors import ModelError

if TYPE_CHECKING:
    from planimeter.raster import Scene

#: Section 5.1: reasoning is closed after 4,096 tokens, and 10 more are given for the answer.
PAPER_THINKING_BUDGET = 4096
ANSWER_TOKENS = 10
CLOSING = "</think>"
#: How vLLM is told to go on with the last message instead of starting a new one.
_CONTINUE = {"continue_final_message": True, "add_generation_prompt": False}

VISION_PROMPT_VERSION = 1
_MEASURE = "You are shown an overhead image, taken from a satellite or an aircraft, and asked about it."
_DESCRIBE = f"{_MEASURE} Answer in at most five plain sentences. Say only what can be seen."


@dataclass(frozen=True)
class LookedReply:
    """What a vision model answered.

    Attributes:
        answer: a number, "yes" or "no", a word, or for descriptions a text; None when the reply is not
            clearly one.
        type: "number", "yes/no", "category" or "text".
        unit: of a number.
        text: the visible reply.
        reasoning: what it thought aloud, where that is known.
        note: how the answer was read where that was not literal.
        closed: True when its reasoning passed the budget and was closed for it.
        model: as its server names it.
        writing: server, prompt, tokens, cost and seconds, as for programs.
    """

    answer: float | int | str | None
    type: str
    unit: str | None
    text: str
    reasoning: str
    note: str
    closed: bool
    model: str
    writing: dict[str, Any]


class VisionModel:
    """A vision model that answers questions about a scene by looking.

    Args:
        client: the model and its server.
        generation: how it is asked to generate.
        thinking_budget: reasoning tokens after which the closing token is appended and ``ANSWER_TOKENS`` more
            are given; None: never. Needs a server that continues a message, as vLLM does.
        max_side: pixels of the longer side of the picture sent.

    Example:
        >>> VisionModel(ChatClient("any-model", "http://localhost:8000/v1", cache=None)).name
        'any-model'
    """

    def __init__(
        self,
        client: ChatClient,
        generation: Generation | None = None,
        thinking_budget: int | None = None,
        max_side: int = MAX_SIDE,
    ) -> None:
        self.client = client
        self.name = client.model
        self.generation = generation or Generation()
        self.thinking_budget = thinking_budget
        self.max_side = max_side

    def look(self, scene: Scene, question: str) -> LookedReply:
        """Show the scene and ask.

        Args:
            scene: the image.
            question: as asked; one that asks for a description gets a text, any other an answer read
                strictly.

        Raises:
            SceneError: the scene cannot be read.
            ModelError: the server failed, or does not take pictures.
        """
        started = time.perf_counter()
        describe = is_qualitative(question)
        wanted = AnswerFormat("text") if describe else answer_format(question)
        picture = encode(scene, self.max_side)
        messages = _messages(picture, question, wanted)
        reply, closed = self._within_budget(messages)
        visible, reasoning = _split(reply)
        parsed = (
            ReadReply(visible)
            if describe and visible
            else None
            if describe
            else parse_answer(visible, wanted)
        )
        answer = parsed.answer if parsed else None
        is_number = isinstance(answer, int | float)
        kind = "text" if describe else "yes/no" if answer in ("yes", "no") else wanted.type
        return LookedReply(
            answer=answer,
            type="number" if is_number else kind,
            unit=wanted.unit if is_number else None,
            text=visible,
            reasoning=reasoning,
            note=parsed.note if parsed else "",
            closed=closed,
            model=self.name,
            writing={
                "server": self.client.shown_url,
                "prompt": f"vision-v{VISION_PROMPT_VERSION}",
                "picture": {"width": picture.width, "height": picture.height},
                "reply": reply.text[:4000],
                "thinking_closed": closed,
                "unsupported": list(reply.dropped),
                "prompt_tokens": reply.prompt_tokens,
                "completion_tokens": reply.completion_tokens,
                "cost": reply.cost,
                "seconds": round(time.perf_counter() - started, 3),
                "cached": reply.cached,
            },
        )

    def _within_budget(self, messages: list[Message]) -> tuple[Reply, bool]:
        """The reply, its reasoning closed where it passed the budget; and whether it was."""
        if self.thinking_budget is None:
            return self.client.chat(messages, self.generation), False
        thinking = replace(self.generation, max_tokens=self.thinking_budget)
        first = self.client.chat(messages, thinking)
        if first.finish_reason != "length":
            return first, False
        begun = _begun(first)
        answering = replace(self.generation, max_tokens=ANSWER_TOKENS)
        try:
            last = self.client.chat(
                [*messages, {"role": "assistant", "content": begun}], answering, _CONTINUE
            )
        except ModelError as error:
            raise ModelError(
                f"{self.name} passed its thinking budget of {self.thinking_budget} tokens, and its server "
                f"does not continue a message ({str(error).rstrip('.')}): use vLLM, or a larger "
                "--thinking-budget."
            ) from None
        return _joined(begun, first, last), True


def _messages(picture: EncodedPicture, question: str, wanted: AnswerFormat) -> list[Message]:
    scale = f"One pixel is {picture.gsd:.4g} m. " if picture.gsd else ""
    size = f"The picture is {picture.width} x {picture.height} pixels. {scale}"
    describes = wanted.type == "text"
    asked = f"{size}\nQuestion: {' '.join(question.split())}"
    return [
        {"role": "system", "content": _DESCRIBE if describes else _MEASURE},
        {
            "role": "user",
            "content": [
                {"type": "image_url", "image_url": {"url": picture.url, "detail": "high"}},
                {"type": "text", "text": asked if describes else f"{asked}\n{wanted.for_reader}"},
            ],
        },
    ]


def _begun(reply: Reply) -> str:
    """What a reply that ran out of tokens had written, with its reasoning closed."""
    if CLOSING in reply.text:
        return reply.text.rstrip()  # it had begun to answer
    if reply.reasoning and reply.text:
        return f"<think>\n{reply.reasoning.strip()}\n{CLOSING}\n\n{reply.text.rstrip()}"
    thought = re.sub(r"^\s*<think>\s*", "", reply.reasoning or reply.text)
    return f"<think>\n{thought.strip()}\n{CLOSING}"


def _joined(begun: str, first: Reply, last: Reply) -> Reply:
    """Both halves as one reply."""
    answer = (
        last.text or last.reasoning
    )  # a server that splits off reasoning may take the short answer for some
    return replace(
        last,
        text=f"{begun}\n{answer}" if begun.endswith(CLOSING) else begun + answer,
        reasoning="",  # it is in `begun`
        prompt_tokens=_sum(first.prompt_tokens, last.prompt_tokens),
        completion_tokens=_sum(first.completion_tokens, last.completion_tokens),
        cost=_sum(first.cost, last.cost),
        seconds=first.seconds + last.seconds,
        cached=first.cached and last.cached,
    )


def _split(reply: Reply) -> tuple[str, str]:
    """The visible reply and the reasoning, wherever the server put it."""
    visible = without_reasoning(reply.text)
    if reply.reasoning:
        return visible, reply.reasoning
    thought, closing, _ = reply.text.rpartition(CLOSING)
    return visible, re.sub(r"^\s*<think>\s*", "", thought).strip() if closing else ""


def _sum(first: Any, second: Any) -> Any:
    known = [value for value in (first, second) if value is not None]
    return sum(known) if known else None
