"""Images that were encoded, kept by what they show: the same picture is never encoded twice while there is room."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict

import numpy as np

from planimeter.reason.promptable import Encoded, PromptableSegmenter

DEFAULT_BYTES = 1 << 30  # about 60 images of SAM 2 in float32


class EmbeddingCache:
    """Encoded images by content and segmenter, the least recently used going first.

    Safe to use from several threads; an image that two of them want at once is encoded once.

    Args:
        max_bytes: of all that is kept; an image that is larger by itself is not kept.

    Attributes:
        encoded: how many images had to be encoded.
        reused: how many were there already.

    Example:
        >>> from planimeter.reason.tiny import BoxSegmenter
        >>> cache, image = EmbeddingCache(), np.zeros((8, 8, 3), np.uint8)
        >>> for _ in range(3):
        ...     _ = cache.encode(BoxSegmenter(), image)
        >>> cache.encoded, cache.reused
        (1, 2)
    """

    def __init__(self, max_bytes: int = DEFAULT_BYTES) -> None:
        self.max_bytes = max_bytes
        self.encoded = 0
        self.reused = 0
        self._kept: OrderedDict[tuple[str, str], Encoded] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def nbytes(self) -> int:
        """Memory that the kept images take."""
        return sum(each.nbytes for each in self._kept.values())

    def encode(self, segmenter: PromptableSegmenter, image: np.ndarray) -> Encoded:
        """The image as the segmenter sees it, from the cache where it is there.

        Args:
            segmenter: its name says model, weights and number format.
            image: (H, W, 3) uint8.
        """
        key = (segmenter.name, content_hash(image))
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                self.reused += 1
                return found
            found = segmenter.encode(image)
            self.encoded += 1
            self._kept[key] = found
            while self.nbytes > self.max_bytes:
                self._kept.popitem(last=False)
            return found


def content_hash(image: np.ndarray) -> str:
    """What tells images apart: shape and pixels.

    Example:
        >>> content_hash(np.zeros((2, 3, 3), np.uint8)) == content_hash(np.zeros((3, 2, 3), np.uint8))
        False
    """
    digest = hashlib.blake2b(f"{image.shape}{image.dtype}".encode(), digest_size=16)
    digest.update(np.ascontiguousarray(image).data)
    return digest.hexdigest()
