"""/labels: what a label raster holds by a legend, before it is added with a scene."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from fastapi import APIRouter, Request
from starlette.datastructures import UploadFile

from planimeter.segment import LabelSegmenter
from planimeter.serve.ask.context import Context
from planimeter.serve.ask.messages import LabelsReply, LabelsTopic
from planimeter.serve.ask.uploads import legend_of
from planimeter.serve.forms import read_form
from planimeter.serve.http_errors import HTTPError
from planimeter.serve.images import check_beginning, checked_scene
from planimeter.serve.replies import documented
from planimeter.vocabulary.topics import topic_words

_MOST_VALUES = 20
_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["labels", "legend"],
                    "properties": {
                        "labels": {
                            "type": "string",
                            "format": "binary",
                            "description": "a label raster, GeoTIFF or PNG",
                        },
                        "legend": {
                            "type": "string",
                            "description": "what its values mean: JSON, as file or text, or a shipped legend's name",
                        },
                    },
                }
            }
        },
    }
}


def label_routes(context: Context) -> APIRouter:
    """The route that looks at labels."""
    router = APIRouter(tags=["scenes"])
    bounds = context.bounds

    @router.post("/labels", openapi_extra=_FORM, responses=documented(408, 415, 503))
    async def look_at_labels(request: Request) -> LabelsReply:
        """Which share of a label raster's pixels each topic of a legend has; nothing of it is kept."""
        async with context.uploads.one():
            form = await read_form(request, bounds.upload_seconds, fields=2, files=2)
            try:
                labels, legend = form.get("labels"), form.get("legend") or None
                if not isinstance(labels, UploadFile) or legend is None:
                    raise HTTPError(400, "Send a label raster as the file `labels`, and its `legend`.")
                content = legend_of(legend)
                assert content is not None
                return await asyncio.to_thread(look_at, labels.file, content, bounds.pixels)
            finally:
                await form.close()

    return router


def look_at(labels: BinaryIO, legend: bytes | str, pixels: int) -> LabelsReply:
    """Which share of labels each topic of a legend has.

    Args:
        labels: an image file, seekable.
        legend: JSON, or a shipped legend's name.
        pixels: the largest raster that is taken.

    Raises:
        Refused: it is no image of a kind that is accepted, or too large.
        InputError: labels or legend cannot be read.
    """
    suffix = check_beginning(labels)
    with tempfile.TemporaryDirectory(prefix="planimeter-") as folder:
        file = Path(folder) / f"labels{suffix}"
        with file.open("wb") as copy:
            shutil.copyfileobj(labels, copy, 1 << 20)
        scene = checked_scene(file, None, pixels)
        if isinstance(legend, bytes):
            (Path(folder) / "legend.json").write_bytes(legend)
        segmenter = LabelSegmenter(file, legend if isinstance(legend, str) else Path(folder) / "legend.json")
        named = np.zeros(scene.shape, bool)
        topics = []
        for topic in segmenter.legend.topics:  # one by one: all masks at once would be many times the raster
            mask = segmenter.look(scene, [topic]).masks[topic]
            named |= mask
            topics.append(
                LabelsTopic(
                    topic=topic,
                    shown=topic_words(topic),
                    values=list(segmenter.legend.values[topic]),
                    colours=[f"#{colour:06X}" for colour in segmenter.legend.colours[topic]],
                    share=float(mask.mean()),
                )
            )
        rest = ~named
        values = (
            np.unique(scene.read(bands=(1,))[0][rest]) if scene.count == 1 and rest.any() else np.zeros(0)
        )
        return LabelsReply(
            width=scene.width,
            height=scene.height,
            topics=topics,
            unnamed=float(rest.mean()),
            unnamed_values=[int(value) for value in values[:_MOST_VALUES]],
        )
