"""Small satellite products, made on the spot in the layout of the archives."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import Affine

TILE = "T33TWM_20220105T100321"
BANDS_10, BANDS_20, BANDS_60 = (
    ("B02", "B03", "B04", "B08"),
    ("B05", "B06", "B07", "B8A", "B11", "B12"),
    ("B01", "B09"),
)


def write(path: Path, values: np.ndarray, metres: float, corner: tuple[float, float] = (5e5, 5e6)) -> Path:
    """A single-band file; JPEG 2000 without loss where its name says so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    jp2 = path.suffix == ".jp2"
    options = {"QUALITY": "100", "REVERSIBLE": "YES"} if jp2 else {}
    with rasterio.open(
        path, "w", driver="JP2OpenJPEG" if jp2 else "GTiff", dtype=values.dtype, count=1, height=values.shape[0],
        width=values.shape[1], crs="EPSG:32633", transform=Affine(metres, 0, corner[0], 0, -metres, corner[1]),
        **options,
    ) as file:  # fmt: skip
        file.write(values, 1)
    return path


def pixels(seed: int, shape: tuple[int, int]) -> np.ndarray:
    """Digital numbers."""
    return np.random.default_rng(seed).integers(1050, 5000, shape).astype(np.uint16)


def metadata(level: str, baseline: str = "04.00", quantity: int = 10_000, offset: int | None = -1000) -> str:
    """What of a Sentinel-2 product's metadata is read."""
    tag = "BOA" if level == "2A" else "RADIO"
    offsets = "" if offset is None else "".join(
        f'<{tag}_ADD_OFFSET band_id="{band}">{offset}</{tag}_ADD_OFFSET>' for band in range(13)
    )  # fmt: skip
    name = "BOA_QUANTIFICATION_VALUE" if level == "2A" else "QUANTIFICATION_VALUE"
    return (
        '<?xml version="1.0"?><n1:Product xmlns:n1="x"><PROCESSING_BASELINE>'
        f'{baseline}</PROCESSING_BASELINE><{name} unit="none">{quantity}</{name}>{offsets}</n1:Product>'
    )


def safe(folder: Path, level: str = "2A", side: int = 60, scl: np.ndarray | None = None) -> Path:
    """A Sentinel-2 SAFE folder of ``side`` × ``side`` pixels of 10 m."""
    root = folder / f"S2A_MSIL{level}_20220105T100321_N0400_R122_{TILE[:6]}_20220105T120000.SAFE"
    data = root / "GRANULE" / "L_A" / "IMG_DATA"
    for metres, bands in ((10, BANDS_10), (20, BANDS_20), (60, BANDS_60)):
        size = side * 10 // metres
        for seed, band in enumerate(bands, start=metres):
            name = f"R{metres}m/{TILE}_{band}_{metres}m.jp2" if level == "2A" else f"{TILE}_{band}.jp2"
            write(data / name, pixels(seed, (size, size)), metres)
    if level == "2A":
        write(data / f"R20m/{TILE}_B02_20m.jp2", pixels(99, (side // 2, side // 2)), 20)  # coarser: not taken
        values = scl if scl is not None else np.full((side // 2, side // 2), 4, np.uint8)
        write(data / f"R20m/{TILE}_SCL_20m.jp2", values.astype(np.uint8), 20)
    write(data / (f"R10m/{TILE}_TCI_10m.jp2" if level == "2A" else f"{TILE}_TCI.jp2"), pixels(1, (6, 6)), 10)
    (root / f"MTD_MSIL{level}.xml").write_text(metadata(level))
    return root


def classi(root: Path, planes: np.ndarray) -> Path:
    """MSK_CLASSI in a SAFE folder: (3, h, w) opaque clouds, cirrus and snow, 60 m."""
    path = root / "GRANULE" / "L_A" / "QI_DATA" / "MSK_CLASSI_B00.jp2"
    path.parent.mkdir(parents=True, exist_ok=True)
    with rasterio.open(
        path, "w", driver="JP2OpenJPEG", dtype="uint8", count=3, height=planes.shape[1], width=planes.shape[2],
        crs="EPSG:32633", transform=Affine(60, 0, 5e5, 0, -60, 5e6), QUALITY="100", REVERSIBLE="YES",
    ) as file:  # fmt: skip
        file.write(planes)
    return path


def zipped(folder: Path) -> Path:
    """A product's folder as a zip beside it."""
    target = folder.with_suffix(".zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as content:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                content.write(file, str(file.relative_to(folder.parent)))
    return target


MTL = """GROUP = LANDSAT_METADATA_FILE
  GROUP = IMAGE_ATTRIBUTES
    SUN_ELEVATION = 30.0
  END_GROUP = IMAGE_ATTRIBUTES
  GROUP = LEVEL2_SURFACE_REFLECTANCE_PARAMETERS
    REFLECTANCE_MULT_BAND_4 = 2.75e-05
    REFLECTANCE_MULT_BAND_5 = 2.75e-05
    REFLECTANCE_ADD_BAND_4 = -0.2
    REFLECTANCE_ADD_BAND_5 = -0.2
  END_GROUP = LEVEL2_SURFACE_REFLECTANCE_PARAMETERS
END_GROUP = LANDSAT_METADATA_FILE
END
"""


def landsat(folder: Path, sensor: str = "LC08", metadata: bool = True, qa: np.ndarray | None = None) -> Path:
    """A Landsat Collection 2 folder, 30 × 40 pixels of 30 m."""
    name = f"{sensor}_L2SP_190028_20210604_20210610_02_T1"
    root = folder / name
    bands = (2, 3, 4, 5, 6, 7) if sensor in ("LC08", "LC09") else (1, 2, 3, 4, 5, 7)
    for band in bands:
        write(root / f"{name}_SR_B{band}.TIF", pixels(band, (30, 40)) * 5, 30)
    write(root / f"{name}_QA_PIXEL.TIF", np.full((30, 40), 21824, np.uint16) if qa is None else qa, 30)
    if metadata:
        (root / f"{name}_MTL.txt").write_text(MTL)
    return root


def by_hand(coarse: np.ndarray, factor: int) -> np.ndarray:
    """Bilinear interpolation between pixel centres, held at the border, rounded: what a finer grid is to show."""
    sides = [np.clip((np.arange(n * factor) + 0.5) / factor - 0.5, 0, n - 1) for n in coarse.shape]
    (y, x), values = np.meshgrid(*sides, indexing="ij"), coarse.astype(float)
    y0, x0 = np.floor(y).astype(int), np.floor(x).astype(int)
    y1, x1 = np.minimum(y0 + 1, coarse.shape[0] - 1), np.minimum(x0 + 1, coarse.shape[1] - 1)
    fy, fx = y - y0, x - x0
    top = values[y0, x0] * (1 - fx) + values[y0, x1] * fx
    return np.floor(top * (1 - fy) + (values[y1, x0] * (1 - fx) + values[y1, x1] * fx) * fy + 0.5)
