"""The simplest promptable segmenter there is, for tests, examples and dry runs: an instance fills its box."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planimeter.reason.prompt import Prompt
from planimeter.reason.promptable import Encoded


class BoxSegmenter:
    """A mask is the pixels whose centres lie in the prompt's box; without a box, the pixels its points lie in.

    Example:
        >>> segmenter = BoxSegmenter()
        >>> encoded = segmenter.encode(np.zeros((3, 4, 3), np.uint8))
        >>> segmenter.decode(encoded, [Prompt((1, 0, 3, 2))]).sum()
        np.int64(4)
    """

    name = "box"

    def encode(self, image: np.ndarray) -> Encoded:
        """Nothing but the image's size."""
        return Encoded((image.shape[0], image.shape[1]), None, 1)

    def decode(self, encoded: Encoded, prompts: Sequence[Prompt]) -> np.ndarray:
        """(N, H, W) bool; see the class."""
        masks = np.zeros((len(prompts), *encoded.size), dtype=bool)
        columns, rows = np.arange(encoded.size[1]) + 0.5, np.arange(encoded.size[0]) + 0.5
        for mask, prompt in zip(masks, prompts, strict=True):
            if prompt.box is not None:
                x0, y0, x1, y1 = prompt.box
                mask[:] = np.outer((rows >= y0) & (rows < y1), (columns >= x0) & (columns < x1))
            else:
                for x, y in prompt.positive:
                    mask[int(y), int(x)] = True
        return masks
