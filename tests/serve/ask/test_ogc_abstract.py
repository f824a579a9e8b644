"""The abstract tests of OGC API – Processes, Part 1: Core (18-062r2, annex A), by their ids."""

from __future__ import annotations

import email
import email.policy
import inspect
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jsonschema_rs
import pytest
from tests.serve.ask import ogc_schemas as schemas
from tests.serve.ask.conftest import COUNT
from tests.serve.ask.correcting import WRONG, drawn
from tests.serve.ask.processes import ASYNC, NONE, REL, execute, refused, valid
from tests.serve.ask.test_jobs import until

SPEC = "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/"
SKY = "Why is the sky blue?"
WATER = "What percentage of the image is water?"
REFERENCE = {"shapes": {"transmissionMode": "reference"}}
Check = Callable[[Any], object]
RUN_HERE: dict[str, Check] = {}

#: Id → why it is not run; docs/api.md says the same.
NOT_RUN = {
    "/conf/core/job-creation-input-array": "no input of the process takes more than one value",
    "/conf/core/job-creation-input-inline-binary": "no input of the process is binary",
    "/conf/core/job-creation-input-inline-bbox": "no input of the process is a box of this kind; `area` is text",
}


def runs(*names: str) -> Callable[[Check], Check]:
    """Says which abstract tests a function carries out."""

    def register(check: Check) -> Check:
        RUN_HERE.update(dict.fromkeys(names, check))
        return check

    return register


@pytest.mark.parametrize("name", RUN_HERE | NOT_RUN)
def test_every_abstract_test_is_run_or_named_in_the_docs(name):
    told = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
    room, _, last = name.removeprefix("/conf/").rpartition("/")
    section = told.split("### Abstract tests")[1]
    line = next(each for each in section.splitlines() if each.startswith(f"| {room} |"))
    _, _, run, not_run, _ = line.split("|")
    assert f"`{last}`" in (run if name in RUN_HERE else not_run)


def links_of(said: dict) -> dict[str, str]:
    return {link["rel"]: link["href"] for link in said["links"]}


def described(served) -> dict:
    """Every process of the list by its own address; there is one."""
    (process,) = served.get("/ogc/processes").json()["processes"]
    return valid(served.get(links_of(process)["self"]), schemas.PROCESS)


def finished(served, scene: str = "town/image.tif", **order) -> tuple[str, dict]:
    """The address and the state of a job that succeeded."""
    here = execute(served, scene, headers=ASYNC, **order).headers["location"]
    until(lambda: served.get(here).json()["status"] == "successful")
    return here, valid(served.get(here), schemas.STATUS_INFO)


def parts_of(reply) -> dict[str, Any]:
    """Content-ID → part of a reply of several."""
    head = f"Content-Type: {reply.headers['content-type']}\r\n\r\n".encode()
    whole = email.message_from_bytes(head + reply.content, policy=email.policy.HTTP)
    return {part["Content-ID"].strip("<>"): part for part in whole.iter_parts()}


def parameter(served, path: str, name: str) -> dict:
    """A query parameter as the API definition has it, without the null of one that may be left out."""
    found = served.get("/openapi.json").json()["paths"][path]["get"]["parameters"]
    said = next(each for each in found if (each["name"], each["in"]) == (name, "query"))
    assert not said["required"]
    kinds = [kind for kind in said["schema"].get("anyOf", [said["schema"]]) if kind.get("type") != "null"]
    assert len(kinds) == 1
    return kinds[0]


@runs("/conf/core/landingpage-op", "/conf/core/landingpage-success")
def landing_page(served):
    links = links_of(valid(served.get("/ogc"), schemas.LANDING_PAGE))
    assert {"service-desc", f"{REL}conformance", f"{REL}processes", f"{REL}job-list"} <= set(links)


@runs("/conf/core/api-definition-op", "/conf/core/api-definition-success")
def api_definition(served):
    link = next(link for link in served.get("/ogc").json()["links"] if link["rel"] == "service-desc")
    reply = served.get(link["href"])
    assert reply.status_code == 200
    assert reply.json()["openapi"].startswith("3.1")
    assert link["type"].endswith("version=3.1")
    assert {"/v1/ogc", "/v1/ogc/processes/{process}/execution"} <= set(reply.json()["paths"])


