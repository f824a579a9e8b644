"""Uploaded images: hostile until a decoder has looked, and never left on disk."""

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
from planimeter.serve.segment.limits import Limits, Refused

# First bytes of what is accepted. Formats that may name other files (VRT, ENVI, …) are not: an upload must not make
# the server read a file of its own.
_BEGINNINGS = (
    b"II*\0",  # TIFF
    b"MM\0*",
    b"II+\0",  # BigTIFF
    b"MM\0+",
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",  # JPEG
    b"\0\0\0\x0cjP  \r\n\x87\n",  # JPEG 2000
)
_MOST_BANDS = 64  # a file of thousands of bands unpacks to far more than its picture
_BYTES_PER_PIXEL = 16  # of a picture as large as is taken: four bands of 32 bits


def content_hash(upload: BinaryIO) -> str:
    """SHA-256 of a file's bytes; leaves it rewound."""
    digest = hashlib.sha256()
    upload.seek(0)
    while part := upload.read(1 << 20):
        digest.update(part)
    upload.seek(0)
    return digest.hexdigest()


@contextmanager
def private_scene(upload: BinaryIO, gsd: float | None, limits: Limits) -> Iterator[Scene]:
    """An upload as a scene, in a folder of its own that is gone afterwards.

    Args:
        upload: the file, seekable.
        gsd: metres per pixel, for pictures that do not say.
        limits: of the server.

    Raises:
        Refused: it is not an image of a kind that is accepted, or too large.
        UsageError: ``gsd`` is no sensible number of metres.
    """
    upload.seek(0)
    if not upload.read(16).startswith(_BEGINNINGS):
        raise Refused(
            415, "The upload is no GeoTIFF, PNG, JPEG or JPEG 2000 image; convert it to one of these."
        )
    upload.seek(0)
    with tempfile.TemporaryDirectory(prefix="planimeter-") as folder:
        file = Path(folder) / "image"
        with file.open("wb") as copy:
            shutil.copyfileobj(upload, copy, 1 << 20)
        try:
            scene = open_scene(file, gsd=gsd)
            _check(scene, limits)
            _check_unpacked(file, limits)
            yield scene
        except SceneError as error:
            raise Refused(422, str(error)) from error


def _check(scene: Scene, limits: Limits) -> None:
    if scene.width * scene.height > limits.pixels:
        raise Refused(
            413,
            f"The image has {scene.width:,} x {scene.height:,} pixels and this server takes {limits.pixels:,} at "
            "most; send it in parts, or start the server with a larger --max-pixels.",
        )
    if scene.count > _MOST_BANDS:
        raise Refused(
            413,
            f"The image has {scene.count:,} bands and this server takes {_MOST_BANDS}; send its picture only.",
        )


def _check_unpacked(file: Path, limits: Limits) -> None:
    """Refuse a small file that unpacks to a lot, also where only one of its tiles does."""
    with opened(file) as dataset:
        sides = [(dataset.height, dataset.width), *dataset.block_shapes]
        depth = sum(np.dtype(dtype).itemsize for dtype in dataset.dtypes)
        unpacked = depth * max(height * width for height, width in sides)
    if unpacked > limits.pixels * _BYTES_PER_PIXEL:
        raise Refused(
            413,
            f"The image unpacks to {unpacked / 2**20:,.0f} MiB, more than this server takes; send its picture only, in "
            "8 bits and ordinary tiles.",
        )
