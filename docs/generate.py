"""Writes the pages that are made from the code itself: the command line, the program API and the kinds of question.

python docs/generate.py          writes docs/cli.md, docs/program-api.md and docs/questions.md
python docs/generate.py --check  says which of them are stale, exit code 1

Where docs/questions.toml lacks a kind of question, or the wordings of one do not mean the same, both say so and end
with exit code 1.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import click
from questions import Faults, question_page  # docs/questions.py: a script finds its neighbours

FOLDER = Path(__file__).parent


def command_page() -> str:
    """The help of every command, as ``planimeter COMMAND --help`` prints it."""
    from planimeter.cli import COMMANDS, group

    parts = ["# Command line\n\nWritten by `python docs/generate.py` from the commands themselves.\n"]
    parts.append(_help(group, "planimeter"))
    for name in COMMANDS:
        command = import_module(f"planimeter.cli.{name}").command
        parts.append(_help(command, f"planimeter {name}"))
        for inner in getattr(command, "commands", {}):
            parts.append(_help(command.commands[inner], f"planimeter {name} {inner}"))
    parts.append(
        "## Exit codes\n\n0 answered; 2 usage; 3 input cannot be read or lacks what is needed; 4 question not "
        "understood or not measurable; 5 program failed or hit a limit.\n"
    )
    return "\n".join(parts)


def _help(command: click.Command, called: str) -> str:
    context = click.Context(command, info_name=called, terminal_width=100, max_content_width=100)
    return f"## {called}\n\n```text\n{command.get_help(context)}\n```\n"


def program_page() -> str:
    """The docstrings of the program API, which are also the prompt of language models."""
    from planimeter.program import describe

    return (
        "# Program API\n\nWritten by `python docs/generate.py` from the docstrings, which are also what a language "
        "model is told.\n\nA program is Python text that calls these functions and leaves its result in `answer`: a "
        'number, True or False (or\n"yes"/"no"), a word, or a dict or list that becomes a [table](tables.md). Nothing '
        "needs to be imported.\n`IMAGE_PATH` and `gsd` (metres per pixel, or None) are given, and `BEFORE_PATH`, an "
        "[earlier image](change.md), or None. `planimeter run PROGRAM.py IMAGE` runs one.\nWhat programs cannot use is "
        f"in `limitations.md`.\n\n```text\n{describe(examples=True).rstrip()}\n```\n"
    )


PAGES = {"cli.md": command_page, "program-api.md": program_page, "questions.md": question_page}


def main() -> int:
    """Write or check the pages; returns the exit code."""
    try:
        pages = {name: page() for name, page in PAGES.items()}
    except Faults as faults:
        print(f"docs/questions.toml: {faults}".replace("\n", "\ndocs/questions.toml: "))
        return 1
    stale = [name for name, text in pages.items() if not _is_current(FOLDER / name, text)]
    if "--check" in sys.argv[1:]:
        for name in stale:
            print(f"docs/{name} is stale: run python docs/generate.py")
        return 1 if stale else 0
    for name in stale:
        (FOLDER / name).write_text(pages[name], encoding="utf-8")
        print(f"wrote docs/{name}")
    return 0


def _is_current(file: Path, text: str) -> bool:
    return file.is_file() and file.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
