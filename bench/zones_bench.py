"""3,000 zones over a raster of 10,000²: planimeter's table against rasterstats and exactextract, in one run.

    python bench/zones_bench.py [--side 10000] [--zones 3000]

The same forest mask and the same districts for all three, read from the same two files. Values by the centres of pixels
are compared with rasterstats', those by exact cover with exactextract's; then the times.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import rasterio
import shapely
from affine import Affine
from scipy import ndimage

import planimeter

QUESTION = "What percentage of the image is covered by forest?"
METRES = 10.0


def write_inputs(folder: Path, side: int, count: int) -> tuple[Path, Path, Path]:
    """A map with one class in patches, its legend, and districts that share it out, with winding borders."""
    rng = np.random.default_rng(3)
    coarse = ndimage.gaussian_filter(rng.random((side // 10 + 2, side // 10 + 2)), 3)
    fine = np.kron(coarse > np.median(coarse), np.ones((10, 10), np.uint8))[:side, :side].astype(np.uint8)
    fine ^= rng.random(fine.shape) < 0.01
    transform = Affine(METRES, 0, 300_000, 0, -METRES, 5_500_000)
    raster = folder / "landcover.tif"
    with rasterio.open(
        raster, "w", driver="GTiff", dtype="uint8", count=1, height=side, width=side, crs="EPSG:32633",
        transform=transform, tiled=True, compress="deflate",
    ) as file:  # fmt: skip
        file.write(fine[None])
    legend = folder / "legend.json"
    legend.write_text(json.dumps({"forest": [1], "barren": [0]}), encoding="utf-8")
    frame = shapely.box(0, 0, side, side)
    points = rng.random((count, 2)) * side
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points), extend_to=frame))
    cells = shapely.segmentize(shapely.intersection(cells, frame), side / 400)

    def winding(places: np.ndarray) -> np.ndarray:
        # A smooth bend that leaves the frame where it is keeps neighbours neighbours.
        x, y = places.T
        bend = np.sin(np.pi * x / side) * np.sin(np.pi * y / side) * side / 300
        return np.stack([x + bend * np.sin(y / side * 90), y + bend * np.cos(x / side * 80)], axis=1)

    a, b, c, d, e, f = transform[:6]
    districts = shapely.transform(cells, winding)
    moved = [shapely.affinity.affine_transform(shape, [a, b, d, e, c, f]) for shape in districts]
    zones = folder / "districts.gpkg"
    pyogrio.raw.write(
        zones,
        shapely.to_wkb(np.array(moved)),
        [np.array([f"d{k}" for k in range(len(moved))], dtype=object)],
        np.array(["name"], dtype=object),
        geometry_type="Polygon",
        crs="EPSG:32633",
    )
    return raster, legend, zones


def timed(work: Callable[[], Any]) -> tuple[tuple[float, float], Any]:
    """Seconds by the clock and of the processor, which others on the machine do not stretch; and the result."""
    started, busy = time.perf_counter(), time.process_time()
    found = work()
    return (time.perf_counter() - started, time.process_time() - busy), found


def planimeters(raster: Path, legend: Path, zones: Path, border: str) -> np.ndarray:
    """Shares of forest by zone, %."""
    answer = planimeter.ask(
        raster,
        QUESTION,
        segmenter=planimeter.LabelSegmenter(raster, legend),
        zones=zones,
        zone_name="name",
        border=border,
    )
    return np.array(answer.answer.column("share")[:-1], dtype=float)


def main() -> None:
    """Print values and times side by side."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", type=int, default=10_000, help="pixels")
    parser.add_argument("--zones", type=int, default=3_000)
    given = parser.parse_args()
    import exactextract
    import geopandas
    import rasterstats

    with tempfile.TemporaryDirectory() as name:
        raster, legend, zones = write_inputs(Path(name), given.side, given.zones)
        print(f"{given.zones:,} zones over {given.side:,}² pixels")
        planimeters(
            raster, legend, zones, "centre"
        )  # every library once before it is timed, on what it reads alone
        rows: list[tuple[str, tuple[float, float]]] = []
        seconds, centre = timed(lambda: planimeters(raster, legend, zones, "centre"))
        rows.append(("planimeter, centres", seconds))
        seconds, found = timed(
            lambda: rasterstats.zonal_stats(str(zones), str(raster), stats=["sum", "count"])
        )
        rows.append(("rasterstats, centres", seconds))
        theirs = np.array([100 * each["sum"] / each["count"] for each in found])
        print(f"centres: largest difference {np.abs(centre - theirs).max():.2e} percentage points")
        seconds, exact = timed(lambda: planimeters(raster, legend, zones, "exact"))
        rows.append(("planimeter, exact cover", seconds))
        seconds, found = timed(
            lambda: exactextract.exact_extract(
                str(raster), geopandas.read_file(zones), ["mean"], include_cols=["name"]
            )
        )
        rows.append(("exactextract, exact cover", seconds))
        theirs = np.array([100 * each["properties"]["mean"] for each in found])
        print(f"exact cover: largest difference {np.abs(exact - theirs).max() / 100:.2e} of a zone")
        for what, (clock, busy) in rows:
            print(f"{what:<26} {clock:7.2f} s, {busy:7.2f} s of the processor")


if __name__ == "__main__":
    main()
