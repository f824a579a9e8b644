"""What all networks share: their card, the pixels they see, seamless windows, the runtime, and what logits decide.

    scene ─► grid (resized to what the model knows) ─► windows ─► runtime ─► logits on the scene's grid ─► decide

``card`` says what a model is, ``predict`` goes through a scene or a part of it, ``cautions`` what a reader should know.
"""

from __future__ import annotations

from planimeter.segment.inference.card import ModelCard, ObjectHead, load_card
from planimeter.segment.inference.runtime import LazyModel, LogitModel, RuntimeModel

__all__ = ["LazyModel", "LogitModel", "ModelCard", "ObjectHead", "RuntimeModel", "load_card"]
