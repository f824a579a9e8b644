"""The topic vocabulary: every topic is reachable, and no phrase means two topics."""

from __future__ import annotations

import pytest

from planimeter.vocabulary.topics import COMPOSED, SYNONYMS, TOPICS, canonical, nouns, topic_of


@pytest.mark.parametrize(
    ("phrase", "topic"),
    [
        ("houses", "roof"),
        ("Building", "roof"),
        ("woods", "forest"),
        ("woodland", "forest"),
        ("trees", "forest"),
        ("forest area", "forest"),
        ("ponds", "water"),
        ("bodies", None),
        ("water bodies", "water"),
        ("river", "water"),
        ("cropland", "agric"),
        ("agricultural land patches", "agric"),
        ("farm-land", "agric"),
        ("PV", "solar"),
        ("photovoltaic panels", "solar"),
        ("solar installations", "solar"),
        ("Bare soil", "barren"),
        ("sand", "barren"),
        ("pasture", "grass"),
        ("rangeland", "grass"),
        ("built-up areas", "urban"),
        ("city", "urban"),
        ("highways", "road"),
        ("greenery", "vegetation"),
        ("area", None),
        ("boats", None),
        ("", None),
    ],
)
def test_canonical(phrase: str, topic: str | None) -> None:
    assert canonical(phrase) == topic


def test_every_topic_has_its_own_name_and_a_display() -> None:
    for topic in TOPICS:
        assert canonical(topic) == topic
        assert canonical(topic_of(topic).mass) == topic
        assert canonical(topic_of(topic).one) == topic
        assert canonical(topic_of(topic).many) == topic
    assert set(SYNONYMS.values()) == set(TOPICS)


def test_a_plural_and_its_singular_are_the_same_topic() -> None:
    table = nouns()
    for phrase, noun in table.items():
        if noun.plural and phrase[:-1] in table:
            assert table[phrase[:-1]].topic == noun.topic


def test_composed_topics_are_made_of_plain_ones() -> None:
    for whole, parts in COMPOSED.items():
        assert whole in TOPICS
        assert all(part in TOPICS and part not in COMPOSED for part in parts)
