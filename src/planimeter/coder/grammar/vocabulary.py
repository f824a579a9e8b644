"""The few words that may be left out of a question, and those that name the image."""

from __future__ import annotations


def _phrases(*lines: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for line in lines for phrase in line.split(",") if phrase.strip())


FILLERS = frozenset(
    [
        "please",
        "pls",
        "plz",
        "kindly",
        "just",
        "simply",
        "currently",
        "actually",
        "really",
        "altogether",
        "overall",
        "approximately",
        "roughly",
        "approx",
        "estimated",
        "visually",
        "hello",
        "hi",
        "hey",
        "thanks",
        "also",
        "own",
        "clearly",
    ]
)
"""Words that never change what is asked; everything else must be understood."""

FILLER_PHRASES = _phrases(
    "in total, in all, all told, thank you, as shown, shown here, shown above, as seen, here, on ground, of interest",
)

IMAGE_ADJECTIVES = frozenset(
    [
        "satellite",
        "aerial",
        "overhead",
        "drone",
        "whole",
        "entire",
        "full",
        "this",
        "that",
        "given",
        "provided",
        "above",
        "attached",
        "shown",
        "following",
        "our",
        "my",
        "total",
        "complete",
        "same",
    ]
)
IMAGE_NOUNS = frozenset(
    [
        "image",
        "picture",
        "photo",
        "photograph",
        "scene",
        "tile",
        "imagery",
        "frame",
        "snapshot",
        "screenshot",
        "view",
        "map",
        "raster",
        "images",
        "shot",
        "landscape",
        "pic",
    ]
)
IMAGE_TAILS = frozenset(["area", "extent", "surface", "footprint", "frame"])
SCOPE = frozenset(["in", "on", "within", "across", "throughout", "inside", "over"])

REMARKS: dict[str, str] = {
    "flood risk assessment": "Away",
    "fire risk assessment": "Away",
    "wildfire risk assessment": "Away",
    "flood risk": "Away",
    "fire risk": "Away",
    "wildfire risk": "Away",
    "flood risk zone": "Away",
    "fire risk zone": "Away",
    "risk of flooding": "Away",
    "risk of flood": "Away",
    "risk of fire": "Away",
    "risk of wildfire": "Away",
    "risk of fires": "Away",
    "risk of floods": "Away",
    "danger of flooding": "Away",
    "danger of fire": "Away",
    "flood hazard": "Away",
    "fire hazard": "Away",
    "wildfire hazard": "Away",
    "flood danger": "Away",
    "fire danger": "Away",
    "flood zone": "Away",
    "exposed to wildfire": "Away",
    "exposed to wildfires": "Away",
    "exposed to fire": "Away",
    "exposed to flooding": "Away",
    "exposed to floods": "Away",
    "threatened by fire": "Away",
    "threatened by wildfire": "Away",
    "threatened by flooding": "Away",
    "prone to flooding": "Away",
    "in danger of flooding": "Away",
    "utility scale": "Size",
}
"""Remarks that say why something is asked, and the condition that must stand in the question for them to be one."""

REMARK_LEADS = _phrases(
    "for, as, at, in, for purposes of, to assess, assessing, and thus at, and therefore at"
)
NEGATED_REMARKS = sorted(
    (
        phrase.split()
        for phrase in _phrases(
            "not considered, is not, are not, not, no, with no, have no, has no, without, without any, free of, "
            "free from, safe from, outside, outside of, out of"
        )
    ),
    key=len,
    reverse=True,
)
"""What denies a remark in front of it, the longest first."""
