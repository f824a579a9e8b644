"""Tiles on dask.distributed: real worker processes, one of which dies, and the same answer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio

import planimeter
from planimeter.errors import LimitReached, ModelError
from planimeter.program import Limits
from planimeter.raster import Scene, open_scene
from planimeter.scale import tiles
from planimeter.scale.cluster import OWN_CLUSTER
from planimeter.scale.masks import write_masks_of
from planimeter.scale.tiles import DaskTiles, keep
from planimeter.segment import LabelSegmenter
from planimeter.segment.base import Seen
from planimeter.spatial.runs import Box
from planimeter.worlds import make_world

dask = pytest.importorskip("dask")
distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A scheduler with two worker processes."""
    with (
        dask.config.set(OWN_CLUSTER),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0", memory_limit=0
        ) as cluster,
    ):
        yield cluster.scheduler_address


def die_once(flag: str, item: int) -> tuple[int, int]:
    """Kill this worker the first time that anybody gets here."""
    if item == 3:
        try:
            os.close(os.open(flag, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            pass
        else:
            os.kill(os.getpid(), signal.SIGKILL)
    return item, item * item


def who(common: object, item: int) -> tuple[int, int]:
    time.sleep(0.05)
    return os.getpid(), item


def test_an_answer_from_a_scheduler_is_the_same(address: str, tmp_path: Path) -> None:
    world = make_world(seed=5, size=512, density=2).write(tmp_path)
    maps = LabelSegmenter(world["labels"], world["legend"])
    question = "How many buildings are within 20 m of water?"
    whole = planimeter.ask(world["image"], question, segmenter=maps)
    limits = Limits(tile=(200, 190), each=DaskTiles(scheduler=address))
    far = planimeter.ask(world["image"], question, segmenter=maps, limits=limits)
    assert (far.answer, far.warnings) == (whole.answer, whole.warnings)


def test_results_come_in_order_from_other_processes(address: str) -> None:
    found = list(DaskTiles(scheduler=address)(who, None, list(range(12))))
    assert [item for _, item in found] == list(range(12))
    assert os.getpid() not in {process for process, _ in found}


def test_a_worker_that_is_killed_costs_nothing_but_time(address: str, tmp_path: Path) -> None:
    found = list(DaskTiles(scheduler=address)(die_once, str(tmp_path / "died"), list(range(10))))
    assert (tmp_path / "died").exists()
    assert found == [(k, k * k) for k in range(10)]


def die(common: object, item: int) -> int:
    """Kill whoever gets here."""
    os.kill(os.getpid(), signal.SIGKILL)
    return item


def test_a_tile_that_kills_every_worker_is_said_in_a_sentence() -> None:
    with (
        dask.config.set({**OWN_CLUSTER, "distributed.scheduler.allowed-failures": 0}),
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0", memory_limit=0
        ) as cluster,
        pytest.raises(LimitReached, match="more memory"),
    ):
        DaskTiles(scheduler=cluster.scheduler_address)(die, None, [1])


class Meeting:
    """Labels that are looked at only where two workers look at the same time."""

    topics = ("roof",)
    name = "meeting"
    parts = True

    def __init__(self, maps: LabelSegmenter, folder: str) -> None:
        self.maps, self.folder = maps, folder

    def fingerprint(self) -> str:
        return "meeting"

    def look(self, scene: Scene, topics: Sequence[str], box: Box | None = None) -> Seen:
        open(f"{self.folder}/{os.getpid()}", "w").close()
        end = time.monotonic() + 30
        while len(os.listdir(self.folder)) < 2:
            assert time.monotonic() < end, "nobody else works"
            time.sleep(0.02)
        return self.maps.look(scene, topics, box)


def test_masks_are_made_by_all_workers_over_one_connection(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world(seed=5, size=256).write(tmp_path)
    maps = LabelSegmenter(world["labels"], world["legend"])
    scene = open_scene(world["image"])
    alone = write_masks_of(tmp_path / "alone.tif", scene, maps, ["roof"], Limits())
    connections = []
    real = tiles.connect

    def connect(*given: Any) -> Any:
        connections.append(given)
        return real(*given)

    monkeypatch.setattr(tiles, "connect", connect)
    (tmp_path / "who").mkdir()
    limits = Limits(tile=(64, 256), each=DaskTiles(scheduler=address))
    meeting = Meeting(maps, str(tmp_path / "who"))
    assert write_masks_of(tmp_path / "far.tif", scene, meeting, ["roof"], limits) == alone
    assert len(connections) == 1
    with rasterio.open(tmp_path / "far.tif") as far, rasterio.open(tmp_path / "alone.tif") as near:
        np.testing.assert_array_equal(far.read(), near.read())


def test_a_segmenter_is_opened_once_in_a_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiles, "_kept", {})
    world = make_world(seed=5, size=64).write(tmp_path)
    one, other = (LabelSegmenter(world["labels"], world["legend"]) for _ in range(2))
    assert keep(one) is one
    assert keep(other) is one


def test_nobody_at_the_address() -> None:
    with pytest.raises(ModelError, match="No Dask scheduler answers"):
        DaskTiles(scheduler="not an address")(who, None, [1])


def test_small_scenes_do_not_load_dask(tmp_path: Path) -> None:
    world = make_world(seed=5, size=128).write(tmp_path)
    arguments = ["ask", str(world["image"]), "How many buildings are there?", "--max-memory", "2GiB"]
    arguments += ["--labels", str(world["labels"]), "--legend", str(world["legend"])]
    arguments += ["--scheduler", "tcp://127.0.0.1:1"]  # nobody is there, and nobody is asked
    script = (
        "import atexit, sys\n"
        "atexit.register(lambda: print(sorted({'dask', 'distributed'} & set(sys.modules))))\n"
        f"from planimeter.cli import main\nmain({arguments!r})"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
