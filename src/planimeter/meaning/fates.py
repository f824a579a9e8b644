"""Sets of shapes by what became of them between two dates: new, gone, kept, grown, shrunk; lost and gained ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planimeter.meaning.change import GROWN
from planimeter.spatial.change import MATCH

if TYPE_CHECKING:
    from planimeter.meaning.sets import Sets

#: What may become of things, which are matched by their overlap.
OF_THINGS = ("new", "gone", "kept", "grown", "shrunk")
#: Those of them whose shapes are of the earlier date.
OF_EARLIER = ("gone", "kept")
#: What may become of a cover: patches of ground, connected pixels of it.
OF_COVERS = ("lost", "gained")


def things(sets: Sets, topic: str, fate: str) -> str:
    """Write the set of a topic's shapes that are new, gone, kept, grown or shrunk; returns its variable.

    What is gone or kept are shapes of the earlier date, all others are of the later.

    Args:
        sets: gets the lines.
        topic: of the things.
        fate: one of ``OF_THINGS``.
    """
    was, now = matched(sets, topic)
    found = sets.fresh(f"{fate}_{now}")
    if fate in ("new", "gone", "kept"):
        source, test = {
            "new": (now, 'not s["matched_ids"]'),
            "gone": (was, 'not s["matched_ids"]'),
            "kept": (was, 's["matched_ids"]'),
        }[fate]
        sets.line(f"{found} = [s for s in {source} if {test}]")
        return found
    sizes, earlier_size = sets.fresh("earlier_sizes"), sets.fresh("earlier_size")
    test = f"> {1 + GROWN!r} *" if fate == "grown" else f"< {1 - GROWN!r} *"
    sets.line(f'{sizes} = {{s["id"]: s["{sets.size_key}"] for s in {was}}}')
    sets.line(f"def {earlier_size}(shape):")
    sets.line(f'    return sum({sizes}[i] for i in shape["matched_ids"])')
    sets.line(
        f'{found} = [s for s in {now} if s["matched_ids"] and s["{sets.size_key}"] {test} {earlier_size}(s)]'
    )
    return found


def matched(sets: Sets, topic: str) -> tuple[str, str]:
    """Have a topic's shapes of both dates matched with each other, once; returns the variables of both dates."""
    was, now = sets.topic(topic, before=True), sets.topic(topic)

    def write() -> str:
        sets.line(f"# one where they share at least {MATCH:.0%} of the smaller")
        sets.line(f"match_shapes({now}, {was}, {MATCH})")
        sets.line(f"match_shapes({was}, {now}, {MATCH})")
        return now

    sets.once(("matched", was, now), write)
    return was, now


def patches(sets: Sets, topics: tuple[str, ...], fate: str) -> str:
    """Write the set of the patches of a cover that were lost or gained; returns its variable.

    Args:
        sets: gets the lines.
        topics: of the cover.
        fate: one of ``OF_COVERS``.
    """
    was = " + ".join(sets.topic(topic, before=True) for topic in topics)
    now = " + ".join(sets.topic(topic) for topic in topics)
    first, second = (was, now) if fate == "lost" else (now, was)
    found = sets.fresh(f"{fate}_patches")
    sets.line(f"# connected patches of ground that was {fate}")
    sets.line(f'{found} = merge_shapes(subtract_shapes({first}, {second}), "{topics[0]}")')
    return found
