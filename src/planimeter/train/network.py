"""The network: an encoder of timm, a U-Net decoder down to stride 4, and a sub-pixel head.

The decoder's last two blocks, at strides 2 and 1, would take four times as long as the whole encoder on a CPU, so the
head predicts 4 × 4 pixels per position instead and a pixel shuffle puts them in place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from planimeter.errors import UsageError
from planimeter.segment.torchvision import let_torchvision_load

STRIDE = 32  # of the encoder: both sides of an input are multiples of it
HEAD_STRIDE = 4
_STRIDES = (4, 8, 16, 32)  # of the features that the decoder takes


class UNet(nn.Module):
    """Logits for every pixel of a picture.

    Args:
        classes: channels of the result.
        encoder: name of a model of timm that gives features at strides 4, 8, 16 and 32.
        decoder: channels of the decoder's blocks at strides 16, 8 and 4.
        dims: channels of a ConvNeXt's four stages; None for those the name stands for.
        depths: blocks of a ConvNeXt's four stages; None likewise.
        layer_scale: factor on each ConvNeXt block's contribution at the start. timm's own 1e-6 is made for runs of
            100,000s of steps: after a few hundred its blocks still do next to nothing.

    Raises:
        UsageError: the encoder does not give such features.

    Example:
        >>> _ = torch.manual_seed(0)
        >>> tiny = UNet(classes=2, dims=(8, 8, 8, 8), depths=(1, 1, 1, 1), decoder=(8, 8, 8)).eval()
        >>> tuple(tiny(torch.zeros(1, 3, 64, 32)).shape)
        (1, 2, 64, 32)
    """

    encoder: Any

    def __init__(
        self,
        classes: int = 9,
        encoder: str = "convnext_atto",
        decoder: Sequence[int] = (96, 64, 48),
        dims: Sequence[int] | None = None,
        depths: Sequence[int] | None = None,
        layer_scale: float = 0.5,
    ) -> None:
        super().__init__()
        let_torchvision_load()
        import timm
        from segmentation_models_pytorch.decoders.unet.decoder import UnetDecoder

        shape: dict[str, Any] = {
            name: tuple(value) for name, value in (("dims", dims), ("depths", depths)) if value
        }
        if encoder.startswith("convnext"):
            shape |= {"conv_mlp": True, "ls_init_value": layer_scale}
        self.encoder = timm.create_model(encoder, pretrained=False, features_only=True, **shape)
        strides = self.encoder.feature_info.reduction()
        if not set(_STRIDES) <= set(strides):
            raise UsageError(
                f"The encoder {encoder} gives features at strides {strides}: take one with 4, 8, 16 and 32."
            )
        self._taken = [strides.index(stride) for stride in _STRIDES]
        channels = self.encoder.feature_info.channels()
        self.decoder = UnetDecoder(
            encoder_channels=(0, *(channels[index] for index in self._taken)),
            decoder_channels=tuple(decoder),
            n_blocks=len(decoder),
        )
        self.head = nn.Conv2d(decoder[-1], classes * HEAD_STRIDE**2, 3, padding=1)
        self.shuffle = nn.PixelShuffle(HEAD_STRIDE)

    def forward(self, picture: torch.Tensor) -> torch.Tensor:
        """(N, 3, H, W) normalised picture to (N, classes, H, W) logits; H and W are multiples of ``STRIDE``."""
        features = self.encoder(picture)
        taken = [features[index] for index in self._taken]
        logits: torch.Tensor = self.shuffle(self.head(self.decoder([picture, *taken])))
        return logits


class RawPictures(nn.Module):
    """A network that takes pictures as they are read: (N, H, W, 3) uint8, normalised inside.

    Args:
        network: takes normalised (N, 3, H, W).
        mean: of red, green and blue, on the scale 0 to 1.
        std: likewise.
    """

    shift: torch.Tensor
    factor: torch.Tensor

    def __init__(self, network: nn.Module, mean: Sequence[float], std: Sequence[float]) -> None:
        super().__init__()
        self.network = network
        self.register_buffer("shift", torch.tensor(mean).view(1, 3, 1, 1) * 255)
        self.register_buffer("factor", 1 / (torch.tensor(std).view(1, 3, 1, 1) * 255))

    def forward(self, picture: torch.Tensor) -> torch.Tensor:
        """(N, H, W, 3) uint8 to (N, classes, H, W) logits."""
        planes = picture.permute(0, 3, 1, 2).float()
        logits: torch.Tensor = self.network((planes - self.shift) * self.factor)
        return logits
