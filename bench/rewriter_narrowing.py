"""Whether the rewriter's model hears what no map shows, and only that, in words that it has not been trained on.

Pairs are drawn as the model is trained on them, but with what narrows a question, and the talk around it, from phrases
that were kept aside (one in twelve). Three stages: the model alone (most of its samples mean one thing), the model and
its guards (all samples agree, none refuses, every part is accounted for), and the rewriter as it ships, with the words
that are looked at before the model is asked.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from planimeter.coder import Request
from planimeter.coder.rewriter.heard import heard
from planimeter.coder.rewriter.model import LanguageModel
from planimeter.coder.rewriter.offered import read_plainly
from planimeter.coder.rewriter.rewriter import Certainty, objection, rewriting
from planimeter.train.rewriter.pairs import REFUSED, Builder, Pair
from planimeter.vocabulary.topics import TOPICS

STAGES = ("model", "with guards", "as it ships")


@dataclass(frozen=True)
class Told:
    """What each stage says of a wording: a plain sentence, or None where it refuses."""

    pair: Pair
    plains: tuple[str | None, str | None, str | None]


def told(pair: Pair, model: LanguageModel) -> Told:
    """What each stage makes of a pair's wording."""
    request = Request(pair.wording, TOPICS)
    made = rewriting(pair.wording, model, request)
    alone = made.plain if made.offered() else None
    cues = heard(pair.wording).says
    sure = made.agreeing == 1 and made.refusing == 0 and cues is not None
    plainly = read_plainly(made.plain, request) if made.plain else None
    guarded = made.plain if sure and cues and objection(cues, made.plain, plainly) is None else None
    return Told(pair, (alone, guarded, made.plain if made.holds(Certainty()) else None))


def verdict(one: Told, plain: str | None, request: Request) -> str:
    """ "right", "wrong" or "refused"."""
    if plain is None:
        return "right" if one.pair.plain == REFUSED else "refused"
    if one.pair.plain == REFUSED:
        return "wrong"
    meant, said = (read_plainly(text, request) for text in (one.pair.plain, plain))
    alike = (
        meant is not None and said is not None and (meant.meaning, meant.unit) == (said.meaning, said.unit)
    )
    return "right" if alike else "wrong"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("--pairs", type=int, default=600)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument(
        "--model", type=Path, help="card of an exported rewriter (the one that ships if not given)"
    )
    options = arguments.parse_args()
    started = time.perf_counter()
    model = LanguageModel(options.model) if options.model else LanguageModel()
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for pair in islice(Builder(options.seed, aside=True), options.pairs):
        group = pair.kind if pair.plain == REFUSED else "measurable"
        one = told(pair, model)
        for stage, plain in zip(STAGES, one.plains, strict=True):
            counts[group, stage][verdict(one, plain, Request("", TOPICS))] += 1
    for group in sorted({group for group, _ in counts}):
        for stage in STAGES:
            found = counts[group, stage]
            shares = ", ".join(
                f"{name} {found[name]}" for name in ("right", "wrong", "refused") if found[name]
            )
            print(f"{group}, {found.total()}, {stage}: {shares}")
    print(f"{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
