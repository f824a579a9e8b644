"""Scenes and masks as layers of other programs' maps, read by GDAL and placed by pyproj."""

from __future__ import annotations

import json

import cv2
import numpy as np
import pyproj
import pytest
import rasterio
from affine import Affine
from rasterio.warp import Resampling, reproject
from tests.serve.ask.conftest import COUNT

from planimeter.serve.ask.mercator import MapLayer

HALF = 20037508.342789244


def tile_at(longitude: float, latitude: float, z: int) -> tuple[int, int]:
    """Column and row of the tile that holds a place."""
    x, y = pyproj.Transformer.from_crs(4326, 3857, always_xy=True).transform(longitude, latitude)
    return int((x + HALF) / (2 * HALF) * 2**z), int((HALF - y) / (2 * HALF) * 2**z)


def layer(asker, path: str) -> dict:
    reply = asker.get(path)
    assert reply.status_code == 200, reply.text
    return reply.json()


def warped(file, z: int, x: int, y: int, band: int = 1) -> np.ndarray:
    """A tile as GDAL's own warper makes it."""
    size = 2 * HALF / 2**z
    west, north = x * size - HALF, HALF - y * size
    with rasterio.open(file) as dataset:
        found = np.zeros((256, 256), np.uint8)
        reproject(
            rasterio.band(dataset, band),
            found,
            dst_crs="EPSG:3857",
            dst_transform=rasterio.transform.from_bounds(west, north - size, west + size, north, 256, 256),
            resampling=Resampling.nearest,
        )
    return found


def png(content: bytes) -> np.ndarray:
    return cv2.cvtColor(
        cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED), cv2.COLOR_BGRA2RGBA
    )


def test_a_scenes_tiles_are_its_pixels_where_they_lie(served, place):
    image = place.folder / "town" / "image.tif"
    about = layer(served, f"/scenes/{served.scene('town/image.tif')}/tiles.json")
    assert (about["tilejson"], about["scheme"], about["name"]) == ("2.2.0", "xyz", "town/image.tif")
    with rasterio.open(image) as dataset:
        forth = pyproj.Transformer.from_crs(dataset.crs, 4326, always_xy=True)
        assert about["bounds"] == pytest.approx(forth.transform_bounds(*dataset.bounds), abs=1e-6)
    longitude, latitude, least = about["center"]
    assert least == about["minzoom"] < about["maxzoom"]
    z = about["maxzoom"] + 1  # every pixel several times
    x, y = tile_at(longitude, latitude, z)
    tile = png(served.get(about["tiles"][0].format(z=z, x=x, y=y)).content)
    for band in range(3):
        expected = warped(image, z, x, y, band + 1)
        assert (tile[..., band] == expected).mean() > 0.999
    assert (tile[..., 3] == 255).all()
    ground = 2 * HALF / 2 ** about["maxzoom"] / 256 * np.cos(np.radians(latitude))
    assert 0.25 <= ground <= 0.5  # metres of a tile's pixel; the scene's are 0.5 m


def test_a_masks_tiles_are_the_mask_in_its_colour(served, place):
    job = served.ask(served.scene("town/image.tif"), COUNT)
    colour = next(
        each for each in served.get(f"/answers/{job}/view").json()["layers"] if each["name"] == "roof"
    )
    about = layer(served, f"/answers/{job}/layers/roof/tiles.json")
    longitude, latitude, _ = about["center"]
    z = about["maxzoom"] + 1
    x, y = tile_at(longitude, latitude, z)
    tile = png(served.get(about["tiles"][0].format(z=z, x=x, y=y)).content)
    roofs = json.loads((place.folder / "town" / "legend.json").read_text())["roof"]
    expected = np.isin(warped(place.folder / "town" / "labels.tif", z, x, y), roofs)
    assert 0 < expected.mean() < 1
    assert ((tile[..., 3] == 255) == expected).mean() > 0.999
    shown = tile[tile[..., 3] > 0][:, :3]
    assert (shown == list(bytes.fromhex(colour["colour"][1:]))).all()
    for name in ("boats", "counted-0", "..", "%2e%2e%2fscene"):
        assert served.get(f"/answers/{job}/layers/{name}/tiles.json").status_code == 404
        assert served.get(f"/answers/{job}/layers/{name}/xyz/0/0/0.png").status_code == 404


def test_gdal_opens_them_as_a_map_of_the_web(served, place, tmp_path):
    about = layer(served, f"/scenes/{served.scene('town/image.tif')}/tiles.json")
    url = about["tiles"][0].replace("{z}", "${z}").replace("{x}", "${x}").replace("{y}", "${y}")
    service = f"""<GDAL_WMS><Service name="TMS"><ServerUrl>{url}</ServerUrl></Service>
      <DataWindow><UpperLeftX>-{HALF}</UpperLeftX><UpperLeftY>{HALF}</UpperLeftY><LowerRightX>{HALF}</LowerRightX>
      <LowerRightY>-{HALF}</LowerRightY><TileLevel>{about["maxzoom"]}</TileLevel><TileCountX>1</TileCountX>
      <TileCountY>1</TileCountY><YOrigin>top</YOrigin></DataWindow><Projection>EPSG:3857</Projection>
      <BlockSizeX>256</BlockSizeX><BlockSizeY>256</BlockSizeY><BandsCount>4</BandsCount></GDAL_WMS>"""
    (tmp_path / "layer.xml").write_text(service)
    with rasterio.open(place.folder / "town" / "image.tif") as image:
        west, south, east, north = rasterio.warp.transform_bounds(image.crs, "EPSG:3857", *image.bounds)
        whole = image.read(1)
    with rasterio.open(tmp_path / "layer.xml") as remote:
        window = remote.window(west, south, east, north)
        found = remote.read([1, 4], window=window, out_shape=(2, 64, 64))
    assert (found[1] > 0).mean() > 0.9
    small = cv2.resize(whole, (64, 64), interpolation=cv2.INTER_AREA).astype(float)
    seen = found[1] > 0
    assert np.corrcoef(small[seen], found[0][seen].astype(float))[0, 1] > 0.5


