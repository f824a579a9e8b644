"""A scene as the picture a vision model is sent."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planimeter.errors import SceneError

if TYPE_CHECKING:
    from planimeter.raster import Scene

#: Longest side sent. Services scale larger pictures down themselves; 2048 is where "high" detail ends.
MAX_SIDE = 2048
_JPEG_QUALITY = 95


@dataclass(frozen=True)
class EncodedPicture:
    """A picture as a data URL.

    Attributes:
        url: ``data:image/jpeg;base64,…``.
        width: pixels sent.
        height: pixels sent.
        gsd: metres per pixel *sent*; None where the scene's scale is unknown.
    """

    url: str
    width: int
    height: int
    gsd: float | None


def encode(scene: Scene, max_side: int = MAX_SIDE) -> EncodedPicture:
    """The whole scene as one picture, scaled down where it is larger than models take.

    Args:
        scene: the image.
        max_side: pixels of the longer side.

    Raises:
        SceneError: the scene cannot be read or encoded.
    """
    import cv2

    factor = min(1.0, max_side / max(scene.width, scene.height))
    width, height = max(1, round(scene.width * factor)), max(1, round(scene.height * factor))
    rgb = scene.read_rgb(out_shape=None if factor == 1.0 else (height, width))
    done, data = cv2.imencode(".jpg", rgb[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    if not done:
        raise SceneError(f"{scene.name} cannot be turned into a picture: convert it to PNG or JPEG first.")
    gsd = scene.scale.gsd * scene.width / width if scene.scale else None
    url = "data:image/jpeg;base64," + base64.b64encode(data.tobytes()).decode()
    return EncodedPicture(url, width, height, gsd)
