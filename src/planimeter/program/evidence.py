"""Which shapes an answer was computed from.

A program may say so itself with ``highlight_shapes``. For one that does not, the shapes are read off what
``answer`` depends on: the comprehensions and variables that feed it at the top level of the program, nearest
first. They are looked at after the program has ended, in the same sandbox; whatever holds shapes is evidence.
"""

from __future__ import annotations

import ast
import copy
from typing import TYPE_CHECKING

import numpy as np

from planimeter.program import api
from planimeter.program.rewrite import rewrite
from planimeter.program.trace import CHANGES, Evidence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planimeter.program.host import Host
    from planimeter.program.registry import BlockPart

_MOST_CANDIDATES = 12


def closing_text(tree: ast.Module, marked: bool = False) -> str:
    """The text fed after a program: it reports ``answer`` and the ids held by what feeds it, nearest first.

    Args:
        tree: the program.
        marked: the program has marked what it counts, so that only ``answer`` is asked for.

    Example:
        >>> "_closing_ids(big)" in closing_text(ast.parse("big = x; answer = len(big)"))
        True
    """
    answer, found = api.private_name("_closing_answer"), api.private_name("_closing_found")
    ids = api.private_name("_closing_ids")
    lines = ["try:", f"    {found} = {answer}({api.RESULT_NAME})", "except NameError:"]
    lines.append(f"    {found} = ['NoneType', None]")
    for expression in () if marked else candidates(tree):
        lines += [
            "try:",
            f"    {found}.append({ids}({expression}))",
            "except Exception:",
            f"    {found}.append(None)",
        ]
    return "\n".join([*lines, found])


def evidence_of(
    host: Host, found: Sequence[Sequence[int] | np.ndarray], held: Sequence[int] = ()
) -> Evidence:
    """The evidence of a run that has ended.

    Args:
        host: what it asked for.
        found: ids that ``closing_text`` reported, nearest to the answer first.
        held: ids of the shapes that the answer is: those of a list, in its order, or of a place.
    """
    evidence = Evidence()
    marked = [ids for role, ids in host.highlighted if role == "counted"]
    reference = [ids for role, ids in host.highlighted if role == "reference"]
    known = [ids for ids in found if host.registry.knows_all(ids)]
    if held:
        counted, evidence.source = np.array(held), "answer"
    elif marked:
        counted, evidence.source = np.concatenate(marked), "highlight"
    elif known:
        counted, evidence.source = np.asarray(known[0], dtype=np.int64), "dataflow"
    else:
        counted, evidence.source = host.last_shapes, "last call" if len(host.last_shapes) else "none"
    parts = host.registry.parts(counted)
    row_of = {shape_id: row for row, shape_id in enumerate(held, start=1)}
    for part in parts:
        regions, indices = part.regions(), part.indices
        if held:  # as the list has them
            order = np.argsort([row_of[part.block.first + k] for k in indices.tolist()])
            indices = indices[order]
            regions = part.block.regions.subset(indices)
        kinds = part.block.class_types[indices]
        for kind in dict.fromkeys(kinds.tolist()):
            places = np.flatnonzero(kinds == kind)
            evidence.counted.append((kind, regions if len(places) == len(kinds) else regions.subset(places)))
            if held:
                evidence.rows.append([row_of[part.block.first + k] for k in indices[places].tolist()])
    near: list[BlockPart] = []
    band = host.band_of(parts)
    for role, ids in host.highlighted:
        if role in CHANGES:
            for part in host.registry.parts(ids):
                kind = part.block.class_types[int(part.indices[0])]
                evidence.changes.setdefault(role, []).append((kind, part.regions()))
    if band is not None and not evidence.changes:
        near, evidence.distance_m, evidence.beyond = band
        # What shapes were cut by, without a distance, is no measure of how far they are.
        measured_to = host.distances_to if evidence.distance_m is None else near
        evidence.near = [part.regions() for part in measured_to]
        near = (
            measured_to if marked else near
        )  # nor is it a reference, where a program marks what it is about
    for part in host.registry.parts(np.concatenate(reference)) if reference else near:
        evidence.reference.append((part.block.class_types[int(part.indices[0])], part.regions()))
    return evidence


def candidates(tree: ast.Module) -> list[str]:
    """Expressions that feed ``answer`` and may hold shapes, nearest first."""
    feeding = _assignments(tree)
    queue, seen = [api.RESULT_NAME], {api.RESULT_NAME}
    found: list[str] = []
    while queue and len(found) < _MOST_CANDIDATES:
        name = queue.pop(0)
        if name != api.RESULT_NAME:
            found.append(name)
        for value in reversed(feeding.get(name, [])):
            found += [text for text in map(_kept_shapes, _comprehensions(value)) if text not in found]
            for node in ast.walk(value):
                if isinstance(node, ast.Name) and node.id not in seen and node.id in feeding:
                    seen.add(node.id)
                    queue.append(node.id)
    return found[:_MOST_CANDIDATES]


def _assignments(tree: ast.Module) -> dict[str, list[ast.expr]]:
    """What is assigned to each name outside functions and classes."""
    found: dict[str, list[ast.expr]] = {}
    pending: list[ast.AST] = list(tree.body)
    while pending:
        node = pending.pop(0)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            continue
        targets: list[ast.expr] = []
        value: ast.expr | None = None
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, ast.AugAssign | ast.AnnAssign | ast.NamedExpr):
            targets, value = [node.target], node.value
        elif isinstance(node, ast.For):
            targets, value = [node.target], node.iter
        if value is not None:
            for target in targets:
                for name in ast.walk(target):
                    if isinstance(name, ast.Name):
                        found.setdefault(name.id, []).append(value)
        pending = list(ast.iter_child_nodes(node)) + pending
    return found


def _comprehensions(value: ast.expr) -> list[ast.GeneratorExp | ast.ListComp | ast.SetComp]:
    kinds = (ast.GeneratorExp, ast.ListComp, ast.SetComp)
    return [node for node in ast.walk(value) if isinstance(node, kinds)]


def _kept_shapes(node: ast.GeneratorExp | ast.ListComp | ast.SetComp) -> str:
    """The items a comprehension lets through: ``sum(f(s) for s in x if c)`` → ``[s for s in x if c]``."""
    target = copy.deepcopy(node.generators[0].target)
    for name in ast.walk(target):
        if isinstance(name, ast.Name | ast.Tuple | ast.List):
            name.ctx = ast.Load()
    kept = ast.ListComp(elt=target, generators=copy.deepcopy(node.generators))
    module = ast.Module(body=[ast.Expr(ast.copy_location(kept, node))], type_ignores=[])
    return rewrite(ast.fix_missing_locations(module)).text.replace("\n", " ")
