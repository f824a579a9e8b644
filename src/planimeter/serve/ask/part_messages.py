"""What requests and replies about a part of a scene look like: areas of interest, layers, zones, earlier scenes."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

LONGEST_AREA = 100_000
LAYER_AREA = "layer:"
AREA = Field(
    None,
    max_length=LONGEST_AREA,
    description="measure inside this area only: a box x0,y0,x1,y1 or a polygon as WKT (pixels:… or lonlat:… says which "
    "numbers they are), or layer:ID for all polygons of a layer of the scene",
)
# Strict: JSON's `true` is no number of metres.
GSD = Field(None, gt=0, le=100_000, strict=True, description="metres per pixel, for pictures that do not say")
ZONES = Field(
    None,
    max_length=300,
    description="answer for each polygon of this layer of the scene: its id; not with `area`",
)
ZONE_NAME = Field(
    None,
    max_length=200,
    description="the attribute that names zones; features of one name are one zone; null for the only text that "
    "differs for each, or their numbers",
)
BORDER: Literal["centre", "exact"] = Field(
    "centre",
    description="centre: a pixel belongs to the zone that its centre lies in; exact: to each by the share it covers",
)
BEFORE = Field(
    None,
    max_length=64,
    description="an earlier scene of the same place, for questions about what changed: its id",
)


class AreaRequest(BaseModel):
    """An area of interest to be laid on a scene."""

    model_config = ConfigDict(extra="forbid")

    area: str = Field(min_length=1, max_length=LONGEST_AREA, description="as `area` of POST /v1/ask")
    gsd: float | None = GSD


class AreaReply(BaseModel):
    """An area of interest on its scene."""

    name: str = Field(description="how answers name it")
    pixels: int = Field(description="whose centres it covers")
    hectares: float | None = Field(description="of ground; null where no scale is known")
    notes: list[str] = Field(description="how it was read, and what of it lies outside")
    outline: dict[str, Any] = Field(description="a GeoJSON collection in pixels of the scene, y downwards")


class FieldReply(BaseModel):
    """An attribute of a layer."""

    name: str
    samples: list[str] = Field(description="some of its values")
    different: int = Field(description="how many different values there are")


class LayerReply(BaseModel):
    """A layer of polygons that belongs to a scene."""

    id: str
    name: str
    origin: Literal["map", "upload"]
    features: int
    fields: list[FieldReply] = Field(description="attributes that may name zones")
    likely: str | None = Field(description="the attribute that probably names them")
    zones: bool = Field(description="whether it has no more polygons than zones may be")


class LayerList(BaseModel):
    """The layers of a scene."""

    layers: list[LayerReply]
