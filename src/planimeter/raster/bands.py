"""How the bands of a file become a picture in red, green and blue, and which of its pixels count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from rasterio.enums import ColorInterp, MaskFlags, Resampling

from planimeter.errors import InputError, shown_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rasterio.io import DatasetReader
    from rasterio.windows import Window

#: A stretch is computed on a reading of the whole scene with at most this many pixels a side.
PREVIEW_SIDE = 1024
_PERCENTILES = (2.0, 98.0)
_RGB = (ColorInterp.red, ColorInterp.green, ColorInterp.blue)


@dataclass(frozen=True)
class BandPlan:
    """What each band of a file is for, known from its header alone.

    Attributes:
        display: 1-based indices of the bands shown as red, green and blue; one index for grey or palette.
        alpha: index of the band marked as alpha, or None.
        colors: (n, 4) uint8 palette by index, or None.
        stretched: True where values are scaled to 8 bits by a stretch.
        masked: True where some pixels may be invalid.
        nodata: True where invalid pixels are told by a nodata value.
    """

    display: tuple[int, ...]
    alpha: int | None
    colors: np.ndarray | None
    stretched: bool
    masked: bool
    nodata: bool


@dataclass(frozen=True)
class Stretch:
    """Linear scaling to 8 bits, one (low, high) pair per shown band.

    >>> Stretch((0.0,), (510.0,)).apply(np.array([[[0, 255, 9999]]], dtype=np.uint16)).tolist()
    [[[0, 128, 255]]]
    """

    low: tuple[float, ...]
    high: tuple[float, ...]

    def apply(self, bands: np.ndarray) -> np.ndarray:
        """Scale (bands, h, w) of any real type to uint8; NaN becomes 0."""
        result = np.empty(bands.shape, np.uint8)
        for band, low, high, out in zip(bands, self.low, self.high, result, strict=True):
            scaled = (band.astype(np.float32) - np.float32(low)) * np.float32(255.0 / (high - low))
            np.nan_to_num(scaled, copy=False, nan=0.0, posinf=255.0, neginf=0.0)
            np.clip(np.rint(scaled, out=scaled), 0, 255, out=scaled)
            out[...] = scaled
        return result


def refuse_complex(dataset: DatasetReader, name: str, error: type[InputError]) -> None:
    """Refuse a file of complex numbers, such as a radar image before detection.

    Raises:
        InputError: of the kind ``error``, if a band is complex.
    """
    # "complex_int16" is a type of GDAL that numpy does not have.
    if any(kind.startswith("complex") for kind in dataset.dtypes):
        raise error(
            f"{shown_name(name)} holds complex numbers; make a picture of their magnitudes with gdal_translate "
            "DERIVED_SUBDATASET:AMPLITUDE:FILE amplitude.tif."
        )


def plan_bands(dataset: DatasetReader, colours: Mapping[str, int] | None = None) -> BandPlan:
    """Decide from a file's header which bands are shown, and what tells invalid pixels.

    Args:
        dataset: the open file.
        colours: colour → band, where that is known otherwise than by colour interpretation.
    """
    meaning = dict(zip(dataset.indexes, dataset.colorinterp, strict=True))
    alpha = next((index for index, kind in meaning.items() if kind is ColorInterp.alpha), None)
    measured = alpha is not None and alpha in (colours or {}).values()
    if measured:
        alpha = None
    shown = tuple((colours or {}).get(colour, 0) for colour in ("red", "green", "blue"))
    rest = [index for index in dataset.indexes if index != alpha] or [1]
    colored = {kind: index for index, kind in reversed(meaning.items()) if kind in _RGB}
    colors = None
    if len(colored) == 3:
        display = tuple(colored[kind] for kind in _RGB)
    elif all(shown):
        display = shown
    elif len(rest) >= 3:
        display = tuple(rest[:3])
    else:
        display = (rest[0],)
        if meaning[rest[0]] is ColorInterp.palette and dataset.dtypes[rest[0] - 1] in ("uint8", "uint16"):
            colors = _palette(dataset.colormap(rest[0]))
    flags = [flag for index in display for flag in dataset.mask_flag_enums[index - 1]]
    if measured:  # a band that somebody calls a colour is no mask of the others
        flags = [flag for flag in flags if flag not in (MaskFlags.alpha, MaskFlags.per_dataset)]
    floating = np.dtype(dataset.dtypes[display[0] - 1]).kind == "f"
    see_through = colors is not None and bool((colors[:, 3] == 0).any())
    return BandPlan(
        display=display,
        alpha=alpha,
        colors=colors,
        stretched=colors is None and any(dataset.dtypes[index - 1] != "uint8" for index in display),
        masked=floating or see_through or any(flag is not MaskFlags.all_valid for flag in flags),
        nodata=MaskFlags.nodata in flags,
    )


def _palette(colormap: dict[int, tuple[int, ...]]) -> np.ndarray:
    table = np.zeros((max(colormap) + 1, 4), np.uint8)
    for index, color in colormap.items():
        table[index] = color
    return table


def read_valid(
    dataset: DatasetReader,
    plan: BandPlan,
    alpha_is_mask: bool,
    window: Window | None,
    shape: tuple[int, int],
) -> np.ndarray:
    """Which pixels of a window count.

    Args:
        dataset: the open file.
        plan: what its bands are for.
        alpha_is_mask: False where the band marked as alpha holds measurements (see ``alpha_masks``).
        window: pixels to read; None for all.
        shape: (h, w) of the result.

    Returns:
        (h, w) bool, True = valid.
    """
    valid = np.ones(shape, bool)
    if not plan.masked:
        return valid
    if plan.alpha is not None and alpha_is_mask:
        alpha = dataset.read(plan.alpha, window=window, out_shape=shape, resampling=Resampling.nearest)
        valid = alpha > 0
    elif plan.nodata:
        # A pixel without data has none in any of the bands; one dark band is no hole.
        bands = [index for index in dataset.indexes if MaskFlags.nodata in dataset.mask_flag_enums[index - 1]]
        valid = np.zeros(shape, bool)
        for band in bands:
            if plan.alpha is None:
                valid |= dataset.read_masks(band, window=window, out_shape=shape) > 0
            else:  # rasterio warns of an alpha band beside nodata; bytes are compared as well here
                valid |= dataset.read(band, window=window, out_shape=shape) != dataset.nodatavals[band - 1]
    elif plan.alpha is None:  # else that mask would be the band of measurements
        valid = dataset.read_masks(plan.display[0], window=window, out_shape=shape) > 0
    if plan.colors is not None:
        index = dataset.read(plan.display[0], window=window, out_shape=shape)
        valid &= _lookup(plan.colors, index)[..., 3] > 0
    if np.dtype(dataset.dtypes[plan.display[0] - 1]).kind == "f":
        shown = stacked(dataset, plan.display, window, shape)
        valid &= np.isfinite(shown).any(axis=0)
    return valid


def alpha_masks(dataset: DatasetReader, plan: BandPlan) -> bool:
    """Whether the band marked as alpha is one.

    GDAL marks the fourth of four 8-bit bands as alpha unless it is told otherwise, so near infrared is often
    found there. Transparency is nearly everywhere full or none, a measurement nearly nowhere.
    """
    if plan.alpha is None:
        return False
    alpha = dataset.read(plan.alpha, out_shape=preview_shape(dataset.height, dataset.width, 256))
    full = alpha.max(initial=0)
    between = alpha[(alpha > 0) & (alpha < full)]
    return between.size < 0.25 * alpha.size or np.unique(between).size < 16


def read_bands(
    dataset: DatasetReader,
    indexes: tuple[int, ...],
    window: Window | None,
    shape: tuple[int, int],
    nearest: bool = False,
) -> np.ndarray:
    """Read bands as (n, h, w), averaged where the result is smaller than the window."""
    height = window.height if window else dataset.height
    width = window.width if window else dataset.width
    if nearest or shape == (height, width):
        how = Resampling.nearest
    else:
        how = Resampling.average if shape[0] <= height and shape[1] <= width else Resampling.bilinear
    return stacked(dataset, indexes, window, shape, how)


def stacked(
    dataset: DatasetReader,
    indexes: Sequence[int],
    window: Window | None,
    shape: tuple[int, int],
    how: Resampling = Resampling.nearest,
) -> np.ndarray:
    """Bands of a window as (n, h, w); those of different types as the type that holds them all."""
    if len({dataset.dtypes[index - 1] for index in indexes}) > 1:  # rasterio reads one type at a time
        bands = [dataset.read(index, window=window, out_shape=shape, resampling=how) for index in indexes]
        return np.stack(bands)
    result = dataset.read(list(indexes), window=window, out_shape=(len(indexes), *shape), resampling=how)
    return np.asarray(result)


def compute_stretch(
    dataset: DatasetReader,
    plan: BandPlan,
    alpha_is_mask: bool,
    percentiles: tuple[float, float] = _PERCENTILES,
) -> Stretch:
    """The 2-98 % stretch of the whole scene, or another, from an overview or a decimated reading of it."""
    shape = preview_shape(dataset.height, dataset.width, PREVIEW_SIDE)
    bands = stacked(dataset, plan.display, None, shape)
    valid = read_valid(dataset, plan, alpha_is_mask, None, shape)
    low, high = [], []
    for band in bands:
        values = band[valid & np.isfinite(band)]
        a, b = np.percentile(values, percentiles) if values.size else (0.0, 1.0)
        if not b > a:
            a, b = (values.min(), values.max()) if values.size else (0.0, 1.0)
        # A scene of one value is shown as middle grey.
        spread = 0.0 if b > a else max(abs(float(a)), 1.0)
        low.append(float(a) - spread)
        high.append(float(b) + spread)
    return Stretch(tuple(low), tuple(high))


def to_rgb(bands: np.ndarray, plan: BandPlan, stretch: Stretch | None) -> np.ndarray:
    """Shown bands, (n, h, w), as (h, w, 3) uint8."""
    if plan.colors is not None:
        return np.ascontiguousarray(_lookup(plan.colors, bands[0])[..., :3])
    if stretch is not None:
        bands = stretch.apply(bands)
    if len(bands) == 1:
        return np.repeat(bands[0][..., None], 3, axis=2)
    return np.ascontiguousarray(np.moveaxis(bands, 0, 2))


def preview_shape(height: int, width: int, side: int) -> tuple[int, int]:
    """The (h, w) of a reading with at most ``side`` pixels a side.

    >>> preview_shape(4096, 1000, 1024)
    (1024, 250)
    """
    factor = max(height / side, width / side, 1.0)
    return max(1, round(height / factor)), max(1, round(width / factor))


def _lookup(colors: np.ndarray, index: np.ndarray) -> np.ndarray:
    return np.asarray(colors[np.minimum(index, len(colors) - 1)])
