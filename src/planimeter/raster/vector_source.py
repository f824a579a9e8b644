"""What is meant by ``--vector TOPIC=town.gpkg|layer=buildings``: the file, the layer, the features, the CRS."""

from __future__ import annotations

import glob
import os
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from planimeter.errors import LabelError, shown_name
from planimeter.paths import is_dir, is_file
from planimeter.raster.files import local_file, refuse_remote_sources

_KEYS = {"layer": "layer", "layername": "layer", "where": "where", "subset": "where", "crs": "crs"}
_PART = re.compile(r"\|(?=[a-zA-Z]+=)")
#: What is read of layers in several files of one stem, in the order in which a hash of them is made.
_SEVERAL = {
    ".shp": (".shp", ".dbf", ".shx", ".prj", ".cpg"),  # geometry, attributes, its index, CRS, encoding
    ".tab": (".tab", ".dat", ".map", ".id", ".ind"),
    ".mif": (".mif", ".mid"),
}
_WRITTEN = 'write it like "roof=town.gpkg|layer=buildings|where=height > 3"'
_INNER = (
    ".csv", ".dxf", ".fgb", ".gdb", ".geojson", ".geojsonl", ".gml", ".gpkg", ".gpx", ".json", ".kml", ".kmz",
    ".osm", ".parquet", ".pbf", ".shp", ".sqlite", ".tab", ".topojson",
)  # fmt: skip


@dataclass(frozen=True)
class VectorSource:
    """What a user wrote after ``--vector TOPIC=``.

    Attributes:
        path: the file or FileGDB folder; a member of a zip is written ``town.zip/houses.shp``.
        layer: the layer's name, or None.
        where: a condition on attributes in GDAL's SQL, or None.
        crs: the coordinate reference system of a file that does not say it, or None.
    """

    path: str
    layer: str | None = None
    where: str | None = None
    crs: str | None = None

    @property
    def shown(self) -> str:
        """How errors show it."""
        return shown_name(Path(self.path).name)

    @property
    def named(self) -> str:
        """How answers name it: the file, and what of it."""
        parts = (("layer", self.layer), ("where", self.where))
        return Path(self.path).name + "".join(f"|{key}={value}" for key, value in parts if value is not None)

    def fingerprint(self) -> str:
        """A text that changes when the file does, or what is read of it."""
        states = [(file.name, *_state(file)) for file in self.files()]
        return f"{self.path}|{self.layer}|{self.where}|{self.crs}:{states}"

    @property
    def file(self) -> Path:
        """The file on disk, of a member of a zip the zip; a FileGDB is a folder."""
        path = Path(self.path)
        return next((place for place in (path, *path.parents) if is_file(place)), path)

    def files(self) -> list[Path]:
        """The files that hold it: those beside a shapefile, in a FileGDB, and what a database has not written yet."""
        file = self.file
        if is_dir(file):
            return sorted(place for place in file.iterdir() if is_file(place))
        if not is_file(file):
            return []
        beside = [file.with_name(f"{file.name}{end}") for end in ("-wal", "-journal")]
        if file.suffix.lower() in _SEVERAL:
            beside += sorted(file.parent.glob(f"{glob.escape(file.stem)}.*"))
        return [file, *(each for each in beside if each != file and is_file(each) and each.stat().st_size)]


def parts_of(file: Path) -> list[Path]:
    """The files that what is read of a layer stands in, always in the same order.

    Args:
        file: a shapefile's ``.shp``, for which it is ``.shp``, ``.dbf``, ``.shx``, ``.prj`` and ``.cpg``; a FileGDB's
            folder, for which it is all files by name; any other file, for which it is that file.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> for name in ("a.prj", "a.SHP", "a.dbf", "a.txt"):
    ...     _ = (folder / name).write_bytes(b"")
    >>> [part.name for part in parts_of(folder / "a.SHP")]
    ['a.SHP', 'a.dbf', 'a.prj']
    """
    if file.suffix.lower() == ".gdb" and is_dir(file):
        return sorted(part for part in file.iterdir() if is_file(part) and part.suffix.lower() != ".lock")
    endings = _SEVERAL.get(file.suffix.lower(), ())
    beside = (
        {each.suffix.lower(): each for each in file.parent.glob(f"{glob.escape(file.stem)}.*")}
        if endings
        else {}
    )
    return [file, *(beside[ending] for ending in endings[1:] if ending in beside and is_file(beside[ending]))]


def _state(file: Path) -> tuple[int, int]:
    """What changes when a file does: its size, and when it was written (ns); (0, 0) where it has gone."""
    try:
        state = file.stat()
    except OSError:
        return 0, 0
    return state.st_size, state.st_mtime_ns


