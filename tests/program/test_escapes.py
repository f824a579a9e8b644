"""Nothing leaks out of the sandbox, and nothing a program makes up is believed."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from planimeter.errors import PlanimeterError
from planimeter.program import Limits, jail
from planimeter.program.sandbox import SandboxError, Worker, take_worker

from .fakes import run
from .texts import programs

PROBES = programs("escapes.txt")
QUICK = Limits(seconds=5, sandbox_seconds=2)
#: Texts that only a leak can produce; none of them stands in a probe.
SECRETS = [
    "root:x:0", os.getcwd(), sys.executable, "/secret/folder", "LD_LIBRARY", "PYTHONHASHSEED", "<module 'os'",
    "planimeter.program.host", "site-packages", "<frame", "builtin_function_or_method", "Traceback",
]  # fmt: skip


@pytest.mark.parametrize("title", PROBES)
def test_probe_gets_nothing(title: str) -> None:
    with pytest.raises(PlanimeterError) as caught:
        run(PROBES[title], limits=QUICK)
    shown = str(caught.value) + str(vars(caught.value))
    assert not [secret for secret in SECRETS if secret in shown]


@pytest.mark.parametrize("title", PROBES)
def test_probe_gets_nothing_without_the_check(title: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check is advice: the wall holds by itself."""
    monkeypatch.setattr("planimeter.program.run.problems_of", lambda tree: [])
    try:
        found = run(PROBES[title], limits=QUICK)
        shown = f"{found.answer} {found.stdout}"
    except PlanimeterError as error:
        shown = str(error) + str(vars(error))
    assert not [secret for secret in SECRETS if secret in shown]


def test_there_are_enough_probes() -> None:
    assert len(PROBES) >= 60


@pytest.mark.parametrize(
    "code",
    [
        "open('/etc/passwd').read()",
        "open('/proc/self/environ').read()",
        "__import__('os').environ",
        "import os\nos.listdir('/')",
        "import os\nos.environ['HOME']",
        "from pathlib import Path\nPath('/etc/passwd').read_text()",
        "import subprocess",
        "import socket",
    ],
)
def test_bare_worker_refuses_the_system(code: str) -> None:
    """The interpreter itself, fed directly, has no files, environment or network."""
    worker = take_worker()
    session = worker.open(QUICK, lambda args, kwargs: {"return_value": None})
    try:
        with pytest.raises(SandboxError):
            session.feed(code)
    finally:
        worker.close(session)


def test_edited_shapes_do_not_lie_to_the_host() -> None:
    honest = """
result = segment_image_from_path(IMAGE_PATH, ["roof", "water"], gsd=gsd)
roofs = [s for s in result["shapes"] if s["class_type"] == "roof"]
water = [s for s in result["shapes"] if s["class_type"] == "water"]
answer = sum(s["area_pixels"] for s in find_shapes_within_distance(roofs, water, 5.0, gsd))
"""
    lie = (
        "for s in roofs:\n    s['area_pixels'] = 10**9\n    s['bbox'] = None\n    s['class_type'] = 'water'\n"
    )
    before, last = honest.rsplit("answer", 1)
    assert run(before + lie + "answer" + last).answer == run(honest).answer


def test_the_path_of_the_image_stays_with_the_host() -> None:
    assert run("print(IMAGE_PATH)\nanswer = IMAGE_PATH == 'scene.png'").stdout == "scene.png\n"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="rlimits, Landlock and seccomp are Linux's")
def test_worker_runs_in_the_jail_it_claims() -> None:
    worker = take_worker()
    session = worker.open(QUICK, lambda args, kwargs: {"return_value": None})
    status = Path(f"/proc/{worker._pid}/status").read_text(encoding="utf-8")
    limits = Path(f"/proc/{worker._pid}/limits").read_text(encoding="utf-8")
    worker.close(session)
    assert "NoNewPrivs:\t1" in status
    assert ("Seccomp:\t2" in status) == ("seccomp" in worker.protections)
    if "rlimits" in worker.protections:
        written = next(line for line in limits.splitlines() if line.startswith("Max file size"))
        assert written.split()[3:5] == ["0", "0"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="rlimits, Landlock and seccomp are Linux's")
def test_jail_takes_files_network_and_tracing_from_what_it_starts(tmp_path: Path) -> None:
    """A stand-in for a worker that was broken into: this Python, in a jailed thread, gets nothing."""
    target = tmp_path / "secret.txt"
    target.write_text("secret", encoding="utf-8")
    attempts = {
        "read": lambda: target.read_text(encoding="utf-8"),
        "write": lambda: (tmp_path / "new.txt").write_text("x", encoding="utf-8"),
        "list": lambda: os.listdir("/"),
        "network": lambda: socket.socket(),
        "run": lambda: subprocess.run([sys.executable, "--version"], check=False),
    }
    refused: dict[str, int | None] = {}
    active: list[str] = []

    def jailed() -> None:
        active.extend(jail.enter(Path(sys.executable).parent / "monty"))
        for name, attempt in attempts.items():
            try:
                attempt()
            except OSError as error:
                refused[name] = error.errno

    thread = threading.Thread(target=jailed)
    thread.start()
    thread.join()
    if active != ["landlock", "seccomp"]:
        pytest.skip(f"this kernel offers only {active}")
    denied, forbidden = errno.EACCES, errno.EPERM
    assert refused == {
        "read": denied, "write": denied, "list": denied, "network": forbidden, "run": denied,
    }  # fmt: skip
    assert target.read_text(encoding="utf-8") == "secret"  # the host itself is as free as before
    assert not (tmp_path / "new.txt").exists()


def test_worker_starts_without_a_jail_where_the_jail_does_not_let_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Libraries in unusual places: the program still runs, and the run says what did not protect it."""

    def too_strict(binary: Path) -> tuple[str, ...]:
        raise PermissionError("no library may be read")

    monkeypatch.setattr("planimeter.program.sandbox._idle", [])
    monkeypatch.setattr(jail, "enter", too_strict)
    found = run("answer = 7")
    assert found.answer == 7
    assert "process" in found.protections
    assert not {"landlock", "seccomp"} & set(found.protections)


def test_missing_interpreter_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("planimeter.program.sandbox._idle", [])
    monkeypatch.setenv("MONTY_BIN", str(tmp_path / "absent"))
    with pytest.raises(PlanimeterError, match=r"does not start .*: install pydantic-monty"):
        run("answer = 7")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="rlimits, Landlock and seccomp are Linux's")
def test_host_keeps_its_rights_after_starting_a_worker() -> None:
    def rights() -> list[str]:
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
        return [line for line in lines if line.startswith(("NoNewPrivs", "Seccomp"))]

    before = rights()
    Worker().end()
    assert rights() == before
    socket.socket().close()
