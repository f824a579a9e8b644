"""Syntax, imports and names that the sandbox does not have, each with what to write instead."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from planimeter.errors import did_you_mean
from planimeter.program import api
from planimeter.program.problem import Problem, problem_at
from planimeter.program.rewrite import NATIVE_MODULES, SHIM_MODULES, TYPING_MODULES

_PIXEL_MODULES = frozenset(
    ("PIL", "cv2", "skimage", "rasterio", "shapely", "geopandas", "torch", "matplotlib", "osgeo")
)
_SYSTEM_MODULES = frozenset(
    [
        "os",
        "sys",
        "pathlib",
        "io",
        "subprocess",
        "socket",
        "shutil",
        "urllib",
        "requests",
        "http",
        "ctypes",
        "pickle",
        "importlib",
    ]
)
_USABLE_SYSTEM = frozenset({"sys"})
_NUMBER_MODULES = frozenset({"numpy", "scipy", "pandas", "sklearn", "numba"})

#: Built-in names that programs know and the sandbox lacks, or must not offer.
REFUSED_NAMES = {
    "open": "files cannot be opened: pass IMAGE_PATH to segment_image_from_path",
    "eval": "write the expression itself",
    "exec": "write the statements themselves",
    "compile": "write the statements themselves",
    "input": "a program cannot ask back: use cannot_answer(reason)",
    "exit": "use if/else, or cannot_answer(reason)",
    "quit": "use if/else, or cannot_answer(reason)",
    "globals": "use the names themselves",
    "vars": "use the names themselves",
    "dir": "use the names themselves",
    "delattr": "set the attribute to None",
    "super": "write a plain function",
    "callable": "leave the test out",
    "issubclass": "compare types with ==",
    "classmethod": "write a plain function",
    "staticmethod": "write a plain function",
    "memoryview": "use a list",
    "bytearray": "use a list",
    "breakpoint": "use print()",
    "help": "use print()",
}

_REFUSED_METHODS = frozenset({
    "__len__", "__lt__", "__le__", "__gt__", "__ge__", "__bool__", "__hash__", "__getattr__", "__new__",
    "__del__", "__reversed__", "__iadd__", "__format__", "__enter__", "__exit__",
})  # fmt: skip
_ALLOWED_DUNDERS = frozenset({"__name__", "__class__", "__init__", "__doc__", "__debug__"})
_PRIVATE_PREFIX = "_planimeter"


def syntax_problems(tree: ast.Module) -> Iterator[Problem]:
    """What a program uses that the sandbox does not have."""
    modules: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                modules[alias.asname or alias.name] = alias.name
    for node in ast.walk(tree):
        yield from _import_problems(node)
        yield from _statement_problems(node)
        yield from _class_problems(node)
        yield from _attribute_problems(node, modules)


def _statement_problems(node: ast.AST) -> Iterator[Problem]:
    if isinstance(node, ast.Yield | ast.YieldFrom):
        yield problem_at(node, "`yield` is not available", "collect the items in a list and return it")
    elif isinstance(node, ast.AsyncFunctionDef | ast.AsyncFor | ast.AsyncWith | ast.Await):
        yield problem_at(node, "async code is not available", "write a plain function and call it")
    elif isinstance(node, ast.TryStar):
        yield problem_at(node, "`except*` is not available", "use `except`")
    elif type(node).__name__ == "TypeAlias":
        yield problem_at(node, "`type` aliases are not available", "leave the alias out")
    elif isinstance(node, ast.With):
        yield problem_at(node, "`with` has nothing to open here", "write the statements without `with`")
    elif isinstance(node, ast.Name) and node.id.startswith(_PRIVATE_PREFIX):
        yield problem_at(node, f"{node.id} is not a name for programs", "use another name")
    elif isinstance(node, ast.Name) and node.id.startswith("__") and node.id not in _ALLOWED_DUNDERS:
        yield problem_at(node, f"{node.id} is not available", "leave it out")
    elif isinstance(node, ast.FunctionDef) and node.name in api.functions():
        yield problem_at(node, f"{node.name} is already there", "call it; do not define it")
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        if node.id in api.functions():
            yield problem_at(node, f"{node.id} is a program function", "use another name for your variable")
        elif node.id in ("IMAGE_PATH", "BEFORE_PATH"):
            yield problem_at(node, f"{node.id} is given", "use it as it is")


def _class_problems(node: ast.AST) -> Iterator[Problem]:
    if not isinstance(node, ast.ClassDef):
        return
    bases = [base for base in node.bases if not (isinstance(base, ast.Name) and base.id == "object")]
    if bases or node.keywords:
        yield problem_at(node, "classes cannot inherit", "write a plain class, a dict or a function")
    for part in node.body:
        if not isinstance(part, ast.FunctionDef):
            continue
        if part.decorator_list:
            yield problem_at(part, "methods cannot have decorators", "write a plain method or function")
        if part.name in _REFUSED_METHODS:
            yield problem_at(part, f"{part.name} has no effect here", "write a method with an ordinary name")


def _import_problems(node: ast.AST) -> Iterator[Problem]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield from _module_problems(node, alias.name)
    elif isinstance(node, ast.ImportFrom):
        module = node.module or "."
        if node.level:
            module = "." * node.level + (node.module or "")
        found = list(_module_problems(node, module))
        if not found and any(alias.name == "*" for alias in node.names):
            found.append(problem_at(node, "`import *` is not available", "import the names you use"))
        if not found and module in SHIM_MODULES:
            for alias in node.names:
                found += _shim_problems(node, module, alias.name)
        yield from found


def _module_problems(node: ast.AST, name: str) -> Iterator[Problem]:
    root = name.partition(".")[0]
    if name in TYPING_MODULES or (root in NATIVE_MODULES | SHIM_MODULES.keys() and root == name):
        return
    message = f"the module {name} is not available"
    if root in _NUMBER_MODULES:
        yield problem_at(node, message, "use lists with sum(), min(), max(), sorted(), math and statistics")
    elif root in _PIXEL_MODULES:
        yield problem_at(node, message, "pixels are measured by the program functions, shapes are dicts")
    elif root in _SYSTEM_MODULES - _USABLE_SYSTEM:
        yield problem_at(node, message, "a program cannot reach files, the network or the system")
    else:
        known = sorted(NATIVE_MODULES | SHIM_MODULES.keys())
        hint = "the program functions need no import; leave it out"
        yield problem_at(node, message, did_you_mean(root, known, hint))


def _shim_problems(node: ast.AST, module: str, name: str) -> list[Problem]:
    known = api.shim_members(SHIM_MODULES[module])
    if name in known:
        return []
    hint = did_you_mean(name, known, f"{module} has {', '.join(known[:8])} here")
    return [problem_at(node, f"{module}.{name} is not available", hint)]


def _attribute_problems(node: ast.AST, modules: dict[str, str]) -> Iterator[Problem]:
    if not isinstance(node, ast.Attribute):
        return
    if node.attr.startswith("__") and node.attr not in _ALLOWED_DUNDERS:
        yield problem_at(node, f"{node.attr} is not available", "leave it out")
    if isinstance(node.value, ast.Name):
        module = modules.get(node.value.id)
        if module in SHIM_MODULES:
            yield from _shim_problems(node, module, node.attr)
        if (module, node.attr) == ("sys", "exit"):
            yield problem_at(node, "sys.exit is not available", REFUSED_NAMES["exit"])
