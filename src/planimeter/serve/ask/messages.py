"""What requests and replies look like; /v1/openapi.json is made from these."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from planimeter.coder.grammar.lexer import MAX_CHARACTERS
from planimeter.serve.ask.correction_messages import CORRECTIONS, CorrectionCollection
from planimeter.serve.ask.part_messages import AREA, BEFORE, BORDER, GSD, ZONE_NAME, ZONES
from planimeter.serve.http_errors import ErrorReply

LONGEST_QUESTION = MAX_CHARACTERS
LONGEST_PROGRAM = 200_000
_ID = Field(min_length=1, max_length=64, description="as GET /v1/scenes lists it")
_SEGMENTER = Field(
    None, max_length=200, description="one that the scene lists; none: its own maps, else the server's first"
)


_NEXT = Field(None, description="`cursor` of the next page; null where this is the last")


class AskRequest(BaseModel):
    """A question about a scene."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"scene": "u-0123456789abcdef01234567", "question": "How many buildings are there?"}]
        },
    )

    scene: str = _ID
    question: str = Field(min_length=1, max_length=LONGEST_QUESTION, description="in English")
    gsd: float | None = GSD
    segmenter: str | None = _SEGMENTER
    area: str | None = AREA
    zones: str | None = ZONES
    zone_name: str | None = ZONE_NAME
    border: Literal["centre", "exact"] = BORDER
    before: str | None = BEFORE
    corrections: CorrectionCollection | None = CORRECTIONS
    adjust_area: bool = Field(
        False,
        description="beside an area or share that a model saw, also estimate the true one from its measured errors",
    )
    coder: str | None = Field(None, max_length=200, description="one that GET /v1/options lists")


class RunRequest(BaseModel):
    """A program for a scene."""

    model_config = ConfigDict(extra="forbid")

    scene: str = _ID
    program: str = Field(
        min_length=1, max_length=LONGEST_PROGRAM, description="Python that leaves its result in `answer`"
    )
    of: str | None = Field(
        None, max_length=64, description="the answer whose program was changed, for the record"
    )
    gsd: float | None = GSD
    segmenter: str | None = _SEGMENTER
    area: str | None = AREA
    before: str | None = BEFORE
    corrections: CorrectionCollection | None = CORRECTIONS


class TokenRequest(BaseModel):
    """The token, given by a person to the page."""

    token: str = Field(max_length=1_000)


class OptionsReply(BaseModel):
    """What may be chosen, and the limits."""

    version: str
    segmenters: list[str]
    coders: list[str]
    upload_bytes: int
    pixels: int
    answer_seconds: float
    question_characters: int = Field(description="of the longest question")


class SceneEntry(BaseModel):
    """A scene in the list."""

    id: str
    name: str
    origin: Literal["folder", "upload"]
    added: AwareDatetime | None = Field(None, description="of an upload: when it came")


class SceneList(BaseModel):
    """Scenes: uploads, the latest first, then those in folders by name."""

    scenes: list[SceneEntry]
    next: str | None = _NEXT


class RenameRequest(BaseModel):
    """Another name for an upload."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=200)


class LegendEntry(BaseModel):
    """One topic of a legend."""

    topic: str
    shown: str = Field(description="what people call it")
    values: list[int] = Field(description="of a single-band label raster")
    colours: list[str] = Field(description="of an RGB label raster, as #RRGGBB")


class LegendReply(BaseModel):
    """A shipped legend."""

    name: str = Field(description="what POST /v1/scenes takes as `legend`")
    entries: list[LegendEntry]


class LegendList(BaseModel):
    """The shipped legends."""

    legends: list[LegendReply]


class LabelsTopic(LegendEntry):
    """One topic of a legend, and how much of a label raster has it."""

    share: float = Field(description="of its pixels, 0 to 1")


class LabelsReply(BaseModel):
    """What a label raster holds by a legend."""

    width: int
    height: int
    topics: list[LabelsTopic]
    unnamed: float = Field(description="share of pixels that the legend gives no topic, 0 to 1")
    unnamed_values: list[int] = Field(description="the first twenty values of those, where it has one band")


class SegmenterChoice(BaseModel):
    """A segmenter that may be chosen for a scene."""

    name: str = Field(description="what a request says")
    shown: str = Field(description="what people read")


class SceneReply(SceneEntry):
    """A scene, opened."""

    width: int
    height: int
    bands: int
    crs: str | None
    transform: list[float] | None = Field(
        description="a, b, c, d, e, f: pixel (x, y) lies at (a·x + b·y + c, d·x + e·y + f) in the CRS"
    )
    north: float | None = Field(
        description="degrees clockwise from up to north at the middle; null where unknown"
    )
    dtype: str = Field(description="of the values, as numpy names it")
    display: list[int] = Field(description="the bands shown as red, green and blue, or as grey")
    palette: bool = Field(description="whether its values stand for colours of a palette")
    gsd: float | None = Field(description="metres per pixel; null where nobody said")
    dx: float | None = Field(description="metres between the centres of horizontal neighbours")
    dy: float | None = Field(description="metres between the centres of vertical neighbours")
    pixel_area: float | None = Field(description="m² of the pixel at the centre")
    scale_source: str | None
    warnings: list[str]
    topics: list[str] = Field(description="what can be measured here without naming a segmenter")
    segmenters: list[SegmenterChoice]
    examples: list[str] = Field(description="questions that can be asked here")
    tile_side: int
    levels: int = Field(description="the tile level of full resolution; level 0 is one tile")


class PlaceReply(BaseModel):
    """A place in a scene."""

    longitude: float | None = Field(description="degrees on WGS 84; null where the scene has no CRS")
    latitude: float | None
    values: list[float | None] = Field(description="of every band")


class JobReply(BaseModel):
    """A question on its way."""

    id: str = Field(description="also names its answer")
    kind: str
    title: str = Field(description="the question, or that it is a program")
    scene: str
    state: Literal["queued", "running", "answered", "done", "failed"]
    step: str = Field(description="what is done right now")
    done: int | None = Field(description="parts of the step that are done; null where it has none")
    total: int | None = Field(description="parts of the step")
    answer: dict[str, Any] | None = Field(
        description="while the state is answered, and of a request that waited for it: the answer's fields but its "
        "trace, and `text` and `cautions` as a page says them"
    )
    created: AwareDatetime
    started: AwareDatetime | None
    finished: AwareDatetime | None
    error: ErrorReply | None


class JobList(BaseModel):
    """Jobs, the latest first."""

    jobs: list[JobReply]
    next: str | None = _NEXT


class TileJSON(BaseModel):
    """A layer for other programs' maps, as TileJSON 2.2 has it."""

    tilejson: Literal["2.2.0"] = "2.2.0"
    name: str
    scheme: Literal["xyz"] = "xyz"
    tiles: list[str] = Field(description="the address of a tile, with {z}, {x} and {y}")
    minzoom: int = Field(description="where it is about one tile")
    maxzoom: int = Field(description="where its pixels are shown one by one; further ones are served, too")
    bounds: list[float] = Field(min_length=4, max_length=4, description="west, south, east, north in degrees")
    center: list[float] = Field(min_length=3, max_length=3, description="longitude, latitude, zoom")


