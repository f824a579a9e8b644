"""SQuID's two published forms, read and written: ``dataset.json`` and parquet.

What is wrong with a row is named and counted, never silently dropped: see ``RowProblem``.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

from planimeter.cache import cache_folder
from planimeter.errors import InputError, ModelError
from planimeter.paths import is_dir, is_file
from planimeter.segment.hub import split_revision
from planimeter.squid.question import Question, read_value, write_value
from planimeter.squid.types import TYPES

JSON_NAME = "dataset.json"
TRUTH_NAME = "truth.json"
HUB_PREFIX = "hub:"
_BATCH = 16  # rows read at a time; each may hold an image of several MB
_SIGNATURES = {b"\x89PNG": ".png", b"\xff\xd8\xff": ".jpg", b"II*\x00": ".tif", b"MM\x00*": ".tif"}


@dataclass(frozen=True)
class RowProblem:
    """Something wrong with one row of a data set.

    Attributes:
        row: counted from 0.
        id: the row's id, or "row N" where it has none.
        kind: "broken row", "missing image", "duplicate id", "answer outside its range" or "unknown type".
        sentence: what is wrong.
        image: the row's image, where it names one.
    """

    row: int
    id: str
    kind: str
    sentence: str
    image: str = ""

    @property
    def unscored(self) -> bool:
        """Whether the row cannot be scored because of it; else it is scored and the problem only reported."""
        return self.kind in ("broken row", "missing image", "duplicate id")


@dataclass(frozen=True)
class Truth:
    """Where the labels of an image are, and what their values mean; paths of files."""

    labels: Path
    legend: Path


@dataclass
class DataSet:
    """Questions with their images, as read.

    Attributes:
        name: how reports call it.
        folder: what image paths are relative to.
        questions: rows that can be scored.
        problems: what is wrong with rows, also with some of those that can be scored.
        truth: image → labels, where they were published with it.
    """

    name: str
    folder: Path
    questions: list[Question]
    problems: list[RowProblem] = field(default_factory=list)
    truth: dict[str, Truth] = field(default_factory=dict)

    def image_path(self, image: str) -> Path:
        """Where an image is; the published set keeps images in the folder itself, ours in ``images``."""
        inside = self.folder / "images" / image
        return inside if is_file(inside) else self.folder / image


def read_data_set(where: str | Path, images: str | Path | None = None) -> DataSet:
    """Read a data set in either published form.

    Args:
        where: a folder, a ``.json`` or ``.parquet`` file, or "hub:OWNER/NAME", perhaps with "@REVISION" behind it, to
            fetch it from the Hugging Face hub (only then is anything downloaded).
        images: where images inside parquet files are put; by default in the user's cache folder.

    Raises:
        InputError: nothing there that can be read.
        ModelError: an extra is missing, or the hub cannot be reached.
    """
    if str(where).startswith(HUB_PREFIX):
        return _read_parquet(_fetch(str(where).removeprefix(HUB_PREFIX)), images)
    path = Path(where).expanduser()
    if is_dir(path):
        path = path / JSON_NAME if is_file(path / JSON_NAME) else path
    if path.suffix == ".json" and is_file(path):
        return _read_json(path)
    if is_dir(path) or (path.suffix == ".parquet" and is_file(path)):
        return _read_parquet(path, images)
    raise InputError(
        f"There is no data set at {where}: give a folder, a {JSON_NAME}, a .parquet file or hub:OWNER/NAME."
    )


def write_json(questions: Iterable[Question], path: str | Path) -> Path:
    """Write the paper's own form, a list of objects.

    Args:
        questions: in the order of their ids.
        path: the file to write.
    """
    rows = [
        {
            "id": question.id,
            "image": question.image,
            "question": question.question,
            "answer": {"yes": 1, "no": 0}.get(question.answer, question.answer)
            if isinstance(question.answer, str)
            else question.answer,
            "type": question.type,
            "tier": question.tier,
            "gsd": question.gsd,
            "acceptable_range": list(question.acceptable_range) if question.acceptable_range else None,
        }
        for question in questions
    ]
    target = Path(path)
    target.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return target


def write_parquet(data: DataSet, path: str | Path) -> Path:
    """Write the form of the hub: one row per question, its image inside.

    Args:
        data: questions whose images exist.
        path: the ``.parquet`` file to write.

    Raises:
        ModelError: pyarrow is not installed.
    """
    arrow, parquet = _arrow()
    schema = arrow.schema(
        [
            ("id", arrow.string()),
            ("image", arrow.struct([("bytes", arrow.binary()), ("path", arrow.string())])),
            ("question", arrow.string()),
            ("answer", arrow.string()),
            ("type", arrow.string()),
            ("tier", arrow.int32()),
            ("gsd", arrow.float32()),
            ("acceptable_range_lower", arrow.float64()),
            ("acceptable_range_upper", arrow.float64()),
        ],
        metadata={"huggingface": json.dumps({"info": {"features": {"image": {"_type": "Image"}}}})},
    )
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    with parquet.ParquetWriter(target, schema) as writer:
        for start in range(0, len(data.questions), _BATCH):
            rows = [_row(data, question) for question in data.questions[start : start + _BATCH]]
            writer.write_table(arrow.Table.from_pylist(rows, schema=schema))
    return target


def _row(data: DataSet, question: Question) -> dict[str, Any]:
    low, high = question.acceptable_range or (None, None)
    return {
        "id": question.id,
        "image": {"bytes": data.image_path(question.image).read_bytes(), "path": question.image},
        "question": question.question,
        "answer": write_value(question.answer),
        "type": question.type,
        "tier": question.tier,
        "gsd": question.gsd,
        "acceptable_range_lower": low,
        "acceptable_range_upper": high,
    }


def _read_json(path: Path) -> DataSet:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} is not readable JSON ({error}): fetch or generate it again.") from None
    if not isinstance(rows, list):
        raise InputError(f"{path} must hold a list of questions: fetch or generate it again.")
    data = DataSet(path.parent.resolve().name, path.parent, [], truth=_read_truth(path.parent))
    _take(data, (row if isinstance(row, dict) else {} for row in rows))
    return data


def _read_parquet(path: Path, images: str | Path | None) -> DataSet:
    files = sorted(path.rglob("*.parquet")) if is_dir(path) else [path]
    if not files:
        raise InputError(f"The folder {path} holds neither {JSON_NAME} nor a .parquet file: give a data set.")
    home = path if is_dir(path) else path.parent
    folder = Path(images) if images else _cache_folder(path)
    truth = _read_truth(home) or _read_truth(home.parent)
    data = DataSet(home.resolve().name, folder, [], truth=truth)
    _take(data, _parquet_rows(files, folder))
    return data


def _parquet_rows(files: list[Path], folder: Path) -> Iterator[dict[str, Any]]:
    arrow, parquet = _arrow()
    taken: dict[str, str] = {}
    for file in files:
        try:
            for batch in parquet.ParquetFile(file).iter_batches(batch_size=_BATCH):
                for row in batch.to_pylist():
                    yield {**row, "image": _extract(row.get("image"), folder, taken)}
        except (arrow.ArrowException, OSError) as error:
            raise InputError(f"{file} is no readable parquet file ({error}): fetch it again.") from None


def _extract(cell: object, folder: Path, taken: dict[str, str]) -> str | None:
    """Put an image of a parquet row into a folder, unless it is there already; its path inside the folder.

    Args:
        cell: of the column ``image``.
        folder: where images are put; what an earlier reading left there gives way to what the file holds now.
        taken: path → digest of the image that has it in this reading; another image of that path is called otherwise.
    """
    if not isinstance(cell, dict):
        return None
    content, named = cell.get("bytes"), str(cell.get("path") or "")
    if not content:
        return named or None
    suffix = next((end for start, end in _SIGNATURES.items() if content.startswith(start)), ".img")
    path = PurePosixPath(named.replace("\\", "/"))
    # A path out of a downloaded file never leaves the folder.
    safe = named and not path.is_absolute() and ".." not in path.parts
    digest = sha256(content).hexdigest()
    own = digest[:20] + suffix
    key = str(path) if safe else own
    # Some disks do not tell small letters from capitals.
    if taken.setdefault(key.casefold(), digest) != digest:
        key = own
        taken[key] = digest
    target = folder / key
    if not is_file(target) or target.read_bytes() != content:
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_name(target.name + ".part")
        unfinished.write_bytes(content)
        os.replace(unfinished, target)
    return key


def _take(data: DataSet, rows: Iterable[dict[str, Any]]) -> None:
    """Sort rows into questions and problems."""
    seen: set[str] = set()
    for number, row in enumerate(rows):
        name = _text(row, "id") or f"row {number}"
        image = str(row.get("image") or "")

        def report(
            kind: str, sentence: str, row_number: int = number, id: str = name, at: str = image
        ) -> None:
            data.problems.append(RowProblem(row_number, id, kind, sentence, at))

        try:
            question = _question(row)
        except (InputError, TypeError, ValueError) as error:
            report("broken row", str(error))
            continue
        if question.id in seen:
            report("duplicate id", f"Another row before it is called {question.id} as well.")
            continue
        seen.add(question.id)
        if not image or not is_file(data.image_path(image)):
            report("missing image", f"There is no image {image or '(none named)'} in {data.folder}.")
            continue
        if question.type not in TYPES:
            report("unknown type", f"The type {question.type!r} is none of the 24.")
        bounds = question.acceptable_range
        if bounds and not isinstance(question.answer, str) and not bounds[0] <= question.answer <= bounds[1]:
            report("answer outside its range", f"The answer {question.answer} is not within {list(bounds)}.")
        data.questions.append(question)


def _question(row: dict[str, Any]) -> Question:
    missing = [key for key in ("id", "question", "type") if not _text(row, key)]
    if missing:
        raise InputError(f"The row has no {' and no '.join(missing)}: complete it or take it out.")
    bounds = _bounds(row)
    gsd = row.get("gsd")
    metres = None if gsd is None or math.isnan(float(gsd)) else float(f"{float(gsd):.6g}")
    if metres is not None and not (0 < metres < math.inf):
        raise InputError(f"The scale {gsd!r} is no length: give metres per pixel or nothing.")
    type_name = str(row["type"]).strip()
    known = TYPES.get(type_name)
    tier = row.get("tier", known.tier if known else 0)
    if not isinstance(tier, int):
        raise InputError(f"The tier {tier!r} is no whole number: write 1, 2 or 3.")
    return Question(
        id=str(row["id"]),
        image=str(row.get("image") or ""),
        question=str(row["question"]).strip(),
        answer=read_value(row.get("answer"), exact=bounds is None),
        type=type_name,
        tier=tier,
        gsd=metres,
        acceptable_range=bounds,
    )


def _text(row: dict[str, Any], key: str) -> str:
    """What stands under a key, be it a number (0 is an id); empty where nothing does."""
    value = row.get(key)
    return "" if value is None else str(value).strip()


def _bounds(row: dict[str, Any]) -> tuple[float, float] | None:
    stated = row.get(
        "acceptable_range", [row.get("acceptable_range_lower"), row.get("acceptable_range_upper")]
    )
    if stated is None:
        return None
    if not isinstance(stated, list) or len(stated) != 2:
        raise InputError("The acceptable range is no pair of numbers: write [low, high] or null.")
    low, high = (None if bound is None or math.isnan(float(bound)) else float(bound) for bound in stated)
    if low is None and high is None:
        return None
    if low is None or high is None or low > high or math.isinf(low) or math.isinf(high):
        raise InputError(f"The acceptable range {stated} is no interval: write [low, high] or null.")
    return low, high


def _read_truth(folder: Path) -> dict[str, Truth]:
    file = folder / TRUTH_NAME
    if not is_file(file):
        return {}
    try:
        entries = json.loads(file.read_text(encoding="utf-8"))["images"]
        return {
            image: Truth(folder / entry["labels"], folder / entry["legend"])
            for image, entry in entries.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{file} does not list labels by image ({error}): generate the data set again."
        ) from None


def _cache_folder(path: Path) -> Path:
    return cache_folder("squid") / sha256(str(path.resolve()).encode()).hexdigest()[:16]


def _fetch(repository: str) -> Path:
    """Download a data set's parquet files from the hub, or find them in its cache."""
    try:
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError
    except ModuleNotFoundError:
        raise ModelError("Reading from the hub needs the extra: pip install 'planimeter[squid]'.") from None
    try:
        name, revision = split_revision(repository)
        return Path(
            snapshot_download(name, repo_type="dataset", revision=revision, allow_patterns=["*.parquet"])
        )
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        reason = str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
        raise ModelError(
            f"The data set {repository!r} cannot be had from the hub ({reason}): check the name and the "
            "connection, or give a downloaded folder."
        ) from None


def _arrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ModuleNotFoundError:
        raise ModelError("Parquet files need the extra: pip install 'planimeter[squid]'.") from None
    return pyarrow, pyarrow.parquet
