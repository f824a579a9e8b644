"""What strangers try: out of the folder, into the network, past the limits. All of it is refused with a sentence."""

from __future__ import annotations

import http.server
import io
import json
import struct
import threading
import zipfile
import zlib
from collections.abc import Iterator
from zlib import crc32

import cv2
import numpy as np
import pytest
import rasterio
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from tests.serve.ask.conftest import COUNT, SCRIPT, Still

from planimeter.errors import UsageError
from planimeter.serve.ask.run import serve
from planimeter.serve.ask.sources import Sources

TOKEN = "a-secret-of-the-house"
schemathesis.checks.load_all_checks()
CHECKS = schemathesis.checks.CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "response_schema_conformance",
        "content_type_conformance",
    ]
)
TRIED = settings(
    max_examples=5,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def refused(reply, *statuses: int) -> str:
    """The sentence of a refusal."""
    assert reply.status_code in statuses, reply.text
    said = reply.json()
    assert set(said) >= {"error", "kind", "exit_code", "exit_name", "suggestions", "type", "title", "detail"}
    assert "\n" not in said["error"]
    assert "Traceback" not in said["error"]
    return said["error"]


def upload(served, image: bytes, name: str = "x.tif", **files: tuple[str, bytes]):
    return served.post("/scenes", files={"image": (name, image), **files})


@pytest.fixture(scope="module")
def trap() -> Iterator[tuple[str, list[str]]]:
    """A web server that writes down who asked it anything."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        do_POST = do_HEAD = do_GET

        def log_message(self, *arguments):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def test_no_path_leads_out(served):
    for path in (
        "/v1/scenes/..%2f..%2f..%2fetc%2fpasswd",
        "/v1/scenes/%2e%2e/tiles/0/0/0.png",
        "/v1/scenes//etc/passwd",
        "/v1/answers/..%2f..%2fscenes",
        "/v1/answers/%2e%2e%2f%2e%2e/overlay.png",
        "/v1/answers/.new-crashed/program",
        "/assets/..%2findex.html",
        "/assets/%2e%2e/ask/app.py",
        "/v1/jobs/%00",
    ):
        refused(served.get(f"{served.url}{path}"), 404)
    for scene in (
        "../../etc/passwd",
        "/etc/passwd",
        "f-../../x",
        "file:///etc/passwd",
        "\x00",
        "u-" + "0" * 24,
    ):
        refused(served.post("/ask", json={"scene": scene, "question": COUNT}), 404)


def test_no_address_is_taken_from_a_request(served, trap, place):
    url, asked = trap
    scene = served.scene("town/image.tif")
    for name in (
        url,
        f"{url}/v1",
        "default",
        "noise:0.1:default",
        "unet:/etc/passwd",
        "fusion:/etc/passwd",
    ):
        sentence = refused(
            served.post("/ask", json={"scene": scene, "question": COUNT, "segmenter": name}), 422
        )
        assert "choose maps or still" in sentence
    for name in (url, "auto", "vision", "llama3"):
        refused(served.post("/ask", json={"scene": scene, "question": COUNT, "coder": name}), 422)
    refused(served.post("/ask", json={"scene": f"{url}/a.tif", "question": COUNT}), 404)
    refused(served.post("/ask", json={"scene": scene, "question": COUNT, "base_url": url}), 422)
    refused(served.post("/scenes", data={"image": f"{url}/a.tif"}), 400)
    program = f"answer = len(segment_image_from_path({url!r}, ['roof'])['shapes'])"
    job = served.finish("/run", scene=scene, program=program)
    assert served.get(f"/answers/{job}").status_code == 422
    assert asked == []


def test_files_that_name_other_files_are_refused(served, trap, tmp_path):
    url, asked = trap
    head = '<VRTDataset rasterXSize="9" rasterYSize="9"><VRTRasterBand dataType="Byte" band="1"'
    raw = f'{head} subClass="VRTRawRasterBand"><SourceFilename>/etc/passwd</SourceFilename>'
    web = f"{head}><SimpleSource><SourceFilename>/vsicurl/{url}/a.tif</SourceFilename></SimpleSource>"
    tail = "</VRTRasterBand></VRTDataset>"
    for text in (raw + tail, web + tail):
        for name in ("x.vrt", "x.tif"):
            refused(upload(served, text.encode(), name), 415)
        refused(upload(served, b"II*\0" + text.encode()), 422)
    wms = f"<GDAL_WMS><Service name='TMS'><ServerUrl>{url}</ServerUrl></Service></GDAL_WMS>"
    refused(upload(served, wms.encode()), 415)
    assert asked == []


def test_files_in_folders_that_name_other_files_are_refused_too(start, trap, tmp_path):
    url, asked = trap
    band = f"<SimpleSource><SourceFilename>/vsicurl/{url}/a.tif</SourceFilename></SimpleSource>"
    vrt = f'<VRTDataset rasterXSize="9" rasterYSize="9"><VRTRasterBand>{band}</VRTRasterBand></VRTDataset>'
    (tmp_path / "x.tif").write_text(vrt)
    asker = start(folders=[tmp_path], sources=Sources({"still": Still()}))
    refused(asker.get(f"/scenes/{asker.scene('x.tif')}"), 415)
    assert asked == []


def bomb(width: int, height: int) -> bytes:
    """A small PNG that says it is large."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content))
            + kind
            + content
            + struct.pack(">I", zlib.crc32(content, zlib.crc32(kind)))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(1 << 20), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def tiff(**options: object) -> bytes:
    with rasterio.MemoryFile() as memory:
        with memory.open(driver="GTiff", width=64, height=64, count=1, dtype="uint8", **options) as dataset:
            dataset.write(np.zeros((1, 64, 64), np.uint8))
        return memory.read()


def test_bombs_and_archives_are_refused(served):
    refused(upload(served, bomb(60_000, 60_000), "x.png"), 413)
    refused(upload(served, bomb(2**31 - 1, 2**31 - 1), "x.png"), 413, 422)
    refused(upload(served, tiff(tiled=True, blockxsize=16384, blockysize=16384, compress="deflate")), 413)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("../../x.tif", bytes(1 << 20))
    refused(upload(served, archive.getvalue(), "x.zip"), 415)
    refused(upload(served, archive.getvalue(), "x.tif"), 415)
    refused(upload(served, bytes(3 << 20)), 413)
    assert served.get(f"{served.url}/health").json()["status"] == "ok"


def test_maps_that_are_not_what_they_say_are_refused(served, place):
    image = (place.folder / "plain.png").read_bytes()
    labels = ("labels.png", image)
    for legend in (b"", b"{", b"[]", b'{"water": "x"}', b"[" * 100_000, b"\xff\xfe"):
        reply = upload(served, image, labels=labels, legend=("legend.json", legend))
        refused(reply, 400, 422)
    refused(upload(served, image, labels=labels), 400)
    refused(upload(served, image, labels=("x", b"PK\x03\x04"), legend=("l", b'{"water": [5]}')), 415)
    outside = served.post(
        "/scenes", files={"image": ("x.png", image), "labels": labels}, data={"legend": "/etc/passwd"}
    )
    refused(outside, 422)
    ring = [[0, 0], [1, 0], [1, 1], [0, 0]]
    for name, text in (
        ("roof.geojson", "<OGRVRTDataSource/>"),
        ("roof.geojson", '{"type": "FeatureCollection"}'),
        ("roof.geojson", "[" * 100_000),
        ("roof.geojson", json.dumps({"features": [{"geometry": {"type": "Point", "coordinates": [1, 1]}}]})),
        (
            "roof.geojson",
            json.dumps(
                {
                    "crs": {"properties": {"name": "http://127.0.0.1/evil"}},
                    "features": [{"geometry": {"type": "Polygon", "coordinates": [ring]}}],
                }
            ),
        ),
        (f"{SCRIPT}.geojson", '{"features": []}'),
    ):
        refused(upload(served, image, vector=(name, text.encode())), 422)


def test_a_layer_is_stored_under_its_topic_wherever_its_name_points(served, place):
    image = (place.folder / "plain.png").read_bytes()
    reply = upload(served, image, vector=("../../evil.geojson", b'{"features": []}'))
    assert reply.status_code == 201, reply.text
    assert reply.json()["topics"] == ["evil"]  # a layer may bring a topic of its own
    assert not (place.folder.parent / "evil.geojson").exists()


def test_names_are_made_plain(served):
    shades = iter(range(1, 20))
    for name, shown in (
        ("../../../etc/cron.d/x.png", "x.png"),
        ("..\\..\\boot.png", "boot.png"),
        (f"{SCRIPT}.png", f"{SCRIPT}.png"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("x" * 500, "x" * 100),
        ("..", "scene"),
    ):
        picture = cv2.imencode(".png", np.full((4, 4, 3), next(shades), np.uint8))[1].tobytes()
        reply = upload(served, picture, name)
        assert reply.status_code == 201, reply.text
        assert reply.json()["name"] == shown


def test_pages_of_others_and_rebound_names_are_refused(served):
    for headers in (
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
    ):
        refused(served.get("/scenes", headers=headers), 403)
        refused(served.post("/ask", json={}, headers=headers), 403)
    reply = served.get("/scenes", headers={"Origin": served.url})
    assert reply.status_code == 200
    assert not [name for name in reply.headers if name.startswith("access-control")]


def test_every_reply_has_the_headers_that_protect_it(served):
    for path in ("/", "/assets/app.js", "/v1/scenes", "/scenes", "/nowhere", "/v1/openapi.json"):
        headers = served.get(f"{served.url}{path}").headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "http" not in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-frame-options"] == "DENY"


def test_a_token_is_needed_where_one_is_set(start, place):
    asker = start(folders=[place.folder], sources=Sources({"still": Still()}), token=TOKEN)
    for path in ("/scenes", "/options", "/openapi.json", "/jobs/x", "/answers/x"):
        refused(asker.get(path), 401)
    for path in ("/metrics", "/topics", "/scenes", "/openapi.json"):  # not even where things are now
        refused(asker.get(f"{asker.url}{path}"), 401)
    assert asker.get(f"{asker.url}/health").status_code == 200
    assert asker.get(f"{asker.url}/").status_code == 200
    refused(asker.post("/ask", json={"scene": "x", "question": "y"}), 401)
    refused(asker.post("/session", json={"token": "wrong"}), 401)
    for origin in ("http://[", "http://[::1", "http://a:b", "null"):
        refused(asker.get("/scenes", headers={"Origin": origin}), 401)
    assert asker.get("/scenes", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200
    given = asker.post("/session", json={"token": TOKEN})
    cookie = given.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert TOKEN not in cookie
    assert asker.get("/scenes").status_code == 200  # the client keeps the cookie
    order = {"scene": "f-nothing", "question": COUNT}
    refused(asker.post("/ask", json=order), 401)
    refused(asker.post("/ask", json=order, headers={"Origin": "http://evil.example"}), 401)
    refused(asker.post("/ask", json=order, headers={"Origin": asker.url}), 404)


def test_other_machines_are_served_with_a_token_only(tmp_path):
    with pytest.raises(UsageError, match="PLANIMETER_TOKEN"):
        serve(tmp_path, "0.0.0.0")


def sometimes(value: object) -> bool:
    """Half of the time, the same for the same value."""
    return bool(value) and crc32(str(value).encode()) % 2 == 1


def trial(known: dict[str, str], url: str):
    """Sends a made-up request, now and then with ids that exist."""

    def send(case):
        if case.method == "GET" and sometimes(case.path_parameters):
            case.path_parameters |= known
        if isinstance(case.body, dict) and "scene" in case.body and sometimes(case.body):
            case.body |= known
        case.validate_response(case.call(base_url=url, timeout=30), checks=CHECKS)

    return send


def test_nothing_sent_makes_the_server_fail(served):
    """schemathesis makes up requests, right and wrong ones, for every operation of the API description."""
    schema = schemathesis.openapi.from_url(f"{served.url}/v1/openapi.json")
    job = served.ask(served.scene("town/image.tif"), COUNT)
    real = {"scene": served.scene("town/image.tif"), "answer": job, "job": job}
    operations = [operation.ok() for operation in schema.get_all_operations()]
    for operation in operations:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            named = {each.name for each in operation.path_parameters} & set(real)
            known = {name: real[name] for name in named} | (
                {"scene": real["scene"]} if operation.body else {}
            )
            try:
                given(case=operation.as_strategy(generation_mode=mode))(TRIED(trial(known, served.url)))()
            except Unsatisfiable:
                assert mode is GenerationMode.NEGATIVE  # there is nothing to get wrong in it
    assert len(operations) > 20
