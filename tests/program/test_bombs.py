"""No program hangs, crashes or fills the host, and every one ends in time."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from scipy import ndimage

from planimeter.errors import LimitReached, NotMeasurable, ProgramError
from planimeter.program import Limits, run_program
from planimeter.segment.base import Seen

from .fakes import TOPICS, FakeScene, FakeSegmenter, run, town
from .texts import programs

BOMBS = programs("bombs.txt")
SECONDS = 1.0
TIGHT = Limits(
    seconds=SECONDS,
    sandbox_seconds=SECONDS,
    memory_bytes=1 << 28,
    output_bytes=100_000,
    calls=2_000,
    shapes=100_000,
)


@pytest.mark.parametrize("title", BOMBS)
def test_bomb_ends_and_the_next_program_runs(title: str) -> None:
    with contextlib.suppress(ProgramError, NotMeasurable):
        run(BOMBS[title], limits=TIGHT)
    assert run("answer = 1 + 1").answer == 2


def test_there_are_enough_bombs() -> None:
    assert len(BOMBS) >= 30


class SlowSegmenter(FakeSegmenter):
    """Takes until it is told to be done, or a minute."""

    def __init__(self, labels: np.ndarray) -> None:
        super().__init__(labels)
        self.told = threading.Event()
        self.done = threading.Event()

    def look(self, scene: Any, topics: Sequence[str], box: Any = None) -> Seen:
        self.told.wait(60)
        self.done.set()
        return super().look(scene, topics, box)


def test_time_in_the_host_counts() -> None:
    """A segmenter that takes too long is given up on, too."""
    labels = town()
    segmenter = SlowSegmenter(labels)
    with pytest.raises(LimitReached, match="took longer than 1 s"):
        run_program(
            "answer = len(segment_image_from_path(IMAGE_PATH, ['roof'])['shapes'])",
            FakeScene(labels.shape),
            segmenter,
            limits=Limits(seconds=1.0),
        )
    assert not segmenter.done.is_set()
    segmenter.told.set()


class SecondsSegmenter(FakeSegmenter):
    """Takes a second for each look."""

    def look(self, scene: Any, topics: Sequence[str], box: Any = None) -> Seen:
        time.sleep(1)
        return super().look(scene, topics, box)


def test_what_is_tried_in_two_ways_has_the_time_of_one() -> None:
    """The comparison cannot be computed as columns, so the sandbox runs the program again, and looks again."""
    text = "n = len(segment_image_from_path(IMAGE_PATH, ['roof'])['shapes'])\nanswer = 0 if n == None else n"
    labels = town()
    with pytest.raises(LimitReached, match="took longer than 1 s"):
        run_program(text, FakeScene(labels.shape), SecondsSegmenter(labels), limits=Limits(seconds=1.0))
    found = run_program(text, FakeScene(labels.shape), SecondsSegmenter(labels))
    roofs = labels == TOPICS.index("roof") + 1
    assert found.answer == ndimage.label(roofs, np.ones((3, 3)))[1]


@pytest.mark.parametrize(
    ("limits", "text", "words"),
    [
        (Limits(sandbox_seconds=0.3), "while True: pass\nanswer = 1", "out of time"),
        (Limits(memory_bytes=1 << 26), "x = [0] * 10**8\nanswer = 1", "out of memory"),
        (Limits(output_bytes=1000), "print('x' * 2000)\nanswer = 1", "printed more"),
        (Limits(calls=3), "for _ in range(9): merge_shapes([])\nanswer = 1", "more than 3 calls"),
        (Limits(topics=1), "segment_image_from_path(IMAGE_PATH, ['roof', 'water'])\nanswer = 1", "1 topics"),
        (Limits(shapes=3), "segment_image_from_path(IMAGE_PATH, ['roof', 'water'])\nanswer = 1", "3 shapes"),
    ],
)
def test_limit_says_which(limits: Limits, text: str, words: str) -> None:
    with pytest.raises(LimitReached, match=words):
        run(text, limits=limits)


def test_a_limit_cannot_be_caught() -> None:
    text = "try:\n    for _ in range(9): merge_shapes([])\nexcept BaseException:\n    pass\nanswer = 1"
    with pytest.raises(LimitReached):
        run(text, limits=Limits(calls=3))


def test_print_flood_keeps_what_was_printed_first() -> None:
    with pytest.raises(LimitReached) as caught:
        run("print('start')\nwhile True: print('x' * 100)\nanswer = 1", limits=TIGHT)
    assert caught.value.stdout.startswith("start\n")


def test_recursion_is_an_error_of_the_program() -> None:
    with pytest.raises(ProgramError, match="RecursionError"):
        run("def f(n):\n    return f(n + 1)\nanswer = f(0)")


def test_ended_workers_leave_no_processes_behind() -> None:
    for _ in range(5):
        with pytest.raises(ProgramError):
            run("while True: pass\nanswer = 1", limits=Limits(sandbox_seconds=0.05))
    listing = subprocess.run(["ps", "-eo", "ppid,comm"], capture_output=True, text=True, check=False).stdout
    mine = [
        line for line in listing.splitlines() if line.split()[:1] == [str(os.getpid())] and "monty" in line
    ]
    assert len(mine) <= 4


def test_labels_of_all_one_topic() -> None:
    assert (
        run("answer = len(segment_image_from_path(IMAGE_PATH, ['urban'])['shapes'])", np.ones((8, 8))).answer
        == 1
    )
