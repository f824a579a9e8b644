"""Programs are parsed by several threads at once in a server."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from planimeter.program.check import check_program

PROGRAM = (
    "total = 0\n"
    + "".join(f"total = total + (({k} * 2) - (1 + {k}))\n" for k in range(150))
    + "answer = total\n"
)


def test_threads_that_parse_at_once_do_not_disturb_each_other() -> None:
    with ThreadPoolExecutor(8) as pool:
        problems = list(pool.map(check_program, [PROGRAM] * 64))
    assert problems == [[]] * 64
