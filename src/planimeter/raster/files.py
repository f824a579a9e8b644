"""Opening image files: local ones only, quietly, and never anything they point to outside this machine."""

from __future__ import annotations

import os
import re
import warnings
import xml.etree.ElementTree as ElementTree
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import unescape

import rasterio
from rasterio.errors import NotGeoreferencedWarning, RasterioError, RasterioIOError
from rasterio.io import DatasetReader

from planimeter.errors import InputError, SceneError, shown_name
from planimeter.paths import is_file

#: GDAL drivers that may open a file. Network drivers (WMS, WCS, STACTA, ...) are left out on purpose.
DRIVERS = (
    "GTiff",
    "VRT",
    "PNG",
    "JPEG",
    "JP2OpenJPEG",
    "WEBP",
    "BMP",
    "GIF",
    "HFA",
    "ENVI",
    "EHdr",
    "AAIGrid",
    "NITF",
)

#: GDAL settings under which files are opened and read.
GDAL_OPTIONS: dict[str, object] = {
    # A truncated JPEG would otherwise be read as grey with no more than a warning.
    "GDAL_ERROR_ON_LIBJPEG_WARNING": True,
    "GDAL_VRT_ENABLE_PYTHON": False,
    # Files may name others (overviews, sources). Only this impossible name may be fetched, so nothing is.
    "CPL_VSIL_CURL_ALLOWED_FILENAME": "/vsicurl/none",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "CPL_VSIL_CURL_USE_HEAD": False,
    "GDAL_HTTP_PROXY": "127.0.0.1:9",
    "GDAL_HTTPS_PROXY": "127.0.0.1:9",
    "GDAL_HTTP_MAX_RETRY": 0,
    "GDAL_HTTP_CONNECTTIMEOUT": 1,
    "GDAL_HTTP_TIMEOUT": 1,
    "AWS_NO_SIGN_REQUEST": True,
    "AWS_EC2_METADATA_DISABLED": True,
    "PROJ_NETWORK": "OFF",
}

_ARCHIVES = (".zip", ".tar", ".tgz", ".gz", ".7z", ".rar")
_PICTURES = (".tif", ".tiff", ".png", ".jpg", ".jpeg", ".jp2", ".img", ".vrt")
#: Endings of raw data files, and of files of other kinds that may share the name of a header.
_RAW = ("", ".bil", ".bip", ".bsq", ".flt", ".dem", ".img", ".raw", ".bin", ".dat")
_OTHERS = (".nc", ".nc4", ".h5", ".hdf", ".hdf5", ".he5", ".grib", ".grb", ".zarr", ".json", ".csv", ".txt")
_BYTES = {
    "uint8": 1, "int8": 1, "uint16": 2, "int16": 2, "uint32": 4, "int32": 4, "uint64": 8, "int64": 8, "float32": 4,
    "float64": 8, "complex_int16": 4, "complex64": 8, "complex128": 16,
}  # fmt: skip
_MAX_VRT_BYTES = 64 << 20
_MAX_VRT_DEPTH = 8
_SOURCE = re.compile(r"<SourceFilename[^>]*>([^<]+)</SourceFilename>")
_IN_ZIP = re.compile(r"/vsizip/\{(.+)\}/")

# A picture without georeference is an ordinary input here. `warnings.catch_warnings` around each read would not
# be safe in threads, so the category is silenced once.
warnings.filterwarnings("ignore", category=NotGeoreferencedWarning)


def local_file(path: str | os.PathLike[str], error: type[InputError] = SceneError) -> Path:
    """The absolute path of an existing local file.

    Args:
        path: path of a file on this machine.
        error: the kind of error to raise.

    Raises:
        InputError: of the kind ``error``, if the path is a URL or GDAL virtual path, missing, a folder, empty, or
            not readable.
    """
    text = os.fsdecode(path) if isinstance(path, (bytes, os.PathLike)) else str(path)
    shown = shown_name(text)
    if "\0" in text or not text:
        raise error(f"The path {shown} is not a file name; give the path of a file on this machine.")
    file = Path(text)
    try:
        if file.is_file():
            if file.stat().st_size == 0:
                raise error(f"{shown} is empty; copy or export the file again.")
            if not os.access(file, os.R_OK):
                raise error(f"{shown} may not be read; change its permissions.")
            return file.absolute()
        if file.is_dir():
            raise error(f"{shown} is a folder; give the path of one file in it.")
    except OSError as problem:
        raise error(f"{shown} cannot be reached ({problem.strerror}); check the path.") from problem
    if "://" in text or text.startswith("/vsi"):
        raise error(f"{shown} is not a local file; download it first and give the path of the copy.")
    archive = next((folder for folder in file.parents if folder.suffix.lower() in _ARCHIVES), None)
    if archive is not None and archive.is_file():
        raise error(f"{shown_name(archive.name)} is an archive; unpack it and give {shown_name(file.name)}.")
    raise error(f"{shown} does not exist; check the path.")


