"""The routes of the segmentation server.

POST /segment   an image and topics, as multipart form → a mask per topic
GET  /topics    what may be asked for
GET  /health    whether it is there
GET  /metrics   figures for Prometheus
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

import cv2
import numpy as np
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse, PlainTextResponse
from starlette.datastructures import FormData, UploadFile

import planimeter
from planimeter.segment import Segmenter
from planimeter.segment.rle import decode
from planimeter.serve.forms import read_form
from planimeter.serve.guard import OPEN_TO_ALL, Guard
from planimeter.serve.http_errors import HTTPError
from planimeter.serve.openapi import describe
from planimeter.serve.replies import answer_errors, documented
from planimeter.serve.segment.cache import Finished
from planimeter.serve.segment.limits import SegmentLimits
from planimeter.serve.segment.service import VALID, MaskService
from planimeter.vocabulary.topics import canonical

FORMATS = ("rle", "png")
_MOST_TOPICS = 100

_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["image", "topics"],
                    "properties": {
                        "image": {"type": "string", "format": "binary"},
                        "topics": {
                            "type": "string",
                            "description": "separated by commas, or given repeatedly",
                        },
                        "gsd": {"type": "number", "description": "metres per pixel of a plain picture"},
                        "format": {"type": "string", "enum": list(FORMATS), "default": "rle"},
                    },
                }
            }
        },
    }
}


def create_app(
    segmenter: Segmenter,
    limits: SegmentLimits | None = None,
    token: str | None = None,
    gsd: float | None = None,
) -> FastAPI:
    """The server's application.

    Args:
        segmenter: makes the masks.
        limits: what is accepted and kept.
        token: what clients must send; None only where no other machine can ask.
        gsd: metres per pixel of pictures that do not say, when the request does not either.

    Example:
        >>> from planimeter.segment import VectorSegmenter
        >>> app = create_app(VectorSegmenter("water", "lakes.gpkg"))
        >>> sorted(app.openapi()["paths"])
        ['/health', '/metrics', '/segment', '/topics']
    """
    service = MaskService(segmenter, limits or SegmentLimits(), gsd)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        yield
        await asyncio.to_thread(service.worker.close)

    # The interactive pages would load scripts from other hosts, so there are none; /openapi.json is.
    app = FastAPI(
        title="Planimeter segmentation server",
        version=planimeter.__version__,
        docs_url=None,
        redoc_url=None,
        lifespan=life,
    )
    app.add_middleware(Guard, token=token, upload_bytes=service.limits.upload_bytes, metrics=service.metrics)
    answer_errors(app)
    describe(app, token, OPEN_TO_ALL)
    app.include_router(routes(service))

    @app.get("/health")
    async def health() -> dict[str, Any]:
        """Whether the server is there, and how full its queue is."""
        return {"status": "ok", "pending": service.worker.pending, "capacity": service.worker.capacity}

    @app.get("/metrics", response_class=PlainTextResponse)
    async def metrics() -> PlainTextResponse:
        """Figures in Prometheus' text format."""
        return PlainTextResponse(
            service.metrics.text(service.gauges()), media_type="text/plain; version=0.0.4; charset=utf-8"
        )

    return app


def routes(service: MaskService) -> APIRouter:
    """``/topics`` and ``/segment``, for whatever application serves masks."""
    router = APIRouter(tags=["segment"])
    segmenter = service.segmenter

    @router.get("/topics", responses=documented())
    def topics() -> dict[str, Any]:
        """What may be asked for, and the limits."""
        return {
            "topics": list(segmenter.topics),
            "segmenter": segmenter.name,
            "fingerprint": service.fingerprint,
            "formats": list(FORMATS),
            "upload_bytes": service.limits.upload_bytes,
            "pixels": service.limits.pixels,
        }

    @router.post("/segment", openapi_extra=_FORM, responses=documented(408, 415, 503))
    async def segment(request: Request) -> JSONResponse:
        """One mask per topic: COCO RLE, or PNG (0 and 255) as base64."""
        with service.upload_slot():
            form = await read_form(request, service.limits.upload_seconds, _MOST_TOPICS + 2)
        try:
            asked = _asked(form)
        except HTTPError:
            await form.close()
            raise
        # Work on the file may outlive this request, so it is closed with that work.
        files = [value.file for _, value in form.multi_items() if isinstance(value, UploadFile)]
        found, cached = await service.finished(
            asked.image, asked.gsd, asked.topics, lambda: [file.close() for file in files]
        )
        about = {"segmenter": segmenter.name, "fingerprint": service.fingerprint, "from_cache": list(cached)}
        return JSONResponse(about | await asyncio.to_thread(_reply, found, asked))

    return router


@dataclass(frozen=True)
class _Asked:
    image: BinaryIO
    topics: tuple[str, ...]
    gsd: float | None
    format: str


def _asked(form: FormData) -> _Asked:
    """A request's form, checked.

    Raises:
        Refused: it is not what is expected.
    """
    image = form.get("image")
    if not isinstance(image, UploadFile):
        raise HTTPError(400, "There is no image; send it as the file `image` of a multipart form.")
    words = [
        word.strip()
        for field in form.getlist("topics")
        if isinstance(field, str)
        for word in field.split(",")
        if word.strip()
    ]
    if not words or len(words) > _MOST_TOPICS:
        raise HTTPError(
            400, "Name what to look for in the form's `topics`, such as roof,water; GET /topics lists them."
        )
    gsd, form_of_masks = form.get("gsd") or None, form.get("format") or "rle"
    if form_of_masks not in FORMATS:
        raise HTTPError(
            400, f"Masks come as {' or '.join(FORMATS)}; put one of these into the form's `format`."
        )
    try:
        metres = None if gsd is None else float(str(gsd))
    except ValueError:
        raise HTTPError(400, "The form's `gsd` is no number; write metres per pixel, such as 0.5.") from None
    topics = tuple(dict.fromkeys(canonical(word) or word for word in words))
    return _Asked(image.file, topics, metres, str(form_of_masks))


def _reply(found: dict[str, Finished], asked: _Asked) -> dict[str, Any]:
    height, width = found[VALID].size
    return {
        "width": width,
        "height": height,
        "format": asked.format,
        "masks": {topic: _shown(found[topic], asked.format) for topic in asked.topics},
        "valid": None if found[VALID].counts is None else _shown(found[VALID], asked.format),
        "cautions": {topic: list(found[topic].cautions) for topic in asked.topics},
        "warnings": list(found[VALID].cautions),
    }


def _shown(finished: Finished, form: str) -> dict[str, Any] | str:
    rle = {"size": list(finished.size), "counts": finished.counts}
    if form == "rle":
        return rle
    mask = decode(rle, finished.size)
    return base64.b64encode(cv2.imencode(".png", mask.astype(np.uint8) * 255)[1].tobytes()).decode("ascii")
