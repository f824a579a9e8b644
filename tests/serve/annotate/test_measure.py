"""Marks and the answers they amount to, against counting one by one."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import rasterio

from planimeter.annotate.grid import cells_of, from_runs, runs_of
from planimeter.annotate.kinds import GRIDS
from planimeter.annotate.measure import measured
from planimeter.annotate.project import read_project
from planimeter.errors import ScaleError, UsageError
from planimeter.raster import open_scene
from planimeter.worlds import make_world


@pytest.fixture
def asked(make):
    """Measure marks for a question of the project."""
    project = read_project(make())
    questions = {question.id: question for question in project.questions}

    def measure(name: str, work: dict) -> object:
        return measured(questions[name], work, project.images[questions[name].image].scene)

    return measure


@pytest.mark.parametrize("n", GRIDS)
def test_percentages_count_whole_cells(asked, n):
    chosen = np.random.default_rng(n).random(n * n) < 0.3
    runs = [list(run) for run in runs_of(chosen)]
    assert np.array_equal(from_runs(runs, n), chosen)
    assert asked("share", {"grid": n, "cells": runs}) == round(100 * chosen.sum() / n**2, 4)


def test_cells_that_show_nothing_do_not_count(asked):
    everything = [[0, 400]]
    assert asked("half", {"grid": 20, "cells": everything}) == 100
    left = [[20 * row, 10] for row in range(20)]
    assert asked("half", {"grid": 20, "cells": left}) == 100
    assert asked("half", {"grid": 20, "cells": [[0, 1], [10, 10]]}) == 0.5


def test_a_cell_half_of_which_is_nodata_still_counts_as_the_page_of_annotation_says(tmp_path):
    bands = np.full((3, 100, 100), 100, np.uint8)
    bands[:, :, 45:50] = bands[:, :, 54:60] = 0  # of ten columns of a cell, five and six
    profile = {"driver": "GTiff", "dtype": "uint8", "count": 3, "height": 100, "width": 100, "nodata": 0}
    with rasterio.open(tmp_path / "strips.tif", "w", **profile) as file:
        file.write(bands)
    valid = cells_of(open_scene(tmp_path / "strips.tif"), 10).valid.reshape(10, 10)
    assert valid[:, 4].all()
    assert not valid[:, 5].any()
    said = (Path(__file__).parents[3] / "docs" / "annotate.md").read_text(encoding="utf-8")
    assert "A cell more than half of which is nodata is grey" in said


@pytest.mark.parametrize("n", [10, 40])
def test_areas_are_those_of_the_pixels(asked, pictures, n):
    scene = open_scene(pictures / "world.tif")
    total = scene.width * scene.height * scene.scale.gsd**2 / 10_000
    assert asked("area", {"grid": n, "cells": [[0, n * n]]}) == pytest.approx(total, abs=1e-4)
    assert cells_of(scene, n).row_hectares.sum() * n == pytest.approx(total)


def test_cells_need_not_align_with_pixels(tmp_path):
    # 7 x 7 cells of 3 pixels would be easy; 10 cells over 97 pixels are 9.7 pixels wide.
    world = make_world(3, size=97).write(tmp_path)
    cells = cells_of(open_scene(world["image"]), 10)
    assert cells.row_hectares == pytest.approx(np.full(10, 9.7 * 9.7 * 0.25 / 10_000))
    assert cells.valid.all()


def test_counts_distances_choices_and_numbers(asked):
    assert asked("houses", {"points": []}) == 0
    assert asked("houses", {"points": [[0, 0], [200, 160], [10.5, 20]], "rulers": [[[0, 0], [1, 1]]]}) == 3
    assert asked("far", {"line": [[10, 10], [40, 50]]}) == pytest.approx(math.hypot(30, 40) * 0.5)
    assert asked("any", {"choice": "yes"}) == "yes"
    assert asked("use", {"choice": "farming"}) == "farming"
    assert asked("power", {"number": 0.74}) == 0.74


def test_without_a_scale_nothing_is_measured_in_metres(asked):
    with pytest.raises(ScaleError, match="states no scale"):
        asked("flat", {"line": [[0, 0], [10, 10]]})
    with pytest.raises(ScaleError, match="gsd"):
        asked("flat area", {"grid": 10, "cells": [[0, 5]]})


@pytest.mark.parametrize(
    ("name", "work"),
    [
        ("share", {}),
        ("share", {"grid": 30, "cells": []}),
        ("share", {"grid": True, "cells": []}),
        ("share", {"grid": 10}),
        ("share", {"grid": 10, "cells": [[99, 2]]}),
        ("share", {"grid": 10, "cells": [[-1, 2]]}),
        ("share", {"grid": 10, "cells": [[0.5, 2]]}),
        ("share", {"grid": 10, "cells": [[0, 10**30]]}),
        ("houses", {}),
        ("houses", {"points": [[201, 0]]}),
        ("houses", {"points": [[float("nan"), 0]]}),
        ("houses", {"points": [[True, 0]]}),
        ("houses", {"points": [[1, 1]] * 20_001}),
        ("houses", {"points": [], "rulers": [[[0, 0]]]}),
        ("far", {}),
        ("far", {"line": [[0, 0], [1, 1], [2, 2]]}),
        ("any", {"choice": "maybe"}),
        ("any", {"choice": ["yes"]}),
        ("power", {"number": "1"}),
        ("power", {"number": -1}),
        ("power", {"number": float("inf")}),
        ("power", {"number": float("nan")}),
        ("power", {"number": 10**400}),
        ("power", {"number": -(10**400)}),
        ("houses", {"points": [[10**400, 0]]}),
        ("far", {"line": [[0, 0], [1, -(10**400)]]}),
        ("power", {"number": True}),
    ],
)
def test_marks_that_are_none_are_refused(asked, name, work):
    with pytest.raises(UsageError):
        asked(name, work)
