"""Jobs that end while somebody looks: nobody is told that there is none, and nobody misses the end."""

from __future__ import annotations

import asyncio
import threading
import time

from tests.serve.ask.conftest import Still

from planimeter.progress import with_progress
from planimeter.serve.ask import evidence_files
from planimeter.serve.ask.jobs import Jobs
from planimeter.serve.ask.sources import Sources
from planimeter.serve.worker import QueueWorker


def until(condition) -> None:
    give_up = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < give_up
        time.sleep(0.01)


def test_an_answer_that_comes_while_it_is_looked_for_is_not_missing(start, place, monkeypatch):
    still = Still()
    asker = start(folders=[place.folder], sources=Sources({"still": still}))
    context = asker.app.state.context
    still.gate.clear()
    order = {"scene": asker.scene("plain.png"), "question": "What percentage of the image is water?"}
    job = asker.post("/ask", json=order).json()["id"]
    find = context.store.find

    def slow(kind, name):
        """Looks, and comes back after the answer is there."""
        found = find(kind, name)
        if name == job:
            still.gate.set()
            until(lambda: context.jobs.find(job).is_over)
        return found

    monkeypatch.setattr(context.store, "find", slow)
    reply = asker.get(f"/answers/{job}")
    assert (reply.status_code, reply.headers["retry-after"]) == (409, "1")
    assert asker.get(f"/answers/{job}").json()["answer"] == 100


def test_whoever_follows_a_job_sees_its_end():
    jobs = Jobs(QueueWorker(waiting=1))
    begun, gate = threading.Event(), threading.Event()

    def work(job, tell):
        begun.set()
        assert gate.wait(20)

    async def follow() -> list[str]:
        seen = []
        job = jobs.submit("ask", "a-scene", work)
        assert await asyncio.to_thread(begun.wait, 20)
        async for state in jobs.follow(job):
            seen.append(state.state)
            if not gate.is_set():  # it ends while the first state is on its way
                gate.set()
                await asyncio.to_thread(until, lambda: jobs.find(job.id).is_over)
        return seen

    assert asyncio.run(follow()) == ["running", "done"]
    jobs.worker.close()


def test_a_waiting_job_is_cancelled_and_a_running_one_stops_at_its_next_part():
    jobs = Jobs(QueueWorker(waiting=2))
    gate, ended = threading.Event(), threading.Event()

    def long(job, tell):
        try:
            for _ in with_progress(range(10**9), 10**9, "counting"):
                gate.set()
        finally:
            ended.set()

    running, waiting = jobs.submit("ask", "a", long), jobs.submit("ask", "a", long)
    assert gate.wait(20)
    jobs.cancel(waiting)
    assert (waiting.state, waiting.error.kind, waiting.started) == ("failed", "Cancelled", None)
    jobs.cancel(running)
    assert ended.wait(20)
    until(lambda: jobs.worker.pending == 0)
    assert (running.state, running.status) == ("failed", 410)
    assert running.total is None
    jobs.worker.close()


def test_a_cancelled_program_leaves_its_sandbox(start, place):
    asker = start(folders=[place.folder], sources=Sources({"still": Still()}))
    order = {
        "scene": asker.scene("plain.png"),
        "program": "n = 0\nfor _ in range(10**12):\n    n += 1\nanswer = n\n",
    }
    job = asker.post("/run", json=order).json()["id"]
    until(lambda: asker.get(f"/jobs/{job}").json()["step"] == "running the program")
    assert asker.get(f"/jobs/{job}").json()["state"] == "running"
    reply = asker.http.delete(f"/jobs/{job}").json()
    assert (reply["state"], reply["error"]["kind"]) == ("failed", "Cancelled")
    until(lambda: asker.get(f"{asker.url}/health").json()["pending"] == 0)  # long before its time limit
    assert asker.get(f"/answers/{job}").status_code == 410
    assert asker.http.delete(f"/jobs/{job}").json()["state"] == "failed"
    assert asker.http.delete("/jobs/no-such-job").status_code == 404


def test_the_answer_is_told_before_its_evidence_is_there(start, place, monkeypatch):
    gate, write = threading.Event(), evidence_files.write_evidence
    monkeypatch.setattr(evidence_files, "write_evidence", lambda *args: (gate.wait(20), write(*args)))
    asker = start(folders=[place.folder], sources=Sources({"still": Still()}))
    question = "What percentage of the image is water?"
    job = asker.post("/ask", json={"scene": asker.scene("plain.png"), "question": question}).json()["id"]
    until(lambda: asker.get(f"/jobs/{job}").json()["state"] == "answered")
    early = asker.get(f"/jobs/{job}").json()["answer"]
    assert (early["answer"], early["text"], early["question"]) == (100, "100 %", question)
    assert early["warnings"] == ["Still waters are a guess."]
    assert asker.get(f"/answers/{job}").status_code == 409
    gate.set()
    until(lambda: asker.get(f"/jobs/{job}").json()["state"] == "done")
    assert asker.get(f"/jobs/{job}").json()["answer"] is None
    assert asker.get(f"/answers/{job}").json()["answer"] == 100
