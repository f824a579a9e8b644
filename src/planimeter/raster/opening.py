"""Opening a scene: what the header of a file or product says of its size, place, scale, bands and clouds."""

from __future__ import annotations

import dataclasses
import math
import os
from collections.abc import Mapping
from pathlib import Path

from affine import Affine
from rasterio.crs import CRS
from rasterio.io import DatasetReader
from rasterio.transform import from_gcps

from planimeter.errors import SceneError, shown_name
from planimeter.raster.band_colours import spectrum_of
from planimeter.raster.bands import plan_bands, refuse_complex
from planimeter.raster.bands_given import told_by_user
from planimeter.raster.clouds import chosen_clouds
from planimeter.raster.csmask import with_made_clouds
from planimeter.raster.files import local_file, opened
from planimeter.raster.georeference import georeference
from planimeter.raster.ground_scale import Georeference
from planimeter.raster.products import product_at
from planimeter.raster.scale import check_gsd, reconciled
from planimeter.raster.scene import Scene

_MOST_PIXELS = 1 << 36  # 262,144 a side: a file that declares more is refused


def open_scene(
    path: str | os.PathLike[str],
    gsd: float | None = None,
    *,
    bands: str | Mapping[str, object] | None = None,
    clouds: str | os.PathLike[str] | None = None,
) -> Scene:
    """Open an overhead image: GeoTIFF, COG, VRT, PNG, JPEG, JPEG 2000, or a satellite's product. No pixel is read yet.

    Args:
        path: path of a file on this machine; a folder or a zip of single-band files (Sentinel-2's SAFE, Landsat's
            Collection 2), or a STAC item.
        gsd: metres per pixel, for plain pictures. A file's own scale wins; a contradiction becomes a warning.
        bands: which band is which, where the file does not say: "red=3,nir=4" or {"red": 3, "nir": 4}; also its
            ``scale``, ``offset``, ``sensor`` and ``level``, see docs/sensors.md.
        clouds: "auto" for the product's own mask of clouds, or one made by ukis-csmask; "none"; or a file; None: a
            product's own where it has one.

    Returns:
        The scene.

    Raises:
        SceneError: if the file is missing, damaged, too large or no image.
        LabelError: if there is no such mask of clouds.
        ModelError: if a mask is to be made and the extra for that is not installed.
        UsageError: if ``gsd`` is no sensible number of metres, or ``bands`` names what the file does not have.
    """
    if gsd is not None:
        check_gsd(gsd)
    product = product_at(path)
    file = local_file(path) if product is None else Path(path).absolute()
    with opened(file if product is None else product.mosaic) as dataset:
        _check_size(dataset, file.name)
        refuse_complex(dataset, file.name, SceneError)
        spectrum = spectrum_of(dataset, file.name) if product is None else product.spectrum
        if bands is not None:
            spectrum = told_by_user(bands, dataset.count, spectrum)
        plan = plan_bands(dataset, {colour: channel.index for colour, channel in spectrum.channels.items()})
        dtype = dataset.dtypes[plan.display[0] - 1]
        crs, transform, placed = _placement(dataset)
        found = placed or georeference(crs, transform, dataset.width, dataset.height)
        if placed is not None and placed.problem is None:
            derived = georeference(crs, transform, dataset.width, dataset.height)
            found = dataclasses.replace(
                derived, warnings=tuple(dict.fromkeys(placed.warnings + derived.warnings))
            )
        width, height, count = dataset.width, dataset.height, dataset.count
    scale, warnings = found.scale, found.warnings
    if gsd is not None:
        scale, contradiction = reconciled(found.scale, gsd, "user")
        warnings = tuple(dict.fromkeys(warnings + contradiction))
    elif found.problem is not None:
        warnings = tuple(dict.fromkeys((found.problem, *warnings)))
    mask, to_make = chosen_clouds(clouds, None if product is None else product.mask)
    scene = Scene(
        path=file,
        name=file.name,
        width=width,
        height=height,
        count=count,
        dtype=dtype,
        crs=crs,
        transform=transform,
        scale=scale,
        scale_problem=found.problem,
        warnings=warnings,
        plan=plan,
        spectrum=spectrum,
        mosaic=None if product is None else product.mosaic,
        clouds=mask,
    )
    return with_made_clouds(scene) if to_make else scene


def _check_size(dataset: DatasetReader, name: str) -> None:
    if dataset.count == 0 or dataset.width < 1 or dataset.height < 1:
        raise SceneError(
            f"{shown_name(name)} holds no picture of its own; choose one of its parts with gdal_translate."
        )
    if dataset.width * dataset.height > _MOST_PIXELS:
        raise SceneError(
            f"{shown_name(name)} declares {dataset.width:,} x {dataset.height:,} pixels, more than can be measured; "
            "crop it with gdal_translate -srcwin, or export it again if that is not its size."
        )


def _placement(dataset: DatasetReader) -> tuple[CRS | None, Affine | None, Georeference | None]:
    """CRS and transform of a file; a Georeference as third where ground control points or RPCs stand in."""
    transform = dataset.transform
    if not transform.is_identity:
        return dataset.crs, transform, None
    points, crs = dataset.gcps
    if points:
        try:
            fitted = from_gcps(points)
        except ValueError:
            fitted = Affine.identity()
        if len(points) < 3 or crs is None or abs(fitted.determinant) < 1e-18:
            return (
                None,
                None,
                Georeference(
                    problem="The file's ground control points do not define a grid; "
                    "warp it with gdalwarp, or give --gsd."
                ),
            )
        inverse = ~fitted
        places = (inverse * (point.x, point.y) for point in points)
        misses = [math.dist(place, (p.col, p.row)) for place, p in zip(places, points, strict=True)]
        warnings: tuple[str, ...] = ()
        if max(misses) > 1:
            warnings = (
                f"The grid fitted to the file's ground control points misses them by up to {max(misses):.1f} "
                "pixels, so figures are approximate; warp it with gdalwarp for exact ones.",
            )
        return crs, fitted, Georeference(warnings=warnings)
    if dataset.rpcs is not None:
        return (
            None,
            None,
            Georeference(
                problem="The file is placed by rational polynomials (RPC) only; orthorectify it with gdalwarp -rpc, "
                "or give --gsd."
            ),
        )
    return dataset.crs, None, None
