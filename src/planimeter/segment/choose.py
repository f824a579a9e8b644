"""Which segmenter suits a scene, where nobody names one."""

from __future__ import annotations

import os
from pathlib import Path

from planimeter.raster import Scene
from planimeter.segment.base import Segmenter
from planimeter.segment.corrections import Corrections, corrections_from
from planimeter.segment.find import find_segmenter
from planimeter.segment.stack import StackSegmenter
from planimeter.vocabulary.index_words import in_short, index_phrases

#: Names the folder of Dynamic World's model, for scenes that suit it.
DYNAMIC_WORLD = "PLANIMETER_DYNAMICWORLD"
#: Metres per pixel from which houses and single trees are no longer seen, and the network that ships finds nothing.
COARSE = 3.0


def with_indices_of(question: str, source: StackSegmenter) -> StackSegmenter:
    """A segmenter that also knows the ground that a question tells by indices ("NDVI above 0.4").

    Args:
        question: as asked.
        source: what shows all else.

    Example:
        >>> with_indices_of("What percentage has NDVI above 0.4?", find_segmenter("index")).topics[-1]
        'ndvi_above_0_4'
    """
    phrases = index_phrases(in_short(question))
    if not phrases:
        return source
    from planimeter.segment.index import IndexSegmenter
    from planimeter.segment.index.rules import rules_of

    return source.with_map(IndexSegmenter(rules_of(phrases)))


def segmenter_for(
    scene: Scene,
    wanted: Segmenter | str | None,
    corrections: Corrections | str | Path | None = None,
) -> tuple[StackSegmenter, tuple[str, ...]]:
    """The segmenter that is wanted; without a wish the one that suits the scene, and why, in sentences for the answer.

    The network that ships knows pixels of about half a metre. A coarser scene with a near infrared band goes to
    spectral indices, one of Sentinel-2 to Dynamic World where the environment variable PLANIMETER_DYNAMICWORLD names
    its folder.

    Args:
        scene: what is to be segmented.
        wanted: a segmenter, its name, or None.
        corrections: what a person changed in its masks; see ``planimeter.segment.corrections``.

    Raises:
        InputError: there is no segmenter of that name, or what it needs is missing.
        UsageError: the name is not written as its kind asks.

    Example:
        >>> from planimeter.raster import open_scene
        >>> from planimeter.worlds import make_world
        >>> import tempfile
        >>> picture = make_world(seed=3, size=64).write(tempfile.mkdtemp())["image"]
        >>> segmenter_for(open_scene(picture), None)[1]
        ()
    """
    source, why = _chosen(scene, wanted)
    fixed = corrections_from(corrections)
    return source if fixed is None else source.with_corrections(fixed), why


def _chosen(scene: Scene, wanted: Segmenter | str | None) -> tuple[StackSegmenter, tuple[str, ...]]:
    if wanted is not None:
        return find_segmenter(wanted), ()
    name, why = suited_name(scene)
    return find_segmenter(name), why


def suited_name(scene: Scene) -> tuple[str | None, tuple[str, ...]]:
    """The name of the segmenter that suits a scene, None for the network that ships, and why, in sentences.

    Args:
        scene: what is to be segmented.
    """
    if scene.scale is None or scene.scale.gsd <= COARSE:
        return None, ()
    metres = f"A pixel of {scene.scale.gsd:.3g} m is too coarse for the network that ships"
    spectrum = scene.spectrum
    folder = os.environ.get(DYNAMIC_WORLD)
    if folder:
        from planimeter.segment.dynamicworld import DynamicWorldSegmenter

        if DynamicWorldSegmenter.suits(scene):
            return f"dynamicworld:{folder}", (
                f"{metres}, so Dynamic World was asked, a model for Sentinel-2.",
            )
    if not spectrum.lacks(["red", "nir"]):
        return "index", (
            f"{metres}, so topics were told by spectral indices, the bands being known {spectrum.source}; name another "
            "with --segmenter.",
        )
    return None, (
        f"{metres}, which was asked all the same because no band of {scene.name} is known to be near infrared: give "
        "--bands red=N,nir=N for spectral indices, or a map with --labels.",
    )
