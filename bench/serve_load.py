"""A hundred clients ask the ask server for a minute; every answer has to arrive, and memory has to stay bounded.

python bench/serve_load.py --clients 100 --seconds 60            every question is computed
python bench/serve_load.py --clients 100 --seconds 60 --equal    equal questions are computed once, as servers do
"""

from __future__ import annotations

import argparse
import asyncio
import re
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

QUESTIONS = (
    "How many buildings are there?",
    "What percentage of the image is water?",
    "How many buildings are within 50 m of water?",
    "What is the total area of forest, in hectares?",
    "What is the average distance from buildings to the nearest road?",
)
_POLL = 0.5  # seconds between looks at a job
_MOST_TRIES = 5


@dataclass
class Tally:
    """What came of all requests."""

    seconds: list[float] = field(default_factory=list)
    turned_away: int = 0
    failed: int = 0
    wrong: int = 0
    reconnected: int = 0


async def patient(
    http: httpx.AsyncClient, tally: Tally, method: str, path: str, **options: object
) -> httpx.Response:
    """A request, sent again when an idle connection was closed meanwhile, as every client library does."""
    for _ in range(_MOST_TRIES):
        try:
            return await http.request(method, path, **options)
        except httpx.TransportError:
            tally.reconnected += 1
    raise SystemExit("The server cannot be reached any more; see what it printed.")


async def client(
    http: httpx.AsyncClient, scene: str, until: float, first: int, right: dict, tally: Tally, equal: bool
) -> None:
    """Ask one question after another; wait where the server says so."""
    number = first
    while time.monotonic() < until:
        question = QUESTIONS[number % len(QUESTIONS)]
        number += 1
        started = time.monotonic()
        anew = {} if equal else {"Cache-Control": "no-cache"}
        order = {"scene": scene, "question": question}
        sent = await patient(http, tally, "POST", "/v1/ask", json=order, headers=anew)
        if sent.status_code == 503:
            tally.turned_away += 1
            await asyncio.sleep(float(sent.headers["retry-after"]))
            continue
        job = sent.json()["id"]
        while (await patient(http, tally, "GET", f"/v1/jobs/{job}")).json()["state"] not in (
            "done",
            "failed",
        ):
            await asyncio.sleep(_POLL)
        reply = await patient(http, tally, "GET", f"/v1/answers/{job}")
        if reply.status_code != 200:
            tally.failed += 1
            continue
        tally.seconds.append(time.monotonic() - started)
        tally.wrong += reply.json()["answer"] != right.setdefault(question, reply.json()["answer"])


def peak_mib(process: int) -> float:
    """Most memory a process ever held, in MiB (Linux)."""
    status = Path(f"/proc/{process}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found.group(1)) / 1024 if found else float("nan")


async def load(url: str, clients: int, seconds: float, equal: bool) -> tuple[Tally, float]:
    """Ask from many clients; what came of it, and how long it took until the last answer was there."""
    limits = httpx.Limits(max_connections=clients + 10, max_keepalive_connections=clients + 10)
    async with httpx.AsyncClient(base_url=url, timeout=300, limits=limits, trust_env=False) as http:
        scene = (await http.get("/v1/scenes")).json()["scenes"][0]["id"]
        tally, right = Tally(), {}
        started = time.monotonic()
        until = started + seconds
        await asyncio.gather(
            *(client(http, scene, until, first, right, tally, equal) for first in range(clients))
        )
        return tally, time.monotonic() - started


def main() -> int:
    """Start a server, load it, print what came of it; 0 when no answer was lost."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clients", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--size", type=int, default=512, help="pixels a side of the scene")
    parser.add_argument("--equal", action="store_true", help="let equal questions be computed once")
    options = parser.parse_args()
    planimeter = [sys.executable, "-u", "-m", "planimeter"]
    with tempfile.TemporaryDirectory() as folder:
        world = [
            *planimeter,
            "world",
            "--out",
            f"{folder}/scenes/town",
            "--seed",
            "1",
            "--size",
            str(options.size),
        ]
        subprocess.run(world, check=True, capture_output=True)
        serve = [
            *planimeter,
            "serve",
            "--folder",
            f"{folder}/scenes",
            "--store",
            f"{folder}/store",
            "--port",
            "0",
        ]
        server = subprocess.Popen(serve, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            found = re.search(r"http://\S+", server.stdout.readline())
            assert found is not None
            tally, took = asyncio.run(load(found.group(), options.clients, options.seconds, options.equal))
            memory = peak_mib(server.pid)
        finally:
            server.terminate()
            server.wait(30)
    ordered = sorted(tally.seconds)
    print(f"clients            {options.clients}")
    print(f"answers            {len(ordered)} in {took:.0f} s, {len(ordered) / took:.2f} per second")
    print(f"lost               {tally.failed}")
    print(f"different          {tally.wrong}")
    print(f"told to come back  {tally.turned_away}")
    print(f"reconnected        {tally.reconnected}")
    if ordered:
        late = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
        print(f"seconds to answer  median {statistics.median(ordered):.1f}, 95 % within {late:.1f}")
    print(f"peak memory        {memory:.0f} MiB")
    return 1 if tally.failed or tally.wrong or not ordered else 0


if __name__ == "__main__":
    sys.exit(main())
