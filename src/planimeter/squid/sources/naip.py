"""Images that people answered questions about, with their table, such as SQuID's 50 of NAIP."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from planimeter.errors import InputError, UsageError, shown_name
from planimeter.raster.scale import check_gsd
from planimeter.squid.agreement import AnnotatedQuestion, read_annotations
from planimeter.squid.sources.base import folder_of
from planimeter.squid.types import TYPES

TABLE = "annotations.csv"


@dataclass(frozen=True)
class AnsweredImage:
    """One question that people answered, and its image.

    Attributes:
        image: where the picture is.
        gsd: metres per pixel; None when the table does not state it.
        asked: the question with its answers.
    """

    image: Path
    gsd: float | None
    asked: AnnotatedQuestion

    @property
    def name(self) -> str:
        """The image's name inside its source."""
        return self.image.stem


def answered(path: str, gsd: float | None = None) -> list[AnsweredImage]:
    """The questions of ``annotations.csv`` in a folder, with the images it names.

    Args:
        path: the folder; the table needs the columns ``image`` and ``question`` besides those of
            ``read_annotations``.
        gsd: metres per pixel, where the table has no column ``gsd``.

    Raises:
        InputError: no table, a column or an image is missing, or a scale is none.
    """
    folder = folder_of(path, "naip")
    found = []
    for asked in read_annotations(folder / TABLE):
        lacking = [name for name in ("image", "question") if name not in asked.about]
        if lacking:
            raise InputError(f"{TABLE} lacks {' and '.join(lacking)} for {asked.id}: add the column.")
        image = folder / asked.about["image"]
        if not image.is_file():
            raise InputError(
                f"{TABLE} names the image {asked.about['image']}, which is not in {folder}: add it."
            )
        if asked.about.get("type", "") not in TYPES:
            raise InputError(f"{TABLE} gives {asked.id} no type of ours: fill in the column type.")
        stated = asked.about.get("gsd")
        found.append(AnsweredImage(image, _metres(stated, asked.id) if stated else gsd, asked))
    return found


def _metres(stated: str, name: str) -> float:
    """Metres per pixel, as the table states them."""
    try:
        metres = float(stated)
        check_gsd(metres)
    except (ValueError, UsageError):
        raise InputError(
            f"{TABLE} gives {name} the gsd {shown_name(stated)}: write metres per pixel, or leave it empty."
        ) from None
    return metres