class ColumnReply(BaseModel):
    """A column of a table."""

    name: str = Field(description="the key in every row")
    unit: str | None
    kind: Literal["count", "number", "text", "yes/no"]


class AnswerReply(BaseModel):
    """A measured answer: the fields that ``planimeter ask --json`` prints."""

    answer: (
        float | int | str | list[dict[str, float | int | str | None]] | dict[str, float | int | str | None]
    ) = Field(
        description="of a table or list one object a row; of a place an object with words and coordinates"
    )
    type: Literal["number", "yes/no", "category", "table", "list", "place", "text"]
    columns: list[ColumnReply] | None = Field(None, description="of a table or list; absent otherwise")
    unit: str | None
    question: str
    reading: str
    program: str
    stdout: str
    gsd: float | None
    scale_source: str | None
    segmenter: str
    coder: str
    warnings: list[str]
    timings: dict[str, float]
    trace: list[dict[str, Any]]
    writing: dict[str, Any]
    verification: dict[str, Any] | None
    before: dict[str, Any] | None = Field(
        None,
        description="of two dates, the earlier image: its masks, how it was laid on the later one, its shift",
    )


class AnswerEntry(BaseModel):
    """An answer in the list."""

    id: str
    kind: str
    scene: str
    scene_name: str
    question: str
    text: str = Field(description="the answer with its unit, as people write it")
    created: AwareDatetime


class AnswerList(BaseModel):
    """Answers, the latest first."""

    answers: list[AnswerEntry]
    next: str | None = _NEXT


class CallReply(BaseModel):
    """One call of a program function."""

    function: str
    arguments: str
    result: str
    seconds: float


class ViewLayer(BaseModel):
    """Something that can be shown over the scene."""

    name: str = Field(description="of its tiles, or the `role` of its shapes")
    shown: str
    one: str | None = Field(None, description="of what is counted: what one of them is called")
    colour: str
    role: Literal["topic", "band", "counted", "change", "reference", "part"]
    count: int | None
    change: str | None = Field(
        None, description="of two dates, what became of it: lost, gained, kept, new, gone, …"
    )


class ZoneClassReply(BaseModel):
    """Values of zones that have one colour."""

    colour: str
    label: str
    word: str | None = Field(description="the word, of a column of words")
    above: float | None = Field(description="numbers larger than this; null for the lowest class")
    upto: float | None = Field(description="numbers up to this one")


class CorrectableTopic(BaseModel):
    """A topic whose mask a person may correct."""

    topic: str
    shown: str = Field(description="what people call it")


class ViewReply(BaseModel):
    """How an answer is shown on its scene."""

    kind: str
    of: str | None = Field(
        description="of a program: the answer whose program was changed; null where unknown"
    )
    scene: str
    scene_name: str
    text: str = Field(description="the answer with its unit, as people write it")
    question: str | None = Field(None, description="as it was asked; empty of a program")
    brief: str | None = Field(None, description="the answer in a few words; of a table how many rows it has")
    value: float | int | str | None = Field(
        None, description="a number or word; null of a table, list or place"
    )
    unit: str | None = None
    type: str | None = None
    reading: str | None = None
    cautions: list[str] = Field(description="the answer's warnings in the words of the page")
    layers: list[ViewLayer]
    shapes_drawn: bool = Field(description="false where there are too many shapes to draw them one by one")
    outlined: bool = Field(
        False, description="whether it has outlines.geojson: the area of interest, or the zones"
    )
    zone_classes: dict[str, list[ZoneClassReply]] = Field(
        default={}, description="of an answer by zone: the classes in which each column colours the zones"
    )
    distance_m: float | None
    beyond: bool
    correctable: list[CorrectableTopic] = Field(
        default=[], description="the topics of the answer whose masks a person may correct"
    )
    asked: dict[str, Any] | None = Field(
        None,
        description="what was asked, with area, zones, earlier scene and the number of corrections: enough to ask it "
        "again, with corrections-pixels.geojson where there are any",
    )
