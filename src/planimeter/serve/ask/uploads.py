"""Uploads: a scene, and with it, if its owner has them, a label raster with its legend and vector layers."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import time
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from starlette.datastructures import FormData, UploadFile

from planimeter.raster import open_scene
from planimeter.raster.scale import check_gsd
from planimeter.segment import LabelSegmenter
from planimeter.segment.legend import load_legend, shipped_legends
from planimeter.serve.ask.bounds import AskLimits
from planimeter.serve.ask.scenes import ABOUT
from planimeter.serve.ask.store import AnswerStore
from planimeter.serve.http_errors import HTTPError
from planimeter.serve.images import check_beginning, check_unpacked, checked_scene, file_hash
from planimeter.vocabulary.topics import is_topic_name, topic_name

MOST_FILES = 12
_LARGEST_LEGEND = 1_000_000  # bytes
_LARGEST_VECTOR = 32 << 20  # bytes
_LONGEST_NAME = 100
_LONGEST_BANDS = 300  # characters
_POLYGONS = ("Polygon", "MultiPolygon")
_CRS_NAME = re.compile(r"urn:ogc:def:crs:(OGC|EPSG):[0-9.]*:\w{1,12}|EPSG:\d{4,6}")

FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["image"],
                    "properties": {
                        "image": {
                            "type": "string",
                            "format": "binary",
                            "description": "GeoTIFF, PNG, JPEG or JPEG 2000",
                        },
                        "gsd": {"type": "number", "description": "metres per pixel of a plain picture"},
                        "bands": {
                            "type": "string",
                            "description": "which band is which where the file does not say, such as red=3,nir=4; also "
                            "scale=, offset=, sensor= and level=",
                        },
                        "clouds": {
                            "type": "string",
                            "format": "binary",
                            "description": "a mask of what clouds hide, a file of one band; or the word auto or none",
                        },
                        "labels": {
                            "type": "string",
                            "format": "binary",
                            "description": "a label raster of the scene, GeoTIFF or PNG",
                        },
                        "legend": {
                            "type": "string",
                            "description": "what its values mean: JSON, as file or text, or a shipped legend's name",
                        },
                        "vector": {
                            "type": "array",
                            "items": {"type": "string", "format": "binary"},
                            "description": "GeoJSON files named after their topic, such as roof.geojson",
                        },
                    },
                }
            }
        },
    }
}


@dataclass(frozen=True)
class Upload:
    """A checked form."""

    image: BinaryIO
    name: str
    gsd: float | None
    labels: BinaryIO | None
    legend: bytes | str | None
    vectors: tuple[tuple[str, bytes], ...]
    bands: str | None = None
    clouds: BinaryIO | str | None = None
    clouds_name: str = ""


def safe_name(name: str | None) -> str:
    """A file's name as it may be shown: no folders, one line, nothing invisible, not too long.

    Example:
        >>> safe_name("../../etc/pass\\nwd.tif"), safe_name(None), safe_name("C:\\\\scenes\\\\town.tif")
        ('passwd.tif', 'scene', 'town.tif')
    """
    last = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(letter for letter in last if unicodedata.category(letter)[0] not in "CZ" or letter == " ")
    return plain.strip(" .")[:_LONGEST_NAME] or "scene"


def read_upload(form: FormData) -> Upload:
    """A form, checked as far as can be without opening its files.

    Raises:
        Refused: it is not what is expected.
    """
    image = form.get("image")
    if not isinstance(image, UploadFile):
        raise HTTPError(400, "There is no image; send it as the file `image` of a multipart form.")
    labels, legend = form.get("labels") or None, form.get("legend") or None
    if labels is not None and not isinstance(labels, UploadFile):
        raise HTTPError(400, "The form's `labels` is no file; send a label raster.")
    if (labels is None) != (legend is None):
        raise HTTPError(
            400,
            "A label raster and its legend go together: say what the values of the labels mean with a legend "
            f"of your own or one of {', '.join(shipped_legends())}, or send neither.",
        )
    bands, clouds = form.get("bands") or None, form.get("clouds") or None
    if isinstance(bands, UploadFile) or len(bands or "") > _LONGEST_BANDS:
        raise HTTPError(400, "The form's `bands` is no short text; write for example red=3,nir=4.")
    if isinstance(clouds, str) and clouds not in ("auto", "none"):
        raise HTTPError(400, "The form's `clouds` is a mask as a file, or the word auto or none.")
    return Upload(
        image.file,
        safe_name(image.filename),
        _gsd(form.get("gsd")),
        labels.file if labels is not None else None,
        legend_of(legend),
        tuple(_vector(file) for file in form.getlist("vector") if file),
        bands,
        clouds.file if isinstance(clouds, UploadFile) else clouds,
        (clouds.filename or "").upper() if isinstance(clouds, UploadFile) else "",
    )


def keep_upload(upload: Upload, store: AnswerStore, bounds: AskLimits) -> str:
    """Check the files of an upload by opening them, and put them into the store.

    Args:
        upload: as ``read_upload`` returns it, its files still open.
        store: where to.
        bounds: what is accepted.

    Returns:
        the scene's id: the same for the same content.

    Raises:
        Refused: a file is not of a kind that is accepted, too large, or the store has no room.
        InputError: a file cannot be read.
    """
    image = "image" + check_beginning(upload.image)
    labels = "labels" + check_beginning(upload.labels) if upload.labels is not None else None
    shipped = upload.legend if isinstance(upload.legend, str) else None
    about: dict[str, Any] = {
        "name": upload.name,
        "image": image,
        "gsd": upload.gsd,
        "labels": labels,
        "legend": shipped or ("legend.json" if upload.legend is not None else None),
        "vectors": [(topic, f"{n}-{topic}.geojson") for n, (topic, _) in enumerate(upload.vectors)],
    }
    if upload.bands is not None:
        about["bands"] = upload.bands
    clouds: str | None = None
    if upload.clouds is not None:
        clouds = upload.clouds if isinstance(upload.clouds, str) else _mask_name(upload)
        about["clouds"] = clouds
    name = "u-" + _hash(upload, about)
    if store.find("scenes", name) is not None:
        return name
    with store.adding("scenes", name) as place:
        _copy(upload.image, place / image)
        if clouds is not None and not isinstance(upload.clouds, str | None):
            _copy(upload.clouds, place / clouds)
            check_unpacked(place / clouds, bounds.pixels)
            clouds = str(place / clouds)
        scene = checked_scene(place / image, upload.gsd, bounds.pixels, upload.bands, clouds)
        scene.valid((0, 0, 1, 1))  # a mask that does not lie over the image is refused now
        if upload.labels is not None and labels is not None:
            _copy(upload.labels, place / labels)
            check_unpacked(place / labels, bounds.pixels)
        if isinstance(upload.legend, bytes):
            (place / "legend.json").write_bytes(upload.legend)
            load_legend(place / "legend.json")
        if labels is not None:
            _check_labels(place / labels, shipped or place / "legend.json", place / image, upload.gsd)
        for (_, file), (_, content) in zip(about["vectors"], upload.vectors, strict=True):
            (place / file).write_bytes(content)
        (place / ABOUT).write_text(json.dumps({**about, "added": time.time()}), encoding="utf-8")
    return name


def _mask_name(upload: Upload) -> str:
    """What a mask of clouds is kept as: the words that say what a product's own values are stay in its name."""
    assert not isinstance(upload.clouds, str | None)
    kept = [word for word in ("HLS", "QA_PIXEL", "FMASK", "SCL") if word in upload.clouds_name]
    return "-".join(["clouds", *kept]) + check_beginning(upload.clouds)


