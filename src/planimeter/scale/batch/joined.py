"""Several scenes on one grid as one scene: every pixel is what the first scene that shows it says."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np
from affine import Affine

from planimeter.raster import Scene
from planimeter.raster.georeference import georeference
from planimeter.raster.laid import Laid
from planimeter.raster.nearest import Nearest
from planimeter.raster.picture import OwnedPicture
from planimeter.scale.batch.layout import Footprint, extent, nearest_offset
from planimeter.scale.batch.mask_cache import KeptMasks
from planimeter.segment import Segmenter
from planimeter.segment.base import Caution, Seen, distinct, features_in, require_topics
from planimeter.spatial import Shapes
from planimeter.spatial.runs import Box

_AT_ONCE = 1 << 22  # pixels whose place on another grid is looked for at a time


@dataclasses.dataclass(frozen=True, eq=False)
class JoinedPiece:
    """One scene of several.

    Attributes:
        shown: how tables name it.
        footprint: where it lies.
        kept: its masks.
        look: at a topic that was not kept.
        scene: the picture, for what is computed of its bands.
        laid: how the picture lies on the footprint's grid, where that is the grid of a later date; None where it is
            its own.
    """

    shown: str
    footprint: Footprint
    kept: KeptMasks
    look: Callable[[str], Seen]
    scene: Scene | None = None
    laid: Laid | None = None

    def seen(self, topic: str) -> Seen:
        """The topic's pixels, (h, w) bool, and what is to be said about them."""
        found = self.kept.mask(topic)
        if found is None:
            return self.look(topic)
        doubt = self.kept.unsure(topic)
        unsure = {} if doubt is None else {topic: doubt}
        return Seen({topic: found}, None, self.kept.cautions(topic), unsure=unsure)


def joined_scene(first: Scene, footprints: Sequence[Footprint]) -> tuple[Scene, Footprint]:
    """A scene that covers several of one grid, to measure on; its pixels are never read.

    Args:
        first: the first of them, opened; gives the scale where the grid does not.
        footprints: all of them, the first one's first.
    """
    x0, y0, x1, y1 = extent(footprints)
    width, height = x1 - x0, y1 - y0
    crs, transform = footprints[0].crs, footprints[0].transform * Affine.translation(x0, y0)
    found = georeference(crs, transform, width, height)
    own = first.scale is None or first.scale.source not in ("transform", "geodesic")
    scene = dataclasses.replace(
        first,
        name=first.name if len(footprints) == 1 else f"{first.name} and {len(footprints) - 1} more",
        width=width,
        height=height,
        transform=transform,
        scale=first.scale if own else found.scale,
        warnings=tuple(dict.fromkeys((*first.warnings, *found.warnings))),
        # What counts is said by the segmenter; the scene itself masks nothing.
        plan=dataclasses.replace(first.plan, masked=False),
        clouds=None,
    )
    return scene, Footprint(width, height, crs, transform)


