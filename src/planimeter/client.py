"""A client of ``planimeter serve``, for programs: upload a scene, ask, wait, take the answer and its shapes.

It needs httpx: ``pip install 'planimeter[client]'``. See docs/client.md.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO
from urllib.parse import SplitResult, quote, urlsplit

from planimeter import errors
from planimeter.errors import InputError, ModelError, PlanimeterError, QuestionError, UsageError, shown_name

try:
    import httpx
except ImportError as error:
    raise ModelError(
        "The client needs httpx, which is not installed: pip install 'planimeter[client]'."
    ) from error

TOKEN_VARIABLE = "PLANIMETER_TOKEN"
_WAIT = 30  # seconds that one request waits for its answer
_PAUSE = 1.0  # seconds between looks at a job
_LONGEST_PAUSE = 60.0
_BY_EXIT: dict[str, type[PlanimeterError]] = {
    "usage": UsageError,
    "input": InputError,
    "question": QuestionError,
    "program": errors.ProgramError,
}


@dataclass(frozen=True)
class ServedScene:
    """A scene of a server.

    Attributes:
        id: how requests name it.
        name: how people name it.
        about: all that the server says of it.
    """

    id: str
    name: str
    about: Mapping[str, Any]


@dataclass(frozen=True)
class ServedAnswer:
    """An answer of a server.

    Attributes:
        id: how requests name it.
        answer: a number, "yes" or "no", a word, the rows of a table or list, or a place.
        unit: of a number; None where it has none.
        about: the fields that ``planimeter ask --json`` prints: reading, program, warnings, …
    """

    id: str
    answer: Any
    unit: str | None
    about: Mapping[str, Any]
    _client: Client

    def shapes(self) -> dict[str, Any]:
        """The shapes behind the answer, as a GeoJSON FeatureCollection.

        Raises:
            UsageError: nothing was counted or measured against.
        """
        return self._client.told("GET", f"{self._path}/shapes.geojson", "features")

    def file(self, name: str) -> bytes:
        """A file behind the answer: "overlay.png", "shapes.gpkg", "report.html", "masks/water.tif", …

        Raises:
            UsageError: there is none of that name.
        """
        return self._client.request("GET", f"{self._path}/{quote(name)}").content

    def delete(self) -> None:
        """Take the answer away from the server."""
        self._client.request("DELETE", self._path)

    @property
    def _path(self) -> str:
        return f"/answers/{quote(self.id, safe='')}"


@dataclass(frozen=True)
class ServedJob:
    """A question on its way.

    Attributes:
        id: how requests name it; also its answer's.
    """

    id: str
    _client: Client

    def state(self) -> str:
        """ "queued", "running", "answered" (its files are being written), "done" or "failed"."""
        return str(self._about()["state"])

    def wait(self, seconds: float = 600.0) -> ServedAnswer:
        """The answer, when it is there.

        Args:
            seconds: how long to wait.

        Raises:
            LimitReached: it is not there by then; the job goes on.
            PlanimeterError: what ``planimeter.ask`` raises, and whatever else the server refuses.
        """
        deadline = time.monotonic() + seconds
        while True:
            about = self._about()
            if isinstance(about["error"], dict):
                raise _error_of(about["error"])
            if about["state"] == "done":
                return self._client.answer(self.id)
            if time.monotonic() > deadline:
                raise errors.LimitReached(
                    f"The answer is not there after {seconds:g} s; wait longer, or cancel the job."
                )
            time.sleep(_PAUSE)

    def cancel(self) -> None:
        """End the work on it."""
        self._client.request("DELETE", self._path)

    def _about(self) -> dict[str, Any]:
        return self._client.told("GET", self._path, "state", "error")

    @property
    def _path(self) -> str:
        return f"/jobs/{quote(self.id, safe='')}"


class Client:
    """A server of ``planimeter serve``.

    Args:
        url: its address.
        token: its secret; None for the one in the environment variable PLANIMETER_TOKEN, if any.
        timeout: seconds that one request may take.
        tries: how often a busy server is asked before giving up.

    Raises:
        UsageError: the address is none.

    Example:
        >>> with Client("http://127.0.0.1:8500") as client:
        ...     print(client.url)
        http://127.0.0.1:8500
    """

    def __init__(
        self,
        url: str = "http://127.0.0.1:8500",
        token: str | None = None,
        *,
        timeout: float = 120.0,
        tries: int = 8,
    ) -> None:
        parts = _parts_of(url)
        self.url = url.rstrip("/")
        self._tries = max(1, tries)
        token = token or os.environ.get(TOKEN_VARIABLE) or ""
        if not token.isascii():
            raise UsageError(
                "The token has letters that no request can carry; give the one that the server was given."
            )
        # A proxy for the outside world has no business with a server on this machine.
        local = parts.hostname in ("127.0.0.1", "localhost", "::1")
        self._http = httpx.Client(
            base_url=f"{self.url}/v1",
            headers={"Authorization": f"Bearer {token}"} if token else {},
            timeout=timeout,
            trust_env=not local,
            verify=parts.scheme == "https",
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def scenes(self) -> Iterator[ServedScene]:
        """All scenes that may be asked about."""
        cursor: str | None = ""
        while cursor is not None:
            page = self.told("GET", "/scenes", "scenes", "next", params={"cursor": cursor})
            for about in page["scenes"]:
                yield self._scene(about)
            cursor = page["next"]

    def add_scene(
        self,
        image: str | Path,
        *,
        gsd: float | None = None,
        labels: str | Path | None = None,
        legend: str | Path | None = None,
        vectors: Sequence[str | Path] = (),
    ) -> ServedScene:
        """Upload a scene, with its maps if there are any; the same files give the same scene.

        Args:
            image: GeoTIFF, PNG, JPEG or JPEG 2000.
            gsd: metres per pixel of a plain picture.
            labels: a label raster of it.
            legend: what its values mean: a JSON file, or a shipped legend's name.
            vectors: GeoJSON files named after their topic, such as roof.geojson.

        Raises:
            InputError: a file cannot be read, here or there.
        """
        fields = {"gsd": str(gsd)} if gsd is not None else {}
        given: list[tuple[str, str | Path]] = [("image", image), *(("vector", file) for file in vectors)]
        if labels is not None:
            given.append(("labels", labels))
        if legend is not None and Path(legend).is_file():
            given.append(("legend", legend))
        elif legend is not None:
            fields["legend"] = str(legend)
        with ExitStack() as stack:
            files = [(field, (Path(file).name, stack.enter_context(_opened(file)))) for field, file in given]
            about = self.told("POST", "/scenes", data=fields, files=files)
        return self._scene(about)

    def delete_scene(self, scene: ServedScene | str) -> None:
        """Take an upload away."""
        self.request("DELETE", f"/scenes/{quote(_id(scene), safe='')}")

    def submit(self, scene: ServedScene | str, question: str, **options: Any) -> ServedJob:
        """Ask without waiting.

        Args:
            scene: the scene, or its id.
            question: in English.
            options: what else POST /v1/ask takes: ``gsd``, ``segmenter``, ``coder``, ``area``, ``zones``, ``before``, …

        Raises:
            UsageError: there is no such scene or option.
        """
        return ServedJob(self._send(scene, question, options)["id"], self)

    def ask(
        self, scene: ServedScene | str, question: str, *, seconds: float = 600.0, **options: Any
    ) -> ServedAnswer:
        """Ask, and wait for the answer.

        Args:
            scene: the scene, or its id.
            question: in English.
            seconds: how long to wait.
            options: as for ``submit``.

        Raises:
            PlanimeterError: as ``ServedJob.wait``.
        """
        wait = {"Prefer": f"wait={int(min(_WAIT, seconds))}"}
        return ServedJob(self._send(scene, question, options, wait)["id"], self).wait(seconds)

    def answer(self, id: str) -> ServedAnswer:
        """An answer by its id.

        Raises:
            UsageError: there is none, or not yet.
        """
        about = self.told("GET", f"/answers/{quote(id, safe='')}", "answer", "unit")
        return ServedAnswer(id, about["answer"], about["unit"], about, self)

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """One request to the API; sent again while the server is busy, refusals raised as errors.

        Args:
            method: of HTTP.
            path: below /v1.
            options: as httpx takes them.

        Raises:
            UsageError: the request holds what cannot be sent, such as a number that is none.
            ModelError: the server cannot be reached, or is no Planimeter.
            PlanimeterError: the server refuses.
        """
        for attempt in range(self._tries):
            try:
                request = self._http.build_request(method, path, **options)
            except (ValueError, TypeError, httpx.InvalidURL) as error:
                raise UsageError(
                    f"The request cannot be sent ({error}): give finite numbers and whole texts."
                ) from error
            try:
                reply = self._http.send(request)
            except httpx.HTTPError as error:
                raise ModelError(
                    f"The server {self.url} cannot be reached or broke off ({type(error).__name__}): check its "
                    "address, and that it is running."
                ) from error
            if reply.status_code != 503 or attempt + 1 == self._tries:
                break
            for _, part in options.get("files", ()):
                part[1].seek(0)
            time.sleep(_pause(reply.headers.get("retry-after"), attempt))
        if reply.is_success:
            return reply
        problem = _json_of(reply)
        if isinstance(problem, dict) and "detail" in problem:
            raise _error_of(problem)
        raise self._stranger(f"answered with status {reply.status_code}")

    def told(self, method: str, path: str, *names: str, **options: Any) -> dict[str, Any]:
        """The JSON object that one request brings.

        Args:
            method: of HTTP.
            path: below /v1.
            names: what the object must have.
            options: as for ``request``.

        Raises:
            PlanimeterError: as ``request``.
        """
        about = _json_of(self.request(method, path, **options))
        if not isinstance(about, dict) or not set(names) <= about.keys():
            raise self._stranger("answered with what no Planimeter says")
        return about

    def _scene(self, about: Any) -> ServedScene:
        if not isinstance(about, dict) or not {"id", "name"} <= about.keys():
            raise self._stranger("answered with what no Planimeter says")
        return ServedScene(about["id"], about["name"], about)

    def _stranger(self, did: str) -> ModelError:
        return ModelError(
            f"The server {self.url} {did}: check that `planimeter serve` is what runs at this address."
        )

    def _send(
        self,
        scene: ServedScene | str,
        question: str,
        options: Mapping[str, Any],
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        order = {name: value for name, value in options.items() if value is not None}
        order |= {"scene": _id(scene), "question": question}
        key = {"Idempotency-Key": str(uuid.uuid4())}  # sent again, it is still one question
        return self.told("POST", "/ask", "id", json=order, headers={**key, **(headers or {})})


def _parts_of(url: str) -> SplitResult:
    """The parts of a server's address.

    Raises:
        UsageError: it is no address.
    """
    try:
        parts = urlsplit(url)
        httpx.URL(url)
        named = parts.scheme in ("http", "https") and parts.hostname and parts.username is None
        if named and parts.port != 0:
            return parts
    except (ValueError, httpx.InvalidURL):  # no port, brackets without partner, letters that cannot be
        pass
    raise UsageError(f"{url[:80]!r} is no server's address; write http://HOST:PORT.")


def _json_of(reply: httpx.Response) -> Any:
    """What a reply says in JSON; None where it says nothing in JSON."""
    try:
        return reply.json()
    except ValueError:
        return None


def _opened(file: str | Path) -> BinaryIO:
    try:
        return Path(file).open("rb")
    except (OSError, ValueError) as error:  # a path with a null in it is a ValueError
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{shown_name(file)} cannot be read ({reason}); check the path.") from error


def _id(scene: ServedScene | str) -> str:
    return scene if isinstance(scene, str) else scene.id


def _error_of(problem: Mapping[str, Any]) -> PlanimeterError:
    """The error that a server's problem tells of.

    Example:
        >>> _error_of({"kind": "NotUnderstood", "detail": "Say it otherwise.", "suggestions": ["How many?"]})
        NotUnderstood('Say it otherwise.')
    """
    kind = getattr(errors, str(problem.get("kind")), None)
    if not (isinstance(kind, type) and issubclass(kind, PlanimeterError)):
        kind = _BY_EXIT.get(str(problem.get("exit_name")), PlanimeterError)
    sentence = str(problem.get("detail", "The server refused; see its log."))
    if issubclass(kind, QuestionError):
        return kind(sentence, suggestions=tuple(problem.get("suggestions", ())))
    return kind(sentence)


def _pause(wanted: str | None, attempt: int) -> float:
    """Seconds until the next try: what the server asks for, or twice as long each time."""
    asked = float(wanted) if wanted is not None and wanted.isdecimal() else 0.5 * 2**attempt
    return min(asked, _LONGEST_PAUSE)
