"""Grammar of percentages."""

from __future__ import annotations

from typing import Any

from planimeter.coder.grammar.own_kind import OPEN
from planimeter.coder.grammar.rulebook import rule
from planimeter.coder.grammar.rules.subjects import Conditions
from planimeter.meaning.reading import of_size
from planimeter.meaning.record import replace
from planimeter.meaning.records import (
    Condition,
    Inside,
    Quantity,
    Share,
    Size,
    Subject,
)
from planimeter.vocabulary.units import Unit


@rule("sharename", "<sharename>", "{percentunit}", "<sharename> in {percentunit}")
def _share_name(percentunit: Unit | None = None) -> str:
    return "share"


@rule(
    "whole",
    "image",
    "area in image",
    "total area",
    "land [area]",
    "land [area] in image",
    "area",
    "surface",
    "ground area in image",
    "image area",
    "total image area",
    "area of image",
    "total surface",
)
def _whole() -> str:
    return "image"


@rule(
    "isnot",
    "[is] not <coveredpassive>",
    "is not [made up of]",
    "are not <coveredpassive>",
    "<does> not belong to",
    "<does> not consist of",
)
def _is_not() -> str:
    return "not"


@rule(
    "shareq",
    "{sharename} of {whole} <covered> {np}",
    "{sharename} of {whole} {lead} <covered> {np}",
    "{sharename} of {whole} <does> {np} [<together>] <cover> [<together>]",
    "{sharename} of {whole} {np} [<together>] <cover>",
    "{sharename} <covered> {np}",
    "{sharename} of {np} in image",
    "{sharename} of {whole} (that is|which is) {np}",
    "{sharename} of {whole} in {np}",
    "{sharename} of {whole} {np}",
    "{np} <cover> {sharename} of {whole}",
    "<areaname> of {np} as {sharename} of {whole}",
    "{np} as {sharename} of {whole}",
    "{sharename} of {whole} that {np} <cover>",
    "{np} 's {sharename} of {whole}",
    "{np} {sharename} of {whole}",
    "{sharename} of {whole} (taken|occupied|made up|covered) [up] by {np}",
    "{np} <ground> as {sharename} of {whole}",
    "{sharename} of {np} coverage",
    "{np} coverage [{sharename}]",
    "coverage (of|by) {np}",
    "{sharename} of {np} cover",
)
def _share(np: Subject, sharename: Any = None, whole: Any = None, lead: Any = None) -> Quantity:
    return Share(np)


@rule("shareq", "{sharename} {np}", "{np} {sharename}")
def _share_keywords(np: Subject, sharename: Any) -> Quantity:
    """ "Percent structures within 40 m of road" is said of the structures, "percent forest" of the image."""
    if np.counted and np.pick is None and any(not of_size(value) for value in np.where):
        return Share(replace(np, where=()), np.where, of_image=False, by_count=True)
    return Share(np)


@rule("shareq", "{sharename} of {np}")
def _share_of(np: Subject, sharename: Any) -> Quantity | None:
    # "the percentage of forest within 50 m of water": of which whole is open when conditions follow.
    if np.where or np.pick is not None or np.definite or np.counted:
        return None
    return Share(np)


@rule("shareq", "{sharename} of {whole} {isnot} {np}")
def _share_not(np: Subject, sharename: Any, whole: Any, isnot: Any) -> Quantity:
    return Share(np, complement=True)


@rule(
    "shareq",
    "{sharename} of [all] {np:base} {predicate:conditions}",
    "{sharename} of total {np:base} {predicate:conditions}",
    "{sharename} [of] {pronoun:base} {conditions}",
    "{sharename} {elided:base} {conditions}",
    "{sharename} of {base} {modifiers:conditions}",
)
def _share_part(base: Subject, conditions: Conditions, sharename: Any) -> Quantity:
    return Share(base, conditions, of_image=False, by_count=base.counted)


