"""Spectral indices: formulas of bands, with where they come from.

The handful that the rules need is written here; any other of the Awesome Spectral Indices list can be named where the
package ``spyndex`` is installed (its list is read, none of its code runs). Letters are those of that list: B, G, R,
RE1, RE2, RE3, N, N2, S1, S2 and so on.
"""

from __future__ import annotations

import ast
import json
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from planimeter.errors import LabelError

#: Letter → colour of the band.
LETTERS = {
    "A": "coastal", "B": "blue", "G": "green", "R": "red", "RE1": "rededge1", "RE2": "rededge2", "RE3": "rededge3",
    "N": "nir", "N2": "nir08", "WV": "nir09", "S1": "swir16", "S2": "swir22", "T": "lwir",
}  # fmt: skip
_LONGEST = 300  # characters of a formula
_OPERATORS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


@dataclass(frozen=True)
class Formula:
    """An index.

    Attributes:
        name: as people call it.
        text: of letters, numbers, + - * / ** and parentheses.
        source: where it comes from.
        constants: letter → number, of those that are no bands.
    """

    name: str
    text: str
    source: str = ""
    constants: Mapping[str, float] = field(default_factory=dict, hash=False)

    @cached_property
    def tree(self) -> ast.expr:
        """The formula, parsed and found to hold nothing but arithmetic.

        Raises:
            LabelError: it holds something else.
        """
        try:
            tree = ast.parse(self.text if len(self.text) <= _LONGEST else "?", mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            tree = None
        if tree is None or not self._is_plain(tree):
            raise LabelError(
                f"The formula {self.text[:80]!r} of {self.name[:40]} is not plain arithmetic: write it with "
                f"{', '.join(LETTERS)}, numbers, + - * / ** and parentheses, such as (N - R) / (N + R)."
            )
        return tree

    @cached_property
    def colours(self) -> tuple[str, ...]:
        """The bands it needs.

        Example:
            >>> Formula("NDVI", "(N - R) / (N + R)").colours
            ('nir', 'red')
        """
        names = [node.id for node in ast.walk(self.tree) if isinstance(node, ast.Name)]
        return tuple(dict.fromkeys(LETTERS[name] for name in names if name not in self.constants))

    @cached_property
    def scale_free(self) -> bool:
        """Whether it is the same for values that are all multiplied by one number, as a ratio of bands is.

        Example:
            >>> Formula("NDVI", "(N - R) / (N + R)").scale_free, Formula("SAVI", "N / (R + 0.5)").scale_free
            (True, False)
        """
        # Many points, for a root of a difference has a value at some of them only; none anywhere tells nothing.
        drawn = np.random.default_rng(0).uniform(0.01, 1, (len(self.colours), 256))
        once, twice = (
            np.broadcast_to(self.of(dict(zip(self.colours, factor * drawn, strict=True))), 256)
            for factor in (1, 3)
        )
        known = np.isfinite(once)
        if not known.any() or not np.array_equal(known, np.isfinite(twice)):
            return False
        once, twice = once[known], twice[known]
        return bool(np.allclose(once, twice, rtol=1e-9, atol=1e-9 * np.abs(once).max()))

    @cached_property
    def is_contrast(self) -> bool:
        """Whether it is the difference of two bands over their sum.

        Example:
            >>> OWN["NDVI"].is_contrast, OWN["BSI"].is_contrast
            (True, False)
        """
        letters = [letter for letter, colour in LETTERS.items() if colour in self.colours]
        pairs = [(first, second) for first in letters for second in letters if first != second]
        return any(ast.dump(self.tree) == ast.dump(Formula("", _difference(*pair)).tree) for pair in pairs)

    def of(self, values: Mapping[str, np.ndarray]) -> np.ndarray:
        """The index of pixels; not finite where it has no value.

        Args:
            values: colour → reflectance, or anything proportional to it where ``scale_free``.

        Example:
            >>> Formula("NDVI", "(N - R) / (N + R)").of({"nir": np.array([3.0]), "red": np.array([1.0])})
            array([0.5])
        """
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            return np.asarray(self._value(self.tree, values))

    def _value(self, node: ast.expr, values: Mapping[str, np.ndarray]) -> Any:
        if isinstance(node, ast.Constant):
            assert isinstance(node.value, int | float)
            return np.float64(node.value)  # never raises: 1/0 has no finite value, as of bands
        if isinstance(node, ast.Name):
            constant = self.constants.get(node.id)
            return values[LETTERS[node.id]] if constant is None else np.float64(constant)
        if isinstance(node, ast.UnaryOp):
            inner = self._value(node.operand, values)
            return -inner if isinstance(node.op, ast.USub) else inner
        assert isinstance(node, ast.BinOp)
        return _OPERATORS[type(node.op)](self._value(node.left, values), self._value(node.right, values))

    def _is_plain(self, node: ast.AST, depth: int = 0) -> bool:
        if depth > 40:
            return False
        if isinstance(node, ast.Constant):
            value = node.value
            return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e6
        if isinstance(node, ast.Name):
            return node.id in self.constants or node.id in LETTERS
        if isinstance(node, ast.UnaryOp):
            return isinstance(node.op, ast.USub | ast.UAdd) and self._is_plain(node.operand, depth + 1)
        if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
            if isinstance(node.op, ast.Pow) and not _small(node.right):
                return False
            return self._is_plain(node.left, depth + 1) and self._is_plain(node.right, depth + 1)
        return False


def _small(node: ast.expr) -> bool:
    """Whether an exponent is a small number."""
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float) and 0 < node.value <= 8


