"""The language-model coder: prompt, reply, program, check, and the error that goes back where it is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from planimeter.coder import Program, Request
from planimeter.coder.llm.client import ChatClient, Generation, Message, Reply
from planimeter.coder.llm.extract import extract_code
from planimeter.coder.llm.formats import stated_unit
from planimeter.coder.llm.prompt import ChatPrompt, build_prompt, repair_message
from planimeter.errors import CheckFailed, NotUnderstood, PlanimeterError
from planimeter.program import check_program

MAX_QUESTION = 2_000  # characters
_MAX_PROBLEMS = 5  # sent back at once
_LONGEST_ERROR = 1_500  # characters sent back


@dataclass(frozen=True)
class Attempt:
    """One program that a model wrote, and what became of it.

    Attributes:
        program: its text; empty when the reply held none.
        error: why it was not used; None for the one that was.
        prompt_tokens: as the server counts them; None where it does not.
        completion_tokens: likewise, reasoning included.
        reasoning_tokens: likewise.
        cost: where the server reports it.
        seconds: time waited; 0 from the cache.
        cached: True when the reply came from disk.
        finish_reason: "stop", "length", …
    """

    program: str
    error: str | None
    prompt_tokens: int | None
    completion_tokens: int | None
    reasoning_tokens: int | None
    cost: float | None
    seconds: float
    cached: bool
    finish_reason: str


class LanguageCoder:
    """A coder behind an OpenAI-compatible server.

    Args:
        client: the model and its server.
        generation: how it is asked to generate.
        max_repairs: how often, in all, an error goes back to it for one question.
        full_python: programs may use what only the second tier has, so the check lets it pass.

    Example:
        >>> LanguageCoder(ChatClient("any-model", "http://localhost:8000/v1", cache=None)).name
        'any-model'
    """

    def __init__(
        self,
        client: ChatClient,
        generation: Generation | None = None,
        max_repairs: int = 2,
        full_python: bool = False,
    ) -> None:
        self.client = client
        self.name = client.model
        self.generation = generation or Generation()
        self.max_repairs = max_repairs
        self.full_python = full_python

    def write(self, request: Request) -> Program:
        """The program for a request, repaired until the static check passes.

        Raises:
            NotUnderstood: the question is too long to be one.
            ModelError: the server failed.
            CheckFailed: no attempt passed the check.
        """
        if len(request.text) > MAX_QUESTION:
            raise NotUnderstood(f"The question is longer than {MAX_QUESTION} characters: ask a shorter one.")
        return self._write(request, [], None)

    def repair(self, request: Request, program: Program, error: PlanimeterError) -> Program:
        """Another program for a request, given the error that the first one ended with in the sandbox.

        Raises:
            PlanimeterError: ``error`` itself, when all repairs are used up; otherwise as ``write``.
        """
        attempts = [Attempt(**attempt) for attempt in program.writing["attempts"]]
        if len(attempts) > self.max_repairs:
            raise error
        attempts[-1] = Attempt(**{**asdict(attempts[-1]), "error": str(error)})
        return self._write(request, attempts, str(error))

    def _write(self, request: Request, attempts: list[Attempt], error: str | None) -> Program:
        prompt = build_prompt(request)
        while True:
            reply = self.client.chat(self._messages(prompt, attempts, error), self.generation)
            text = extract_code(reply.text) or ""
            error = self._what_is_wrong(text, reply, request.topics)
            attempts.append(_attempt(text, error, reply))
            if error is None:
                return self._program(prompt, text, attempts, reply)
            if len(attempts) > self.max_repairs:
                raise CheckFailed(
                    f"{self.name} wrote no usable program in {len(attempts)} attempt(s); the last one failed "
                    f"with: {error.splitlines()[0][:300].rstrip('.?')}. Try another model, more "
                    "--max-tokens or --coder builtin."
                )

    def _messages(self, prompt: ChatPrompt, attempts: Sequence[Attempt], error: str | None) -> list[Message]:
        """The question and, where there is one, the last program with its error; no longer history."""
        messages: list[Message] = list(prompt.messages())
        if attempts and error:
            last = attempts[-1].program or "(no program)"
            messages.append({"role": "assistant", "content": last})
            messages.append({"role": "user", "content": repair_message(error[:_LONGEST_ERROR])})
        return messages

    def _what_is_wrong(self, text: str, reply: Reply, topics: tuple[str, ...]) -> str | None:
        """Why a reply cannot be run, in words a model can act on; None when it can."""
        cut = reply.finish_reason == "length"
        if not text:
            return (
                "the reply was cut off before any program; write a short program at once"
                if cut
                else ("the reply held no Python program")
            )
        problems = [str(problem) for problem in check_program(text, topics, self.full_python)]
        if problems:
            note = ["the reply was cut off; write a shorter program"] if cut else []
            return "\n".join(note + problems[:_MAX_PROBLEMS])
        return None

    def _program(self, prompt: ChatPrompt, text: str, attempts: list[Attempt], reply: Reply) -> Program:
        return Program(
            text=text,
            coder=self.name,
            type=prompt.wanted.type,
            unit=stated_unit(text, prompt.wanted),
            reading="",
            writing={
                "server": self.client.shown_url,
                "prompt": prompt.version,
                "generation": asdict(self.generation),
                "unsupported": list(reply.dropped),
                "attempts": [asdict(attempt) for attempt in attempts],
                "prompt_tokens": _total([attempt.prompt_tokens for attempt in attempts]),
                "completion_tokens": _total([attempt.completion_tokens for attempt in attempts]),
                "cost": _total([attempt.cost for attempt in attempts]),
                "seconds": round(sum(attempt.seconds for attempt in attempts), 3),
            },
        )


def _attempt(text: str, error: str | None, reply: Reply) -> Attempt:
    return Attempt(
        program=text,
        error=error,
        prompt_tokens=reply.prompt_tokens,
        completion_tokens=reply.completion_tokens,
        reasoning_tokens=reply.reasoning_tokens,
        cost=reply.cost,
        seconds=reply.seconds,
        cached=reply.cached,
        finish_reason=reply.finish_reason,
    )


def _total(values: Sequence[Any]) -> Any:
    """The sum of what was reported; None when nothing was."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None
