"""Two or three words that change a question and leave its numbers, topics and measure as they were, by kind."""

import time

import pytest

from planimeter.coder.grammar.parse import parse
from planimeter.coder.rewriter.heard import heard
from planimeter.coder.rewriter.rewriter import objection

STRIP = "how many homes would a 40 m strip along the water hit"
HIT = "the number of buildings within 40 m of water"
HOSE = "hose runs 60 m from the road, how many houses{} can we get to"

# For how many, how much of it, when, which way round, which side, what besides, which of them, whose.
CHANGED = [
    "how many homes apiece would a 40 m strip along the water hit",
    "how many homes a pond would a 40 m strip hit",
    "one in how many houses is inside 30 m of woods",
    f"{STRIP}, one at a time",
    f"{STRIP} in part",
    f"{STRIP} for the most part",
    "houses with no road inside 100 m, what number partly",
    f"{STRIP} eventually",
    f"{STRIP} back then",
    f"{STRIP} by now",
    f"{STRIP} next",
    f"{STRIP} from now on",
    f"{STRIP} as it was",
    "how many homes would a 40 m strip along the water have hit",
    HOSE.format(" once there"),
    HOSE.format(" nowadays"),
    HOSE.format(" so far"),
    f"{STRIP} after the road",
    "hose runs 60 m from the road, how many houses can we get to if it moved",
    f"{STRIP}, the reverse",
    f"{STRIP}, and vice versa",
    f"{STRIP}, one side",
    HOSE.format(" this side"),
    f"{STRIP} and so on",
    HOSE.format(" and the like"),
    HOSE.format(" etc."),
    HOSE.format(" and everything else"),
    f"{STRIP}, ideally less",
    f"{STRIP}, preferably more",
    f"{STRIP} at a push",
    f"{STRIP} in dozens",
    HOSE.format(" x2"),
    f"{STRIP} thanks to the road",
    "how come the woods add up to 30 ha",
    HOSE.format(" to be"),
    HOSE.format(" to let"),
    HOSE.format(" of yours"),
    HOSE.format(" of his"),
    HOSE.format(" near me"),
    HOSE.format(" me nan knows"),
    HOSE.format(" my brother built"),
    HOSE.format(" everybody knows"),
    HOSE.format(" you can't see"),
    HOSE.format(" (occupied)"),
    HOSE.format(" (new build)"),
    f"{STRIP} [mine]",
    "how many homes would a 40 m strip along the water just miss",
    "how many ponds almost top 200 m2",
    "tot up the houses inside 60 m give or take of the lake",
    "how many houses couldn't fail to be inside 60 m of the lake",
    "how many are the ponds, and are they over 200 m2",
    "what do the woods come to in ha, more than the meadows?",
    f"{STRIP}; the rest",
    f"{STRIP}, is that a lot",
    f"{STRIP}, yes or no",
    f"{STRIP} and below",
    f"{STRIP} but bigger",
    f"{STRIP} , smaller ones",
    f"{STRIP} too much",
    "next biggest field we got on here, how many acres would that be now",
    "how many homes would the water hit first, spreading 40 m",
    "tot up the houses 60 m inside the forest",
    "never mind the houses inside 60 m of the lake, how many do the others come to",
    "tot up the houses inside 60 m of the lake's inlet",
    HOSE.format(" 🔥"),
    HOSE.format(" 🏚"),
    f"{STRIP} 👎",
    f"{STRIP} ❌",
]

# What a plain sentence loses.
LOST = [
    (f"{STRIP} completely", HIT),
    (f"{STRIP}, fully", HIT),
    ("tot up the houses wholly inside 60 m of the lake", "the number of buildings within 60 m of water"),
    (f"{STRIP} per farm", HIT),
    (f"{STRIP} by zone", HIT),
    ("tot up the houses inside 60 m of the lake", "the area of buildings within 60 m of water"),
    ("what do the ponds come to", "the area of water"),
    (
        "how many houses fail to be outside 60 m of the lake",
        "the number of buildings more than 60 m from water",
    ),
    ("how many homes would a 40 m strip along the water miss", HIT),
]

# One word apart from something above, and right.
KEPT = [
    (STRIP, HIT),
    (f"{STRIP} again", HIT),
    (f"{STRIP} in total", HIT),
    (f"{STRIP} 🌊", HIT),
    (f"{STRIP} 🙏", HIT),
    (f"{STRIP} (number)", HIT),
    (f"{STRIP} (as of now)", HIT),
    ("show me number of dwellings (area > 4 hectares)", "the number of buildings larger than 4 ha"),
    (f"{STRIP} (roughly)", HIT),
    ("i'm completely unsure: " + STRIP, HIT),
    ("thanks to all, " + STRIP, HIT),
    ("soon to be asked: " + STRIP, HIT),
    (STRIP.replace("hit", "miss"), "the number of buildings more than 40 m from water"),
    (HOSE.format(""), "the number of buildings within 60 m of roads"),
    (
        "houses completely outside a 50 m strip along water, what number",
        "the number of buildings more than 50 m from water",
    ),
    ("tally of the houses inside 60 m of the lake", "the number of buildings within 60 m of water"),
    ("tot up the houses inside 60 m of the lake, in m2", "the area of buildings within 60 m of water, in m2"),
    ("what area do the ponds come to", "the area of water"),
    ("how many houses fail to be outside 60 m of the lake", "the number of buildings within 60 m of water"),
    ("average hectares per field, please", "the average area of single agricultural regions, in ha"),
    ("houses our 40 m strip along the water would hit, how many", HIT),
    (
        "biggest field we got on here, how many acres would that be now",
        "the area of the largest agricultural region, in acres",
    ),
    (
        "your average field round here, what size would it be then",
        "the average area of single agricultural regions",
    ),
]


def said_against(wording: str, plain: str) -> str | None:
    asked = heard(wording)
    against = None if asked.unknown else asked.against
    return against or objection(asked.says, plain, parse(plain))


@pytest.mark.parametrize("wording", CHANGED)
def test_what_changes_a_question_never_reaches_the_model(wording: str) -> None:
    asked = heard(wording)
    assert asked.against
    assert not asked.unknown


@pytest.mark.parametrize(("wording", "plain"), LOST)
def test_what_a_plain_sentence_loses_speaks_against_it(wording: str, plain: str) -> None:
    assert said_against(wording, plain) is not None


@pytest.mark.parametrize(("wording", "plain"), KEPT)
def test_what_changes_nothing_is_taken(wording: str, plain: str) -> None:
    assert said_against(wording, plain) is None


@pytest.mark.parametrize(
    "piece",
    [
        "houses my a ",
        "would have ",
        "(a) ",
        "9 m ",
        "how many a an ",
        "🔥",
        "lake's ",
        "and are ",
        "which, ",
        "s up ",
        "( ",
    ],
)
def test_long_text_does_not_hang(piece: str) -> None:
    started = time.process_time()
    heard(f"how many houses {piece * 200}"[:1000])
    assert time.process_time() - started < 5
