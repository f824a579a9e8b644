"""Start a batch again and again and kill each process at a random moment; run by ``test_resume``.

    python killing.py KILLS SEED LIMIT arguments of planimeter, with OUT for the folder

The libraries are imported once, and each batch is a process of its own, forked from here. Prints one JSON object.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

import distributed  # noqa: F401  imported before forking
import pyarrow.parquet  # noqa: F401

import planimeter.cli.batch
import planimeter.scale.batch.run  # noqa: F401
from planimeter.cli import main


def started(arguments: list[str], out: Path) -> int:
    """Fork a process that runs the command; returns its id."""
    process = os.fork()
    if process:
        return process
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        code = 1
        try:
            main([str(out) if argument == "OUT" else argument for argument in arguments])
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        finally:
            os._exit(code)


def measured(out: Path) -> int:
    """How many scenes the ledger of a killed batch holds."""
    if not (out / "ledger.sqlite").exists():
        return 0
    with closing(sqlite3.connect(out / "ledger.sqlite")) as ledger:  # or it locks out the next batch
        try:
            return int(ledger.execute("SELECT count(*) FROM done").fetchone()[0])
        except sqlite3.OperationalError:  # killed before the table was made
            return 0


def ended(process: int, seconds: float) -> int | None:
    """The exit code of a process; None where it had to be killed after some seconds."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        done, status = os.waitpid(process, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    return None


def run(kills: int, seed: int, base: Path, arguments: list[str]) -> dict[str, object]:
    """Kill so many batches; batches that get to their end in spite of it give way to a new one."""
    chance = random.Random(seed)
    began = time.monotonic()
    calm = base / "calm"
    codes = {ended(started(arguments, calm), 1e9)}
    whole = time.monotonic() - began
    killed, number, seen = 0, 0, []
    while killed < kills:
        code = ended(started(arguments, base / f"out{number}"), chance.uniform(0, whole))
        if code is None:
            killed += 1
            seen.append(measured(base / f"out{number}"))
        else:
            codes.add(code)
            number += 1
    codes.add(ended(started(arguments, base / f"out{number}"), 1e9))
    return {"codes": sorted(map(str, codes)), "folders": number + 1, "measured": seen}


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:])))
