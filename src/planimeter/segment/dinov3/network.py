"""The network: transformers' DINOv3 backbone, a small adapter, and transformers' Mask2Former head and loss."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from planimeter.segment.dinov3.parts import (
    DINOv3ViTBackbone,
    DINOv3ViTConfig,
    Mask2FormerConfig,
    Mask2FormerLoss,
    Mask2FormerPixelDecoder,
    Mask2FormerPreTrainedModel,
    Mask2FormerTransformerModule,
)
from planimeter.segment.dinov3.settings import HeadSettings

IGNORED = 255  # a target pixel of no known class
_FAINT = 1e-6  # added to a class's score before its logarithm


class Adapter(nn.Module):
    """Brings four feature maps of stride 16 to strides 4, 8, 16 and 32.

    Args:
        channels: of the backbone's features.
        width: of the result.
    """

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()

        def normal() -> nn.Module:
            return nn.GroupNorm(32, width)

        self.steps = nn.ModuleList(
            [
                nn.Sequential(
                    nn.ConvTranspose2d(channels, width, 2, 2),
                    normal(),
                    nn.GELU(),
                    nn.ConvTranspose2d(width, width, 2, 2),
                    normal(),
                ),
                nn.Sequential(nn.ConvTranspose2d(channels, width, 2, 2), normal()),
                nn.Sequential(nn.Conv2d(channels, width, 1), normal()),
                nn.Sequential(nn.Conv2d(channels, width, 2, 2), normal()),
            ]
        )

    def forward(self, features: Sequence[torch.Tensor]) -> list[torch.Tensor]:
        """Four (N, channels, h, w) to (N, width, 4 h, 4 w), (…, 2 h, 2 w), (…, h, w) and (…, h / 2, w / 2)."""
        return [step(plane) for step, plane in zip(self.steps, features, strict=True)]


class Head(Mask2FormerPreTrainedModel):
    """What is trained: the adapter, Mask2Former's pixel decoder and transformer decoder, and its loss.

    Args:
        channels: of the backbone's features.
        classes: how many there are.
        settings: the head's shape.
    """

    def __init__(self, channels: int, classes: int, settings: HeadSettings) -> None:
        shape: dict[str, Any] = {
            "num_labels": classes,
            "feature_size": settings.width,
            "mask_feature_size": settings.width,
            "hidden_dim": settings.width,
            "num_queries": settings.queries,
            "encoder_layers": settings.encoder_layers,
            "decoder_layers": settings.decoder_layers,
            "num_attention_heads": settings.heads,
            "encoder_feedforward_dim": settings.feedforward // 2,
            "dim_feedforward": settings.feedforward,
            "train_num_points": settings.points,
        }
        config = Mask2FormerConfig(**shape)
        super().__init__(config)
        self.adapter = Adapter(channels, settings.width)
        self.pixel_decoder = Mask2FormerPixelDecoder(config, feature_channels=[settings.width] * 4)
        self.transformer = Mask2FormerTransformerModule(settings.width, config)
        self.class_predictor = nn.Linear(settings.width, classes + 1)
        self.weights = {
            "loss_cross_entropy": config.class_weight,
            "loss_mask": config.mask_weight,
            "loss_dice": config.dice_weight,
        }
        self.criterion = Mask2FormerLoss(config, self.weights)
        self.post_init()  # type: ignore[no-untyped-call]
        if settings.class_weights:
            with torch.no_grad():
                self.criterion.empty_weight[:-1] = torch.tensor(settings.class_weights)

    def forward(self, features: Sequence[torch.Tensor]) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
        """Class logits (N, queries, classes + 1) and mask logits (N, queries, H / 4, W / 4) after each layer."""
        decoded = self.pixel_decoder(self.adapter(features), return_dict=True)
        found = self.transformer(
            multi_scale_features=decoded.multi_scale_features,
            mask_features=decoded.mask_features,
            output_hidden_states=True,
        )
        states = found.intermediate_hidden_states
        return [self.class_predictor(state.transpose(0, 1)) for state in states], list(
            found.masks_queries_logits
        )

    def loss(
        self, classes: list[torch.Tensor], masks: list[torch.Tensor], target: torch.Tensor
    ) -> torch.Tensor:
        """Cross-entropy, and cross-entropy and dice of matched masks, over all layers.

        Args:
            classes: as ``forward`` gives them.
            masks: likewise.
            target: (N, H, W) int64 class indices, ``IGNORED`` elsewhere; such pixels belong to no mask.
        """
        present = [labels[labels != IGNORED] for labels in (each.unique() for each in target)]
        wanted = [
            (plane == labels[:, None, None]).float() for plane, labels in zip(target, present, strict=True)
        ]
        some = [index for index, labels in enumerate(present) if len(labels)]
        if not some:  # nothing is known of the whole batch
            return torch.stack([plane.sum() * 0 for plane in (*classes, *masks)]).sum()
        layers = [
            {"class_queries_logits": c[some].float(), "masks_queries_logits": m[some].float()}
            for c, m in zip(classes, masks, strict=True)
        ]
        losses: dict[str, torch.Tensor] = self.criterion(
            **layers[-1],
            mask_labels=[wanted[index] for index in some],
            class_labels=[present[index] for index in some],
            auxiliary_predictions=layers[:-1],
        )
        total = torch.zeros((), device=target.device)
        for name, value in losses.items():
            total = total + value * next(each for key, each in self.weights.items() if name.startswith(key))
        return total


class DINOv3Mask2Former(nn.Module):
    """A frozen backbone and a head.

    Args:
        backbone: gives the features of the layers the head wants.
        classes: how many there are.
        settings: the head's shape.

    Example:
        >>> network = DINOv3Mask2Former(small_backbone(), 3, SMALL)
        >>> tuple(network(torch.zeros(1, 3, 64, 96)).shape)
        (1, 3, 64, 96)
    """

    def __init__(self, backbone: DINOv3ViTBackbone, classes: int, settings: HeadSettings) -> None:
        super().__init__()
        self.backbone = backbone.eval().requires_grad_(False)
        self.head = Head(backbone.config.hidden_size, classes, settings)

    def train(self, mode: bool = True) -> DINOv3Mask2Former:
        """Put the head into training mode; the backbone never is."""
        super().train(mode)
        self.backbone.eval()
        return self

    def features(self, picture: torch.Tensor) -> list[torch.Tensor]:
        """(N, 3, H, W) normalised picture to four (N, channels, H / 16, W / 16), without gradients."""
        with torch.no_grad():
            return list(self.backbone(picture).feature_maps)

    def loss(self, picture: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """The loss of a batch; see ``Head.loss``. It is computed in float32 also where the network is not."""
        classes, masks = self.head(self.features(picture))
        with torch.autocast(picture.device.type, enabled=False):
            return self.head.loss(classes, masks, target)

    def forward(self, picture: torch.Tensor) -> torch.Tensor:
        """(N, 3, H, W) normalised picture to (N, classes, H, W): the logarithm of each class's score.

        A class's score is the sum over queries of its probability times the mask's, as Mask2Former's semantic
        inference has it (section 3.4 of MaskFormer, arXiv:2107.06278); in float32 also where the network is not.
        """
        classes, masks = self.head(self.features(picture))
        with torch.autocast(picture.device.type, enabled=False):
            probability = classes[-1].float().softmax(-1)[..., :-1]
            score = torch.einsum("nqc,nqhw->nchw", probability, masks[-1].float().sigmoid())
            logits = torch.log(score + _FAINT)
            return functional.interpolate(logits, picture.shape[-2:], mode="bilinear", align_corners=False)


#: A head that is made in no time, for tests and dry runs.
SMALL = HeadSettings(
    layers=(0, 1, 2, 3),
    width=32,
    queries=12,
    encoder_layers=1,
    decoder_layers=3,
    heads=4,
    feedforward=64,
    points=256,
)


def small_backbone(seed: int = 0) -> DINOv3ViTBackbone:
    """A backbone of random weights that is made in no time, for tests and dry runs."""
    torch.manual_seed(seed)
    shape: dict[str, Any] = {
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 4,
        "num_attention_heads": 2,
        "num_register_tokens": 4,
        "out_indices": out_indices(SMALL.layers),
    }
    return DINOv3ViTBackbone(DINOv3ViTConfig(**shape))


def out_indices(layers: Sequence[int]) -> list[int]:
    """How transformers names the outputs of blocks that are counted from 0: its 0 is the input.

    Example:
        >>> out_indices((4, 11, 17, 23))
        [5, 12, 18, 24]
    """
    return [layer + 1 for layer in layers]
