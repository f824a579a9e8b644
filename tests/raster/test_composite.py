"""The median of several dates against numpy, with gaps, other grids, and scales of their own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

import planimeter
from planimeter.cli import main
from planimeter.errors import UsageError
from planimeter.raster import composite, open_scene
from planimeter.raster.composite import write_composite

pytestmark = pytest.mark.filterwarnings("ignore:All-NaN slice")  # numpy's, of what no date shows
COLOURS = ("red", "nir")
NODATA = 0


def write(path: Path, values: np.ndarray, west: float = 500000, scale: float | None = 0.0001) -> Path:
    profile = {"driver": "GTiff", "count": len(values), "height": values.shape[1], "width": values.shape[2]}
    place = {"crs": "EPSG:32633", "transform": from_origin(west, 5000000, 10, 10)}
    with rasterio.open(path, "w", dtype="uint16", nodata=NODATA, **profile, **place) as file:
        file.write(values.astype(np.uint16))
        if scale is not None:
            file.scales = [scale] * len(values)
        for band, colour in enumerate(COLOURS, start=1):
            file.set_band_description(band, colour)
    return path


@pytest.fixture
def dates() -> np.ndarray:
    """(4, 2, 40, 50) numbers of four dates; each has gaps, and in one corner nothing is ever seen."""
    rng = np.random.default_rng(3)
    found = rng.integers(200, 6000, (4, 2, 40, 50))
    for date in found:
        date[:, rng.random((40, 50)) < 0.3] = NODATA
    found[:, :, :3, :3] = NODATA
    return found


def test_medians_are_numpys_and_open_as_a_scene_of_known_bands(
    tmp_path: Path, dates: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(composite, "_VALUES", 4 * 2 * 50 * 7)  # strips of seven rows
    scenes = [open_scene(write(tmp_path / f"d{k}.tif", date)) for k, date in enumerate(dates)]
    made = write_composite(tmp_path / "out.tif", scenes)
    truth = np.nanmedian(np.where(dates == NODATA, np.nan, dates), axis=0)
    with rasterio.open(made.path) as file:
        np.testing.assert_allclose(file.read(), truth, rtol=1e-6)
        assert file.descriptions == COLOURS
    assert made.unseen == pytest.approx(np.isnan(truth[0]).mean())
    scene = open_scene(made.path)
    assert scene.spectrum.calibrated
    ndvi = (truth[1] - truth[0]) / (truth[1] + truth[0])
    answer = planimeter.ask(scene, "What is the mean NDVI of the image?", segmenter="index")
    assert answer.answer == pytest.approx(np.nanmean(ndvi), abs=1e-6)


def test_another_grid_and_another_scale_are_brought_to_the_first(tmp_path: Path, dates: np.ndarray) -> None:
    first = write(tmp_path / "a.tif", dates[0])
    second = write(tmp_path / "b.tif", dates[1] * 2, west=500100, scale=0.00005)  # ten pixels farther east
    made = write_composite(tmp_path / "out.tif", [open_scene(first), open_scene(second)])
    moved = np.full(dates[1].shape, np.nan)
    moved[:, :, 10:] = np.where(dates[1] == NODATA, np.nan, dates[1])[:, :, :-10]
    with np.errstate(all="ignore"):
        truth = np.nanmedian(np.stack([np.where(dates[0] == NODATA, np.nan, dates[0]), moved]), axis=0)
    with rasterio.open(made.path) as file:
        np.testing.assert_allclose(file.read(), truth, rtol=1e-6)
    assert made.notes
    assert "nearest neighbour" in made.notes[0]


def test_clouds_count_for_nothing(tmp_path: Path, dates: np.ndarray) -> None:
    paths = [write(tmp_path / f"d{k}.tif", date) for k, date in enumerate(dates[:2])]
    cloudy = np.zeros((40, 50), np.uint8)
    cloudy[:, 25:] = 1
    with rasterio.open(paths[0]) as file:
        place = {"crs": file.crs, "transform": file.transform}
    with rasterio.open(
        tmp_path / "clouds.tif", "w", driver="GTiff", count=1, height=40, width=50, dtype="uint8", **place
    ) as file:
        file.write(cloudy, 1)
    scenes = [open_scene(paths[0], clouds=tmp_path / "clouds.tif"), open_scene(paths[1])]
    made = write_composite(tmp_path / "out.tif", scenes)
    seen = np.where(dates[:2] == NODATA, np.nan, dates[:2])
    seen[0][:, cloudy == 1] = np.nan
    with rasterio.open(made.path) as file, np.errstate(all="ignore"):
        np.testing.assert_allclose(file.read()[:, :, 25:], seen[1][:, :, 25:], rtol=1e-6)


def test_what_cannot_be_mixed_is_refused(tmp_path: Path, dates: np.ndarray) -> None:
    scene = open_scene(write(tmp_path / "a.tif", dates[0]))
    with pytest.raises(UsageError, match="two dates or more"):
        write_composite(tmp_path / "out.tif", [scene])
    bare = open_scene(write(tmp_path / "b.tif", dates[1], scale=None))
    if not bare.spectrum.calibrated:
        with pytest.raises(UsageError, match="cannot be mixed"):
            write_composite(tmp_path / "out.tif", [scene, bare])
    with pytest.raises(UsageError, match="a folder that can be written"):
        write_composite(tmp_path / "nowhere" / "out.tif", [scene, scene])
    assert not (tmp_path / "out.tif").exists()


def test_the_command_line(tmp_path: Path, dates: np.ndarray, capsys: pytest.CaptureFixture[str]) -> None:
    paths = [str(write(tmp_path / f"d{k}.tif", date)) for k, date in enumerate(dates)]
    main(["composite", *paths, "--out", str(tmp_path / "out.tif")])
    assert "bands    red, nir" in capsys.readouterr().out
