"""docs/limitations.md says the truth: every program in it gives the words under it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from planimeter.errors import PlanimeterError
from planimeter.program import Limits
from planimeter.program.check_syntax import NATIVE_MODULES, SHIM_MODULES

from .fakes import run

PAGE = (Path(__file__).parents[2] / "docs" / "limitations.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```\n> (.*?)\n", PAGE, re.DOTALL)


@pytest.mark.parametrize(("text", "words"), EXAMPLES)
def test_program_gives_what_the_page_says(text: str, words: str) -> None:
    try:
        found = str(run(text).answer)
    except PlanimeterError as error:
        found = str(error)
    assert words in found


def test_every_program_of_the_page_is_tried() -> None:
    assert len(EXAMPLES) == PAGE.count("```python") >= 20


def test_page_lists_the_modules() -> None:
    section = PAGE.partition("## Modules")[2].partition("```")[0]
    assert set(re.findall(r"`(\w+)`", section)) == (NATIVE_MODULES | SHIM_MODULES.keys()) - {"__future__"}


def test_page_states_the_budgets() -> None:
    usual = Limits()
    section = PAGE.partition("## Budgets")[2]
    for value in (usual.seconds, usual.sandbox_seconds, usual.recursion, usual.output_bytes, usual.calls):
        assert f"{int(value):,}" in section
    for value in (usual.topics, usual.shapes):
        assert f"{value:,}" in section
    assert usual.memory_bytes == 1 << 30
