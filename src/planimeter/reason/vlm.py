"""Prompters through transformers: Qwen2.5-VL, Qwen3-VL, and any other image-text-to-text model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from planimeter.errors import ModelError
from planimeter.reason.families import FAMILIES, family_frame, shown_frame, squared
from planimeter.reason.prompter import PrompterLook, PrompterOptions, Said
from planimeter.reason.sam2 import REMEDY, import_torch, weights_digest
from planimeter.reason.wording import chat
from planimeter.segment.hub import load_model, load_part, shown_source


class VlmPrompter:
    """A vision-language model on this machine, answering greedily and several looks at a time.

    Args:
        source: a folder, or a name on the hub, such as RicardoString/Think2Seg-RS-3B, perhaps with @REVISION.
        options: how it is asked.
        download: fetch weights that are not on this machine from the hub; never done otherwise.
        device: where to compute; None for a GPU if there is one.
        model: use this model and ``processor`` instead of reading them.
        processor: of ``model``.

    Raises:
        ModelError: an extra is missing, or the weights are missing or of no such model.
        UsageError: the frame of the model's family is not known and none is given.
    """

    def __init__(
        self,
        source: str | Path,
        options: PrompterOptions | None = None,
        *,
        download: bool = False,
        device: str | None = None,
        model: Any = None,
        processor: Any = None,
    ) -> None:
        torch = import_torch("A prompter")
        self.options = options or PrompterOptions()
        self._device = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        if model is None or processor is None:
            model, processor = _load(str(source), download, self._device.type)
        self._model, self._processor = model.to(self._device).eval(), processor
        eyes = getattr(self._model.config, "vision_config", None)
        kinds = [str(getattr(each, "model_type", "")) for each in (eyes, self._model.config)]
        family = next((kind for kind in kinds if kind in FAMILIES), kinds[-1])
        self._frame = family_frame(family, self.options.frame)
        self._patch = getattr(eyes, "patch_size", None)
        shown = self.options.shown(self._frame)
        self.name = f"{shown_source(source)} {weights_digest(self._model)} ({shown})"

    def say(self, looks: Sequence[PrompterLook]) -> list[Said]:
        """See ``Prompter.say``."""
        said: list[Said] = []
        for start in range(0, len(looks), self.options.batch):
            said += self._say(looks[start : start + self.options.batch])
        return said

    def _say(self, looks: Sequence[PrompterLook]) -> list[Said]:
        import torch
        from PIL import Image

        pictures = [squared(look.image, self.options.side) for look in looks]
        texts = [
            self._processor.apply_chat_template(
                chat(look.phrase, self.options.variant), tokenize=False, add_generation_prompt=True
            )
            for look in looks
        ]
        inputs = self._processor(
            text=texts,
            images=[[Image.fromarray(picture)] for picture in pictures],
            padding=True,
            padding_side="left",  # so that every answer starts at the same place
            return_tensors="pt",
        ).to(self._device)
        with torch.inference_mode():
            written = self._model.generate(
                **inputs, do_sample=False, max_new_tokens=self.options.max_new_tokens
            )
        answers = self._processor.batch_decode(
            written[:, inputs["input_ids"].shape[1] :], skip_special_tokens=True
        )
        grids = inputs.get("image_grid_thw")
        frames = [
            shown_frame(self._frame, picture, None if grids is None else grids[index].tolist(), self._patch)
            for index, picture in enumerate(pictures)
        ]
        return [Said(text, frame) for text, frame in zip(answers, frames, strict=True)]


def _load(source: str, download: bool, device: str) -> tuple[Any, Any]:
    """Model and processor."""
    import torch

    try:
        from transformers import AutoModelForImageTextToText, AutoProcessor

        from planimeter.reason import overhead  # noqa: F401  # so that transformers knows prompters from parts
    except ImportError as error:
        raise ModelError(
            f"A prompter needs {error.name or 'transformers'}, which is not installed: "
            "pip install 'planimeter[reason]'."
        ) from error
    dtype = torch.bfloat16 if device == "cuda" and torch.cuda.is_bf16_supported() else torch.float32
    told = (source, "The prompter", REMEDY, download)
    processor = load_part(AutoProcessor, *told)
    return load_model(AutoModelForImageTextToText, *told, dtype=dtype), processor
