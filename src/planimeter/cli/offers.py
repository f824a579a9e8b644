"""Questions that a refusal offers, to be asked by their number where somebody sits at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from planimeter.errors import QuestionError

if TYPE_CHECKING:
    from planimeter.answer import Answer


def answered_or_offered(ask: Callable[[str], Answer], question: str) -> Answer:
    """The answer to a question; after a refusal, to one that it offers, if a person at the terminal picks one.

    Without a terminal on both sides, a refusal is an error as ever: no script waits for a person.

    Args:
        ask: answers one question.
        question: the first to ask.

    Raises:
        QuestionError: it is refused, and nobody can be asked or nothing is offered.
        SystemExit: it is refused, was told, and none of what is offered was wanted.
    """
    while True:
        try:
            return ask(question)
        except QuestionError as error:
            offers = getattr(error, "suggestions", ())
            if not offers or not (sys.stdin.isatty() and sys.stderr.isatty()):
                raise
            click.echo(f"planimeter: {error}", err=True)
            for number, offer in enumerate(offers, 1):
                click.echo(f"  {number}  {offer}", err=True)
            picked = click.prompt(
                "Number to ask (Enter: none)",
                type=click.IntRange(0, len(offers)),
                default=0,
                show_default=False,
                err=True,
            )
            if not picked:
                sys.exit(error.exit_code)
            question = offers[picked - 1]
