"""How large a pixel is on the ground, and how that is known."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from planimeter.errors import ScaleError, UsageError
from planimeter.raster.pixel_areas import PixelArea

_TOLERANCE = 0.02  # two figures for one scale agree when they differ by no more than this part
_GSD_RANGE = (1e-3, 1e5)


@dataclass(frozen=True)
class Scale:
    """Ground geometry of a scene's pixels.

    Attributes:
        gsd: metres per pixel, the square root of the ground area of the pixel at the scene's centre.
        dx: metres between the centres of horizontal neighbours.
        dy: metres between the centres of vertical neighbours.
        pixel_area: ground area of one pixel in m²; an (H,) float64 array with one value per row where it changes
            with latitude; a ``PixelAreas`` where it changes along a row as well.
        source: where the figure came from: "transform", "geodesic", "user", "question" or "program".
        sheared: True where the sides of a pixel do not stand upright on each other on the ground. It has an area; what
            lies how far from what is not told by ``dx`` and ``dy``.
    """

    gsd: float
    dx: float
    dy: float
    pixel_area: PixelArea
    source: str
    sheared: bool = False

    @property
    def said(self) -> str:
        """How large a pixel is, in words: its sides where they differ.

        >>> Scale(0.5, 0.5, 0.5, 0.25, "user").said, Scale(0.5**0.5, 0.5, 1.0, 0.5, "transform").said
        ('0.5 m per pixel (user)', '0.5 m × 1 m per pixel (transform)')
        """
        oblong = not self.sheared and abs(self.dx / self.dy - 1) > 1e-3
        size = f"{self.dx:.4g} m × {self.dy:.4g} m" if oblong else f"{self.gsd:.4g} m"
        return f"{size} per pixel ({self.source})"

    @property
    def sides(self) -> tuple[float, float]:
        """``dx`` and ``dy``, to measure distances by.

        Raises:
            ScaleError: the grid is sheared.
        """
        if self.sheared:
            raise ScaleError(
                "The image's grid is sheared, so areas are known, but distances along it have no single scale: warp it "
                "to its UTM zone with gdalwarp -t_srs first."
            )
        return self.dx, self.dy

    @property
    def by_pixels(self) -> bool:
        """Whether counts of pixels stand for areas, because all pixels have the same."""
        return self.source != "geodesic"


def check_gsd(gsd: float) -> None:
    """Refuse a ground sampling distance that cannot be meant.

    Args:
        gsd: metres per pixel.

    Raises:
        UsageError: if it is not a number between 1 mm and 100 km.

    >>> check_gsd(0.3)
    """
    low, high = _GSD_RANGE
    number = isinstance(gsd, (int, float, np.integer, np.floating)) and not isinstance(gsd, bool)
    if not number or not math.isfinite(gsd) or not low <= gsd <= high:
        raise UsageError(f"{gsd!r} metres per pixel is no usable scale; give --gsd a number such as 0.3.")


def user_scale(gsd: float, source: str) -> Scale:
    """The scale of square pixels of ``gsd`` metres.

    >>> user_scale(0.5, "user").pixel_area
    0.25
    """
    gsd = float(gsd)
    return Scale(gsd, gsd, gsd, gsd * gsd, source)


def reconciled(scale: Scale | None, gsd: float, source: str) -> tuple[Scale, tuple[str, ...]]:
    """The scale that is used where somebody states one, and a sentence where it contradicts the scene's own.

    Args:
        scale: the scene's own, which wins; None where it has none.
        gsd: metres per pixel, as stated.
        source: who says so: "user", "question" or "program".

    Raises:
        UsageError: if ``gsd`` is no sensible number of metres.

    >>> reconciled(user_scale(0.5, "transform"), 0.6, "user")[0].gsd
    0.5
    """
    check_gsd(gsd)
    if scale is None:
        return user_scale(gsd, source), ()
    if abs(gsd - scale.gsd) <= _TOLERANCE * scale.gsd:
        return scale, ()
    says = {"user": "--gsd", "question": "The question's scale", "program": "The program's scale"}
    knows = {"user": "--gsd", "question": "the question", "program": "the program"}
    known = knows.get(scale.source, "the file itself")
    return scale, (
        f"{says.get(source, source)} of {gsd:g} m per pixel contradicts {known}, which says {scale.gsd:.4g} m; "
        f"{scale.gsd:.4g} m was used.",
    )
