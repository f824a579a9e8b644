"""Connections on which nothing whole arrives are closed; all others live. Over real sockets."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
import time
from collections.abc import Iterator

import pytest

uvicorn = pytest.importorskip("uvicorn", reason="the server's extra is not installed")
from planimeter.serve.guard import Guard  # noqa: E402
from planimeter.serve.listen import HeaderTimeout, listen, settings  # noqa: E402
from planimeter.serve.metrics import Metrics  # noqa: E402

SHORT = 0.5  # seconds for a head
REQUEST = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


class Impatient(HeaderTimeout):
    """The server's protocol with less patience."""

    head_seconds = SHORT


async def app(scope, receive, send) -> None:
    """Reads the body, takes longer than a head may, says how much it got."""
    received, more = 0, True
    while more:
        message = await receive()
        received += len(message.get("body", b""))
        more = message.get("more_body", False)
    if scope["path"] == "/slow":
        await asyncio.sleep(2 * SHORT)
    said = str(received).encode()
    headers = [(b"content-length", str(len(said)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": said})


def serving(application, **changed) -> Iterator[tuple[str, int]]:
    listening = listen("127.0.0.1", 0)
    server = uvicorn.Server(settings(application, lifespan="off", **changed))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    yield listening.getsockname()
    server.should_exit = True
    thread.join(20)
    assert not thread.is_alive()


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str, int]]:
    yield from serving(app, http=Impatient)


def ends(connection: socket.socket) -> bytes:
    """All that comes until the server closes."""
    connection.settimeout(20)
    found = b""
    try:
        while part := connection.recv(1 << 16):
            found += part
    except ConnectionResetError:
        pass
    return found


def reply(connection: socket.socket) -> bytes:
    """One reply of few bytes."""
    connection.settimeout(20)
    found = b""
    while b"\r\n\r\n" not in found or found.endswith(b"\r\n\r\n"):
        part = connection.recv(1 << 16)
        assert part, found
        found += part
    return found


def trickle(connection: socket.socket, content: bytes) -> bytes:
    """Send letter by letter, so slowly that it takes far longer than a head may; what comes back until the end."""
    try:
        for letter in content:
            connection.sendall(bytes([letter]))
            time.sleep(SHORT / 4)
    except (BrokenPipeError, ConnectionResetError):
        return b""
    return ends(connection)


def test_every_server_waits_ten_seconds_for_a_head():
    usual = settings(app)
    assert (usual.http, usual.http.head_seconds, usual.timeout_keep_alive) == (HeaderTimeout, 10.0, 15)


def test_sixty_half_open_connections_are_closed(address):
    connections = [socket.create_connection(address) for _ in range(60)]
    for number, connection in enumerate(connections):
        connection.sendall(REQUEST[: number % len(REQUEST)])
    assert [ends(connection) for connection in connections] == [b""] * 60
    for connection in connections:
        connection.close()


def test_a_head_letter_by_letter_is_cut_off(address):
    with socket.create_connection(address) as connection:
        assert trickle(connection, REQUEST[:20]) == b""


def test_so_is_a_second_one(address):
    with socket.create_connection(address) as connection:
        connection.sendall(REQUEST)
        assert reply(connection).endswith(b"0")
        assert trickle(connection, REQUEST[:20]) == b""


def test_whoever_sends_a_head_is_answered_however_long_that_takes(address):
    with socket.create_connection(address) as connection:
        connection.sendall(REQUEST.replace(b"/ ", b"/slow ", 1) + REQUEST[:5])  # and the next one has begun
        assert reply(connection).endswith(b"0")
        connection.sendall(REQUEST[5:])
        assert reply(connection).endswith(b"0")


def test_a_body_has_its_own_time(address):
    with socket.create_connection(address) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 8\r\n\r\n")
        for _ in range(8):
            connection.sendall(b"x")
            time.sleep(SHORT / 4)
        assert reply(connection).endswith(b"8")


def test_a_head_that_is_too_long_is_refused(address):
    with socket.create_connection(address) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"x" * 70_000)
        assert b"400" in ends(connection).split(b"\r\n")[0]


class Hasty(Guard):
    """The guard with less patience for bodies."""

    plain_seconds = SHORT


@pytest.fixture(scope="module")
def guarded() -> Iterator[tuple[str, int]]:
    yield from serving(Hasty(app, None, 1 << 20, Metrics()))


def test_a_body_that_does_not_come_is_not_waited_for(guarded):
    with socket.create_connection(guarded) as connection:
        connection.sendall(b"POST /x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 8\r\n\r\nabc")
        said = reply(connection)
        assert said.startswith(b"HTTP/1.1 408")
        assert b"took longer than" in said


def test_the_access_log_has_no_secrets(guarded, caplog):
    secret = b"token-of-the-house"
    with caplog.at_level(logging.INFO, "planimeter.access"), socket.create_connection(guarded) as connection:
        for target, method in ((b"/a%0d%0aGET?t=", b"GET"), (b"/answers/", b"EVIL")):
            connection.sendall(
                method + b" " + target + secret + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                b"Authorization: Bearer " + secret + b"\r\nCookie: planimeter=" + secret + b"\r\n\r\n"
            )
            reply(connection)
        # The line of a request is written once its reply has gone.
        for _ in range(100):
            if (
                sum(
                    record.name == "planimeter.access" and " 200 " in record.getMessage()
                    for record in caplog.records
                )
                == 2
            ):
                break
            time.sleep(0.05)
    lines = [record.getMessage() for record in caplog.records if record.name == "planimeter.access"]
    lines = [line for line in lines if " 408 " not in line]  # connections of other tests, which end by now
    assert [line.rsplit(" ", 2)[0] for line in lines] == ["GET - 200", "? - 200"]
    assert secret.decode() not in caplog.text
