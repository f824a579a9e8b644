"""How far two images of one place lie apart, by phase correlation.

Phase correlation finds the shift of two pictures however bright either is (Kuglin and Hines 1975). Buildings that were
built, another season and other light blur its peak, so it is done twice, on grey values and on the directions of edges
(orientation correlation, Fitch and others 2002), with fine detail damped; the shift counts as known where both find
the same and their peaks stand out. On the nine pairs of the LEVIR-CD data, five to fourteen years apart, it is
known of five.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from planimeter.raster.laid import Laid
    from planimeter.raster.scale import Scale

_SIDE = 1024  # pixels of the area that is looked at, in the middle of what is common
_SMALLEST = 48  # a side; smaller pictures say nothing
_AGREE = 1.5  # pixels, within which both ways find the same
# Standard deviations of its surface by which a peak stands out: both together, and each where the shift is a small one,
# as it is between images that were laid on one another with care. Unrelated scenes come to 19 together, and 72 pairs of
# them to no small shift.
_CLEAR, _SEEN, _SMALL = 20.0, 6.0, 8.0
_DAMPED = 0.3  # cycles per pixel: width of the Gaussian that damps what is finer
_WORTH_SAYING = 1.0  # pixel
_MOST_READ = 1 << 25  # pixels of the earlier image


@dataclass(frozen=True)
class Shift:
    """Where the later image's content lies, from where it lies in the earlier one.

    Attributes:
        dx: pixels of the later image to the right.
        dy: pixels down.
        known: whether enough of the windows agree; where not, dx and dy mean nothing.
        window: (h, w) pixels that were compared.
    """

    dx: float
    dy: float
    known: bool
    window: tuple[int, int] = (0, 0)

    @property
    def pixels(self) -> float:
        """How far, in pixels."""
        return math.hypot(self.dx, self.dy)

    def caution(self, scale: Scale | None) -> str:
        """What to say of it; "" where the images lie on one another to a pixel.

        Args:
            scale: metres per pixel, where known.

        Example:
            >>> Shift(3.0, 0.0, True, (512, 512)).caution(None)[:68]
            'The two images do not lie on one another: what they show is shifted '
        """
        if not self.known:
            return (
                "Whether the two images lie on one another could not be measured: too little in them is alike. Where "
                "they do not, every outline counts as change."
            )
        if self.pixels <= _WORTH_SAYING:
            return ""
        metres = ""
        if scale is not None and not scale.sheared:
            metres = f" ({math.hypot(self.dx * scale.dx, self.dy * scale.dy):.3g} m)"
        across = f"{abs(self.dx):.1f} {'right' if self.dx >= 0 else 'left'}"
        down = f"{abs(self.dy):.1f} {'down' if self.dy >= 0 else 'up'}"
        return (
            f"The two images do not lie on one another: what they show is shifted by {self.pixels:.1f} pixels{metres} "
            f"from the earlier to the later ({across}, {down}; phase correlation, {self.window[1]} x {self.window[0]} "
            "pixels in the middle). Nothing was moved: a rim of that width counts as change along every outline; "
            "co-register them first, for example with AROSICS."
        )


def measured_shift(laid: Laid) -> Shift:
    """The shift between two scenes, in the middle of what they have in common.

    Args:
        laid: how the earlier lies on the later one's grid.

    Raises:
        SceneError: an image is damaged.

    Example:
        >>> from tempfile import mkdtemp
        >>> from planimeter.raster import open_scene
        >>> from planimeter.raster.laid import lay
        >>> from planimeter.worlds import make_world
        >>> scene = open_scene(make_world(1, size=128).write(mkdtemp())["image"])
        >>> measured_shift(lay(scene, scene))
        Shift(dx=0.0, dy=0.0, known=True, window=(128, 128))
    """
    box = _middle(laid)
    if box is None:
        return Shift(0.0, 0.0, False)
    later = _grey(laid.later.read_rgb(box))
    window = laid.window(box)
    if window is None or (window[2] - window[0]) * (window[3] - window[1]) > _MOST_READ:
        return Shift(0.0, 0.0, False)
    seen = _grey(laid.earlier.read_rgb(window))
    if not laid.is_same:
        columns, rows = laid.pixels(box)
        inside = columns >= 0
        there = np.where(inside, seen[rows - window[1], columns - window[0]], np.nan)
        seen = np.where(inside, there, np.nanmean(there)).astype(np.float32)
    return shift_between(seen, later)


def shift_between(earlier: np.ndarray, later: np.ndarray) -> Shift:
    """The shift of two grey pictures of one size.

    Args:
        earlier: (h, w) float32.
        later: (h, w) float32.

    Example:
        >>> ground = np.random.default_rng(1).random((200, 200), dtype=np.float32)
        >>> found = shift_between(ground[:, 5:190], ground[:, :185])
        >>> round(found.dx, 1), round(found.dy, 1), found.known
        (5.0, 0.0, True)
    """
    height, width = later.shape
    if min(height, width) < _SMALLEST:
        return Shift(0.0, 0.0, False, (height, width))
    taper = np.hanning(height)[:, None] * np.hanning(width)
    by_grey = _peak(*((each - each.mean()) * taper for each in (earlier, later)))
    by_edges = _peak(*(_directions(each) * taper for each in (earlier, later)))
    (dx, dy), clear = by_grey
    agree = math.dist(by_grey[0], by_edges[0]) <= _AGREE
    likely = min(clear, by_edges[1]) >= _SEEN and math.hypot(dx, dy) <= _SMALL
    known = agree and (clear + by_edges[1] >= _CLEAR or likely)
    return Shift(dx, dy, known, (height, width))


def _peak(earlier: np.ndarray, later: np.ndarray) -> tuple[tuple[float, float], float]:
    """The (dx, dy) where two pictures agree best, and by how many standard deviations that stands out."""
    height, width = later.shape
    cross = np.conj(np.fft.fft2(earlier)) * np.fft.fft2(later)
    # Half whitened: fully so, the noise of every frequency counts as much as what is seen.
    strength = np.sqrt(np.abs(cross))
    cross = np.divide(cross, strength, out=np.zeros_like(cross), where=strength > 0)
    down, across = np.fft.fftfreq(height)[:, None], np.fft.fftfreq(width)
    surface = np.fft.ifft2(cross * np.exp(-(down**2 + across**2) / (2 * _DAMPED**2))).real
    spread = float(surface.std())
    if spread == 0:
        return (0.0, 0.0), 0.0
    y, x = np.unravel_index(int(surface.argmax()), surface.shape)
    fine_x = _vertex(surface[y, x - 1], surface[y, x], surface[y, (x + 1) % width])
    fine_y = _vertex(surface[y - 1, x], surface[y, x], surface[(y + 1) % height, x])
    dx = (int(x) + width // 2) % width - width // 2 + fine_x
    dy = (int(y) + height // 2) % height - height // 2 + fine_y
    clear = float((surface[y, x] - surface.mean()) / spread)
    return (round(dx, 3) + 0.0, round(dy, 3) + 0.0), clear  # + 0.0: no minus zero


def _vertex(left: float, middle: float, right: float) -> float:
    """Where a parabola through three values is highest, from the middle one: -0.5 to 0.5."""
    bend = left - 2 * middle + right
    return float(np.clip((left - right) / (2 * bend), -0.5, 0.5)) if bend else 0.0


def _directions(picture: np.ndarray) -> np.ndarray:
    """(h, w) complex: the direction of the slope at each pixel, about 1 long where it is steep."""
    down, across = np.gradient(picture)
    steep = np.hypot(down, across)
    return np.asarray((across + 1j * down) / (steep + np.median(steep) + 1e-6))


def _middle(laid: Laid) -> tuple[int, int, int, int] | None:
    """The box of the later scene in the middle of what both have; None where they have nothing."""
    width, height = laid.later.width, laid.later.height
    x0, y0, x1, y1 = 0, 0, width, height
    if not laid.is_same:
        xs = np.unique(np.linspace(0, width - 1, 128).astype(int))
        ys = np.unique(np.linspace(0, height - 1, 128).astype(int))
        inside = np.array([laid.pixels((0, int(y), width, int(y) + 1))[0][0, xs] >= 0 for y in ys])
        if not inside.any():
            return None
        across, down = xs[inside.any(axis=0)], ys[inside.any(axis=1)]
        x0, x1, y0, y1 = int(across[0]), int(across[-1]) + 1, int(down[0]), int(down[-1]) + 1
    left, top = max(x0, (x0 + x1 - _SIDE) // 2), max(y0, (y0 + y1 - _SIDE) // 2)
    return left, top, min(x1, left + _SIDE), min(y1, top + _SIDE)


def _grey(picture: np.ndarray) -> np.ndarray:
    """(h, w) float32 of a picture in red, green and blue."""
    return picture.astype(np.float32).mean(axis=2)
