"""What tests of OGC API – Processes share: replies checked against the standard's schemas."""

from __future__ import annotations

import jsonschema_rs
from tests.serve.ask import ogc_schemas as schemas
from tests.serve.ask.conftest import COUNT

ASYNC = {"Prefer": "respond-async"}
RUN = "/ogc/processes/ask/execution"
NONE = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/"
REL = "http://www.opengis.net/def/rel/ogc/1.0/"


def valid(reply, schema, status: int = 200):
    """A reply's JSON, once it is what the standard says."""
    assert reply.status_code == status, reply.text
    said = reply.json()
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    jsonschema_rs.Draft202012Validator(whole, validate_formats=True).validate(said)
    return said


def refused(reply, status: int, type: str = "about:blank"):
    said = valid(reply, schemas.EXCEPTION, status)
    assert (said["type"], said["status"]) == (type, status)
    assert said["detail"]
    return said


def execute(asker, scene: str, question: str = COUNT, headers=None, **more):
    inputs = {"scene": asker.scene(scene), "question": question, **more.pop("inputs", {})}
    return asker.post(RUN, json={"inputs": inputs, **more}, headers=headers)
