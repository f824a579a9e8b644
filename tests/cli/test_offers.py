"""A refusal at a terminal offers its questions by number; without a terminal it is an error as ever."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pty = pytest.importorskip("pty", reason="a terminal is a thing of Unix")

MISSPELT = "How many gazebos near buildings within 50 m of water?"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from planimeter.worlds import make_world

    folder = tmp_path_factory.mktemp("town")
    make_world(seed=1, size=256).write(folder)
    return folder


def at_a_terminal(folder: Path, typed: bytes, *options: str) -> tuple[int, str]:
    """Exit code and everything shown, of the command at a terminal where ``typed`` is typed."""
    maps = ("--labels", str(folder / "labels.tif"), "--legend", str(folder / "legend.json"))
    code = "import sys; from planimeter.cli import main; main(sys.argv[1:])"
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", code, "ask", str(folder / "image.tif"), MISSPELT, *maps, *options]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs) as running:
        os.close(theirs)
        os.write(ours, typed)
        shown = b""
        try:
            while part := os.read(ours, 4096):
                shown += part
        except OSError:  # the other side is closed: the command has ended
            pass
    os.close(ours)
    return running.returncode, shown.decode()


def test_a_number_asks_what_is_offered(town: Path) -> None:
    code, shown = at_a_terminal(town, b"1\n")
    assert "  1  " in shown
    assert code == 0
    assert "reading" in shown


def test_enter_asks_nothing(town: Path) -> None:
    code, shown = at_a_terminal(town, b"\n")
    assert code == 4
    assert shown.count("planimeter:") == 1
    assert "reading" not in shown


def test_no_such_number_is_asked_again(town: Path) -> None:
    code, shown = at_a_terminal(town, b"99\n1\n")
    assert code == 0
    assert "99" in shown


def test_json_asks_nobody(town: Path) -> None:
    code, shown = at_a_terminal(town, b"1\n", "--json")
    assert code == 4
    assert "Number to ask" not in shown
