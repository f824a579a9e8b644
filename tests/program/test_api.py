"""The docstrings of the program functions are prompt and documentation: examples run, words hold."""

from __future__ import annotations

import re

import numpy as np
import pytest
import shapely
from affine import Affine
from rasterio.crs import CRS

from planimeter.errors import NotMeasurable
from planimeter.program import check_program, describe, functions, run_program
from planimeter.spatial import Ellipsoid, features_of

from .fakes import FakeScene, WithRoads, run, town
from .reference import Reference, same

PAPER = {
    "segment_image_from_path": ["image_input", "topics", "min_area_pixels", "gsd"],
    "find_shapes_within_distance": ["target_shapes", "reference_shapes", "distance_meters", "resolution"],
    "calculate_shape_distances": ["target_shapes", "reference_shapes", "resolution"],
}


#: Whose examples need more than one picture with masks; tests/change/test_two_dates.py runs those of two dates,
#: tests/program/test_form.py those of neighbours, what shapes contain, orientation and core,
#: tests/segment/test_index_values.py that of bands.
ELSEWHERE = ("calculate_shape_lengths", "match_shapes", "calculate_transitions", "measure_index")
ELSEWHERE += ("measure_index_of_each",)
ELSEWHERE += ("calculate_neighbor_distances", "calculate_contained_counts", "calculate_shape_orientations")
ELSEWHERE += ("find_core_shapes",)


@pytest.mark.parametrize("name", [name for name in functions() if name not in ELSEWHERE])
def test_example_runs_and_agrees_with_brute_force(name: str) -> None:
    example = functions()[name].example
    assert name in example
    assert check_program(example) == []
    labels = town(3, 100)
    assert same(run(example, labels).answer, Reference(labels, 0.5).run(example))


def test_the_example_with_lines_runs_on_lines_and_is_refused_on_masks() -> None:
    example = functions()["calculate_shape_lengths"].example
    assert check_program(example) == []
    roads = np.array([shapely.LineString([(10, 20), (40, 60)]), shapely.LineString([(0.5, 5), (99.5, 5)])])
    ground = Ellipsoid(Affine(0.5, 0, 5e5, 0, -0.5, 5e6), CRS.from_epsg(32633), (100, 100))
    segmenter = WithRoads(town(3, 100), features_of("line", roads, (100, 100), ground))
    found = run_program(example, FakeScene((100, 100)), segmenter)
    # UTM draws its middle meridian 0.04 % too short.
    assert found.answer == pytest.approx((50 + 99) * 0.5 / 1000 / 0.9996, rel=1e-6)
    with pytest.raises(NotMeasurable, match="--vector roof=FILE"):
        run(example.replace("road", "roof"), town(3, 100))


@pytest.mark.parametrize("name", functions())
def test_docstring_names_every_argument_with_its_type(name: str) -> None:
    function = functions()[name]
    for parameter in function.parameters:
        assert re.search(rf"^    {parameter.name} \(.+\): ", function.doc, re.MULTILINE), parameter.name
    assert "Returns:" in function.doc


@pytest.mark.parametrize("name", PAPER)
def test_functions_of_the_paper_keep_their_arguments(name: str) -> None:
    assert [parameter.name for parameter in functions()[name].parameters] == PAPER[name]


def test_description_holds_every_signature() -> None:
    text = describe(examples=True)
    assert all(function.signature in text for function in functions().values())
    assert "Example:" in text
    assert "Example:" not in describe()


def test_shapes_have_the_documented_keys() -> None:
    text = """
shapes = segment_image_from_path(IMAGE_PATH, ["roof"], gsd=gsd)["shapes"]
s = calculate_shape_perimeters(calculate_shape_distances(shapes, shapes, gsd), gsd)[0]
wanted = ["id", "class_type", "area_pixels", "area_hectares", "bbox", "centroid", "polygon", "holes"]
print([key for key in wanted + ["distance_meters", "perimeter_meters"] if key not in s])
ring = s["polygon"]
area = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1])) / 2
answer = abs(area) == s["area_pixels"] and s["holes"] == []
"""
    found = run(text)
    assert (found.answer, found.stdout) == ("yes", "[]\n")


def test_geometry_crosses_only_where_it_is_named() -> None:
    text = 's = segment_image_from_path(IMAGE_PATH, ["roof"])["shapes"]\nprint(sorted(s[0]))\nanswer = 1'
    assert run(text).stdout == "['area_hectares', 'area_pixels', 'class_type', 'id']\n"
