"""Calls about the form of shapes and how they lie to others: neighbours, what they contain, orientation, core."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from planimeter.program.arguments import Refused, number
from planimeter.program.tiling import WHOLE
from planimeter.raster.north import bearing_of_up
from planimeter.spatial import Shapes
from planimeter.spatial.contained import contained_counts
from planimeter.spatial.neighbours import neighbour_distances
from planimeter.spatial.orientation import orientations
from planimeter.spatial.runs import subtract, unite

if TYPE_CHECKING:
    from planimeter.program.host import Host


def neighbors(host: Host, shapes: Any, resolution: Any) -> tuple[list[float | None], str]:
    """Metres from each shape to the nearest other of the list; None for one that is alone."""
    ids = host.known(shapes, "shapes")
    scale = host.use_scale(resolution, "resolution", needed=True)
    assert scale is not None
    unique = np.unique(ids)
    parts = host.registry.parts(unique)
    owners = np.concatenate([part.indices + part.block.first for part in parts]) if parts else np.zeros(0)
    if host.interest is not None and len(unique):
        host.ground.warn(
            "Neighbours are those inside the area of interest; what lies outside of it was not seen."
        )
    measured = neighbour_distances([part.regions() for part in parts], *scale.sides)
    found = dict(zip(owners.tolist(), measured.tolist(), strict=True))
    host.last_shapes = ids
    return [
        found[one] if math.isfinite(found[one]) else None for one in ids.tolist()
    ], f"{len(ids)} distances"


def contained(host: Host, targets: Any, others: Any, enclosed: Any) -> tuple[list[int], str]:
    """How many of the other shapes each shape contains."""
    ids = host.known(targets, "target_shapes")
    other = host.registry.parts(host.known(others, "other_shapes"))
    if not isinstance(enclosed, bool):
        raise Refused("enclosed must be True or False", "TypeError")
    if host.interest is not None and enclosed:
        host.ground.warn(
            "What a region surrounds was seen inside the area of interest; where the area cuts the region, nothing is "
            "surrounded."
        )
    parts = host.registry.parts(np.unique(ids))
    owners = np.concatenate([part.indices + part.block.first for part in parts]) if parts else np.zeros(0)
    counts = contained_counts(
        [part.regions() for part in parts], [part.regions() for part in other], enclosed
    )
    found = dict(zip(owners.tolist(), counts.tolist(), strict=True))
    host.last_shapes = ids
    return [found[one] for one in ids.tolist()], f"{len(ids)} counts"


def shape_orientations(host: Host, shapes: Any, resolution: Any) -> tuple[list[list[float]], str]:
    """Degrees clockwise from north, and the ratio of the axes, of each shape."""
    ids = host.known(shapes, "shapes")
    scale = host.use_scale(resolution, "resolution", needed=False)
    sides = (1.0, 1.0) if scale is None else scale.sides
    up = bearing_of_up(host.scene)
    if up is None:
        host.ground.warn(
            "Where north lies in this image is not known; directions are clockwise from its upper edge."
        )
    found: dict[int, list[float]] = {}
    for part in host.registry.parts(ids):
        regions: Shapes = part.regions()
        angle, longer = orientations(regions, *sides)
        angle = (angle + (up or 0.0)) % 180.0
        longer = np.where(np.isfinite(longer), np.minimum(longer, 1e6), 1.0)
        pairs = np.stack([angle, longer], axis=1).tolist()
        found.update(zip((part.indices + part.block.first).tolist(), pairs, strict=True))
    host.last_shapes = ids
    return [found[one] for one in ids.tolist()], f"{len(ids)} orientations"


def core(host: Host, targets: Any, metres: Any, resolution: Any) -> tuple[Any, str]:
    """The parts of shapes that lie farther than a distance from all that is none of them."""
    ids = host.known(targets, "target_shapes")
    distance = number(metres, "distance_meters")
    scale = host.use_scale(resolution, "resolution", needed=True)
    assert scale is not None
    host.loaded.load([WHOLE])
    blocks = host.loaded.blocks if host.interest is None else host.interest.around
    ground = blocks[WHOLE].regions.united()
    parts = host.reference(ids) if len(ids) else []
    own = unite([part.regions().runs for part in parts], host.scene.shape)
    rest, _ = subtract(ground, own)
    host.band = None
    return host.cut(ids, host.nearness.around(rest, distance), inside=False)
