"""Calls of program functions, and keys of the dicts that they return.

What a name holds is followed through the program without regard to order or scope: "result" (what
``segment_image_from_path`` returns), "shapes" (a list) or "shape" (one dict). A name that holds several
kinds, or anything unknown, is left alone, so that no program that works is refused.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from planimeter.errors import did_you_mean
from planimeter.program import api
from planimeter.program.problem import Problem, problem_at
from planimeter.vocabulary.topics import topic_among

_SHAPE_KEYS = (*api.SHAPE_KEYS, *api.OPTIONAL_SHAPE_KEYS, *api.ADDED_SHAPE_KEYS)
_OTHER_WORDS = {
    "area": "area_pixels or area_hectares",
    "area_m2": "area_hectares, times 10000",
    "area_sqm": "area_hectares, times 10000",
    "area_km2": "area_hectares, divided by 100",
    "area_meters": "area_hectares, times 10000",
    "class": "class_type",
    "topic": "class_type",
    "label": "class_type",
    "category": "class_type",
    "type": "class_type",
    "distance": "distance_meters",
    "perimeter": "perimeter_meters",
    "size": "area_pixels",
    "geometry": "polygon",
    "width": "image_width",
    "height": "image_height",
}
_KEEPS_SHAPES = frozenset({"sorted", "list", "reversed", "tuple", "iter"})
_PICKS_SHAPE = frozenset({"max", "min", "next"})
_NO_SHAPES = frozenset({"cannot_answer", "calculate_transitions", "measure_index"})
_ROUNDS = 8  # assignments that a kind is followed through


def call_problems(tree: ast.Module, topics: tuple[str, ...] | None) -> Iterator[Problem]:
    """Wrong arguments of program functions, and unknown keys of shapes and results."""
    kinds = _Kinds(tree)
    own_keys = _keys_a_program_makes(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in api.functions():
            yield from _argument_problems(node, api.functions()[node.func.id])
            yield from _kind_problems(node, kinds)
            if topics is not None and node.func.id == "segment_image_from_path":
                yield from _topic_problems(node, topics)
        yield from _key_problems(node, kinds, own_keys)


def _argument_problems(node: ast.Call, function: api.ApiFunction) -> Iterator[Problem]:
    names = [parameter.name for parameter in function.parameters]
    if any(isinstance(a, ast.Starred) for a in node.args) or any(k.arg is None for k in node.keywords):
        return
    call = f"call {function.signature}"
    if len(node.args) > len(names):
        yield problem_at(node, f"{function.name} takes at most {len(names)} arguments", call)
    given = set(names[: len(node.args)])
    for keyword in node.keywords:
        assert keyword.arg is not None
        if keyword.arg not in names:
            hint = did_you_mean(keyword.arg, names, call)
            yield problem_at(node, f"{function.name} has no argument {keyword.arg}", hint)
        elif keyword.arg in given:
            yield problem_at(node, f"{function.name} gets {keyword.arg} twice", call)
        given.add(keyword.arg)
    missing = [p.name for p in function.parameters if p.default is None and p.name not in given]
    if missing:
        yield problem_at(node, f"{function.name} lacks {', '.join(missing)}", call)


def _kind_problems(node: ast.Call, kinds: _Kinds) -> Iterator[Problem]:
    for argument in [*node.args, *(keyword.value for keyword in node.keywords)]:
        if kinds.of(argument) == "result":
            text = ast.unparse(argument)[:40]
            yield problem_at(argument, f"{text} is not a list of shapes", f'pass {text}["shapes"]')
        elif kinds.of(argument) == "shape" and isinstance(argument, ast.Name):
            yield problem_at(argument, f"{argument.id} is one shape", f"pass a list: [{argument.id}]")


def _topic_problems(node: ast.Call, topics: tuple[str, ...]) -> Iterator[Problem]:
    given = [*node.args[1:2], *(k.value for k in node.keywords if k.arg == "topics")]
    for argument in given:
        items = argument.elts if isinstance(argument, ast.List | ast.Tuple | ast.Set) else [argument]
        for item in items:
            if isinstance(item, ast.Constant) and isinstance(item.value, str):
                word = item.value
                if topic_among(word, topics) is None:
                    hint = did_you_mean(word, topics, f"there are {', '.join(topics)}")
                    yield problem_at(item, f"there is no topic {word[:40]!r}", hint)


def _key_problems(node: ast.AST, kinds: _Kinds, own_keys: set[str]) -> Iterator[Problem]:
    owner, key = _read_key(node)
    if owner is not None:
        kind = kinds.of(owner)
        if kind == "shape" and key not in _SHAPE_KEYS and key not in own_keys:
            yield problem_at(node, f'shapes have no key "{key[:40]}"', _key_hint(key, _SHAPE_KEYS))
        elif kind == "result" and key not in api.RESULT_KEYS and key not in own_keys:
            yield problem_at(node, f'the result has no key "{key[:40]}"', _key_hint(key, api.RESULT_KEYS))
        elif kind == "shapes" and isinstance(node, ast.Subscript):
            name = ast.unparse(owner)[:40]
            yield problem_at(
                node, f"{name} is a list of shapes", f'loop over it: [s["{key[:40]}"] for s in {name}]'
            )
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
        if kinds.of(node.value) == "shape" and node.attr in _SHAPE_KEYS:
            name = ast.unparse(node.value)[:40]
            yield problem_at(node, "shapes are dicts", f'write {name}["{node.attr}"]')
        elif kinds.of(node.value) == "result" and node.attr in api.RESULT_KEYS:
            name = ast.unparse(node.value)[:40]
            yield problem_at(node, "the result is a dict", f'write {name}["{node.attr}"]')


def _read_key(node: ast.AST) -> tuple[ast.expr | None, str]:
    """``x["key"]`` or ``x.get("key")``: (x, key)."""
    owner: ast.expr | None = None
    key: ast.expr | None = None
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        owner, key = node.value, node.slice
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
        owner, key = node.func.value, node.args[0] if node.args else None
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        return owner, key.value
    return None, ""


def _key_hint(key: str, known: tuple[str, ...]) -> str:
    if key in _OTHER_WORDS:
        return f"did you mean {_OTHER_WORDS[key]}?"
    return did_you_mean(key, known, f"there are {', '.join(known)}")


def _keys_a_program_makes(tree: ast.Module) -> set[str]:
    keys: set[str] = set()
    for node in ast.walk(tree):
        made: list[ast.expr | None] = []
        if isinstance(node, ast.Dict):
            made = list(node.keys)
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            made = [node.slice]
        elif isinstance(node, ast.Call):
            keys.update(keyword.arg for keyword in node.keywords if keyword.arg)
            if isinstance(node.func, ast.Attribute) and node.func.attr in ("setdefault", "fromkeys", "pop"):
                made = list(node.args[:1])
        keys.update(k.value for k in made if isinstance(k, ast.Constant) and isinstance(k.value, str))
    return keys


class _Kinds:
    """What names and expressions of one program hold."""

    def __init__(self, tree: ast.Module) -> None:
        self._names: dict[str, str | None] = {}
        bindings = list(_bindings(tree))
        for _ in range(_ROUNDS):
            found: dict[str, set[str | None]] = {}
            for name, value, is_item in bindings:
                kind = None if value is None else self.of(value)
                if is_item:
                    kind = {"shapes": "shape"}.get(kind or "")
                found.setdefault(name, set()).add(kind)
            names = {name: next(iter(kinds)) if len(kinds) == 1 else None for name, kinds in found.items()}
            if names == self._names:
                break
            self._names = names

    def of(self, node: ast.expr) -> str | None:
        """ "result", "shapes", "shape", or None where that is not certain."""
        if isinstance(node, ast.Name):
            return self._names.get(node.id)
        if isinstance(node, ast.Call):
            return self._of_call(node)
        if isinstance(node, ast.Subscript):
            owner = self.of(node.value)
            if owner == "result" and isinstance(node.slice, ast.Constant) and node.slice.value == "shapes":
                return "shapes"
            if owner == "shapes":
                is_text = isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str)
                return "shapes" if isinstance(node.slice, ast.Slice) else None if is_text else "shape"
        if isinstance(node, ast.ListComp | ast.GeneratorExp):
            return "shapes" if self.of(node.elt) == "shape" else None
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return "shapes" if self.of(node.left) == self.of(node.right) == "shapes" else None
        return None

    def _of_call(self, node: ast.Call) -> str | None:
        if isinstance(node.func, ast.Attribute):
            owner, key = _read_key(node)
            return "shapes" if owner is not None and key == "shapes" and self.of(owner) == "result" else None
        if not isinstance(node.func, ast.Name):
            return None
        name = node.func.id
        if name == "segment_image_from_path":
            return "result"
        if name in api.functions():
            return "shapes" if name not in _NO_SHAPES else None
        arguments = [self.of(argument) for argument in node.args]
        if name in _KEEPS_SHAPES and arguments[:1] == ["shapes"]:
            return "shapes"
        if name in _PICKS_SHAPE and arguments == ["shapes"]:
            return "shape"
        if name == "filter" and arguments[1:2] == ["shapes"]:
            return "shapes"
        return None


def _bindings(tree: ast.Module) -> Iterator[tuple[str, ast.expr | None, bool]]:
    """(name, what it is bound to or None, whether it is bound to the items of that)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                yield from _targets(target, node.value, False)
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr):
            yield from _targets(node.target, node.value, False)
        elif isinstance(node, ast.AugAssign):
            yield from _targets(node.target, None, False)
        elif isinstance(node, ast.For | ast.comprehension):
            yield from _targets(node.target, node.iter, True)
        elif isinstance(node, ast.arg):
            yield node.arg, None, False
        elif isinstance(node, ast.alias):
            yield node.asname or node.name, None, False
        elif isinstance(node, ast.FunctionDef | ast.ClassDef) or (
            isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name
        ):
            yield str(node.name), None, False


def _targets(
    target: ast.expr, value: ast.expr | None, is_item: bool
) -> Iterator[tuple[str, ast.expr | None, bool]]:
    if isinstance(target, ast.Name):
        yield target.id, value, is_item
        return
    for node in ast.walk(target):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, None, False
