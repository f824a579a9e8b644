"""The parts of transformers that the network is made of, imported with care.

transformers imports torchvision; `planimeter.segment.torchvision` says what care that needs.
"""

from __future__ import annotations

from planimeter.segment.torchvision import let_torchvision_load

let_torchvision_load()

from transformers import DINOv3ViTBackbone, DINOv3ViTConfig, Mask2FormerConfig  # noqa: E402
from transformers.models.mask2former.modeling_mask2former import (  # noqa: E402
    Mask2FormerLoss,
    Mask2FormerPixelDecoder,
    Mask2FormerPreTrainedModel,
    Mask2FormerTransformerModule,
)

__all__ = [
    "DINOv3ViTBackbone",
    "DINOv3ViTConfig",
    "Mask2FormerConfig",
    "Mask2FormerLoss",
    "Mask2FormerPixelDecoder",
    "Mask2FormerPreTrainedModel",
    "Mask2FormerTransformerModule",
]
