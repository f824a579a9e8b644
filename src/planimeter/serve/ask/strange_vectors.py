"""Vector files of strangers: looked at once, and kept as a GeoPackage of our own, with polygons and plain attributes.

What is kept names no other file, holds no view, trigger or virtual table, and is of a bounded size; only that is ever
opened again.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
import tempfile
import warnings
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from planimeter.errors import LabelError
from planimeter.raster.vector_source import VectorSource
from planimeter.raster.vectorfile import open_vector
from planimeter.serve.http_errors import HTTPError

LARGEST_VECTOR = 32 << 20
"""Bytes of a vector file, and of what it unpacks to eight times as many."""

_UNPACKED = 8
_LAYERS = (".geojson", ".json", ".gpkg", ".kml", ".shp")
_BESIDE = (".shx", ".dbf", ".prj", ".cpg")
_MOST_FIELDS, _LONGEST_VALUE, _LONGEST_FIELD = 40, 200, 60
_TAKEN = "send GeoJSON, a GeoPackage, KML, or a zip of one of these or of a shapefile"
#: What the KML driver adds to every feature.
_OF_KML = (
    "id", "timestamp", "begin", "end", "altitudeMode", "tessellate", "extrude", "visibility", "drawOrder", "icon",
)  # fmt: skip


def keep_polygons(stream: BinaryIO, name: str, folder: Path, most: int) -> Path:
    """Read a stranger's vector file and write its polygons.

    Args:
        stream: the file, seekable.
        name: as its owner calls it, already safe to show.
        folder: where to.
        most: features that are taken.

    Returns:
        the GeoPackage, named after the file.

    Raises:
        Refused: it is of no kind that is taken, too large, or holds no polygons.
        LabelError: it cannot be read or does not say where it lies.
    """
    with tempfile.TemporaryDirectory(prefix="planimeter-") as place:
        file = _unpacked(stream, name, Path(place))
        crs, shapes, columns = _read(file, most)
        kept = folder / f"{_stem(name)}.gpkg"
        _write(kept, crs, shapes, columns)
    return kept


def _stem(name: str) -> str:
    """A file's name without its suffix, in letters that no path or list of options gives a meaning.

    >>> _stem("districts|layer=2.geojson")
    'districts_layer_2'
    """
    return re.sub(r"[^\w .()-]", "_", name.rsplit(".", 1)[0]).replace(".", "_").strip(" -") or "polygons"


def _unpacked(stream: BinaryIO, name: str, place: Path) -> Path:
    """The file on disk under a suffix that its first bytes earn; of a zip the one layer in it."""
    stream.seek(0)
    head = stream.read(4096)
    stream.seek(0)
    if head.startswith(b"PK\x03\x04"):
        return _from_zip(stream, place)
    file = place / f"{_stem(name)}{_suffix(head)}"
    with file.open("wb") as copy:
        shutil.copyfileobj(stream, copy, 1 << 20)
    if file.stat().st_size > LARGEST_VECTOR:
        raise HTTPError(413, f"The file is larger than {LARGEST_VECTOR >> 20} MiB; simplify it with ogr2ogr.")
    if file.suffix == ".gpkg":
        _check_database(file)
    return file


def _suffix(head: bytes) -> str:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"SQLite format 3\0"):
        return ".gpkg"
    if text.startswith(b"{"):
        return ".geojson"
    if text.startswith(b"<") and b"<kml" in text:
        return ".kml"
    raise HTTPError(415, f"The file is no vector file that is taken; {_TAKEN}.")


def _from_zip(stream: BinaryIO, place: Path) -> Path:
    """The one layer of a zip; its members get names without folders, and no more bytes than are taken."""
    left = LARGEST_VECTOR * _UNPACKED
    found: list[Path] = []
    try:
        with zipfile.ZipFile(stream) as archive:
            for member in archive.infolist():
                name = Path(member.filename.replace("\\", "/")).name
                if member.is_dir() or name.startswith("._") or not name.lower().endswith(_LAYERS + _BESIDE):
                    continue
                file = place / f"{_stem(name)}{Path(name).suffix.lower()}"
                with archive.open(member) as source, file.open("wb") as copy:
                    while part := source.read(1 << 20):
                        left -= len(part)
                        if left < 0:
                            raise HTTPError(
                                413, "The zip unpacks to more than is taken; send its polygons only."
                            )
                        copy.write(part)
                if file.suffix in _LAYERS and file not in found:
                    found.append(file)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        raise HTTPError(422, "The zip cannot be read; pack it again, without a password.") from None
    if len(found) != 1:
        names = ", ".join(file.name[:60] for file in found[:6])
        raise HTTPError(
            422, f"The zip holds {f'several layers ({names})' if found else 'no layer'}; {_TAKEN}."
        )
    if found[0].suffix != ".shp":
        with found[0].open("rb") as layer:
            head = layer.read(4096)
        if _suffix(head) != found[0].suffix.replace(".json", ".geojson"):
            raise HTTPError(415, f"{found[0].name} is not what its name says; {_TAKEN}.")
    if found[0].suffix == ".gpkg":
        _check_database(found[0])
    return found[0]


def _check_database(file: Path) -> None:
    """Refuse a database that is more than tables: it could make a reader compute, or open something else."""
    try:
        with closing(
            sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        ) as database:
            made = database.execute("SELECT type, coalesce(sql, '') FROM sqlite_master").fetchall()
    except sqlite3.Error:
        raise HTTPError(422, "The GeoPackage cannot be read; export it again.") from None
    virtual = re.compile(r"^\s*create\s+virtual\s+table\b(?!.*\busing\s+rtree\b)", re.IGNORECASE | re.DOTALL)
    if any(kind == "view" or virtual.match(sql) for kind, sql in made):
        raise HTTPError(422, "The GeoPackage holds views or virtual tables; export the layer alone.")


def _read(file: Path, most: int) -> tuple[str, np.ndarray, dict[str, list[Any]]]:
    """CRS, (N,) polygons, and the attributes of each."""
    import pyogrio
    import shapely

    layer = open_vector(VectorSource(str(file)))
    names = [str(name) for name, kind in pyogrio.list_layers(file) if kind is not None]
    shapes: list[np.ndarray] = []
    columns: dict[str, list[Any]] = {}
    count = 0
    for name in names:
        try:
            meta, _, blobs, data = pyogrio.raw.read(
                file,
                layer=name,
                force_2d=True,
                return_fids=True,
                max_features=most + 1,
                datetime_as_string=True,
            )
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError, RuntimeError):
            raise LabelError(
                f"{layer.name} cannot be read; export it again, for example as GeoPackage."
            ) from None
        found = _areas(shapely.from_wkb(blobs, on_invalid="ignore"))
        kept = (shapely.get_dimensions(found) == 2) & ~shapely.is_empty(found)
        for field, values in zip(meta["fields"], data, strict=True):
            if file.suffix == ".kml" and field in _OF_KML:
                continue
            cells = [_plain(value) for value in values[kept].tolist()]
            columns.setdefault(str(field), [None] * count).extend(cells)
        shapes.append(found[kept])
        count += int(kept.sum())
        for values in columns.values():
            values.extend([None] * (count - len(values)))
        if count > most:
            raise HTTPError(
                413, f"{layer.name} holds more than the {most:,} polygons this server takes; merge some."
            )
    if not count:
        raise HTTPError(422, f"{layer.name} holds no polygons; draw areas, or buffer its points and lines.")
    known = {field: values for field, values in columns.items() if any(each is not None for each in values)}
    return layer.crs, np.concatenate(shapes), dict(list(known.items())[:_MOST_FIELDS])


def _plain(value: Any) -> Any:
    """An attribute as a number or a short text; None for nothing."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return None if value != value else value
    return None if value is None else str(value)[:_LONGEST_VALUE]


