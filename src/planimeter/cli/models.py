"""The options that say who writes the program, and how language and vision models are reached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import wraps
from typing import Any

import click

from planimeter.cli.options import ListingOption, with_options
from planimeter.coder.find import ModelOptions


def model_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of ``ModelOptions`` to a command, which receives them as one ``models``.

    ``--coder`` arrives as ``coder``.
    """
    names = [entry.name for entry in fields(ModelOptions)]

    @wraps(command)
    def gathered(**given: Any) -> Any:
        given["cache"] = not given.pop("no_cache")
        given["max_tokens"] = given["max_tokens"] or None
        given["models"] = ModelOptions(**{name: given.pop(name) for name in names})
        return command(**given)

    return with_options(gathered, *_OPTIONS)


_OPTIONS = (
    click.option(
        "--coder",
        cls=ListingOption,
        listing="planimeter.coder.find:CODERS.written",
        metavar="NAME|MODEL",
        help="Who writes the program: {names} or the name of a language model. rewriter is the default; auto has "
        "--model behind it; with vision there is no program, --vision looks.",
    ),
    click.option(
        "--base-url",
        metavar="URL",
        help="An OpenAI-compatible server, e.g. http://localhost:8000/v1. Keys come from "
        "PLANIMETER_API_KEY or OPENAI_API_KEY.",
    ),
    click.option(
        "--model",
        metavar="MODEL",
        help="The language model for --coder auto and for --verify [PLANIMETER_MODEL].",
    ),
    click.option(
        "--vision",
        metavar="MODEL",
        help="The vision model for questions that ask for a description [PLANIMETER_VISION_MODEL].",
    ),
    click.option("--vision-url", metavar="URL", help="Its server, where that is another."),
    click.option(
        "--max-repairs",
        type=click.IntRange(0, 10),
        default=2,
        show_default=True,
        help="How often an error goes back to the model.",
    ),
    click.option(
        "--max-tokens",
        type=click.IntRange(0),
        default=4096,
        show_default=True,
        help="Tokens of a reply, reasoning included; 0 leaves it to the server.",
    ),
    click.option(
        "--reasoning-effort", metavar="LEVEL", help="For models that reason: minimal, low, medium, high."
    ),
    click.option(
        "--temperature",
        type=click.FloatRange(0, 2),
        default=0.0,
        show_default=True,
        help="Left out where a server does not support it.",
    ),
    click.option(
        "--thinking-budget",
        type=click.IntRange(1),
        metavar="TOKENS",
        help="Close a vision model's reasoning after so many tokens (needs vLLM).",
    ),
    click.option(
        "--timeout",
        type=click.FloatRange(min=0, min_open=True),
        default=300.0,
        show_default=True,
        help="Seconds to wait for a model's reply.",
    ),
    click.option(
        "--full-python",
        is_flag=True,
        help="Let programs that the sandbox cannot run go to a confined CPython.",
    ),
    click.option("--no-cache", is_flag=True, help="Ask the model even where its reply is on disk."),
)
