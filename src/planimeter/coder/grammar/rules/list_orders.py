"""Grammar of lists in order: the largest or smallest first, or by the distance to something."""

from __future__ import annotations

from typing import Any

from planimeter.coder.grammar.rulebook import rule
from planimeter.meaning.records import Listing, Meaning, Subject

# --- by size


@rule("bysize", "[<ranked>] (by|in order of|according to) [<possessive>] (<areaname>|<sizename>)")
def _by_size() -> str:
    return "size"


@rule("firstof", "first", "on top", "at top", "first of all")
def _first_of() -> str:
    return "first"


@rule(
    "sizeway",
    "[with|starting with] <largest> [<shape>|<shapes>|ones] {firstof}",
    "(starting|beginning) with <largest> [one|<shape>]",
    "[from] <largest> to <smallest>",
    "[in] (descending|decreasing|falling) [order]",
    "in reverse order",
)
def _largest_first(firstof: str = "") -> str:
    return "largest"


@rule(
    "sizeway",
    "[with|starting with] <smallest> [<shape>|<shapes>|ones] {firstof}",
    "(starting|beginning) with <smallest> [one|<shape>]",
    "[from] <smallest> to <largest>",
    "[in] (ascending|increasing|rising) [order]",
)
def _smallest_first(firstof: str = "") -> str:
    return "smallest"


@rule(
    "sizeorder",
    "[<ranked>] {sizeway}",
    "{bysize} {sizeway}",
    "[<ranked>] {sizeway} {bysize}",
    "[<ranked>] {sizeway} of (<areaname>|<sizename>)",
    "(by|in order of) (descending|decreasing) (<areaname>|<sizename>)",
)
def _size_order(sizeway: str = "largest", bysize: str = "") -> tuple[str, bool]:
    return sizeway, True


@rule("sizeorder", "(by|in order of) (ascending|increasing) (<areaname>|<sizename>)")
def _rising_order() -> tuple[str, bool]:
    return "smallest", True


@rule("sizeorder", "{bysize}")
def _any_size_order(bysize: str) -> tuple[str, bool]:
    return "largest", False


@rule(
    "question",
    "<listverb> [<every>] {several} {sizeorder}",
    "<ask> <listverb> [<every>] {several} {sizeorder}",
    "[me] <listnoun> of [<every>] {several} {sizeorder}",
    "<findverb> <every> {several} {sizeorder}",
    "<rank> [<every>] {several} {sizeorder}",
    "(which|what) are {several} {sizeorder}",
)
def _listed_by_size(several: Subject, sizeorder: tuple[str, bool]) -> Meaning:
    return Listing(several, first=sizeorder[0])


@rule("question", "[<every>] {several} {sizeorder}")
def _by_size_alone(several: Subject, sizeorder: tuple[str, bool]) -> Meaning | None:
    """ "The five smallest ponds, smallest first"; "top 3 buildings by size" says which they are, not in what order."""
    return Listing(several, first=sizeorder[0]) if sizeorder[1] or several.pick is None else None


@rule("question", "<listverb> <largest> {np} first")
def _list_largest_first(np: Subject) -> Meaning | None:
    return Listing(np, first="largest") if np.counted and np.pick is None else None


@rule("question", "<listverb> <smallest> {np} first")
def _list_smallest_first(np: Subject) -> Meaning | None:
    return Listing(np, first="smallest") if np.counted and np.pick is None else None


# --- by distance


@rule("farway", "(nearest|closest) {firstof}", "[from] (nearest|closest) to (farthest|furthest)")
@rule("farway", "[in] (ascending|increasing|rising) [order]", "(starting|beginning) with (nearest|closest)")
@rule("farway", "(shortest|smallest) distance {firstof}")
def _nearest_first(firstof: str = "") -> str:
    return "nearest"


@rule("farway", "<farthest> {firstof}", "[from] (farthest|furthest) to (nearest|closest)")
@rule(
    "farway", "[in] (descending|decreasing|falling) [order]", "(starting|beginning) with (farthest|furthest)"
)
@rule("farway", "(longest|largest|greatest) distance {firstof}")
def _farthest_first(firstof: str = "") -> str:
    return "farthest"


@rule(
    "bydistance",
    "[<ranked>] (by|in order of|according to) [<possessive>] distance (to|from) {target}",
    "[<ranked>] (by|in order of|according to) [<possessive>] (nearness|proximity|closeness) to {target}",
    "[<ranked>] by how (far|close|near) they are (to|from|away from) {target}",
)
def _by_distance(target: Subject) -> Subject:
    return target


@rule(
    "question",
    "(<listverb>|<rank>|<ask> <listverb>) [<every>] {several} {bydistance} [{farway}]",
    "(<listverb>|<rank>|<ask> <listverb>) [<every>] {several} {farway} {bydistance}",
    "[me] <listnoun> of [<every>] {several} {bydistance} [{farway}]",
    "{several} <ranked> {bydistance} [{farway}]",
    "[<every>] {several} {bydistance} [{farway}]",
    "<listverb> [<every>] {several} (with|and) [<possessive>] (distance|distances) (to|from) {target:bydistance} "
    "[<ranked>] {farway}",
    "(<listverb>|<rank>) [<every>] {several} {farway} (to|from) {target:bydistance}",
)
def _listed_by_distance(several: Subject, bydistance: Subject, farway: str = "nearest") -> Meaning | None:
    if several.kind != "thing" and not several.regions:
        return None
    return Listing(several, bydistance, first=farway)


# --- what became of them between two dates


@rule(
    "question",
    "<listverb> [<every>] {fatednp} {sizeorder} {sincethen}",
    "<listverb> [<every>] {fatednp} {sincethen} {sizeorder}",
    "<rank> [<every>] {fatednp} {sizeorder} {sincethen}",
    "[<every>] {fatednp} {sizeorder} {sincethen}",
)
def _fated_by_size(fatednp: Subject, sizeorder: tuple[str, bool], sincethen: Any = "") -> Meaning:
    return Listing(fatednp, first=sizeorder[0])
