"""Questions from labelled images: measure what may be asked of each, then choose a balanced set."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from planimeter.errors import LabelError, NotMeasurable, SceneError
from planimeter.squid.published import DataSet, RowProblem
from planimeter.squid.quality import flaw
from planimeter.squid.question import Question, Value
from planimeter.squid.ranges import RangeRules
from planimeter.squid.select import choose
from planimeter.squid.sources.base import LabelledImage
from planimeter.squid.sources.naip import AnsweredImage
from planimeter.squid.stage import Stage
from planimeter.squid.types import TYPES
from planimeter.squid.types.base import QuestionType
from planimeter.squid.view import SceneView
from planimeter.squid.wording import Slots, fill, scale_note

PRINTED_SHARE = 0.7  # of questions worded as printed; the rest use a variant


@dataclass(frozen=True)
class Wanted:
    """What to generate.

    Attributes:
        questions: how many, people's answers not counted.
        seed: the same seed gives the same data set.
        per_image: most questions about one image.
        types: which types; all by default.
        name: what ids begin with.
        rules: acceptable ranges.
        printed_only: use the paper's wordings alone.
    """

    questions: int = 600
    seed: int = 0
    per_image: int = 8
    types: tuple[str, ...] = tuple(TYPES)
    name: str = "Planimeter"
    rules: RangeRules = field(default_factory=RangeRules)
    printed_only: bool = False


@dataclass(frozen=True)
class Candidate:
    """A question that may be asked, with its answer."""

    type: str
    image: str
    question: str
    answer: Value
    gsd: float | None
    acceptable_range: tuple[float, float] | None

    @property
    def zero(self) -> bool:
        """Whether the answer is the number 0."""
        return self.answer == 0


@dataclass
class Generated:
    """A data set and how it came about.

    Attributes:
        data: questions, images and truth.
        wanted: the request.
        sources: image → source.
        rejected: (type, reason) → how often.
        impossible: type → why no question of it could be asked.
    """

    data: DataSet
    wanted: Wanted
    sources: dict[str, str] = field(default_factory=dict)
    rejected: Counter[tuple[str, str]] = field(default_factory=Counter)
    impossible: dict[str, str] = field(default_factory=dict)


def generate(
    images: Sequence[LabelledImage | AnsweredImage],
    out: str | Path,
    wanted: Wanted | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Generated:
    """Make a benchmark of labelled and of humanly answered images, with copies of both in a folder.

    Args:
        images: from ``planimeter.squid.sources``.
        out: the data set's folder; made when it does not exist.
        wanted: how many, of what, from which seed.
        progress: called with (images done, images in all).

    Raises:
        InputError: an image or label file cannot be read.
    """
    wish = wanted or Wanted()
    stage = Stage(Path(out))
    result = Generated(DataSet(wish.name, stage.folder, [], truth=stage.truth), wish)
    pool: list[Candidate] = []
    scaled = False
    for done, image in enumerate(images):
        if progress:
            progress(done, len(images))
        if isinstance(image, AnsweredImage):
            key = stage.answered(image)
            result.sources[key] = "naip"
            _take_answer(result, image, key)
            continue
        try:
            key, view = stage.labelled(image)
        except (SceneError, LabelError) as error:
            result.data.problems.append(RowProblem(done, image.name, "missing image", str(error), image.name))
            continue
        result.sources[key] = image.source
        scaled |= view.gsd is not None
        pool += _candidates(view, key, wish, result.rejected)
    if progress:
        progress(len(images), len(images))
    chosen = choose(pool, wish.questions, wish.per_image, random.Random(f"{wish.seed}:choice"))
    result.data.questions += [_question(candidate) for candidate in chosen]
    result.data.questions = [
        Question(**{**question.__dict__, "id": f"{wish.name}_{number:04d}"})
        for number, question in enumerate(result.data.questions)
    ]
    result.impossible = _impossible(pool, chosen, wish, result.rejected, scaled)
    stage.keep_only({question.image for question in result.data.questions})
    return result


def _candidates(
    view: SceneView, key: str, wish: Wanted, rejected: Counter[tuple[str, str]]
) -> list[Candidate]:
    """All good questions of an image, up to a bound per type."""
    found: list[Candidate] = []
    most = max(3, wish.per_image // 3)
    for name in wish.types:
        kind = TYPES[name]
        if kind.needs_scale and view.gsd is None:
            continue
        rng = random.Random(f"{wish.seed}:{key}:{name}")
        choices = list(kind.choices(view))
        rng.shuffle(choices)
        taken = zeros = 0
        for slots in choices:
            if taken >= most:
                break
            candidate = _measured(view, kind, slots, key, wish, rng, rejected)
            if candidate is None or (candidate.zero and zeros >= 1):
                continue
            found.append(candidate)
            zeros += candidate.zero
            taken += not candidate.zero
    return found


def _measured(
    view: SceneView,
    kind: QuestionType,
    slots: Slots,
    key: str,
    wish: Wanted,
    rng: random.Random,
    rejected: Counter[tuple[str, str]],
) -> Candidate | None:
    try:
        value = kind.measure(view, slots)
    except NotMeasurable:
        rejected[kind.name, "there is nothing to measure"] += 1
        return None
    answer = value if isinstance(value, str) else wish.rules.published(kind.kind, value)
    bounds = wish.rules.acceptable_range(kind.kind, answer)
    reason = flaw(view, kind, slots, value, answer, bounds)
    if reason is not None:
        rejected[kind.name, reason] += 1
        return None
    text = _worded(kind, slots, view.gsd, rng, wish.printed_only)
    return Candidate(kind.name, key, text, answer, view.gsd, bounds)


def _worded(
    kind: QuestionType, slots: Slots, gsd: float | None, rng: random.Random, printed_only: bool
) -> str:
    """The question's text, as printed or in another wording."""
    wordings = kind.templates if gsd is not None else kind.without_scale
    printed = printed_only or len(wordings) == 1 or rng.random() < PRINTED_SHARE
    if kind.name == "complex_size_filter" and (slots.target != "solar" or slots.minimum != 5.0):
        printed = False  # only solar parks above 5 hectares are called utility-scale
    return fill(wordings[0] if printed else rng.choice(wordings[1:]), slots, gsd)


