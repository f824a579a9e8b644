"""/answers: the answer and everything it came from."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse, PlainTextResponse

from planimeter.answer.writer import FILES
from planimeter.errors import SceneError
from planimeter.serve.ask.context import Context
from planimeter.serve.ask.correction_files import CORRECTIONS, PIXEL_CORRECTIONS
from planimeter.serve.ask.evidence_files import BAND, MASKS, NOT_SURE_MASK, OUTLINES, PIXEL_SHAPES, VIEW
from planimeter.serve.ask.mask_files import MASK_SHAPES, SHAPES, labels_zip, mask_file, mask_shapes
from planimeter.serve.ask.messages import AnswerReply, CallReply, ViewReply
from planimeter.serve.ask.names import archive_name, attachment
from planimeter.serve.ask.scene_routes import PICTURE
from planimeter.serve.ask.tiles import mask_tile, opened_masks
from planimeter.serve.http_errors import HTTPError
from planimeter.serve.replies import documented

_COLLECTION = {"type": "object", "required": ["type", "features"]}
_NO_ANSWER = "There is no such answer, or it has expired; ask again with POST /v1/ask."
_WRITTEN_ANEW = (
    "The files of {} were written anew since this was measured: what is drawn may not fit the picture; "
    "ask again."
)
_FOREVER = {"Cache-Control": "private, max-age=86400, immutable"}  # an answer never changes


def _content(media: str, schema: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"content": {media: {"schema": schema or {"type": "string", "format": "binary"}}}}


def answer_routes(context: Context) -> APIRouter:
    """The routes of finished answers."""
    router = APIRouter(prefix="/answers/{answer}", tags=["answers"])
    errors = documented(404, 409, 503, 504)
    plain = documented(404, 409, 503, 504, plain=True)
    geojson_reply = {**plain, 200: _content("application/geo+json", _COLLECTION)}
    geopackage_reply = {**plain, 200: _content("application/geopackage+sqlite3")}

    @router.get("", responses={**errors, 200: {"model": AnswerReply}})
    def show_answer(answer: str) -> Response:
        """The answer: the fields that `planimeter ask --json` prints. A job that failed gives its error."""
        return _json(_place(answer) / FILES["answer"])

    @router.delete("", status_code=204, responses=documented(404))
    def delete_answer(answer: str) -> Response:
        """Take an answer away, with everything behind it."""
        if not context.store.remove("answers", answer):
            raise HTTPError(404, _NO_ANSWER)
        return Response(status_code=204)

    @router.get("/view", responses={**errors, 200: {"model": ViewReply}})
    def view(answer: str) -> Response:
        """How the answer is shown on its scene; says so where the scene's files were written anew since."""
        view = json.loads((_place(answer) / VIEW).read_text(encoding="utf-8"))
        measured = view.pop("files", None)
        try:
            now = context.scenes.find(view["scene"]).stamp()
        except (HTTPError, SceneError):  # gone, which the page says itself
            now = measured
        if measured is not None and now != measured:
            view["cautions"].insert(0, _WRITTEN_ANEW.format(view["scene_name"]))
        return Response(json.dumps(view, ensure_ascii=False), media_type="application/json")

    @router.get("/trace", responses={**errors, 200: {"model": list[CallReply]}})
    def trace(answer: str) -> Response:
        """Every call of the program, in order."""
        return _json(_place(answer) / FILES["trace"])

    @router.get("/program", response_class=PlainTextResponse, responses=plain)
    def program(answer: str) -> PlainTextResponse:
        """The program that computed the answer, as Python text."""
        return PlainTextResponse((_place(answer) / FILES["program"]).read_text(encoding="utf-8"))

    @router.get("/overlay.png", response_class=FileResponse, responses={**plain, 200: PICTURE})
    def overlay(answer: str) -> FileResponse:
        """The answer drawn on its scene."""
        return _file(_place(answer) / FILES["overlay"], "image/png", FILES["overlay"])

    @router.get(
        "/shapes.geojson",
        response_class=FileResponse,
        responses=geojson_reply,
    )
    def geojson(answer: str) -> FileResponse:
        """The shapes behind the answer, in longitude and latitude where the scene has a CRS, else in pixels."""
        return _file(_place(answer) / FILES["shapes"], "application/geo+json", FILES["shapes"])

    @router.get(
        "/shapes.gpkg",
        response_class=FileResponse,
        responses=geopackage_reply,
    )
    def geopackage(answer: str) -> FileResponse:
        """The shapes behind the answer, in the scene's CRS."""
        return _file(
            _place(answer) / FILES["geopackage"], "application/geopackage+sqlite3", FILES["geopackage"]
        )

    @router.get("/zones.gpkg", response_class=FileResponse, responses=geopackage_reply)
    def zones(answer: str) -> FileResponse:
        """The zones of an answer with their values, in the scene's CRS; other answers have none."""
        return _file(_place(answer) / FILES["zones"], "application/geopackage+sqlite3", FILES["zones"])

    @router.get("/outlines.geojson", response_class=FileResponse, responses=geojson_reply)
    def outlines(answer: str) -> FileResponse:
        """The area of interest, or the zones with their rows in the table, in the scene's pixels."""
        return _file(_place(answer) / OUTLINES, "application/geo+json", None)

    @router.get("/corrections.geojson", response_class=FileResponse, responses=geojson_reply)
    def corrections(answer: str) -> FileResponse:
        """What a person corrected, in longitude and latitude where the scene has a CRS, else in pixels; for
        `planimeter ask --corrections`."""
        return _file(_place(answer) / CORRECTIONS, "application/geo+json", CORRECTIONS)

    @router.get("/corrections-pixels.geojson", response_class=FileResponse, responses=geojson_reply)
    def pixel_corrections(answer: str) -> FileResponse:
        """What a person corrected, in the scene's pixels; as `corrections` of POST /v1/ask."""
        return _file(_place(answer) / PIXEL_CORRECTIONS, "application/geo+json", None)

    @router.get("/answer.csv", response_class=FileResponse, responses={**plain, 200: _content("text/csv")})
    def table(answer: str) -> FileResponse:
        """The rows of an answer that is a table or a list; others have none."""
        return _file(_place(answer) / FILES["table"], "text/csv", FILES["table"])

    @router.get("/report.html", response_class=FileResponse, responses={**plain, 200: _content("text/html")})
    def report(answer: str) -> FileResponse:
        """The report, one file to print and keep; it comes as a download and runs no script."""
        return _file(_place(answer) / FILES["report"], "text/html", FILES["report"])

    @router.get(
        "/evidence.zip", response_class=Response, responses={**plain, 200: _content("application/zip")}
    )
    def evidence(answer: str) -> Response:
        """Every file of the evidence in one, masks as well, where a person corrected them also as polygons; its name
        says scene and question."""
        place, packed = _place(answer), io.BytesIO()
        view = json.loads((place / VIEW).read_text(encoding="utf-8"))
        called = archive_name(view["scene_name"], view.get("question", ""))
        with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
            for name in (*FILES.values(), MASKS, CORRECTIONS):
                if (place / name).is_file():
                    archive.write(place / name, f"{called}/{name}")
            if (place / CORRECTIONS).is_file():
                shapes = mask_shapes(place / MASKS, _topics(place), ".gpkg")
                archive.writestr(f"{called}/{MASK_SHAPES}", shapes)
        headers = {**_FOREVER, "Content-Disposition": attachment(f"{called}.zip")}
        return Response(packed.getvalue(), media_type="application/zip", headers=headers)

    @router.get(
        "/pixels.geojson",
        response_class=FileResponse,
        responses=geojson_reply,
    )
    def pixels(answer: str) -> FileResponse:
        """The shapes in the scene's pixels, with area and distance; none where there are very many."""
        return _file(_place(answer) / PIXEL_SHAPES, "application/geo+json", None)

    @router.get("/masks/{topic}.png", response_class=Response, responses={**plain, 200: PICTURE})
    async def mask_png(answer: str, topic: str) -> Response:
        """A topic's mask as a picture of 0 and 255."""
        return await context.files.run(lambda: _mask(answer, topic, ".png", "image/png"))

    @router.get(
        "/masks/{topic}.tif", response_class=Response, responses={**plain, 200: _content("image/tiff")}
    )
    async def mask_tif(answer: str, topic: str) -> Response:
        """A topic's mask as a GeoTIFF of 0 and 255, on the scene's grid."""
        return await context.files.run(lambda: _mask(answer, topic, ".tif", "image/tiff"))

    @router.get("/masks/{topic}.gpkg", response_class=Response, responses=geopackage_reply)
    async def mask_geopackage(answer: str, topic: str) -> Response:
        """A topic's mask as polygons, one for each connected region, in the scene's CRS."""
        return await context.files.run(lambda: _mask_shapes(answer, topic, ".gpkg"))

    @router.get("/masks/{topic}.geojson", response_class=Response, responses=geojson_reply)
    async def mask_geojson(answer: str, topic: str) -> Response:
        """A topic's mask as polygons in longitude and latitude where the scene has a CRS, else in pixels."""
        return await context.files.run(lambda: _mask_shapes(answer, topic, ".geojson"))

    @router.get("/labels.zip", response_class=Response, responses={**plain, 200: _content("application/zip")})
    async def labels(answer: str) -> Response:
        """The masks as label rasters with legends: to give back with the image, or as a sample for training."""

        def pack() -> Response:
            place = _place(answer)
            content = labels_zip(place / MASKS, _topics(place))
            headers = {**_FOREVER, "Content-Disposition": attachment("labels.zip")}
            return Response(content, media_type="application/zip", headers=headers)

        return await context.files.run(pack)

    @router.get("/tiles/{layer}/{z}/{x}/{y}.png", response_class=Response, responses={**plain, 200: PICTURE})
    async def tile(answer: str, layer: str, z: int, x: int, y: int) -> Response:
        """A tile of a topic's mask, or of the distance band, to lay over the scene's tile."""

        def draw() -> bytes:
            place = _place(answer)
            view = json.loads((place / VIEW).read_text(encoding="utf-8"))
            colours = {each["name"]: each["colour"] for each in view["layers"]}
            return mask_tile(place / MASKS, layer, colours.get(layer, ""), z, x, y)

        return Response(await context.tiles.run(draw), media_type="image/png", headers=_FOREVER)

    def _place(name: str) -> Path:
        return place_of(context, name)

    def _mask(name: str, topic: str, suffix: str, media: str) -> Response:
        content = mask_file(_place(name) / MASKS, topic, suffix)
        headers = {**_FOREVER, "Content-Disposition": attachment(f"{topic}{suffix}")}
        return Response(content, media_type=media, headers=headers)

    def _mask_shapes(name: str, topic: str, suffix: str) -> Response:
        content = mask_shapes(_place(name) / MASKS, [topic], suffix)
        headers = {**_FOREVER, "Content-Disposition": attachment(f"{topic}{suffix}")}
        return Response(content, media_type=SHAPES[suffix], headers=headers)

    return router


