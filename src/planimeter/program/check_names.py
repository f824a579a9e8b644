"""Names that nothing defines."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from planimeter.errors import did_you_mean
from planimeter.program import api
from planimeter.program.check_syntax import REFUSED_NAMES
from planimeter.program.problem import Problem, problem_at

#: Built-in names of the sandbox's Python.
BUILTINS = frozenset(
    [
        "ArithmeticError",
        "AssertionError",
        "AttributeError",
        "BaseException",
        "Ellipsis",
        "Exception",
        "FileExistsError",
        "FileNotFoundError",
        "ImportError",
        "IndexError",
        "IsADirectoryError",
        "KeyError",
        "KeyboardInterrupt",
        "LookupError",
        "MemoryError",
        "ModuleNotFoundError",
        "NameError",
        "NotADirectoryError",
        "NotImplemented",
        "NotImplementedError",
        "OSError",
        "OverflowError",
        "PermissionError",
        "RecursionError",
        "RuntimeError",
        "StopIteration",
        "SyntaxError",
        "SystemExit",
        "TimeoutError",
        "TypeError",
        "UnboundLocalError",
        "UnicodeDecodeError",
        "UnicodeEncodeError",
        "ValueError",
        "ZeroDivisionError",
        "abs",
        "all",
        "any",
        "bin",
        "bool",
        "bytes",
        "chr",
        "complex",
        "dict",
        "divmod",
        "enumerate",
        "filter",
        "float",
        "format",
        "frozenset",
        "getattr",
        "hasattr",
        "hash",
        "hex",
        "id",
        "int",
        "isinstance",
        "iter",
        "len",
        "list",
        "locals",
        "map",
        "max",
        "min",
        "next",
        "object",
        "oct",
        "ord",
        "pow",
        "print",
        "property",
        "range",
        "repr",
        "reversed",
        "round",
        "set",
        "setattr",
        "slice",
        "sorted",
        "str",
        "sum",
        "tuple",
        "type",
        "zip",
        "__name__",
        "__debug__",
        "__doc__",
    ]
)


def name_problems(tree: ast.Module) -> Iterator[Problem]:
    """Names that are read but never bound, in any scope; each reported once."""
    known = BUILTINS | api.functions().keys() | set(api.CONTEXT_NAMES) | _bound_names(tree)
    reported: set[str] = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Name) or isinstance(node.ctx, ast.Store) or node.id in known | reported:
            continue
        reported.add(node.id)
        if node.id in REFUSED_NAMES:
            yield problem_at(node, f"{node.id}() is not available", REFUSED_NAMES[node.id])
        elif not node.id.startswith("__"):
            hint = did_you_mean(node.id, known, "define it before using it")
            yield problem_at(node, f"the name {node.id} is not defined", hint)


def _bound_names(tree: ast.Module) -> set[str]:
    bound: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            bound.add(node.name)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, ast.alias):
            bound.add(node.asname or node.name.partition(".")[0])
        elif isinstance(node, ast.ExceptHandler | ast.MatchStar | ast.MatchAs) and node.name:
            bound.add(node.name)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            bound.add(node.rest)
        elif type(node).__name__ == "TypeVar":
            bound.add(getattr(node, "name", ""))
    return bound
