"""Questions that no mask answers, and what to say to them."""

REASON = "This asks for something that the masks of an image do not show."

TRAIN: tuple[str, ...] = (
    "how (tall|high) are the {T}?",
    "what (colour|color) are the {T}?",
    "who (owns|built|uses) the {T}?",
    "when (were|was) the {T} (built|made|photographed)?",
    "how old are the {T}?",
    "how many (people|persons|inhabitants|families) live (here|in the {T})?",
    "what is the (population|temperature|rainfall|altitude) (here|of this place|)?",
    "how many (cars|trees|animals|cows|boats|planes) are (there|in the image)?",
    "which (city|country|village|river) is this?",
    "how (deep|clean|cold) is the {M}?",
    "how (much|expensive) (does|would) the {M} cost?",
    "(describe|summarise|interpret) the (image|scene|{M}).",
    "is the {M} (healthy|beautiful|dangerous|new)?",
    "will there be more {M} (next year|in ten years)?",
    "how much {M} was there (last year|ten years ago)?",
    "has the {M} (grown|shrunk|changed)?",
    "where (are|is) the (largest|nearest) {1}?",
    "what kind of {M} is this?",
    "(why|since when) (is|are) there {M}?",
    "how (steep|fertile|wet) is the {M}?",
    "what (crop|tree|species) grows (here|on the {M})?",
    "how many (floors|windows|rooms) do the {T} have?",
    "how far is it to the (next|nearest) (town|station|school)?",
    "how many {T} are (red|new|empty|damaged|round)?",
    "count the (cars|people|boats|chimneys|bridges).",
    "area of (clouds|snow|shadow|flooded ground) in {u}",
    "percentage of (cloud|snow|shadow|asphalt)",
)
TEST: tuple[str, ...] = (
    "How many storeys does the {e} {1} have?",
    "What is the value of the {M} in dollars?",
    "Which {T} have been sold?",
    "Is the {M} polluted?",
    "How many trucks stand near the {T}?",
    "What is the name of the {1}?",
    "How fast does the {M} grow?",
    "How many {T} will be built in the coming year?",
    "Write a poem about the {M}.",
    "What is the length of the coastline in miles?",
    "How many hectares are covered by clouds?",
    "What percentage of the {T} is made of wood?",
)

#: Close to what can be measured, and still not clear or not said: whoever answers one of these guesses.
NEAR_MISSES: tuple[str, ...] = (
    "How many buildings are within -50 m of water?",
    "How many buildings are at risk of flooding?",
    "What percentage of the land is forest?",
    "Is there a forest and a lake?",
    "How many houses are larger than 100 m² or within 50 m of water?",
    "Is the lake larger than 1 ha?",
    "How many houses are larger than 100?",
    "How many buildings are close to water?",
    "How many large buildings are there?",
    "How much forest is there per person?",
    "How many houses are there except the largest?",
    "Is most of the forest near the road?",
)
