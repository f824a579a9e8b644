"""Ordinary Python to the sandbox's Python: a rewrite of the syntax tree that remembers where everything
stood.

The sandbox's interpreter lacks a few things that programs commonly use: bound methods of built-in types as
values (``max(d, key=d.get)``), ``next`` on a generator expression, ``del``, ``statistics`` and a few other
modules, subscripted ``typing`` names outside annotations, exceptions with other than one string. Each is
turned into what it has.
"""

from __future__ import annotations

import ast
import builtins
from bisect import bisect_right
from dataclasses import dataclass, field

from planimeter.program import api
from planimeter.program.syntax import parse_expression, parse_module

#: Modules the sandbox has of itself (only what is of use to a program).
NATIVE_MODULES = frozenset({
    "math", "json", "re", "itertools", "functools", "random", "datetime", "time", "collections", "bisect",
    "copy", "decimal", "dataclasses", "typing", "sys", "csv", "base64", "binascii", "hashlib", "__future__",
})  # fmt: skip
#: Modules with a shim: module name to the class of ``inside/shims.py``.
SHIM_MODULES = {
    "statistics": "_Statistics",
    "heapq": "_Heapq",
    "operator": "_Operator",
    "string": "_String",
    "pprint": "_Pprint",
}
#: Modules whose imports only serve annotations.
TYPING_MODULES = frozenset({"typing", "typing_extensions", "collections.abc"})

_TYPES = (dict, list, str, set, tuple, frozenset, bytes, int, float)
_BUILTIN_TYPES = frozenset(kind.__name__ for kind in _TYPES)
_CLASS_METHODS = frozenset({"fromkeys", "fromhex", "from_bytes", "maketrans"})
_METHODS = frozenset(
    name
    for kind in _TYPES
    for name in dir(kind)
    if not name.startswith("_") and callable(getattr(kind, name))
)
_EXCEPTIONS = frozenset(
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
)


@dataclass(frozen=True)
class Rewritten:
    """A program as the sandbox runs it.

    Attributes:
        text: what is fed.
        shims: names of ``inside/shims.py`` that it needs.
    """

    text: str
    shims: tuple[str, ...]
    _spans: list[tuple[tuple[int, int], tuple[int, int], int]] = field(repr=False, default_factory=list)

    def original_line(self, line: int, column: int = 0) -> int:
        """The line of the user's program that a place in ``text`` came from (from line 1, column 0)."""
        place = (line, column)
        best: tuple[tuple[int, int], int] | None = None
        for start, end, origin in self._spans[: bisect_right(self._spans, (place, (1 << 60, 0), 0))]:
            if start <= place < end and (best is None or start >= best[0]):
                best = (start, origin)
        if best is not None:
            return best[1]
        earlier = [origin for start, _, origin in self._spans if start[0] <= line]
        return earlier[-1] if earlier else 1


def rewrite(tree: ast.Module) -> Rewritten:
    """Rewrite a parsed program; the tree is changed.

    Example:
        >>> rewrite(ast.parse("del d[1]")).text
        '_planimeter_delete_item(d, 1)'
    """
    rewriter = _Rewriter(tree)
    changed = ast.fix_missing_locations(rewriter.visit(tree))
    text = ast.unparse(changed)
    return Rewritten(text, tuple(sorted(rewriter.shims)), _line_map(parse_module(text), changed))


def _line_map(new: ast.AST, old: ast.AST) -> list[tuple[tuple[int, int], tuple[int, int], int]]:
    """(start, end, line of the user's program) of every node of the new text, by start."""
    spans = []
    pairs = [(new, old)]
    while pairs:
        here, origin = pairs.pop()
        if type(here) is not type(origin):
            continue  # a constant that unparses to another node: its parent's line serves
        if isinstance(here, ast.expr | ast.stmt) and isinstance(origin, ast.expr | ast.stmt):
            end = (here.end_lineno or here.lineno, here.end_col_offset or here.col_offset)
            spans.append(((here.lineno, here.col_offset), end, origin.lineno))
        pairs.extend(zip(ast.iter_child_nodes(here), ast.iter_child_nodes(origin), strict=False))
    return sorted(spans)