def _difference(first: str, second: str) -> str:
    return f"({first} - {second}) / ({first} + {second})"


OWN: dict[str, Formula] = {
    each.name: each
    for each in (
        Formula("NDVI", _difference("N", "R"), "Rouse et al. 1974"),
        Formula("SAVI", "(1 + L) * (N - R) / (N + R + L)", "Huete 1988", {"L": 0.5}),
        Formula("EVI", "2.5 * (N - R) / (N + 6 * R - 7.5 * B + 1)", "Huete et al. 1997"),
        Formula("NDWI", _difference("G", "N"), "McFeeters 1996"),
        Formula("MNDWI", _difference("G", "S1"), "Xu 2006"),
        Formula("NDMI", _difference("N", "S1"), "Wilson & Sader 2002"),
        Formula("NBR", _difference("N", "S2"), "Key & Benson 1999"),
        Formula("NDSI", _difference("G", "S1"), "Hall et al. 1995"),
        Formula("NDBI", _difference("S1", "N"), "Zha et al. 2003"),
        Formula("BSI", "((S1 + R) - (N + B)) / ((S1 + R) + (N + B))", "Rikimaru et al. 2002"),
        Formula("NDRE", _difference("N", "RE1"), "Barnes et al. 2000"),
    )
}
"""The indices that are always there, by name."""


def formula_named(name: str) -> Formula:
    """The formula of an index.

    Args:
        name: one of ``OWN``, or of the list that spyndex brings where it is installed.

    Raises:
        LabelError: nobody knows it.

    Example:
        >>> formula_named("ndvi").text
        '(N - R) / (N + R)'
    """
    known = OWN.get(name.upper()) or _listed().get(name.upper())
    if known is None:
        more = (
            ""
            if _list_file()
            else ", or install spyndex for some 250 more (`pip install planimeter[sensors]`)"
        )
        raise LabelError(
            f"There is no index {name[:40]!r}: use {', '.join(OWN)}, a formula of your own{more}."
        )
    return known


def _list_file() -> Path | None:
    found = find_spec("spyndex")  # looks for it, and runs nothing of it
    if found is None or not found.submodule_search_locations:
        return None
    file = Path(found.submodule_search_locations[0]) / "data" / "spectral-indices-dict.json"
    return file if file.is_file() else None


@lru_cache(maxsize=1)
def _listed() -> dict[str, Formula]:
    """What spyndex lists, of formulas that are plain arithmetic of bands and of constants with a usual value."""
    file = _list_file()
    if file is None:
        return {}
    try:
        listed = json.loads(file.read_text(encoding="utf-8"))["SpectralIndices"]
        constants = json.loads(file.with_name("constants.json").read_text(encoding="utf-8"))
        usual = {
            key: float(value["default"])
            for key, value in constants.items()
            if isinstance(value.get("default"), int | float) and key not in LETTERS
        }
        found = {
            name.upper(): Formula(name, entry["formula"], entry.get("reference", ""), usual)
            for name, entry in listed.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):  # another version of the list
        return {}
    return {name: formula for name, formula in found.items() if _readable(formula)}


def _readable(formula: Formula) -> bool:
    try:
        return bool(formula.colours)
    except (LabelError, KeyError):
        return False
