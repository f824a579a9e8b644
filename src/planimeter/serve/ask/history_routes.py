"""/scenes/ID/history: what was asked of a scene, for the page."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, BaseModel, Field

from planimeter.serve.ask.context import Context
from planimeter.serve.ask.history import history_csv
from planimeter.serve.ask.names import attachment, plain_name
from planimeter.serve.replies import documented
from planimeter.serve.times import time_of

_MOST = 500  # answers that a page lists


class HistoryEntry(BaseModel):
    """One answer of a scene."""

    id: str = Field(description="of the answer")
    asked: AwareDatetime
    question: str = Field(description="empty of a program")
    text: str = Field(description="the answer as people write it; of a table how many rows it has")
    value: float | int | str | None = Field(description="null of a table, list or place")
    unit: str | None
    type: str
    reading: str
    order: dict[str, Any] = Field(description="what was asked, with area, zones and earlier scene")


class HistoryList(BaseModel):
    """What was asked of a scene, the latest first."""

    total: int
    history: list[HistoryEntry]


def history_routes(context: Context) -> APIRouter:
    """The routes of histories."""
    router = APIRouter(tags=["scenes"])

    @router.get("/scenes/{scene}/history", responses=documented(404, 503))
    def show_history(scene: str) -> HistoryList:
        """What was asked of a scene and answered, the latest first, as long as the answers are kept."""
        found = context.history.of(context.scenes.find(scene).id)
        entries = [
            HistoryEntry.model_validate({**asdict(each), "asked": time_of(each.asked)})
            for each in found[:_MOST]
        ]
        return HistoryList(total=len(found), history=entries)

    @router.get(
        "/scenes/{scene}/history.csv",
        response_class=Response,
        responses={
            **documented(404, 503, plain=True),
            200: {"content": {"text/csv": {"schema": {"type": "string"}}}},
        },
    )
    def history_table(scene: str) -> Response:
        """The same as CSV, all of it."""
        listed = context.scenes.find(scene)
        name = f"{plain_name(listed.name)}_history.csv"
        headers = {"Content-Disposition": attachment(name)}
        return Response(history_csv(context.history.of(listed.id)), media_type="text/csv", headers=headers)

    return router
