"""From a name to a coder."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planimeter.coder import Coder, builtin_coder
from planimeter.errors import UsageError, did_you_mean
from planimeter.registry import Entry, Registry

if TYPE_CHECKING:
    from planimeter.coder.vlm import VisionModel


BUILTIN = "builtin"
REWRITER = "rewriter"
DEFAULT = REWRITER

#: What makes a coder of this package is called with the ``ModelOptions``; what another package brings, as "name" or
#: "name:rest", is called with the rest and the options.
CODERS = Registry(
    "planimeter.coders",
    [
        Entry(
            BUILTIN,
            "builtin",
            "a grammar: offline, deterministic, says no rather than guess",
            "planimeter.coder.find:grammar_coder",
        ),
        Entry(
            REWRITER,
            "rewriter",
            "the grammar; what it cannot follow, a small language model first says in plain words",
            "planimeter.coder.find:rewriting_coder",
        ),
        Entry(
            "auto",
            "auto",
            "the built-in coder where it understands, models where it does not",
            "planimeter.coder.find:routed_coder",
        ),
        Entry(
            "vision",
            "vision",
            "a vision model that looks at the picture and answers without a program",
            "planimeter.coder.find:looking_coder",
        ),
    ],
)


@dataclass(frozen=True)
class ModelOptions:
    """How models are reached and asked; the defaults do for a local server.

    Attributes:
        base_url: an OpenAI-compatible server; None: ``PLANIMETER_BASE_URL``, else ``OPENAI_BASE_URL``, else OpenAI
            for ``model`` and ``vision``; a coder's name that is a model's needs one of the three.
        model: the language model that "auto" turns to; None: ``PLANIMETER_MODEL``.
        vision: the vision model for what cannot be measured; None: ``PLANIMETER_VISION_MODEL``.
        vision_url: its server, where it is another; None: ``PLANIMETER_VISION_URL``, else ``base_url``.
        max_repairs: how often, in all, an error goes back to the model.
        max_tokens: tokens a reply may have, reasoning included; None leaves it to the server.
        reasoning_effort: for models that reason: "minimal", "low", "medium", "high".
        temperature: 0 for the likeliest program; None leaves it to the server.
        thinking_budget: tokens after which a vision model's reasoning is closed for it; None: never.
        timeout: seconds to wait for one reply.
        cache: keep replies on disk and reuse them.
        full_python: let programs that need more of Python than the sandbox has run in a confined CPython.
    """

    base_url: str | None = None
    model: str | None = None
    vision: str | None = None
    vision_url: str | None = None
    max_repairs: int = 2
    max_tokens: int | None = 4096
    reasoning_effort: str | None = None
    temperature: float | None = 0.0
    thinking_budget: int | None = None
    timeout: float = 300.0
    cache: bool = True
    full_python: bool = False

    def resolved_url(self) -> str | None:
        return self.base_url or os.environ.get("PLANIMETER_BASE_URL")


def find_coder(
    wanted: Coder | str | None = None, options: ModelOptions | None = None, *, base_url: str | None = None
) -> Coder:
    """The coder that a name stands for.

    Args:
        wanted: a coder; None or "rewriter" for the built-in one with the small model behind it; "builtin" for the
            grammar alone; "auto" for the built-in one with a language
            model behind it; "vision" for a vision model that answers without any program; a name that another
            package brings (see ``CODERS``); or a language model's name.
        options: how models are reached and asked.
        base_url: short for ``ModelOptions(base_url=…)``.

    Raises:
        UsageError: the name says nothing, is no coder's and comes without a server, or is "vision" without a vision
            model.

    Example:
        >>> find_coder("auto").name
        'auto'
        >>> find_coder("llama3.1:8b", base_url="http://localhost:11434/v1").name
        'llama3.1:8b'
    """
    if not isinstance(wanted, str) and wanted is not None:
        return wanted
    chosen = options or ModelOptions(base_url=base_url)
    name = wanted if wanted is not None else DEFAULT
    if not name.strip() or len(name) > 300 or not name.isprintable():
        raise UsageError(f"--coder names no coder: use {CODERS.written()} or the name of a language model.")
    if name in CODERS.own:
        own: Coder = CODERS.own[name].load()(chosen)
        return own
    kind, _, rest = name.partition(":")
    entry = None if kind in CODERS.own else CODERS.find(kind)
    if entry is not None:
        brought: Coder = entry.load()(rest, chosen)
        return brought
    if not (chosen.resolved_url() or os.environ.get("OPENAI_BASE_URL")):
        raise UsageError(_no_server(name))
    return language_coder(name, chosen)


def _no_server(name: str) -> str:
    known = [entry.name for entry in CODERS.entries()]
    near = did_you_mean(name.lower(), known)
    meant = f" D{near[1:]}" if near else ""
    return (
        f'"{name}" is no coder: there are {CODERS.written()}.{meant} A language model of that name needs its server: '
        "give --base-url URL."
    )


def grammar_coder(options: ModelOptions) -> Coder:
    """The built-in coder; it needs no model."""
    return builtin_coder()


def rewriting_coder(options: ModelOptions) -> Coder:
    """The built-in coder with the small language model behind it."""
    from planimeter.coder.rewriter.rewriter import Rewriter

    return Rewriter(builtin_coder())


def routed_coder(options: ModelOptions) -> Coder:
    """The built-in coder with the models of the options, or of the environment, behind it."""
    from planimeter.coder.router import Router

    model = options.model or os.environ.get("PLANIMETER_MODEL")
    language = language_coder(model, options) if model else None
    return Router(builtin_coder(), language, vision_model(options))


def looking_coder(options: ModelOptions) -> Coder:
    """A vision model that answers without any program.

    Raises:
        UsageError: there is no vision model.
    """
    from planimeter.coder.router import VisionOnly

    vision = vision_model(options)
    if vision is None:
        raise UsageError("--coder vision needs a vision model: name it with --vision MODEL.")
    return VisionOnly(vision)


def language_coder(model: str, options: ModelOptions, *, second_sample: bool = False) -> Coder:
    """The coder of a language model.

    Args:
        model: as its server names it.
        options: how it is reached and asked.
        second_sample: sample at a temperature, so that it writes independently of its likeliest program.
    """
    from planimeter.coder.llm import ChatClient, Generation, LanguageCoder, ReplyCache

    client = ChatClient(
        model, options.resolved_url(), options.timeout, cache=ReplyCache() if options.cache else None
    )
    generation = Generation(
        temperature=0.7 if second_sample else options.temperature,
        max_tokens=options.max_tokens,
        reasoning_effort=options.reasoning_effort,
        seed=1 if second_sample else None,
    )
    coder = LanguageCoder(client, generation, options.max_repairs, options.full_python)
    if second_sample:
        coder.name = f"{model} (second sample)"
    return coder


def vision_model(options: ModelOptions) -> VisionModel | None:
    """The vision model of the options or the environment; None where neither names one."""
    name = options.vision or os.environ.get("PLANIMETER_VISION_MODEL")
    if not name:
        return None
    from planimeter.coder.llm import ChatClient, Generation, ReplyCache
    from planimeter.coder.vlm import VisionModel

    url = options.vision_url or os.environ.get("PLANIMETER_VISION_URL") or options.resolved_url()
    client = ChatClient(name, url, options.timeout, cache=ReplyCache() if options.cache else None)
    generation = Generation(options.temperature, options.max_tokens, options.reasoning_effort)
    return VisionModel(client, generation, options.thinking_budget)


def verifier(first: Coder, options: ModelOptions) -> Coder:
    """Who checks a coder's answer by writing a program of its own.

    The built-in coder is checked by the language model that is configured; a language model by the built-in
    coder, and where that does not understand the question, by a second sample of the model (see ``ask``).

    Raises:
        UsageError: only the built-in coder is there, or no program is written at all.
    """
    from planimeter.coder.llm import LanguageCoder
    from planimeter.coder.router import Router, VisionOnly

    if isinstance(first, VisionOnly):
        raise UsageError("--verify compares programs, and --coder vision writes none: leave one of them out.")
    model = options.model or os.environ.get("PLANIMETER_MODEL")
    if isinstance(first, LanguageCoder):
        from planimeter.coder.verify import Verifier

        return Verifier(builtin_coder(), language_coder(first.name, options, second_sample=True))
    if model:
        # A router may have had the first program from this very model.
        return language_coder(model, options, second_sample=isinstance(first, Router))
    raise UsageError(
        "--verify needs a second coder: name a language model with --model MODEL, and its server with "
        "--base-url."
    )
