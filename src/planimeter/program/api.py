"""What a program may call, read from the text that runs in the sandbox: for prompt, docs and check."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from planimeter.program.syntax import parse_module

INSIDE = Path(__file__).parent / "inside"
#: What holds the functions, in the order of the prompt.
_FUNCTIONS = ("functions.py", "rarer.py", "ending.py")

#: Context names that every program finds; the earlier image's is None where there is none.
CONTEXT_NAMES = ("IMAGE_PATH", "gsd", "BEFORE_PATH")
#: The name a program stores its result in.
RESULT_NAME = "answer"

#: Keys every shape has.
SHAPE_KEYS = ("id", "class_type", "area_pixels", "area_hectares")
#: Keys that cross into the sandbox only where a program names them.
OPTIONAL_SHAPE_KEYS = ("polygon", "holes", "bbox", "centroid")
#: Keys that a function adds.
ADDED_SHAPE_KEYS = (
    "source_id",
    "distance_meters",
    "perimeter_meters",
    "length_meters",
    "matched_ids",
    "neighbor_meters",
    "contained_count",
    "orientation_degrees",
    "elongation",
)
#: Keys of what ``segment_image_from_path`` returns.
RESULT_KEYS = ("shapes", "image_width", "image_height", "total_pixels", "total_hectares")


@dataclass(frozen=True)
class Parameter:
    """One argument of a program function: its name and its default as text (None = required)."""

    name: str
    default: str | None


@dataclass(frozen=True)
class ApiFunction:
    """A function that programs may call.

    Attributes:
        name: as programs write it.
        parameters: in order.
        doc: the docstring without its example.
        example: a program that uses it; run by a test.
    """

    name: str
    parameters: tuple[Parameter, ...]
    doc: str
    example: str

    @property
    def signature(self) -> str:
        """``name(a, b, c=0)``."""
        arguments = (p.name if p.default is None else f"{p.name}={p.default}" for p in self.parameters)
        return f"{self.name}({', '.join(arguments)})"


@cache
def functions() -> dict[str, ApiFunction]:
    """Every program function by name, in the order of the prompt.

    Example:
        >>> list(functions())[0]
        'segment_image_from_path'
    """
    found = (_describe_node(node) for node in _functions_tree().body if isinstance(node, ast.FunctionDef))
    return {function.name: function for function in found if not function.name.startswith("_")}


def asks_of_two_dates(text: str) -> bool:
    """Whether a program names the earlier image; False for what is no Python.

    Example:
        >>> asks_of_two_dates("answer = segment_image_from_path(BEFORE_PATH, ['water'])['total_pixels']")
        True
    """
    try:
        nodes = ast.walk(parse_module(text))
        return any(isinstance(node, ast.Name) and node.id == "BEFORE_PATH" for node in nodes)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def describe(examples: bool = False) -> str:
    """The whole program API as text, for a prompt or a page of documentation.

    Args:
        examples: add each function's example program.

    Example:
        >>> "IMAGE_PATH" in describe()
        True
    """
    parts = []
    for function in functions().values():
        text = f"{function.signature}\n{_indented(function.doc)}"
        if examples:
            text += f"\n\n    Example:\n{_indented(_indented(function.example))}"
        parts.append(text)
    return "\n\n".join(parts)


@cache
def prelude() -> str:
    """The text fed to the sandbox before a program: the functions without docstrings and type hints."""
    return _bare_text(_functions_tree())


@cache
def shim(name: str) -> str:
    """The text of one class of ``inside/shims.py``, fed where a program needs it."""
    tree = parse_module((INSIDE / "shims.py").read_text(encoding="utf-8"))
    wanted = [
        node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name
    ]
    return _bare_text(ast.Module(body=list(wanted), type_ignores=[]))


def _functions_tree() -> ast.Module:
    trees = [parse_module((INSIDE / name).read_text(encoding="utf-8")) for name in _FUNCTIONS]
    return ast.Module(body=[node for tree in trees for node in tree.body], type_ignores=[])


def _describe_node(node: ast.FunctionDef) -> ApiFunction:
    arguments = node.args.args
    required = len(arguments) - len(node.args.defaults)
    parameters = tuple(
        Parameter(a.arg, None if i < required else ast.unparse(node.args.defaults[i - required]))
        for i, a in enumerate(arguments)
    )
    doc, _, example = (ast.get_docstring(node) or "").partition("\nExample:\n")
    lines = example.splitlines()
    return ApiFunction(node.name, parameters, doc.strip(), "\n".join(line[4:] for line in lines) + "\n")


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in text.rstrip().splitlines())


def _bare_text(tree: ast.Module) -> str:
    """Source text without docstrings, annotations and their imports, under names of its own."""
    body = [node for node in tree.body if not _only_for_readers(node)]
    bare = ast.Module(body=body, type_ignores=[])
    for node in ast.walk(bare):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            if ast.get_docstring(node) is not None:
                node.body = node.body[1:] or [ast.Pass()]
            node.name = node.name if node in _methods(bare) else private_name(node.name)
        elif isinstance(node, ast.Name):
            node.id = private_name(node.id)
    return ast.unparse(bare)


def private_name(name: str) -> str:
    """How a private name of ``inside`` is called in the sandbox, where a program may well use the short one.

    Example:
        >>> private_name("_ids"), private_name("answer")
        ('_planimeter_ids', 'answer')
    """
    return f"_planimeter{name}" if name.startswith("_") and not name.startswith("__") else name


@cache
def shim_members(name: str) -> tuple[str, ...]:
    """What a shim class offers.

    Example:
        >>> "median" in shim_members("_Statistics")
        True
    """
    tree = parse_module((INSIDE / "shims.py").read_text(encoding="utf-8"))
    owner = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name)
    members = [node.name for node in owner.body if isinstance(node, ast.FunctionDef)]
    for node in owner.body:
        if isinstance(node, ast.Assign):
            members += [target.id for target in node.targets if isinstance(target, ast.Name)]
    return tuple(member for member in members if not member.startswith("_"))


def _methods(tree: ast.Module) -> set[ast.stmt]:
    return {part for node in tree.body if isinstance(node, ast.ClassDef) for part in node.body}


def _only_for_readers(node: ast.stmt) -> bool:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    return isinstance(node, ast.ImportFrom | ast.AnnAssign)
