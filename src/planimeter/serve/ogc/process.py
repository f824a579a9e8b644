"""The process "ask": its description is made from what POST /v1/ask takes, so that both take the same."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import Any
from urllib.parse import unquote_to_bytes

from pydantic import ValidationError

import planimeter
from planimeter.serve.ask.messages import AnswerReply, AskRequest
from planimeter.serve.http_errors import HTTPError
from planimeter.serve.ogc.messages import (
    ExecuteRequest,
    InputDescription,
    Link,
    OutputDescription,
    OutputWanted,
    ProcessDescription,
    ProcessSummary,
)

ASK = "ask"
EXCEPTIONS = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/"
CONFORMS_TO = [
    f"http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/{name}"
    for name in ("core", "ogc-process-description", "json", "job-list", "dismiss")
]
#: Output → its media type, and where the answer has it.
OUTPUTS = {"answer": ("application/json", ""), "shapes": ("application/geo+json", "/shapes.geojson")}
_REL = "http://www.opengis.net/def/rel/ogc/1.0/"


def standard_error(status: int, name: str, sentence: str) -> HTTPError:
    """A refusal that the standard has a name for."""
    refusal = HTTPError(status, sentence)
    refusal.reply = refusal.reply.model_copy(update={"type": EXCEPTIONS + name})
    return refusal


def relation(name: str) -> str:
    """The URI of a relation that the standard names."""
    return _REL + name


def summary(root: str) -> ProcessSummary:
    """What the process is.

    Args:
        root: the address that everything of the standard lies below.
    """
    return ProcessSummary(
        id=ASK,
        version=planimeter.__version__,
        title="Ask a question of a scene",
        description="Answers a question in English about a satellite or aerial image with a measured number, table, "
        "list or place, and the shapes that were counted.",
        keywords=["segmentation", "measurement", "visual question answering"],
        jobControlOptions=["sync-execute", "async-execute", "dismiss"],
        outputTransmission=["value", "reference"],
        links=[
            Link(
                href=f"{root}/processes/{ASK}",
                rel="self",
                type="application/json",
                title="the process described",
            ),
            Link(
                href=f"{root}/processes/{ASK}/execution",
                rel=relation("execute"),
                type="application/json",
                title="where to send what it should do",
            ),
        ],
    )


def description(root: str) -> ProcessDescription:
    """What the process is, takes and gives.

    Args:
        root: the address that everything of the standard lies below.
    """
    taken = AskRequest.model_json_schema()
    # Given to whoever refers to them, so that each schema can be read by itself.
    defined = {"$defs": taken["$defs"]}
    inputs = {
        name: InputDescription(
            title=said.pop("title", name),
            description=said.pop("description", name),
            minOccurs=int(name in taken["required"]),
            schema=said | defined if "$ref" in json.dumps(said) else said,
        )
        for name, said in taken["properties"].items()
    }
    outputs = {
        "answer": OutputDescription(
            title="Answer",
            description="the answer with its type, unit, reading, program, cautions and sources",
            schema={**AnswerReply.model_json_schema(), "contentMediaType": OUTPUTS["answer"][0]},
        ),
        "shapes": OutputDescription(
            title="Shapes",
            description="the shapes behind the answer, in longitude and latitude where the scene has a CRS, else in "
            "pixels; an empty collection where nothing was counted",
            schema={
                "type": "object",
                "format": "geojson-feature-collection",
                "contentMediaType": OUTPUTS["shapes"][0],
            },
        ),
    }
    return ProcessDescription(**summary(root).model_dump(), inputs=inputs, outputs=outputs)


def order_of(request: ExecuteRequest) -> AskRequest:
    """The question in an execute request.

    Raises:
        Refused: the inputs are not those that are described.
    """
    inputs = {name: _value(name, given) for name, given in request.inputs.items()}
    try:
        return AskRequest.model_validate(inputs)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        shown = where[:80] if where.isprintable() else "?"
        raise HTTPError(
            400, f"The input {shown} is wrong: {first['msg']}; the process's description lists what it takes."
        ) from None


def wanted_outputs(request: ExecuteRequest) -> dict[str, OutputWanted]:
    """Which outputs are wanted, and how.

    Raises:
        Refused: one of them is none of the process.
    """
    wanted = {name: OutputWanted() for name in OUTPUTS} if not request.outputs else request.outputs
    if not set(wanted) <= set(OUTPUTS):
        raise HTTPError(400, f"The process has no such output; choose {' and '.join(OUTPUTS)}.")
    return wanted


def _value(name: str, given: Any) -> Any:
    if not isinstance(given, dict):
        return given
    try:
        return given["value"] if "value" in given else _referenced(str(given["href"]))
    except (KeyError, ValueError, RecursionError):
        shown = name[:80] if name.isprintable() else "?"
        raise HTTPError(
            400,
            f'The input {shown} is no value; send values themselves, objects as {{"value": …}}, or data: URLs: this '
            "server opens no other addresses.",
        ) from None


def _referenced(address: str) -> Any:
    """What a data: URL (RFC 2397) holds; JSON as its value, else text.

    Raises:
        ValueError: it is none.

    Example:
        >>> _referenced("data:text/plain;base64,SG93IG1hbnk/"), _referenced("data:application/geo+json,%5B1%5D")
        ('How many?', [1])
    """
    head, comma, body = address.partition(",")
    kind, *more = head.lower().split(";")
    if not comma or not kind.startswith("data:"):
        raise ValueError(address)
    content = unquote_to_bytes(body)
    text = (b64decode(content, validate=True) if "base64" in more else content).decode("utf-8")
    return json.loads(text) if kind.endswith(("/json", "+json")) else text
