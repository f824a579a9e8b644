"""How far people agree: MAD, Krippendorff's alpha, ICC(2,k), majority, and the ranges that follow."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from planimeter.errors import InputError
from planimeter.paths import is_file
from planimeter.squid.alpha import alpha_interval, caution, krippendorff_alpha
from planimeter.squid.csv_file import read_csv
from planimeter.squid.question import Value, read_value
from planimeter.squid.ranges import NUMERIC_KINDS, Kind, RangeRules

_COLUMNS = ("question_id", "annotator", "answer")
_ALIKE = ("type", "image", "question")  # columns in which all rows of a question agree
_WORDS = ("yes/no", "category")
_GROUPS: dict[str, tuple[str, ...]] = {
    "Percentage": ("percentage",),
    "Count": ("count",),
    "Proximity": ("proximity percentage",),
    "Numeric": ("percentage", "count", "proximity percentage", "area", "solar area", "power"),
    "Categorical": _WORDS,
}


@dataclass
class AnnotatedQuestion:
    """One question and what each annotator answered.

    Attributes:
        id: the question's name.
        kind: which range rule it falls under.
        answers: annotator → number or word.
        about: the table's other columns (image, question, type, tier, gsd), as text.
    """

    id: str
    kind: Kind
    answers: dict[str, Value] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)

    @property
    def numbers(self) -> list[float]:
        """The answers, where they are numbers."""
        return [float(value) for value in self.answers.values() if self.kind not in _WORDS]

    def consensus(self) -> Value | None:
        """The median of numbers as a data set states it, the majority of words; None when a majority does not exist."""
        if self.kind in _WORDS:
            return majority([str(value) for value in self.answers.values()])
        middle = float(np.median(self.numbers))
        return RangeRules().published(self.kind, middle) if self.kind in NUMERIC_KINDS else round(middle, 2)

    def acceptable_range(self, rules: RangeRules) -> tuple[float, float] | None:
        """The range about the unrounded median, with everybody's answer and the consensus; None for words.

        Args:
            rules: how far apart people usually are.

        Example:
            >>> question = AnnotatedQuestion("roofs", "area", {"Ada": 0.111, "Ben": 0.147})
            >>> question.acceptable_range(RangeRules()), question.consensus()
            ((0.111, 0.147), 0.129)
        """
        if not self.numbers:
            return None
        stated = self.consensus()
        assert stated is not None
        right = [*self.numbers, float(stated)]
        return rules.acceptable_range(self.kind, float(np.median(self.numbers)), right)


@dataclass(frozen=True)
class Reliability:
    """Agreement on one group of questions, a row of the paper's table 1.

    Attributes:
        group: "Percentage", "Count", "Proximity", "Numeric" or "Categorical".
        questions: how many that two people or more answered.
        alpha: Krippendorff's alpha, interval; None when it is not defined.
        icc: ICC(2,k), of the questions that everybody answered; None when it is not defined.
        deviation: mean MAD, normalised for counts; for words the mean share of the majority.
        alpha_interval: 95 % interval of alpha over questions; None where too few differ.
        caution: what keeps the figures from being relied on; empty where nothing does.
    """

    group: str
    questions: int
    alpha: float | None
    icc: float | None
    deviation: float | None
    alpha_interval: tuple[float, float] | None = None
    caution: str = ""


def median_absolute_deviation(values: list[float]) -> float:
    """MAD = median(|x - median(x)|) (paper, equation 1).

    Example:
        >>> median_absolute_deviation([1, 1, 2, 2, 4, 6, 9])
        1.0
    """
    numbers = np.asarray(values, dtype=float)
    return float(np.median(np.abs(numbers - np.median(numbers))))


def normalised_deviation(values: list[float]) -> float | None:
    """MAD divided by the median (paper, equation 2); None where the median is 0.

    Example:
        >>> normalised_deviation([4, 5, 5, 6, 10]), normalised_deviation([0, 0, 1])
        (0.2, None)
    """
    middle = float(np.median(values))
    return median_absolute_deviation(values) / middle if middle else None


def majority(words: list[str]) -> str | None:
    """The word that most people chose, or None when two are level.

    Example:
        >>> majority(["yes", "no", "yes"]), majority(["yes", "no"])
        ('yes', None)
    """
    ranked = Counter(words).most_common(2)
    level = len(ranked) == 2 and ranked[0][1] == ranked[1][1]
    return None if level or not ranked else ranked[0][0]


def icc2k(ratings: np.ndarray) -> float | None:
    """ICC(2,k): two-way random effects, absolute agreement, mean of k raters (Shrout and Fleiss 1979).

    Values above 1 occur when the raters' means differ less than chance would have it; the paper prints one.

    Args:
        ratings: (annotators, questions) float; questions that an annotator left out are not used.

    Returns:
        None with fewer than two annotators or two complete questions, or without any spread.

    Example:
        >>> judges = [[9, 6, 8, 7, 10, 6], [2, 1, 4, 1, 5, 2], [5, 3, 6, 2, 6, 4], [8, 2, 8, 6, 9, 7]]
        >>> round(icc2k(np.array(judges, dtype=float)), 2)  # Shrout and Fleiss, table 4
        0.62
    """
    table = ratings[:, ~np.isnan(ratings).any(axis=0)].T
    if table.shape[0] < 2 or table.shape[1] < 2:
        return None
    questions, raters = table.shape
    grand = table.mean()
    between_questions = raters * ((table.mean(axis=1) - grand) ** 2).sum() / (questions - 1)
    between_raters = questions * ((table.mean(axis=0) - grand) ** 2).sum() / (raters - 1)
    residual = table - table.mean(axis=1, keepdims=True) - table.mean(axis=0, keepdims=True) + grand
    error = (residual**2).sum() / ((questions - 1) * (raters - 1))
    below = between_questions + (between_raters - error) / questions
    return float((between_questions - error) / below) if below > 0 else None


def read_annotations(path: str | Path) -> list[AnnotatedQuestion]:
    """Read an annotation table: one row per question and annotator.

    Args:
        path: CSV with the columns ``question_id, annotator, answer`` and ``kind`` or ``type`` (a SQuID type
            such as "count"); ``image, question, tier, gsd`` are kept where they stand.

    Raises:
        InputError: no such file, it is not in UTF-8, a column is missing, an answer does not fit its kind, or the rows
            of a question say different things of it.
    """
    file = Path(path)
    if not is_file(file):
        raise InputError(f"There is no annotation table {file}: give a CSV file with {', '.join(_COLUMNS)}.")
    rows = read_csv(file)
    present = set(rows[0][1]) if rows else set()
    missing = [name for name in _COLUMNS if name not in present]
    if missing or not {"kind", "type"} & present:
        raise InputError(
            f"The annotation table {file.name} lacks {', '.join(missing) or 'kind or type'}: it needs "
            f"{', '.join(_COLUMNS)} and kind or type."
        )
    questions: dict[str, AnnotatedQuestion] = {}
    for number, row in rows:
        kind = _kind_of(row, file.name, number)
        name, annotator = (row["question_id"] or "").strip(), (row["annotator"] or "").strip()
        question = questions.setdefault(name, AnnotatedQuestion(name, kind))
        _take_about(question, row, kind, f"{file.name} line {number}")
        if annotator in question.answers:
            raise InputError(
                f"{file.name} line {number}: {annotator} answered {name} twice; keep one of the answers."
            )
        question.answers[annotator] = _read_answer(row["answer"] or "", kind, file.name, number)
    return list(questions.values())


def compared(questions: list[AnnotatedQuestion]) -> list[AnnotatedQuestion]:
    """The questions that two people or more answered: one answer agrees with nothing, and nobody is apart from it.

    Args:
        questions: from ``read_annotations``.
    """
    return [question for question in questions if len(question.answers) >= 2]


def reliability(questions: list[AnnotatedQuestion]) -> list[Reliability]:
    """Agreement by group of questions, as in the paper's table 1.

    Args:
        questions: from ``read_annotations``; those with one answer are left out.

    Raises:
        ModelError: the ``krippendorff`` library is not installed.
    """
    rows = []
    shared = compared(questions)
    for group, kinds in _GROUPS.items():
        members = [question for question in shared if question.kind in kinds]
        if not members:
            continue
        if group == "Categorical":
            shares = [
                max(Counter(map(str, question.answers.values())).values()) / len(question.answers)
                for question in members
            ]
            said = caution(len(members), None, None)
            rows.append(Reliability(group, len(members), None, None, float(np.mean(shares)), caution=said))
            continue
        rows.append(row_of(group, members, normalised=group == "Count"))
    return rows


def row_of(group: str, members: list[AnnotatedQuestion], normalised: bool = False) -> Reliability:
    """The figures of one group of questions whose answers are numbers.

    Args:
        group: what the row is called.
        members: questions with two answers or more.
        normalised: whether the MAD is a share of the median.

    Raises:
        ModelError: the ``krippendorff`` library is not installed.
    """
    ratings = _ratings(members)
    alpha = krippendorff_alpha(ratings)
    interval = None if alpha is None else alpha_interval(ratings)
    return Reliability(
        group,
        len(members),
        alpha,
        icc2k(ratings),
        _mean_deviation(members, normalised),
        interval,
        caution(len(members), alpha, interval),
    )


_RULES: dict[str, Kind] = {
    "percentage": "percentage",
    "proximity": "proximity percentage",
    "count": "count",
    "area": "area",
    "solar_area": "solar area",
    "power": "power",
}


def rules_from(questions: list[AnnotatedQuestion], source: str = "annotations") -> RangeRules:
    """Range rules from people's answers; what the table does not cover keeps its published figure.

    Percentages are points either side; counts, areas and power are shares of the value, each from its own questions.

    Args:
        questions: from ``read_annotations``; those with one answer are left out.
        source: what data cards call the table.
    """
    published = RangeRules()
    found: dict[str, Any] = {}
    for rule, kind in _RULES.items():
        members = [question for question in compared(questions) if question.kind == kind]
        deviation = _mean_deviation(members, normalised=not kind.endswith("percentage"))
        if deviation is not None:
            found[rule] = deviation
    kept = [name.replace("_", " ") for name in _RULES if name not in found]
    note = f"; {', '.join(kept)} as published" if kept else ""
    return RangeRules(**{**published.__dict__, **found, "source": source + note})


def _mean_deviation(questions: list[AnnotatedQuestion], normalised: bool) -> float | None:
    deviations = []
    for question in questions:
        numbers = [float(value) for value in question.answers.values()]
        deviation = normalised_deviation(numbers) if normalised else median_absolute_deviation(numbers)
        if deviation is not None:
            deviations.append(deviation)
    return float(np.mean(deviations)) if deviations else None


def _ratings(questions: list[AnnotatedQuestion]) -> np.ndarray:
    """(annotators, questions) float, NaN where somebody did not answer."""
    annotators = sorted({name for question in questions for name in question.answers})
    ratings = np.full((len(annotators), len(questions)), np.nan)
    for column, question in enumerate(questions):
        for row, name in enumerate(annotators):
            if name in question.answers:
                ratings[row, column] = float(question.answers[name])
    return ratings


def _take_about(question: AnnotatedQuestion, row: dict[str, str], kind: Kind, where: str) -> None:
    """Keep what a row says of its question besides the answer; refuse what contradicts earlier rows."""
    said = {key: value for key, value in row.items() if key and key not in _COLUMNS and value}
    kept = {key: question.about.setdefault(key, value) for key, value in said.items()}
    different = [key for key in _ALIKE if kept.get(key, "").strip() != said.get(key, "").strip()]
    if kind != question.kind or different:
        what = different[0] if different else "kind"
        before, now = (kept[what], said[what]) if different else (question.kind, kind)
        raise InputError(
            f"{where}: {question.id} has the {what} {now[:60]!r}, and {before[:60]!r} in an earlier row: correct one, "
            "or give the other question an id of its own."
        )


def _kind_of(row: dict[str, str], name: str, number: int) -> Kind:
    from planimeter.squid.types import KINDS, TYPES

    stated = (row.get("kind") or "").strip()
    if stated in KINDS:
        return stated  # type: ignore[return-value]
    type_name = (row.get("type") or "").strip()
    if type_name in TYPES:
        return TYPES[type_name].kind
    raise InputError(
        f"{name} line {number}: {stated or type_name!r} is neither a kind nor a question type; write one of "
        f"{', '.join(KINDS)}."
    )


def _read_answer(text: str, kind: Kind, name: str, number: int) -> Value:
    text = text.strip()
    if kind in ("yes/no", "category"):
        if not text:
            raise InputError(f"{name} line {number}: the answer is empty; fill it in or take the row out.")
        if kind == "category":
            return text.lower()
        word = str(read_value(text, exact=True))
        if word not in ("yes", "no"):
            raise InputError(
                f"{name} line {number}: {text[:40]!r} is neither yes nor no; correct the answer."
            )
        return word
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not np.isfinite(value):
        raise InputError(f"{name} line {number}: {text[:40]!r} is no number; correct the answer.")
    if value < 0 or (value > 100 and kind.endswith("percentage")):
        limit = "0 to 100" if kind.endswith("percentage") else "0 or more"
        raise InputError(
            f"{name} line {number}: {text[:40]} is no possible {kind}, which is {limit}; correct the answer."
        )
    return value
