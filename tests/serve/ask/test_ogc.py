"""OGC API – Processes, Part 1: Core, beyond its abstract tests (see test_ogc_abstract.py)."""

from __future__ import annotations

import email
import email.policy
import json
from datetime import UTC, datetime, timedelta

import jsonschema_rs
from tests.serve.ask import ogc_schemas as schemas
from tests.serve.ask.conftest import COUNT
from tests.serve.ask.processes import ASYNC, NONE, REL, RUN, execute, refused, valid
from tests.serve.ask.test_jobs import until


def test_all_is_found_from_the_landing_page(served):
    page = valid(served.get("/ogc"), schemas.LANDING_PAGE)
    links = {link["rel"]: link["href"] for link in page["links"]}
    assert served.get(links["service-desc"]).json()["openapi"].startswith("3.")
    classes = valid(served.get(links[f"{REL}conformance"]), schemas.CONFORMANCE)["conformsTo"]
    spec = "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/"
    assert set(classes) == {
        spec + name for name in ("core", "json", "ogc-process-description", "job-list", "dismiss")
    }
    (process,) = valid(served.get(links[f"{REL}processes"]), schemas.PROCESS_LIST)["processes"]
    itself = next(link["href"] for link in process["links"] if link["rel"] == "self")
    described = valid(served.get(itself), schemas.PROCESS)
    assert described["id"] == process["id"] == "ask"
    sent = next(link["href"] for link in described["links"] if link["rel"] == f"{REL}execute")
    inputs = {"scene": served.scene("town/image.tif"), "question": COUNT}
    assert served.post(sent, json={"inputs": inputs}).status_code == 200
    valid(served.get(links[f"{REL}job-list"]), schemas.JOB_LIST)
    assert valid(served.get("/ogc/"), schemas.LANDING_PAGE) == page


