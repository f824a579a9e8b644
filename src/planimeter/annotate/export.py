"""A project's answers as files, in exactly the forms that ``planimeter squid`` reads.

OUT/annotations.csv       one row per question and annotator, for ``squid agreement`` and ``squid generate --ranges``
OUT/images/               the images it names, so that OUT is a source: ``squid generate naip:OUT``
OUT/dataset.json          the questions with the people's consensus and the ranges that follow
OUT/answers.csv           everything: every revision, notes, time, tool, also types that SQuID does not have
OUT/annotations.parquet   annotations.csv again, where pyarrow is installed
OUT/people.csv            what each annotator was asked and answered, and how often they were right at gold questions
OUT/agreement.csv         agreement by kind of question, as ``squid agreement`` prints it
OUT/marks/                a GeoPackage for each image that was marked: cells, points and rulers of everybody
OUT/marks.coco.json       cells and points in COCO's form, about the images in OUT/images
OUT/benchmark.json        an existing benchmark with the ranges of this project's people, where one is given
"""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2

from planimeter.annotate.agreement import Answered, agreement, answered_questions
from planimeter.annotate.drawn import DrawnAnswer, drawn_answers
from planimeter.annotate.mark_files import coco_text, write_marks_geopackage
from planimeter.annotate.project import AskedQuestion, Project
from planimeter.annotate.standing import standings
from planimeter.annotate.store import AnnotationStore
from planimeter.errors import InputError, ModelError, UsageError
from planimeter.raster import Scene
from planimeter.squid.agreement import rules_from
from planimeter.squid.published import read_data_set, write_json
from planimeter.squid.question import Question, Value
from planimeter.squid.ranges import RangeRules
from planimeter.squid.types import TYPES
from planimeter.table import harmless

TABLE_COLUMNS = ("question_id", "annotator", "answer", "type", "image", "question", "tier", "gsd")
_ANSWER_COLUMNS = (
    *("revision", "current", "at", "question_id", "annotator", "skipped", "answer", "unit", "type", "tool"),
    *("image", "question", "gold", "right", "seconds", "note", "marks"),
)
_PEOPLE_COLUMNS = (
    "annotator",
    "asked",
    "answered",
    "skipped",
    "seconds",
    "gold_answered",
    "gold_right",
    "gold_share",
)
_AGREEMENT_COLUMNS = (
    *("group", "questions", "alpha", "alpha_low", "alpha_high", "icc", "deviation", "caution"),
)
_PLAIN = (".jpg", ".jpeg", ".png")  # copied as they are; all else becomes PNG, as in a benchmark


def export(
    project: Project, store: AnnotationStore, out: str | Path, benchmark: str | Path | None = None
) -> dict[str, Path]:
    """Write a project's answers.

    Args:
        project: its questions and annotators.
        store: its answers.
        out: folder; made when it does not exist.
        benchmark: a data set whose acceptable ranges are to be those of this project's people.

    Returns:
        what was written, by kind.

    Raises:
        InputError: nobody answered anything yet, an answered question has changed since, or the benchmark cannot be
            read.
        UsageError: the folder cannot be written.
    """
    store.check(project)
    answered = answered_questions(project, store)
    if not answered:
        raise InputError("Nobody has answered a question of this project yet: export it when somebody has.")
    folder = Path(out).expanduser()
    names = image_names(project)
    files = {"table": folder / "annotations.csv", "answers": folder / "answers.csv"}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files["table"].write_text(table_csv(answered, names), encoding="utf-8")
        files["answers"].write_text(answers_csv(project, store), encoding="utf-8")
        for key in {one.question.image for one in answered if one.squid}:
            _copy_image(project.images[key].scene, folder / names[key])
        rules = _rules(answered, project)
        files["questions"] = write_json(_questions(answered, names, rules), folder / "dataset.json")
        files["people"] = _written(folder / "people.csv", people_csv(project, store))
        if find_spec("krippendorff") is not None:
            files["agreement"] = _written(folder / "agreement.csv", agreement_csv(answered))
        drawn = list(drawn_answers(project, store))
        files |= write_marks(drawn, {key: Path(name).name for key, name in names.items()}, folder)
        if find_spec("pyarrow") is not None:
            files["parquet"] = _write_parquet(_table_rows(answered, names), folder / "annotations.parquet")
        if benchmark is not None:
            files["benchmark"] = _with_ranges(benchmark, rules, folder / "benchmark.json")
    except OSError as error:
        raise UsageError(
            f"The answers cannot be written to {str(folder)!r} ({error.strerror or error}): give --out a folder that "
            "can be written."
        ) from None
    return files


