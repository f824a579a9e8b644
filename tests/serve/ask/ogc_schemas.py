"""The schemas of OGC API – Processes, Part 1: Core, version 1.0 (18-062r2), written down from the standard's text."""

from __future__ import annotations

from typing import Any

TEXT = {"type": "string"}
MOMENT = {"type": "string", "format": "date-time"}


def thing(required: list[str], **properties: Any) -> dict[str, Any]:
    """An object."""
    return {"type": "object", "required": required, "properties": properties}


def many(items: Any) -> dict[str, Any]:
    """An array."""
    return {"type": "array", "items": items}


LINK = thing(["href"], href=TEXT, rel=TEXT, type=TEXT, hreflang=TEXT, title=TEXT)
LANDING_PAGE = thing(["links"], title=TEXT, description=TEXT, links=many(LINK))
CONFORMANCE = thing(["conformsTo"], conformsTo=many(TEXT))
_DESCRIBED = {
    "title": TEXT,
    "description": TEXT,
    "keywords": many(TEXT),
    "metadata": many({"type": "object"}),
}
_SUMMARY = {
    **_DESCRIBED,
    "id": TEXT,
    "version": TEXT,
    "jobControlOptions": many({"enum": ["sync-execute", "async-execute", "dismiss"]}),
    "outputTransmission": many({"enum": ["value", "reference"]}),
    "links": many(LINK),
}
SUMMARY = thing(["id", "version"], **_SUMMARY)
PROCESS_LIST = thing(["processes", "links"], processes=many(SUMMARY), links=many(LINK))
_SCHEMA = {"$ref": "https://json-schema.org/draft/2020-12/schema"}
_INPUT = thing(
    ["schema"],
    **_DESCRIBED,
    minOccurs={"type": "integer", "minimum": 0},
    maxOccurs={"oneOf": [{"type": "integer"}, {"const": "unbounded"}]},
    schema=_SCHEMA,
)
_OUTPUT = thing(["schema"], **_DESCRIBED, schema=_SCHEMA)
PROCESS = thing(
    ["id", "version"],
    **_SUMMARY,
    inputs={"type": "object", "additionalProperties": _INPUT},
    outputs={"type": "object", "additionalProperties": _OUTPUT},
)
STATUS_INFO = thing(
    ["jobID", "status", "type"],
    processID=TEXT,
    type={"const": "process"},
    jobID=TEXT,
    status={"enum": ["accepted", "running", "successful", "failed", "dismissed"]},
    message=TEXT,
    created=MOMENT,
    started=MOMENT,
    finished=MOMENT,
    updated=MOMENT,
    progress={"type": "integer", "minimum": 0, "maximum": 100},
    links=many(LINK),
)
JOB_LIST = thing(["jobs", "links"], jobs=many(STATUS_INFO), links=many(LINK))
_QUALIFIED = thing(["value"], value={}, mediaType=TEXT, encoding=TEXT, schema={"type": ["string", "object"]})
_INLINE = {"oneOf": [{"type": ["string", "number", "boolean", "array"]}, _QUALIFIED, LINK]}
RESULTS = {"type": "object", "additionalProperties": _INLINE}
EXCEPTION = thing(["type"], type=TEXT, title=TEXT, status={"type": "integer"}, detail=TEXT, instance=TEXT)