@dataclass(frozen=True)
class Mosaic:
    """Several local files read as one, by a VRT that this package wrote itself and keeps in memory.

    Attributes:
        name: how errors show it.
        xml: the VRT.
    """

    name: str
    xml: str


@contextmanager
def opened(
    path: str | os.PathLike[str] | Mosaic, error: type[InputError] = SceneError
) -> Iterator[DatasetReader]:
    """Open a local raster for reading, with damage reported as one sentence.

    Args:
        path: path of a file on this machine, or several as one.
        error: the kind of error to raise, for opening as well as for reads inside the ``with`` block.

    Raises:
        InputError: of the kind ``error``, if the file is no raster, is damaged, or points outside this machine.
    """
    made = isinstance(path, Mosaic)
    file = Path(path.name) if isinstance(path, Mosaic) else local_file(path, error)
    shown = shown_name(file.name)
    if not made and file.suffix.lower() in _ARCHIVES:
        raise error(f"{shown} is an archive; unpack it and give {_first_picture(file)}.")
    with rasterio.Env(**GDAL_OPTIONS):
        if not made:
            refuse_remote_sources(file, error)
            state = file.stat()
            if not _png_is_whole(file, state.st_size, state.st_mtime_ns):
                raise error(f"{shown} is damaged or cut short; copy or export it again.")
        try:
            # rasterio.open takes one driver only; the class behind it takes a list of allowed ones.
            what = path.xml if isinstance(path, Mosaic) else file
            dataset = DatasetReader(what, driver=list(DRIVERS), sharing=False)
        except (RasterioError, ValueError, UnicodeError) as problem:
            raise error(
                f"{shown} is not an image that can be read, or is damaged; "
                "convert it with gdal_translate, or export it again as GeoTIFF, PNG or JPEG."
            ) from problem
        with dataset:
            if not made:
                _refuse_others_header(dataset, file, error)
            try:
                yield dataset
            except (RasterioIOError, rasterio.errors.WarpOperationError) as problem:
                raise error(
                    f"{shown} is damaged: some of its pixels cannot be read; copy or export it again."
                ) from problem
            except MemoryError as problem:
                raise error(
                    f"{shown} needs more memory than there is; crop it with gdal_translate -srcwin."
                ) from problem


def state_of(path: Path | Mosaic) -> tuple[tuple[str, int, int], ...]:
    """Names, sizes and times of change of all files that a raster is read from: the same while they are the same.

    Args:
        path: of a file on this machine, or several as one; of a VRT what it names counts as well, however deep.

    Raises:
        SceneError: one of them cannot be read.

    Example:
        >>> import tempfile
        >>> from planimeter.worlds import make_world
        >>> image = make_world(seed=1, size=64).write(tempfile.mkdtemp())["image"]
        >>> [size == image.stat().st_size for _, size, _ in state_of(image)]
        [True]
    """
    found: set[str] = set()
    left = [path]
    while left:
        with opened(left.pop()) as dataset:
            names = [str(name) for name in dataset.files]
        inner = [found for name in names for found in _SOURCE.findall(name)] or names
        files = {match.group(1) if (match := _IN_ZIP.match(name)) else name for name in map(unescape, inner)}
        # GDAL names what a VRT reads, but not what other VRTs among that read.
        left += [file for file in map(Path, files - found - {str(path)}) if _is_vrt(file)]
        found |= files
    try:
        states = [(name, os.stat(name)) for name in sorted(found) if os.path.isfile(name)]
    except OSError as problem:
        raise SceneError(
            f"{shown_name(Path(path.name if isinstance(path, Mosaic) else path).name)} is gone or changing "
            f"({problem.strerror}); ask again."
        ) from problem
    return tuple((name, state.st_size, state.st_mtime_ns) for name, state in states)


def read_with(file: Path) -> list[Path]:
    """A raster's file and those beside it that it may be read with: world file, projection, mask, overviews, header.

    Nothing is opened, so that it may be asked of a file that nobody has looked into yet.

    Example:
        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> for name in ("town.png", "town.pgw", "town.png.aux.xml", "town.roof.gpkg"):
        ...     (folder / name).touch()
        >>> [each.name for each in read_with(folder / "town.png")]
        ['town.png', 'town.png.aux.xml', 'town.pgw']
    """
    end = file.suffix
    world = [f"{end[:2]}{end[-1:]}w", f"{end}w", ".wld", ".prj", ".tab", ".hdr", ".rpb", "_rpc.txt"]
    names = [f"{file.name}{mark}" for mark in (".aux.xml", ".msk", ".ovr", ".hdr")]
    names += [f"{file.stem}{mark}" for each in world for mark in dict.fromkeys((each, each.upper()))]
    beside = (file.with_name(name) for name in dict.fromkeys(names))
    return [file, *(each for each in beside if each != file and is_file(each))]


