"""SAM 2.1 through transformers: the image encoder once per image, the mask decoder as often as there are prompts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from planimeter.errors import ModelError
from planimeter.reason.prompt import Prompt
from planimeter.reason.promptable import Encoded
from planimeter.segment.hub import load_model, shown_source

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of SAM 2's training pictures
CPU_CHUNK, GPU_CHUNK = 4, 32
REMEDY = "give the folder of a copy, or allow the download from the hub with `,download`"
SIZES = ("tiny", "small", "base-plus", "large")  # facebook/sam2.1-hiera-SIZE; the paper's default is small


class Sam2Promptable:
    """Masks from SAM 2.1.

    Pictures are resized to the model's square (1024 pixels a side), as its authors do. Coordinates go there per axis;
    a pixel's centre stays a pixel's centre.

    Args:
        source: a folder, or a name on the hub, such as facebook/sam2.1-hiera-small, perhaps with @REVISION behind it.
        download: fetch weights that are not on this machine from the hub; never done otherwise.
        device: where to compute; None for a GPU if there is one.
        chunk: prompts decoded together; None for 4 on a CPU, where larger batches are slower, and 32 on a GPU.
        half: keep encoded images in float16, in half the memory.
        model: use this ``Sam2Model`` instead of reading one.

    Raises:
        ModelError: an extra is missing, or the weights are missing or of another model.
    """

    def __init__(
        self,
        source: str | Path,
        *,
        download: bool = False,
        device: str | None = None,
        chunk: int | None = None,
        half: bool = False,
        model: Any = None,
    ) -> None:
        torch = import_torch("SAM 2.1")
        self._device = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        self._model = (model if model is not None else _load(str(source), download)).to(self._device).eval()
        self.chunk = chunk or (GPU_CHUNK if self._device.type == "cuda" else CPU_CHUNK)
        self._kept = torch.float16 if half else torch.float32
        self._side = int(self._model.config.prompt_encoder_config.image_size)
        kind = "float16" if half else "float32"
        self.name = f"{shown_source(source)} {kind} {weights_digest(self._model)}"

    def encode(self, image: np.ndarray) -> Encoded:
        """See ``PromptableSegmenter.encode``."""
        import torch

        height, width = image.shape[:2]
        with torch.inference_mode():
            picture = torch.from_numpy(np.array(image)).to(self._device).permute(2, 0, 1)[None].float() / 255
            picture = torch.nn.functional.interpolate(
                picture, (self._side, self._side), mode="bilinear", antialias=True, align_corners=False
            )
            mean, std = (torch.tensor(each, device=self._device).view(3, 1, 1) for each in (MEAN, STD))
            features = self._model.get_image_embeddings((picture - mean) / std)
            kept = [each.to(self._kept) for each in features]
        return Encoded((height, width), kept, sum(each.numel() * each.element_size() for each in kept))

    def decode(self, encoded: Encoded, prompts: Sequence[Prompt]) -> np.ndarray:
        """See ``PromptableSegmenter.decode``.

        Prompts of one shape (with a box or not, so many points) are decoded together, ``chunk`` at a time: padding
        prompts of different shapes would change SAM's masks.
        """
        import torch

        height, width = encoded.size
        masks = np.zeros((len(prompts), height, width), dtype=bool)
        features = [each.float() for each in encoded.features]
        with torch.inference_mode():
            for chosen in _chunks(prompts, self.chunk):
                logits = self._logits(features, [prompts[index] for index in chosen], encoded.size)
                for index, each in zip(chosen, logits, strict=True):
                    full = torch.nn.functional.interpolate(
                        each[None, None], (height, width), mode="bilinear", align_corners=False
                    )
                    masks[index] = (full[0, 0] > 0).cpu().numpy()
        return masks

    def _logits(self, features: list[Any], prompts: Sequence[Prompt], size: tuple[int, int]) -> Any:
        """(N, h, w) mask logits of prompts of one shape: of the best of three masks where there is no box, whose
        points could mean several things; else of the single one."""
        import torch

        scale = np.array([self._side / size[1], self._side / size[0]])
        given: dict[str, Any] = {}
        if prompts[0].positive or prompts[0].negative:
            points = np.array([[*prompt.positive, *prompt.negative] for prompt in prompts]) * scale - 0.5
            labels = np.array([[1] * len(each.positive) + [0] * len(each.negative) for each in prompts])
            given["input_points"] = torch.from_numpy(points[None]).float().to(self._device)
            given["input_labels"] = torch.from_numpy(labels[None]).to(self._device)
        if prompts[0].box is not None:
            boxes = np.array([prompt.box for prompt in prompts]) * np.tile(scale, 2) - 0.5
            given["input_boxes"] = torch.from_numpy(boxes[None]).float().to(self._device)
        several = prompts[0].box is None
        found = self._model(image_embeddings=list(features), multimask_output=several, **given)
        best = found.iou_scores[0].argmax(-1) if several else torch.zeros(len(prompts), dtype=torch.long)
        return torch.stack([masks[which] for masks, which in zip(found.pred_masks[0], best, strict=True)])


def _chunks(prompts: Sequence[Prompt], most: int) -> Iterator[list[int]]:
    """Indices of prompts of one shape, at most so many at a time."""
    shapes: dict[tuple[bool, int, int], list[int]] = {}
    for index, prompt in enumerate(prompts):
        shape = (prompt.box is None, len(prompt.positive), len(prompt.negative))
        shapes.setdefault(shape, []).append(index)
    for members in shapes.values():
        for start in range(0, len(members), most):
            yield members[start : start + most]


def import_torch(wanted_by: str) -> Any:
    """torch, ready for transformers.

    Raises:
        ModelError: it is not installed.
    """
    try:
        import torch

        from planimeter.segment.torchvision import let_torchvision_load
    except ImportError as error:
        raise ModelError(
            f"{wanted_by} needs {error.name or 'torch'}, which is not installed: pip install 'planimeter[reason]'."
        ) from error
    let_torchvision_load()
    return torch


def weights_digest(model: Any) -> str:
    """Eight characters that change with a model's weights: of the first values of each of them."""
    digest = hashlib.blake2b(digest_size=4)
    for name, value in model.state_dict().items():
        head = value.flatten()[:64].detach().float().cpu().numpy()
        digest.update(name.encode() + head.tobytes())
    return digest.hexdigest()


def _load(source: str, download: bool) -> Any:
    try:
        from transformers import Sam2Model
    except ImportError as error:
        raise ModelError(
            f"SAM 2.1 needs {error.name or 'transformers'}, which is not installed: pip install 'planimeter[reason]'."
        ) from error
    return load_model(Sam2Model, source, "SAM 2.1", REMEDY, download)
