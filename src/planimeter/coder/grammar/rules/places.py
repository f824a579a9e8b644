"""Grammar of places: where the largest lake is, which building lies farthest from a road."""

from __future__ import annotations

from planimeter.coder.grammar.rulebook import rule
from planimeter.meaning.record import replace
from planimeter.meaning.records import Meaning, Pick, Subject, Where


def _one(np: Subject) -> bool:
    return np.pick is not None and np.pick.count == 1


@rule(
    "question",
    "(where|at which place|in which place|at which position) is {np} [located|situated|found|at]",
    "where (<can>|<does>) (i|you|we|one) (find|see|spot) {np}",
    "(where|at which position|in which place) <does> {np} (lie|sit|stand)",
    "[what is|what are] <coordinates> of {np}",
    "(what|which) is <coordinates> of {np}",
    "<pointverb> {np}",
)
def _where(np: Subject) -> Meaning | None:
    """Of the one that is named; "the lake" is taken for one where there is no other."""
    single = not np.plural and np.kind == "thing" and np.definite and len(np.topics) == 1 and not np.where
    return Where(np) if _one(np) or single else None


@rule("question", "(which|what) is {picked}", "which one is {picked}")
def _which_is(picked: Subject) -> Meaning | None:
    return Where(picked) if _one(picked) and (picked.kind == "thing" or picked.regions) else None


@rule(
    "question",
    "(which|what) {bare} is {extreme}",
    "(which|what) {bare} has {extreme} (area|size|footprint|extent)",
)
def _which_is_largest(bare: Subject, extreme: tuple[bool]) -> Meaning | None:
    if bare.pick is not None or bare.plural or (bare.kind != "thing" and not bare.regions):
        return None
    return Where(replace(bare, pick=Pick(extreme[0])))


@rule("extreme", "<largest>")
def _largest() -> tuple[bool]:
    return (True,)


@rule("extreme", "<smallest>")
def _smallest() -> tuple[bool]:
    return (False,)


@rule("extremeplace", "<nearest>")
def _nearest() -> tuple[bool]:
    return (False,)


@rule("extremeplace", "<farthest>")
def _farthest() -> tuple[bool]:
    return (True,)


@rule(
    "question",
    "(which|what) {np:first} (is|lies|stands|sits) {extremeplace} [away] (to|from) {target:second}",
    "where is {extremeplace} {np:first} (to|from) {target:second}",
    "where is {np:first} {extremeplace} [away] (to|from) {target:second}",
    "where is {np:first} that is {extremeplace} [away] (to|from) {target:second}",
    "(which|what) is {extremeplace} {np:first} (to|from) {target:second}",
    "<pointverb> {extremeplace} {np:first} (to|from) {target:second}",
    "<coordinates> of {extremeplace} {np:first} (to|from) {target:second}",
    "<coordinates> of {np:first} {extremeplace} [away] (to|from) {target:second}",
)
def _which_place(first: Subject, second: Subject, extremeplace: tuple[bool]) -> Meaning | None:
    return None if first.pick is not None else Where(first, second, extremeplace[0])
