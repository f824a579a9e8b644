"""A scripted chat-completions server on the loopback interface: it says what tests tell it, however wrong."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

#: Writes one response; the handler is a fresh one for every request.
Script = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Records a request and plays the next script."""

    server: ScriptedServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """One chat completion, as the script has it."""
        length = int(self.headers.get("content-length", 0))
        body = json.loads(self.rfile.read(length))
        self.server.requests.append(
            {"path": self.path, "headers": {k.lower(): v for k, v in self.headers.items()}, "body": body}
        )
        script = self.server.scripts.pop(0) if len(self.server.scripts) > 1 else self.server.scripts[0]
        try:
            script(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client gave up, as many tests want it to

    def send(self, status: int, body: bytes, headers: dict[str, str] | None = None, length: int = -1) -> None:
        """A whole response; ``length`` may claim another size than is sent."""
        self.send_response(status)
        sent = {"Content-Type": "application/json", **(headers or {})}
        for name, value in sent.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length < 0 else length))
        self.end_headers()
        self.wfile.write(body)
        if length >= 0:
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the tests read ``requests``."""


class ScriptedServer(ThreadingHTTPServer):
    """Plays ``scripts`` in order; the last one again and again."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.scripts: list[Script] = []
        self.requests: list[dict[str, Any]] = []

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Connections that a script or a client cut are no news."""

    @property
    def url(self) -> str:
        """The base URL for clients."""
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def play(self, *scripts: Script | str) -> None:
        """Answer the next requests so; a text stands for a chat completion with that text."""
        self.scripts = [says(script) if isinstance(script, str) else script for script in scripts]
        self.requests.clear()


def completion(text: Any, **message: Any) -> dict[str, Any]:
    """A chat completion as OpenAI documents it."""
    finish = message.pop("finish_reason", "stop")
    usage = message.pop("usage", {"prompt_tokens": 1200, "completion_tokens": 80, "total_tokens": 1280})
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "scripted",
        "choices": [
            {
                "index": 0,
                "finish_reason": finish,
                "message": {"role": "assistant", "content": text, **message},
            }
        ],
        "usage": usage,
    }


def says(text: Any, **message: Any) -> Script:
    """A chat completion with this text."""
    return answers(200, completion(text, **message))


def answers(status: int, body: Any, headers: dict[str, str] | None = None) -> Script:
    """Any status with any JSON body, or bytes as they are."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda handler: handler.send(status, data, headers)


def refuses(status: int, message: str, headers: dict[str, str] | None = None, **fields: Any) -> Script:
    """An error as OpenAI words it."""
    return answers(status, {"error": {"message": message, "type": "error", **fields}}, headers)


def cut_off(text: str) -> Script:
    """A completion of which only the first half arrives."""
    data = json.dumps(completion(text)).encode()
    return lambda handler: handler.send(200, data[: len(data) // 2], length=len(data))


def trickles() -> Script:
    """A response of a thousand bytes, one at a time: it takes a minute, unless the client leaves."""

    def script(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for _ in range(1000):
            handler.wfile.write(b"1\r\n \r\n")
            handler.wfile.flush()
            time.sleep(0.06)

    return script


def floods(megabytes: int) -> Script:
    """A response larger than any program."""

    def script(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        chunk = b"x" * (1 << 20)
        for _ in range(megabytes):
            handler.wfile.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
        handler.wfile.write(b"0\r\n\r\n")

    return script


def hangs() -> Script:
    """No response at all, until the client leaves."""

    def script(handler: Handler) -> None:
        handler.connection.settimeout(60)
        handler.connection.recv(1)  # nothing more is sent, so this returns when the client closes
        handler.close_connection = True

    return script


class Scripts:
    """The building blocks above, for tests (files under ``tests`` do not import one another)."""

    says = staticmethod(says)
    answers = staticmethod(answers)
    refuses = staticmethod(refuses)
    cut_off = staticmethod(cut_off)
    trickles = staticmethod(trickles)
    floods = staticmethod(floods)
    hangs = staticmethod(hangs)
    completion = staticmethod(completion)


@pytest.fixture
def scripts() -> type[Scripts]:
    """Builders of responses."""
    return Scripts


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    """A scripted server; it answers nothing until it is told what to play."""
    pytest.importorskip("openai", reason="asking a language model needs the extra planimeter[llm]")
    running = ScriptedServer()
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield running
    running.shutdown()
    running.server_close()


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No key, no model and no cache of the person who runs the tests."""
    for name in (
        "OPENAI_API_KEY",
        "OPENAI_BASE_URL",
        "PLANIMETER_API_KEY",
        "PLANIMETER_BASE_URL",
        "PLANIMETER_MODEL",
        "PLANIMETER_VISION_MODEL",
        "PLANIMETER_VISION_URL",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PLANIMETER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
