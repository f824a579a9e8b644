"""Numbers and densities of regions, counted for all zones in one pass over the scene."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planimeter.answer.zone_unsure import ground_in, unsure_in
from planimeter.answer.zone_values import ALL, ByZone, coverage
from planimeter.errors import ScaleError, UsageError
from planimeter.program import Evidence, Limits, Run
from planimeter.program.host import Host
from planimeter.program.measure import Ground
from planimeter.raster import Scene
from planimeter.segment import StackSegmenter
from planimeter.spatial.runs import unite
from planimeter.spatial.zones import Zones, count_in
from planimeter.table import Cell, Column
from planimeter.vocabulary.topics import topic_of
from planimeter.vocabulary.units import Unit


def counts(
    topics: tuple[str, ...],
    per: Unit | None,
    zones: Zones,
    scene: Scene,
    source: StackSegmenter,
    limits: Limits,
) -> ByZone:
    """Numbers of regions, or their densities over the zones' ground.

    Raises:
        ScaleError: densities are asked for and no scale is known.
        UsageError: zones take parts of pixels.
    """
    if zones.exact:
        raise UsageError("Parts of pixels cannot count in numbers of things; ask without --border exact.")
    host = Host(scene, source, limits, frozenset())
    if per is not None and scene.scale is None:
        raise ScaleError(
            "This needs areas on the ground, but the image does not say how large a pixel is: give the metres per "
            "pixel with --gsd."
        )
    shapes = [host.whole(topic) for topic in topics]
    found = [count_in(zones, each) for each in shapes]
    count = np.sum([each.count for each in found], axis=0)
    cut = np.sum([each.cut for each in found], axis=0)
    together = sum(each.together for each in found)
    ground = ground_of(zones, host.ground)
    whole = zones.together(drawn=False)
    whole_ground = ground_of(whole, host.ground)
    whole_cut = sum(int(count_in(whole, each).cut[0]) for each in shapes)
    said = list(map(str, host.ground.warnings))
    said += coverage(whole_ground[1][0], host.ground.valid_pixels, ground[1])
    several_zones = sum(each.several for each in found)
    if several_zones:
        said.append(_shared(several_zones, topics))
    area = None if per is None else (ground[0] / 10_000 / per.factor, whole_ground[0] / 10_000 / per.factor)
    rows: list[list[list[Cell]]] = []
    for at, (numbers, cuts) in enumerate(((count, cut), (np.array([together]), np.array([whole_cut])))):
        rows.append([])
        for k, number in enumerate(numbers.tolist()):
            there = (ground, whole_ground)[at][1][k] > 0
            value: Cell = number if there else None
            if area is not None:
                value = number / area[at][k] if there else None
            rows[at].append([value, int(cuts[k])])
    columns = [Column("count", "count", "count"), Column("cut by the border", "count", "count")]
    if per is not None:
        named = " and ".join(topic_of(topic).many for topic in topics)
        columns[0] = Column("density", f"{named}/{per.symbol}")
    evidence = Evidence(list(zip(topics, shapes, strict=True)))
    valid = host.ground.valid_pixels
    run = Run(
        0, "", [], evidence, [], {}, scene.scale, (), tuple(host.topics), tuple(host.seen), valid,
        judged=host.ground.judged,
    )  # fmt: skip
    metric = scene.scale is not None
    return ByZone(
        columns,
        [[row] for row in rows[0]],
        [rows[1][0]],
        ground[1],
        ground[0] / 10_000 if metric else None,
        (float(whole_ground[1][0]), float(whole_ground[0][0]) / 10_000 if metric else None),
        said,
        run,
        unsure=unsure_in(
            zones,
            host.loaded.unsure,
            tuple(host.topics),
            host.ground.pixel_area,
            ground[0],
            float(whole_ground[0][0]),
        ),
    )


def ground_of(zones: Zones, ground: Ground) -> tuple[np.ndarray, np.ndarray]:
    """(N,) m² (pixels where no scale is known) and (N,) pixels of the zones' ground that counts.

    Args:
        zones: by the centres of pixels.
        ground: of their scene.
    """
    counting, area = ground.counting_runs, ground.pixel_area
    runs = counting if counting is not None else unite([zones.runs], zones.runs.shape)
    pixels = ground_in(zones, runs, None)
    return (pixels if area is None else ground_in(zones, runs, area)), pixels


def _shared(things: int, topics: Sequence[str]) -> str:
    """That some lie in more than one zone."""
    if things == 1:
        name = " or ".join(topic_of(topic).one for topic in topics)
        return (
            f"1 {name} lies in more than one zone and is counted in each; in the row of {ALL} it counts once."
        )
    name = " or ".join(topic_of(topic).many for topic in topics)
    return f"{things:,} {name} lie in more than one zone and are counted in each; in the row of {ALL} they count once."
