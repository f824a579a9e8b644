"""The check before a program runs: problems that a writer, human or model, can repair."""

from __future__ import annotations

import ast
import warnings

from planimeter.errors import CheckFailed
from planimeter.program import api
from planimeter.program.check_calls import call_problems
from planimeter.program.check_names import name_problems
from planimeter.program.check_syntax import syntax_problems
from planimeter.program.problem import Problem
from planimeter.program.syntax import parse_module

_LONGEST_PROGRAM = 200_000  # characters
_DEEPEST = 200  # nested expressions and blocks; real programs stay below 30

__all__ = ["Problem", "check_program", "parse", "problems_of"]


def check_program(
    text: str, topics: tuple[str, ...] | None = None, full_python: bool = False
) -> list[Problem]:
    """Everything the static check finds wrong with a program; an empty list means that it may run.

    Args:
        text: the program.
        topics: topics that will be offered; None leaves topic names unchecked.
        full_python: leave out what only the sandbox's interpreter lacks.

    Example:
        >>> [str(problem) for problem in check_program("anwser = 1")]
        ['line 1: nothing is stored in `answer`; end with `answer = ...` at the top level']
    """
    try:
        tree = parse(text)
    except CheckFailed as error:
        message, _, hint = str(error).rstrip(".").partition(": ")
        return [Problem(getattr(error, "line", None) or 1, 0, message, hint)]
    return problems_of(tree, topics, full_python)


def parse(text: str) -> ast.Module:
    """The syntax tree of a program.

    Raises:
        CheckFailed: it is not Python, or not of ordinary size; ``line`` tells where, if known.
    """
    if len(text) > _LONGEST_PROGRAM:
        raise CheckFailed(f"The program is longer than {_LONGEST_PROGRAM} characters: write a shorter one.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "\\d" in a string is the program's affair
            tree = parse_module(text)
    except SyntaxError as error:
        failed = CheckFailed(
            f"The program is not Python ({error.msg} in line {error.lineno}): {_remedy(text)}."
        )
        failed.line = error.lineno  # type: ignore[attr-defined]
        raise failed from None
    except (ValueError, RecursionError, MemoryError):
        raise CheckFailed("The program cannot be parsed: write plain Python without deep nesting.") from None
    if _depth(tree) > _DEEPEST:
        raise CheckFailed("The program is nested too deeply: write it as several statements.")
    return tree


def problems_of(
    tree: ast.Module, topics: tuple[str, ...] | None = None, full_python: bool = False
) -> list[Problem]:
    """Problems of a parsed program, by line; for ``full_python`` without what only the sandbox lacks."""
    found = list(call_problems(tree, topics))
    if not full_python:
        found += [*syntax_problems(tree), *name_problems(tree)]
    if not _stores_answer(tree):
        last = tree.body[-1].lineno if tree.body else 1
        found.append(
            Problem(last, 0, "nothing is stored in `answer`", "end with `answer = ...` at the top level")
        )
    return sorted(set(found))


def _stores_answer(tree: ast.Module) -> bool:
    """Whether the top level, or a function that declares it global, stores ``answer`` or gives up."""
    pending: list[tuple[ast.AST, bool]] = [(node, True) for node in tree.body]
    while pending:
        node, is_global = pending.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            declared = any(isinstance(n, ast.Global) and api.RESULT_NAME in n.names for n in ast.walk(node))
            pending.extend((child, declared) for child in ast.iter_child_nodes(node))
            continue
        stored = node.id if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) else None
        if is_global and stored == api.RESULT_NAME:
            return True
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "cannot_answer":
            return True
        if isinstance(node, ast.alias) and is_global and (node.asname or node.name) == api.RESULT_NAME:
            return True
        pending.extend((child, is_global) for child in ast.iter_child_nodes(node))
    return False


def _remedy(text: str) -> str:
    if "```" in text:
        return "write only Python, without ``` around it"
    return "write only Python, no explanation around it"


def _depth(tree: ast.Module) -> int:
    deepest = 0
    pending: list[tuple[ast.AST, int]] = [(tree, 0)]
    while pending:
        node, depth = pending.pop()
        deepest = max(deepest, depth)
        pending.extend((child, depth + 1) for child in ast.iter_child_nodes(node))
    return deepest
