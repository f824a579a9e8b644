"""CPython in WebAssembly itself: ordinary programs agree, escapes find nothing, bombs end by a limit.

These tests need the extra ``wasm`` and the compiled interpreter. Compiling takes minutes, so they are skipped before it
was done; PLANIMETER_COMPILE=1 has it done by them. ``test_wasm_protocol.py`` tests the rest without either.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from planimeter import errors
from planimeter.program import Limits, Run, full_python, run_program, wasm_tier

from .fakes import FakeScene, FakeSegmenter, town
from .texts import programs

ORDINARY = dict(list(programs("ordinary.txt").items())[::3])
ANSWERS = json.loads((Path(__file__).parent / "ordinary_answers.json").read_text(encoding="utf-8"))
ESCAPES = programs("escapes.txt")
BOMBS = dict(list(programs("bombs.txt").items())[::8])
#: Probes that one guest can try in turn; the others end its run.
TOGETHER = {title: text for title, text in ESCAPES.items() if title != "a path as the topic"}
LABELS = town(3, 120)
QUICK = Limits(seconds=60, sandbox_seconds=1)  # loading the interpreter counts as time of the whole run
Found = Run | errors.PlanimeterError

if os.environ.get("PLANIMETER_COMPILE") and wasm_tier.unavailable() is not None:
    wasm_tier.compile_once()
pytestmark = pytest.mark.skipif(wasm_tier.unavailable() is not None, reason=str(wasm_tier.unavailable()))


@pytest.fixture(autouse=True, scope="module")
def chosen() -> Iterator[None]:
    """WebAssembly runs every program, also where a jail is offered and the sandbox would do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(full_python.SWITCH, "wasm")
        patch.setattr("planimeter.program.run._run_in_sandbox", refuse)
        yield


def refuse(*arguments: object) -> Run:
    """What stands in for the sandbox."""
    raise errors.CheckFailed("not here: go on.")


def run_here(text: str, limits: Limits = QUICK) -> Run:
    return run_program(text, FakeScene(LABELS.shape), FakeSegmenter(LABELS), limits=limits, full_python=True)


def all_of(texts: dict[str, str], limits: Limits) -> dict[str, Found]:
    """What each program comes to; a few at a time, because starting an interpreter takes most of a second."""

    def one(text: str) -> Found:
        try:
            return run_here(text, limits)
        except errors.PlanimeterError as error:
            return error

    with ThreadPoolExecutor(min(os.cpu_count() or 1, 4)) as several:
        return dict(zip(texts, several.map(one, texts.values()), strict=True))


@pytest.fixture(scope="module")
def ordinary() -> dict[str, Found]:
    return all_of(ORDINARY, Limits())


@pytest.fixture(scope="module")
def escapes() -> dict[str, str]:
    """What each probe showed; one guest tries them all, each with names of its own."""
    text = "def tried(text):\n    names = dict(globals())\n    try:\n        exec(text, names)\n"
    text += "        print(names.get('answer'))\n"
    text += "    except BaseException as error:\n        print(repr(error), vars(error))\n"
    text += "def all_of(texts):\n    for title in texts:\n        print('####', title)\n        tried(texts[title])\n"
    text += f"all_of({TOGETHER!r})\nanswer = 1\n"
    stdout = run_here(text, Limits(sandbox_seconds=60, output_bytes=10_000_000)).stdout
    return dict(part.split("\n", 1) for part in stdout.split("#### ")[1:])


@pytest.mark.parametrize("title", ORDINARY)
def test_ordinary_programs_give_the_same_answer(title: str, ordinary: dict[str, Found]) -> None:
    found, truth = ordinary[title], ANSWERS[title]
    assert isinstance(found, Run), str(found)
    assert found.answer == (pytest.approx(truth, rel=1e-9) if isinstance(truth, float) else truth)
    assert found.protections == ("process", "webassembly")


def leaks(shown: str) -> list[str]:
    """What only this process can know, in what a guest showed."""
    secrets = ["root:x:0", os.getcwd(), sys.executable, "/secret/folder", str(Path.home()), "site-packages"]
    secrets += [socket.gethostname(), str(os.environ.get("PATH"))]
    return [secret for secret in secrets if len(secret) > 2 and secret in shown]


