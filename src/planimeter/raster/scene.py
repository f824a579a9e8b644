"""A scene: one overhead image, opened lazily, with its scale and its valid pixels."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

import numpy as np
from affine import Affine
from rasterio.crs import CRS
from rasterio.io import DatasetReader
from rasterio.windows import Window

from planimeter.errors import SceneError, UsageError, shown_name
from planimeter.raster import bands as band_work
from planimeter.raster.bands import BandPlan, Stretch
from planimeter.raster.clouds import Clouds
from planimeter.raster.files import Mosaic, opened, state_of
from planimeter.raster.georeference import georeference
from planimeter.raster.picture import OwnedPicture
from planimeter.raster.scale import Scale, reconciled, user_scale
from planimeter.raster.spectrum import Channel, Spectrum

#: No single reading returns more pixels than this (32,768 a side).
MAX_READ_PIXELS = 1 << 30

_STRIP = 1024  # rows of a mask of clouds that are read at once

#: (x0, y0, x1, y1) in pixels, half-open, or a rasterio Window with whole numbers.
Box: TypeAlias = tuple[int, int, int, int] | Window


@dataclass(frozen=True)
class Scene:
    """One overhead image: what its header says, and access to its pixels.

    The file is opened anew for each reading, so a scene can be shared between threads and sent to other processes.

    Attributes:
        path: absolute path of the file.
        name: the file's name.
        width: pixels in a row.
        height: rows.
        count: bands in the file.
        dtype: numpy type name of the first band shown.
        crs: coordinate reference system, or None.
        transform: pixel (x, y) to CRS coordinates, or None for a plain picture.
        scale: metres per pixel, or None where nobody said.
        scale_problem: why a georeference gives no scale, with the remedy; None otherwise.
        warnings: sentences that belong into the answer.
        plan: what the bands are for.
        cells: how many cells of the grid lie side by side in a pixel of the file; see ``divided``.
        spectrum: which band is red, which near infrared, and how values become reflectance.
        mosaic: the files of a product as one raster; None where the scene is one file.
        clouds: tells which pixels clouds hide; None where nobody does.
        pictures: what a scene of several files on one grid is put together from; such a scene is never read itself.
    """

    path: Path
    name: str
    width: int
    height: int
    count: int
    dtype: str
    crs: CRS | None
    transform: Affine | None
    scale: Scale | None
    scale_problem: str | None = None
    warnings: tuple[str, ...] = ()
    plan: BandPlan = field(kw_only=True, repr=False)
    cells: int = field(default=1, kw_only=True)
    spectrum: Spectrum = field(default=Spectrum(), kw_only=True, repr=False)
    mosaic: Mosaic | None = field(default=None, kw_only=True, repr=False)
    clouds: Clouds | None = field(default=None, kw_only=True, repr=False)
    pictures: tuple[OwnedPicture, ...] = field(default=(), kw_only=True, repr=False, compare=False)

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width)."""
        return self.height, self.width

    @property
    def all_valid(self) -> bool:
        """True where the file's header says that every pixel counts, and no mask of clouds says otherwise."""
        return not self.plan.masked and self.clouds is None

    def read_rgb(self, window: Box | None = None, out_shape: tuple[int, int] | None = None) -> np.ndarray:
        """Read a picture in red, green and blue.

        Args:
            window: pixels to read, (x0, y0, x1, y1) half-open; None for all.
            out_shape: (h, w) of the result, from overviews where there are any; None for full resolution.

        Returns:
            (h, w, 3) uint8. 8-bit values as they are; others by a stretch that is the same for every window.

        Raises:
            SceneError: if the file is damaged or the reading too large.
            UsageError: if the window leaves the scene.
        """
        stretch = self._stretch if self.plan.stretched else None
        palette = self.plan.colors is not None
        bands = self._read(self.plan.display, window, out_shape, nearest=palette)
        return band_work.to_rgb(bands, self.plan, stretch)

    def read(
        self,
        window: Box | None = None,
        bands: tuple[int, ...] | None = None,
        out_shape: tuple[int, int] | None = None,
    ) -> np.ndarray:
        """Read bands as they are stored, such as near infrared.

        Args:
            window: pixels to read, (x0, y0, x1, y1) half-open; None for all.
            bands: 1-based indices; None for all.
            out_shape: (h, w) of the result; None for full resolution.

        Returns:
            (n, h, w) in the file's type.

        Raises:
            SceneError: if the file is damaged or the reading too large.
            UsageError: if the window leaves the scene or a band does not exist.
        """
        indexes = tuple(range(1, self.count + 1)) if bands is None else tuple(bands)
        if not indexes or not all(1 <= index <= self.count for index in indexes):
            raise UsageError(f"{shown_name(self.name)} has the bands 1 to {self.count}; choose among them.")
        return self._read(indexes, window, out_shape)

    def colours(
        self, names: Sequence[str], window: Box | None = None
    ) -> dict[str, tuple[np.ndarray, Channel]]:
        """Read bands by their colours, as they are stored.

        Args:
            names: such as "red" and "nir"; the scene has them all (``Spectrum.require``).
            window: pixels to read, (x0, y0, x1, y1) half-open; None for all.

        Returns:
            colour → (h, w) values in the file's type, and what makes them reflectance.

        Raises:
            SceneError: if the file is damaged or the reading too large.
            UsageError: if the window leaves the scene.
        """
        channels = {name: channel for name in names if (channel := self.spectrum.channel(name)) is not None}
        indexes = tuple(dict.fromkeys(channel.index for channel in channels.values()))
        if not indexes:
            return {}
        planes = dict(zip(indexes, self.read(window, indexes), strict=True))
        return {name: (planes[channel.index], channel) for name, channel in channels.items()}

    def known(
        self,
        names: Sequence[str],
        window: Box | None = None,
        planes: Mapping[str, tuple[np.ndarray, Channel]] | None = None,
    ) -> np.ndarray | None:
        """Where all bands of some colours hold data, (h, w) bool; None where no band of the file may lack any.

        Args:
            names: such as "red" and "nir"; the scene has them all.
            window: pixels to read, (x0, y0, x1, y1) half-open; None for all.
            planes: what ``colours`` gave for them there, where that has been read already.

        Raises:
            SceneError: if the file is damaged or the reading too large.
            UsageError: if the window leaves the scene.
        """
        if np.dtype(self.dtype).kind != "f" and all(value is None for value in self._nodata):
            return None
        known: np.ndarray | None = None
        for plane, channel in (planes or self.colours(names, window)).values():
            nodata = self._nodata[channel.index - 1]
            held = np.isfinite(plane) if plane.dtype.kind == "f" else np.ones(plane.shape, bool)
            if nodata is not None and np.isfinite(nodata):
                held &= plane != nodata
            known = held if known is None else known & held
        return known

    @cached_property
    def _nodata(self) -> tuple[float | None, ...]:
        """The value of each band that means nothing; None where there is none."""
        with self._opened() as dataset:
            return tuple(dataset.nodatavals)

    def valid(self, window: Box | None = None, out_shape: tuple[int, int] | None = None) -> np.ndarray:
        """Which pixels count: not transparent, not nodata, not masked, not hidden by clouds.

        Args:
            window: pixels to read, (x0, y0, x1, y1) half-open; None for all.
            out_shape: (h, w) of the result; None for full resolution.

        Returns:
            (h, w) bool, True = valid.

        Raises:
            SceneError: if the file is damaged or the reading too large.
            LabelError: if the mask of clouds cannot be read, or does not fit.
            UsageError: if the window leaves the scene.
        """
        own = self.own_valid(window, out_shape)
        return (
            own if self.clouds is None else own & self._unhidden(self.clouds, self._window(window), own.shape)
        )

    def _unhidden(self, clouds: Clouds, box: Window, shape: tuple[int, ...]) -> np.ndarray:
        """(h, w) bool: pixels of a window that clouds do not hide; of a coarser reading those in the middle."""
        x0, y0 = box.col_off, box.row_off
        if shape == (box.height, box.width):
            return clouds.seen(self, (x0, y0, x0 + box.width, y0 + box.height))
        rows, columns = (
            ((np.arange(n) + 0.5) * size / n).astype(int)
            for n, size in zip(shape, (box.height, box.width), strict=True)
        )
        found = np.empty(shape, bool)
        for first in range(0, box.height, _STRIP):
            last = min(first + _STRIP, box.height)
            here = (rows >= first) & (rows < last)
            if here.any():
                seen = clouds.seen(self, (x0, y0 + first, x0 + box.width, y0 + last))
                found[here] = seen[np.ix_(rows[here] - first, columns)]
        return found

    def own_valid(self, window: Box | None = None, out_shape: tuple[int, int] | None = None) -> np.ndarray:
        """Which pixels count as far as the file itself says, clouds or not; see ``valid``."""
        box = self._window(window)
        shape = self._result_shape(box, out_shape)
        if not self.plan.masked:
            return np.ones(shape, bool)
        with self._opened() as dataset:
            return self._in_cells(
                lambda box, shape: band_work.read_valid(dataset, self.plan, self._alpha_is_mask, box, shape),
                box,
                shape,
            )

    def divided(self, cells: int) -> Scene:
        """The same scene on a finer grid, to lay finer labels on; every cell shows the pixel that it lies in.

        Args:
            cells: how many lie side by side in a pixel.
        """
        width, height = self.width * cells, self.height * cells
        transform = None if self.transform is None else self.transform * Affine.scale(1 / cells)
        scale = self.scale
        if scale is not None and scale.source in ("transform", "geodesic"):
            scale = georeference(self.crs, transform, width, height).scale
        elif scale is not None:
            scale = user_scale(scale.gsd / cells, scale.source)
        return dataclasses.replace(
            self, width=width, height=height, transform=transform, scale=scale, cells=self.cells * cells
        )

    def with_gsd(self, gsd: float, source: str) -> Scene:
        """The scene with a scale from elsewhere, unless it has one; a contradiction becomes a warning.

        Args:
            gsd: metres per pixel.
            source: who says so: "user", "question" or "program".

        Raises:
            UsageError: if ``gsd`` is no sensible number of metres.
        """
        scale, warnings = reconciled(self.scale, gsd, source)
        scene = dataclasses.replace(
            self, scale=scale, warnings=tuple(dict.fromkeys(self.warnings + warnings))
        )
        for name in ("_stretch", "_alpha_is_mask"):
            if name in self.__dict__:
                scene.__dict__[name] = self.__dict__[name]
        return scene

    def state(self) -> str:
        """A text that is the same while the scene's pixels are: its files with sizes and times, and its grid.

        Raises:
            SceneError: a file cannot be read.
        """
        source = self.mosaic or self.path
        return f"{self.mosaic.xml if self.mosaic else self.path} {state_of(source)} {self.shape}"

    def _opened(self) -> AbstractContextManager[DatasetReader]:
        return opened(self.mosaic or self.path)

    @cached_property
    def _alpha_is_mask(self) -> bool:
        with self._opened() as dataset:
            return band_work.alpha_masks(dataset, self.plan)

    @cached_property
    def _stretch(self) -> Stretch:
        with self._opened() as dataset:
            return band_work.compute_stretch(dataset, self.plan, self._alpha_is_mask)

    def _read(
        self,
        indexes: tuple[int, ...],
        window: Box | None,
        out_shape: tuple[int, int] | None,
        nearest: bool = False,
    ) -> np.ndarray:
        box = self._window(window)
        shape = self._result_shape(box, out_shape)
        with self._opened() as dataset:
            return self._in_cells(
                lambda box, shape: band_work.read_bands(dataset, indexes, box, shape, nearest), box, shape
            )

    def _in_cells(
        self, read: Callable[[Window, tuple[int, int]], np.ndarray], box: Window, shape: tuple[int, int]
    ) -> np.ndarray:
        """What ``read`` gives for a window of the file, (…, h, w), for a window of cells."""
        cells = self.cells
        if cells == 1:
            return read(box, shape)
        if shape != (box.height, box.width):
            part = Window(*(side / cells for side in (box.col_off, box.row_off, box.width, box.height)))
            return read(part, shape)
        x0, y0 = box.col_off // cells, box.row_off // cells
        x1, y1 = -(-(box.col_off + box.width) // cells), -(-(box.row_off + box.height) // cells)
        pixels = read(Window(x0, y0, x1 - x0, y1 - y0), (y1 - y0, x1 - x0))
        left, top = box.col_off - x0 * cells, box.row_off - y0 * cells
        fine = pixels.repeat(cells, axis=-2).repeat(cells, axis=-1)
        return fine[..., top : top + box.height, left : left + box.width]

    def _window(self, window: Box | None) -> Window:
        if window is None:
            return Window(0, 0, self.width, self.height)
        if isinstance(window, Window):
            numbers = window.col_off, window.row_off, window.width, window.height
            x0, y0, w, h = (int(number) for number in numbers)
            whole = (x0, y0, w, h) == numbers
        else:
            x0, y0, x1, y1 = (int(number) for number in window)
            w, h = x1 - x0, y1 - y0
            whole = (x0, y0, x1, y1) == tuple(window)
        if not whole or x0 < 0 or y0 < 0 or w < 1 or h < 1 or x0 + w > self.width or y0 + h > self.height:
            raise UsageError(
                f"The window {tuple(window) if not isinstance(window, Window) else window} is not inside "
                f"{shown_name(self.name)}, which has {self.width} x {self.height} pixels; clip it to the scene."
            )
        return Window(x0, y0, w, h)

    def _result_shape(self, box: Window, out_shape: tuple[int, int] | None) -> tuple[int, int]:
        height, width = out_shape if out_shape is not None else (box.height, box.width)
        if height < 1 or width < 1:
            raise UsageError("The output shape must be at least 1 x 1; give (height, width) in pixels.")
        if height * width > MAX_READ_PIXELS:
            raise SceneError(
                f"{shown_name(self.name)} has {width:,} x {height:,} pixels, too many to read at once; crop it "
                "with gdal_translate -srcwin, or make it coarser with gdal_translate -outsize."
            )
        return int(height), int(width)
