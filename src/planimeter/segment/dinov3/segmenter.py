"""The trained head and its backbone as a segmenter.

A trained model is a folder: ``dinov3.json`` (its card), the head's weights, and maybe the backbone. The card is one of
``planimeter.segment.inference.card`` with two more tables: ``dinov3`` (backbone and shape of the head) and ``topics``
(topic → the classes that show it).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from planimeter.errors import ModelError
from planimeter.model_file import write_card, write_file
from planimeter.paths import is_dir
from planimeter.raster import Scene
from planimeter.segment.base import Seen, require_topics
from planimeter.segment.dinov3.settings import SAT_MEAN, SAT_STD, STRIDE, HeadSettings
from planimeter.segment.fusion import FusionPlan, FusionSegmenter, Source
from planimeter.segment.hub import load_model, shown_source
from planimeter.segment.inference.card import ModelCard, load_card
from planimeter.segment.inference.runtime import LazyModel, LogitModel
from planimeter.spatial.runs import Box

if TYPE_CHECKING:
    from planimeter.segment.dinov3.network import DINOv3Mask2Former

CARD = "dinov3.json"
_WEIGHTS = "head.safetensors"
_KEY = "dinov3"  # of the model in its plan
_SIZES = ("width", "queries", "encoder_layers", "decoder_layers", "heads", "feedforward", "points")


class DINOv3Model:
    """A network as a model that segmenters take.

    Args:
        network: backbone and head.
        card: what its channels are.
        device: where to compute; None for a GPU if there is one.
    """

    def __init__(self, network: DINOv3Mask2Former, card: ModelCard, device: str | None = None) -> None:
        import torch

        self.card = card
        self._device = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        self._network = network.to(self._device).eval()

    def logits(self, pictures: np.ndarray) -> np.ndarray:
        """See ``LogitModel.logits``; in bfloat16 where the GPU has it."""
        import torch

        with torch.inference_mode(), autocast(self._device.type):
            picture = torch.from_numpy(pictures).to(self._device).permute(0, 3, 1, 2).float() / 255
            mean, std = (
                torch.tensor(each, device=self._device).view(3, 1, 1) for each in (SAT_MEAN, SAT_STD)
            )
            found: np.ndarray = self._network((picture - mean) / std).float().cpu().numpy()
        return found


class DINOv3Segmenter:
    """Masks from a trained DINOv3 + Mask2Former: a plan of one model, whose classes show topics.

    Args:
        folder: of the trained model.
        download: fetch a backbone that is not on this machine from the hub; never done otherwise.
        device: where to compute; None for a GPU if there is one.
        model: predict with this instead of what the folder holds; the folder's card is still read.

    Raises:
        ModelError: the folder holds no such model. The weights themselves are read when first needed.
    """

    parts = FusionSegmenter.parts
    seam = FusionSegmenter.seam
    together = FusionSegmenter.together

    def __init__(
        self,
        folder: str | Path,
        download: bool = False,
        device: str | None = None,
        model: LogitModel | None = None,
    ) -> None:
        card = load_card(Path(folder) / CARD)
        opener = partial(open_model, download=download, device=device)
        self._planned = FusionSegmenter(_plan(card), {_KEY: model or LazyModel(card, opener)})
        self._backbone = _hub_name(card)
        self.name = f"{card.name} {card.version}"
        self.topics = self._planned.topics

    @classmethod
    def from_name(cls, rest: str) -> DINOv3Segmenter:
        """What ``--segmenter dinov3:REST`` means: a folder, and ``,download`` where its backbone may be fetched.

        Raises:
            ModelError: the folder holds no such model.
        """
        folder, comma, flag = rest.rpartition(",")
        return cls(folder, download=True) if comma and flag == "download" else cls(rest)

    def look(self, scene: Scene, topics: Sequence[str], box: Box | None = None) -> Seen:
        """What the network finds, the same for a part as for the whole scene; see ``Segmenter.look``.

        Raises:
            NotMeasurable: a topic it does not offer.
            ModelError: an extra is missing, or weights are missing, damaged or of another network.
        """
        require_topics(topics, self.topics, self.name)
        return self._planned.look(scene, topics, box)

    def fingerprint(self) -> str:
        """The hash of the head, what the card decides, and the revision of a backbone from the hub."""
        return self._planned.fingerprint() + (
            f"|backbone {shown_source(self._backbone)}" if self._backbone else ""
        )


def _hub_name(card: ModelCard) -> str:
    """The name of its backbone on the hub; "" where it lies in a folder, or the card says nothing that can be read."""
    told = card.record.get("dinov3")
    source = told.get("backbone") if isinstance(told, dict) else None
    if not isinstance(source, str) or is_dir(card.path.parent / source) or is_dir(source):
        return ""
    return source


def open_model(card: ModelCard, download: bool = False, device: str | None = None) -> DINOv3Model:
    """The network of a card, ready to predict; see ``load_network`` and ``DINOv3Model``.

    Raises:
        ModelError: an extra is missing, or weights are missing, damaged or of another network.
    """
    return DINOv3Model(load_network(card, download), card, device)


def autocast(device: str) -> Any:
    """The context in which the network computes: bfloat16 on a GPU that has it, else as it is."""
    import torch

    halved = device == "cuda" and torch.cuda.is_bf16_supported()
    return torch.autocast(device, dtype=torch.bfloat16, enabled=halved)


def save_model(
    network: DINOv3Mask2Former,
    folder: str | Path,
    *,
    classes: Sequence[str],
    topics: Mapping[str, Sequence[str]],
    settings: HeadSettings,
    backbone: str | None,
    gsd_range: tuple[float, float],
    gsd_centre: float,
    name: str = "dinov3-mask2former",
    version: str = "1.0",
    record: Mapping[str, Any] | None = None,
) -> Path:
    """Write a trained model: its card and its head; the backbone only where it is not to be had by name.

    Args:
        network: what was trained.
        folder: where to; made when it does not exist.
        classes: names of the head's classes, in order.
        topics: topic → the classes that show it; classes that show none are background.
        settings: the head's shape.
        backbone: where the backbone comes from (a name on the hub, perhaps with @REVISION, or an absolute path); None
            writes it too.
        gsd_range: metres per pixel the head was trained for, smallest and largest.
        gsd_centre: what other scenes are resized to.
        name: how answers name the model.
        version: changes with the weights.
        record: more for the card, such as data and scores.

    Returns:
        path of the card.
    """
    from safetensors.torch import save

    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    if backbone is None:
        network.backbone.save_pretrained(place / "backbone")
    state = {key: value.detach().cpu().contiguous() for key, value in network.head.state_dict().items()}
    card = {
        **(record or {}),
        "name": name,
        "version": version,
        **write_file(place / _WEIGHTS, save(state)),
        "land": {"topics": list(classes), "temperature": 1.0},
        "objects": {},
        "gsd": {"range": list(gsd_range), "centre": gsd_centre},
        "stride": STRIDE,
        "mean": SAT_MEAN,
        "std": SAT_STD,
        "topics": {topic: list(shown) for topic, shown in topics.items()},
        "dinov3": {"backbone": backbone or "backbone", "head": asdict(settings)},
    }
    return write_card(place / CARD, card)


def load_network(card: ModelCard, download: bool = False) -> DINOv3Mask2Former:
    """The network that a card describes, with its weights.

    Args:
        card: of a trained model.
        download: fetch a backbone that is not on this machine from the hub.

    Raises:
        ModelError: an extra is missing, or weights are missing, damaged or of another network.
    """
    network_module = _network_module()
    from safetensors import SafetensorError
    from safetensors.torch import load

    try:
        source = str(card.record["dinov3"]["backbone"])
        shape: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value
            for key, value in card.record["dinov3"]["head"].items()
        }
        settings = HeadSettings(**shape)
        sizes = (*settings.layers, *(getattr(settings, name) for name in _SIZES))
        if len(settings.layers) != 4 or not all(type(size) is int and size >= 0 for size in sizes):
            raise ValueError("its sizes must be whole numbers")
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ModelError(
            f"{card.path.name} does not describe a DINOv3 model ({error}): give the folder that training wrote."
        ) from error
    backbone, content = load_backbone(source, settings, download, card.path.parent), card.content
    try:
        network = network_module.DINOv3Mask2Former(backbone, len(card.land), settings)
        network.head.load_state_dict(load(content))
    except (SafetensorError, RuntimeError, ValueError, TypeError, ArithmeticError) as error:
        raise ModelError(
            f"{card.file} holds the weights of another head than {card.path.name} describes: train or copy the model "
            "again."
        ) from error
    return network.eval()


def load_backbone(
    source: str, settings: HeadSettings, download: bool = False, folder: Path | None = None
) -> Any:
    """A backbone with its weights, from a folder or by its name on the hub.

    Args:
        source: a folder (also below ``folder``), or a name on the hub.
        settings: say which of its layers are wanted.
        download: fetch weights that are not on this machine; else only what is there is used.
        folder: that a relative path starts from.

    Raises:
        ModelError: an extra is missing, or the weights are not there.
    """
    network_module = _network_module()
    near = folder / source if folder is not None else None
    place = str(near) if near is not None and is_dir(near) else source
    backbone = load_model(
        network_module.DINOv3ViTBackbone,
        place,
        "The backbone",
        "give the folder of a copy, or accept its licence on the hub and allow the download with `,download`",
        download,
        out_indices=network_module.out_indices(settings.layers),
    )
    if max(settings.layers) >= backbone.config.num_hidden_layers:
        raise ModelError(
            f"The backbone {source} has {backbone.config.num_hidden_layers} layers and the head wants those numbered "
            f"{', '.join(map(str, settings.layers))} from 0: take the backbone the head was trained on."
        )
    return backbone


def _network_module() -> Any:
    try:
        from planimeter.segment.dinov3 import network
    except ImportError as error:
        raise ModelError(
            f"DINOv3 needs {error.name or 'torch'}, which is not installed: pip install 'planimeter[dinov3]'."
        ) from error
    except (RuntimeError, AttributeError) as error:  # torchvision built for another torch fails like this
        raise ModelError(
            f"transformers cannot be loaded ({str(error).splitlines()[0][:120]}): install versions of torch and "
            "torchvision that belong together."
        ) from error
    return network


def _plan(card: ModelCard) -> FusionPlan:
    """One model's classes as topics."""
    topics = card.record.get("topics")
    if not isinstance(topics, dict) or not topics:
        raise ModelError(
            f"{card.path.name} does not say which topics its classes show: add the table `topics`."
        )
    try:
        land = {
            str(topic): tuple(Source(_KEY, card.land.index(shown)) for shown in classes)
            for topic, classes in topics.items()
        }
    except (ValueError, TypeError) as error:
        raise ModelError(
            f"{card.path.name} names classes in `topics` that the model does not have: it has {', '.join(card.land)}."
        ) from error
    shown = {source.channel for sources in land.values() for source in sources}
    background = tuple(Source(_KEY, channel) for channel in range(len(card.land)) if channel not in shown)
    return FusionPlan(card.name, {_KEY: card}, land, background, {}, {})
