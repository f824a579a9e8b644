"""The one place where program texts are parsed."""

from __future__ import annotations

import ast
from threading import Lock

_one_at_a_time = Lock()


def parse_module(text: str) -> ast.Module:
    """``ast.parse``, safe to call from several threads.

    CPython 3.11 counts the depth of a syntax tree in a place that all threads share: two threads that parse at once can
    end in ``SystemError: AST constructor recursion depth mismatch`` (gh-106905).

    Args:
        text: Python.

    Raises:
        SyntaxError: the text is no Python.
        ValueError: it holds null bytes.
        RecursionError, MemoryError: it is nested too deeply.

    Example:
        >>> len(parse_module("answer = 1").body)
        1
    """
    with _one_at_a_time:
        return ast.parse(text)


def parse_expression(text: str) -> ast.expr:
    """The syntax tree of one expression; see ``parse_module``.

    Example:
        >>> ast.unparse(parse_expression("1+1"))
        '1 + 1'
    """
    with _one_at_a_time:
        return ast.parse(text, mode="eval").body