def table_csv(answered: list[Answered], names: dict[str, str] | None = None) -> str:
    """The annotation table that ``planimeter.squid.agreement.read_annotations`` reads.

    Args:
        answered: questions with answers; those of types that SQuID does not have are left out.
        names: image key → its name in the table; the key itself by default.
    """
    return _csv(TABLE_COLUMNS, _table_rows(answered, names or {}))


def answers_csv(project: Project, store: AnnotationStore) -> str:
    """Everything that was submitted, one row per revision, oldest first.

    Args:
        project: its questions.
        store: its answers.
    """
    asked = {question.id: question for question in project.questions}
    current = {revision.number for revision in store.latest().values()}
    rows = []
    for revision in store.revisions():
        question = asked.get(revision.question)
        rows.append(
            {
                "revision": revision.number,
                "current": int(revision.number in current),
                "at": revision.at,
                "question_id": revision.question,
                "annotator": revision.annotator,
                "skipped": int(revision.skipped),
                "answer": "" if revision.answer is None else revision.answer,
                "unit": (question.asked.unit or "") if question else "",
                "type": question.type if question else "",
                "tool": question.asked.tool if question else "",
                "image": question.image if question else "",
                "question": question.text if question else "",
                **_judged(question, revision.answer),
                "seconds": round(revision.seconds, 1),
                "note": revision.note,
                "marks": json.dumps(
                    {} if revision.skipped else revision.work, ensure_ascii=False, separators=(",", ":")
                ),
            }
        )
    return _csv(_ANSWER_COLUMNS, rows)


def people_csv(project: Project, store: AnnotationStore) -> str:
    """One row per annotator: how much they were asked and did, and how often they were right at gold questions.

    Args:
        project: its questions and annotators.
        store: its answers.
    """
    rows = []
    for one in standings(project, store):
        share = one.gold.share
        rows.append(
            {
                "annotator": one.name,
                "asked": one.asked,
                "answered": one.answered,
                "skipped": one.skipped,
                "seconds": "" if one.seconds is None else round(one.seconds, 1),
                "gold_answered": one.gold.answered,
                "gold_right": one.gold.right,
                "gold_share": "" if share is None else round(share, 4),
            }
        )
    return _csv(_PEOPLE_COLUMNS, rows)


def agreement_csv(answered: list[Answered]) -> str:
    """Agreement by kind of question, with the cautions.

    Args:
        answered: questions with answers.

    Raises:
        ModelError: the ``krippendorff`` library is not installed.
    """
    said = agreement(answered)
    if said["problem"]:
        raise ModelError(said["problem"])
    rows = []
    for row in said["rows"]:
        low, high = row["alpha_interval"] or (None, None)
        figures = {name: row[name] for name in ("alpha", "icc", "deviation")}
        figures |= {"alpha_low": low, "alpha_high": high}
        shown = {name: "" if value is None else round(value, 6) for name, value in figures.items()}
        rows.append({name: row[name] for name in ("group", "questions", "caution")} | shown)
    return _csv(_AGREEMENT_COLUMNS, rows)