@runs("/conf/core/conformance-op", "/conf/core/conformance-success")
def conformance(served):
    link = links_of(served.get("/ogc").json())[f"{REL}conformance"]
    assert link.endswith("/conformance")
    classes = valid(served.get(link), schemas.CONFORMANCE)["conformsTo"]
    assert {name.removeprefix(SPEC) for name in classes} == {
        "core",
        "json",
        "ogc-process-description",
        "job-list",
        "dismiss",
    }


@runs("/conf/core/http")
def http(served):
    for path in ("/ogc", "/ogc/conformance", "/ogc/processes", "/ogc/processes/ask", "/ogc/jobs"):
        reply = served.get(path)
        assert (reply.status_code, reply.http_version) == (200, "HTTP/1.1")
        assert served.http.head(path).headers["content-type"] == reply.headers["content-type"]
        assert served.http.put(path).status_code == 405
    assert served.get("/ogc/nothing").status_code == 404


@runs("/conf/core/process-list", "/conf/core/process-list-success")
def process_list(served):
    (process,) = valid(served.get("/ogc/processes"), schemas.PROCESS_LIST)["processes"]
    assert process["id"] == "ask"


@runs("/conf/core/pl-limit-definition")
def process_list_limit(served):
    said = parameter(served, "/v1/ogc/processes", "limit")
    assert (said["type"], said["minimum"]) == ("integer", 1)
    assert said["minimum"] <= said["default"] <= said["maximum"]


@runs("/conf/core/pl-limit-response")
def process_list_limit_response(served):
    for limit in (1, 100):
        assert len(served.get(f"/ogc/processes?limit={limit}").json()["processes"]) <= limit
    assert served.get("/ogc/processes?limit=0").status_code in (400, 422)


@runs("/conf/core/pl-links")
def process_list_links(served):
    assert links_of(served.get("/ogc/processes").json())["self"].endswith("/v1/ogc/processes")


@runs("/conf/core/process", "/conf/core/process-success")
def process(served):
    said = described(served)
    assert said["id"] == "ask"
    assert served.get("/ogc/processes/ask").json() == said


@runs("/conf/core/process-exception-no-such-process")
def no_such_process(served):
    refused(served.get("/ogc/processes/nothing"), 404, f"{NONE}no-such-process")


@runs("/conf/core/job-creation-op", "/conf/core/job-creation-request", "/conf/core/job-creation-inputs")
def job_creation(served):
    where = links_of(described(served))[f"{REL}execute"]
    assert where.endswith("/processes/ask/execution")
    inputs = {"scene": served.scene("town/image.tif"), "question": COUNT}
    for body in (
        {"inputs": inputs},
        {"inputs": inputs, "response": "document"},
        {"inputs": inputs, "outputs": {"answer": {"transmissionMode": "value"}}, "response": "raw"},
    ):
        assert served.post(where, json=body).status_code == 200


@runs("/conf/core/job-creation-auto-execution-mode")
def auto_execution_mode(served):
    assert {"sync-execute", "async-execute"} <= set(described(served)["jobControlOptions"])
    reply = execute(served, "town/image.tif", headers=ASYNC)
    assert (reply.status_code, reply.headers["preference-applied"]) == (201, "respond-async")
    reply = execute(served, "town/image.tif", headers={"Prefer": "respond-sync"}, outputs={"answer": {}})
    assert reply.status_code == 200


@runs("/conf/core/job-creation-default-execution-mode")
def default_execution_mode(served):
    assert execute(served, "town/image.tif", outputs={"answer": {}}).status_code == 200


@runs("/conf/core/job-creation-input-inline")
def inline(served):
    town = served.scene("town/image.tif")
    assert execute(served, "plain.png", SKY, inputs={"question": COUNT, "scene": town}).status_code == 200


@runs("/conf/core/job-creation-input-inline-object")
def inline_object(served, place):
    edits = {"value": drawn(("roof", "remove", WRONG))}
    reply = execute(served, "town/image.tif", inputs={"corrections": edits}, outputs={"answer": {}})
    assert any(source["role"] == "corrections" for source in reply.json()["sources"])


