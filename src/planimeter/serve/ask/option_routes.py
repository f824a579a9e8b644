"""What the server offers, and how a page learns to know the token's holder."""

from __future__ import annotations

import hmac

from fastapi import APIRouter, Response

import planimeter
from planimeter.serve.ask.context import Context
from planimeter.serve.ask.messages import LONGEST_QUESTION, OptionsReply, TokenRequest
from planimeter.serve.guard import COOKIE, cookie_of
from planimeter.serve.http_errors import HTTPError
from planimeter.serve.replies import documented


def option_routes(context: Context, token: str | None) -> APIRouter:
    """The routes of choices and of the page's session."""
    router = APIRouter(tags=["options"])
    bounds = context.bounds

    @router.get("/options", responses=documented())
    def options() -> OptionsReply:
        """The segmenters and coders that may be chosen, and the limits."""
        return OptionsReply(
            version=planimeter.__version__,
            segmenters=[offered.name for offered in context.sources.segmenters],
            coders=list(context.sources.coders),
            upload_bytes=bounds.upload_bytes,
            pixels=bounds.pixels,
            answer_seconds=bounds.answer_seconds,
            question_characters=LONGEST_QUESTION,
        )

    @router.post("/session", status_code=204, responses=documented())
    def session(request: TokenRequest) -> Response:
        """Tell the server its token once; the page is known by a cookie from then on."""
        if token is None:
            return Response(status_code=204)
        if not hmac.compare_digest(request.token.strip().encode(), token.encode()):
            raise HTTPError(401, "This is not the server's token; ask whoever started it.")
        reply = Response(status_code=204)
        reply.set_cookie(COOKIE, cookie_of(token), httponly=True, samesite="strict", path="/")
        return reply

    return router
