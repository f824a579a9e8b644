"""/scenes: list them, add one, look at one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from planimeter.segment.base import with_composed
from planimeter.segment.legend import load_legend, shipped_legends
from planimeter.serve.ask.context import Context
from planimeter.serve.ask.examples import example_questions
from planimeter.serve.ask.messages import (
    LegendEntry,
    LegendList,
    LegendReply,
    PlaceReply,
    RenameRequest,
    SceneEntry,
    SceneList,
    SceneReply,
    SegmenterChoice,
)
from planimeter.serve.ask.old_paths import V1
from planimeter.serve.ask.pictures import StretchName, longitude_latitude, north_of, values_at
from planimeter.serve.ask.scenes import OpenedScene
from planimeter.serve.ask.sources import MAPS, Sources
from planimeter.serve.ask.tiles import SIDE, levels, scene_tile
from planimeter.serve.ask.uploads import FORM, MOST_FILES, keep_upload, read_upload, safe_name
from planimeter.serve.ask.wording import page_sentence
from planimeter.serve.forms import read_form
from planimeter.serve.http_errors import HTTPError
from planimeter.serve.paging import Cursor, Key, Limit, link_next, page_of
from planimeter.serve.replies import documented
from planimeter.serve.times import time_of
from planimeter.vocabulary.topics import topic_words

#: A scene's file may be written anew at any time: its pictures are asked for each time, and sent where they changed.
ASKED_AGAIN = {"Cache-Control": "private, no-cache"}
PICTURE = {"content": {"image/png": {"schema": {"type": "string", "format": "binary"}}}}
Bands = Annotated[str, Query(max_length=15, description="one or three bands by commas; none: the usual ones")]
_AT: dict[int | str, dict[str, Any]] = {
    201: {"headers": {"Location": {"description": "the scene's address", "schema": {"type": "string"}}}}
}


def scene_routes(context: Context) -> APIRouter:
    """The routes of scenes."""
    router = APIRouter(tags=["scenes"])
    scenes, bounds = context.scenes, context.bounds

    @router.get("/scenes", responses=documented(503))
    def list_scenes(
        request: Request, response: Response, limit: Limit = 100, cursor: Cursor = ""
    ) -> SceneList:
        """The scenes that may be asked about: uploads, the latest first, then images in allowed folders by name."""
        page, more = page_of(scenes.listed(), _order, cursor, limit)
        link_next(request, response, more)
        return SceneList(scenes=[_entry(*scene) for scene in page], next=more)

    @router.post(
        "/scenes", status_code=201, openapi_extra=FORM, responses=_AT | documented(408, 415, 503, 507)
    )
    async def add_scene(request: Request, response: Response) -> SceneReply:
        """Add a scene of your own, with its maps if you have them; the same files give the same scene."""
        async with context.uploads.one():
            form = await read_form(
                request, bounds.upload_seconds, fields=MOST_FILES + 2, files=MOST_FILES + 2
            )
            try:
                upload = await asyncio.to_thread(read_upload, form)
                name = await asyncio.to_thread(keep_upload, upload, context.store, bounds)
            finally:
                await form.close()
            response.headers["Location"] = f"{V1}/scenes/{name}"
            return await asyncio.to_thread(_opened, name)

    @router.get("/legends", responses=documented())
    def list_legends() -> LegendList:
        """The legends that may be named with an upload, and what they say."""
        return LegendList(legends=[_legend(name) for name in shipped_legends()])

    @router.patch("/scenes/{scene}", responses=documented(404, 415, 503))
    def rename_scene(scene: str, request: RenameRequest) -> SceneReply:
        """Give an upload another name."""
        scenes.rename(scene, safe_name(request.name))
        return _opened(scene)

    @router.delete("/scenes/{scene}", status_code=204, responses=documented(404, 503))
    def delete_scene(scene: str) -> Response:
        """Take an upload away; its answers stay until they expire."""
        scenes.remove(scene)
        return Response(status_code=204)

    @router.get("/scenes/{scene}/at", responses=documented(404, 415, 503))
    async def look_at(scene: str, x: float, y: float) -> PlaceReply:
        """Where a pixel of the scene lies on earth, and what its bands hold there."""

        def look() -> PlaceReply:
            opened = scenes.open(scene).scene
            if not (0 <= x < opened.width and 0 <= y < opened.height):
                raise HTTPError(
                    422, f"There is no such pixel; x is below {opened.width} and y below {opened.height}."
                )
            degrees = longitude_latitude(opened, x, y)
            return PlaceReply(
                longitude=degrees[0] if degrees else None,
                latitude=degrees[1] if degrees else None,
                values=values_at(opened, x, y),
            )

        return await context.tiles.run(look)

    @router.get("/scenes/{scene}", responses=documented(404, 415, 503))
    def show_scene(scene: str) -> SceneReply:
        """A scene's size, scale, topics and segmenters."""
        return _opened(scene)

    @router.get(
        "/scenes/{scene}/tiles/{z}/{x}/{y}.png",
        response_class=Response,
        responses={**documented(404, 415, 503, plain=True), 200: PICTURE},
    )
    async def tile(
        scene: str, z: int, x: int, y: int, bands: Bands = "", stretch: StretchName = "auto"
    ) -> Response:
        """A tile of the scene's picture, 256 pixels a side, in the scene's own pixels, rows downwards."""

        def draw() -> bytes:
            opened = scenes.open(scene).scene
            return scene_tile(opened, z, x, y, context.pictures.of(opened, bands, stretch))

        picture = await context.tiles.run(draw)
        return Response(picture, media_type="image/png", headers=ASKED_AGAIN)

    @router.get(
        "/scenes/{scene}/before/{earlier}/tiles/{z}/{x}/{y}.png",
        response_class=Response,
        responses={**documented(404, 415, 503, plain=True), 200: PICTURE},
    )
    async def earlier_tile(scene: str, earlier: str, z: int, x: int, y: int) -> Response:
        """A tile of an earlier scene's picture as it lies under the tile of this scene, for a swipe."""

        def draw() -> bytes:
            return context.pairs.tile(scenes.open(earlier).scene, scenes.open(scene).scene, z, x, y)

        picture = await context.tiles.run(draw)
        return Response(picture, media_type="image/png", headers=ASKED_AGAIN)

    def _opened(name: str) -> SceneReply:
        return scene_reply(scenes.open(name), context.sources)

    return router


