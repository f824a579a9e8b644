"""Progress is shown to people and to nobody else."""

from __future__ import annotations

import io

import pytest

from planimeter.progress import Watch, watched_by, with_progress


class Terminal(io.StringIO):
    """A stderr that somebody looks at."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    assert list(with_progress(range(9), 9, "counting", "step")) == list(range(9))
    assert "counting" in screen.getvalue()


def test_a_pipe_and_short_work_see_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe, screen = io.StringIO(), Terminal()
    monkeypatch.setattr("sys.stderr", pipe)
    assert list(with_progress(range(9), 9, "counting")) == list(range(9))
    monkeypatch.setattr("sys.stderr", screen)
    assert list(with_progress(range(3), 3, "counting")) == [0, 1, 2]
    assert pipe.getvalue() == screen.getvalue() == ""


def test_of_work_inside_of_work_the_outer_one_is_told() -> None:
    told: list[tuple[int, int]] = []
    with watched_by(Watch(lambda done, total: told.append((done, total)))):
        for _ in with_progress(range(2), 2, "tiles"):
            list(with_progress(range(5), 5, "windows"))
        list(with_progress(range(1), 1, "windows"))
    assert told == [(0, 2), (1, 2), (2, 2), (0, 1), (1, 1)]
