"""Who answers: what can be measured goes to a program, what can only be described goes to a vision model.

The paper names such routing as future work (conclusion). Every decision carries its reason into the answer.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from planimeter.coder import Coder, Program, Request
from planimeter.coder.llm.formats import is_qualitative
from planimeter.coder.repair import Repairs
from planimeter.errors import NotMeasurable, NotUnderstood, PlanimeterError

if TYPE_CHECKING:
    from planimeter.coder.vlm import VisionModel


@runtime_checkable
class Looks(Protocol):
    """A coder that leaves some questions to a vision model."""

    def looks_at(self, question: str) -> tuple[VisionModel, str] | None:
        """The vision model for a question, and why it is asked; None where a program is to be written."""
        ...


class Router:
    """``--coder auto``: the built-in coder where it understands, a language model where it does not.

    Args:
        builtin: asked first.
        language: asked where ``builtin`` does not understand; None when no model is configured.
        vision: asked what cannot be measured; None when no model is configured.

    Example:
        >>> from planimeter.coder import builtin_coder
        >>> Router(builtin_coder()).looks_at("How many ponds are there?") is None
        True
    """

    name = "auto"

    def __init__(
        self, builtin: Coder, language: Coder | None = None, vision: VisionModel | None = None
    ) -> None:
        self.builtin = builtin
        self.language = language
        self.vision = vision

    def looks_at(self, question: str) -> tuple[VisionModel, str] | None:
        """The vision model for a question that cannot be measured, and why; None for all others.

        Raises:
            NotMeasurable: the question wants a description and no vision model is configured.
        """
        if not is_qualitative(question):
            return None
        if self.vision is None:
            raise NotMeasurable(
                "This asks for a description, and nothing here describes: ask how many, how much or "
                "how far, or name a vision model with --vision MODEL."
            )
        return self.vision, "the question asks for a description, which no measurement gives"

    def write(self, request: Request) -> Program:
        """The program of the first coder that understands; ``writing["route"]`` says which and why.

        Raises:
            NotUnderstood: no coder understands.
            PlanimeterError: as the coders raise.
        """
        try:
            program = self.builtin.write(request)
        except NotUnderstood as error:
            if self.language is None:
                raise NotUnderstood(
                    f"{str(error).rstrip()} A language model may understand more: name one with "
                    "--model MODEL.",
                    suggestions=error.suggestions,
                ) from None
            reason = f"the built-in coder did not understand: {str(error).rstrip('.')}"
            return _routed(self.language.write(request), self.language.name, reason)
        return _routed(program, self.builtin.name, "the built-in coder understood the question")

    def repair(self, request: Request, program: Program, error: PlanimeterError) -> Program:
        """A repaired program from the language model that wrote the first one.

        Raises:
            PlanimeterError: ``error`` itself when the writer cannot repair.
        """
        if (
            self.language is None
            or program.coder != self.language.name
            or not isinstance(self.language, Repairs)
        ):
            raise error
        route = program.writing["route"]
        return _routed(self.language.repair(request, program, error), route["coder"], route["reason"])


class VisionOnly:
    """``--coder vision``: every question straight to a vision model, the baseline that programs are compared
    with.

    Args:
        vision: the model.
    """

    name = "vision"

    def __init__(self, vision: VisionModel) -> None:
        self.vision = vision

    def looks_at(self, question: str) -> tuple[VisionModel, str]:
        """The vision model, for every question, and why."""
        return self.vision, "asked for with --coder vision: the answer was read off the picture, not measured"

    def write(self, request: Request) -> Program:
        """Nothing: it writes no programs.

        Raises:
            NotMeasurable: always.
        """
        raise NotMeasurable(
            "A vision model writes no program: use --coder builtin, auto or a language model."
        )


def _routed(program: Program, coder: str, reason: str) -> Program:
    route: dict[str, Any] = {"route": {"coder": coder, "reason": reason}}
    return replace(program, writing={**route, **program.writing})
