"""The productions of the grammar; importing this fills it.

The order of the imports is the order of preference between readings.
"""

# ruff: noqa: I001, F401
from planimeter.coder.grammar.rules import numbers, nouns, conditions
from planimeter.coder.grammar.rules import counts, areas, shares, distances, derived, power
from planimeter.coder.grammar.rules import presence, thresholds, comparisons, choices, top, clauses, everyday
from planimeter.coder.grammar.rules import ground, relations, lengths, change, indices
from planimeter.coder.grammar.rules import (
    tables,
    places,
    change_lists,
    list_orders,
    neighbours,
    spacing,
    parts,
)
from planimeter.coder.grammar.rules import negatives, superlatives, proximity, verbs, edges
from planimeter.coder.grammar.rules import part_names, image_parts, holding, plain_ones
