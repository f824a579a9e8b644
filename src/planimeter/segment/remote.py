"""A segmenter on another machine, asked over HTTP (``--segmenter http://…``); see ``planimeter.serve.segment``.

A server is not trusted: what it says is checked against what was asked, and its words are shown as quotations.
"""

from __future__ import annotations

import os
import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np
import rasterio
from rasterio.io import MemoryFile

from planimeter.errors import ModelError, UsageError
from planimeter.raster import Scene
from planimeter.segment.base import Caution, Seen, distinct, require_topics
from planimeter.segment.rle import decode
from planimeter.spatial.runs import Box

if TYPE_CHECKING:
    import httpx

#: Its own comes first: a server that asks another has its own secret in the second, and forgets it before it asks.
TOKEN_VARIABLES = ("PLANIMETER_SEGMENTER_TOKEN", "PLANIMETER_TOKEN")
_TOPIC = re.compile(r"[a-z][a-z0-9_]{0,39}")
_MOST_TOPICS = 100
_LONGEST_PAUSE = 30.0  # seconds between tries, whatever a server asks for
_LARGEST_REPLY = 512 << 20  # bytes
_PASSED_ON = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")  # plain pictures go as they are


@dataclass(frozen=True)
class _About:
    """What a server says of itself."""

    topics: tuple[str, ...]
    fingerprint: str
    upload_bytes: int | None
    pixels: int | None


