"""How the scenes of a batch are opened: one set of options for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from planimeter.raster import Scene, open_scene
from planimeter.raster.cloud_outlines import CloudOutlines
from planimeter.raster.files import Mosaic, state_of
from planimeter.scale.batch.maps import filled


@dataclass(frozen=True)
class Opening:
    """The options ``--gsd``, ``--bands`` and ``--clouds``; see ``planimeter.open_scene``.

    Attributes:
        gsd: metres per pixel, for pictures that do not say.
        bands: which band is which, where files do not say; the same for all.
        clouds: "auto", "none" or a file, in which ``{stem}``, ``{name}`` and ``{folder}`` stand for the scene's.
    """

    gsd: float | None = None
    bands: str | Mapping[str, object] | None = None
    clouds: str | None = None

    def of(self, path: Path) -> Scene:
        """The scene of a path.

        Raises:
            InputError: it cannot be opened.
            UsageError: the options are not written as they must be.
        """
        clouds = None if self.clouds is None else filled(self.clouds, path.absolute())
        return open_scene(path, gsd=self.gsd, bands=self.bands, clouds=clouds)


def files_of(scene: Scene) -> list[str]:
    """The files of this machine that a scene is read from, its mask of clouds among them."""
    sources: list[Path | Mosaic] = [scene.path if scene.mosaic is None else scene.mosaic]
    if scene.clouds is not None and not isinstance(scene.clouds.source, CloudOutlines):
        sources.append(scene.clouds.source)
    found = set() if scene.path.is_dir() else {str(scene.path)}
    for source in sources:
        found.update(file for file, _, _ in state_of(source))
    return sorted(found)
