"""Programs whose lists of shapes are computed as columns, in the host, without a dict for every shape.

Most programs filter lists of shapes by their measures or ids, hand them to functions, and count or sum what is left.
Statements of these forms are computed here as they stand, list by list instead of shape by shape; nothing of the
program is handed to Python, and there is no loop that could not end. What is not of these forms, and whatever would
raise, is left to the sandbox, which runs the whole program from its beginning: the two give the same answer, output,
trace and evidence (``tests/program/test_columnwise.py``), and a million shapes take a hundredth of the time here.
"""

from __future__ import annotations

import ast
import inspect
from typing import Any

import numpy as np

from planimeter.errors import without_surrogates
from planimeter.program import api
from planimeter.program.arguments import Refused
from planimeter.program.column_allowance import Allowance
from planimeter.program.column_builtins import built_in, order_of
from planimeter.program.column_values import (
    ARITHMETIC,
    HELD,
    ORDER,
    SCALARS,
    calculated,
    compared,
    flags,
    numbers,
    plain,
)
from planimeter.program.columns import Sent
from planimeter.program.host import Host
from planimeter.program.inside import ending, functions
from planimeter.program.limits import Limits
from planimeter.program.shape_list import IdSet, ShapeList, Unfit, ValueList, exact, total
from planimeter.progress import stop_if_cancelled

#: What programs call: by their name the name that crosses the border.
_CALLS = {
    "segment_image_from_path": "segment",
    "find_surrounding_shapes": "surroundings",
    "find_shapes_within_distance": "within",
    "find_shapes_beyond_distance": "beyond",
    "intersect_shapes": "intersect",
    "subtract_shapes": "subtract",
    "merge_shapes": "merge",
    "find_image_shapes": "image",
    "highlight_shapes": "highlight",
    "cannot_answer": "cannot_answer",
}
_INSIDE = vars(functions) | vars(ending)
_SIGNATURES = {name: inspect.signature(_INSIDE[name]) for name in _CALLS}
_BUILTINS = frozenset({"len", "sum", "min", "max", "round", "abs", "print", "sorted", "list"})
_TAKEN = _BUILTINS | _CALLS.keys()
_ADDED = frozenset(api.ADDED_SHAPE_KEYS) - {"source_id"}


def fits(tree: ast.Module) -> bool:
    """Whether a program asks for shapes and looks as if columns could compute it.

    Example:
        >>> fits(ast.parse("answer = len([s for s in find_image_shapes() if s['area_pixels'] > 5])"))
        True
        >>> fits(ast.parse("for s in shapes: print(s)"))
        False
    """
    asks = False
    for node in ast.walk(tree):
        if not isinstance(node, _KNOWN_NODES):
            return False
        if isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else ""
            if called not in _TAKEN:
                return False
            asks = asks or called in _CALLS
        if isinstance(node, ast.Constant) and node.value in api.OPTIONAL_SHAPE_KEYS:
            return False
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id in _TAKEN:
            return False
    return asks


_KNOWN_NODES = (
    ast.Module, ast.Assign, ast.Expr, ast.If, ast.Name, ast.Constant, ast.List, ast.Subscript, ast.Slice, ast.Call,
    ast.keyword, ast.BinOp, ast.UnaryOp, ast.Not, ast.USub, ast.BoolOp, ast.And, ast.Or, ast.Compare, ast.In, ast.NotIn,
    ast.IfExp, ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.comprehension, ast.Lambda, ast.arguments, ast.arg,
    ast.Load, ast.Store, *ARITHMETIC, *ORDER,
)  # fmt: skip