def place_of(context: Context, name: str) -> Path:
    """The folder of a finished answer.

    Raises:
        Refused: there is none, or not yet; or its job failed, and why.
    """
    job = context.jobs.find(name)
    was_over = job is None or job.is_over  # asked before the store is: it may finish in between
    place = context.store.find("answers", name)
    if place is not None:
        return place
    if job is not None and job.error is not None:
        raise HTTPError(job.status, job.error.error, reply=job.error)
    if not was_over:
        raise HTTPError(
            409, "This answer is not finished; follow /v1/jobs/ID until it is.", {"Retry-After": "1"}
        )
    raise HTTPError(404, _NO_ANSWER)


def _topics(place: Path) -> list[str]:
    """The topics of an answer's masks; none where it has no masks."""
    if not (place / MASKS).is_file():
        return []
    with opened_masks(place / MASKS) as masks:
        return [name for name in masks.descriptions if name != BAND and not name.startswith(NOT_SURE_MASK)]


def _json(file: Path) -> Response:
    return Response(file.read_bytes(), media_type="application/json")


def _file(file: Path, media: str, name: str | None) -> FileResponse:
    """A file to keep, or to look at where it has no name.

    Raises:
        Refused: this answer has none.
    """
    if not file.is_file():
        raise HTTPError(
            404,
            "This answer has no such file: nothing was counted or measured against, or it is no table.",
        )
    return FileResponse(file, media_type=media, filename=name, headers=_FOREVER)