@runs("/conf/core/job-creation-input-inline-mixed")
def inline_mixed(served):
    assert len(described(served)["inputs"]["gsd"]["schema"]["anyOf"]) == 2
    question = "What is the area of water, in m²?"
    for gsd in (2, {"value": 2}):
        reply = execute(served, "plain.png", question, inputs={"gsd": gsd}, outputs={"answer": {}})
        assert reply.json()["answer"] == 90 * 120 * 4
    refused(execute(served, "plain.png", question, inputs={"gsd": None}), 422)  # the other type: no scale


@runs("/conf/core/job-creation-input-ref")
def by_reference(served, place):
    for link in (f"data:text/plain,{quote(COUNT)}", f"data:application/json,{quote(json.dumps(COUNT))}"):
        inputs = {"question": {"href": link, "type": link[5:].split(",")[0]}}
        reply = execute(served, "town/image.tif", inputs=inputs, outputs={"answer": {}})
        assert reply.json()["answer"] == place.buildings


@runs("/conf/core/job-creation-input-validation")
def input_validation(served):
    for wrong in ({"question": 5}, {"other": 1}, {"gsd": "x"}, {"border": "x"}):
        refused(execute(served, "town/image.tif", inputs=wrong), 400)


@runs("/conf/core/job-creation-default-outputs")
def default_outputs(served):
    document = valid(execute(served, "town/image.tif", response="document"), schemas.RESULTS)
    assert set(document) == set(described(served)["outputs"])


@runs("/conf/core/job-creation-sync-raw-value-one")
def raw_one(served, place):
    reply = execute(served, "town/image.tif", outputs={"answer": {}}, response="raw")
    assert (reply.status_code, reply.headers["content-type"]) == (200, "application/json")
    jsonschema_rs.Draft202012Validator(described(served)["outputs"]["answer"]["schema"]).validate(
        reply.json()
    )
    assert reply.json()["answer"] == place.buildings


@runs("/conf/core/job-creation-sync-raw-value-multi")
def raw_several(served, place):
    reply = execute(served, "town/image.tif", response="raw")
    assert reply.headers["content-type"].startswith("multipart/related")
    assert set(parts_of(reply)) == {"answer", "shapes"}


@runs("/conf/core/job-creation-sync-raw-ref")
def raw_reference(served, place):
    reply = execute(served, "town/image.tif", outputs=REFERENCE, response="raw")
    assert (reply.status_code, reply.content) == (204, b"")
    assert len(served.get(reply.links["shapes"]["url"]).json()["features"]) == place.buildings


@runs("/conf/core/job-creation-sync-raw-mixed-multi")
def raw_mixed(served, place):
    reply = execute(served, "town/image.tif", outputs={"answer": {}, **REFERENCE}, response="raw")
    parts = parts_of(reply)
    assert json.loads(parts["answer"].get_payload(decode=True))["answer"] == place.buildings
    assert len(served.get(parts["shapes"]["Content-Location"]).json()["features"]) == place.buildings


@runs("/conf/core/job-creation-sync-document")
def document(served, place):
    said = valid(execute(served, "town/image.tif", response="document"), schemas.RESULTS)
    assert said["answer"]["value"]["answer"] == place.buildings


@runs("/conf/core/job-creation-success-async")
def asynchronous(served):
    reply = execute(served, "town/image.tif", headers=ASYNC)
    said = valid(reply, schemas.STATUS_INFO, 201)
    assert reply.headers["location"] == links_of(said)["self"]


@runs("/conf/core/job", "/conf/core/job-success")
def job(served):
    here, said = finished(served)
    assert here.endswith(f"/jobs/{said['jobID']}")
    moments = [datetime.fromisoformat(said[name]) for name in ("created", "started", "finished")]
    assert moments == sorted(moments)


@runs("/conf/core/job-exception-no-such-job")
def no_such_job(served):
    refused(served.get("/ogc/jobs/nothing-here"), 404, f"{NONE}no-such-job")


@runs("/conf/core/job-results", "/conf/core/job-results-async-document")
def results_document(served, place):
    here, said = finished(served, response="document")
    found = valid(served.get(links_of(said)[f"{REL}results"]), schemas.RESULTS)
    assert found == valid(served.get(f"{here}/results"), schemas.RESULTS)
    assert found["answer"]["value"]["answer"] == place.buildings