@rule(
    "shareq",
    "{sharename} of [<total>] {base} <areaname> {predicate:conditions}",
    "{sharename} of [<total>] <areaname> of {np:base} {predicate:conditions}",
    "{sharename} of <possessive> [<total>] <areaname> {elided:base} {conditions}",
    "{sharename} of <possessive> [<total>] <areaname> {elided:base} that {conditions}",
    "{sharename} of <areaname> of {pronoun:base} {conditions}",
    "{sharename} by area of {np:base} {predicate:conditions}",
    "{sharename} of {np:base} by area {predicate:conditions}",
)
def _share_of_area(base: Subject, conditions: Conditions, sharename: Any) -> Quantity:
    """A share of the area is by area, also where things are counted otherwise."""
    return Share(base, conditions, of_image=False)


@rule("ofarea", "of [<total>] <areaname> of {np}", "of {np} <areaname>")
def _of_area(np: Subject) -> Subject:
    return np


@rule(
    "question", "{ofarea:base} what {sharename} {conditions}", "{ofarea:base} {lead} {sharename} {conditions}"
)
def _of_the_area(base: Subject, conditions: Conditions, sharename: Any, lead: Any = None) -> Quantity:
    return Share(base, conditions, of_image=False)


@rule("partin", "<covered> <shapes> {size}", "(belongs to|in form of) <shapes> {size}")
def _part_in(size: Condition) -> Conditions:
    return (size,)


@rule(
    "pieces",
    "(patches|regions|pieces|parcels|plots|bodies|stands|tracts|fragments|areas|polygons|stretches|expanses|parts)",
    "(installations|arrays)",
)
def _pieces() -> str:
    return "pieces"


@rule(
    "inside",
    "(in|inside|within|part of) {pieces} {size}",
    "(in|inside|within|part of) {pieces} (that|which) {lead} {size}",
    "(in|inside|within|part of) {size} {pieces}",
)
def _in_own_pieces(size: Size, pieces: str, lead: Any = None) -> Condition:
    """ "In patches of at least 1 ha": patches of what it is said of (see ``own_kind``)."""
    return Inside(replace(OPEN, where=(size,)))


@rule(
    "shareq",
    "{sharename} of {bare:base} [<areaname>] <does> {pieces} {size} <cover>",
    "{sharename} of {bare:base} [<areaname>] <does> {pieces} {size} (account|make) (for|up)",
)
def _share_of_pieces(base: Subject, size: Size, pieces: str, sharename: Any) -> Quantity:
    """ "What percentage of the forest do patches larger than 1 ha make up?" """
    return Share(base, (_in_own_pieces(size, pieces),), of_image=False)


@rule("inside", "<outof> {pieces} {size}", "<outof> {pieces} (that|which) {lead} {size}")
def _out_of_own_pieces(size: Size, pieces: str, lead: Any = None) -> Condition:
    return Inside(replace(OPEN, where=(size,)), outside=True)


@rule("shareq", "{sharename} of {base} <covered> {np}", "{sharename} of {base} <areaname> <covered> {np}")
def _share_of_cover(base: Subject, np: Subject, sharename: Any) -> Quantity | None:
    """What percentage of the vegetation is forest?"""
    return None if base.pick is not None else Share(base, (Inside(np),), of_image=False)


@rule("shareq", "{sharename} of {base} {lead} {partin}", "{sharename} of {base} <areaname> {lead} {partin}")
def _share_part_in(base: Subject, partin: Conditions, sharename: Any, lead: Any) -> Quantity | None:
    return None if base.pick is not None else Share(base, partin, of_image=False)


@rule("q", "{shareq}")
def _share_q(shareq: Quantity) -> Quantity:
    return shareq


@rule(
    "question",
    "what {shareq}",
    "what is {shareq}",
    "which {shareq}",
    "<much> of {whole} <covered> {np}",
    "<much> of {whole} <does> {np} [<together>] <cover> [<together>]",
    "how many {shareq}",
    "{np} <cover> what {sharename} of {whole}",
    "what {sharename} of {whole} <does> {np} <cover>",
    "{np} <covered> what {sharename} of {whole}",
    "{np} what {sharename} of {whole}",
    "how many {sharename} of {whole} <covered> {np}",
    "how much of {whole} {isnot} {np}",
)
def _what_share(
    shareq: Quantity | None = None,
    np: Subject | None = None,
    whole: Any = None,
    sharename: Any = None,
    isnot: Any = None,
) -> Quantity | None:
    if shareq is not None:
        return shareq
    return None if np is None else Share(np, complement=isnot is not None)