def _check_labels(labels: Path, legend: str | Path, image: Path, gsd: float | None) -> None:
    """Refuse labels that do not lie over the image now, not when the first question is asked.

    Raises:
        LabelError: they have another size or place.
    """
    segmenter = LabelSegmenter(labels, legend)
    segmenter.look(open_scene(image, gsd=gsd), segmenter.topics[:1])


def _hash(upload: Upload, about: dict[str, Any]) -> str:
    digest = hashlib.sha256(file_hash(upload.image).encode())
    if upload.labels is not None:
        digest.update(file_hash(upload.labels).encode())
    if not isinstance(upload.clouds, str | None):
        digest.update(file_hash(upload.clouds).encode())
    for part in (upload.legend, *(content for _, content in upload.vectors)):
        digest.update(hashlib.sha256(part if isinstance(part, bytes) else repr(part).encode()).digest())
    digest.update(json.dumps(about).encode())
    return digest.hexdigest()[:24]


def _copy(source: BinaryIO, target: Path) -> None:
    source.seek(0)
    with target.open("wb") as copy:
        shutil.copyfileobj(source, copy, 1 << 20)


def _gsd(field: object) -> float | None:
    if not field:
        return None
    try:
        metres = float(str(field))
    except ValueError:
        raise HTTPError(400, "The form's `gsd` is no number; write metres per pixel, such as 0.5.") from None
    check_gsd(metres)
    return metres


