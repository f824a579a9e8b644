"""Whether a plain sentence measures what a free wording asks for: which quantity, of what, and no word lost."""

from __future__ import annotations

import itertools
import re

from planimeter.coder.rewriter.cues import Cues
from planimeter.coder.rewriter.phrases import GE, GT, LE, LT, MEASURES
from planimeter.coder.word_lists import listed
from planimeter.meaning.record import every
from planimeter.meaning.records import (
    Area,
    Besides,
    Border,
    Comparison,
    Composition,
    Count,
    Density,
    Difference,
    Distance,
    Fragmentation,
    ImageArea,
    IndexOf,
    Length,
    Listing,
    Meaning,
    Neighbours,
    Orientation,
    Perimeter,
    Pick,
    Portion,
    Power,
    Presence,
    Ratio,
    Share,
    SizeOf,
    Threshold,
    Which,
)

MEASURED = listed(
    "percent mean median deviation largest smallest nearest farthest ratio difference density perimeter list power"
)
"""Measures that change what is asked; a word of one has to be meant, and one that is meant has to have a word."""

_SIZES = listed(
    """
    big giant huge large little major medium minor sizable sizeable small substantial tiny vast
    """
)

PERILS = listed(
    "risk exposed threatened danger hazard peril flooding flood wildfire fire ember endangered exposure safe flooded "
    "inundated submerged affected damaged hit burn burned burnt evacuated"
)
"""Words of a danger, which no map shows: a distance has to say what is meant."""
_AMOUNTS = listed("plenty enough lot lots much many few little sufficient")

_AREA_PER = re.compile(
    r"\b(?:areas?|surface|footprints?|acreage|space|ground|how much)\b.*"
    r"\b(?:per|for each|for every|to the|in each|on each)\b"
)
_NUMBER = re.compile(r"\b(?:how many|number|count|density|dense|densely)\b")

_OF_THE_IMAGE = re.compile(
    r"\b(?:of|from) (?:the |this |all )?(?:whole |entire |total )?"
    r"(?:image|picture|scene|photo|map|site|land|ground|area|total(?= is|$|[?.,])|place|pixels)\b(?! of| that| cover)"
)

_LOADED = listed(
    """
    compare compared comparing
    appeared became become becomes centroid centroids clearcut cleared cluster clustered clusters coast
    coastline constructed contiguous continuous converted coordinate coordinates cross crossed crosses
    crossing demolished destroyed different disappeared double edge edges encircled enclosed erected
    extended felled half-as identical isolated majority mostly newly once-only opposite planted
    predominantly quadruple replaced same scattered shape shapes shore shoreline similar surrounded
    surrounding thrice times transformed triple turned twice unbroken vanished various
    """
)
"""Words that the grammar knows for something and that would be lost without it."""


def kinds(asked: Cues, plain: Cues, meaning: Meaning) -> str | None:
    """ "What share of the woods" is by area, "what share of the lakes" by number."""
    if isinstance(meaning, Share) and not meaning.of_image:
        of = meaning.of.topics
        if meaning.by_count and not set(of) <= asked.counted:
            return "whether an area is meant"
        of_area = {"area", "areas", "extent", "acreage"} & set(asked.words)
        of_area |= {"surface", "space", "cover", "ground", "much"} & asked.loose
        if not meaning.by_count and set(of) <= asked.counted and not of_area:
            return "whether a number is meant"
    if isinstance(meaning, Share) and (meaning.part or meaning.of.where):
        of_image = _OF_THE_IMAGE.search(asked.text) is not None
        if of_image != meaning.of_image:
            return "what it is a share of"
    if isinstance(meaning, Count) and not set(meaning.of.topics) <= asked.counted:
        return "what is counted"
    if isinstance(meaning, Count) and any(unit.dimension == "area" for unit in asked.units):
        return "that an area is asked for"
    return None


