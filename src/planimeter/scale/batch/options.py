"""How a batch is run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from planimeter.coder import Coder
from planimeter.coder.find import ModelOptions
from planimeter.scale.batch.budget import Budget
from planimeter.scale.batch.maps import EarlierPatterns, EarlierScene, MapPatterns
from planimeter.scale.batch.opening import Opening
from planimeter.scale.batch.zones import ZoneSource
from planimeter.scale.limits import bytes_of


@dataclass(frozen=True)
class Options:
    """How a batch is run; the defaults are those of ``planimeter batch``.

    Attributes:
        maps: where masks come from.
        gsd: metres per pixel, for pictures that do not say.
        bands: which band is which, for files that do not say; see ``planimeter.open_scene``.
        clouds: "auto", "none" or a file of clouds, in which ``{stem}`` and the like stand for the scene's names.
        asset: which STAC asset is the image.
        coder: who writes the program.
        models: how language models are reached.
        by: "date": a row for each day on which scenes were taken; "": one answer.
        combine: "auto", "none", or one of ``planimeter.meaning.combine_plan.WAYS``.
        overlap: "join": ground that several scenes show counts once; "keep": every scene counts whole.
        on_error: "skip" scenes that fail, with a row that says why, or "stop" at the first.
        shapes: write the shapes behind the answers.
        most_joined: pixels of the largest grid that scenes are joined to.
        scheduler: address of a Dask scheduler; None for this machine.
        workers: scenes at a time on this machine; None for one per core.
        threads: on this machine, use threads of this process instead of a process per worker.
        max_memory: memory of each process that measures, bytes or text such as "4GiB"; a scene that would need more
            is measured tile by tile. None: half of what is free, shared by the workers of this machine.
        tile: (height, width) of such tiles, pixels; None for what memory allows. Neither changes an answer.
        zones: answer for each polygon of this vector file, over all scenes; None for one answer.
        zone_name: the attribute that names zones.
        border: "centre" or "exact", whom a zone's border pixels belong to.
        before: where each scene's earlier image and its masks are, for questions about what changed.
    """

    maps: MapPatterns = field(default_factory=MapPatterns)
    gsd: float | None = None
    bands: str | Mapping[str, object] | None = None
    clouds: str | None = None
    asset: str | None = None
    coder: str | Coder | None = None
    models: ModelOptions = field(default_factory=ModelOptions)
    by: str = ""
    combine: str = "auto"
    overlap: str = "join"
    on_error: str = "skip"
    shapes: bool = True
    most_joined: int = 1 << 28
    scheduler: str | None = None
    workers: int | None = None
    threads: bool = False
    max_memory: str | int | None = None
    tile: tuple[int, int] | None = None
    zones: str | Path | None = None
    zone_name: str | None = None
    border: str = "centre"
    before: EarlierPatterns | None = None

    @property
    def zone_source(self) -> ZoneSource | None:
        """What workers are told of the zones; None for none."""
        return None if self.zones is None else ZoneSource.of(self.zones, self.zone_name, self.border)

    def earlier(self, scene: Path) -> EarlierScene:
        """The earlier image of one scene, where one is asked of."""
        assert self.before is not None
        clouds = self.clouds if self.clouds in ("auto", "none") else None
        return replace(self.before.of(scene, self.maps), bands=self.bands, clouds=clouds)

    @property
    def opening(self) -> Opening:
        """How scenes are opened."""
        return Opening(self.gsd, self.bands, self.clouds)

    @property
    def budget(self) -> Budget:
        """What each process that measures may use.

        Raises:
            UsageError: ``max_memory`` is no size.
        """
        size = None if self.max_memory is None else bytes_of(self.max_memory)
        return Budget(size, asked=size is not None, tile=self.tile)