@pytest.mark.parametrize("title", TOGETHER)
def test_an_escape_finds_nothing(title: str, escapes: dict[str, str]) -> None:
    assert escapes[title].strip()  # it ran to its end, and the next one after it
    assert not leaks(escapes[title])


@pytest.mark.parametrize("title", sorted(ESCAPES.keys() - TOGETHER.keys()))
def test_an_escape_that_ends_the_run_finds_nothing(title: str) -> None:
    with pytest.raises(errors.PlanimeterError) as caught:
        run_here(ESCAPES[title])
    assert not leaks(f"{caught.value} {vars(caught.value)}")


REFUSED = {
    "read a file": "open('/etc/passwd').read()",
    "read a file of the host by another way": "open('/usr/local/lib/../../../etc/passwd').read()",
    "list a folder": "os.listdir('/')",
    "read its own folder's parent": "os.listdir('/usr')",
    "write a file": "open('{canary}', 'w')",
    "write a file beside the library": "open('/usr/local/lib/new', 'w')",
    "change the library": "open(sys.path[0], 'r+b')",
    "remove a file": "os.remove('{canary}')",
    "make a folder": "os.mkdir('/tmp/planimeter-escaped')",
    "link a file": "os.symlink('{canary}', os.path.expanduser('~/link'))",
    "fork": "os.fork()",
    "start a thread": "__import__('_thread').start_new_thread(print, ())",
    "start a program": "__import__('subprocess').run(['/bin/true'])",
    "open a socket": "__import__('socket').create_connection(('127.0.0.1', {port}), 1)",
    "end the host": "os.kill({host}, 9)",
    "load a library": "__import__('ctypes').CDLL(None).getpid()",
    "map memory as code": "__import__('mmap').mmap(-1, 4096, prot=4)",
}


def test_there_is_nothing_to_reach(tmp_path: Path) -> None:
    """Each of these works in an ordinary process; one guest tries them all."""
    canary = tmp_path / "canary"
    canary.write_text("alive")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        calls = {
            what: code.format(canary=canary, host=os.getpid(), port=port) for what, code in REFUSED.items()
        }
        text = f"import os, sys\nfor what, code in {calls!r}.items():\n    try:\n        eval(code)\n"
        text += "        print(what)\n    except (Exception, SystemExit):\n        pass\nanswer = 1\n"
        assert run_here(text).stdout == ""
    assert canary.read_text() == "alive"
    assert not Path("/tmp/planimeter-escaped").exists()


def test_its_world_holds_no_names_of_this_one() -> None:
    shown = "os.environ, sys.path, sys.argv, platform.uname(), socket.gethostname(), os.path.expanduser('~')"
    said = run_here(f"import os, sys, platform, socket\nprint({shown})\nanswer = 1").stdout
    assert not leaks(said)
    assert "PLANIMETER" not in said


def test_a_program_measures_the_same_each_time() -> None:
    text = "import random\nprint(random.random(), hash('roof'), list({'a', 'b', 'c'}))\nanswer = 1"
    assert run_here(text).stdout == run_here(text).stdout


def test_numpy_is_there() -> None:
    text = "import numpy as np\nanswer = float(np.median([1, 2, 4]))"
    assert run_here(text, Limits()).answer == 2.0


@pytest.mark.parametrize("title", BOMBS)
def test_a_bomb_ends_by_a_limit(title: str) -> None:
    started = time.perf_counter()
    with pytest.raises(errors.ProgramError):
        run_here(BOMBS[title], Limits(seconds=30, sandbox_seconds=0.4, memory_bytes=256 << 20))
    assert time.perf_counter() - started < 32


def test_time_of_the_whole_run_is_kept() -> None:
    started = time.perf_counter()
    with pytest.raises(errors.LimitReached):
        run_here("while True: pass\nanswer = 1", Limits(seconds=2.0))
    assert time.perf_counter() - started < 4


def test_memory_has_a_ceiling() -> None:
    with pytest.raises(errors.LimitReached, match="out of memory"):
        run_here("x = bytearray(900 << 20)\nanswer = 1", Limits(sandbox_seconds=5, memory_bytes=256 << 20))
