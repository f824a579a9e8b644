"""Grammar of things that are the nearest or the farthest: how far the remotest house lies, and which one that is."""

from __future__ import annotations

from typing import Any

from planimeter.coder.grammar.rulebook import rule
from planimeter.coder.grammar.rules.distances import STATISTICS
from planimeter.meaning.record import replace
from planimeter.meaning.records import Bounds, Distance, Meaning, Quantity, Subject, Threshold, Where

Extreme = tuple[str, Subject]
"""Which end of the distances is meant ("min", "max"), and the things."""


def _one(np: Subject) -> bool:
    """Whether a phrase can stand for the one thing that is nearest or farthest."""
    return np.pick is None and not np.plural


@rule("back", "(from|to) (it|that|them)")
def _back() -> str:
    """What has been named before ("the house closest to it")."""
    return "back"


@rule("away_off", "(away|off|apart|distant)")
def _away_off() -> str:
    return "away"


@rule(
    "extremething",
    "<nearest> {np} [{back}]",
    "{np} [that is|which is|that lies|which lies] <nearest> [{back}]",
)
def _nearest(np: Subject, back: Any = None) -> Extreme | None:
    return ("min", np) if _one(np) else None


@rule(
    "extremething",
    "<farthest> {np} [{back}]",
    "{np} [that is|which is|that lies|which lies] <farthest> [{away_off}] [{back}]",
)
def _farthest(np: Subject, back: Any = None, away_off: Any = None) -> Extreme | None:
    return ("max", np) if _one(np) else None


@rule("fromtarget", "[{away_off}] (from|to|off|away from) {target}")
def _from_target(target: Subject, away_off: Any = None) -> Subject:
    return target


@rule("extremepair", "{extremething:first} {fromtarget:second}")
def _extreme_pair(first: Extreme, second: Subject) -> Quantity:
    return Distance(first[1], second, first[0])


@rule("stands", "(lie|lies|stand|stands|sit|sits|come|comes|get|gets|go|goes|be|is|are|located|situated)")
def _stands() -> str:
    return "stands"


@rule(
    "howfar", "how (far|close|near|distant|remote) [{away_off}]", "what distance", "(what|which) is distance"
)
def _how_far(away_off: Any = None) -> str:
    return "how far"


@rule(
    "question",
    "{howfar} (<is>|<does>) {extremepair} [{stands}] [{back}]",
    "{howfar} (<is>|<does>) {extremething:first} [{stands}] {fromtarget:second}",
    "{howfar} {fromtarget:second} (<is>|<does>) {extremething:first} [{stands}]",
    "{extremepair} {howfar} [<is>|<does>] [it|that] [{stands}] [{away_off}] [{back}]",
)
def _how_far_is_it(
    howfar: str,
    extremepair: Quantity | None = None,
    first: Extreme | None = None,
    second: Subject | None = None,
    stands: Any = None,
    away_off: Any = None,
    back: Any = None,
) -> Quantity | None:
    if extremepair is not None:
        return extremepair
    return None if first is None or second is None else Distance(first[1], second, first[0])


@rule("question", "what distance has {extremepair}")
def _has_what_distance(extremepair: Quantity) -> Quantity:
    return extremepair


@rule(
    "question",
    "<is> {extremepair} [{stands}] {bounds} [{away_off}]",
    "<is> {extremething:first} [{stands}] {bounds} {fromtarget:second}",
    "[<ask>] <whether> {extremepair} [{stands}] {bounds} [{away_off}]",
)
def _is_it_so_far(
    bounds: Bounds,
    extremepair: Quantity | None = None,
    first: Extreme | None = None,
    second: Subject | None = None,
    stands: Any = None,
    away_off: Any = None,
) -> Meaning | None:
    """ "Is the closest water to the fields more than 150 m away?" is about that one distance, not about any water."""
    if bounds.dimension != "length":
        return None
    if extremepair is not None:
        return Threshold(extremepair, bounds)
    return (
        None if first is None or second is None else Threshold(Distance(first[1], second, first[0]), bounds)
    )


@rule("question", "how (close|near) {fromtarget:second} <does> any {np:first} (come|get|lie|stand|sit|go)")
@rule("question", "how (close|near) <does> any {np:first} (come|get|lie|stand|sit|go) {fromtarget:second}")
def _how_close_any(first: Subject, second: Subject) -> Quantity | None:
    """Of all of them the nearest, as "any" says."""
    return None if first.pick is not None else Distance(replace(first, plural=True), second, "min")


@rule(
    "question",
    "how (close|near) <does> {np:first} (come|get|go) {fromtarget:second}",
    "how (close|near) {fromtarget:second} <does> {np:first} (come|get|go)",
)
def _how_close_they_come(first: Subject, second: Subject) -> Quantity | None:
    """How close a cover, or things, come to another is the nearest of their distances."""
    if first.pick is None and not first.counted and first.kind == "thing":
        return None  # "how close does a house come": which
    return Distance(first, second, "min")


