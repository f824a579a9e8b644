"""Which mask each shape id stands for: shapes are dicts to a program, regions or features to the host."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from planimeter.spatial import Shapes


@dataclass(frozen=True, eq=False)
class Block:
    """Regions, or features of a vector layer, that were made together; number k has the id ``first + k``.

    Attributes:
        first: id of region 0.
        regions: on the scene's grid.
        class_types: (N,) object, one word per region: its topic, or what a program called what it merged.
        words: (N,) object, what the program that asked for them calls them: "class_type" of its shapes.
        sources: ids of the regions they were cut from; None where they were not cut from any.
        mask: (H, W) bool, the union of all regions, where it is at hand.
        outlines: polygons that were traced so far, by region.
    """

    first: int
    regions: Shapes
    class_types: np.ndarray
    words: np.ndarray
    sources: np.ndarray | None = None
    mask: np.ndarray | None = None
    outlines: dict[int, Any] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.regions)

    def column(self, key: str, index: np.ndarray) -> list[Any]:
        """One of the geometric shape keys, for the regions that ``index`` names."""
        if key in ("polygon", "holes"):
            place = 0 if key == "polygon" else 1
            return [outline[place] for outline in self._outlines(index)]
        return getattr(self.regions, key)[index].tolist()

    def _outlines(self, index: np.ndarray) -> list[Any]:
        """(exterior, holes) of regions; outlines are kept, so that two keys of one shape are traced once."""
        new = [k for k in index.tolist() if k not in self.outlines]
        if new:
            self.outlines.update(zip(new, self.regions.polygons(new), strict=True))
        return [self.outlines[k] for k in index.tolist()]


@dataclass(frozen=True, eq=False)
class BlockPart:
    """Some regions of a block, by ascending index."""

    block: Block
    indices: np.ndarray

    @property
    def is_whole(self) -> bool:
        return len(self.indices) == len(self.block)

    @property
    def key(self) -> tuple[int, bytes]:
        """What tells this part from others; equal for equal parts."""
        return (self.block.first, b"" if self.is_whole else self.indices.tobytes())

    def regions(self) -> Shapes:
        return self.block.regions if self.is_whole else self.block.regions.subset(self.indices)

    def mask(self) -> np.ndarray:
        """(H, W) bool: the union of the part's regions."""
        if self.is_whole:
            return self.block.mask if self.block.mask is not None else self.block.regions.mask()
        return self.block.regions.mask(self.indices)


class ShapeRegistry:
    """Every shape a program has been given.

    Example:
        >>> ShapeRegistry().parts([])
        []
    """

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._firsts: list[int] = []
        self._next = 1

    def add(
        self,
        regions: Shapes,
        class_types: Sequence[str] | np.ndarray | str,
        sources: np.ndarray | None = None,
        mask: np.ndarray | None = None,
        words: np.ndarray | None = None,
    ) -> Block:
        """Give ids to regions; ``class_types`` is one word for each, or one for all; ``words`` None: these."""
        types = np.empty(len(regions), dtype=object)
        types[:] = class_types
        called = types.copy() if words is None else words
        block = Block(self._next, regions, types, called, sources, mask)
        if len(regions):
            self._blocks.append(block)
            self._firsts.append(self._next)
            self._next += len(regions)
        return block

    def rename(self, ids: np.ndarray, word: str) -> None:
        """Have known shapes called by the word that a program asked for them with, and so what is cut from them.

        A program may ask for one topic by several words; what it cuts then has the last one.
        """
        for part in self.parts(ids):
            part.block.words[part.indices] = word

    def knows(self, shape_id: object) -> bool:
        """Whether this is the id of a shape that was handed out."""
        return isinstance(shape_id, int) and not isinstance(shape_id, bool) and 1 <= shape_id < self._next

    @property
    def end(self) -> int:
        """One more than the highest id."""
        return self._next

    def knows_all(self, shape_ids: Sequence[object] | np.ndarray) -> bool:
        """The same of many, in one step."""
        if isinstance(shape_ids, np.ndarray):
            return not len(shape_ids) or bool(shape_ids.min() >= 1 and shape_ids.max() < self._next)
        # Only whole numbers can be compared with one another; True and False are none of them.
        if not set(map(type, shape_ids)) <= {int}:
            return False
        return not shape_ids or (min(shape_ids) >= 1 and max(shape_ids) < self._next)  # type: ignore[type-var,operator]

    def block_of(self, shape_id: int) -> Block:
        """The block that a known id belongs to."""
        return self._blocks[bisect_right(self._firsts, shape_id) - 1]

    def blocks_of(self, ids: np.ndarray) -> list[tuple[Block, slice]]:
        """Known ids in their order, as stretches of ids of one block."""
        if not len(ids):
            return []
        number = np.searchsorted(self._firsts, ids, side="right") - 1
        edges = [0, *(np.flatnonzero(number[1:] != number[:-1]) + 1).tolist(), len(ids)]
        return [(self._blocks[int(number[a])], slice(a, b)) for a, b in pairwise(edges)]

    def parts(self, ids: Sequence[int] | np.ndarray) -> list[BlockPart]:
        """Known ids, each once, grouped by block, in the order of the blocks."""
        wanted = np.asarray(ids, dtype=np.int64)
        if (wanted[1:] <= wanted[:-1]).any():  # np.unique would import numpy.ma: 30 ms
            wanted = np.sort(wanted)
            wanted = wanted[np.append(True, wanted[1:] != wanted[:-1])]
        parts = []
        position = 0
        while position < len(wanted):
            block = self.block_of(int(wanted[position]))
            end = int(np.searchsorted(wanted, block.first + len(block)))
            parts.append(BlockPart(block, wanted[position:end] - block.first))
            position = end
        return parts