class JoinedSegmenter:
    """Masks of several scenes laid onto one grid, the first scene on top.

    Args:
        pieces: the scenes, in order.
        grid: the grid that holds them all.
        covered: (H, W) bool on that grid, pixels that belong to earlier scenes elsewhere; None for none.
        source: the segmenter of the first scene, for its name and for the vector layers that all scenes share: their
            features are those of the whole grid.
        topics: what they are asked for.
        apart: topics of which every scene has a vector layer of its own; only their pixels can be put together.
    """

    def __init__(
        self,
        pieces: Sequence[JoinedPiece],
        grid: Footprint,
        covered: np.ndarray | None,
        source: Segmenter,
        topics: tuple[str, ...],
        apart: frozenset[str] = frozenset(),
    ) -> None:
        self.name = source.name if len(pieces) == 1 else f"{source.name} and {len(pieces) - 1} more"
        self.topics = topics
        self.pieces = tuple(pieces)
        self._source = source
        self._apart = apart
        self._shape = (grid.height, grid.width)
        self._places = []
        self._owns = []
        taken = np.zeros(self._shape, bool) if covered is None else covered.copy()
        for piece in pieces:
            x, y = nearest_offset(grid, piece.footprint)
            place = np.s_[y : y + piece.footprint.height, x : x + piece.footprint.width]
            own = piece.kept.valid() & ~taken[place]
            taken[place] |= own
            self._places.append(place)
            self._owns.append(own)
        self._valid = taken if covered is None else taken & ~covered

    def look(self, scene: Scene, topics: Sequence[str], box: Box | None = None) -> Seen:
        """What the scenes show, each on its own ground; pixels count that some scene shows and no earlier unit has.

        See ``Segmenter.look``.
        """
        require_topics(topics, self.topics, self.name)
        found: dict[str, np.ndarray] = {}
        unsure: dict[str, np.ndarray] = {}
        said: list[str] = []
        features = features_in(self._source, scene, [topic for topic in topics if topic not in self._apart])
        for topic in topics:
            if topic in features:
                found[topic] = features[topic].mask()
                continue
            if topic in self._apart:
                sentence = (
                    f"Each scene has its own vector layer of {topic}: features that meet are counted as one."
                )
                said.append(Caution(sentence, [topic]))
            mask = np.zeros(self._shape, bool)
            for piece, place, own in zip(self.pieces, self._places, self._owns, strict=True):
                seen = piece.seen(topic)
                mask[place] |= seen.masks[topic] & own
                if topic in seen.unsure:
                    unsure.setdefault(topic, np.zeros(self._shape, bool))[place] |= seen.unsure[topic] & own
                said += (Caution(sentence, [topic]) for sentence in seen.cautions)
            found[topic] = mask
        return Seen(found, None if self._valid.all() else self._valid, distinct(said), features, unsure)

    def pictures(self) -> tuple[OwnedPicture, ...]:
        """The scenes as pictures of the whole, each with the pixels that are its own."""
        return tuple(
            OwnedPicture(piece.scene, (columns.start, rows.start), own, piece.laid)
            for piece, (rows, columns), own in zip(self.pieces, self._places, self._owns, strict=True)
            if piece.scene is not None
        )

    def fingerprint(self) -> str:
        """That of the first scene's segmenter, and the scenes."""
        return "|".join([self._source.fingerprint(), *(piece.shown for piece in self.pieces)])

    def owners(self, regions: Shapes) -> list[str]:
        """The scene that each region's first pixel, row by row from the top, belongs to."""
        y, x, _ = regions.runs.rows()
        first = np.zeros(len(regions), dtype=np.int64)
        first[regions.owner[::-1]] = np.arange(len(regions.owner) - 1, -1, -1)
        y, x = y[first], x[first]
        names = np.full(len(regions), self.pieces[0].shown, dtype=object)
        for piece, (rows, columns), own in zip(self.pieces, self._places, self._owns, strict=True):
            inside = (y >= rows.start) & (y < rows.stop) & (x >= columns.start) & (x < columns.stop)
            found = np.flatnonzero(inside)
            found = found[own[y[found] - rows.start, x[found] - columns.start]]
            names[found] = piece.shown
        return names.tolist()


def covered_by(scene: Scene, others: Sequence[tuple[Footprint, np.ndarray]]) -> np.ndarray:
    """(H, W) bool: pixels of a scene whose centre lies on a valid pixel of other scenes, on whatever grids.

    Args:
        scene: on the grid wanted.
        others: footprint and (h, w) bool valid pixels of each of the others.
    """
    import pyproj

    covered = np.zeros((scene.height, scene.width), bool)
    rows = max(1, _AT_ONCE // scene.width)
    for footprint, valid in others:
        crs = pyproj.CRS.from_wkt(footprint.crs.to_wkt(version="WKT2_2019"))
        under = Nearest(scene, crs, footprint.transform, footprint.width, footprint.height)
        for top in range(0, scene.height, rows):
            bottom = min(top + rows, scene.height)
            x, y = under.pixels(0, top, scene.width, bottom)
            covered[top:bottom] |= (x >= 0) & valid[y, x]
    return covered