def _write(path: Path, crs: str, shapes: np.ndarray, columns: dict[str, list[Any]]) -> None:
    import shapely
    from pyogrio import raw

    fields: list[str] = []
    data, missing = [], []
    for name, values in columns.items():
        shown = "".join(letter for letter in name if letter.isprintable())[:_LONGEST_FIELD] or "attribute"
        if shown.lower() in ("fid", "ogc_fid", "geom", "geometry"):
            shown = f"{shown}_"
        if shown.lower() in [each.lower() for each in fields]:
            continue
        fields.append(shown)
        numbers = all(each is None or isinstance(each, int | float) for each in values)
        missing.append(np.array([each is None for each in values], dtype=bool))
        if not numbers:
            data.append(np.array([None if each is None else str(each) for each in values], dtype=object))
        elif all(each is None or (isinstance(each, int) and abs(each) < 1 << 53) for each in values):
            data.append(np.array([0 if each is None else each for each in values], dtype=np.int64))
        else:
            data.append(np.array([0.0 if each is None else float(each) for each in values]))
    parts, owner = shapely.get_parts(shapes, return_index=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        raw.write(
            path,
            geometry=np.asarray(shapely.to_wkb(shapely.multipolygons(parts, indices=owner)), dtype=object),
            field_data=data,
            fields=np.array(fields, dtype=object),
            field_mask=missing,
            geometry_type="MultiPolygon",
            crs=crs,
            layer="polygons",
            driver="GPKG",
        )


def _areas(shapes: np.ndarray) -> np.ndarray:
    """The same, but of collections their polygons alone."""
    import shapely

    shapes = shapes.copy()
    for place in np.flatnonzero(shapely.get_type_id(shapes) == 7):
        parts = shapely.get_parts(shapes[place])
        shapes[place] = shapely.multipolygons(
            shapely.get_parts(parts[np.isin(shapely.get_type_id(parts), (3, 6))])
        )
    return shapes
