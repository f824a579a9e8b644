"""Making a project: from a list of questions of one's own, or from a generated SQuID benchmark."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from planimeter.annotate.kinds import asked_by
from planimeter.annotate.project import (
    NAMES,
    Project,
    check_annotators,
    load_table,
    read_project,
)
from planimeter.errors import InputError, UsageError
from planimeter.paths import is_dir, is_file
from planimeter.squid.csv_file import read_csv
from planimeter.squid.published import JSON_NAME, read_data_set

_KEPT = ("id", "image", "question", "type", "tier", "topic", "unit", "categories", "gold")


def make_project(
    folder: str | Path,
    questions: str | Path,
    annotators: list[str],
    *,
    images: str | Path | None = None,
    title: str = "",
    gsd: float | None = None,
    limit: int | None = None,
) -> Project:
    """Write a project file; answers that a benchmark holds are not copied, so no annotator can see them.

    Args:
        folder: made when it does not exist.
        questions: a list as JSON, YAML or CSV with the columns image, question and type, or a benchmark: its folder,
            its ``dataset.json``, or a parquet file. What a list states as ``gold`` is kept.
        annotators: names.
        images: folder that image names are relative to; by default where the questions lie.
        title: what pages are headed with.
        gsd: metres per pixel of images for which no question states any.
        limit: only the first so many questions.

    Raises:
        UsageError: there is a project already, or it cannot be written.
        InputError: the questions cannot be read, an image is missing, or one has two scales.
    """
    home, source = Path(folder).expanduser(), Path(questions).expanduser()
    if any(is_file(home / name) for name in NAMES):
        raise UsageError(
            f"There is a project in {str(home)!r} already: give another folder, or edit its file."
        )
    rows, places = _questions(source, Path(images).expanduser() if images else None)
    rows = rows[:limit]
    if not rows:
        raise InputError(f"{source.name} holds no questions: list some with image, question and type.")
    rows = [{**row, "id": str(row.get("id") or f"q{number}")} for number, row in enumerate(rows, start=1)]
    names = list(check_annotators(annotators, "--annotators"))
    pictures: dict[str, dict[str, Any]] = {}
    for row in rows:
        key = str(row.get("image") or "")
        place = next((place / key for place in places if key and is_file(place / key)), None)
        if place is None:
            raise InputError(
                f"There is no image {key or '(none named)'!r} in {places[0]}: give its folder with --images."
            )
        entry = pictures.setdefault(key, {"file": _reference(place, home)})
        if row.get("gsd") not in (None, ""):
            metres = _metres(row["gsd"], key)
            if entry.setdefault("gsd", metres) != metres:
                raise InputError(
                    f"The questions state two scales for the image {key!r}, {entry['gsd']:g} and {metres:g} m per "
                    "pixel: correct one."
                )
    if gsd is not None:
        pictures = {key: {**entry, "gsd": entry.get("gsd", gsd)} for key, entry in pictures.items()}
    text = {
        "title": title or home.resolve().name,
        "annotators": names,
        "images": pictures,
        "questions": [{key: row[key] for key in _KEPT if row.get(key) not in (None, "")} for row in rows],
    }
    target = home / NAMES[0]
    try:
        home.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(text, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"The project cannot be written to {str(home)!r} ({error.strerror or error}): give a folder that can be "
            "written."
        ) from None
    try:
        return read_project(home)
    except InputError:
        target.unlink()
        raise


def _questions(source: Path, images: Path | None) -> tuple[list[dict[str, Any]], list[Path]]:
    """Rows of questions, and the folders where their images may lie."""
    if is_dir(source) and is_file(source / JSON_NAME):
        source = source / JSON_NAME
    if source.suffix == ".parquet" or is_dir(source):
        data = read_data_set(source, images)
        rows: Any = [question.__dict__ for question in data.questions]
        return rows, [data.folder / "images", data.folder]
    if not is_file(source):
        raise InputError(
            f"There are no questions at {str(source)!r}: give a JSON, YAML, CSV or parquet file."
        )
    places = [images] if images else [source.parent / "images", source.parent]
    if source.suffix == ".csv":
        rows = [_row_of_csv(row) for _, row in read_csv(source)]
    else:
        said = load_table(source)
        rows = said.get("questions") if isinstance(said, dict) else said
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InputError(
            f"{source.name} must hold a list of questions with image, question and type: rewrite it."
        )
    unknown = next((row for row in rows if asked_by(str(row.get("type") or "")) is None), None)
    if unknown is not None:
        raise InputError(
            f"{source.name} asks {str(unknown.get('question'))[:60]!r} without a known type: fill in `type`, such as "
            "percentage, count, proximity_percentage, binary_presence or distance."
        )
    return rows, places


def _row_of_csv(row: dict[str, str]) -> dict[str, Any]:
    categories = [word.strip() for word in (row.get("categories") or "").split("|") if word.strip()]
    return {**row, "categories": categories or None, "gold": _gold_of_csv(row.get("gold") or "")}


def _gold_of_csv(text: str) -> Any:
    """What a cell says is right: a word, a number, or two numbers with a bar between them."""
    try:
        numbers = [float(part) for part in text.split("|")]
    except ValueError:
        return text.strip() or None
    return numbers[0] if len(numbers) == 1 else numbers


def _metres(stated: object, key: str) -> float:
    try:
        return float(str(stated))
    except ValueError:
        raise InputError(f"The gsd of {key!r} is no number: write metres per pixel, such as 0.5.") from None


def _reference(image: Path, home: Path) -> str:
    """A path from the project's folder, so that both can be moved together."""
    return Path(os.path.relpath(image.resolve(), home.resolve())).as_posix()