@runs("/conf/core/job-results-success-sync")
def monitored(served):
    reply = execute(served, "town/image.tif", outputs={"answer": {}})
    assert valid(served.get(reply.links["monitor"]["url"]), schemas.STATUS_INFO)["status"] == "successful"


@runs("/conf/core/job-results-async-raw-value-one")
def results_one(served, place):
    here, _ = finished(served, outputs={"answer": {}}, response="raw")
    assert served.get(f"{here}/results").json()["answer"] == place.buildings


@runs("/conf/core/job-results-async-raw-value-multi")
def results_several(served):
    here, _ = finished(served, response="raw")
    assert set(parts_of(served.get(f"{here}/results"))) == {"answer", "shapes"}


@runs("/conf/core/job-results-async-raw-ref")
def results_reference(served, place):
    here, _ = finished(served, outputs=REFERENCE, response="raw")
    reply = served.get(f"{here}/results")
    assert (reply.status_code, reply.content) == (204, b"")
    assert len(served.get(reply.links["shapes"]["url"]).json()["features"]) == place.buildings


@runs("/conf/core/job-results-async-raw-mixed-multi")
def results_mixed(served):
    here, _ = finished(served, outputs={"answer": {}, **REFERENCE}, response="raw")
    parts = parts_of(served.get(f"{here}/results"))
    assert served.get(parts["shapes"]["Content-Location"]).status_code == 200


@runs("/conf/core/job-results-exception-no-such-job")
def no_results_of_no_job(served):
    refused(served.get("/ogc/jobs/nothing-here/results"), 404, f"{NONE}no-such-job")


@runs("/conf/core/job-results-exception-results-not-ready")
def not_ready(slow):
    here = execute(slow, "plain.png", WATER, ASYNC).headers["location"]
    refused(slow.get(f"{here}/results"), 404, f"{NONE}result-not-ready")


@runs("/conf/core/job-results-failed")
def failed(served):
    here = execute(served, "town/image.tif", SKY, headers=ASYNC).headers["location"]
    until(lambda: served.get(here).json()["status"] == "failed")
    said = refused(served.get(f"{here}/results"), 422)
    assert (said["kind"], said["detail"]) == ("NotUnderstood", served.get(here).json()["message"])


@runs("/conf/json/definition")
def as_json(served):
    here, _ = finished(served)
    for path in ("/ogc", "/ogc/conformance", "/ogc/processes", "/ogc/processes/ask", "/ogc/jobs", here):
        reply = served.get(path, headers={"Accept": "application/json"})
        assert (reply.status_code, reply.headers["content-type"]) == (200, "application/json")
        assert isinstance(reply.json(), dict)


@runs("/conf/ogc-process-description/json-encoding")
def description_is_json(served):
    assert served.get("/ogc/processes/ask").headers["content-type"] == "application/json"
    described(served)


@runs("/conf/ogc-process-description/inputs-def", "/conf/ogc-process-description/input-def")
def described_inputs(served):
    inputs = described(served)["inputs"]
    assert {name for name, said in inputs.items() if said["minOccurs"] == 1} == {"scene", "question"}
    for said in inputs.values():
        jsonschema_rs.meta.validate(said["schema"])


@runs("/conf/ogc-process-description/input-mixed-type")
def mixed_inputs(served):
    mixed = [
        said["schema"]["anyOf"] for said in described(served)["inputs"].values() if "anyOf" in said["schema"]
    ]
    assert mixed
    for kind in (kind for kinds in mixed for kind in kinds):
        jsonschema_rs.meta.validate(kind)


@runs(
    "/conf/ogc-process-description/outputs-def",
    "/conf/ogc-process-description/output-def",
    "/conf/ogc-process-description/output-mixed-type",
)
def described_outputs(served):
    outputs = described(served)["outputs"]
    assert set(outputs) == {"answer", "shapes"}
    for said in outputs.values():
        jsonschema_rs.meta.validate(said["schema"])
    for kind in outputs["answer"]["schema"]["properties"]["answer"][
        "anyOf"
    ]:  # a number, a word, a table, a place
        jsonschema_rs.meta.validate(kind)


