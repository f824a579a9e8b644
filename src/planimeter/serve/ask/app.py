"""The application of the ask server.

GET  /                      the page
GET  /share/answer/ID       the page, with a preview of an answer in its head; /share/scene/ID of a scene
GET  /health, /metrics      for those who run it
GET  /v1/openapi.json       all that follows
GET  /v1/options            what may be chosen, and the limits
GET  /v1/scenes             what may be asked about; POST adds one
GET  /v1/scenes/ID          a scene; /tiles/Z/X/Y.png its picture
POST /v1/labels             what a label raster holds by a legend, before it is added with a scene
POST /v1/layers             polygons of a scene, for areas of interest and zones; /v1/scenes/ID/layers lists them
POST /v1/ask, /v1/run       a question, or a program → a job
GET  /v1/jobs/ID            how far it is; /events the same as server-sent events
GET  /v1/answers/ID         the answer; /overlay.png /shapes.geojson /shapes.gpkg /masks/TOPIC.png|tif /program
                            /trace /view /pixels.geojson /tiles/LAYER/Z/X/Y.png what it came from
POST /segment, GET /topics  the segmentation server
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from starlette.middleware.gzip import GZipMiddleware

import planimeter
from planimeter.serve.ask.answer_list import answer_list_routes
from planimeter.serve.ask.answer_routes import answer_routes
from planimeter.serve.ask.bounds import AskLimits
from planimeter.serve.ask.context import Context
from planimeter.serve.ask.folders import Folders
from planimeter.serve.ask.history_routes import history_routes
from planimeter.serve.ask.job_routes import job_routes
from planimeter.serve.ask.jobs import Jobs
from planimeter.serve.ask.label_routes import label_routes
from planimeter.serve.ask.layer_routes import layer_routes
from planimeter.serve.ask.map_routes import map_routes
from planimeter.serve.ask.old_paths import V1, OldPaths
from planimeter.serve.ask.option_routes import option_routes
from planimeter.serve.ask.page_routes import OPEN_PATHS, SECURITY_HEADERS, page_routes
from planimeter.serve.ask.scene_routes import scene_routes
from planimeter.serve.ask.scenes import Scenes
from planimeter.serve.ask.sources import Sources
from planimeter.serve.ask.store import AnswerStore
from planimeter.serve.ask.wording import page_error
from planimeter.serve.conditional import Conditional
from planimeter.serve.guard import Guard
from planimeter.serve.ogc.routes import ogc_routes
from planimeter.serve.openapi import describe
from planimeter.serve.replies import answer_errors
from planimeter.serve.segment.app import routes as segment_routes
from planimeter.serve.segment.limits import SegmentLimits
from planimeter.serve.segment.service import MaskService
from planimeter.serve.worker import QueueWorker

_SWEEP = 600.0  # seconds between looks for what has expired


def create_app(
    store: str | Path,
    *,
    folders: Sequence[str | Path] = (),
    sources: Sources | None = None,
    bounds: AskLimits | None = None,
    token: str | None = None,
    gsd: float | None = None,
    url: str | None = None,
    embedded: bool = False,
    bands: str | None = None,
    clouds: str | None = None,
) -> FastAPI:
    """The ask server's application.

    Args:
        store: folder for uploads and answers.
        folders: folders whose images may be opened.
        sources: segmenters and coders that may be chosen; None for the default segmenter and the built-in coder.
        bounds: what is accepted, kept and spent.
        token: what clients must send; None only where no other machine can ask.
        gsd: metres per pixel of pictures that do not say, when the request does not either.
        url: the address that people know the server by, for links to itself; None for the one they asked.
        embedded: whether pages of others may show tiles, for maps in notebooks.
        bands: which band is which, in files that do not say.
        clouds: "auto" or "none", of scenes that bring no mask of clouds; None for a product's own.

    Raises:
        UsageError: the store or a folder cannot be used.

    Example:
        >>> import tempfile
        >>> app = create_app(tempfile.mkdtemp())
        >>> [path for path in sorted(app.openapi()["paths"]) if path.startswith("/v1/scenes/{scene}")][:2]
        ['/v1/scenes/{scene}', '/v1/scenes/{scene}/area']
    """
    bounds, sources = bounds or AskLimits(), sources or Sources()
    kept = AnswerStore(Path(store), bounds.store_bytes, bounds.keep_seconds)
    scenes = Scenes(kept, Folders(folders), bounds, gsd, bands, clouds)
    jobs = Jobs(QueueWorker(bounds.waiting, bounds.at_once, "answer"), kept, bounds.remembered)
    context = Context(scenes, sources, kept, jobs, bounds, url, embedded)
    limits = SegmentLimits(bounds.upload_bytes, bounds.pixels, upload_seconds=bounds.upload_seconds)
    first = sources.segmenters[0]
    masks = MaskService(first.segmenter, limits, gsd, first.lock)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        sweeping = asyncio.create_task(_sweep_regularly(kept))
        yield
        sweeping.cancel()
        await asyncio.to_thread(jobs.worker.close)
        await asyncio.to_thread(masks.worker.close)

    # The interactive pages would load scripts from other hosts, so there are none; /v1/openapi.json is.
    app = FastAPI(
        title="Planimeter",
        summary="Ask a question of a satellite or aerial image, get a measured answer.",
        version=planimeter.__version__,
        openapi_url=f"{V1}/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=life,
    )
    app.add_middleware(OldPaths)
    app.add_middleware(Conditional)
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=5)
    app.add_middleware(
        Guard,
        token=token,
        upload_bytes=bounds.upload_bytes,
        metrics=masks.metrics,
        uploads=("/segment", f"{V1}/scenes", f"{V1}/labels", f"{V1}/layers", "/scenes"),
        open_paths=OPEN_PATHS,
        headers=SECURITY_HEADERS,
        words=page_error,
    )
    answer_errors(app, page_error)
    describe(app, token, OPEN_PATHS)
    app.state.context = context

    @app.get("/health")
    async def health() -> dict[str, Any]:
        """Whether the server is there, and how full its queue is."""
        return {"status": "ok", "pending": jobs.worker.pending, "capacity": jobs.worker.capacity}

    @app.get("/metrics", response_class=PlainTextResponse)
    def metrics() -> PlainTextResponse:
        """Figures in Prometheus' text format."""
        gauges = {
            "jobs": ("Questions worked on or waiting.", jobs.worker.pending),
            "jobs_capacity": ("Questions that may be worked on or wait.", jobs.worker.capacity),
            "store_bytes": ("Bytes of uploads and answers kept.", kept.used),
        }
        text = masks.metrics.text(masks.gauges() | gauges)
        return PlainTextResponse(text, media_type="text/plain; version=0.0.4; charset=utf-8")

    app.include_router(page_routes(context, token))
    for routes in (
        option_routes(context, token),
        scene_routes(context),
        label_routes(context),
        layer_routes(context),
        history_routes(context),
        job_routes(context),
        answer_list_routes(context),
        map_routes(context),
        ogc_routes(context),
        answer_routes(context),
    ):
        app.include_router(routes, prefix=V1)
    app.include_router(segment_routes(masks))
    return app


async def _sweep_regularly(store: AnswerStore) -> None:
    while True:
        await asyncio.sleep(_SWEEP)
        await asyncio.to_thread(store.sweep)
