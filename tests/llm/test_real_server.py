"""The real wire protocol: transformers' own server, with a model that can only write nonsense."""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from planimeter import errors
from planimeter.ask import ask
from planimeter.coder import Request
from planimeter.coder.find import ModelOptions, find_coder
from planimeter.coder.llm import ChatClient, Generation, build_prompt
from planimeter.coder.vlm import VisionModel
from planimeter.raster import open_scene
from planimeter.segment import LabelSegmenter
from planimeter.worlds import make_world

NEEDED = ("openai", "torch", "transformers", "fastapi", "uvicorn")
MISSING = [name for name in NEEDED if importlib.util.find_spec(name) is None]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"missing: {MISSING}")

REQUEST = Request("How many ponds are there?", ("water", "roof", "forest"), 0.5)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """(model name, base URL) of a running server."""
    folder = tmp_path_factory.mktemp("tiny") / "model"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder.parent / "server.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("tiny_server.py")), str(folder), str(port)],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""},
        )
        assert process.stdin is not None
        process.stdin.write(build_prompt(REQUEST).system)
        process.stdin.close()
        try:
            wait_until_healthy(process, port, log)
            yield str(folder), f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()
            process.wait(10)


def wait_until_healthy(process: subprocess.Popen[str], port: int, log: Path) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2) as reply:
                if reply.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    pytest.fail(f"the server did not start:\n{log.read_text()[-2000:]}")


def test_a_reply_and_its_counts(tiny: tuple[str, str]) -> None:
    model, url = tiny
    client = ChatClient(model, url, timeout=60.0, cache=None)
    reply = client.chat(build_prompt(REQUEST).messages(), Generation(max_tokens=12, reasoning_effort="low"))
    assert reply.text
    assert reply.finish_reason == "length"
    assert reply.completion_tokens == 12
    assert reply.prompt_tokens is not None
    assert reply.prompt_tokens > 500


def test_nonsense_is_repaired_as_often_as_allowed(tiny: tuple[str, str], tmp_path: Path) -> None:
    model, url = tiny
    paths = make_world(seed=3, size=96).write(tmp_path / "world")
    maps = LabelSegmenter(paths["labels"], paths["legend"])
    models = ModelOptions(base_url=url, max_tokens=16, max_repairs=1, timeout=60.0)
    with pytest.raises(errors.CheckFailed, match=r"wrote no usable program in 2 attempt\(s\)"):
        ask(paths["image"], REQUEST.text, segmenter=maps, coder=model, models=models)


def test_an_unknown_model_is_refused_in_one_sentence(tiny: tuple[str, str]) -> None:
    coder = find_coder("no/such-model", base_url=tiny[1])
    with pytest.raises(errors.ModelError, match="no/such-model"):
        coder.write(REQUEST)


def test_a_server_that_cannot_continue_a_message_is_named_as_the_reason(
    tiny: tuple[str, str], tmp_path: Path
) -> None:
    """The budget is passed at once, and this server refuses the fields with which vLLM goes on."""
    model, url = tiny
    scene = open_scene(make_world(seed=3, size=96).write(tmp_path)["image"])
    vision = VisionModel(ChatClient(model, url, timeout=60.0, cache=None), Generation(), thinking_budget=8)
    with pytest.raises(errors.ModelError, match=r"does not continue a message.*use vLLM"):
        vision.look(scene, REQUEST.text)