def legend_of(field: UploadFile | str | None) -> bytes | str | None:
    """A legend as a form has it: JSON, or a shipped legend's name.

    Raises:
        Refused: it is too large.
    """
    if field is None:
        return None
    if isinstance(field, UploadFile):
        content = field.file.read(_LARGEST_LEGEND + 1)
        if len(content) > _LARGEST_LEGEND:
            raise HTTPError(413, 'The legend is larger than 1 MB; send JSON like {"water": [5]}.')
        return content
    if field.strip().lower() in shipped_legends():
        return field.strip().lower()
    return field.encode()


def _vector(field: UploadFile | str) -> tuple[str, bytes]:
    """(topic, GeoJSON of its polygons only): a file that GDAL could take for another kind is never kept.

    Raises:
        Refused: it is no GeoJSON of polygons, or its name says no topic.
    """
    if not isinstance(field, UploadFile):
        raise HTTPError(
            400, "The form's `vector` is no file; send GeoJSON named after its topic, like roof.geojson."
        )
    topic = topic_name(safe_name(field.filename).rsplit(".", 1)[0])
    if not is_topic_name(topic):
        raise HTTPError(422, "A vector file must be named after its topic, like roof.geojson; rename it.")
    content = field.file.read(_LARGEST_VECTOR + 1)
    if len(content) > _LARGEST_VECTOR:
        raise HTTPError(
            413, f"The vector file is larger than {_LARGEST_VECTOR >> 20} MiB; simplify it with ogr2ogr."
        )
    try:
        document = json.loads(content)
        shapes = [each["geometry"] for each in document["features"] if each["geometry"] is not None]
        kept = [{"type": shape["type"], "coordinates": shape["coordinates"]} for shape in shapes]
        crs = document.get("crs") and str(document["crs"]["properties"]["name"])
        if not all(shape["type"] in _POLYGONS for shape in kept):
            raise HTTPError(
                422, "The vector file holds points or lines; send polygons, for example by buffering them."
            )
        clean: dict[str, Any] = {"type": "FeatureCollection"}
        if crs:
            if not _CRS_NAME.fullmatch(crs):
                raise HTTPError(
                    422, "The vector file's CRS is not understood; convert it with ogr2ogr -t_srs EPSG:4326."
                )
            clean["crs"] = {"type": "name", "properties": {"name": crs}}
        clean["features"] = [{"type": "Feature", "properties": {}, "geometry": shape} for shape in kept]
        return topic, json.dumps(clean, allow_nan=False).encode()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise HTTPError(422, "The vector file is no GeoJSON; convert it with ogr2ogr -f GeoJSON.") from None
