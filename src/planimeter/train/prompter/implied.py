"""Questions that imply a topic without naming it, in families that are held out whole.

A family is one way to think of a topic ("what a roof is for"); its wordings are never split between learning and
scoring, so that a held-out family asks for a topic in a way that nothing learnt has asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from planimeter.errors import UsageError

IMPLIED: Mapping[str, Sequence[Sequence[str]]] = {
    "water": (
        ("where boats could moor", "where a boat could float", "where one could sail"),
        ("where fish live", "where one could go fishing"),
        ("where a flood would start from", "what could burst its banks"),
        ("what a fire engine could pump from", "where fire fighters could fill their tanks"),
        ("where one could swim", "where children may learn to swim"),
        ("where ducks would land", "what herons look for"),
        ("what would freeze over in a hard winter", "where people could skate in a hard winter"),
        ("where a dam would hold something back", "what a drought would dry up"),
    ),
    "road": (
        ("where cars drive", "where a car can drive"),
        ("what an ambulance would use to get through", "which way a fire engine would come"),
        ("where a bus could run", "what a lorry needs to get here"),
        ("what is paved for traffic", "where asphalt was laid for traffic"),
        ("where snow ploughs work in winter", "what is gritted in winter"),
        ("what connects the houses with the town", "what people take to go to work by car"),
        ("where a cyclist must watch for cars", "where speed limits apply"),
    ),
    "roof": (
        ("where people live", "where families sleep at night"),
        ("what keeps the rain off people", "where one could shelter from the rain"),
        ("where solar panels could be mounted", "what could carry solar panels"),
        ("what an earthquake could bring down", "what would collapse in an earthquake"),
        ("where heating is needed in winter", "what loses heat in winter"),
        ("what a property tax is paid for", "what an insurer would insure against fire"),
        ("where rain water could be caught by gutters", "what has gutters"),
        ("what bricklayers and carpenters built", "what architects draw"),
    ),
    "solar": (
        ("where electricity is made from sunlight", "what makes power from the sun"),
        ("what earns money on sunny days", "what works best at noon"),
        ("what should be kept free of dust to give more power", "what is cleaned to give more power"),
        ("what feeds the grid without fuel", "what makes power without burning anything"),
        ("what hail would cost the power company", "what is wired to an inverter"),
    ),
    "forest": (
        ("where timber could be cut", "where a logger would work"),
        ("where a hiker finds shade", "where it is cool on a hot day"),
        ("where squirrels and owls live", "where deer hide"),
        ("what stores most carbon", "what takes carbon from the air all year"),
        ("where mushrooms are gathered", "where one could pick mushrooms"),
        ("what a wildfire would burn longest", "where a wildfire would run through the crowns"),
        ("where leaves fall in autumn", "what a beetle plague could kill"),
    ),
    "agric": (
        ("which ground needs irrigation", "what is watered in a dry summer"),
        ("where food is grown", "where crops grow"),
        ("where a tractor works", "what is ploughed"),
        ("what is harvested", "where a combine harvester drives"),
        ("where fertiliser is spread", "what is sown in spring"),
        ("what a hail insurance for crops would cover", "where a farmer loses money in a drought"),
        ("what feeds the town", "where wheat or rice could stand"),
    ),
    "grass": (
        ("where cattle could graze", "where sheep could be kept"),
        ("what is mown", "where hay could be made"),
        ("where one could lay a picnic blanket", "where a ball could be kicked about"),
        ("what stays low and green", "where hardly anything grows higher than a knee"),
        ("where horses could run", "where geese feed"),
    ),
    "urban": (
        ("where people live close together", "where most people live"),
        ("where it is loudest and busiest", "where shops would be"),
        ("where the ground is mostly sealed", "where rain runs off at once"),
        ("where lights are on at night", "what is bright at night seen from space"),
        ("where post is delivered every day", "where a census would count most people"),
        ("what planners call a settlement", "where sewers run under the ground"),
    ),
    "barren": (
        ("where nothing grows", "where no plant grows"),
        ("where the wind would raise dust", "where dust comes from"),
        ("what looks like desert", "where one would see sand or rock only"),
        ("where a new building needs no clearing", "where nothing need be cleared away to build"),
        ("what rain would wash away most easily", "where soil lies bare to the rain"),
    ),
}
"""Topic → families → wordings."""

_HELD = 4  # every fourth family of a topic, counted from its third


def implied_questions(topic: str, split: str) -> list[str]:
    """The wordings that imply a topic.

    Args:
        topic: canonical.
        split: "train" or "held_out"; the same family is never in both.

    Raises:
        UsageError: another split.

    Example:
        >>> "where boats could moor" in implied_questions("water", "train")
        True
        >>> set(implied_questions("water", "train")) & set(implied_questions("water", "held_out"))
        set()
    """
    if split not in ("train", "held_out"):
        raise UsageError(f'There is no split {split!r}: give "train" or "held_out".')
    families = IMPLIED.get(topic, ())
    return [
        wording
        for number, family in enumerate(families)
        if (number % _HELD == _HELD - 2) == (split == "held_out")
        for wording in family
    ]
