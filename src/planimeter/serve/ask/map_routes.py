"""Scenes and masks as layers of other programs' maps: TileJSON, and tiles by zoom, column and row (XYZ)."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote

import cv2
import numpy as np
from fastapi import APIRouter, Request, Response

from planimeter.answer.palette import rgb
from planimeter.serve.ask.answer_routes import place_of
from planimeter.serve.ask.context import Context
from planimeter.serve.ask.evidence_files import MASKS, VIEW
from planimeter.serve.ask.mercator import Box, MapLayer
from planimeter.serve.ask.messages import TileJSON
from planimeter.serve.ask.old_paths import V1
from planimeter.serve.ask.pictures import StretchName
from planimeter.serve.ask.scene_routes import ASKED_AGAIN, PICTURE, Bands
from planimeter.serve.ask.tiles import mask_band, opened_masks
from planimeter.serve.http_errors import HTTPError
from planimeter.serve.replies import documented

_OVERSAMPLED = 4  # samples a side that become one pixel of a reduced mask


def map_routes(context: Context) -> APIRouter:
    """The routes of layers for other programs' maps."""
    router = APIRouter(tags=["maps"])
    errors = documented(404, 409, 410, 415, 503, 504)
    picture = {**documented(404, 409, 410, 415, 503, 504, plain=True), 200: PICTURE}

    @router.get("/scenes/{scene}/tiles.json", responses=errors)
    async def scene_layer(scene: str, request: Request) -> TileJSON:
        """A scene as a layer: the address of its tiles, its bounds and zooms."""

        def look() -> TileJSON:
            opened = context.scenes.open(scene)
            placed = MapLayer(
                opened.scene.width, opened.scene.height, opened.scene.crs, opened.scene.transform
            )
            return _layer(request, opened.listed.name, f"{V1}/scenes/{quote(scene)}/xyz", placed)

        return await context.tiles.run(look)

    @router.get("/scenes/{scene}/xyz/{z}/{x}/{y}.png", response_class=Response, responses=picture)
    async def scene_tile(
        scene: str, z: int, x: int, y: int, bands: Bands = "", stretch: StretchName = "auto"
    ) -> Response:
        """A tile of a scene in the web's map (EPSG:3857)."""

        def draw() -> bytes:
            opened = context.scenes.open(scene).scene
            shown = context.pictures.of(opened, bands, stretch)

            def read(box: Box, shape: tuple[int, int]) -> np.ndarray:
                opaque = np.where(opened.valid(box, shape), 255, 0).astype(np.uint8)
                return np.dstack([shown.read_rgb(box, shape), opaque])

            return MapLayer(opened.width, opened.height, opened.crs, opened.transform).tile(read, z, x, y)

        return _tile(await context.tiles.run(draw), ASKED_AGAIN)

    @router.get("/answers/{answer}/layers/{layer}/tiles.json", responses=errors)
    async def mask_layer(answer: str, layer: str, request: Request) -> TileJSON:
        """A topic's mask, or the distance band, as a layer."""

        def look() -> TileJSON:
            place = place_of(context, answer)
            shown, _ = _layer_of(place, layer)
            with opened_masks(place / MASKS) as masks:
                placed = MapLayer(masks.width, masks.height, masks.crs, masks.transform)
            return _layer(
                request, shown, f"{V1}/answers/{quote(answer)}/layers/{quote(layer, safe='')}/xyz", placed
            )

        return await context.tiles.run(look)

    @router.get(
        "/answers/{answer}/layers/{layer}/xyz/{z}/{x}/{y}.png", response_class=Response, responses=picture
    )
    async def mask_tile(answer: str, layer: str, z: int, x: int, y: int) -> Response:
        """A tile of a topic's mask in its colour, in the web's map (EPSG:3857)."""

        def draw() -> bytes:
            place = place_of(context, answer)
            _, colour = _layer_of(place, layer)
            with opened_masks(place / MASKS) as masks:
                band = mask_band(masks, layer)

                def read(box: Box, shape: tuple[int, int]) -> np.ndarray:
                    x0, y0, x1, y1 = box
                    (h, w), window = shape, ((y0, y1), (x0, x1))
                    samples = min(y1 - y0, h * _OVERSAMPLED), min(x1 - x0, w * _OVERSAMPLED)
                    mask = masks.read(band, window=window, out_shape=samples) * np.uint8(255)
                    tile = np.empty((h, w, 4), np.uint8)
                    tile[..., :3] = rgb(colour)
                    tile[..., 3] = cv2.resize(mask, (w, h), interpolation=cv2.INTER_AREA)
                    return tile

                return MapLayer(masks.width, masks.height, masks.crs, masks.transform).tile(read, z, x, y)

        return _tile(await context.tiles.run(draw), {"Cache-Control": "private, max-age=3600"})

    def _layer(request: Request, name: str, path: str, placed: MapLayer) -> TileJSON:
        least, most = placed.zooms()
        bounds = placed.bounds()
        middle = [*placed.centre(), least]
        tiles = f"{context.address(request)}{path}/{{z}}/{{x}}/{{y}}.png"
        return TileJSON(
            name=name, tiles=[tiles], minzoom=least, maxzoom=most, bounds=list(bounds), center=middle
        )

    def _tile(content: bytes, kept: dict[str, str]) -> Response:
        open_to_others = {"Cross-Origin-Resource-Policy": "cross-origin"} if context.embedded else {}
        return Response(content, media_type="image/png", headers={**kept, **open_to_others})

    return router


def _layer_of(place: Path, name: str) -> tuple[str, str]:
    """What a layer is called, and its colour.

    Raises:
        Refused: this answer has no such mask.
    """
    view = json.loads((place / VIEW).read_text(encoding="utf-8"))
    for layer in view["layers"]:
        if layer["name"] == name and layer["role"] in ("topic", "band"):
            return layer["shown"], layer["colour"]
    raise HTTPError(404, "This answer has no such mask; its view lists the layers there are.")
