"""The eyes of the prompter made from parts: what the trained segmenter knows of a picture, as image tokens.

For transformers they are the vision tower of a LLaVA. What they compute is an ONNX graph that lies among the weights,
so a folder of such a prompter is whole by itself and needs no more than OpenVINO to see. They are frozen.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from transformers import AutoConfig, AutoModel, PreTrainedConfig, PreTrainedModel
from transformers.modeling_outputs import BaseModelOutputWithPooling

from planimeter.errors import ModelError
from planimeter.reason.embeddings import content_hash

MODEL_TYPE = "planimeter_overhead"
_KEPT = 4096  # pictures whose tokens are remembered: a group of completions, and an epoch, see the same ones
_AT_ONCE = 8  # pictures per pass, for memory


class OverheadConfig(PreTrainedConfig):
    """What the eyes are.

    Attributes:
        hidden_size: channels of a token.
        image_size: pixels a side of the picture they look at.
        patch_size: pixels a side of what one token stands for.
        graph_bytes: length of the ONNX graph.
        topics: what the first channels of the class map among a token's channels are.
        classes: channels of the class map.
    """

    model_type = MODEL_TYPE

    def __init__(
        self,
        hidden_size: int = 8,
        image_size: int = 64,
        patch_size: int = 32,
        graph_bytes: int = 1,
        topics: Sequence[str] = (),
        classes: int = 0,
        **more: Any,
    ) -> None:
        self.hidden_size = hidden_size
        self.image_size = image_size
        self.patch_size = patch_size
        self.graph_bytes = graph_bytes
        self.topics = list(topics)
        self.classes = classes
        super().__init__(**more)


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
    graph: torch.Tensor

    def __init__(self, config: OverheadConfig) -> None:
        super().__init__(config)
        self.register_buffer("graph", torch.zeros(config.graph_bytes, dtype=torch.uint8))
        self._compiled: Any = None
        self._kept: OrderedDict[str, np.ndarray] = OrderedDict()
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
        pictures = pixel_values.detach().to("cpu", torch.float32).numpy()
        names = [content_hash(picture) for picture in pictures]
        new = {name: row for row, name in enumerate(names) if name not in self._kept}
        rows = list(new.values())
        for start in range(0, len(rows), _AT_ONCE):
            part = rows[start : start + _AT_ONCE]
            for row, tokens in zip(part, self._run(pictures[part]), strict=True):
                self._kept[names[row]] = tokens.astype(np.float16)
        found = np.stack([self._kept[name] for name in names])
        for name in names:
            self._kept.move_to_end(name)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        tokens = torch.from_numpy(found).to(pixel_values.device, pixel_values.dtype)
        return BaseModelOutputWithPooling(last_hidden_state=tokens, hidden_states=(tokens,))

    def _run(self, pictures: np.ndarray) -> np.ndarray:
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
        return np.array(self._compiled([np.ascontiguousarray(pictures)])[0])


def register() -> None:
    """Let transformers' Auto classes read folders of prompters with these eyes."""
    AutoConfig.register(MODEL_TYPE, OverheadConfig, exist_ok=True)
    AutoModel.register(OverheadConfig, OverheadTower, exist_ok=True)


register()
