"""A project: the images, the questions about them, and who answers.

PROJECT/project.json (or project.yaml)   written by people or by ``planimeter annotate init``
PROJECT/annotations.sqlite               links, answers and drafts, written by the server
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from planimeter.annotate.gold import Gold, read_gold
from planimeter.annotate.kinds import OWN_TYPES, Asked, asked_by
from planimeter.errors import InputError, ModelError, UsageError
from planimeter.paths import is_file
from planimeter.raster import Scene, open_scene
from planimeter.raster.scale import check_gsd
from planimeter.squid.types import TYPES, read_question

NAMES = ("project.json", "project.yaml", "project.yml")
STORE_NAME = "annotations.sqlite"
_PERSON = re.compile(r"[\w][\w .@+-]{0,63}")
_LONGEST = 2000  # letters of a question
_DISTANCE = re.compile(r"within\s+(\d+(?:\.\d+)?)\s*(?:m|metres|meters)\b", re.IGNORECASE)


@dataclass(frozen=True)
class PictureFile:
    """An image of a project.

    Attributes:
        key: how the project calls it.
        path: where it is.
        gsd: metres per pixel stated in the project; a file's own scale wins.
    """

    key: str
    path: Path
    gsd: float | None

    @cached_property
    def scene(self) -> Scene:
        """The image, opened.

        Raises:
            SceneError: it cannot be read.
        """
        return open_scene(self.path, gsd=self.gsd)

    @cached_property
    def content(self) -> str:
        """The image's size, and a digest of its file where it is one file.

        Raises:
            SceneError: it cannot be read.
        """
        size = f"{self.scene.width}x{self.scene.height}"
        try:
            with self.path.open("rb") as stream:
                return f"{size} {file_digest(stream, 'sha256').hexdigest()[:32]}"
        except OSError:  # a folder, which some kinds of images are
            return size

    @property
    def scale(self) -> str:
        """What ground lengths and areas are measured by, to six digits; empty without a scale."""
        scale = self.scene.scale
        return "" if scale is None else f"{scale.gsd:.6g} {scale.dx:.6g} {scale.dy:.6g}"


@dataclass(frozen=True)
class AskedQuestion:
    """A question that annotators answer.

    Attributes:
        id: unique in the project.
        image: key of its image.
        text: in English.
        type: one of SQuID's 24, or "distance" or "category".
        tier: 1 to 3; 0 where nobody says.
        topic: what is to be marked, for the annotator; may be empty.
        asked: tool, unit and categories.
        distance_m: the distance that the question is about, where it names one.
        gold: what is right, where the organiser says so; annotators are never told.
    """

    id: str
    image: str
    text: str
    type: str
    tier: int
    topic: str
    asked: Asked
    distance_m: float | None
    gold: Gold | None = None

    @property
    def measures_ground(self) -> bool:
        """Whether answers depend on the scale of the image: metres, hectares, and what lies within a distance."""
        return self.asked.unit in ("m", "ha") or self.distance_m is not None

    @property
    def fingerprint(self) -> str:
        """Changes when the question means something else than before."""
        parts = (self.image, self.text, self.type, self.asked.unit, list(self.asked.categories))
        return sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Project:
    """What is annotated, and by whom.

    Attributes:
        folder: where the project lies.
        title: what pages are headed with.
        images: by key.
        questions: in the order they are asked.
        annotators: names, each with a link of its own.
        overlap: how many annotators each question goes to; None for all of them. Gold questions go to all.
        file: the project file.
    """

    folder: Path
    title: str
    images: dict[str, PictureFile] = field(repr=False)
    questions: tuple[AskedQuestion, ...] = field(repr=False)
    annotators: tuple[str, ...]
    overlap: int | None = None
    file: Path = field(default=Path(NAMES[0]), compare=False, repr=False)

    @property
    def store_path(self) -> Path:
        """Where links, answers and drafts are kept."""
        return self.folder / STORE_NAME


def read_project(folder: str | Path) -> Project:
    """Read a project folder and open every image's header.

    Args:
        folder: with a project file in it.

    Raises:
        InputError: there is no project file, it does not say what it must, or an image cannot be read.
        ModelError: the file is YAML and PyYAML is not installed.
    """
    home = Path(folder).expanduser()
    file = next((home / name for name in NAMES if is_file(home / name)), None)
    if file is None:
        raise InputError(
            f"There is no project in {str(home)!r}: make one with `planimeter annotate init`, or write {NAMES[0]}."
        )
    said = _read_file(file)
    images = {key: _picture(key, entry, home, file.name) for key, entry in _images(said, file.name)}
    questions = tuple(
        _question(row, number, images, file.name)
        for number, row in enumerate(_rows(said, file.name), start=1)
    )
    if not questions:
        raise InputError(f"{file.name} asks no question: list some under `questions`.")
    _unique([question.id for question in questions], "the question id", file.name)
    annotators = check_annotators(said.get("annotators") or [], file.name)
    for picture in images.values():
        _ = picture.scene
    title = str(said.get("title") or home.resolve().name)[:200]
    return Project(home, title, images, questions, annotators, _overlap(said, file.name), file)


def check_annotators(names: Any, source: str) -> tuple[str, ...]:
    """Names of annotators as they may stand in tables and links.

    Args:
        names: as read.
        source: what errors call the file.

    Raises:
        InputError: none, one twice, or one with strange letters.

    Example:
        >>> check_annotators(["Ada", "Ben K."], "project.json")
        ('Ada', 'Ben K.')
    """
    if not isinstance(names, list) or not names:
        raise InputError(f"{source} names no annotators: list at least one under `annotators`.")
    for name in names:
        if not isinstance(name, str) or not _PERSON.fullmatch(name):
            raise InputError(
                f"{source} has the annotator {str(name)[:80]!r}: use 1 to 64 letters, digits, spaces and . @ + - _, "
                "beginning with a letter or digit."
            )
    _unique(names, "the annotator", source)
    return tuple(names)


def load_table(file: Path) -> Any:
    """What a JSON or YAML file holds.

    Raises:
        InputError: it cannot be read.
        ModelError: it is YAML and PyYAML is not installed.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
        if file.suffix == ".json":
            return json.loads(text)
    except (OSError, ValueError) as error:
        raise InputError(f"{file.name} cannot be read ({error}): correct the file.") from None
    try:
        import yaml
    except ModuleNotFoundError:
        raise ModelError(
            f"{file.name} is YAML, which needs PyYAML: pip install pyyaml, or write the file as JSON."
        ) from None
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())[:200]
        raise InputError(f"{file.name} is no readable YAML ({reason}): correct the file.") from None


