"""/answers: what was answered, and is still kept."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from planimeter.answer.writer import FILES
from planimeter.serve.ask.context import Context
from planimeter.serve.ask.evidence_files import VIEW
from planimeter.serve.ask.messages import AnswerEntry, AnswerList
from planimeter.serve.paging import Cursor, Limit, link_next, page_of
from planimeter.serve.replies import documented
from planimeter.serve.times import time_of

_KEPT = 10_000


def answer_list_routes(context: Context) -> APIRouter:
    """The route of all answers."""
    router = APIRouter(tags=["answers"])

    @router.get("/answers", responses=documented())
    def list_answers(
        request: Request,
        response: Response,
        limit: Limit = 100,
        cursor: Cursor = "",
        scene: Annotated[str, Query(max_length=64, description="only those about this scene")] = "",
    ) -> AnswerList:
        """The answers that are kept, the latest first."""
        folder = context.store.folder / "answers"
        listed = [answer_entry(folder / name) for name in context.store.names("answers")]
        wanted = [entry for entry in listed if entry is not None and scene in ("", entry.scene)]
        page, more = page_of(wanted, lambda entry: (-entry.created.timestamp(), entry.id), cursor, limit)
        link_next(request, response, more)
        return AnswerList(answers=page, next=more)

    return router


def answer_entry(place: Path) -> AnswerEntry | None:
    """What a list says of an answer; None where it is gone. To look does not count as a use.

    Args:
        place: its folder.
    """
    try:
        return _entry(place, (place / VIEW).stat().st_mtime)
    except (OSError, ValueError, KeyError):
        return None


@lru_cache(maxsize=_KEPT)
def _entry(place: Path, written: float) -> AnswerEntry:
    view = json.loads((place / VIEW).read_text(encoding="utf-8"))
    answer = json.loads((place / FILES["answer"]).read_text(encoding="utf-8"))
    created = time_of(written)
    assert created is not None
    return AnswerEntry(
        id=place.name,
        kind=view["kind"],
        scene=view["scene"],
        scene_name=view["scene_name"],
        question=answer["question"],
        text=view["text"],
        created=created,
    )