def _first_picture(archive: Path) -> str:
    """What of an archive may be meant, as an error names it."""
    try:
        with zipfile.ZipFile(archive) as content:
            names = content.namelist()
    except (zipfile.BadZipFile, OSError):
        return "the picture in it"
    pictures = [name for name in names if name.lower().endswith(_PICTURES)]
    return shown_name(pictures[0]) if pictures else "a picture"


def _refuse_others_header(dataset: DatasetReader, file: Path, error: type[InputError]) -> None:
    """Refuse a file that is read as raw numbers only because a header of its name lies beside it.

    A header `x.hdr` belongs to `x.img`, and GDAL reads `x.nc` by it as well if no other driver knows that file.
    """
    if dataset.driver not in ("ENVI", "EHdr"):
        return
    tags = dataset.tags(ns="ENVI")
    size = sum(dataset.width * dataset.height * _BYTES.get(kind, 0) for kind in dataset.dtypes)
    own = file.suffix.lower() in _RAW if dataset.driver == "EHdr" else file.suffix.lower() not in _OTHERS
    packed = tags.get("file_compression", "0").strip() not in ("", "0")
    fits = (
        packed
        or dataset.driver == "EHdr"
        or file.stat().st_size == size + int(tags.get("header_offset", "0"))
    )
    if not own or not fits:
        raise error(
            f"{shown_name(file.name)} is not an image that can be read: the header beside it is that of another file; "
            "convert it with gdal_translate, or give the file that the header describes."
        )


def refuse_remote_sources(file: Path, error: type[InputError], depth: int = 0) -> None:
    """Refuse a VRT if anything it refers to, directly or through other VRTs, is not a local file."""
    root = _vrt_root(file, error)
    if root is None:
        return
    if depth >= _MAX_VRT_DEPTH:
        raise error(f"{shown_name(file.name)} nests VRTs too deeply; flatten it with gdal_translate.")
    for element in root.iter():
        tag = element.tag.rpartition("}")[2]
        text = (element.text or "").strip()
        if any("://" in value or "/vsi" in value for value in (text, *element.attrib.values())):
            raise error(
                f"{shown_name(file.name)} refers to something outside this machine; "
                "download it and make the VRT from local files."
            )
        named = tag.endswith(("Filename", "Dataset")) or "filename" in element.get("name", "")
        if not text or not named:
            continue
        relative = element.get("relativeToVRT", element.get("relativetoVRT", "0")) == "1"
        source = file.parent / text if relative else Path(text)
        if not _is_plain_file(source):
            raise error(
                f"{shown_name(file.name)} refers to {shown_name(text)}, which is not a local file; "
                "make the VRT from files on this machine."
            )
        if not _same_file(source, file):
            refuse_remote_sources(source, error, depth + 1)


def _is_vrt(file: Path) -> bool:
    return _is_plain_file(file) and _vrt_root(file, SceneError) is not None


def _vrt_root(file: Path, error: type[InputError]) -> ElementTree.Element | None:
    try:
        with file.open("rb") as stream:
            head = stream.read(4096)
            if b"<VRTDataset" not in head and b"<OGRVRT" not in head:
                return None
            text = head + stream.read(_MAX_VRT_BYTES)
    except OSError as problem:
        raise error(f"{shown_name(file.name)} cannot be read ({problem.strerror}); check it.") from problem
    shown = shown_name(file.name)
    if len(text) > _MAX_VRT_BYTES:
        raise error(f"The VRT {shown} is too large; convert it to a GeoTIFF with gdal_translate.")
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise error(f"The VRT {shown} declares XML entities; make it again with gdalbuildvrt.")
    try:
        return ElementTree.fromstring(text)
    except ElementTree.ParseError as problem:
        raise error(f"The VRT {shown} is not valid XML; make it again with gdalbuildvrt.") from problem


def _is_plain_file(source: Path) -> bool:
    try:
        return not source.as_posix().startswith("/vsi") and source.is_file()
    except (OSError, ValueError):
        return False


def _same_file(a: Path, b: Path) -> bool:
    return a.resolve() == b.resolve()


@lru_cache(maxsize=64)
def _png_is_whole(file: Path, size: int, changed: int) -> bool:
    """Whether a PNG has all its chunks with the right checksums; True for any other file.

    GDAL fills what is missing from a PNG with black and says nothing, which would be a wrong number.
    ``size`` and ``changed`` make the result that of this state of the file.
    """
    with file.open("rb") as stream:
        if stream.read(8) != b"\x89PNG\r\n\x1a\n":
            return True
        while True:
            head = stream.read(8)
            length = int.from_bytes(head[:4], "big")
            if len(head) < 8 or length > size:
                return False
            content = stream.read(length)
            if stream.read(4) != zlib.crc32(content, zlib.crc32(head[4:])).to_bytes(4, "big"):
                return False
            if head[4:] == b"IEND":
                return True