class Columns:
    """Runs one program.

    Args:
        host: answers its calls.
        names: the names that it finds.
        limits: its budgets.

    Attributes:
        stdout: what it printed.
    """

    def __init__(self, host: Host, names: dict[str, Any], limits: Limits) -> None:
        self.stdout = ""
        self._host, self._names, self._limits = host, dict(names), limits
        #: The name of the shape that a comprehension or a key looks at, and the list it is of.
        self._each: tuple[str, ShapeList] | None = None
        self._allowed = Allowance(limits, host)

    def run(self, tree: ast.Module) -> Any:
        """Run a program that ``fits``; returns its ``answer``.

        Raises:
            Unfit: it needs the sandbox after all.
            LimitReached: it takes too long.
            PlanimeterError: what answering one of its calls raised.
        """
        self._allowed.start()
        self._block(tree.body)
        return self.plain(api.RESULT_NAME)

    def end(self) -> None:
        """Have it stop, because nobody waits any more; called from another thread."""
        self._allowed.end()

    def plain(self, name: str) -> Any:
        """The number or word that a name holds.

        Raises:
            Unfit: it holds something else, or there is no such name.
        """
        value = self._names.get(name)
        if value is None or not isinstance(value, SCALARS):
            raise Unfit
        return value

    def ids(self, expression: str) -> np.ndarray | None:
        """Ids of the shapes that an expression of the program holds; None where it holds no list of shapes."""
        value = self._passing(ast.parse(expression, mode="eval").body)
        return value.ids if isinstance(value, ShapeList) else None

    # -- statements ----------------------------------------------------------------------------------------

    def _block(self, statements: list[ast.stmt]) -> None:
        for statement in statements:
            stop_if_cancelled()  # nobody may be waiting any more
            if isinstance(statement, ast.Assign):
                (target,) = statement.targets if len(statement.targets) == 1 else (None,)
                if not isinstance(target, ast.Name):
                    raise Unfit
                self._names[target.id] = self._value(statement.value)
            elif isinstance(statement, ast.If):
                self._block(statement.body if self._true(statement.test) else statement.orelse)
            elif isinstance(statement, ast.Expr):
                self._passing(statement.value)
            else:
                raise Unfit

    # -- expressions ---------------------------------------------------------------------------------------

    def _value(self, node: ast.expr) -> Any:
        find = getattr(self, f"_of_{type(node).__name__.lower()}", None)
        if find is None:
            raise Unfit
        self._allowed.check()
        held = self._allowed.held
        value = find(node)
        self._allowed.hold(value, held)
        return value

    def _passing(self, node: ast.expr) -> Any:
        """A value that is looked at and kept nowhere."""
        held = self._allowed.held
        value = self._value(node)
        self._allowed.held = held
        return value

    def _true(self, node: ast.expr) -> bool:
        value = self._passing(node)
        if isinstance(value, HELD):
            return len(value) > 0
        if not isinstance(value, SCALARS):
            raise Unfit
        return bool(value)

    def _of_constant(self, node: ast.Constant) -> Any:
        return plain(node.value)

    def _of_name(self, node: ast.Name) -> Any:
        if node.id not in self._names or (self._each is not None and node.id == self._each[0]):
            raise Unfit
        return self._names[node.id]

    def _of_list(self, node: ast.List) -> list[Any]:
        return [plain(self._value(item)) for item in node.elts]

    def _of_ifexp(self, node: ast.IfExp) -> Any:
        if self._each is not None:
            raise Unfit
        return self._value(node.body if self._true(node.test) else node.orelse)

    def _of_unaryop(self, node: ast.UnaryOp) -> Any:
        if isinstance(node.op, ast.Not):
            if self._each is not None:
                return ~flags(self._value(node.operand))
            return not self._true(node.operand)
        return -exact(self._value(node.operand))

    def _of_boolop(self, node: ast.BoolOp) -> Any:
        is_and = isinstance(node.op, ast.And)
        if self._each is not None:
            joined = [flags(self._value(each)) for each in node.values]
            return (np.logical_and if is_and else np.logical_or).reduce(joined)
        value: Any = None
        for each in node.values:
            value = self._value(each)
            if not isinstance(value, SCALARS):
                raise Unfit
            if bool(value) != is_and:
                return value
        return value

    def _of_binop(self, node: ast.BinOp) -> Any:
        left, right = self._value(node.left), self._value(node.right)
        if isinstance(node.op, ast.Add) and isinstance(left, ShapeList) and isinstance(right, ShapeList):
            return left.followed_by(right)
        return calculated(left, node.op, right)

    def _of_compare(self, node: ast.Compare) -> Any:
        left, found = self._value(node.left), []
        for compare, operand in zip(node.ops, node.comparators, strict=True):
            right = self._value(operand)
            found.append(compared(left, compare, right))
            left = right
        if any(isinstance(each, np.ndarray) for each in found):
            return np.logical_and.reduce(found)
        return all(found)

    def _of_subscript(self, node: ast.Subscript) -> Any:
        if isinstance(node.value, ast.Name) and self._each is not None and node.value.id == self._each[0]:
            key = node.slice.value if isinstance(node.slice, ast.Constant) else None
            if not isinstance(key, str) or key in _ADDED:
                raise Unfit
            return self._each[1].column(key)
        held = self._value(node.value)
        if isinstance(node.slice, ast.Slice):
            if not isinstance(held, ShapeList) or node.slice.step is not None:
                raise Unfit
            first, last = (
                None if side is None else self._whole(side) for side in (node.slice.lower, node.slice.upper)
            )
            return held.kept(np.arange(len(held))[first:last])
        key = self._value(node.slice)
        if isinstance(held, dict) and key in held:
            return held[key]
        if isinstance(held, list | ValueList) and type(key) is int and -len(held) <= key < len(held):
            return plain(held[key])
        raise Unfit

    def _whole(self, node: ast.expr) -> int:
        value = self._value(node)
        if type(value) is not int:
            raise Unfit
        return value

    def _of_listcomp(self, node: ast.ListComp) -> ShapeList | ValueList:
        made = self._comprehension(node)
        return made if isinstance(made, ShapeList) else ValueList(made)

    def _of_setcomp(self, node: ast.SetComp) -> IdSet:
        made = self._comprehension(node)
        if isinstance(made, ShapeList) or made.dtype.kind != "i":
            raise Unfit
        return IdSet.of(made)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> ShapeList | np.ndarray:
        """``s`` or a measure of each shape that the conditions keep."""
        if len(node.generators) != 1 or self._each is not None:
            raise Unfit
        (loop,) = node.generators
        held = self._value(loop.iter)
        if not isinstance(held, ShapeList) or not isinstance(loop.target, ast.Name) or loop.is_async:
            raise Unfit
        for condition in loop.ifs:
            held = held.kept(flags(self._of_each(loop.target.id, held, condition)))
        if isinstance(node.elt, ast.Name) and node.elt.id == loop.target.id:
            return held
        made = self._of_each(loop.target.id, held, node.elt)
        if not isinstance(made, np.ndarray):
            raise Unfit
        return made

    def _of_each(self, name: str, held: ShapeList, node: ast.expr) -> Any:
        """An expression of each shape of a list, all at once; nothing in it may call the host."""
        if any(isinstance(part, ast.Call | ast.Lambda) for part in ast.walk(node)):
            raise Unfit
        self._each = name, held
        try:
            return self._value(node)
        finally:
            self._each = None

    # -- calls ---------------------------------------------------------------------------------------------

    def _of_call(self, node: ast.Call) -> Any:
        assert isinstance(node.func, ast.Name)  # ``fits`` has seen to it
        name = node.func.id
        if name in _CALLS:
            given = [self._value(argument) for argument in node.args]
            named = {word.arg: self._value(word.value) for word in node.keywords if word.arg is not None}
            if len(named) < len(node.keywords):
                raise Unfit
            return self._ask(name, given, named)
        if name == "sorted":
            return self._sorted(node)
        if node.keywords or any(isinstance(argument, ast.Starred) for argument in node.args):
            raise Unfit
        if name == "sum" and len(node.args) == 1 and isinstance(node.args[0], ast.GeneratorExp):
            made = self._comprehension(node.args[0])
            if isinstance(made, ShapeList):
                raise Unfit
            return total(made)
        return self._builtin(name, [self._value(argument) for argument in node.args])

    def _builtin(self, name: str, given: list[Any]) -> Any:
        if name == "print":
            self._print(given)
            return None
        return built_in(name, given)

    def _sorted(self, node: ast.Call) -> Any:
        held = self._value(node.args[0]) if len(node.args) == 1 else None
        named = {word.arg: word.value for word in node.keywords}
        if not named.keys() <= {"key", "reverse"}:
            raise Unfit
        backwards = self._value(named["reverse"]) if "reverse" in named else False
        if not isinstance(backwards, bool):
            raise Unfit
        if isinstance(held, list | ValueList) and "key" not in named:
            values = numbers(held)
            return ValueList(values[order_of(values, backwards)])
        key = named.get("key")
        if not isinstance(held, ShapeList) or not isinstance(key, ast.Lambda) or len(key.args.args) != 1:
            raise Unfit
        values = exact(self._of_each(key.args.args[0].arg, held, key.body))
        if not isinstance(values, np.ndarray):
            raise Unfit
        return held.kept(order_of(values, backwards))

    def _print(self, given: list[Any]) -> None:
        if not all(isinstance(value, SCALARS) for value in given):
            raise Unfit
        said = " ".join(map(str, given)) + "\n"
        if without_surrogates(said) != said:
            raise Unfit  # the sandbox says what becomes of it
        self.stdout += said
        if len(self.stdout) > self._limits.output_bytes // 4:
            raise Unfit

    def _ask(self, name: str, given: list[Any], named: dict[str, Any]) -> Any:
        try:
            bound = _SIGNATURES[name].bind(*given, **named)
        except TypeError:
            raise Unfit from None
        bound.apply_defaults()
        sent = {key: _sendable(key, value) for key, value in bound.arguments.items()}
        try:
            found = self._host.call(_CALLS[name], *sent.values())
        except Refused:
            raise Unfit from None
        if name == "highlight_shapes":
            return bound.arguments["shapes"]
        if isinstance(found, dict):
            return {"shapes": ShapeList.of(found["columns"]), **found["totals"]}
        return ShapeList.of(found) if isinstance(found, Sent) else found


def _sendable(key: str, value: Any) -> Any:
    """An argument as the sandbox's functions send it."""
    if isinstance(value, ShapeList):
        return value.ids
    if key == "topics" and isinstance(value, str):
        return [value]
    if isinstance(value, list) and key != "topics":
        if value:
            raise Unfit
        return np.zeros(0, dtype=np.int64)
    if key.endswith("shapes") or not isinstance(value, (*SCALARS, list)):
        raise Unfit
    return value
