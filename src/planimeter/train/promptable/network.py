"""The network: an encoder of the whole image, run once, and a decoder of one window, run per prompt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from planimeter.errors import UsageError
from planimeter.segment.torchvision import let_torchvision_load

MAPS = 4  # planes of ``planimeter.reason.embedded.window.prompt_maps``


class ConvBlock(nn.Sequential):
    """Convolution, normalisation, activation."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        super().__init__(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.GELU()
        )


class Residual(nn.Module):
    """Two convolutions beside a shortcut."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = ConvBlock(channels, channels)
        self.second = nn.Sequential(
            nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels)
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Same shape in and out."""
        return functional.gelu(x + self.second(self.first(x)))


class ImageEncoder(nn.Module):
    """Features of the whole image at stride 8, which have seen far around.

    Args:
        widths: channels at strides 2, 4, 8, 16 and 32.
        context: channels of the result.
    """

    def __init__(self, widths: Sequence[int] = (16, 32, 64, 96, 128), context: int = 32) -> None:
        super().__init__()
        first, second, third, fourth, fifth = widths
        self.to8 = nn.Sequential(
            ConvBlock(3, first, 2), ConvBlock(first, second, 2), ConvBlock(second, third, 2), Residual(third)
        )
        self.to16 = nn.Sequential(ConvBlock(third, fourth, 2), Residual(fourth))
        self.to32 = nn.Sequential(ConvBlock(fourth, fifth, 2), Residual(fifth))
        self.from8, self.from16, self.from32 = (
            nn.Conv2d(width, context, 1) for width in (third, fourth, fifth)
        )
        self.out = nn.Conv2d(context, context, 3, padding=1)

    def forward(self, picture: torch.Tensor) -> torch.Tensor:
        """(N, 3, H, W) normalised picture, sides multiples of 32, to (N, context, H / 8, W / 8)."""
        at8 = self.to8(picture)
        at16 = self.to16(at8)
        at32 = self.to32(at16)
        whole = self.from16(at16) + functional.interpolate(self.from32(at32), scale_factor=2.0)
        features: torch.Tensor = self.out(
            functional.gelu(self.from8(at8) + functional.interpolate(whole, scale_factor=2.0))
        )
        return features