class _Rewriter(ast.NodeTransformer):
    def __init__(self, tree: ast.Module) -> None:
        self.shims: set[str] = set()
        self._modules: set[str] = set()
        self._typing: set[str] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for name in node.names:
                    bound = name.asname or name.name.partition(".")[0]
                    self._modules.add(bound)
                    if name.name in TYPING_MODULES:
                        self._typing.add(bound)
            elif isinstance(node, ast.ImportFrom) and node.module in TYPING_MODULES:
                self._typing.update(name.asname or name.name for name in node.names)

    # -- values
    # ------------------------------------------------------------------------------------------------

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self._unbind(node)
        if isinstance(node.func, ast.Attribute) and node.func.attr != "__class__":
            node.func.value = self.visit(node.func.value)
        else:
            node.func = self.visit(node.func)
        node.args = [self.visit(argument) for argument in node.args]
        for keyword in node.keywords:
            keyword.value = self.visit(keyword.value)
        if isinstance(node.func, ast.Attribute) and node.func.attr == "is_integer" and not node.args:
            self.shims.add("_is_integer")
            return _call(api.private_name("_is_integer"), [node.func.value], node)
        if isinstance(node.func, ast.Name) and node.func.id == "next" and node.args:
            first = node.args[0]
            if isinstance(first, ast.GeneratorExp):
                node.args[0] = _call("iter", [first], first)
        return node

    def _unbind(self, node: ast.Call) -> None:
        """``str.lower(x)`` → ``x.lower()``."""
        func = node.func
        is_unbound = (
            isinstance(func, ast.Attribute)
            and isinstance(func.value, ast.Name)
            and func.value.id in _BUILTIN_TYPES
            and func.attr in _METHODS - _CLASS_METHODS
        )
        if is_unbound and node.args and not isinstance(node.args[0], ast.Starred):
            func.value = node.args.pop(0)  # type: ignore[attr-defined]

    def visit_Assign(self, node: ast.Assign) -> ast.stmt:
        self.generic_visit(node)
        if isinstance(node.value, ast.GeneratorExp):
            node.value = _call("iter", [node.value], node.value)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        self.generic_visit(node)
        if not isinstance(node.ctx, ast.Load):
            return node
        if node.attr == "__class__":
            return _call("type", [node.value], node)
        is_module = isinstance(node.value, ast.Name) and node.value.id in self._modules
        if node.attr not in _METHODS or is_module:
            return node
        self.shims.add("_bound_method")
        call = parse_expression(f"lambda o, *a, **k: o.{node.attr}(*a, **k)")
        for part in ast.walk(call):
            if isinstance(part, ast.expr | ast.arg):
                ast.copy_location(part, node)
        return _call(api.private_name("_bound_method"), [node.value, ast.Constant(node.attr), call], node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        owner = node.value.value if isinstance(node.value, ast.Attribute) else node.value
        if isinstance(owner, ast.Name) and owner.id in self._typing:
            return ast.copy_location(ast.Name("object", ast.Load()), node)
        self.generic_visit(node)
        return node

    # -- statements
    # --------------------------------------------------------------------------------------------

    def visit_Raise(self, node: ast.Raise) -> ast.stmt:
        self.generic_visit(node)
        error = node.exc
        if isinstance(error, ast.Call) and isinstance(error.func, ast.Name) and error.func.id in _EXCEPTIONS:
            if len(error.args) == 1 and not _is_text(error.args[0]):
                error.args = [_call("str", error.args, error)]
            elif len(error.args) > 1:
                pair = ast.copy_location(ast.Tuple(error.args, ast.Load()), error)
                error.args = [_call("str", [pair], error)]
        return node

    def visit_Delete(self, node: ast.Delete) -> list[ast.stmt]:
        statements: list[ast.stmt] = []
        for target in _flat(node.targets):
            new: ast.stmt
            if isinstance(target, ast.Subscript):
                self.shims.add("_delete_item")
                key = self.visit(target.slice)
                if isinstance(key, ast.Slice):
                    ends = [part or ast.Constant(None) for part in (key.lower, key.upper, key.step)]
                    key = _call("slice", ends, target)
                new = ast.Expr(
                    _call(api.private_name("_delete_item"), [self.visit(target.value), key], target)
                )
            else:  # a name, or an attribute: it is left empty
                setattr(target, "ctx", ast.Store())  # noqa: B010 - every remaining target has a context
                new = ast.Assign([target], ast.Constant(None))
            statements.append(ast.fix_missing_locations(ast.copy_location(new, node)))
        return statements

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.stmt:
        node.bases = [b for b in node.bases if not (isinstance(b, ast.Name) and b.id == "object")]
        self.generic_visit(node)
        return node

    def visit_Import(self, node: ast.Import) -> list[ast.stmt]:
        statements: list[ast.stmt] = []
        for name in node.names:
            bound = name.asname or name.name.partition(".")[0]
            if name.name in SHIM_MODULES:
                statements.append(_assign(bound, self._shim(name.name), node))
            else:
                statements.append(ast.copy_location(ast.Import([name]), node))
        return statements

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.stmt | list[ast.stmt]:
        if node.module == "__future__":
            return ast.copy_location(ast.Pass(), node)
        statements: list[ast.stmt] = []
        kept = []
        for name in node.names:
            bound = name.asname or name.name
            if node.module in SHIM_MODULES:
                part = ast.Attribute(self._shim(node.module), name.name, ast.Load())
                statements.append(_assign(bound, part, node))
            elif node.module in TYPING_MODULES:
                statements.append(_assign(bound, ast.Name("object", ast.Load()), node))
            elif (node.module, name.name) == ("collections", "OrderedDict"):
                statements.append(_assign(bound, ast.Name("dict", ast.Load()), node))
            else:
                kept.append(name)
        if kept:
            statements.append(ast.copy_location(ast.ImportFrom(node.module, kept, node.level), node))
        return statements

    def _shim(self, module: str) -> ast.expr:
        name = SHIM_MODULES[module]
        self.shims.add(name)
        return ast.Call(ast.Name(api.private_name(name), ast.Load()), [], [])


def shim_text(names: tuple[str, ...]) -> str:
    """The shims that a rewritten program needs, as one text."""
    return "\n".join(["import math", *(api.shim(name) for name in names)]) if names else ""


def _is_text(node: ast.expr) -> bool:
    """Text for certain, or a ``*`` argument that is left as it is."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str)
    return isinstance(node, ast.JoinedStr | ast.Starred)


def _call(function: str, arguments: list[ast.expr], at: ast.AST) -> ast.Call:
    call = ast.Call(ast.Name(function, ast.Load()), arguments, [])
    ast.copy_location(call, at)
    return ast.fix_missing_locations(call)


def _assign(name: str, value: ast.expr, at: ast.AST) -> ast.stmt:
    statement = ast.Assign([ast.Name(name, ast.Store())], value)
    return ast.fix_missing_locations(ast.copy_location(statement, at))


def _flat(targets: list[ast.expr]) -> list[ast.expr]:
    found: list[ast.expr] = []
    for target in targets:
        found.extend(_flat(target.elts) if isinstance(target, ast.Tuple | ast.List) else [target])
    return found
