"""Wordings whose rewritings were believed although they said something else: now they are refused.

They were made to break the rewriter, after its checks had been read; each list is a kind.
"""

from __future__ import annotations

import pytest

from planimeter.coder.rewriter.doubts import doubtful

FAR_ONES_DROPPED = [
    "how many houses are left if we drop those farther than 50 m from water",
    "how many houses remain if those farther than 50 m from water are ignored",
    "if you ignore houses more than 50 m from water how many houses remain",
    "disregard houses over 50 m from the water and count the others",
    "after dropping houses that are more than 50 m from water how many would you have",
    "what percentage of houses is left if those farther than 50 m from water are dropped",
    "how much forest is left if we drop what is more than 30 m from buildings",
    "how many houses remain once those beyond 30 m of forest are dropped",
]
AVERAGE_NUMBERS = [
    "what is the average number of houses within 50 m of a lake",
    "how many houses on average lie within 50 m of water",
    "what's the mean number of buildings that a lake has within 50 m",
    "how many houses lie on average within 20 m of a forest patch",
]
TWO_QUESTIONS = [
    "how many houses are within 50 m of water and how many are within 50 m of forest",
    "how many houses are within 50 m of water, and is there any forest",
    "how many houses are near water within 50 m and how much forest is near the water",
    "how many houses are within 50 m of water and how big are they on average",
    "how much water surface is there in sq km and how many lakes",
    "how many lakes and how many houses are there, could you tell",
    "how much forest and how much water are there, in ha",
    "how big are forest and water, respectively, in ha",
    "compute the count, and area of buildings",
    "what would the count and average footprint of houses be?",
    "work out the number of houses as well as their total area",
    "area + perimeter of the biggest lake?",
    "report the number of ponds with their total area",
    "the number of houses within 50 m of water and the area of forest",
]
OF_EACH = [
    "how big are the individual forest patches, could you tell",
    "how large are the fields individually",
    "what is the size of the various lakes",
]
AMOUNTS_NEAR = [
    "how many homes lie within 300 m of at least 1 ha of green space",
    "houses no more than 200 m from 2 acres of forest, how many",
]
EDGES = [
    "how many hectares of field margins do we have",
    "how much grass grows on the river banks",
    "how much grass is on the verge of the road",
    "how many houses are on the side of the lake",
]
QUANTIFIERS = [
    "how many lakes have exactly one house within 50 m, could you tell me",
    "so how many houses have exactly one lake within 50 m of them",
    "how many forest patches would have precisely one house within 20 m",
    "how many lakes have several houses within 50 m of them, could you tell me",
    "could you say how many lakes have many houses within 50 m",
    "how many ponds have plenty of houses within 50 m, could you tell me",
]
COMPARED = ["Are there more roads than water areas?"]
TURNED = [
    "would it be a lie to say that over 30 houses are within 50 m of water",
    "I guess over 20 houses are within 50 m of water, am I lying?",
]
NARROWED = [
    "how many captain's houses would fall in the 50 m strip along the water",
    "how many houses would fall in the 50 m strip along my neighbour's lake",
    "how many houses would fall in the 50 m strip along the river Main",
    "so how many houses do lie within 50 m of Great Lake",
    "could you tell me how many quick houses lie within 50 m of Lake Reading",
    "how many connected houses would fall in the 50 m strip along the water",
    "how many energy buildings would fall in the 50 m strip along the water",
    "how many fire houses would fall in the 50 m strip along the water",
    "tell me please how many spacious houses lie within 50 m of the water",
    "how many houses would fall in the 50 m strip along the narrowest water",
    "how many houses would fall in the 50 m strip along the other lake",
    "what about available houses within 50 m of water, how many",
    "so how many simple houses would we have within 50 m of water",
    "how many houses would fall in the 50 m strip along the full lake",
    "how many nature forests would fall in the 50 m strip along the water",
]
DOING = [
    "how many houses can see the water within 50 m",
    "how many houses use the water within 50 m",
    "how many houses need water within 50 m of them",
    "how many houses would like water within 50 m",
    "how many houses do draw water within 50 m",
    "how many houses feel the forest within 50 m",
]
ABOUT = [
    "how many houses are around 50 m from water",
    "how many houses lie close to 50 m from the water, would you say",
]


@pytest.mark.parametrize(
    "wording",
    [
        *FAR_ONES_DROPPED,
        *AVERAGE_NUMBERS,
        *TWO_QUESTIONS,
        *OF_EACH,
        *AMOUNTS_NEAR,
        *EDGES,
        *QUANTIFIERS,
        *COMPARED,
        *TURNED,
        *NARROWED,
        *DOING,
        *ABOUT,
    ],
)
def test_what_was_once_rewritten_wrongly_is_refused(wording: str) -> None:
    assert doubtful(wording) is not None


@pytest.mark.parametrize(
    "wording",
    [
        "hey, could you count the houses that lie within 50 m of water",
        "with a 50 m forest buffer in place, how many houses would stay outside",
        "Is the 'grass' class present?",
        "Number Of Buildings Within 50 m Of Water",
        "if we drew a 30 m ring around our lakes, how many of my houses would fall inside?",
        "the image's share of forest, please",
        "hey, what's the difference between the number of buildings and the number of lakes",
        "hey, how much larger is the average size than the median size of houses",
        "could you count the houses that lie within 50 m of the river bank",
        "houses lying 20 m or less from the road on either side of it, how many",
    ],
)
def test_free_wordings_are_left_to_the_model(wording: str) -> None:
    assert doubtful(wording) is None