def _read_file(file: Path) -> dict[str, Any]:
    said = load_table(file)
    if not isinstance(said, dict):
        raise InputError(
            f"{file.name} must be an object with title, images, questions and annotators: rewrite it."
        )
    return said


def _overlap(said: dict[str, Any], source: str) -> int | None:
    overlap = said.get("overlap")
    if overlap is not None and (type(overlap) is not int or overlap < 1):
        raise InputError(
            f"{source} has the overlap {str(overlap)[:20]!r}: write how many annotators each question goes to, 1 or "
            "more, or take it out so that all are asked everything."
        )
    return overlap


def _images(said: dict[str, Any], source: str) -> list[tuple[str, dict[str, Any]]]:
    """The images, however they are listed: key → file, key → {file, gsd}, or a list of either."""
    listed = said.get("images")
    if isinstance(listed, dict):
        pairs = list(listed.items())
    elif isinstance(listed, list):
        pairs = [(str(e.get("file", "")) if isinstance(e, dict) else str(e), e) for e in listed]
    else:
        raise InputError(f"{source} lists no images: give them under `images`, each with its file.")
    _unique([str(key) for key, _ in pairs], "the image", source)
    return [(str(key), entry if isinstance(entry, dict) else {"file": entry}) for key, entry in pairs]