def parse_source(text: str | os.PathLike[str]) -> VectorSource:
    """Split ``town.gpkg|layer=buildings|where=height > 3|crs=EPSG:4326`` into its parts.

    Args:
        text: a path and what may follow it; QGIS's ``layername`` and ``subset`` are understood as well.

    Raises:
        LabelError: a part is not known, twice there, or empty.

    Example:
        >>> parse_source("town.gpkg|layername=buildings").layer
        'buildings'
    """
    path, *parts = _PART.split(os.fspath(text))
    found: dict[str, str] = {}
    for part in parts:
        key, _, value = part.partition("=")
        name = _KEYS.get(key.lower())
        if name is None or not value.strip():
            raise LabelError(f"{shown_name(part)} after {shown_name(path)} is not understood; {_WRITTEN}.")
        if name in found:
            raise LabelError(f"{shown_name(path)} is given two values for {name}; {_WRITTEN}.")
        found[name] = value.strip()
    return VectorSource(path, **found)


def located(source: VectorSource) -> tuple[Path, str]:
    """The file on disk, and the path by which GDAL reads it.

    Raises:
        LabelError: there is no such file, it asks a network, or its zip does not hold one vector file.
    """
    path = Path(source.path)
    if is_dir(path) and path.suffix.lower() == ".gdb":
        return path, str(path.absolute())
    archive = next((parent for parent in (path, *path.parents) if _is_zip(parent)), None)
    if archive is not None:
        member = path.relative_to(archive).as_posix()
        inner = _member(archive, "" if member == "." else member)
        return archive, f"/vsizip/{archive.absolute()}/{inner}"
    file = local_file(path, LabelError)
    refuse_remote_sources(file, LabelError)
    if file.suffix.lower() == ".gz":
        return file, f"/vsigzip/{file}"
    return file, str(file)


def _is_zip(path: Path) -> bool:
    # A KMZ is a zip that GDAL opens by itself.
    return path.suffix.lower() == ".zip" and is_file(path)


def _member(archive: Path, wanted: str) -> str:
    """The one vector file in a zip."""
    shown = shown_name(archive.name)
    try:
        with zipfile.ZipFile(archive) as content:
            names = content.namelist()
    except (zipfile.BadZipFile, OSError) as problem:
        raise LabelError(f"{shown} is not a zip that can be read; copy or export it again.") from problem
    files = dict.fromkeys(
        name[: name.lower().index(".gdb/") + 4] if ".gdb/" in name.lower() else name for name in names
    )
    found = [name for name in files if name.lower().endswith(_INNER) and "__MACOSX" not in name]
    if wanted:
        if wanted in found:
            return wanted
        raise LabelError(f"{shown} holds no {shown_name(wanted)}; it holds {listed(found)}.")
    if not found:
        raise LabelError(f"{shown} holds no vector file; give a zip of a GeoPackage, shapefile or GeoJSON.")
    if len(found) > 1:
        raise LabelError(
            f"{shown} holds several vector files: {listed(found)}; name one, like {archive.name}/{found[0]}."
        )
    return found[0]


def listed(names: list[str]) -> str:
    """Names as errors list them, not all of very many."""
    shown = ", ".join(name[:60] for name in names[:12])
    return f"{shown} and {len(names) - 12} more" if len(names) > 12 else shown or "nothing that can be read"


def known_crs(own: str | None, source: VectorSource) -> str:
    """The CRS of a layer: its own, or the one that the user states for a layer without.

    Raises:
        LabelError: there is none, or the user's is no CRS or contradicts the layer's own.
    """
    import pyproj

    if source.crs is not None:
        try:
            stated = pyproj.CRS.from_user_input(source.crs)
        except pyproj.exceptions.CRSError as problem:
            raise LabelError(
                f"{shown_name(source.crs)} is no CRS; give one like |crs=EPSG:4326."
            ) from problem
        if own and not stated.equals(pyproj.CRS.from_user_input(own), ignore_axis_order=True):
            raise LabelError(
                f"{source.shown} says itself that its CRS is {shown_name(own[:60])}, not {source.crs}; leave |crs= "
                "out, or assign another one to the file with ogr2ogr -a_srs."
            )
        return own or source.crs
    if not own:
        raise LabelError(
            f"{source.shown} has no CRS, so its place is unknown; state it after the path, like "
            f'"{Path(source.path).name}|crs=EPSG:4326".'
        )
    return own


def field_called(field: str, known: list[str], source: VectorSource) -> str:
    """The attribute that is meant: of this very name, or the only one that differs in upper and lower case alone.

    Raises:
        LabelError: there is none.

    Example:
        >>> field_called("name", ["NAME", "id"], VectorSource("a.gpkg"))
        'NAME'
    """
    alike = [name for name in known if name.lower() == field.lower()]
    if field in known:
        return field
    if len(alike) == 1:
        return alike[0]
    raise LabelError(
        f"{source.shown} has no attribute {shown_name(field)}; name one of its attributes: {listed(known)}."
    )