class PretrainedEncoder(nn.Module):
    """The same from an encoder that others trained, or the segmenter's: frozen, but for how its features are joined.

    Args:
        name: of a model of timm that gives features at strides 8, 16 and 32.
        context: channels of the result.
    """

    backbone: Any

    def __init__(self, name: str, context: int = 32) -> None:
        super().__init__()
        let_torchvision_load()
        import timm

        self.backbone = timm.create_model(name, pretrained=False, features_only=True)
        self.backbone.requires_grad_(False)
        strides = self.backbone.feature_info.reduction()
        if not {8, 16, 32} <= set(strides):
            raise UsageError(
                f"The encoder {name} gives features at strides {strides}: take one with 8, 16 and 32."
            )
        self._taken = [strides.index(stride) for stride in (8, 16, 32)]
        channels = self.backbone.feature_info.channels()
        self.from8, self.from16, self.from32 = (
            nn.Conv2d(channels[index], context, 1) for index in self._taken
        )
        self.mix16, self.mix8 = (ConvBlock(context, context) for _ in range(2))
        self.out = nn.Conv2d(context, context, 3, padding=1)

    def train(self, mode: bool = True) -> PretrainedEncoder:
        """The backbone keeps the statistics it came with."""
        super().train(mode)
        self.backbone.eval()
        return self

    def forward(self, picture: torch.Tensor) -> torch.Tensor:
        """(N, 3, H, W) picture, -1 to 1, sides multiples of 32, to (N, context, H / 8, W / 8)."""
        return self.join(*self.features(picture))

    def features(self, picture: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """What the backbone gives of such a picture at strides 8, 16 and 32."""
        given = self.backbone(picture)
        at8, at16, at32 = (given[index] for index in self._taken)
        return at8, at16, at32

    def join(self, at8: torch.Tensor, at16: torch.Tensor, at32: torch.Tensor) -> torch.Tensor:
        """The backbone's features as those of the encoder."""
        whole = self.mix16(self.from16(at16) + functional.interpolate(self.from32(at32), scale_factor=2.0))
        whole = self.mix8(self.from8(at8) + functional.interpolate(whole, scale_factor=2.0))
        features: torch.Tensor = self.out(whole)
        return features


class WindowDecoder(nn.Module):
    """Logits of a window, and how much of its region they are expected to meet.

    Args:
        widths: channels at strides 2, 4, 8 and 16 of the window.
        context: channels of the image's features.
    """

    def __init__(self, widths: Sequence[int] = (24, 48, 80, 112), context: int = 32) -> None:
        super().__init__()
        first, second, third, fourth = widths
        self.at2 = nn.Sequential(ConvBlock(3 + MAPS, first, 2), Residual(first))
        self.at4 = nn.Sequential(ConvBlock(first, second, 2), Residual(second))
        self.at8 = ConvBlock(second, third, 2)
        self.join = ConvBlock(third + context, third)
        self.more = Residual(third)
        self.at16 = nn.Sequential(ConvBlock(third, fourth, 2), Residual(fourth))
        self.gather = nn.Linear(2 * fourth, fourth)
        self.up8 = nn.Sequential(ConvBlock(fourth + third, third))
        self.up4 = nn.Sequential(ConvBlock(third + second, second))
        self.up2 = nn.Sequential(ConvBlock(second + first, first), ConvBlock(first, first))
        self.head = nn.Conv2d(first, 4, 3, padding=1)
        self.shuffle = nn.PixelShuffle(2)
        self.score = nn.Sequential(nn.Linear(fourth + first, 64), nn.GELU(), nn.Linear(64, 1))

    def forward(
        self, seen: torch.Tensor, maps: torch.Tensor, context: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """(N, 3, S, S) normalised window, (N, 4, S, S) maps, (N, context, S / 8, S / 8) to logits and scores.

        Returns:
            (N, S, S) logits; (N,) logit of the expected intersection over union.
        """
        at2 = self.at2(torch.cat([seen, maps], 1))
        at4 = self.at4(at2)
        at8 = self.more(self.join(torch.cat([self.at8(at4), context], 1)))
        at16 = self.at16(at8)
        whole = self.gather(torch.cat([at16.mean((2, 3)), at16.amax((2, 3))], 1))
        up = at16 + whole[:, :, None, None]
        up = self.up8(torch.cat([functional.interpolate(up, scale_factor=2.0), at8], 1))
        up = self.up4(torch.cat([functional.interpolate(up, scale_factor=2.0), at4], 1))
        up = self.up2(torch.cat([functional.interpolate(up, scale_factor=2.0), at2], 1))
        logits = self.shuffle(self.head(up))[:, 0]
        score = self.score(torch.cat([whole, up.mean((2, 3))], 1))[:, 0]
        return logits, score


class PromptableNetwork(nn.Module):
    """Encoder and decoder together, as they are trained.

    Args:
        encoder: channels of the encoder, or the name of a model of timm, whose weights stay as they are given.
        decoder: channels of the decoder.
        context: channels between them.

    Example:
        >>> network = PromptableNetwork((4, 4, 8, 8, 8), (4, 8, 8, 8), 4).eval()
        >>> features = network.encode(torch.zeros(2, 32, 64, 3, dtype=torch.uint8))
        >>> seen, maps = torch.zeros(3, 96, 96, 3, dtype=torch.uint8), torch.zeros(3, 4, 96, 96)
        >>> logits, scores = network.decode(features[:1], seen, maps, torch.zeros(3, 12, 12, 2))
        >>> tuple(features.shape), tuple(logits.shape), tuple(scores.shape)
        ((2, 4, 4, 8), (3, 96, 96), (3,))
    """

    def __init__(
        self,
        encoder: Sequence[int] | str = (16, 32, 64, 96, 128),
        decoder: Sequence[int] = (24, 48, 80, 112),
        context: int = 32,
    ) -> None:
        super().__init__()
        self.encoder = (
            PretrainedEncoder(encoder, context)
            if isinstance(encoder, str)
            else ImageEncoder(encoder, context)
        )
        self.decoder = WindowDecoder(decoder, context)

    def encode(self, picture: torch.Tensor) -> torch.Tensor:
        """(N, H, W, 3) uint8 pictures to their features."""
        known = isinstance(self.encoder, PretrainedEncoder)
        features: torch.Tensor = self.encoder(as_known(picture) if known else _normal(picture))
        return features

    def decode(
        self, features: torch.Tensor, seen: torch.Tensor, maps: torch.Tensor, grid: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Windows of one image or of several, in equal numbers.

        Args:
            features: (B, context, h, w) of the images.
            seen: (B · P, S, S, 3) uint8 windows, image by image.
            maps: (B · P, 4, S, S) what is asked.
            grid: (B · P, G, G, 2) where each window lies in its image.

        Returns:
            (B · P, S, S) logits, (B · P,) logits of the expected intersection over union.
        """
        side = grid.shape[1]
        stacked = grid.reshape(features.shape[0], -1, side, 2)  # the windows of an image below each other
        context = functional.grid_sample(
            features.float(), stacked.float(), padding_mode="border", align_corners=False
        )
        channels = context.shape[1]
        context = context.reshape(features.shape[0], channels, -1, side, side)
        context = context.transpose(1, 2).reshape(-1, channels, side, side)
        logits, score = self.decoder(_normal(seen), maps, context)
        return logits, score


def _normal(picture: torch.Tensor) -> torch.Tensor:
    """(N, H, W, 3) uint8 to (N, 3, H, W), about -1 to 1."""
    return picture.permute(0, 3, 1, 2).float() / 64 - 1.6


def as_known(picture: torch.Tensor) -> torch.Tensor:
    """(N, H, W, 3) uint8 to (N, 3, H, W), -1 to 1, as pretrained encoders of this family know it."""
    return picture.permute(0, 3, 1, 2).float() / 127.5 - 1
