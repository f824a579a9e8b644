"""The head's shape, and the constants of the backbone it was made for."""

from __future__ import annotations

from dataclasses import dataclass

#: Colours are normalised as in the backbone's pre-training on SAT-493M (table 5 of the QVLM paper), scale 0 to 1.
SAT_MEAN = (0.430, 0.411, 0.296)
SAT_STD = (0.213, 0.156, 0.143)

#: ViT-L/16 pre-trained on SAT-493M; gated: its licence must be accepted on the hub.
BACKBONE = "facebook/dinov3-vitl16-pretrain-sat493m"
STRIDE = 32  # of the coarsest features: both sides of an input are multiples of it


@dataclass(frozen=True)
class HeadSettings:
    """The shape of a Mask2Former head; the defaults are the paper's.

    Attributes:
        layers: blocks of the backbone, counted from 0, whose features go to strides 4, 8, 16 and 32.
        width: channels inside the head; a multiple of 32.
        queries: how many masks are proposed.
        encoder_layers: of the pixel decoder.
        decoder_layers: of the transformer decoder, including the one before the first attention.
        heads: of attention.
        feedforward: channels inside the layers' perceptrons.
        points: pixels at which masks are compared with the truth in training.
        class_weights: of the classes in the cross-entropy; empty for 1 each.
    """

    layers: tuple[int, int, int, int] = (4, 11, 17, 23)
    width: int = 256
    queries: int = 100
    encoder_layers: int = 6
    decoder_layers: int = 10
    heads: int = 8
    feedforward: int = 2048
    points: int = 12544
    class_weights: tuple[float, ...] = ()
