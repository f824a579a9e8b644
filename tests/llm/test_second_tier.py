"""The jailed CPython: what the sandbox cannot run runs there, escapes find nothing, bombs end by a limit."""

from __future__ import annotations

import importlib.util
import json
import os
import socket
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from planimeter import errors
from planimeter.program import Limits, Run, check_program, run_program
from planimeter.program import jailed_python as tier

PROGRAMS = Path(__file__).parents[1] / "program"
ROOFS = 'shapes = segment_image_from_path(IMAGE_PATH, ["roof"], gsd=gsd)["shapes"]\n'
QUICK = Limits(seconds=5, sandbox_seconds=1)

pytestmark = pytest.mark.skipif(tier.unavailable() is not None, reason=str(tier.unavailable()))


def loaded(name: str) -> Any:
    """A module of the program tests; test folders do not import one another."""
    spec = importlib.util.spec_from_file_location(f"program_{name}", PROGRAMS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


fakes, texts = loaded("fakes"), loaded("texts")
ORDINARY = texts.programs("ordinary.txt")
ANSWERS = json.loads((PROGRAMS / "ordinary_answers.json").read_text(encoding="utf-8"))
ESCAPES = texts.programs("escapes.txt")
BOMBS = texts.programs("bombs.txt")
LABELS = fakes.town(3, 120)


def run_full(text: str, limits: Limits | None = None) -> Run:
    scene, segmenter = fakes.FakeScene(LABELS.shape), fakes.FakeSegmenter(LABELS)
    return run_program(text, scene, segmenter, limits=limits, full_python=True)


@pytest.fixture
def only_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """Skip the sandbox, so that every program runs in the second tier."""

    def refuse(*arguments: Any) -> Run:
        raise errors.CheckFailed("not here: go on.")

    monkeypatch.setattr("planimeter.program.run._run_in_sandbox", refuse)


def count_roofs() -> int:
    return int(run_full(ROOFS + "answer = len(shapes)").answer)


FULL_PYTHON = {
    "a generator": "def areas():\n    for s in shapes:\n        yield s['area_pixels']\nanswer = len(list(areas()))",
    "inheritance": "class Base:\n    n = 0\nclass Count(Base):\n    pass\nc = Count()\nc.n = len(shapes)\nanswer = c.n",
    "a property": "class C:\n    @property\n    def n(self):\n        return len(shapes)\nanswer = C().n",
    "a context manager": (
        "from contextlib import contextmanager\n@contextmanager\ndef opened():\n    yield shapes\n"
        "with opened() as found:\n    answer = len(found)"
    ),
    "numpy": (
        "import numpy as np\nareas = np.array([s['area_pixels'] for s in shapes])\nanswer = int((areas > 0).sum())"
    ),
    "an enum": "import enum\nclass Kind(enum.Enum):\n    ROOF = 1\nanswer = sum(1 for s in shapes if Kind.ROOF)",
    "eval": "answer = eval('len(shapes)')",
    "the fractions module": "from fractions import Fraction\nanswer = int(Fraction(len(shapes), 1))",
}


@pytest.mark.parametrize("title", FULL_PYTHON)
def test_what_the_sandbox_lacks_runs_here(title: str) -> None:
    if "numpy" in title:
        pytest.importorskip("numpy")
    text = ROOFS + FULL_PYTHON[title]
    with pytest.raises((errors.CheckFailed, errors.ProgramFailed)):
        run_program(text, fakes.FakeScene(LABELS.shape), fakes.FakeSegmenter(LABELS))
    assert check_program(text)
    assert not check_program(text, full_python=True)
    found = run_full(text)
    assert found.answer == count_roofs()
    assert found.protections == ("process", "landlock", "seccomp", "rlimits")


def test_what_the_sandbox_can_run_never_comes_here() -> None:
    """The sandbox's worker is the first choice, even where the second tier is enabled."""
    found = run_full(ROOFS + "answer = len(shapes)")
    assert found.timings["sandbox"] < 5
    assert found.answer > 0


@pytest.mark.parametrize("title", list(ORDINARY)[::3])
@pytest.mark.usefixtures("only_python")
def test_ordinary_programs_give_the_same_answer(title: str) -> None:
    answer, truth = run_full(ORDINARY[title]).answer, ANSWERS[title]
    assert answer == (pytest.approx(truth, rel=1e-9) if isinstance(truth, float) else truth)


def test_errors_name_the_line_of_the_program() -> None:
    with pytest.raises(
        errors.ProgramFailed, match=r"failed in line 4 with KeyError: 'areapixels'"
    ) as failure:
        run_full("def g():\n    yield 1\n" + ROOFS + "answer = shapes[0]['area' + 'pixels']")
    assert failure.value.source_line == "answer = shapes[0]['area' + 'pixels']"  # type: ignore[attr-defined]


def test_what_the_host_refuses_can_be_caught() -> None:
    text = "def g():\n    yield 1\ntry:\n    segment_image_from_path('other.png', ['roof'])\nexcept ValueError as e:\n"
    assert run_full(text + "    print(e)\nanswer = 1").stdout.startswith("image_input must be IMAGE_PATH")


def test_a_program_that_cannot_answer_ends_there() -> None:
    with pytest.raises(errors.NotMeasurable, match="no roofs of gold"):
        run_full("def g():\n    yield 1\ncannot_answer('There are no roofs of gold.')\nanswer = 1")


# -- the wall ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("title", ESCAPES)
@pytest.mark.usefixtures("only_python")
def test_an_escape_finds_nothing(title: str) -> None:
    secrets = [
        "root:x:0",
        os.getcwd(),
        "/secret/folder",
        "LD_LIBRARY",
        "planimeter.program.host",
        "Traceback",
    ]
    secrets += [socket.gethostname()]
    try:
        found = run_full(ESCAPES[title], QUICK)
        shown = f"{found.answer} {found.stdout}"
    except errors.PlanimeterError as error:
        shown = str(error) + str(vars(error))
    assert not [secret for secret in secrets if len(secret) > 2 and secret in shown]


REFUSED = {
    "read a file": "open('/etc/passwd').read()",
    "read the environment of a process": "open('/proc/self/environ').read()",
    "list a folder": "__import__('os').listdir('/')",
    "write a file": "open('/tmp/planimeter-escaped', 'w')",
    "remove a file": "__import__('os').remove('{canary}')",
    "change a mode": "__import__('os').chmod('{canary}', 0)",
    "change an owner": "__import__('os').chown('{canary}', 1, 1)",
    "change a time": "__import__('os').utime('{canary}', (0, 0))",
    "make a folder": "__import__('os').mkdir('/tmp/planimeter-escaped')",
    "link a file": "__import__('os').symlink('{canary}', '/tmp/planimeter-escaped')",
    "fork": "__import__('os').fork()",
    "start a thread": "__import__('_thread').start_new_thread(print, ())",
    "start a program": "__import__('subprocess').run(['/bin/true'])",
    "become a program": "__import__('os').execv('/bin/true', ['true'])",
    "open a socket": "__import__('socket').socket()",
    "end the host": "__import__('os').kill({host}, 9)",
    "stop the host": "__import__('os').kill({host}, 19)",
    "change the host's limits": "__import__('resource').prlimit({host}, 7, (3, 3))",
    "raise its own limits": "__import__('resource').setrlimit(9, (1 << 40, 1 << 40))",
    "slow the host down": "__import__('os').setpriority(0, {host}, 19)",
    "keep memory in a file": "__import__('os').memfd_create('x')",
    "become somebody else": "__import__('os').setuid(1)",
    "name of the machine": "__import__('socket').gethostname()",
}


@pytest.mark.parametrize("what", REFUSED)
@pytest.mark.usefixtures("only_python")
def test_the_kernel_refuses(what: str, tmp_path: Path) -> None:
    """Each of these works in an ordinary process; here the kernel says no, before anything happened."""
    canary = tmp_path / "canary"
    canary.write_text("alive")
    before = canary.stat()
    call = REFUSED[what].format(canary=canary, host=os.getpid())
    text = f"try:\n    {call}\n    answer = 'done'\n"
    text += "except (OSError, RuntimeError, ValueError):\n    answer = 'refused'\n"
    assert run_full(text, QUICK).answer == "refused"
    assert canary.read_text() == "alive"
    after = canary.stat()
    assert (after.st_mode, after.st_uid, after.st_mtime) == (before.st_mode, before.st_uid, before.st_mtime)
    assert not Path("/tmp/planimeter-escaped").exists()


def test_a_local_server_cannot_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        with pytest.raises(errors.ProgramFailed, match="PermissionError"):
            run_full(f"import socket\nsocket.create_connection(('127.0.0.1', {port}), 1)\nanswer = 1", QUICK)


@pytest.mark.parametrize("title", sorted({*list(BOMBS)[::8], "a tower of powers"}))
@pytest.mark.usefixtures("only_python")
def test_a_bomb_ends_by_a_limit(title: str) -> None:
    with pytest.raises(errors.ProgramError):
        run_full(BOMBS[title], Limits(seconds=3, sandbox_seconds=0.4, memory_bytes=256 << 20))


FORGED = {
    "garbage": b"\xff\xff\xff\xffx",
    "no object": b"\x00\x00\x00\x01" + b"7",
    "a report that is none": b'\x00\x00\x00\x0d{"value": [7]}'[:17],
    "unknown ids": b"",
}


@pytest.mark.parametrize("title", FORGED)
@pytest.mark.usefixtures("only_python")
def test_forged_messages_are_an_error_like_any_other(title: str) -> None:
    """A program may write to the pipe itself; what it writes is checked, and the host goes on."""
    text = f"import os\nfor number in range(3, 12):\n    try:\n        os.write(number, {FORGED[title]!r})\n"
    text += "    except OSError:\n        pass\nanswer = 1\n"
    if FORGED[title]:
        with pytest.raises(errors.ProgramError):
            run_full(text, QUICK)
    else:
        assert run_full(text, QUICK).answer == 1


def test_no_process_is_left_behind() -> None:
    started = [tier.PythonWorker() for _ in range(3)]
    processes = [worker._process for worker in started]
    for worker in started:
        worker.kill()
    assert all(process is not None and process.poll() is not None for process in processes)


def test_the_host_keeps_its_rights() -> None:
    run_full("def g():\n    yield 1\nanswer = 1")
    assert Path("/etc/passwd").read_text()
    assert threading.Thread(target=os.getpid).start() is None


def test_without_a_jail_nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no fallback to an ordinary interpreter."""
    monkeypatch.setattr("planimeter.program.jail.enter", lambda *arguments: ("seccomp",))
    with pytest.raises(errors.ModelError, match="no Landlock or no seccomp"):
        run_full("def g():\n    yield 1\nanswer = 1")
    monkeypatch.setattr("sys.platform", "darwin")
    with pytest.raises(errors.ModelError, match="needs Linux on x86-64"):
        run_full("def g():\n    yield 1\nanswer = 1")
