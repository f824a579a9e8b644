"""The coder that asks the model what the grammar could not follow, and believes it only where everything agrees."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from threading import Lock
from typing import Protocol

from planimeter.coder import Coder, Program, Request
from planimeter.coder.grammar.land import land_noted
from planimeter.coder.grammar.noted import waters_said
from planimeter.coder.grammar.parse import Parsed
from planimeter.coder.grammar.several import asked_before
from planimeter.coder.grammar.stories import last_question
from planimeter.coder.rewriter.account import unaccounted
from planimeter.coder.rewriter.cues import Cues, readable
from planimeter.coder.rewriter.heard import heard
from planimeter.coder.rewriter.model import LanguageModel, Writing, as_read
from planimeter.coder.rewriter.offered import offered, read_plainly
from planimeter.errors import NotUnderstood
from planimeter.segment.open import is_open

REFUSED = "not measurable"
"""What the model was taught to say of time, ownership, price, names, quality and the like."""
SAMPLES = 6
TEMPERATURE = 0.7


_TURN = Lock()
"""One wording at a time: the model uses all cores by itself."""


@cache
def shipped_model() -> LanguageModel:
    """The model that ships, opened when first asked for."""
    return LanguageModel()


class Writes(Protocol):
    """What the rewriter needs of a model (see ``LanguageModel``)."""

    def samples(self, text: str, count: int, temperature: float, seed: int = 0) -> list[Writing]: ...

    def backward(self, plain: str, wording: str) -> float: ...


@dataclass(frozen=True)
class Certainty:
    """How sure the model has to be.

    Attributes:
        agreeing: share of its samples that mean the same.
        refusing: share of its samples that may say that it cannot be measured.
        backward: mean logarithm of the probability of the wording's tokens, given the plain sentence.
        backward_of_all: the same where all samples agree: much talk around a question is unlikely by itself.
        strange: the least share of agreeing samples where the wording has words of which nothing is known.
    """

    agreeing: float = 0.5
    refusing: float = 0.0
    backward: float = -4.5
    backward_of_all: float = -7.0
    strange: float = 1.0


@dataclass(frozen=True)
class Rewriting:
    """What the model made of a wording.

    Attributes:
        plain: the plain sentence that most of its samples mean; "" where none can be read.
        agreeing: share of the samples that mean the same.
        refusing: share that says that it cannot be measured.
        backward: see ``Certainty``.
        against: what the plain sentence leaves out or adds; None where it says the same as the wording.
        taken: misspelt words, each with the word it was taken for.
        unknown: words of which nothing is known.
    """

    plain: str
    agreeing: float
    refusing: float
    backward: float = -math.inf
    against: str | None = None
    taken: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()

    def holds(self, certainty: Certainty) -> bool:
        """Whether it may be taken for what was asked."""
        return (
            bool(self.plain)
            and self.against is None
            and self.agreeing >= (certainty.strange if self.unknown else certainty.agreeing)
            and self.refusing <= certainty.refusing
            and self.backward >= (certainty.backward_of_all if self.agreeing == 1 else certainty.backward)
        )

    def offered(self) -> bool:
        """Whether it may be offered to who asked: most samples mean it."""
        return bool(self.plain) and 2 * self.agreeing >= 1 and 2 * self.refusing < 1


def rewriting(text: str, model: Writes, request: Request) -> Rewriting:
    """What the model makes of a wording, and what speaks against it.

    It is asked also where something speaks against any rewriting: what it says then may be offered, not answered.
    """
    found = heard(text)
    wording = as_read(found.text)
    samples = model.samples(wording, SAMPLES, TEMPERATURE)
    if not samples:
        return Rewriting("", 0.0, 0.0, against="its length")
    read = [None if sample.text == REFUSED else read_plainly(sample.text, request) for sample in samples]
    refusing = sum(sample.text == REFUSED for sample in samples) / len(samples)
    votes = Counter((one.meaning, one.unit) for one in read if one is not None)
    if not votes:
        return Rewriting("", 0.0, refusing, against=found.against or "no plain sentence")
    best: tuple[float, str, str | None] | None = None
    for meant, count in votes.most_common():
        place = next(n for n, one in enumerate(read) if one is not None and (one.meaning, one.unit) == meant)
        plain = samples[place].text
        differs = found.against if found.says is None else objection(found.says, plain, read[place])
        if differs is None or best is None:
            best = (count / len(samples), plain, differs)
            if differs is None:
                break
    assert best is not None
    agreeing, plain, differs = best
    against = differs if found.unknown else found.against or differs
    back = model.backward(plain, wording) if against is None else -math.inf
    return Rewriting(plain, agreeing, refusing, back, against, found.taken, found.unknown)


def objection(asked: Cues, plain: str, parsed: Parsed | None) -> str | None:
    """What speaks against a plain sentence, as a clause; None where it says what was asked."""
    said = readable(plain)
    if said is None or parsed is None:
        return "words that cannot be read"
    return unaccounted(asked, said, parsed.meaning)


class Rewriter:
    """The grammar, and behind it the model for what the grammar cannot follow.

    Args:
        grammar: the built-in coder; it alone writes programs.
        model: opened when the grammar first cannot follow; None for the one that ships.
        certainty: how sure the model has to be.
    """

    name = "rewriter"

    def __init__(
        self, grammar: Coder, model: Writes | None = None, certainty: Certainty | None = None
    ) -> None:
        self.grammar = grammar
        self.certainty = certainty or Certainty()
        self._model = model

    def write(self, request: Request) -> Program:
        """The program for a request.

        Raises:
            NotUnderstood: the question cannot be read, nor said in plain words that say the same.
            NotMeasurable: the topics at hand cannot answer it.
        """
        try:
            return self.grammar.write(request)
        except NotUnderstood as error:
            if not error.unfollowed or is_open(request.topics) or asked_before(request.text):
                raise
            refusal = error
        asked, told = last_question(request.text) or (request.text, ())
        with _TURN:
            made = rewriting(asked, self._model or shipped_model(), request)
        if not made.holds(self.certainty):
            likely = made.plain if made.offered() else ""
            understood = (
                f' It may mean "{likely}"; if so, ask that.' if likely and made.against is None else ""
            )
            offers = offered(likely, refusal.suggestions, request, self.grammar)
            raise NotUnderstood(f"{refusal}{understood}", suggestions=offers) from None
        program = self.grammar.write(replace(request, text=made.plain))
        taken = "".join(f' "{typed}" was taken for "{word}".' for typed, word in made.taken)
        if made.unknown:
            words = " and ".join(f'"{word}"' for word in made.unknown)
            taken += f" {words} {'were' if len(made.unknown) > 1 else 'was'} taken to narrow nothing."
        taken += "".join(f' Left aside: "{sentence}".' for sentence in told)
        read = read_plainly(made.plain, request)
        notes: tuple[str, ...] = ()
        if read is not None:
            land = land_noted(request.text, read.meaning, tuple(request.topics))
            notes = (*land, *waters_said(request.text, read.meaning))
        reading = " ".join((f'Understood as: "{made.plain}". {program.reading}{taken}', *notes))
        return replace(
            program,
            reading=reading,
            coder=self.name,
            writing={**program.writing, "understood_as": made.plain},
        )
