"""The eyes of the prompter made from parts: what the trained segmenter knows of a picture, as image tokens.

A token for each cell of a grid, row by row; then six for each region that the segmenter sees: its topic, its number,
the corners of its box, and two points inside. For transformers they are the vision tower of a LLaVA. What they compute
is an ONNX graph that lies among the weights, so a folder of such a prompter is whole by itself and needs no more than
OpenVINO to see. They are frozen.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import torch

from planimeter.errors import ModelError
from planimeter.reason.embeddings import content_hash
from planimeter.reason.seen import GREEN, MOST, SeenRegion, seen_regions, stepped
from planimeter.segment.torchvision import let_torchvision_load

let_torchvision_load()
from transformers import AutoConfig, AutoModel, PreTrainedConfig, PreTrainedModel  # noqa: E402
from transformers.modeling_outputs import BaseModelOutputWithPooling  # noqa: E402

MODEL_TYPE = "planimeter_overhead"
PER_REGION = 6  # tokens: its topic, its number, two corners of its box, two points inside
_FIRST_PLACE = 2  # of them
_ASIDE = 0.5  # how far a token says what another is there to say: to which region it belongs, which of its tokens it is
_KEPT = 1024  # pictures that are remembered: a group of completions, and neighbouring questions, see the same ones
_AT_ONCE = 8  # pictures per pass, for memory


class OverheadConfig(PreTrainedConfig):
    """What the eyes are.

    Attributes:
        hidden_size: channels of a token.
        image_size: pixels a side of the picture they look at.
        patch_size: pixels a side of what one token of the grid stands for.
        graph_bytes: length of the ONNX graph.
        land: topics of the class map's first channels, which exclude each other.
        objects: topics of those behind.
        step: thousandths of a side between the places that corners and points can have.
    """

    model_type = MODEL_TYPE

    def __init__(
        self,
        hidden_size: int = 8,
        image_size: int = 64,
        patch_size: int = 32,
        graph_bytes: int = 1,
        land: Sequence[str] = (),
        objects: Sequence[str] = (),
        step: int = 20,
        **more: Any,
    ) -> None:
        self.hidden_size = hidden_size
        self.image_size = image_size
        self.patch_size = patch_size
        self.graph_bytes = graph_bytes
        self.land = list(land)
        self.objects = list(objects)
        self.step = step
        super().__init__(**more)

    @property
    def cells(self) -> int:
        """Cells of the grid, a side."""
        return self.image_size // self.patch_size

    @property
    def channels(self) -> Channels:
        """Where a token's channels of each kind begin, from the end of those of the graph on."""
        return Channels(self.cells, [*self.land, GREEN, *self.objects], 1000 // self.step + 1)


@dataclass(frozen=True)
class Channels:
    """The last channels of a token, which are no features but facts, in this order: 1, or less where said aside.

    Attributes:
        cells: of the grid, a side: a channel for each column and then each row.
        topics: a channel for each, and likewise for what is *not* each.
        places: that a corner can have along a side: channels for x, then for y.
    """

    cells: int
    topics: Sequence[str]
    places: int

    @property
    def topic(self) -> int:
        """First channel of topics."""
        return 2 * self.cells

    @property
    def number(self) -> int:
        """First channel of regions' numbers."""
        return self.topic + 2 * len(self.topics)

    @property
    def slot(self) -> int:
        """First channel of which of a region's tokens it is."""
        return self.number + MOST

    @property
    def corner(self) -> int:
        """First channel of corners."""
        return self.slot + PER_REGION

    @property
    def shape(self) -> int:
        """First channel of a region's centre (x, y, -1 to 1) and size (root of its share of the picture)."""
        return self.corner + 2 * self.places

    @property
    def count(self) -> int:
        """All of them."""
        return self.shape + 3


@dataclass(frozen=True)
class Look:
    """What the eyes make of one picture.

    Attributes:
        tokens: (tokens, hidden_size) float16.
        regions: that they see, in pixels of the picture they looked at.
    """

    tokens: np.ndarray
    regions: tuple[SeenRegion, ...]


class OverheadTower(PreTrainedModel):
    """Pictures to tokens, by an ONNX graph: (n, 3, S, S) float32, -1 to 1 → (n, tokens, hidden_size).

    Example:
        >>> tower = OverheadTower(OverheadConfig())
        >>> tower.graph.dtype
        torch.uint8
    """

    config_class = OverheadConfig
    main_input_name = "pixel_values"
    base_model_prefix = "overhead"
    _supports_sdpa = True  # there is no attention here, so any kind will do
    config: OverheadConfig
    graph: torch.Tensor

    def __init__(self, config: OverheadConfig) -> None:
        super().__init__(config)
        self.register_buffer("graph", torch.zeros(config.graph_bytes, dtype=torch.uint8))
        self._compiled: Any = None
        self._kept: OrderedDict[str, Look] = OrderedDict()
        self.post_init()  # type: ignore[no-untyped-call]

    def _init_weights(self, module: torch.nn.Module) -> None:
        """Nothing is random here."""

    def forward(self, pixel_values: torch.Tensor, **_: Any) -> BaseModelOutputWithPooling:
        """The tokens of pictures; each different picture is looked at once.

        Args:
            pixel_values: (n, 3, S, S), -1 to 1.

        Raises:
            ModelError: the graph cannot be opened.
        """
        found = np.stack([look.tokens for look in self.looks(pixel_values)])
        tokens = torch.from_numpy(found).to(pixel_values.device, pixel_values.dtype)
        return BaseModelOutputWithPooling(last_hidden_state=tokens, hidden_states=(tokens,))

    def looks(self, pixel_values: torch.Tensor) -> list[Look]:
        """What the eyes make of pictures; each different picture is looked at once.

        Args:
            pixel_values: (n, 3, S, S), -1 to 1.

        Raises:
            ModelError: the graph cannot be opened.
        """
        pictures = pixel_values.detach().to("cpu", torch.float32).numpy()
        names = [content_hash(picture) for picture in pictures]
        new = {name: row for row, name in enumerate(names) if name not in self._kept}
        rows = list(new.values())
        for start in range(0, len(rows), _AT_ONCE):
            part = rows[start : start + _AT_ONCE]
            for row, tokens, logits in zip(part, *self._run(pictures[part]), strict=True):
                regions = seen_regions(logits, self.config.land, self.config.objects)
                self._kept[names[row]] = Look(_told(tokens, regions, self.config), tuple(regions))
        found = [self._kept[name] for name in names]
        for name in names:
            self._kept.move_to_end(name)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return found

    def _run(self, pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if self._compiled is None:
            import openvino

            core = openvino.Core()
            try:
                self._compiled = core.compile_model(
                    core.read_model(self.graph.cpu().numpy().tobytes()),
                    "CPU",
                    {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"},
                )
            except RuntimeError as error:
                raise ModelError(
                    f"The prompter's eyes cannot be opened by OpenVINO {openvino.__version__}: train it again with "
                    "`planimeter train prompter`."
                ) from error
        found = self._compiled([np.ascontiguousarray(pictures)])
        return np.array(found[0]), np.array(found[1])


def _told(grid: np.ndarray, regions: Sequence[SeenRegion], config: OverheadConfig) -> np.ndarray:
    """The tokens of a picture: those of the grid, then those of its regions; (tokens, hidden_size) float16.

    Args:
        grid: (cells, channels) of the graph: features, and the place.
        regions: that are seen.
        config: says what each channel is.
    """
    channels = config.channels
    known = config.hidden_size - channels.count  # features
    tokens = np.zeros((len(grid) + MOST * PER_REGION, config.hidden_size), np.float16)
    tokens[: len(grid), : grid.shape[1]] = grid
    facts = tokens[:, known:]
    for number, region in enumerate(regions):
        first = len(grid) + number * PER_REGION
        size = config.cells, config.cells
        shares = cv2.resize(region.mask.astype(np.float32), size, interpolation=cv2.INTER_AREA).ravel()
        tokens[first, : grid.shape[1]] = shares @ grid / shares.sum()
        own = facts[first : first + PER_REGION]
        topic = channels.topic + channels.topics.index(region.topic) + region.other * len(channels.topics)
        own[:_FIRST_PLACE, topic] = 1, _ASIDE
        own[:, channels.number + number] = _ASIDE
        own[1, channels.number + number] = 1
        own[np.arange(PER_REGION), channels.slot + np.arange(PER_REGION)] = _ASIDE
        own[[0, 1], [channels.slot, channels.slot + 1]] = 1
        height, width = region.mask.shape
        said = stepped(region.instance, (1000 / width, 1000 / height), config.step)
        for slot, (x, y) in enumerate(said, start=_FIRST_PLACE):
            own[slot, channels.corner + x // config.step] = 1
            own[slot, channels.corner + channels.places + y // config.step] = 1
        rows, columns = np.nonzero(region.mask)
        own[0, channels.shape] = 2 * columns.mean() / width - 1
        own[0, channels.shape + 1] = 2 * rows.mean() / height - 1
        own[0, channels.shape + 2] = region.mask.mean() ** 0.5
    return tokens


def register() -> None:
    """Let transformers' Auto classes read folders of prompters with these eyes."""
    AutoConfig.register(MODEL_TYPE, OverheadConfig, exist_ok=True)
    AutoModel.register(OverheadConfig, OverheadTower, exist_ok=True)


register()