def _meant(meaning: Meaning) -> set[str]:
    """Measures that a meaning holds."""
    found: set[str] = set()
    for pick in every(meaning, Pick):
        found.add("largest" if pick.largest else "smallest")
    for index in every(meaning, IndexOf):
        found |= {index.statistic} & {"mean", "median", "deviation"}
    for left_out in every(meaning, Besides):
        found.add("largest" if left_out.largest else "smallest")
    for size in every(meaning, SizeOf):
        if size.of.pick is None:
            found.add(
                {
                    "mean": "mean",
                    "median": "median",
                    "max": "largest",
                    "min": "smallest",
                    "deviation": "deviation",
                }.get(size.statistic, "")
            )
    for far in every(meaning, Distance | Neighbours):
        found.add({"min": "nearest", "mean": "mean", "median": "median", "max": "farthest"}[far.statistic])
    simple: tuple[tuple[type, str], ...] = (
        (Share, "percent"), (Portion, "percent"), (Ratio, "ratio"), (Difference, "difference"), (Density, "density"),
        (Perimeter, "perimeter"), (Border, "perimeter"), (Listing, "list"), (Composition, "list"), (Power, "power"),
    )  # fmt: skip
    for kind, name in simple:
        if every(meaning, kind):
            found.add(name)
    return found - {""}


def measures(asked: Cues, plain: Cues, meaning: Meaning) -> str | None:
    meant, said = _meant(meaning), set(asked.measures)
    text = " ".join(asked.words)
    distances = every(meaning, Distance | Neighbours)
    if not re.search(
        rf"\b(?:{MEASURES['count']})\b", re.sub(r"\bnot count(?:ing)?\b|\bcounting\b", " ", text)
    ):
        said.discard("count")  # "not counting the largest"
    thresholds = any(figure.unit is not None and figure.unit.symbol == "%" for figure in asked.figures)
    if _statistics(meaning) and not every(meaning, Distance):
        # "How far apart are mean and median": how much one is more than the other.
        said -= {"distance"}
        if re.search(
            r"\bhow far (?:apart|above)\b|\bgap\b|\bstands? out\b|\bdiffer\b|\bseparates\b|\b(?:range|spread) of\b",
            text,
        ):
            said.add("difference")
        if re.search(r"\brange of\b", text):
            said |= {"largest", "smallest"}
        if re.search(r"\bfactor\b|\bfits? into\b|\bmakes? up\b", text):
            said.add("ratio")
    if "distance" in said or distances:
        if re.search(r"\bhow near\b", text):
            said.add("nearest")
        if re.search(r"\bgreatest\b|\blargest distance|\bfar\b.*\blargest distance", text):
            said = (said - {"largest"}) | {"farthest"}
        if "smallest distance" in text:
            said = (said - {"smallest"}) | {"nearest"}
        if "most" in said and " max" in f" {text}":
            said.add("farthest")
        if "least" in said:
            said.add("nearest")
    elif not isinstance(meaning, Which):
        if re.search(r"\bmax(?:imum|imal)?\b", text):
            said.add("largest")
        if re.search(r"\bmin(?:imum|imal)?\b", text) and not any(figure.way for figure in asked.figures):
            said.add("smallest")
    if isinstance(meaning, Which):
        said -= {"largest", "smallest", "ratio", "difference"}
        meant -= {"largest", "smallest"}
        said -= {"power"}
    if isinstance(meaning, Comparison | Threshold):
        said -= {"difference", "percent"} if thresholds else {"difference"}
        meant -= {"percent"} if thresholds else set()
    if every(meaning, Density) and (" per " in f" {text} " or "density" in said):
        said.add("density")
    if every(meaning, Ratio) and re.search(r"/|\bper\b|\btimes\b", asked.text):
        said.add("ratio")
    if every(meaning, Difference) and re.search(r"\bmore\b|\bexceed|\bby how|larger|bigger|-", asked.text):
        said.add("difference")
    if every(meaning, Neighbours):
        said -= {"list", "density"}  # "each from its nearest neighbour", "how densely spaced"
        said |= {"distance"} if re.search(r"\bspac(?:ing|ed)\b", text) else set()
    if every(meaning, Besides) and re.search(r"\bminus\b", text):
        said -= {"difference"}
    if every(meaning, Density) and re.search(r"\bon average\b", text):
        said -= {"mean"}
    if re.search(r"\b(?:what|which) part\b", text):
        said.add("percent")
    if isinstance(meaning, Composition):
        said -= {"percent"}
        said |= {"list"} if "all" in said else set()
    if isinstance(meaning, SizeOf) and meaning.statistic == "mean" and "ratio" in said and "mean" not in said:
        said = (said - {"ratio"}) | {"mean"}  # forest area divided by the number of forest patches
    if isinstance(meaning, Share) and "ratio" in said and "percent" in said:
        said -= {"ratio"}
    # "Within 50 m of the nearest road" is near any of them; "is the closest lake more than 50 m away" asks of that one.
    of_the_nearest = re.match(r"(?:is|are|whether|does|do|if) (?:the )?(?:nearest|closest|farthest)\b", text)
    nearest_reference = (
        "nearest" in said
        and not distances
        and not of_the_nearest
        and any(figure.unit is not None for figure in asked.figures)
    )
    if nearest_reference or (distances and "nearest" not in meant):
        said -= {"nearest"}
    if (
        not distances
        and "distance" in said
        and not any(f.unit is not None and f.unit.dimension == "length" for f in asked.figures)
    ):
        return "a distance"
    if distances and not said & {"distance", "nearest", "farthest"}:
        return "a distance"
    odd = (said & MEASURED) ^ (meant & MEASURED)
    if odd:
        return f"the word for {sorted(odd)[0]}"
    if every(meaning, Density):
        return "that an area is asked for" if _AREA_PER.search(text) and not _NUMBER.search(text) else None
    many = re.search(r"\bhow many\b|\bnumber\b|\bcount\b", text)
    if isinstance(meaning, Count) and {"area", "surface"} & asked.loose and not many:
        return "that an area is asked for"
    if isinstance(meaning, Count) and not said & {"count"}:
        return "that a number is asked for"
    if isinstance(meaning, Area | ImageArea | Length) and not _of_area(asked, said):
        return "that an area is asked for"
    if isinstance(meaning, Area | SizeOf) and _counts_things(text, asked) and "mean" not in meant:
        return "that a number is asked for"
    ranked = any(pick.first > 1 for pick in every(meaning, Pick)) or (
        isinstance(meaning, Which) and meaning.rank > 1
    )
    if ranked != ("second" in said):
        return "a rank"
    return None


