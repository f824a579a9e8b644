"""The learned coder: it writes what the grammar cannot read, and keeps silent where it is not sure."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from learned_coder.coder.card import Card, load_card
from learned_coder.coder.consistent import contradiction
from learned_coder.coder.network import Network
from learned_coder.coder.prompt import LONGEST, PROGRAM
from learned_coder.coder.slots import slotted
from learned_coder.coder.tokens import Tokens

from planimeter.coder import Coder, Program, Request
from planimeter.errors import NotUnderstood
from planimeter.program import check_program

NAME = "learned"
CAUTION = (
    "A small learned model wrote this program, because the built-in coder did not understand the question: read the "
    "program, or ask in plainer words."
)
_WORDS = {"# yes/no": "yes/no", "# category": "category"}


class LearnedCoder:
    """Writes programs with a small language model of its own, offline.

    A program is accepted when it passes the static check, comes out the same from a second sample, is nowhere less
    sure than the card asks, and says what the question says (``consistent``).

    Args:
        card: path of a model's card; None for the model that ships with Planimeter.

    Raises:
        ModelError: the model is missing or damaged.
    """

    name = NAME

    def __init__(self, card: str | Path | Card | None = None) -> None:
        self.card = card if isinstance(card, Card) else load_card(card)
        self._tokens = Tokens(self.card.path.parent / self.card.tokenizer)
        self._network = Network(self.card)

    def write(self, request: Request) -> Program:
        """The program for a request.

        Raises:
            NotUnderstood: the model is not sure enough, or its program does not fit the question.
        """
        if len(request.text) > LONGEST:
            raise _unsure("the question is long")
        drafts, least = self.drafts(request.text)
        if drafts[0].startswith("# refused"):
            raise _unsure("it asks for something that masks do not show")
        if any(other != drafts[0] for other in drafts[1:]):
            raise _unsure("two samples differ")
        if least < self.card.least:
            raise _unsure("the model is not sure")
        problem = contradiction(request.text, drafts[0])
        if problem is not None:
            raise _unsure(f"program and question differ in {problem}")
        text = slotted(request.text).fill(drafts[0])
        if check_program(text):
            raise _unsure("its program does not pass the check")
        first = text.split("\n", 1)[0]
        unit = first.removeprefix("# unit: ") if first.startswith("# unit: ") else None
        return Program(
            text=text + "\n",
            coder=NAME,
            type="number" if unit else _WORDS.get(first, "number"),
            unit=unit,
            reading="Read by a learned model; what was measured is in the program.",
            writing={
                "cautions": [CAUTION],
                "model": self.card.version,
                "samples": len(drafts),
                "least": round(least, 4),
            },
        )

    def drafts(self, question: str) -> tuple[list[str], float]:
        """The likeliest program and the samples, with their slots, and the probability of the first's least sure token.

        Args:
            question: as typed.
        """
        numbers = self._tokens.encode(slotted(question).text + PROGRAM)
        drafts = self._network.write(numbers, self._tokens.end, self.card.samples, self.card.temperature)
        texts = [self._tokens.decode(list(one.tokens)) if one.ended else "" for one in drafts]
        return texts, drafts[0].least if drafts[0].ended else 0.0


class WithLearned:
    """A coder with the learned one behind it, for what the first does not understand.

    Args:
        first: asked first; its refusals stand where the learned coder is not sure either.
        learned: makes the learned coder when it is first needed.
    """

    def __init__(self, first: Coder, learned: Any = None) -> None:
        self.name = first.name
        self._first = first
        self._learned = learned or shipped_coder

    def write(self, request: Request) -> Program:
        """The program of the first that understands.

        Raises:
            NotUnderstood: neither does; the first coder's words.
            PlanimeterError: as the coders raise.
        """
        try:
            return self._first.write(request)
        except NotUnderstood as refusal:
            try:
                program: Program = self._learned().write(request)
            except NotUnderstood:
                raise refusal from None
            reason = f"the built-in coder did not understand: {str(refusal).rstrip('.')}"
            route = {"route": {"coder": NAME, "reason": reason}}
            return replace(program, writing={**route, **program.writing})


@cache
def shipped_coder() -> LearnedCoder:
    """The learned coder that ships with Planimeter, opened once."""
    return LearnedCoder()


def _unsure(why: str) -> NotUnderstood:
    return NotUnderstood(
        f'The learned coder has no program that it can stand for: {why}. Ask in plainer words, such as "How many '
        'buildings are within 50 m of water?".'
    )