@rule(
    "question",
    "how far is it (from|between) {target:second} (to|and) {extremething:first}",
    "how far is it (from|between) {extremething:first} (to|and) {target:second}",
    "what is {end} [that] [any] {np:thing} (is|gets|lies|comes|stands|get|come) {fromtarget:second}",
)
def _how_far_is_it_to(
    second: Subject, first: Extreme | None = None, end: str = "", thing: Subject | None = None
) -> Quantity | None:
    if first is not None:
        return Distance(first[1], second, first[0])
    return (
        None
        if thing is None or thing.pick is not None
        else Distance(replace(thing, plural=True), second, end)
    )


@rule("end", "(farthest|furthest|most)")
def _far() -> str:
    return "max"


@rule("end", "(nearest|closest)")
def _near() -> str:
    return "min"


@rule("gapword", "(distance|gap|separation|spacing)")
def _gap_word() -> str:
    return "gap"


@rule("gapverb", "(is there|lies|separates|there is|<is>)")
def _gap_verb() -> str:
    return "is there"


@rule(
    "gap",
    "[between|of|from] {extremething:first} (and|to|from) {target:second}",
    "[between|from] {target:second} (and|to|from) {extremething:first}",
    "[between|of|from] {extremepair}",
)
def _gap(
    first: Extreme | None = None, second: Subject | None = None, extremepair: Quantity | None = None
) -> Quantity | None:
    if extremepair is not None:
        return extremepair
    return None if first is None or second is None else Distance(first[1], second, first[0])


@rule("q", "{gapword} (to|from) {target:second} (of|for) {extremething:first}")
def _gap_to(gapword: str, first: Extreme, second: Subject) -> Quantity:
    return Distance(first[1], second, first[0])


@rule("q", "{gapword} {gap}")
def _gap_of(gapword: str, gap: Quantity) -> Quantity:
    return gap


@rule("question", "(what|which) {gapword} {gapverb} {gap}")
def _what_gap(gapword: str, gapverb: str, gap: Quantity) -> Quantity:
    return gap


def _statistics_of_gaps() -> None:
    for name, word in STATISTICS.items():
        rule(
            "q",
            f"{word} {{gapword}} [from|between|of] [any] {{endpoint:first}} (to|and|from) {{target:second}}",
            f"{word} {{np:first}} (to|from) {{target:second}} {{gapword}}",
            f"{word} {{np:first}} {{np:second}} {{gapword}}",
            f"{word} {{gapword}} {{np:first}} {{np:second}}",
        )(lambda first, second, gapword=None, _name=name: Distance(first, second, _name))
        rule(
            "question",
            f"(what|which) {{gapverb}} {word} {{gapword}} (from|between|of) {{endpoint:first}} (to|and|from) "
            f"{{target:second}}",
        )(lambda first, second, gapword=None, gapverb=None, _name=name: Distance(first, second, _name))


_statistics_of_gaps()


@rule(
    "question",
    "how far [{away_off}] {fromtarget:second} (is|are|lie|<does>) {endpoint:first} [lie|lies|stand] on average",
    "how far [{away_off}] (is|are|<does>) {endpoint:first} [lie|lies|stand] {fromtarget:second} on average",
    "(what|which) distance {gapverb} (between|from) {endpoint:first} (and|to|from) {target:second} on average",
)
def _on_average(
    first: Subject, second: Subject, away_off: Any = None, gapverb: Any = None
) -> Quantity | None:
    return None if first.pick is not None else Distance(first, second, "mean")


# --- which one


@rule("farend", "<farthest> [{away_off}]", "has (greatest|largest|longest|maximum|highest) distance")
def _far_end(away_off: Any = None) -> str:
    return "max"


@rule("farend", "<nearest>", "has (smallest|shortest|least|minimum|lowest) distance")
def _near_end() -> str:
    return "min"


@rule(
    "question",
    "(which|what) [one] {np:first} [<is>|lies|stands|sits|that is] {farend} (to|from|off) {target:second}",
    "(which|what) is {np:first} [that|which] [is|lies|stands] {farend} (to|from|off) {target:second}",
    "<pointverb> {np:first} [that|which] [is|lies|stands] {farend} (to|from|off) {target:second}",
    "(which|what) [one] {np:first} (is|lies|stands|sits) (to|from|off) {target:second} {farend}",
)
def _which_place(first: Subject, second: Subject, farend: str) -> Meaning | None:
    return Where(first, second, farend == "max") if _one(first) and not first.where else None


@rule(
    "question",
    "(which|what) [one] of {np:first} (is|lies|stands|sits) {farend} (to|from|off) {target:second}",
)
def _which_of_them(first: Subject, second: Subject, farend: str) -> Meaning | None:
    return Where(first, second, farend == "max") if first.pick is None and not first.where else None
