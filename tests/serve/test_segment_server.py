"""The segmentation server, asked over real HTTP."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
import socket
import threading
import time
from pathlib import Path

import cv2
import httpx
import numpy as np
import pytest
import rasterio

from planimeter.errors import UsageError
from planimeter.raster import open_scene
from planimeter.segment import StackSegmenter
from planimeter.segment.rle import decode
from planimeter.serve.guard import check_binding
from planimeter.serve.http_errors import HTTPError
from planimeter.serve.segment.app import create_app
from planimeter.serve.segment.cache import Finished, MaskCache
from planimeter.serve.segment.limits import SegmentLimits
from planimeter.serve.segment.service import MaskService
from planimeter.serve.worker import QueueWorker


def post(url: str, file: Path | bytes, topics: object = "water", headers: dict | None = None, **fields: str):
    content = file if isinstance(file, bytes) else file.read_bytes()
    return httpx.post(
        f"{url}/segment",
        files={"image": ("x", content)},
        data={"topics": topics, **fields},
        headers=headers,
        timeout=30,
        trust_env=False,
        verify=False,
    )


def get(url: str, **headers: str):
    return httpx.get(url, headers=headers, timeout=30, trust_env=False, verify=False)


def test_masks_come_back_exactly_as_rle_and_as_png(start, colours, world):
    url = start(StackSegmenter([colours]))
    scene = open_scene(world["image"])
    truth = scene.read_rgb().argmax(axis=2)
    reply = post(url, world["image"], ["water", "Woods, urban"])
    assert reply.status_code == 200, reply.text
    said = reply.json()
    assert list(said["masks"]) == ["water", "forest", "urban"]
    assert (said["height"], said["width"]) == scene.shape
    for topic, expected in {"water": truth == 0, "forest": truth == 1, "urban": truth >= 2}.items():
        assert np.array_equal(decode(said["masks"][topic], scene.shape), expected)
    assert decode(said["valid"], scene.shape).sum() == truth.size - 1
    assert said["cautions"]["water"] == ["water is a guess."]
    pictures = post(url, world["image"], "water", format="png").json()["masks"]
    png = cv2.imdecode(np.frombuffer(base64.b64decode(pictures["water"]), np.uint8), cv2.IMREAD_UNCHANGED)
    assert np.array_equal(png, np.where(truth == 0, 255, 0))


def test_it_says_what_it_offers_without_its_paths(start, colours):
    url = start(colours)
    said = get(f"{url}/topics").json()
    assert said["topics"] == list(colours.topics)
    assert said["segmenter"] == "colours"
    assert "private" not in str(said)
    assert get(f"{url}/health").json()["status"] == "ok"
    assert "/segment" in get(f"{url}/openapi.json").json()["paths"]
    assert get(f"{url}/docs").status_code == 404


def test_the_same_content_is_computed_once(start, colours, world):
    url = start(colours)
    first = post(url, world["image"], "water,roof").json()
    second = post(url, world["image"], "roof,water,road").json()
    assert colours.asked == [("water", "roof"), ("road",)]
    assert first["from_cache"] == []
    assert sorted(second["from_cache"]) == ["roof", "water"]
    assert second["masks"]["water"] == first["masks"]["water"]
    text = get(f"{url}/metrics").text
    assert 'planimeter_requests_total{path="/segment",status="200"} 2' in text
    assert 'planimeter_topics_total{source="cache"} 3' in text  # two topics and the valid pixels
    assert "planimeter_segment_seconds_count 2" in text


def test_another_scale_is_another_question(start, colours, tmp_path):
    picture = tmp_path / "plain.png"
    cv2.imwrite(str(picture), np.zeros((8, 9, 3), np.uint8))
    url = start(colours, gsd=2.0)
    for gsd in ("0.5", "1", ""):
        assert post(url, picture, gsd=gsd).status_code == 200
    assert [gsd for _, gsd in colours.seen] == [0.5, 1.0, 2.0]


def test_uploads_leave_nothing_behind(start, colours, world):
    url = start(colours)
    assert post(url, world["image"]).status_code == 200
    assert post(url, b"\x89PNG\r\n\x1a\nno png at all").status_code == 422
    path = colours.seen[0][0]
    assert not path.exists()
    assert not path.parent.exists()


def test_equal_requests_at_once_share_one_computation(start, colours, world):
    url = start(colours)
    colours.gate.clear()
    replies: list[httpx.Response] = []
    threads = [threading.Thread(target=lambda: replies.append(post(url, world["image"]))) for _ in range(4)]
    for thread in threads:
        thread.start()
    wait_for(lambda: 'source="shared"} 6' in get(f"{url}/metrics").text)
    colours.gate.set()
    for thread in threads:
        thread.join(20)
    assert [reply.status_code for reply in replies] == [200] * 4
    assert colours.asked == [("water",)]


def test_work_that_others_wait_for_outlives_its_own_request(colours, world):
    """Whoever asked first goes away while the work waits in the queue; whoever shares it gets the masks."""
    content = world["image"].read_bytes()
    other = cv2.imencode(".png", np.zeros((4, 4, 3), np.uint8))[1].tobytes()
    app = create_app(colours)

    async def ask(client: httpx.AsyncClient, image: bytes) -> httpx.Response:
        return await client.post("/segment", files={"image": ("x", image)}, data={"topics": "roof"})

    async def shared() -> httpx.Response:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://127.0.0.1"
        ) as client:

            async def said(text: str) -> None:
                while text not in (await client.get("/metrics")).text:
                    await asyncio.sleep(0.01)

            colours.gate.clear()
            running = asyncio.create_task(ask(client, other))
            await said('source="computed"} 2')
            first = asyncio.create_task(ask(client, content))
            await said('source="computed"} 4')
            second = asyncio.create_task(ask(client, content))
            await said('source="shared"} 2')
            first.cancel()
            await asyncio.gather(first, return_exceptions=True)
            colours.gate.set()
            await running
            return await second

    reply = asyncio.run(asyncio.wait_for(shared(), 10))
    assert reply.status_code == 200, reply.text
    scene = open_scene(world["image"])
    roof = scene.read_rgb().argmax(axis=2) == colours.topics.index("roof")
    assert np.array_equal(decode(reply.json()["masks"]["roof"], scene.shape), roof)


def test_work_outlives_a_request_that_fails_by_what_it_shares(colours, world, monkeypatch):
    """Of two topics one is somebody's running work, and fails; the file stays open for the other's."""
    service = MaskService(StackSegmenter([colours]), SegmentLimits())
    content = world["image"].read_bytes()

    def cautions(topics):
        return 1 / 0 if "water" in topics else ()

    monkeypatch.setattr(colours, "cautions", cautions)
    uploads = [io.BytesIO(content) for _ in range(2)]

    async def ask(upload: io.BytesIO, *topics: str):
        return await service.finished(upload, None, topics, upload.close)

    async def both():
        colours.gate.clear()
        waiting = []
        for upload, topics, shared in zip(uploads, ("water", "water,roof"), (0, 2), strict=True):
            waiting.append(asyncio.create_task(ask(upload, *topics.split(","))))
            while f'source="shared"}} {shared}' not in service.metrics.text({}):
                await asyncio.sleep(0.01)
        colours.gate.set()
        return await asyncio.gather(*waiting, return_exceptions=True)

    first, second = asyncio.run(asyncio.wait_for(both(), 30))
    assert isinstance(first, ZeroDivisionError)
    assert isinstance(second, ZeroDivisionError)
    service.worker.close()
    image = f"{hashlib.sha256(content).hexdigest()}:None:{service.fingerprint}"
    assert service.cache.get((image, "roof")) is not None
    assert all(upload.closed for upload in uploads)


def test_a_full_queue_says_when_to_come_back(start, colours):
    url = start(colours, limits=SegmentLimits(waiting=1))
    colours.gate.clear()
    pictures = [cv2.imencode(".png", np.full((4, 4, 3), shade, np.uint8))[1].tobytes() for shade in (1, 2, 3)]
    statuses: list[int] = []
    threads = [
        threading.Thread(target=lambda p=p: statuses.append(post(url, p).status_code)) for p in pictures[:2]
    ]
    for thread in threads:
        thread.start()
    wait_for(lambda: get(f"{url}/health").json()["pending"] == 2)
    refused = post(url, pictures[2])
    assert refused.status_code == 503
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert "busy" in refused.json()["error"]
    colours.gate.set()
    for thread in threads:
        thread.join(20)
    assert statuses == [200, 200]
    assert post(url, pictures[2]).status_code == 200


def tiff(count: int = 1, **options: object) -> bytes:
    """A GeoTIFF of 2 x 2 pixels."""
    with rasterio.MemoryFile() as memory:
        with memory.open(driver="GTiff", width=2, height=2, count=count, dtype="uint8", **options) as dataset:
            dataset.write(np.zeros((count, 2, 2), np.uint8))
        return memory.read()


@pytest.mark.parametrize(
    ("file", "status", "says"),
    [
        (b"", 415, "convert it"),
        (b"GIF89a plain nonsense", 415, "convert it"),
        (b'<VRTDataset rasterXSize="2" rasterYSize="2"></VRTDataset>', 415, "convert it"),
        (b"II*\0" + b"<VRTDataset>" * 20, 422, "valid XML"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, 422, "damaged"),
        (bytes(4 << 20), 413, "larger than the 1 MiB"),
        (cv2.imencode(".png", np.zeros((60, 200, 3), np.uint8))[1].tobytes(), 413, "200 x 60 pixels"),
        (tiff(65), 413, "65 bands"),
        (tiff(tiled=True, blockxsize=2048, blockysize=2048, compress="deflate"), 413, "unpacks to 4 MiB"),
    ],
)
def test_hostile_and_broken_images_get_one_sentence(start, colours, file, status, says):
    url = start(colours, limits=SegmentLimits(upload_bytes=1 << 20, pixels=10_000))
    reply = post(url, file)
    assert reply.status_code == status, reply.text
    assert says in reply.json()["error"]
    assert "\n" not in reply.json()["error"]
    assert not colours.asked


def test_a_body_without_a_stated_length_is_bounded_too(start, colours):
    url = start(colours, limits=SegmentLimits(upload_bytes=1 << 20))
    boundary = b"--b\r\nContent-Disposition: form-data; name=image; filename=x\r\n\r\n"
    chunks = (bytes(1 << 16) if k else boundary for k in range(64))
    reply = httpx.post(
        f"{url}/segment",
        content=chunks,
        headers={"Content-Type": "multipart/form-data; boundary=b"},
        trust_env=False,
    )
    assert reply.status_code == 413


def test_an_upload_that_does_not_end_is_given_up(start, colours):
    url = start(colours, limits=SegmentLimits(upload_seconds=0.2))
    with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=10) as connection:
        head = f"POST /segment HTTP/1.1\r\nHost: {url.removeprefix('http://')}\r\nContent-Length: 99\r\n"
        connection.sendall(f"{head}Content-Type: {FORM['Content-Type']}\r\n\r\n--x".encode())
        assert connection.recv(1000).startswith(b"HTTP/1.1 408")
    assert "planimeter_uploads 0" in get(f"{url}/metrics").text


@pytest.mark.parametrize(
    ("fields", "status", "says"),
    [
        ({"topics": ""}, 400, "Name what to look for"),
        ({"topics": "spaceships"}, 422, "has no 'spaceships'"),
        ({"format": "bmp"}, 400, "rle or png"),
        ({"gsd": "fine"}, 400, "metres per pixel"),
        ({"gsd": "-1"}, 422, "gsd"),
        ({"gsd": "nan"}, 422, "gsd"),
        ({"topics": ",".join("abcdefgh"[k % 8] * (k + 1) for k in range(200))}, 400, "Name what"),
    ],
)
def test_a_wrong_form_gets_one_sentence(start, colours, fields, status, says):
    url = start(colours)
    picture = cv2.imencode(".png", np.zeros((4, 4, 3), np.uint8))[1].tobytes()
    reply = post(url, picture, **{"topics": "water", **fields})
    assert reply.status_code == status, reply.text
    assert says in reply.json()["error"]


def test_a_form_without_an_image_and_no_form_at_all(start, colours):
    url = start(colours)
    for body in ({"data": {"topics": "water"}}, {"content": b"{}"}, {"content": b"--x", "headers": FORM}):
        reply = httpx.post(f"{url}/segment", trust_env=False, **body)
        assert reply.status_code == 400, reply.text
        assert reply.json()["error"]


FORM = {"Content-Type": "multipart/form-data; boundary=x"}


def test_a_segmenter_that_breaks_is_a_sentence_and_the_server_goes_on(start, colours, world, monkeypatch):
    url = start(colours)
    monkeypatch.setattr(colours, "cautions", lambda topics: 1 / 0)
    reply = post(url, world["image"])
    assert reply.status_code == 500
    assert "see the server's log" in reply.json()["error"]
    monkeypatch.undo()
    assert post(url, world["image"]).status_code == 200


def test_a_token_is_needed_where_one_is_set(start, colours, world):
    token = "a-secret-of-the-house"
    url = start(colours, token=token)
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": token}):
        refused = post(url, world["image"], headers=headers)
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"] == "Bearer"
    assert get(f"{url}/metrics").status_code == 401
    assert get(f"{url}/health").status_code == 200
    assert post(url, world["image"], headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_web_pages_of_others_cannot_ask(start, colours):
    url = start(colours)
    assert get(f"{url}/topics", Origin="http://evil.example").status_code == 403
    for host in ("evil.example", "127.0.0.1.evil.example", "[", ""):
        assert get(f"{url}/topics", Host=host).status_code == 403
    reply = get(f"{url}/topics", Origin=url)
    assert reply.status_code == 200
    assert not [name for name in reply.headers if name.startswith("access-control")]


def test_other_machines_are_served_with_a_token_only():
    check_binding("127.0.0.1", None)
    check_binding("0.0.0.0", "a-secret-of-the-house")
    for host, token in (("0.0.0.0", None), ("::", None), ("example.org", None), ("127.0.0.1", "short")):
        with pytest.raises(UsageError):
            check_binding(host, token)


def test_the_cache_stays_within_its_bytes_and_forgets_the_oldest():
    cache = MaskCache(10_000)
    for number in range(50):
        cache.put(("image", str(number)), Finished("x" * 1000, (), (1, 1)))
        assert cache.get(("image", "0")) is not None
        assert cache.used <= cache.limit
    assert cache.get(("image", "49")) is not None
    assert cache.get(("image", "1")) is None
    cache.put(("image", "0"), Finished("x" * 20_000, (), (1, 1)))
    assert cache.get(("image", "0")) is None
    nothing = MaskCache(0)
    nothing.put(("image", "0"), Finished("", (), (1, 1)))
    assert (nothing.used, nothing.get(("image", "0"))) == (0, None)


def test_the_queue_frees_its_places_also_after_errors():
    worker = QueueWorker(waiting=0)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            worker.submit(lambda: 1 / 0).result(5)
        wait_for(lambda: worker.pending == 0)
    gate = threading.Event()
    running = worker.submit(gate.wait)
    with pytest.raises(HTTPError) as refusal:
        worker.submit(lambda: None)
    assert refusal.value.status == 503
    gate.set()
    assert running.result(5)
    worker.close()


def wait_for(condition, seconds: float = 15.0) -> None:
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up
        time.sleep(0.02)


def test_an_upload_in_a_seekable_stream_is_hashed_whole():
    from planimeter.serve.images import file_hash

    content = bytes(range(256)) * 9000
    stream = io.BytesIO(content)
    stream.seek(77)
    assert file_hash(stream) == hashlib.sha256(content).hexdigest()
    assert stream.tell() == 0