def test_the_description_takes_what_the_api_takes(served):
    described = served.get("/ogc/processes/ask").json()
    body = served.get("/openapi.json").json()["components"]["schemas"]["AskRequest"]
    assert set(described["inputs"]) == set(body["properties"])
    needed = {name for name, said in described["inputs"].items() if said["minOccurs"] == 1}
    assert needed == set(body["required"]) == {"scene", "question"}
    assert set(described["outputs"]) == {"answer", "shapes"}
    ring = [[0, 0], [9, 0], [9, 9], [0, 0]]
    feature = {
        "type": "Feature",
        "properties": {"topic": "roof", "action": "add"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    drawn = {"type": "FeatureCollection", "features": [feature]}
    taken = {"gsd": 0.5, "border": "exact", "corrections": drawn}
    for name, value in taken.items():  # each schema by itself, as clients take it
        schema = jsonschema_rs.Draft202012Validator(described["inputs"][name]["schema"])
        assert schema.is_valid(value), name
        assert not schema.is_valid({"type": "FeatureCollection"}), name


def test_a_question_is_answered_at_once(served, place):
    reply = execute(served, "town/image.tif", outputs={"answer": {}})  # raw, one output
    assert reply.headers["content-type"] == "application/json"
    assert reply.json()["answer"] == place.buildings
    document = valid(execute(served, "town/image.tif", response="document"), schemas.RESULTS)
    assert document["answer"]["value"]["answer"] == place.buildings
    shapes = document["shapes"]["value"]
    assert (shapes["type"], len(shapes["features"])) == ("FeatureCollection", place.buildings)
    described = served.get("/ogc/processes/ask").json()["outputs"]["answer"]["schema"]
    jsonschema_rs.Draft202012Validator(described).validate(document["answer"]["value"])


def test_several_raw_outputs_are_parts_of_one_reply(served, place):
    reply = execute(served, "town/image.tif")  # no outputs named: all of them
    head = f"Content-Type: {reply.headers['content-type']}\r\n\r\n"
    parts = list(
        email.message_from_bytes(head.encode() + reply.content, policy=email.policy.HTTP).iter_parts()
    )
    assert [part.get_content_type() for part in parts] == ["application/json", "application/geo+json"]
    assert [part["Content-ID"] for part in parts] == ["<answer>", "<shapes>"]
    assert json.loads(parts[0].get_payload(decode=True))["answer"] == place.buildings
    assert len(json.loads(parts[1].get_payload(decode=True))["features"]) == place.buildings


def test_outputs_come_as_references(served, place):
    by_reference = {"shapes": {"transmissionMode": "reference"}}
    reply = execute(served, "town/image.tif", outputs=by_reference)
    assert (reply.status_code, reply.content) == (204, b"")
    shapes = served.get(reply.links["shapes"]["url"]).json()
    assert len(shapes["features"]) == place.buildings
    document = valid(
        execute(served, "town/image.tif", outputs=by_reference, response="document"), schemas.RESULTS
    )
    assert served.get(document["shapes"]["href"]).json() == shapes


def test_a_job_is_followed_to_its_results(served, place):
    reply = execute(served, "town/image.tif", headers=ASYNC, response="document", outputs={"answer": {}})
    said = valid(reply, schemas.STATUS_INFO, 201)
    assert said["status"] in ("accepted", "running")
    assert reply.headers["preference-applied"] == "respond-async"
    here = reply.headers["location"]
    until(lambda: valid(served.get(here), schemas.STATUS_INFO)["status"] == "successful")
    done = served.get(here).json()
    assert (done["jobID"], done["progress"], done["processID"]) == (said["jobID"], 100, "ask")
    found = next(link["href"] for link in done["links"] if link["rel"] == f"{REL}results")
    document = valid(served.get(found), schemas.RESULTS)
    assert set(document) == {"answer"}
    assert document["answer"]["value"]["answer"] == place.buildings


def test_what_is_not_there_has_the_standards_names(served):
    refused(served.get("/ogc/processes/nothing"), 404, f"{NONE}no-such-process")
    refused(
        served.post("/ogc/processes/nothing/execution", json={"inputs": {}}), 404, f"{NONE}no-such-process"
    )
    for path in ("/ogc/jobs/nothing-here", "/ogc/jobs/nothing-here/results", "/ogc/jobs/..%2f..%2fetc"):
        reply = served.get(path)
        assert reply.status_code == 404
        assert "%2f" in path or reply.json()["type"] == f"{NONE}no-such-job"
    refused(served.http.delete("/ogc/jobs/nothing-here"), 404, f"{NONE}no-such-job")


def test_wrong_inputs_are_refused(served):
    scene = served.scene("town/image.tif")
    for inputs in (
        {},
        {"scene": scene},
        {"scene": scene, "question": COUNT, "other": 1},
        {"scene": scene, "question": 5},
        {"scene": scene, "question": COUNT, "gsd": "x"},
        {"scene": scene, "question": {"href": "http://127.0.0.1:9/x"}},
        {"scene": scene, "question": {"href": "data:text/plain"}},
        {"scene": scene, "question": {"href": "data:text/plain;base64,%%%"}},
        {"scene": scene, "question": {"href": "data:application/json," + "[" * 200_000}},
        {"scene": scene, "question": {"href": 5}},
        {"scene": {"href": "file:///etc/passwd"}, "question": COUNT},
        {"scene": scene, "question": [COUNT, COUNT]},
    ):
        refused(served.post(RUN, json={"inputs": inputs}), 400)
    refused(served.post(RUN, json={"inputs": {"scene": scene, "question": COUNT}, "outputs": {"x": {}}}), 400)
    refused(served.post(RUN, json={"inputs": {"scene": "f-none", "question": COUNT}}), 404)
    bare = {"type": "FeatureCollection", "features": []}
    said = served.post(RUN, json={"inputs": {"scene": scene, "question": COUNT, "corrections": bare}})
    assert 'objects as {"value": …}' in refused(said, 400)["detail"]
    qualified = {"scene": {"value": scene}, "question": {"value": COUNT}}
    assert served.post(RUN, json={"inputs": qualified}).status_code == 200
    for body in (b"[]", b"{", b'{"inputs": 5}', b'{"response": "x"}'):
        reply = served.post(RUN, content=body, headers={"Content-Type": "application/json"})
        assert reply.status_code in (400, 422)


def test_a_failed_job_gives_its_error(served):
    refused(execute(served, "town/image.tif", "Why is the sky blue?"), 422)
    reply = execute(served, "town/image.tif", "Why is the sky blue?", headers=ASYNC)
    here = reply.headers["location"]
    until(lambda: served.get(here).json()["status"] == "failed")
    said = valid(served.get(here), schemas.STATUS_INFO)
    error = next(link["href"] for link in said["links"] if link["rel"] == f"{REL}exceptions")
    assert refused(served.get(error), 422)["detail"] == said["message"]


def test_results_that_are_not_there_yet_say_so_and_jobs_are_dismissed(slow):
    here = execute(slow, "plain.png", "What percentage of the image is water?", ASYNC).headers["location"]
    until(lambda: valid(slow.get(here), schemas.STATUS_INFO)["status"] == "running")
    refused(slow.get(f"{here}/results"), 404, f"{NONE}result-not-ready")
    assert valid(slow.http.delete(here), schemas.STATUS_INFO)["status"] == "dismissed"
    assert valid(slow.get(here), schemas.STATUS_INFO)["status"] == "dismissed"
    assert slow.get(f"{here}/results").status_code == 410
    slow.still.gate.set()
    done = execute(slow, "town/image.tif", headers=ASYNC).headers["location"]
    until(lambda: slow.get(done).json()["status"] == "successful")
    assert valid(slow.http.delete(done), schemas.STATUS_INFO)["status"] == "dismissed"
    assert valid(slow.get(done), schemas.STATUS_INFO)["status"] == "dismissed"
    refused(slow.get(f"{done}/results"), 404, f"{NONE}no-such-job")


def test_what_takes_too_long_to_wait_for_goes_on_as_a_job(slow):
    said = refused(execute(slow, "plain.png", "What percentage of the image is water?"), 504)
    job = said["detail"].split("/v1/ogc/jobs/")[1].split(",")[0]
    slow.still.gate.set()
    until(lambda: slow.get(f"/ogc/jobs/{job}").json()["status"] == "successful")


def test_lists_of_jobs_are_filtered(start, place):
    asker = start(folders=[place.folder])
    good = execute(asker, "town/image.tif", headers=ASYNC).json()["jobID"]
    until(lambda: asker.get(f"/ogc/jobs/{good}").json()["status"] == "successful")
    bad = execute(asker, "town/image.tif", "Why is the sky blue?", ASYNC).json()["jobID"]
    until(lambda: asker.get(f"/ogc/jobs/{bad}").json()["status"] == "failed")
    asker.finish("/run", scene=asker.scene("plain.png"), program="answer = 1")  # is no job of this process

    def listed(**query) -> list[str]:
        said = valid(asker.get("/ogc/jobs", params=query), schemas.JOB_LIST)
        return [job["jobID"] for job in said["jobs"]]

    before, after = (datetime.now(UTC) + timedelta(hours=h) for h in (-1, 1))
    assert listed() == listed(type="process", processID="ask") == [bad, good]
    assert listed(type="wps") == listed(processID="other") == []
    assert listed(status="successful") == [good]
    assert listed(status=["failed", "successful"]) == [bad, good]
    assert listed(datetime=f"{before.isoformat()}/{after.isoformat()}") == [bad, good]
    assert listed(datetime=f"{before.isoformat()}/..") == [bad, good]
    assert listed(datetime=f"../{before.isoformat()}") == listed(datetime=f"{after.isoformat()}/") == []
    assert listed(minDuration=3600) == []
    assert listed(maxDuration=3600) == [bad, good]
    first = asker.get("/ogc/jobs?limit=1&status=failed&status=successful").json()
    following = next(link["href"] for link in first["links"] if link["rel"] == "next")
    assert [job["jobID"] for job in asker.get(following).json()["jobs"]] == [good]
    for query in ("datetime=x", "datetime=1/2/3", "limit=0", "status=x", "minDuration=-1", "cursor=x"):
        assert asker.get(f"/ogc/jobs?{query}").status_code in (400, 422), query