class RemoteSegmenter:
    """Masks from a segmentation server.

    What is sent is the scene's picture, with its georeference or metres per pixel; a plain PNG or JPEG goes as it is,
    everything else as a GeoTIFF of 8-bit red, green and blue, without loss.

    Args:
        url: the server's address, such as ``http://127.0.0.1:8600``.
        token: the server's secret; None for the one in PLANIMETER_SEGMENTER_TOKEN or else PLANIMETER_TOKEN, environment
            variables, if any.
        timeout: seconds that one request may take, upload and computation included.
        tries: how often a busy server is asked before giving up.
        together: ask for all the server's topics at once, so that a scene is sent once only; False asks for what
            is wanted, for servers whose topics are expensive.

    Raises:
        UsageError: the address is none.

    Example:
        >>> RemoteSegmenter("http://127.0.0.1:8600").name
        'server http://127.0.0.1:8600'
    """

    def __init__(
        self,
        url: str,
        token: str | None = None,
        *,
        timeout: float = 300.0,
        tries: int = 5,
        together: bool = True,
    ) -> None:
        try:
            parts = urlsplit(url)
            fine = parts.scheme in ("http", "https") and parts.hostname and parts.username is None
            parts.port  # noqa: B018  (raises where it is no number)
        except ValueError:
            fine = False
        if not fine or not url.isprintable():
            raise UsageError(
                f"{url[:80]!r} is no server's address; write http://HOST:PORT, and a secret into {TOKEN_VARIABLES[0]}."
            )
        self.url = url.rstrip("/")
        self.name = f"server {self.url}"
        self._token = token or next(filter(None, map(os.environ.get, TOKEN_VARIABLES)), None)
        self._timeout = timeout
        self._tries = max(1, tries)
        self.together = together
        self._about: _About | None = None

    @property
    def topics(self) -> tuple[str, ...]:
        """What the server offers; it is asked once.

        Raises:
            ModelError: the server is down, slow, or says nonsense.
        """
        return self._known().topics

    def look(self, scene: Scene, topics: Sequence[str], box: Box | None = None) -> Seen:
        """What the server sees: the scene is sent to it. See ``Segmenter.look``.

        Raises:
            NotMeasurable: a topic that the server does not offer.
            ModelError: the server is down, slow, busy, refuses, or says nonsense.
        """
        require_topics(topics, self.topics, self.name)
        # Which pixels count is said with masks only, so one is asked for.
        said = self._segmented(scene, list(topics) or list(self._known().topics[:1]))
        masks, given = said["masks"], said.get("cautions") or {}
        cautions: list[str] = []
        for topic in topics:
            sentences = given.get(topic)
            if isinstance(sentences, list):
                cautions += (Caution(_quoted(each), [topic]) for each in sentences[:10])
        valid = said.get("valid")
        return Seen(
            {topic: self._decoded(masks[topic], scene, topic) for topic in topics},
            None if valid is None else self._decoded(valid, scene, "valid pixels"),
            distinct(cautions),
        )

    def fingerprint(self) -> str:
        """The address and the server's fingerprint.

        Raises:
            ModelError: as ``topics``.
        """
        return f"{self.name}:{self._known().fingerprint}"

    def _known(self) -> _About:
        if self._about is None:
            said = self._ask("GET", "/topics")
            topics = said.get("topics")
            if (
                not isinstance(topics, list)
                or not 0 < len(topics) <= _MOST_TOPICS
                or not all(isinstance(topic, str) and _TOPIC.fullmatch(topic) for topic in topics)
            ):
                raise self._nonsense("its list of topics is none")
            bounds = (said.get("upload_bytes"), said.get("pixels"))
            upload_bytes, pixels = (bound if type(bound) is int else None for bound in bounds)
            fingerprint = _quoted(said.get("fingerprint"))
            self._about = _About(tuple(dict.fromkeys(topics)), fingerprint, upload_bytes, pixels)
        return self._about

    def _segmented(self, scene: Scene, topics: list[str]) -> dict[str, Any]:
        """The server's reply about some topics of a scene, as far as it makes sense."""
        about = self._known()
        if about.pixels is not None and scene.width * scene.height > about.pixels:
            raise ModelError(
                f"{scene.name} has {scene.width:,} x {scene.height:,} pixels and the segmentation server {self.url} "
                f"takes {about.pixels:,}: start it with a larger --max-pixels, or ask about a part of the scene."
            )
        picture = picture_of(scene)
        if about.upload_bytes is not None and len(picture) > about.upload_bytes:
            raise ModelError(
                f"The picture of {scene.name} has {len(picture) / 2**20:.0f} MiB and the segmentation server "
                f"{self.url} takes {about.upload_bytes / 2**20:.0f}: start it with a larger --max-upload, or ask "
                "about a part of the scene."
            )
        fields = {"topics": ",".join(topics), "format": "rle"}
        if scene.scale is not None:
            fields["gsd"] = repr(scene.scale.gsd)
        said = self._ask("POST", "/segment", fields, picture)
        masks, cautions = said.get("masks"), said.get("cautions") or {}
        if not isinstance(masks, dict) or not isinstance(cautions, dict):
            raise self._nonsense("its reply holds no masks")
        if absent := [topic for topic in topics if topic not in masks]:
            raise self._nonsense(f"its reply lacks {', '.join(absent)}")
        if _quoted(said.get("fingerprint")) != about.fingerprint:
            raise ModelError(
                f"The segmentation server {self.url} serves another model than when it was first asked: ask again."
            )
        return said

    def _decoded(self, rle: Any, scene: Scene, what: str) -> np.ndarray:
        try:
            return decode(rle, scene.shape)
        except ValueError as error:
            raise self._nonsense(f"its mask of {what} is none of this scene: {error}") from error

    def _ask(
        self, method: str, path: str, fields: dict[str, str] | None = None, picture: bytes | None = None
    ) -> dict[str, Any]:
        """The server's reply to one request, a JSON object; asked again while the server is busy."""
        files = None if picture is None else {"image": ("image", picture, "application/octet-stream")}
        with self._client() as client:
            for attempt in range(self._tries):
                status, headers, content = self._sent(client, method, path, fields, files)
                if status != 503 or attempt + 1 == self._tries:
                    break
                time.sleep(_pause(headers.get("retry-after"), attempt))
        if 300 <= status < 400:
            raise ModelError(
                f"The segmentation server {self.url} points to another address ({_quoted(headers.get('location'))}): "
                "give that one if you trust it."
            )
        said = self._parsed(content, status)
        if status == 200:
            return said
        reason = _quoted(said.get("error")) or f"status {status}"
        if status in (401, 403):
            raise ModelError(
                f"The segmentation server {self.url} refuses to answer ({reason}): put its secret into the "
                f"environment variable {TOKEN_VARIABLES[0]}."
            )
        if status == 503:
            raise ModelError(
                f"The segmentation server {self.url} is still busy after {self._tries} tries: try again later."
            )
        raise ModelError(
            f"The segmentation server {self.url} did not segment the image ({reason}): correct that, or look into "
            "the server's log."
        )

    def _client(self) -> httpx.Client:
        try:
            import httpx
        except ImportError as error:
            raise ModelError(
                "Asking a segmentation server needs httpx, which is not installed: pip install 'planimeter[serve]'."
            ) from error
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        # A proxy for the outside world has no business with a server on this machine.
        local = urlsplit(self.url).hostname in ("127.0.0.1", "localhost", "::1")
        timeout = httpx.Timeout(self._timeout, connect=min(10.0, self._timeout))
        # Loading certificates takes a tenth of a second, and plain HTTP has none (redirects are not followed).
        encrypted = urlsplit(self.url).scheme == "https"
        return httpx.Client(
            headers=headers, timeout=timeout, trust_env=not local, verify=encrypted, follow_redirects=False
        )

    def _sent(
        self, client: httpx.Client, method: str, path: str, fields: dict[str, str] | None, files: Any
    ) -> tuple[int, httpx.Headers, bytes]:
        import httpx

        deadline = time.monotonic() + self._timeout
        content = bytearray()
        try:
            with client.stream(method, self.url + path, data=fields, files=files) as response:
                for part in response.iter_bytes():
                    content += part
                    if len(content) > _LARGEST_REPLY:
                        raise self._nonsense("its reply does not end")
                    if time.monotonic() > deadline:
                        raise httpx.ReadTimeout("the whole reply took too long")
                return response.status_code, response.headers, bytes(content)
        except httpx.ConnectError as error:
            raise ModelError(
                f"The segmentation server {self.url} cannot be reached: start it with `planimeter serve segment`, "
                "or check its address."
            ) from error
        except httpx.TimeoutException as error:
            raise ModelError(
                f"The segmentation server {self.url} did not answer within {self._timeout:g} s: try again when it "
                "is less busy, or with a smaller image."
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            raise ModelError(
                f"The segmentation server {self.url} broke off or does not speak HTTP ({type(error).__name__}): "
                "check its address and its log."
            ) from error

    def _parsed(self, content: bytes, status: int) -> dict[str, Any]:
        import json

        try:
            said = json.loads(content)
        except (ValueError, RecursionError):
            said = None
        if isinstance(said, dict):
            return said
        if status == 200:
            raise self._nonsense("its reply is no JSON object")
        return {}

    def _nonsense(self, what: str) -> ModelError:
        return ModelError(
            f"The segmentation server {self.url} answers nonsense ({what}): check that a Planimeter server of this "
            "version listens there."
        )


def picture_of(scene: Scene) -> bytes:
    """A scene as a file to send: its picture, without loss, and its georeference where its scale comes from that.

    Raises:
        SceneError: the scene's file cannot be read.
    """
    placed = scene.scale is not None and scene.scale.source in ("transform", "geodesic")
    if not placed and scene.transform is None:
        with scene.path.open("rb") as file:
            if file.read(8).startswith(_PASSED_ON):
                file.seek(0)
                return file.read()
    shape = {"width": scene.width, "height": scene.height, "count": 3, "dtype": "uint8"}
    packed = {"compress": "deflate", "predictor": 2, "zlevel": 1, "photometric": "RGB", "interleave": "pixel"}
    place = {"crs": scene.crs, "transform": scene.transform} if placed else {}
    picture = np.moveaxis(scene.read_rgb(), -1, 0)
    with rasterio.Env(), MemoryFile() as memory:
        with memory.open(driver="GTiff", **shape, **packed, **place) as dataset:
            dataset.write(picture)
        return bytes(memory.getbuffer())


def _pause(wanted: str | None, attempt: int) -> float:
    """Seconds until the next try: what the server asks for, or twice as long each time, with some chance in it."""
    asked = float(wanted) if wanted is not None and wanted.isdecimal() else 0.5 * 2**attempt
    return min(asked, _LONGEST_PAUSE) * random.uniform(0.8, 1.2)


def _quoted(said: Any) -> str:
    """A server's words on one line, printable and short."""
    text = said if isinstance(said, str) else ""
    return "".join(letter if letter.isprintable() else " " for letter in text[:300]).strip()
