"""A real Dask scheduler with two worker processes: same tables, models loaded once, a killed worker is no loss."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from planimeter.errors import ModelError, UsageError
from planimeter.scale import cluster as clusters
from planimeter.scale.cluster import connect

from .asking import ask_all
from .conftest import make_land, tile_boxes, write_tiles

CLI = [sys.executable, "-m"]


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a scheduler with two workers, one of which says that it has a GPU."""
    import json

    folder = tmp_path_factory.mktemp("dask")
    file = folder / "scheduler.json"
    options = ["--scheduler-file", str(file), "--no-dashboard"]
    worker = [*CLI, "distributed.cli.dask_worker", *options, "--nthreads", "1", "--no-nanny"]
    commands = [
        [*CLI, "distributed.cli.dask_scheduler", *options, "--host", "127.0.0.1", "--port", "0"],
        [*worker, "--name", "plain"],
        [*worker, "--name", "gpu", "--resources", "GPU=1"],
    ]
    environment = {
        **os.environ,
        "OMP_NUM_THREADS": "1",
        "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
    }
    processes = []
    with (folder / "log.txt").open("w") as log:
        for command in commands:
            processes.append(
                subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT)
            )
            while not file.exists():  # workers read where the scheduler is
                assert processes[0].poll() is None, (folder / "log.txt").read_text()
                time.sleep(0.1)
        address = json.loads(file.read_text())["address"]
        from distributed import Client

        with Client(address, timeout=60) as client:
            client.wait_for_workers(2, timeout=120)
        yield address
        for process in reversed(processes):
            process.kill()
            process.wait()


def test_a_scheduler_gives_the_same_tables_as_this_machine(scheduler: str, tmp_path: Path) -> None:
    write_tiles(make_land(4), tmp_path / "in", tile_boxes(240, 240, 140, 40))
    make_land(5, 90, 90).write(tmp_path / "in", "zz_alone", georeferenced=False)
    question = "How many buildings are larger than 10 m²?"
    far = ask_all(question, tmp_path / "in", tmp_path / "far", workers=None, scheduler=scheduler, gsd=0.5)
    near = ask_all(question, tmp_path / "in", tmp_path / "near", gsd=0.5)
    assert far.answer == near.answer
    for name in ("scenes.csv", "units.csv", "shapes.parquet", "answer.json"):
        assert (tmp_path / "far" / name).read_bytes() == (tmp_path / "near" / name).read_bytes(), name


def test_a_model_is_loaded_once_in_every_worker(scheduler: str) -> None:
    def use_model(number: int) -> tuple[int, int]:
        from planimeter.scale.batch import maps

        if not hasattr(maps, "loaded"):
            maps.loaded = []  # type: ignore[attr-defined]
            maps.find_segmenter = maps.loaded.append  # type: ignore[assignment,attr-defined]
        maps.model("a model")
        time.sleep(0.05)
        return os.getpid(), len(maps.loaded)  # type: ignore[attr-defined]

    def forget(_: int) -> None:
        from planimeter.scale.batch import maps
        from planimeter.segment import find_segmenter

        maps.find_segmenter = find_segmenter  # type: ignore[attr-defined]
        maps._models.clear()
        del maps.loaded  # type: ignore[attr-defined]

    with connect(scheduler) as cluster:
        assert (cluster.workers, cluster.gpus) == (2, 1)
        found = [done.result for done in cluster.map(use_model, range(16))]
        assert len({process for process, _ in found}) == 2
        assert {loads for _, loads in found} == {1}
        cluster.client.run(forget, 0)


def test_work_with_a_model_goes_to_the_worker_with_a_gpu(scheduler: str) -> None:
    with connect(scheduler) as cluster:
        processes = {done.result for done in cluster.map(lambda _: os.getpid(), range(8), uses_model=True)}
    assert len(processes) == 1


def test_a_task_that_raises_takes_nobody_with_it(scheduler: str) -> None:
    with connect(scheduler) as cluster:
        done = {each.index: each for each in cluster.map(lambda number: 1 / number, [0, 1, 2])}
    assert isinstance(done[0].error, ZeroDivisionError)
    assert (done[1].result, done[2].result) == (1.0, 0.5)


def test_a_result_that_was_lost_after_it_was_told_of_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    class Again:
        """Told of as finished; its worker has died since, and another computes it."""

        status = "pending"

        def exception(self) -> None:
            return None

        def result(self) -> int:
            return 7

    with connect(workers=1) as cluster:
        monkeypatch.setattr(cluster, "submit", lambda *_, **__: Again())
        monkeypatch.setattr(cluster.client, "cancel", lambda _: None)
        monkeypatch.setattr("distributed.as_completed", lambda futures, **_: iter(futures))
        assert [(done.result, done.error) for done in cluster.map(abs, [-7])] == [(7, None)]


def test_a_scheduler_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "_CONNECT_SECONDS", 0.5)
    with pytest.raises(ModelError, match="dask scheduler"), connect("tcp://127.0.0.1:9"):
        pass
    with pytest.raises(UsageError, match="--workers"), connect("tcp://127.0.0.1:9", workers=2):
        pass


def test_a_worker_killed_in_the_middle_costs_no_result(scheduler: str, tmp_path: Path) -> None:
    """Last in this file: one worker is gone afterwards."""

    def slow(number: int) -> tuple[int, int]:
        time.sleep(0.1)
        return number, os.getpid()

    with connect(scheduler) as cluster:
        results: list[int] = []
        workers: set[int] = set()
        victim = None
        for done in cluster.map(slow, range(40)):
            number, process = done.result
            results.append(number)
            workers.add(process)
            if victim is None and len(workers) == 2:
                victim = process
                os.kill(victim, signal.SIGKILL)
        assert victim is not None
        assert sorted(results) == list(range(40))
    make_land(4, 100, 100).write(tmp_path / "in", "a")
    answer = ask_all(
        "How many ponds are there?", tmp_path / "in", tmp_path / "out", workers=None, scheduler=scheduler
    )
    assert answer.answered == 1


@pytest.mark.parametrize("processes", [False, True])
def test_our_own_workers_take_no_profile(processes: bool) -> None:
    # Dask's profiler can make Python up to 3.11.8 stand still for ever (CPython issue 106883).
    with connect(workers=1, processes=processes) as cluster:
        found = cluster.client.run(lambda dask_worker: sorted(dask_worker.periodic_callbacks))
    for callbacks in found.values():
        assert "heartbeat" in callbacks
        assert not [name for name in callbacks if "profile" in name]


INTERRUPTED = """
import os, signal
from planimeter.scale.cluster import _uninterrupted, connect

if __name__ == "__main__":
    try:
        with _uninterrupted():
            os.killpg(0, signal.SIGINT)
            print("held back")
    except KeyboardInterrupt:
        print("told")
    try:
        with connect(workers=2, processes=True) as cluster:
            print(sorted(cluster.client.run(blocked).values()))
            os.killpg(0, signal.SIGINT)
            list(cluster.map(len, ["a", "bb"]))
    except KeyboardInterrupt:
        print("stopped")
"""
BLOCKED = """
def blocked():
    import signal
    return signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, [])
"""


def test_ctrl_c_stops_the_workers_without_a_word(tmp_path: Path) -> None:
    """A terminal sends it to all processes; those that Dask starts would each print a traceback."""
    script = tmp_path / "interrupted.py"
    script.write_text(BLOCKED + INTERRUPTED)
    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, start_new_session=True, check=False
    )
    assert (done.stdout.split("\n"), done.stderr) == (
        ["held back", "told", "[True, True]", "stopped", ""],
        "",
    )
