"""Scenes from folders, patterns, lists and STAC, each once and in a fixed order."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planimeter.errors import InputError, SceneError, UsageError
from planimeter.scale.batch.maps import MapPatterns
from planimeter.scale.batch.sources import find_scenes


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.tif", "a.tif", "c.PNG", "notes.md", "a.tif.ovr", ".hidden.tif"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "d.tif").write_bytes(b"x")
    return tmp_path


def names(*given: str | Path, asset: str | None = None) -> list[str]:
    return [
        found.path.name if found.path else ""
        for found in find_scenes([str(path) for path in given], asset)[0]
    ]


def test_a_folder_gives_its_images_in_order(folder: Path) -> None:
    assert names(folder) == ["a.tif", "b.tif", "c.PNG"]


def test_a_pattern_may_reach_into_folders(folder: Path) -> None:
    assert names(folder / "**" / "*.tif") == ["a.tif", "b.tif", "d.tif"]


def test_a_list_names_files_beside_it(folder: Path) -> None:
    (folder / "all.txt").write_text("# scenes\nc.PNG\n\ndeep\na.tif\n")
    assert names(folder / "all.txt") == ["c.PNG", "d.tif", "a.tif"]
    (folder / "marked.txt").write_bytes(b"\xef\xbb\xbfb.tif\n")
    assert names(folder / "marked.txt") == ["b.tif"]


def test_each_file_counts_once_also_through_links(folder: Path) -> None:
    (folder / "z.tif").symlink_to(folder / "a.tif")
    scenes, notes = find_scenes([str(folder / "b.tif"), str(folder)])
    assert [found.path.name for found in scenes if found.path] == ["b.tif", "a.tif", "c.PNG"]
    assert notes[0].startswith("2 scenes were given more than once")


def test_what_is_not_there_is_said(folder: Path) -> None:
    (folder / "empty").mkdir()
    with pytest.raises(SceneError, match="Nothing matches"):
        find_scenes([str(folder / "*.jp2")])
    with pytest.raises(SceneError, match="holds no images"):
        find_scenes([str(folder / "empty")])
    with pytest.raises(UsageError, match="no scenes"):
        find_scenes([])
    (folder / "bad.txt").write_text("# nothing\n")
    with pytest.raises(SceneError, match="names no file"):
        find_scenes([str(folder / "bad.txt")])


def item(name: str, assets: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "stac_version": "1.0.0", "id": name, "assets": assets, "geometry": None}


def tiff(href: str, *roles: str) -> dict[str, Any]:
    return {"href": href, "type": "image/tiff; application=geotiff", "roles": list(roles)}


def test_a_collection_leads_to_the_images_of_its_items(folder: Path) -> None:
    items = folder / "items"
    items.mkdir()
    (items / "2.json").write_text(
        json.dumps(item("two", {"visual": tiff("../a.tif"), "nir": tiff("../b.tif")}))
    )
    thumbnail = {"href": "t.png", "type": "image/png", "roles": ["thumbnail"]}
    (items / "1.json").write_text(
        json.dumps(item("one", {"cog": tiff("../b.tif", "data"), "small": thumbnail}))
    )
    links = [{"rel": "item", "href": "./items/2.json"}, {"rel": "item", "href": "./items/1.json"}]
    collection = {
        "type": "Collection",
        "stac_version": "1.0.0",
        "links": [*links, {"rel": "self", "href": "x"}],
    }
    (folder / "collection.json").write_text(json.dumps(collection))
    assert names(folder / "collection.json") == ["b.tif", "a.tif"]
    scenes, _ = find_scenes([str(folder / "collection.json")], asset="nir")
    assert isinstance(scenes[0].problem, InputError)
    assert "cog" in str(scenes[0].problem)
    assert scenes[1].path is not None
    assert scenes[1].path.name == "b.tif"


def test_an_item_collection_and_absolute_hrefs(folder: Path) -> None:
    features = [
        item("a", {"image": tiff(str(folder / "a.tif"))}),
        item("b", {"image": tiff((folder / "deep" / "d.tif").as_uri())}),
    ]
    (folder / "found.json").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    assert names(folder / "found.json") == ["a.tif", "d.tif"]


def test_an_image_on_a_server_is_refused_with_the_remedy(folder: Path) -> None:
    (folder / "far.json").write_text(json.dumps(item("far", {"image": tiff("https://example.com/a.tif")})))
    (scene,), _ = find_scenes([str(folder / "far.json")])
    assert scene.path is None
    assert "download it" in str(scene.problem)


def test_several_images_ask_for_a_choice(folder: Path) -> None:
    (folder / "two.json").write_text(json.dumps(item("two", {"red": tiff("a.tif"), "nir": tiff("b.tif")})))
    (scene,), _ = find_scenes([str(folder / "two.json")])
    assert "--asset" in str(scene.problem)
    assert names(folder / "two.json", asset="nir") == ["b.tif"]


MALFORMED: list[dict[str, Any]] = [
    {"type": "Collection", "stac_version": "1.0.0", "links": None},
    {"type": "Catalog", "stac_version": "1.0.0", "links": {"rel": "item"}},
    {"type": "Catalog", "stac_version": "1.0.0", "links": [{"rel": "item", "href": 5}]},
    {"type": "Catalog", "stac_version": "1.0.0", "links": [{"rel": "item", "href": "http://[x"}]},
    item("a", [1]),  # type: ignore[arg-type]
    item("a", {"image": 5}),
    item("a", {"image": {"href": ["a.tif"]}}),
    item("a", {"image": tiff("http://[x")}),
    item("a", {"image": tiff("a\0.tif")}),
    item("a", {"image": tiff("\ud800.tif")}),
    {"type": "FeatureCollection", "features": [item("a", None), 3]},  # type: ignore[arg-type]
]


@pytest.mark.parametrize("content", MALFORMED)
def test_malformed_stac_is_said_in_a_sentence(content: dict[str, Any], folder: Path) -> None:
    (folder / "odd.json").write_text(json.dumps(content))
    try:
        (scene,), _ = find_scenes([str(folder / "odd.json")])
        problem: Exception | None = scene.problem
    except SceneError as error:
        problem = error
    assert isinstance(problem, SceneError)
    assert str(problem).endswith(".")
    assert ";" in str(problem)  # and the remedy


def test_roles_and_types_of_other_kinds_say_nothing(folder: Path) -> None:
    asset = {"href": "a.tif", "roles": 5, "type": None}
    (folder / "odd.json").write_text(json.dumps(item(["a"], {"image": asset})))  # type: ignore[arg-type]
    assert names(folder / "odd.json") == ["a.tif"]


_KEYS = ("type", "stac_version", "id", "links", "rel", "href", "assets", "features", "roles", "image")
_WORDS = (
    "Feature",
    "FeatureCollection",
    "Catalog",
    "item",
    "child",
    "a.tif",
    "odd.json",
    "http://[x",
    "\ud800",
    "\0",
)
_PLAIN = (
    st.none()
    | st.booleans()
    | st.integers(-2, 9)
    | st.floats()
    | st.sampled_from(_WORDS)
    | st.text(max_size=4)
)
_VALUES = st.recursive(
    _PLAIN,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(_KEYS) | st.text(max_size=2), inner, max_size=5)
    ),
    max_leaves=12,
)


def _some(**values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={name: value | _VALUES for name, value in values.items()})


_ASSET = _some(
    href=st.sampled_from(_WORDS), roles=st.lists(_VALUES, max_size=2), type=st.sampled_from(("image/x", ""))
)
_ITEM = _some(
    type=st.just("Feature"), id=_VALUES, assets=st.dictionaries(st.text(max_size=3), _ASSET | _VALUES)
)
_LINK = _some(rel=st.just("item"), href=st.sampled_from(_WORDS))
_STAC = _some(
    type=st.sampled_from(("Feature", "FeatureCollection", "Catalog")),
    stac_version=st.just("1.0.0"),
    links=st.lists(_LINK | _VALUES, max_size=3),
    assets=st.dictionaries(st.text(max_size=3), _ASSET | _VALUES, max_size=3),
    features=st.lists(_ITEM | _VALUES, max_size=3),
)


@settings(max_examples=200, deadline=None)
@given(content=_STAC | _VALUES)
def test_whatever_json_says_it_gives_scenes_or_an_error(
    content: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("json", numbered=True) / "odd.json"
    file.write_text(json.dumps(content))
    scenes = []
    with suppress(InputError):  # and no other error
        scenes = find_scenes([str(file)])[0]
    for scene in scenes:
        assert scene.shown.encode()
        assert (scene.path is None) == (scene.problem is not None)


def test_map_patterns_lie_beside_their_scene() -> None:
    patterns = MapPatterns(("{stem}_l.tif", "all.tif"), ("nlcd",), ("roof={folder}/../{stem}.gpkg",))
    maps = patterns.of(Path("/d/x.tif"))
    assert maps.labels == (("/d/x_l.tif", "nlcd"), ("all.tif", "nlcd"))
    assert maps.vectors == (("roof", "/d/../x.gpkg"),)
    with pytest.raises(UsageError, match="--legend"):
        MapPatterns(legends=("nlcd",))