def _picture(key: str, entry: dict[str, Any], home: Path, source: str) -> PictureFile:
    name, gsd = entry.get("file"), entry.get("gsd")
    if not isinstance(name, str) or not name:
        raise InputError(f"{source} names no file for the image {key!r}: add `file`.")
    if gsd is not None:
        try:
            check_gsd(gsd)
        except UsageError:
            raise InputError(
                f"{source} gives the image {key!r} the gsd {gsd!r}: write metres per pixel, such as 0.5, or nothing."
            ) from None
    return PictureFile(key, home / Path(name).expanduser(), gsd)


def _rows(said: dict[str, Any], source: str) -> list[dict[str, Any]]:
    rows = said.get("questions")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InputError(
            f"{source} must list `questions` as objects with id, image, question and type: rewrite it."
        )
    return rows


def _question(row: dict[str, Any], number: int, images: dict[str, PictureFile], source: str) -> AskedQuestion:
    name = str(row.get("id") or f"q{number}")
    text = str(row.get("question") or "").strip()
    where = f"{source}, question {name[:60]!r}"
    if not text or len(text) > _LONGEST:
        raise InputError(f"{where}: its text is empty or longer than {_LONGEST} letters; correct `question`.")
    image = str(row.get("image") or (next(iter(images)) if len(images) == 1 else ""))
    if image not in images:
        raise InputError(
            f"{where} is about the image {image[:80]!r}, which is not listed: add it under `images`."
        )
    type_name = str(row.get("type") or "")
    asked = asked_by(type_name)
    if asked is None:
        raise InputError(
            f"{where} has the type {type_name[:40]!r}: write one of {', '.join([*TYPES, *OWN_TYPES])}."
        )
    asked = _with_words(asked, row, where)
    return AskedQuestion(
        id=name,
        image=image,
        text=text,
        type=type_name,
        tier=int(row["tier"]) if str(row.get("tier", "")) in ("1", "2", "3") else _tier(type_name),
        topic=str(row.get("topic") or "")[:80],
        asked=asked,
        distance_m=_distance(type_name, text),
        gold=read_gold(row.get("gold"), asked, where),
    )


def _with_words(asked: Asked, row: dict[str, Any], where: str) -> Asked:
    """The question's own categories and unit in place of its type's."""
    words = row.get("categories")
    if words is None:
        words = list(asked.categories)
    good = isinstance(words, list) and all(
        isinstance(word, str) and 0 < len(word.strip()) <= 80 for word in words
    )
    if not good:
        raise InputError(f'{where}: its `categories` are no list of words; write them as ["one", "another"].')
    if asked.tool != "choice" and words:
        raise InputError(
            f"{where} asks for a number, so it has no `categories`: take them out or change its type."
        )
    if asked.tool == "choice" and len(set(words)) < 2:
        raise InputError(f"{where} needs at least two `categories` to choose from: add them.")
    unit = row.get("unit")
    if unit is not None and unit != asked.unit:
        raise InputError(
            f"{where} has the unit {str(unit)[:20]!r}, and answers of its type are in {asked.unit or 'words'}: take "
            "the unit out, or change the type."
        )
    # Tables of answers hold words in lower case.
    return Asked(asked.kind, asked.tool, asked.unit, tuple(dict.fromkeys(w.strip().lower() for w in words)))


def _tier(type_name: str) -> int:
    return TYPES[type_name].tier if type_name in TYPES else 0


def _distance(type_name: str, text: str) -> float | None:
    slots = read_question(type_name, text)
    if slots is not None and slots.distance is not None:
        return slots.distance
    found = _DISTANCE.search(text)
    return float(found.group(1)) if found else None


def _unique(names: list[str], what: str, source: str) -> None:
    twice = next((name for number, name in enumerate(names) if name in names[:number]), None)
    if twice is not None:
        raise InputError(f"{source} lists {what} {twice[:80]!r} twice: keep one.")