def _statistics(meaning: Meaning) -> bool:
    """Whether two statistics of the regions' areas are compared."""
    return isinstance(meaning, Difference | Ratio) and isinstance(meaning.first, SizeOf)


def _of_area(asked: Cues, said: set[str]) -> bool:
    return (
        "area" in said
        or any(unit.dimension == "area" for unit in asked.units)
        or bool(
            {"total", "aggregate", "sum", "add", "plus", "quantify", "together", "summed"} & set(asked.words)
        )
    )


def _counts_things(text: str, asked: Cues) -> bool:
    """Whether "how many" asks for things rather than for hectares."""
    words = asked.words
    for place, (one, two) in enumerate(itertools.pairwise(words)):
        if (one, two) == ("how", "many") and not asked.units:
            return place >= 0
    return "number of" in text or ("count" in asked.measures and "count" in words)


def loaded(asked: Cues, plain: Cues, meaning: Meaning) -> str | None:
    """Words that would narrow or change what is asked and are not in the plain sentence."""
    words = asked.words
    for place, word in enumerate(words):
        before = words[place - 1] if place else ""
        if (
            word in _SIZES
            and before not in ("how", "more", "most", "as", "so", "too", "~")
            and word not in plain.words
        ):
            return f'the word "{word}"'
        if (
            word in _LOADED
            and word not in plain.words
            and not (isinstance(meaning, Ratio) and word in ("times", "compare"))
            and not (isinstance(meaning, Which) and word == "mostly")
            and not (
                word == "cleared"
                and re.search(r"\b(?:strip|belt|zone|buffer)\b.* were cleared\b", asked.text)
            )
            and not (word == "different" and re.search(r"\bhow many different\b", asked.text))
        ):
            return f'the word "{word}"'
    if PERILS & asked.loose and not any(
        f.unit is not None and f.unit.dimension == "length" for f in asked.figures
    ):
        return "what is at risk"
    if {"flooded", "inundated", "submerged"} & asked.loose and "water" not in asked.topics:
        return "what is flooded"
    if isinstance(meaning, Presence) and _AMOUNTS & asked.loose:
        return "how much is enough"
    if isinstance(meaning, Fragmentation) and "fragmented" not in words:
        return "when a cover is connected"
    if "length" in asked.measures and not every(
        meaning, Perimeter | Border | Length | Distance | Orientation
    ):
        return "a length"
    compares = isinstance(meaning, Comparison | Difference | Ratio | Which)
    turned = sum(word in (GT, GE, LT, LE) for word in words)
    if not compares and turned > sum(bool(figure.way) for figure in asked.figures):
        return "what is compared"
    return None