def test_all_zooms_show_the_scene_and_nothing_but_it(served):
    about = layer(served, f"/scenes/{served.scene('town/image.tif')}/tiles.json")
    longitude, latitude, _ = about["center"]
    for z in (0, 5, about["minzoom"], about["maxzoom"], 24):
        x, y = tile_at(longitude, latitude, z)
        alpha = png(served.get(about["tiles"][0].format(z=z, x=x, y=y)).content)[..., 3]
        assert alpha.any() == (z > 5), z
        far = png(served.get(about["tiles"][0].format(z=z, x=(x + 2**z // 2) % 2**z, y=y)).content)[..., 3]
        assert z == 0 or not far.any()


@pytest.mark.parametrize("tile", ["25/0/0", "-1/0/0", "2/4/0", "2/0/4", "2/0/-1", f"{10**30}/0/0", "a/0/0"])
def test_there_are_no_other_tiles(served, tile):
    scene = served.scene("town/image.tif")
    assert served.get(f"/scenes/{scene}/xyz/{tile}.png").status_code in (404, 422)


def test_a_scene_without_a_place_says_so(served):
    scene = served.scene("plain.png")
    for path in (f"/scenes/{scene}/tiles.json", f"/scenes/{scene}/xyz/0/0/0.png"):
        reply = served.get(path)
        assert reply.status_code == 422
        assert "no place on earth" in reply.json()["error"]


def test_links_have_the_address_people_know(start, place):
    asker = start(folders=[place.folder], url="https://maps.example.org/planimeter/")
    about = layer(asker, f"/scenes/{asker.scene('town/image.tif')}/tiles.json")
    assert about["tiles"][0].startswith("https://maps.example.org/planimeter/v1/scenes/")


def test_pages_of_others_show_tiles_only_where_they_may(start, served, place):
    name = "cross-origin-resource-policy"
    path = f"/scenes/{served.scene('town/image.tif')}"
    assert served.get(f"{path}/xyz/0/0/0.png").headers[name] == "same-origin"
    asker = start(folders=[place.folder], embedded=True)
    assert asker.get(f"{path}/xyz/0/0/0.png").headers[name] == "cross-origin"
    assert asker.get(path).headers[name] == "same-origin"


@pytest.mark.parametrize(
    ("crs", "transform", "shape"),
    [
        (32760, (10, 0, 815_000, 0, -10, 8_000_000), (1000, 1000)),
        (4326, (0.01, 0, 175, 0, -0.01, -17), (1000, 100)),
        (4326, (0.01, 0, -185, 0, -0.01, -17), (1000, 100)),
    ],
)
def test_a_scene_across_the_180th_meridian_is_shown_on_both_sides_of_it(crs, transform, shape):
    width, height = shape
    lies = Affine(*transform)
    placed = MapLayer(width, height, rasterio.CRS.from_epsg(crs), lies)

    def read(box, size):
        """Each pixel's column in two bytes, all of them opaque."""
        columns = np.linspace(box[0] + 0.5, box[2] - 0.5, size[1]).astype(int)
        channels = np.array([columns // 256, columns % 256, 0 * columns, 0 * columns + 255], np.uint8)
        return np.broadcast_to(channels.T, (*size, 4)).copy()

    forth = pyproj.Transformer.from_crs(crs, 4326, always_xy=True)
    longitude, latitude = forth.transform(*(lies * (width / 2, height / 2)))
    east, north, zoom = *placed.centre(), placed.zooms()[1]
    assert abs((east - longitude + 180) % 360 - 180) < 0.01
    assert -180 <= east <= 180
    assert north == pytest.approx(latitude, abs=0.01)
    assert placed.bounds()[0::2] == (-180, 180)  # which holds both sides
    metres = lies.a if crs == 32760 else lies.a * HALF / 180 * np.cos(np.radians(latitude))
    pixel = 2 * HALF / 256 / 2**zoom * np.cos(np.radians(latitude))
    assert metres / 2 <= pixel * 1.02 <= metres * 1.04
    for column in (10, width // 4, 3 * width // 4, width - 10):
        longitude, latitude = forth.transform(*(lies * (column + 0.5, height / 2)))
        longitude = (longitude + 180) % 360 - 180
        x, y = tile_at(longitude, latitude, zoom)
        tile = png(placed.tile(read, zoom, x, y))
        size = 2 * HALF / 2**zoom / 256
        at = pyproj.Transformer.from_crs(4326, 3857, always_xy=True).transform(longitude, latitude)
        red, green, _, alpha = tile[
            int((HALF - at[1]) / size - 256 * y), int((at[0] + HALF) / size - 256 * x)
        ].tolist()
        assert alpha == 255
        assert abs(red * 256 + green - column) <= 1