def write_marks(drawn: list[DrawnAnswer], names: dict[str, str], folder: Path) -> dict[str, Path]:
    """Marks as files: a GeoPackage for each image that was marked, and one COCO file.

    Args:
        drawn: answers with their marks.
        names: image key → file name.
        folder: gets ``marks.coco.json`` and the folder ``marks``.

    Returns:
        what was written, by kind; nothing where nobody marked anything.
    """
    files = {}
    marked = [one for one in drawn if one.cells is not None or len(one.points) or len(one.lines)]
    for key in dict.fromkeys(one.question.image for one in marked):
        about = [one for one in marked if one.question.image == key]
        name = f"{names[key].removesuffix(Path(names[key]).suffix)}.gpkg"
        files[f"marks on {key}"] = write_marks_geopackage(folder / "marks" / name, about)
    flat = [one for one in marked if one.cells is not None or len(one.points)]
    if flat:
        files["COCO"] = _written(folder / "marks.coco.json", coco_text(flat, names))
    return files


def left_out(answered: list[Answered]) -> list[str]:
    """Ids of answered questions that only ``answers.csv`` holds, because SQuID has no type for them."""
    return [one.question.id for one in answered if not one.squid]


def _judged(question: AskedQuestion | None, answer: Value | None) -> dict[str, Any]:
    """Whether an answer to a gold question is right."""
    if question is None or question.gold is None:
        return {"gold": "", "right": ""}
    return {"gold": str(question.gold), "right": "" if answer is None else int(question.gold.accepts(answer))}


def _table_rows(answered: list[Answered], names: dict[str, str]) -> list[dict[str, Any]]:
    rows = []
    for one in answered:
        if one.squid:
            image = names.get(one.question.image, one.question.image)
            about = {**one.people.about, "image": image}
            for person, answer in one.people.answers.items():
                rows.append({"question_id": one.question.id, "annotator": person, "answer": answer, **about})
    return rows


def _csv(columns: tuple[str, ...], rows: list[dict[str, Any]]) -> str:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: harmless(value) for key, value in row.items()} for row in rows)
    return stream.getvalue()


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def image_names(project: Project) -> dict[str, str]:
    """Image key → path inside the export.

    Two images of one name get different ones, whatever its ending, and where only its case differs as well.
    """
    taken: set[str] = set()
    names: dict[str, str] = {}
    for number, (key, picture) in enumerate(project.images.items()):
        suffix = picture.path.suffix.lower()
        stem = picture.path.stem
        while stem.casefold() in taken:
            stem = f"{number}_{stem}"
        taken.add(stem.casefold())
        names[key] = f"images/{stem}{suffix if suffix in _PLAIN else '.png'}"
    return names


def _copy_image(scene: Scene, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if scene.path.suffix.lower() in _PLAIN:
        shutil.copyfile(scene.path, target)
        return
    done, content = cv2.imencode(".png", scene.read_rgb()[..., ::-1])
    assert done
    target.write_bytes(content.tobytes())


def _rules(answered: list[Answered], project: Project) -> RangeRules:
    """Range rules as ``planimeter squid generate --ranges`` has them."""
    return rules_from([one.people for one in answered if one.squid], project.title)


def _questions(answered: list[Answered], names: dict[str, str], rules: RangeRules) -> list[Question]:
    """Questions with their consensus; those on which people are level are left out."""
    found = []
    for one in answered:
        consensus: Value | None = one.people.consensus() if one.squid else None
        if consensus is None:
            continue
        asked, gsd = one.question, one.people.about.get("gsd")
        bounds = one.people.acceptable_range(rules)
        image = names[asked.image].removeprefix("images/")
        found.append(
            Question(
                asked.id,
                image,
                asked.text,
                consensus,
                asked.type,
                asked.tier,
                float(gsd) if gsd else None,
                bounds,
            )
        )
    return found


def _write_parquet(rows: list[dict[str, Any]], path: Path) -> Path:
    import pyarrow
    import pyarrow.parquet

    columns = {name: [str(row.get(name, "")) for row in rows] for name in TABLE_COLUMNS}
    pyarrow.parquet.write_table(pyarrow.table(columns), path)
    return path


def _with_ranges(benchmark: str | Path, rules: RangeRules, path: Path) -> Path:
    """A benchmark's questions with ranges by other rules."""
    data = read_data_set(benchmark)
    questions = [
        dataclasses.replace(q, acceptable_range=rules.acceptable_range(TYPES[q.type].kind, q.answer))
        if q.type in TYPES
        else q
        for q in data.questions
    ]
    return write_json(questions, path)
