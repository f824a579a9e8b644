"""/layers and areas of interest: parts of a scene that questions are asked of."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from starlette.datastructures import UploadFile

from planimeter.errors import LabelError, UsageError
from planimeter.serve.ask.context import Context
from planimeter.serve.ask.layers import LayerFile, about_layer
from planimeter.serve.ask.outlines import hectares_of, outline_features
from planimeter.serve.ask.part_messages import (
    LAYER_AREA,
    AreaReply,
    AreaRequest,
    FieldReply,
    LayerList,
    LayerReply,
)
from planimeter.serve.ask.scenes import Listed
from planimeter.serve.ask.uploads import safe_name
from planimeter.serve.ask.wording import page_sentence
from planimeter.serve.forms import read_form
from planimeter.serve.http_errors import HTTPError
from planimeter.serve.replies import documented
from planimeter.spatial.area import is_written, read_area
from planimeter.spatial.zones import read_zones

FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["scene", "file"],
                    "properties": {
                        "scene": {
                            "type": "string",
                            "description": "the scene that the layer lies on: its id",
                        },
                        "file": {
                            "type": "string",
                            "format": "binary",
                            "description": "polygons as GeoJSON, GeoPackage, KML, or a zip of one or of a shapefile",
                        },
                    },
                }
            }
        },
    }
}
_COLLECTION = {
    "content": {"application/geo+json": {"schema": {"type": "object", "required": ["type", "features"]}}}
}


def layer_routes(context: Context) -> APIRouter:
    """The routes of layers and areas."""
    router = APIRouter(tags=["layers"])
    scenes, layers, bounds = context.scenes, context.layers, context.bounds

    @router.post(
        "/layers", status_code=201, openapi_extra=FORM, responses=documented(404, 408, 415, 503, 507)
    )
    async def add_layer(request: Request) -> LayerReply:
        """Add polygons to a scene, for areas of interest and zones; the same file gives the same layer."""
        async with context.uploads.one():
            form = await read_form(request, bounds.upload_seconds, fields=2, files=1)
            try:
                file, scene = form.get("file"), form.get("scene")
                if not isinstance(file, UploadFile) or not isinstance(scene, str):
                    raise HTTPError(
                        400, "Send the scene's id as `scene` and the polygons as the file `file`."
                    )
                name = safe_name(file.filename)
                return await asyncio.to_thread(lambda: _reply(_added(scene, file, name)))
            finally:
                await form.close()

    @router.get("/scenes/{scene}/layers", responses=documented(404, 503))
    def list_layers(scene: str) -> LayerList:
        """The layers of polygons of a scene: uploads, and its own maps."""
        found = []
        for layer in layers.of(scenes.find(scene)):
            try:
                found.append(_reply(layer))
            except (LabelError, OSError):  # a map of lines, or one that cannot be read
                continue
        return LayerList(layers=found)

    @router.delete("/scenes/{scene}/layers/{layer}", status_code=204, responses=documented(404))
    def remove_layer(scene: str, layer: str) -> Response:
        """Take an uploaded layer away; answers that rest on it stay."""
        found = layers.find(scenes.find(scene), layer)
        if found.origin != "upload":
            raise HTTPError(403, "This layer is one of the scene's own maps; only uploads can be deleted.")
        context.store.remove("layers", layer)
        return Response(status_code=204)

    @router.get(
        "/scenes/{scene}/layers/{layer}/outlines.geojson",
        response_class=Response,
        responses={**documented(404, 413, 503, plain=True), 200: _COLLECTION},
    )
    async def outlines(
        scene: str,
        layer: str,
        name: str | None = Query(None, max_length=200, description="attribute with names"),
    ) -> Response:
        """A layer as zones of its scene: their outlines in pixels, each with its name as `zone`."""

        def draw() -> dict[str, Any]:
            file = layers.zones(scenes.find(scene), layer)
            zones = read_zones(str(file.path), name, scenes.open(scene).scene)
            return outline_features(zones.geometry, [{"role": "zone", "zone": each} for each in zones.names])

        return JSONResponse(await context.files.run(draw), media_type="application/geo+json")

    @router.post("/scenes/{scene}/area", responses=documented(404, 503))
    async def lay_area(scene: str, request: AreaRequest) -> AreaReply:
        """Lay an area of interest on a scene: its size and outline, or why it cannot be."""

        def laid() -> AreaReply:
            opened = scenes.open(scene)
            image = opened.scene if request.gsd is None else opened.scene.with_gsd(request.gsd, "user")
            area = read_area(wanted_area(context, opened.listed, request.area), image)
            return AreaReply(
                name=area.name,
                pixels=int((area.runs.stop - area.runs.start).sum()),
                hectares=hectares_of(area, image),
                notes=[page_sentence(note) for note in area.notes],
                outline=outline_features([area.geometry], [{"role": "area"}]),
            )

        return await context.files.run(laid)

    def _added(scene: str, file: UploadFile, name: str) -> LayerFile:
        opened = scenes.open(scene)
        return layers.add(opened.listed, opened.scene, file.file, name)

    def _reply(layer: LayerFile) -> LayerReply:
        about = about_layer(layer.path, layers.most)
        return LayerReply(
            id=layer.id,
            name=layer.name,
            origin="map" if layer.origin == "map" else "upload",
            features=about.features,
            fields=[
                FieldReply(name=each.name, samples=list(each.samples), different=each.different)
                for each in about.fields
            ],
            likely=about.likely,
            zones=about.features <= layers.most,
        )

    return router


def wanted_area(context: Context, listed: Listed, area: str) -> str:
    """An area of a request as ``read_area`` takes it: written out, or the file of a layer of the scene.

    Raises:
        Refused: the scene has no such layer.
        UsageError: it is neither.
    """
    if area.startswith(LAYER_AREA):
        return str(context.layers.find(listed, area.removeprefix(LAYER_AREA)).path)
    if not is_written(area):
        raise UsageError("The area is neither a box nor WKT: write it x0,y0,x1,y1, or POLYGON((…)).")
    return area