def _order(scene: tuple[str, str, str, float | None]) -> Key:
    id, name, origin, added = scene
    return (0, -(added or 0.0), id) if origin == "upload" else (1, name, id)


def _entry(id: str, name: str, origin: str, added: float | None) -> SceneEntry:
    return SceneEntry(
        id=id, name=name, origin="folder" if origin == "folder" else "upload", added=time_of(added)
    )


def scene_reply(opened: OpenedScene, sources: Sources) -> SceneReply:
    """What is said of an opened scene."""
    listed, scene, scale = opened.listed, opened.scene, opened.scene.scale
    if opened.maps:
        topics: Sequence[str] = with_composed(topic for each in opened.maps for topic in each.topics)
    else:
        topics = sources.segmenters[0].topics()
    return SceneReply(
        **_entry(listed.id, listed.name, listed.origin, listed.added).model_dump(),
        width=scene.width,
        height=scene.height,
        bands=scene.count,
        crs=None if scene.crs is None else _short_crs(scene.crs),
        transform=None if scene.transform is None else list(scene.transform)[:6],
        north=north_of(scene),
        dtype=scene.dtype,
        display=list(scene.plan.display),
        palette=scene.plan.colors is not None,
        gsd=scale.gsd if scale else None,
        dx=scale.dx if scale else None,
        dy=scale.dy if scale else None,
        pixel_area=scale.gsd**2 if scale else None,
        scale_source=scale.source if scale else None,
        warnings=[page_sentence(sentence) for sentence in scene.warnings],
        topics=list(topics),
        segmenters=_choices(opened, sources),
        examples=example_questions(topics, scale is not None),
        tile_side=SIDE,
        levels=levels(scene.width, scene.height),
    )


def _legend(name: str) -> LegendReply:
    legend = load_legend(name)
    entries = [
        LegendEntry(
            topic=topic,
            shown=topic_words(topic),
            values=list(legend.values[topic]),
            colours=[f"#{colour:06X}" for colour in legend.colours[topic]],
        )
        for topic in legend.topics
    ]
    return LegendReply(name=name, entries=entries)


def _choices(opened: OpenedScene, sources: Sources) -> list[SegmenterChoice]:
    if not opened.maps:
        return [SegmenterChoice(name=offered.name, shown=offered.name) for offered in sources.segmenters]
    return [SegmenterChoice(name=MAPS, shown="the scene's own maps")] + [
        SegmenterChoice(name=offered.name, shown=f"its maps, {offered.name} for what they lack")
        for offered in sources.segmenters
    ]


def _short_crs(crs: object) -> str:
    """A CRS as people know it."""
    to_authority = getattr(crs, "to_authority", None)
    found = to_authority() if to_authority is not None else None
    return ":".join(found) if found else "a CRS of its own"
