"""How many wordings a coder answers rightly, wrongly or not at all, in families to learn from and families held out.

Every question of ``questions/`` is asked of two small label scenes; right is what numpy and scipy find there. It counts
as right when both answers are acceptable, as wrong when one is not, as refused when one is refused. Intervals are
Wilson's, 95 %, over questions; for what is right also over families, since a family's questions stand or fall together.
Of measurable ones that are refused it is also told how often a right question is among those that the refusal offers.
With ``--data FOLDER`` also a file ``questions.jsonl`` of the same kind, with its own scenes.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from questions import families, scoring, truth
from questions.scenes import GSD, LEGEND, scenes

VERDICTS = ("right", "wrong", "refused")
Asked = tuple[object, "str | None", str]  # the answer, its unit, how the question was read


@dataclass
class Outcome:
    """One question's verdict, and what was answered on each scene: None where it was refused, with the sentence.

    ``offers``: for a refusal, whether each question that it offers is a right one, in their order.
    """

    text: str
    group: str
    kind: str
    verdict: str
    answers: list[Asked | None]
    said: str
    offers: list[bool] = field(default_factory=list)


Scenes = list[tuple[object, object]]  # each with its label segmenter


Found = tuple[list["Asked | None"], str, bool, tuple[str, ...]]


def asked(over: Scenes, question: str, coder: str | None) -> Found:
    """The answers on the scenes, what was said, whether an error ended it that is no refusal, and what it offers.

    After a refusal, or such an error, the other scenes are not asked, and their answers are None.
    """
    import planimeter
    from planimeter.errors import PlanimeterError, QuestionError

    answers: list[Asked | None] = []
    for scene, maps in over:
        try:
            found = planimeter.ask(scene, question, segmenter=maps, coder=coder)
        except PlanimeterError as error:
            missing = [None] * (len(over) - len(answers))
            offers = getattr(error, "suggestions", ())
            return [*answers, *missing], str(error), not isinstance(error, QuestionError), offers
        answers.append((found.answer, found.unit, found.reading))
    return answers, found.reading, False, ()


def right_offers(over: Scenes, offers: tuple[str, ...], right: Sequence[Sequence[truth.Right]]) -> list[bool]:
    """Whether each question that a refusal offers has the right answer."""
    verdicts = []
    for offer in offers:
        answers, *_ = asked(over, offer, "builtin")
        found = [None if one is None else one[:2] for one in answers]
        verdicts.append(scoring.verdict(found, right) == "right")
    return verdicts


def opened(labels: Iterable[tuple[Path, Path]], shape: tuple[int, int], gsd: float) -> Scenes:
    """A blank scene with each label raster, ready to ask."""
    from PIL import Image

    from planimeter import LabelSegmenter, open_scene

    blank = Path(tempfile.mkdtemp()) / "image.png"
    Image.fromarray(np.full((*shape, 3), 90, np.uint8)).save(blank)
    return [(open_scene(blank, gsd=gsd), LabelSegmenter(raster, legend)) for raster, legend in labels]


def own_scenes() -> Scenes:
    """The two scenes of ``questions/``, written and opened."""
    from PIL import Image

    folder = Path(tempfile.mkdtemp())
    legend = folder / "legend.json"
    legend.write_text(json.dumps({name: [value] for name, value in LEGEND.items()}))
    rasters = []
    for number, labels in enumerate(scenes()):
        raster = folder / f"labels{number}.png"
        Image.fromarray(labels).save(raster)
        rasters.append((raster, legend))
    return opened(rasters, scenes()[0].shape, GSD)


def own_outcomes(coder: str | None, held_out: bool | None = None) -> list[Outcome]:
    """What becomes of the questions of ``questions/``: of all, or of the held-out or the learning families only."""
    over = own_scenes()
    outcomes = []
    for question in families.questions():
        if held_out is not None and question.held_out != held_out:
            continue
        answers, said, failed, offers = asked(over, question.text, coder)
        found = [None if one is None else one[:2] for one in answers]
        if failed:
            result = "failed"
        elif question.stratum == "unmeasurable":
            result = "refused" if None in found else "answered"
        else:
            result = scoring.verdict(found, question.right())
            if question.stratum == "unclear" and result == scoring.OTHER:
                result = "right"  # a list or table of what was unclear
        group = "held out" if question.held_out else "learning"
        group += f" of {question.written}" if question.written else ""
        kind = f"{question.stratum}: {question.asker}, {question.family}"
        told = Outcome(question.text, f"{group}, {question.stratum}", kind, result, answers, said)
        if result == "refused" and question.stratum == "measurable":
            told.offers = right_offers(over, offers, question.right())
        outcomes.append(told)
    return outcomes


def _right(kind: str, value: float | str, unit: str | None) -> truth.Right | None:
    """An acceptable answer as ``questions.jsonl`` writes it; None where it only says in words what is wanted."""
    names = {"yn": "yes_no", "cat": "category", "num": "number", "len": "length", "mw": "power"}
    if isinstance(value, str) and kind not in ("yn", "cat"):
        return None
    if kind == "cat" and value not in LEGEND and value != "veg":
        return None
    scaled = float(value) * 1e6 if kind == "mw" else value
    tolerance = 0.0 if kind == "n" else 2e-3
    return truth.Right(names.get(kind, kind), scaled, unit, tolerance)


def file_outcomes(coder: str | None, folder: Path) -> list[Outcome]:
    """What becomes of the questions of a folder with ``questions.jsonl``, label rasters and legends."""
    from PIL import Image

    rasters = [(folder / f"scene{n}.png", folder / f"scene{n}_legend.json") for n in (0, 1)]
    with Image.open(rasters[0][0]) as picture:
        shape = picture.size[::-1]
    over = opened(rasters, shape, 0.5)
    outcomes = []
    for line in (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        answers, said, failed, _ = asked(over, row["question"], coder)
        found = [None if one is None else one[:2] for one in answers]
        group = row["stratum"] or row["kind"]
        if failed:
            result = "failed"
        elif row["kind"] == "once answered wrongly":
            same = None not in found and said == row["wrong_reading"]
            result = "still wrong" if same else "refused" if None in found else "read otherwise"
        elif group == "unmeasurable":
            result = "refused" if None in found else "answered"
        elif row["expected"] is None:
            result = "refused" if None in found else "answered, not scored"
        else:
            right = [[_right(*one) for one in acceptable] for acceptable in row["expected"]]
            known = [[one for one in acceptable if one] for acceptable in right]
            result = scoring.verdict(found, known)
            if result == "wrong" and any(None in acceptable for acceptable in right):
                result = "answered, not scored"
        outcomes.append(
            Outcome(row["question"], f"{folder.name}, {group}", row["kind"], result, answers, said)
        )
    return outcomes


def print_tally(outcomes: list[Outcome], say: Callable[[str], None] = print) -> None:
    """One line for each group: how many, and the shares with their intervals."""
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    rights: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    offers: dict[str, list[list[bool]]] = defaultdict(list)
    for outcome in outcomes:
        groups[outcome.group][outcome.verdict] += 1
        if outcome.verdict == "refused":
            offers[outcome.group].append(outcome.offers)
        rights[outcome.group][outcome.kind].append(outcome.verdict == "right")
    for group in sorted(groups):
        counts, among = groups[group], groups[group].total()
        shown = [name for name in VERDICTS if name in counts or group.endswith(("measurable", "core"))]
        if group.endswith("unmeasurable"):
            shown = ["refused", "answered"]
        shown += sorted(set(counts) - set(shown))
        parts = []
        for name in shown:
            low, high = scoring.wilson(counts[name], among)
            parts.append(
                f"{name} {counts[name]} = {counts[name] / among:.1%} ({100 * low:.1f} to {100 * high:.1f})"
            )
        if group.endswith(", measurable"):
            low, high = scoring.resampled(list(rights[group].values()))
            parts.append(f"right, families drawn anew {100 * low:.1f} to {100 * high:.1f}")
        answered = counts["right"] + counts["wrong"]
        if answered and counts["wrong"] and not group.endswith("unclear"):
            low, high = scoring.wilson(counts["wrong"], answered)
            parts.append(
                f"wrong of the answered {counts['wrong'] / answered:.1%} ({100 * low:.1f} to {100 * high:.1f})"
            )
        say(f"{group}, {among}: " + "; ".join(parts))
        if group.endswith(", measurable") and counts["refused"] and any(map(len, offers[group])):
            _print_offers(group, counts, offers[group], say)


def _print_offers(
    group: str, counts: Counter[str], offers: list[list[bool]], say: Callable[[str], None]
) -> None:
    """How many refusals offer a right question, and what is right or one step away."""
    first, any_of_them = sum(one[:1] == [True] for one in offers), sum(map(any, offers))
    among, near = counts.total(), counts["right"] + any_of_them
    low, high = scoring.wilson(near, among)
    say(
        f"{group}, of {counts['refused']} refused: a right question is offered first for {first}, among those offered "
        f"for {any_of_them}; right or offered {near} = {near / among:.1%} ({100 * low:.1f} to {100 * high:.1f})"
    )


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("--coder", help="who writes the programs (the default one if not given)")
    arguments.add_argument(
        "--show",
        choices=["wrong", "refused"],
        help="list the questions: wrong (with answered though unmeasurable) or refused; of learning families",
    )
    arguments.add_argument(
        "--held-out",
        action="store_true",
        help="only held-out families; --show then lists theirs: do not tune on them",
    )
    arguments.add_argument(
        "--data", type=Path, help="a folder with questions.jsonl, its label rasters and legends"
    )
    options = arguments.parse_args()
    started = time.perf_counter()
    outcomes = own_outcomes(options.coder, True if options.held_out else None)
    if options.data:
        outcomes += file_outcomes(options.coder, options.data)
    print_tally(outcomes)
    print(f"{time.perf_counter() - started:.0f} s")
    wrong = ("wrong", "answered", "failed", "still wrong", scoring.OTHER)
    wanted = {None: (), "wrong": wrong, "refused": ("refused",)}[options.show]
    for outcome in outcomes:
        hidden = outcome.group.startswith("held out") and not options.held_out
        meant = outcome.group.endswith(("unmeasurable", "unclear", "ambiguous", "wrongly"))
        if outcome.verdict in wanted and not hidden and not (meant and outcome.verdict == "refused"):
            given = [None if one is None else one[:2] for one in outcome.answers]
            print(outcome.kind, outcome.verdict, outcome.text, given, outcome.said, sep=" | ")
    return 0


if __name__ == "__main__":
    sys.exit(main())
