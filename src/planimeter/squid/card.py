"""Write a generated data set down: published forms, a data card, and a figure of its make-up."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import planimeter
from planimeter.answer.charts import bars, stacked
from planimeter.squid.generate import Generated
from planimeter.squid.published import JSON_NAME, write_json, write_parquet
from planimeter.squid.question import Question
from planimeter.squid.types import TYPES

PARQUET_NAME = "data/train-00000-of-00001.parquet"
FIGURE_NAME = "composition.svg"
_TIERS = {1: "Tier 1: basic quantification", 2: "Tier 2: spatial relationships", 3: "Tier 3: multi-condition"}
_TOP_TYPES = 5  # named in the figure, as in the paper's figure 3


def write_data_set(made: Generated, parquet: bool = True) -> dict[str, Path]:
    """Write ``dataset.json``, parquet, data card and figure beside the images.

    Args:
        made: what ``generate`` returned.
        parquet: also write the hub's form, with the images inside.

    Returns:
        what was written, by kind.

    Raises:
        ModelError: parquet is wanted and pyarrow is not installed.
    """
    folder = made.data.folder
    files = {"questions": write_json(made.data.questions, folder / JSON_NAME)}
    if parquet:
        files["parquet"] = write_parquet(made.data, folder / PARQUET_NAME)
    files["figure"] = folder / FIGURE_NAME
    files["figure"].write_text(composition(made.data.questions, made.sources), encoding="utf-8")
    files["card"] = folder / "README.md"
    files["card"].write_text(data_card(made), encoding="utf-8")
    files["labels"] = folder / "truth.json"
    files["record"] = folder / "generation.json"
    files["record"].write_text(json.dumps(_record(made), indent=1) + "\n", encoding="utf-8")
    return files


def composition(questions: list[Question], sources: dict[str, str]) -> str:
    """Tiers, sources and the most common types as SVG (paper, figure 3).

    Args:
        questions: of the data set.
        sources: image → source.
    """
    total = len(questions) or 1

    def shares(counts: list[tuple[str, int]]) -> list[tuple[str, float]]:
        return [(f"{name} ({count})", round(100 * count / total, 1)) for name, count in counts]

    tiers = Counter(question.tier for question in questions)
    origins = Counter(_origin(question, sources) for question in questions)
    types = Counter(question.type for question in questions).most_common()
    top = types[:_TOP_TYPES]
    rest = sum(count for _, count in types[_TOP_TYPES:])
    return stacked(
        [
            bars(
                shares([(_TIERS.get(tier, "no tier"), tiers[tier]) for tier in sorted(tiers)]),
                "(A) Tiers",
                " %",
            ),
            bars(shares(origins.most_common()), "(B) Sources", " %"),
            bars(shares([*top, ("all others", rest)]), "(C) Question types", " %"),
        ]
    )


def data_card(made: Generated) -> str:
    """The data card as Markdown.

    Args:
        made: what ``generate`` returned.
    """
    questions, wanted = made.data.questions, made.wanted
    images = {question.image for question in questions}
    zeros = sum(question.answer == 0 for question in questions)
    words = Counter(question.answer for question in questions if isinstance(question.answer, str))
    per_image = Counter(question.image for question in questions)
    origins = Counter(_origin(question, made.sources) for question in questions)
    of_source = Counter(made.sources.get(image, "") for image in images)
    rules = wanted.rules
    lines = [
        f"# {wanted.name}: {len(questions):,} questions about {len(images):,} overhead images",
        "",
        "Questions, answers and acceptable ranges in the form of SQuID (Massih and Cosatto 2025), generated "
        f"from labels by Planimeter {planimeter.__version__} with seed {wanted.seed}.",
        "",
        f"![make-up of the data set]({FIGURE_NAME})",
        "",
        "## Where the images come from",
        "",
        "| source | images | questions | |",
        "|---|---:|---:|---:|",
        *(
            f"| {name} | {of_source[name]} | {count} | {100 * count / max(1, len(questions)):.1f} % |"
            for name, count in origins.most_common()
        ),
        "",
        "The images keep the licences of their sources.",
        "",
        "## Questions",
        "",
        "| tier | type | questions | share | SQuID |",
        "|---:|---|---:|---:|---:|",
        *_type_rows(questions),
        "",
        f"- {zeros} numbers are 0 (a topic that is not there); "
        f"{', '.join(f'{count} × {word}' for word, count in words.most_common()) or 'no words'}.",
        f"- At most {max(per_image.values(), default=0)} questions about one image, "
        f"{len(questions) / max(1, len(images)):.1f} on average.",
        f"- Thresholds are stated in the question; {sum(q.gsd is not None for q in questions)} state the "
        "scale.",
        f"- {sum(not question.exact for question in questions)} answers have a range ({rules.source}): "
        f"percentages ± {rules.percentage:.3f} points, with a distance ± {rules.proximity:.3f}; counts ± "
        f"{100 * rules.count:.0f} %, outward to whole numbers; areas ± {100 * rules.area:.2f} %, totals and "
        f"averages of installations ± {100 * rules.solar_area:.2f} %, power ± {100 * rules.power:.2f} %.",
        "",
        "## What is not in it",
        "",
        *(
            [f"- `{name}`: {reason}." for name, reason in made.impossible.items()]
            or ["Every type is present."]
        ),
        "",
    ]
    if made.data.problems:
        lines += [
            "Not used:",
            "",
            *(f"- {problem.id}: {problem.sentence}" for problem in made.data.problems),
            "",
        ]
    if made.rejected:
        lines += [
            "Questions that were measured and not asked:",
            "",
            *(f"- {count} × `{name}`: {reason}" for (name, reason), count in sorted(made.rejected.items())),
            "",
        ]
    return "\n".join(lines)


def _type_rows(questions: list[Question]) -> list[str]:
    counts = Counter(question.type for question in questions)
    published = sum(kind.published for kind in TYPES.values())
    return [
        f"| {kind.tier} | `{name}` | {counts[name]} | {100 * counts[name] / max(1, len(questions)):.1f} % "
        f"| {100 * kind.published / published:.1f} % |"
        for name, kind in TYPES.items()
    ]


def _origin(question: Question, sources: dict[str, str]) -> str:
    return sources.get(question.image) or question.image.split("/", 1)[0]


def _record(made: Generated) -> dict[str, object]:
    """What made the data set, for whoever wants to make it again."""
    wanted = made.wanted
    return {
        "planimeter": planimeter.__version__,
        "seed": wanted.seed,
        "questions": wanted.questions,
        "per_image": wanted.per_image,
        "types": list(wanted.types),
        "ranges": wanted.rules.__dict__,
        "sources": made.sources,
        "impossible": made.impossible,
    }
