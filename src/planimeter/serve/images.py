"""Images of strangers: hostile until a decoder has looked."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np

from planimeter.errors import SceneError
from planimeter.raster import Scene, open_scene
from planimeter.raster.files import opened
from planimeter.serve.http_errors import HTTPError

# First bytes of what is accepted. Formats that may name other files (VRT, ENVI, …) are not: an upload must not make
# the server read a file of its own.
_BEGINNINGS = {
    b"II*\0": ".tif",
    b"MM\0*": ".tif",
    b"II+\0": ".tif",  # BigTIFF
    b"MM\0+": ".tif",
    b"\x89PNG\r\n\x1a\n": ".png",
    b"\xff\xd8\xff": ".jpg",
    b"\0\0\0\x0cjP  \r\n\x87\n": ".jp2",
}
_MOST_BANDS = 64  # a file of thousands of bands unpacks to far more than its picture
_BYTES_PER_PIXEL = 16  # of a picture as large as is taken: four bands of 32 bits


def file_hash(upload: BinaryIO) -> str:
    """SHA-256 of a file's bytes; leaves it rewound."""
    digest = hashlib.sha256()
    upload.seek(0)
    while part := upload.read(1 << 20):
        digest.update(part)
    upload.seek(0)
    return digest.hexdigest()


def check_beginning(upload: BinaryIO) -> str:
    """Refuse a file that is no image by its first bytes; leaves it rewound.

    Returns:
        the suffix that files of its kind bear, such as ".tif".

    Raises:
        Refused: it is no GeoTIFF, PNG, JPEG or JPEG 2000.
    """
    upload.seek(0)
    head = upload.read(16)
    upload.seek(0)
    for beginning, suffix in _BEGINNINGS.items():
        if head.startswith(beginning):
            return suffix
    raise HTTPError(415, "The file is no GeoTIFF, PNG, JPEG or JPEG 2000 image; convert it to one of these.")


@contextmanager
def private_scene(upload: BinaryIO, gsd: float | None, pixels: int) -> Iterator[Scene]:
    """An upload as a scene, in a folder of its own that is gone afterwards.

    Args:
        upload: the file, seekable.
        gsd: metres per pixel, for pictures that do not say.
        pixels: largest image that is taken.

    Raises:
        Refused: it is not an image of a kind that is accepted, or too large.
        UsageError: ``gsd`` is no sensible number of metres.
    """
    check_beginning(upload)
    with tempfile.TemporaryDirectory(prefix="planimeter-") as folder:
        file = Path(folder) / "image"
        with file.open("wb") as copy:
            shutil.copyfileobj(upload, copy, 1 << 20)
        try:
            yield checked_scene(file, gsd, pixels)
        except SceneError as error:
            raise HTTPError(422, str(error)) from error


def checked_scene(
    file: Path, gsd: float | None, pixels: int, bands: str | None = None, clouds: str | None = None
) -> Scene:
    """Open an image of strangers, and refuse it when it is larger than it looks.

    Args:
        file: on this machine, already known by its first bytes.
        gsd: metres per pixel, for pictures that do not say.
        pixels: largest image that is taken.
        bands: which band is which, where the file does not say; see ``open_scene``.
        clouds: "auto", "none" or a mask of clouds that was checked like the image.

    Raises:
        Refused: it has too many pixels or bands, or unpacks to too much.
        SceneError: it cannot be read.
        UsageError: ``gsd`` is no sensible number of metres, or ``bands`` names what the file does not have.
    """
    scene = open_scene(file, gsd=gsd, bands=bands, clouds=clouds)
    _check(scene, pixels)
    check_unpacked(file, pixels)
    return scene


def _check(scene: Scene, pixels: int) -> None:
    if scene.width * scene.height > pixels:
        raise HTTPError(
            413,
            f"The image has {scene.width:,} x {scene.height:,} pixels and this server takes {pixels:,} at "
            "most; send it in parts, or start the server with a larger --max-pixels.",
        )
    if scene.count > _MOST_BANDS:
        raise HTTPError(
            413,
            f"The image has {scene.count:,} bands and this server takes {_MOST_BANDS}; send its picture only.",
        )


def check_unpacked(file: Path, pixels: int) -> None:
    """Refuse a small file that unpacks to a lot, also where only one of its tiles does.

    Raises:
        Refused: it unpacks to more than a picture of so many pixels.
        SceneError: it cannot be read.
    """
    with opened(file) as dataset:
        sides = [(dataset.height, dataset.width), *dataset.block_shapes]
        depth = sum(np.dtype(dtype).itemsize for dtype in dataset.dtypes)
        unpacked = depth * max(height * width for height, width in sides)
    if unpacked > pixels * _BYTES_PER_PIXEL:
        raise HTTPError(
            413,
            f"The image unpacks to {unpacked / 2**20:,.0f} MiB, more than this server takes; send its picture only, in "
            "8 bits and ordinary tiles.",
        )
