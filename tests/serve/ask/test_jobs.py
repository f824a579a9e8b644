"""Jobs that end while somebody looks: nobody is told that there is none, and nobody misses the end."""

from __future__ import annotations

import asyncio
import threading
import time

from tests.serve.ask.conftest import Still

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
