"""The day on which a scene was taken, as its product, its name or its file says; nothing is guessed."""

from __future__ import annotations

import datetime
import json
import re
from dataclasses import dataclass
from pathlib import Path

from rasterio.errors import RasterioError

from planimeter.errors import InputError
from planimeter.raster.files import opened
from planimeter.raster.scene import Scene

#: Names of products, with year, month and day, or year and day of the year.
_PRODUCTS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:^|[^A-Z0-9])S2[ABC]_MSIL\d[A-Z]_(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)T\d{6}",
        r"(?:^|[^A-Z0-9])T\d\d[A-Z]{3}_(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)T\d{6}",
        r"(?:^|[^A-Z0-9])S2[ABC]_\d\d[A-Z]{3}_(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)_",
        r"(?:^|[^A-Z])L[COTEM]0\d_L\d[A-Z]{2}_\d{6}_(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)_\d{8}_",
        r"HLS\.[LS]30\.T\w{5}\.(?P<y>\d{4})(?P<n>\d{3})T\d{6}",
        r"(?:^|[^a-z])m_\d{7}_(?:ne|nw|se|sw)_\d\d_\w{1,3}_(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)",
    )
)
_PLAIN = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<s>[-_.]?)(?P<m>0[1-9]|1[0-2])(?P=s)(?P<d>0[1-9]|[12]\d|3[01])(?!\d)"
)
_TAGS = (
    "acquisitiondatetime", "acquisition_date", "acquisitiondate", "date_acquired", "sensing_time",
    "datatake_sensing_start", "product_start_time", "exif_datetimeoriginal", "datetime",
)  # fmt: skip
_STAMP = re.compile(r"\s*(?P<y>\d{4})[-:/]?(?P<m>\d\d)[-:/]?(?P<d>\d\d)(?!\d)")
_WRITTEN = "tifftag_datetime"
_LARGEST = 16 << 20  # bytes of a STAC item


@dataclass(frozen=True)
class Acquired:
    """When a scene was taken.

    Attributes:
        day: in UTC, as products have it.
        source: who says so.
    """

    day: datetime.date
    source: str


def acquired(scene: Scene) -> Acquired | None:
    """When a scene was taken; None where nothing says, or a name says two days.

    A STAC item's ``datetime`` is asked first, then the name of a product or of its files, then tags of the file, then
    any date in the scene's name, and last the day that a TIFF says it was made.

    Example:
        >>> from tempfile import mkdtemp
        >>> from planimeter.raster.opening import open_scene
        >>> from planimeter.worlds import make_world
        >>> picture = make_world(1, size=64).write(mkdtemp())["image"]
        >>> acquired(open_scene(picture)) is None
        True
        >>> acquired(open_scene(picture.rename(picture.with_name("farm_2021-06-04.tif")))).day.isoformat()
        '2021-06-04'
    """
    return (
        _of_item(scene.path)
        or _named(_texts(scene), _PRODUCTS, "the product's name")
        or _tagged(scene, _TAGS)
        or _named([scene.name], (_PLAIN,), "the scene's name")
        or _tagged(scene, (_WRITTEN,))
    )


def _texts(scene: Scene) -> list[str]:
    """Names that may tell: the scene's, and those of a product's files."""
    inner = [] if scene.mosaic is None else re.findall(r"[^/<>]+(?=</SourceFilename>)", scene.mosaic.xml)
    return [scene.name, *dict.fromkeys(inner)]


def _named(texts: list[str], patterns: tuple[re.Pattern[str], ...], source: str) -> Acquired | None:
    for pattern in patterns:
        days = {_day(match) for text in texts for match in pattern.finditer(text)} - {None}
        if len(days) == 1:
            return Acquired(days.pop(), source)  # type: ignore[arg-type]
        if days:
            return None
    return None


def _day(match: re.Match[str]) -> datetime.date | None:
    found = match.groupdict()
    try:
        if found.get("n"):
            first = datetime.date(int(found["y"]), 1, 1)
            day = first + datetime.timedelta(days=int(found["n"]) - 1)
            return day if day.year == first.year else None
        return datetime.date(int(found["y"]), int(found["m"]), int(found["d"]))
    except (ValueError, OverflowError):
        return None


def _of_item(path: Path) -> Acquired | None:
    if path.suffix.lower() != ".json" or not path.is_file() or path.stat().st_size > _LARGEST:
        return None
    try:
        told = json.loads(path.read_text(encoding="utf-8"))["properties"]
        text = told.get("datetime") or told.get("start_datetime")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    day = _written(text)
    return None if day is None else Acquired(day, "the STAC item")


def _tagged(scene: Scene, names: tuple[str, ...]) -> Acquired | None:
    try:
        with opened(scene.path if scene.mosaic is None else scene.mosaic) as dataset:
            tags = {
                k.lower(): v for space in ("", "IMAGERY") for k, v in dataset.tags(ns=space or None).items()
            }
    except (InputError, RasterioError, OSError):
        return None
    for name in names:
        day = _written(tags.get(name))
        if day is not None:
            made = ", which may be when the file was made" if name == _WRITTEN else ""
            return Acquired(day, f"the file's tag {name.upper()}{made}")
    return None


def _written(text: object) -> datetime.date | None:
    """The day of "2021-06-04T10:20:30Z", "2021:06:04 10:20:30" or "20210604"."""
    match = _STAMP.match(text) if isinstance(text, str) else None
    return None if match is None else _day(match)
