"""What programs computed as columns may use: the memory and the time of any other program."""

from __future__ import annotations

import contextlib
import dataclasses
import threading
import tracemalloc
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import planimeter
from planimeter import LabelSegmenter, make_world
from planimeter.errors import LimitReached, PlanimeterError
from planimeter.program import Limits, Run, run_program
from planimeter.segment.base import Seen

from .fakes import TOPICS, FakeScene, FakeSegmenter, town

LIMITS = Limits(seconds=20, sandbox_seconds=5)


def dotted() -> FakeSegmenter:
    """90,000 roofs of one pixel each."""
    labels = np.zeros((600, 600), dtype=np.uint8)
    labels[::2, ::2] = TOPICS.index("roof") + 1
    return FakeSegmenter(labels)


def of_dots(text: str, limits: Limits) -> Run:
    start = 's = segment_image_from_path(IMAGE_PATH, ["roof"], gsd=gsd)["shapes"]\n'
    return run_program(start + text, FakeScene((600, 600)), dotted(), limits=limits)  # type: ignore[arg-type]


def peak_of(text: str, limits: Limits) -> int:
    """Bytes that a program needs at most, while it runs, beyond what finding the dots needs."""
    tracemalloc.start()
    peaks = []
    try:
        for program in ("answer = len(s)", text):
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            with contextlib.suppress(LimitReached):
                of_dots(program, limits)
            peaks.append(tracemalloc.get_traced_memory()[1] - before)
    finally:
        tracemalloc.stop()
    return peaks[1] - peaks[0]


LISTS = "\n".join(f"v{k} = [x['area_hectares'] * {k} for x in s]" for k in range(40))


def test_lists_of_measures_cost_eight_bytes_a_number() -> None:
    wanted = sum(k * 90_000 * 0.25 / 10_000 for k in range(40))
    text = f"{LISTS}\nanswer = {' + '.join(f'sum(v{k})' for k in range(40))}"
    run = of_dots(text, LIMITS)
    assert run.protections == ("columns",)
    assert run.answer == pytest.approx(wanted)
    assert peak_of(text, LIMITS) < 1.2 * 40 * 90_000 * 8


@pytest.mark.parametrize(
    "text",
    [
        f"{LISTS}\nanswer = sum(v39)",
        f"answer = len({' + '.join(['s'] * 60)})",
        "answer = sum(" + "x['area_hectares'] + (" * 60 + "1" + ")" * 60 + " for x in s)",
    ],
)
def test_lists_in_columns_are_held_within_the_memory_of_a_program(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = dataclasses.replace(LIMITS, memory_bytes=16 << 20)
    with pytest.raises(LimitReached, match=r"out of memory \(16 MiB\)"):
        of_dots(text, limits)

    def none() -> None:
        raise LimitReached("the sandbox would say it")

    monkeypatch.setattr("planimeter.program.run.take_worker", none)
    assert peak_of(text, limits) < 17 << 20
    few = of_dots("v = [x['area_hectares'] * 4 for x in s]\nanswer = sum(v)", limits)
    assert few.answer == pytest.approx(9.0)


def of_a_program() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "planimeter-program"]


def test_a_program_in_columns_ends_with_its_time() -> None:
    text = "\n".join(["n = len(sorted(s, key=lambda x: x['area_hectares'] * 3, reverse=True))"] * 2_000)
    others = of_a_program()
    with pytest.raises(LimitReached, match=r"ran out of time \(0\.2 s\)"):
        of_dots(f"{text}\nanswer = n", Limits(seconds=20, sandbox_seconds=0.2))
    assert set(of_a_program()) <= set(others)


def test_a_program_in_columns_that_was_given_up_on_does_not_go_on() -> None:
    """Its segmenter comes back after the time is over."""

    class Slow(FakeSegmenter):
        may_go_on = threading.Event()

        def look(self, scene: Any, topics: Sequence[str], box: Any = None) -> Seen:
            if topics:
                self.may_go_on.wait(60)
            return super().look(scene, topics, box)

    scene = town()
    slow, others = Slow(scene), of_a_program()
    text = "".join(
        f"s = segment_image_from_path(IMAGE_PATH, ['{topic}'])['shapes']\n" for topic in ("roof", "water")
    )
    with pytest.raises(LimitReached, match=r"took longer than 0\.5 s"):
        run_program(f"{text}answer = len(s)", FakeScene(scene.shape), slow, limits=Limits(seconds=0.5))  # type: ignore[arg-type]
    (given_up,) = set(of_a_program()) - set(others)
    slow.may_go_on.set()
    given_up.join(20)
    assert not given_up.is_alive()
    assert slow.asked == [("roof",)]


def test_lists_that_double_are_left_to_the_sandbox_whose_memory_is_bounded(tmp_path: Path) -> None:
    paths = make_world(seed=5, size=128).write(tmp_path)
    maps = LabelSegmenter(paths["labels"], paths["legend"])
    doubled = "\n".join(["s = segment_image_from_path(IMAGE_PATH, ['grass'])['shapes']", *["s = s + s"] * 60])
    tracemalloc.start()
    try:
        with contextlib.suppress(PlanimeterError):
            planimeter.run(f"{doubled}\nanswer = len(s)", paths["image"], segmenter=maps)
        assert tracemalloc.get_traced_memory()[1] < 100 << 20
    finally:
        tracemalloc.stop()
