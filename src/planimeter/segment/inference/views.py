"""Looking at a picture several times: turned and mirrored, and the mean of what is seen."""

from __future__ import annotations

import numpy as np

from planimeter.segment.inference.card import ModelCard
from planimeter.segment.inference.runtime import LogitModel

#: How a picture is laid for each look: quarter turns, and whether it is mirrored before. All ways a square can lie.
VIEWS = tuple((turns, mirrored) for turns in range(4) for mirrored in (False, True))


class TurnedModel:
    """A model that looks eight times, in all ways that a square can lie; its logits are the mean.

    From above there is no up, so what a network says of a picture and of the same one turned or mirrored differs by its
    errors alone, and the mean errs less. It takes eight times as long.

    Args:
        model: what looks.

    Example:
        >>> class Left:
        ...     card = None
        ...     def logits(self, pictures):
        ...         logits = np.zeros((len(pictures), 1, *pictures.shape[1:3]), np.float32)
        ...         logits[..., 0] = 4
        ...         return logits
        >>> TurnedModel(Left()).logits(np.zeros((1, 3, 3, 3), np.uint8))[0, 0].tolist()
        [[2.0, 1.0, 2.0], [1.0, 0.0, 1.0], [2.0, 1.0, 2.0]]
    """

    def __init__(self, model: LogitModel) -> None:
        self.card: ModelCard = model.card
        self._model = model

    def logits(self, pictures: np.ndarray) -> np.ndarray:
        """See ``LogitModel.logits``."""
        total: np.ndarray | float = 0.0
        for turns, mirrored in VIEWS:
            laid = np.rot90(pictures[:, :, ::-1] if mirrored else pictures, turns, (1, 2))
            seen = np.rot90(self._model.logits(np.ascontiguousarray(laid)), -turns, (2, 3))
            total = total + (seen[..., ::-1] if mirrored else seen)
        return np.ascontiguousarray(total / np.float32(len(VIEWS)))
