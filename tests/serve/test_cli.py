"""``planimeter serve segment`` as people start it, and ``planimeter ask`` against it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys

import pytest

from planimeter.cli import main

ASK = "What percentage of the image is water?"


def test_serve_and_ask(world, capsys):
    command = [sys.executable, "-u", "-m", "planimeter", "serve", "segment", "--port", "0"]
    maps = ["--labels", str(world["labels"]), "--legend", str(world["legend"])]
    environment = {name: value for name, value in os.environ.items() if name != "PLANIMETER_TOKEN"}
    server = subprocess.Popen(
        [*command, *maps],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        # Jobs in a shell's background ignore the interrupt, and so would their children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    try:
        url = re.search(r"http://127\.0\.0\.1:\d+", server.stdout.readline()).group()
        main(["ask", str(world["image"]), ASK, "--segmenter", url])
        there = capsys.readouterr().out
        main(["ask", str(world["image"]), ASK, *maps])
        assert there.splitlines()[0] == capsys.readouterr().out.splitlines()[0]
    finally:
        server.send_signal(signal.SIGINT)
        _, errors = server.communicate(timeout=20)
    assert errors.strip() == "planimeter: stopped."


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--host", "0.0.0.0"], "PLANIMETER_TOKEN"),
        (["--host", "192.0.2.7", "--token", "x" * 20], "cannot be had"),
    ],
)
def test_addresses_that_cannot_be_served(world, capsys, monkeypatch, options, says):
    monkeypatch.delenv("PLANIMETER_TOKEN", raising=False)
    maps = ["--labels", str(world["labels"]), "--legend", str(world["legend"])]
    with pytest.raises(SystemExit) as stop:
        main(["serve", "segment", *maps, *options])
    assert stop.value.code == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize(
    "before",
    [["--labels", "l.tif", "--legend", "nlcd"], ["--port", "8600"], ["--embed"], ["--coder", "builtin"]],
)
def test_options_before_a_part_of_the_server_are_not_dropped_silently(capsys, before):
    with pytest.raises(SystemExit) as stop:
        main(["serve", *before, "segment", "--labels", "absent.tif", "--legend", "nlcd"])
    assert stop.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith(f"planimeter: {before[0]} stands before segment")
    assert "planimeter serve segment" in said