@runs("/conf/job-list/job-list-op", "/conf/job-list/job-list-success", "/conf/job-list/processID-mandatory")
def job_list(served):
    finished(served)
    jobs = valid(served.get("/ogc/jobs"), schemas.JOB_LIST)["jobs"]
    assert jobs
    assert {job["processID"] for job in jobs} == {"ask"}


@runs("/conf/job-list/links")
def job_list_links(served):
    for _ in range(2):
        finished(served)
    links = links_of(served.get("/ogc/jobs?limit=1").json())
    assert links["self"].endswith("/v1/ogc/jobs")
    assert len(valid(served.get(links["next"]), schemas.JOB_LIST)["jobs"]) == 1


@runs(
    "/conf/job-list/type-definition",
    "/conf/job-list/processID-definition",
    "/conf/job-list/status-definition",
    "/conf/job-list/datetime-definition",
    "/conf/job-list/duration-definition",
    "/conf/job-list/limit-definition",
)
def job_list_parameters(served):
    jobs = "/v1/ogc/jobs"
    for name, kind in (
        ("type", "string"),
        ("processID", "string"),
        ("minDuration", "integer"),
        ("maxDuration", "integer"),
    ):
        said = parameter(served, jobs, name)
        assert (said["type"], said["items"]["type"]) == ("array", kind), name
    said = parameter(served, jobs, "status")
    assert set(said["items"]["enum"]) == {"accepted", "running", "successful", "failed", "dismissed"}
    assert parameter(served, jobs, "datetime")["type"] == "string"
    limit = parameter(served, jobs, "limit")
    assert (limit["type"], limit["minimum"]) == ("integer", 1)


@runs("/conf/job-list/type-response", "/conf/job-list/processID-response", "/conf/job-list/status-response")
def job_list_filters(served):
    finished(served)
    for query in ("type=process", "processID=ask", "status=successful", "status=successful&status=failed"):
        jobs = valid(served.get(f"/ogc/jobs?{query}"), schemas.JOB_LIST)["jobs"]
        assert jobs
        for job in jobs:
            assert (job["type"], job["processID"]) == ("process", "ask")
            assert "status" not in query or job["status"] in query
    assert served.get("/ogc/jobs?processID=other").json()["jobs"] == []


@runs("/conf/job-list/datetime-response")
def job_list_times(served):
    _, said = finished(served)
    created = datetime.fromisoformat(said["created"])
    before, after = (created + timedelta(seconds=s) for s in (-1, 1))
    for interval, is_there in {
        f"{before.isoformat()}/{after.isoformat()}": True,
        f"{before.isoformat()}/..": True,
        f"../{before.isoformat()}": False,
        f"{after.isoformat()}/": False,
    }.items():
        jobs = served.get("/ogc/jobs", params={"datetime": interval, "limit": 1000}).json()["jobs"]
        assert (said["jobID"] in [job["jobID"] for job in jobs]) == is_there, interval


@runs("/conf/job-list/duration-response")
def job_list_durations(served):
    _, said = finished(served)
    took = datetime.fromisoformat(said["finished"]) - datetime.fromisoformat(said["started"])
    longer = int(took.total_seconds()) + 1
    for query, is_there in {f"maxDuration={longer}": True, f"minDuration={longer}": False}.items():
        jobs = served.get(f"/ogc/jobs?{query}&limit=1000").json()["jobs"]
        assert (said["jobID"] in [job["jobID"] for job in jobs]) == is_there, query


@runs("/conf/job-list/limit-response")
def job_list_limit(served):
    for _ in range(2):
        finished(served)
    assert len(served.get("/ogc/jobs?limit=1").json()["jobs"]) == 1


@runs("/conf/dismiss/job-dismiss-op", "/conf/dismiss/job-dismiss-success")
def dismiss(slow):
    here = execute(slow, "plain.png", WATER, ASYNC).headers["location"]
    assert valid(slow.http.delete(here), schemas.STATUS_INFO)["status"] == "dismissed"
    slow.still.gate.set()
    until(lambda: slow.get(f"{here}/results").status_code == 410)
    assert valid(slow.get(here), schemas.STATUS_INFO)["status"] == "dismissed"


@pytest.mark.parametrize("name", RUN_HERE)
def test_abstract(name, request):
    check = RUN_HERE[name]
    check(*map(request.getfixturevalue, inspect.signature(check).parameters))