def _question(candidate: Candidate) -> Question:
    return Question(
        id="",
        image=candidate.image,
        question=candidate.question,
        answer=candidate.answer,
        type=candidate.type,
        tier=TYPES[candidate.type].tier,
        gsd=candidate.gsd,
        acceptable_range=candidate.acceptable_range,
    )


def _take_answer(result: Generated, image: AnsweredImage, key: str) -> None:
    """Add a question that people answered."""
    asked = image.asked
    kind = TYPES[asked.about["type"]]
    answer = asked.consensus()
    if answer is None:
        row = len(result.data.questions)
        result.data.problems.append(RowProblem(row, asked.id, "broken row", "The annotators are level.", key))
        return
    text = asked.about["question"].strip()
    if image.gsd is not None and "(GSD:" not in text:
        text += scale_note(image.gsd)
    bounds = asked.acceptable_range(result.wanted.rules)
    result.data.questions.append(Question("", key, text, answer, kind.name, kind.tier, image.gsd, bounds))


def _impossible(
    pool: Sequence[Candidate],
    chosen: Sequence[Candidate],
    wish: Wanted,
    rejected: Counter[tuple[str, str]],
    scaled: bool,
) -> dict[str, str]:
    """Why types have no question at all."""
    askable = {candidate.type for candidate in pool}
    asked = {candidate.type for candidate in chosen}
    reasons = {}
    for name in wish.types:
        if name in asked:
            continue
        flaws = [f"{reason} ({count})" for (kind, reason), count in rejected.items() if kind == name]
        if name in askable:
            reasons[name] = "there was no room for it; raise --questions or --per-image"
        elif TYPES[name].needs_scale and not scaled:
            reasons[name] = "no image has a stated scale"
        elif flaws:
            reasons[name] = "; ".join(flaws)
        else:
            reasons[name] = "no image with a stated scale has labels for all its topics"
    return reasons
