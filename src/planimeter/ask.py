"""The whole flow on one page: question + image → coder → program → check → sandbox → answer + evidence.

scene      the image, opened, with its scale                            (raster/)
writer     who turns the question into a program                        (coder/)
setting    the scene, what shows topics on it, the part that counts     (answer/setting.py, segment/)
request    what the writer is told of the setting                       (coder/base.py)
program    the question as Python text; checked, then run on masks      (program/)
answer     the number, its unit, and how it came about                  (answer/)
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from planimeter.answer import Answer, answer_by_looking
from planimeter.answer.adjusted import adjust_area as add_adjusted_area
from planimeter.answer.setting import Part, setting_of
from planimeter.coder import Coder, Program, find_coder, stated_gsd
from planimeter.coder.find import ModelOptions, verifier
from planimeter.coder.repair import run_with_repair
from planimeter.coder.router import Looks
from planimeter.coder.verify import verify_answer
from planimeter.errors import UsageError, shown_name, without_surrogates
from planimeter.paths import is_file
from planimeter.program import Limits, warm_up
from planimeter.raster import Scene, open_scene
from planimeter.segment import Segmenter
from planimeter.vocabulary.grouping import NO_ZONES, grouped


def ask(
    image: str | Path | Scene,
    question: str,
    *,
    gsd: float | None = None,
    bands: str | Mapping[str, object] | None = None,
    clouds: str | Path | None = None,
    segmenter: Segmenter | str | None = None,
    corrections: str | Path | None = None,
    coder: Coder | str | None = None,
    models: ModelOptions | None = None,
    verify: bool = False,
    limits: Limits | None = None,
    area: Any = None,
    zones: str | Path | None = None,
    zone_name: str | None = None,
    border: str = "centre",
    before: str | Path | Scene | None = None,
    before_segmenter: Segmenter | str | None = None,
    adjust_area: bool = False,
) -> Answer:
    """Ask a question of an overhead image and get a measured answer.

    Args:
        image: a path (GeoTIFF, COG, VRT, PNG, JPEG, JP2) or an open ``Scene``.
        question: in English, such as "How many buildings are within 50 m of water?".
        gsd: metres per pixel, for pictures that do not say.
        bands: which band is which, as "red=3,nir=4", for files that do not say; see ``open_scene``.
        clouds: "auto", "none" or a file: which pixels clouds hide; see ``open_scene``.
        segmenter: where masks come from: a ``Segmenter``, a name, or None for what suits the scene.
        corrections: what a person changed in the masks: a vector file of polygons with the attributes "topic" and
            "action" ("add" or "remove"); see docs/segmenters.md.
        coder: who writes the program: a ``Coder``, "builtin" for the grammar, None or "rewriter" for it with a
            small model behind it, "auto", "vision", or the name of a language model; see docs/coders.md.
        models: how language and vision models are reached and asked.
        verify: let a second coder write independently, and say whether both find the same.
        limits: what the program may use.
        area: measure inside this part of the scene only: a vector file of polygons, "x0,y0,x1,y1" or four numbers, WKT
            or a shapely polygon; see ``planimeter.spatial.area.read_area``. Distances still reach beyond it.
        zones: answer for each polygon of this vector file; the answer is a table with a row for each, and one for all
            of them together.
        zone_name: the attribute that names zones; features of one name are one zone.
        border: "centre": a pixel belongs to the zone that its centre lies in; "exact": to each by the share it covers.
        before: an earlier image of the same place, for questions about what changed; see docs/change.md.
        before_segmenter: where the earlier image's masks come from; None for the model that looks at the later one.
        adjust_area: beside the area or share of one cover that the model shows, also estimate the true one from how
            its masks erred on validation images, with a 95 % interval (``Answer.adjusted``); see docs/segmenters.md.

    Raises:
        InputError: the image cannot be read, or a scale is needed and unknown.
        QuestionError: the question is not understood, or cannot be measured with the topics at hand.
        ProgramError: the program failed or hit a limit.
        ModelError: a language or vision model's server failed (an ``InputError``).

    Example:
        >>> import tempfile
        >>> from planimeter import LabelSegmenter, make_world
        >>> world = make_world(seed=7, size=256)
        >>> paths = world.write(tempfile.mkdtemp())
        >>> maps = LabelSegmenter(paths["labels"], paths["legend"])
        >>> answer = ask(paths["image"], "What percentage of the image is water?", segmenter=maps)
        >>> answer.unit, answer.answer == float((world.labels == world.legend["water"][0]).mean() * 100)
        ('%', True)
    """
    started = time.perf_counter()
    question = without_surrogates(question)
    warm_up()  # the sandbox's process starts while the scene is opened
    scene = _scene_of(image, gsd, bands, clouds, before)
    stated = stated_gsd(question)
    if stated is not None:
        scene = scene.with_gsd(stated, "question")

    options = models or ModelOptions()
    writer = find_coder(coder, options)
    if zones is not None and verify:
        raise UsageError("A second coder cannot check a table of zones: ask without --verify.")
    second = verifier(writer, options) if verify else None

    part = Part(area, zones, zone_name, border)
    looking = writer.looks_at(question) if isinstance(writer, Looks) else None
    if looking is not None:  # a vision model describes the picture: no program, nothing measured
        if part != Part():
            raise UsageError("A description is of the whole picture; crop the image, or ask for a measure.")
        return answer_by_looking(*looking, question, scene)

    setting = setting_of(
        scene,
        segmenter,
        part,
        question=question,
        before=before,
        before_segmenter=before_segmenter,
        bands=bands,
        clouds=clouds,
        corrections=corrections,
    )
    request = setting.request(_without_grouping(question, zones is not None, before is not None))
    opened = time.perf_counter()

    def answered(program: Program) -> Answer:
        answer = setting.run(program, question, limits, options.full_python)
        if adjust_area:
            add_adjusted_area(answer, program, setting.source)
        return answer

    answer = run_with_repair(writer, request, answered)
    coder_ended = time.perf_counter() - answer.timings["total"]
    if second is not None:
        check = verify_answer(second, request, answer, answered)
        answer.verification = asdict(check)
        answer.warnings += [check.warning] if check.warning else []
    answer.timings = {
        "open": round(opened - started, 4),
        "coder": round(coder_ended - opened, 4),
        **answer.timings,
        "total": round(time.perf_counter() - started, 4),
    }
    return answer


def _scene_of(
    image: str | Path | Scene,
    gsd: float | None,
    bands: str | Mapping[str, object] | None,
    clouds: str | Path | None,
    before: str | Path | Scene | None,
) -> Scene:
    """The image, opened, with the scale that is stated.

    Raises:
        UsageError: the image is no path and no scene, or bands or clouds are told of images that are all open already.
    """
    if not isinstance(image, str | os.PathLike | Scene):
        raise UsageError(
            f"An image is a path, or a scene that open_scene gives, and not of the type {type(image).__name__}: write "
            "pixels to a file first, with rasterio for example."
        )
    if not isinstance(image, Scene):
        return open_scene(image, gsd=gsd, bands=bands, clouds=clouds)
    if (bands is not None or clouds is not None) and (before is None or isinstance(before, Scene)):
        raise UsageError("The scene is open already: give its bands and clouds to open_scene instead.")
    return image if gsd is None else image.with_gsd(gsd, "user")


def _without_grouping(question: str, zones: bool, two_dates: bool) -> str:
    """A question without the words that ask for a table by zone: the program answers it for each.

    Raises:
        UsageError: it asks for a table of what there is one of.
    """
    asked, by = grouped(question)
    if by == "zone" and not zones:
        raise UsageError(NO_ZONES)
    if by == "date" and not two_dates:
        raise UsageError(
            "The question asks for a table by date, and this is one image: ask the images of several dates with "
            "`planimeter batch QUESTION IMAGES… --out DIR --by date`."
        )
    return asked if by == "zone" else question


def run(
    program: str,
    image: str | Path | Scene,
    *,
    gsd: float | None = None,
    bands: str | Mapping[str, object] | None = None,
    clouds: str | Path | None = None,
    segmenter: Segmenter | str | None = None,
    corrections: str | Path | None = None,
    limits: Limits | None = None,
    full_python: bool = False,
    area: Any = None,
    before: str | Path | Scene | None = None,
    before_segmenter: Segmenter | str | None = None,
) -> Answer:
    """Run a program of your own on an image, in the sandbox.

    Args:
        program: Python text that leaves its result in ``answer``; docs/program-api.md lists what it may call.
        image: as for ``ask``.
        gsd: as for ``ask``.
        bands: as for ``ask``.
        clouds: as for ``ask``.
        segmenter: as for ``ask``.
        corrections: as for ``ask``.
        limits: what the program may use.
        full_python: let a program that the sandbox cannot run go to a confined CPython.
        area: as for ``ask``; the program gets shapes cut at its border, and measures to whole ones.
        before: an earlier image, which the program knows as BEFORE_PATH.
        before_segmenter: as for ``ask``.

    Raises:
        PlanimeterError: as ``ask``.

    Example:
        >>> import tempfile
        >>> from planimeter import LabelSegmenter, make_world
        >>> paths = make_world(seed=7, size=128).write(tempfile.mkdtemp())
        >>> text = "answer = len(segment_image_from_path(IMAGE_PATH, ['roof'])['shapes'])"
        >>> run(text, paths["image"], segmenter=LabelSegmenter(paths["labels"], paths["legend"])).type
        'number'
    """
    if program.strip().endswith(".py") and is_file(program.strip()):
        raise UsageError(
            f"{shown_name(program.strip())} is a path: give the program's text, such as Path(…).read_text()."
        )
    if not program.strip():
        raise UsageError("The program is empty: write Python that leaves its result in `answer`.")
    started = time.perf_counter()
    scene = _scene_of(image, gsd, bands, clouds, before)
    setting = setting_of(
        scene,
        segmenter,
        Part(area),
        before=before,
        before_segmenter=before_segmenter,
        bands=bands,
        clouds=clouds,
        corrections=corrections,
    )
    given = Program(text=program, coder="you", type="any", unit=None, reading="")
    answer = setting.run(given, "", limits, full_python)
    answer.timings["total"] = round(time.perf_counter() - started, 4)
    return answer
