"""What a job of the standard gives: an output itself, several as parts of one reply, or one document."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

from fastapi import Response
from fastapi.responses import JSONResponse

from planimeter.answer.writer import FILES
from planimeter.serve.ask.old_paths import V1
from planimeter.serve.ogc.messages import OutputWanted
from planimeter.serve.ogc.process import OUTPUTS

_FILES = {"answer": FILES["answer"], "shapes": FILES["shapes"]}
_NOTHING = '{"type": "FeatureCollection", "features": []}'


def results(place: Path, address: str, wanted: dict[str, OutputWanted], response: str) -> Response:
    """The reply that holds a job's outputs.

    Args:
        place: the answer's folder.
        address: of the server.
        wanted: output → how it is wanted.
        response: "raw" or "document".
    """
    references = {name: how.transmissionMode == "reference" for name, how in wanted.items()}
    links = {name: f"{address}{V1}/answers/{place.name}{OUTPUTS[name][1]}" for name in wanted}
    if response == "document":
        return JSONResponse(
            {
                name: {"href": links[name], "type": OUTPUTS[name][0]}
                if references[name]
                else {"value": json.loads(_content(place, name)), "mediaType": OUTPUTS[name][0]}
                for name in wanted
            }
        )
    if all(references.values()):
        said = ", ".join(f'<{links[name]}>; rel="{name}"; type="{OUTPUTS[name][0]}"' for name in wanted)
        return Response(status_code=204, headers={"Link": said})
    if len(wanted) == 1:
        (name,) = wanted
        return Response(_content(place, name), media_type=OUTPUTS[name][0])
    boundary = secrets.token_hex(16)
    parts = []
    for name in wanted:
        head = f"--{boundary}\r\nContent-Type: {OUTPUTS[name][0]}\r\nContent-ID: <{name}>\r\n"
        if references[name]:
            parts.append(f"{head}Content-Location: {links[name]}\r\n\r\n\r\n")
        else:
            parts.append(f"{head}\r\n{_content(place, name)}\r\n")
    whole = "".join(parts) + f"--{boundary}--\r\n"
    return Response(whole, headers={"Content-Type": f'multipart/related; boundary="{boundary}"'})


def _content(place: Path, name: str) -> str:
    """An output as text; an answer that counted nothing has no shapes."""
    file = place / _FILES[name]
    return file.read_text(encoding="utf-8") if file.is_file() else _NOTHING
