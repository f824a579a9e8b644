"""What the command line prints where its surroundings are odd: readers that go away, names that are no text, JSON."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from planimeter import cli
from planimeter.worlds import make_world

from .test_cli import HOW_MUCH_WATER, call, maps


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    make_world(seed=7, size=128).write(folder)
    return folder


def test_a_reader_that_goes_away_ends_it_quietly_as_a_shell_says_it(world: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "planimeter", "ask", world / "image.tif", HOW_MUCH_WATER, *maps(world)]
    with os.fdopen(writing, "w") as pipe:
        done = subprocess.run(
            list(map(str, command)), stdout=pipe, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
    assert (done.returncode, done.stderr) == (128 + signal.SIGPIPE, "")


@pytest.mark.skipif(sys.platform != "linux", reason="file names are text here")
@pytest.mark.parametrize(
    "arguments",
    [
        ["ask", "{image}", HOW_MUCH_WATER, "{maps}", "--out", "{odd}"],
        ["segment", "{image}", "--topics", "water", "--out", "{odd}.tif", "{maps}"],
        ["world", "--size", "64", "--out", "{odd}"],
    ],
)
def test_a_file_name_that_is_no_text_is_a_sentence(world: Path, tmp_path: Path, arguments: list[str]) -> None:
    odd = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9")
    filled = [
        part
        for argument in arguments
        for part in (
            maps(world) if argument == "{maps}" else [argument.format(image=world / "image.tif", odd=odd)]
        )
    ]
    done = call(*filled)
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    assert "caf\\udce9" in done.stderr
    assert "no UTF-8" in done.stderr
    if arguments[0] == "ask":  # what was measured is not lost
        assert "%" in done.stdout


def test_every_command_that_speaks_json_says_its_errors_so(
    world: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise OSError(5, "Input/output error", "p.py")

    def told(*arguments: str | Path) -> str:
        with pytest.raises(SystemExit) as ended:
            cli.main([*map(str, arguments), "--json"])
        written = capsys.readouterr()
        said = json.loads(written.out)
        assert written.err.strip() == f"planimeter: {said['error']}"
        assert (said["exit_code"], ended.value.code) == (3, 3)
        return said["error"]

    absent = tmp_path / "absent.tif"
    assert "does not exist" in told("batch", HOW_MUCH_WATER, absent, "--out", tmp_path / "out", "--threads")
    program = tmp_path / "p.py"
    program.write_text("answer = 1")
    monkeypatch.setattr(Path, "read_text", refuse)
    assert "'p.py' cannot be read or written" in told("run", program, world / "image.tif")
