"""From an upload to finished masks: cached, shared between equal requests, or computed in the queue."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from typing import BinaryIO

from planimeter.segment import Segmenter
from planimeter.segment.base import about, require_topics
from planimeter.segment.memory import look
from planimeter.segment.rle import encode
from planimeter.serve.images import file_hash, private_scene
from planimeter.serve.metrics import Metrics
from planimeter.serve.segment.cache import Finished, MaskCache
from planimeter.serve.segment.limits import SegmentLimits
from planimeter.serve.worker import QueueWorker

VALID = ""  # stands for the pixels the segmenter has an opinion on, among topics


class MaskService:
    """A segmenter behind a queue and a cache.

    All methods but the work itself run on the server's event loop.

    Args:
        segmenter: makes the masks; asked by one thread at a time.
        limits: of the server.
        gsd: metres per pixel of pictures that do not say, when the request does not either.
        lock: held while the segmenter works; to be shared with whoever else asks the same one.
    """

    def __init__(
        self,
        segmenter: Segmenter,
        limits: SegmentLimits,
        gsd: float | None = None,
        lock: threading.Lock | None = None,
    ) -> None:
        self.segmenter = segmenter
        self.limits = limits
        self.gsd = gsd
        self.cache = MaskCache(limits.cache_bytes)
        self.worker = QueueWorker(limits.waiting)
        self.metrics = Metrics()
        self.uploading = 0
        self._lock = lock or threading.Lock()
        self._running: dict[tuple[str, str], Future[dict[str, Finished]]] = {}

    @property
    def fingerprint(self) -> str:
        """Changes when masks could change; a hash, because a segmenter's own may name files of this machine."""
        return hashlib.sha256(self.segmenter.fingerprint().encode()).hexdigest()[:32]

    def gauges(self) -> dict[str, tuple[str, float]]:
        """Figures of this moment, for the metrics."""
        return {
            "queue": ("Requests worked on or waiting.", self.worker.pending),
            "queue_capacity": ("Requests that may be worked on or wait.", self.worker.capacity),
            "uploads": ("Uploads under way.", self.uploading),
            "cache_bytes": ("Bytes of finished masks kept.", self.cache.used),
        }

    @contextmanager
    def upload_slot(self) -> Iterator[None]:
        """Hold one of as many uploads as there are places in the queue.

        Raises:
            Refused: there is no room.
        """
        self.worker.refuse_when_full()
        if self.uploading >= self.worker.capacity:
            raise self.worker.busy(self.uploading)
        self.uploading += 1
        try:
            yield
        finally:
            self.uploading -= 1

    async def finished(
        self,
        upload: BinaryIO,
        gsd: float | None,
        topics: Sequence[str],
        close: Callable[[], object],
    ) -> tuple[dict[str, Finished], tuple[str, ...]]:
        """Masks of an image, and which of them were at hand.

        Args:
            upload: the image file, open until ``close`` is called.
            gsd: metres per pixel, as the request says.
            topics: what is asked for.
            close: is called once when the file is not needed any more, in any thread. That may be after this has
                returned: others may wait for work on it where this request is given up or fails by other work.

        Returns:
            topic → its mask, ``VALID`` among them; and the topics that came from the cache.

        Raises:
            NotMeasurable: a topic the segmenter does not offer.
            Refused: the image cannot be used, or there is no room in the queue.
        """
        future: Future[dict[str, Finished]] | None = None
        try:
            require_topics(topics, self.segmenter.topics, self.segmenter.name)
            gsd = self.gsd if gsd is None else gsd
            image = f"{await asyncio.to_thread(file_hash, upload)}:{gsd}:{self.fingerprint}"
            found: dict[str, Finished] = {}
            shared: dict[str, Future[dict[str, Finished]]] = {}
            missing: list[str] = []
            for topic in (VALID, *topics):
                kept = self.cache.get((image, topic))
                running = self._running.get((image, topic))
                if kept is not None:
                    found[topic] = kept
                elif running is not None:
                    shared[topic] = running
                else:
                    missing.append(topic)
            cached = tuple(topic for topic in found if topic != VALID)
            self.metrics.topics(len(found), len(missing), len(shared))
            futures = set(shared.values())
            if missing:
                future = self._submitted(upload, image, gsd, missing)
                futures.add(future)
            for each in futures:
                # Shielded, because others may wait for the same work.
                done: dict[str, Finished] = await asyncio.shield(asyncio.wrap_future(each))
                found |= done
            return found, cached
        finally:
            if future is None:
                close()
            else:
                future.add_done_callback(lambda _: close())

    def _submitted(
        self, upload: BinaryIO, image: str, gsd: float | None, missing: list[str]
    ) -> Future[dict[str, Finished]]:
        """Queue the work on what is missing, so that others find it."""
        future = self.worker.submit(lambda: self._work(upload, image, gsd, missing))
        for topic in missing:
            self._running[image, topic] = future
        future.add_done_callback(lambda _: [self._running.pop((image, topic), None) for topic in missing])
        return future

    def _work(
        self, upload: BinaryIO, image: str, gsd: float | None, topics: list[str]
    ) -> dict[str, Finished]:
        """Compute masks, on the worker's thread."""
        with private_scene(upload, gsd, self.limits.pixels) as scene, self._lock:
            wanted = [topic for topic in topics if topic != VALID]
            seen = look(self.segmenter, scene, wanted)
            done = {
                topic: Finished(encode(seen.masks[topic])["counts"], about(seen.cautions, topic), scene.shape)
                for topic in wanted
            }
            if VALID in topics:
                counts = None if seen.valid is None else str(encode(seen.valid)["counts"])
                done[VALID] = Finished(counts, scene.warnings, scene.shape)
        for topic, finished in done.items():
            self.cache.put((image, topic), finished)
        return done
