"""What a request says of masks that a person corrected: GeoJSON in pixels of the scene, of a bounded size."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

MOST_POLYGONS, MOST_VERTICES = 1_000, 100_000
_Number = Annotated[float, Field(ge=-1e7, le=1e7, allow_inf_nan=False)]
_Position = Annotated[list[_Number], Field(min_length=2, max_length=2)]
_Ring = Annotated[list[_Position], Field(min_length=4, max_length=MOST_VERTICES)]
_Rings = Annotated[list[_Ring], Field(min_length=1, max_length=MOST_VERTICES)]
_SHAPE = ConfigDict(extra="forbid")


class DrawnPolygon(BaseModel):
    """A polygon in pixels."""

    model_config = _SHAPE

    type: Literal["Polygon"]
    coordinates: _Rings

    def rings(self) -> list[_Rings]:
        """Of each polygon."""
        return [self.coordinates]


class DrawnPolygons(BaseModel):
    """Several polygons in pixels, such as the outline of a shape whose pixels touch at corners."""

    model_config = _SHAPE

    type: Literal["MultiPolygon"]
    coordinates: Annotated[list[_Rings], Field(min_length=1, max_length=MOST_POLYGONS)]

    def rings(self) -> list[_Rings]:
        """Of each polygon."""
        return self.coordinates


class DrawnLine(BaseModel):
    """A line in pixels."""

    model_config = _SHAPE

    type: Literal["LineString"]
    coordinates: Annotated[list[_Position], Field(min_length=2, max_length=MOST_VERTICES)]

    def rings(self) -> list[_Rings]:
        """Of the strip that the line stands for."""
        return [[self.coordinates]]


class CorrectionAttributes(BaseModel):
    """What a polygon changes."""

    model_config = ConfigDict(extra="forbid")

    topic: str = Field(min_length=1, max_length=100, description="whose mask is changed")
    action: Literal["add", "remove"] = Field(
        description="whether its pixels become the topic or cease to be it"
    )


class Correction(BaseModel):
    """One correction, a GeoJSON feature."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["Feature"]
    properties: CorrectionAttributes
    geometry: DrawnPolygon | DrawnPolygons | DrawnLine = Field(
        discriminator="type", description="a LineString only with action `remove`: a strip 1.5 pixels wide"
    )

    @model_validator(mode="after")
    def _checked(self) -> Correction:
        if isinstance(self.geometry, DrawnLine):
            if self.properties.action != "remove":
                raise ValueError("only what is taken away may be a line, a strip that cuts; draw a polygon")
        elif any(ring[0] != ring[-1] for rings in self.geometry.rings() for ring in rings):
            raise ValueError("a ring has to end where it begins")
        return self


class CorrectionCollection(BaseModel):
    """Masks that a person corrected, a GeoJSON collection; a later polygon wins over an earlier one."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["FeatureCollection"]
    features: Annotated[list[Correction], Field(min_length=1, max_length=MOST_POLYGONS)]

    @model_validator(mode="after")
    def _bounded(self) -> CorrectionCollection:
        polygons = [rings for each in self.features for rings in each.geometry.rings()]
        if len(polygons) > MOST_POLYGONS:
            raise ValueError(f"there are more than {MOST_POLYGONS:,} polygons; send fewer")
        if sum(len(ring) for rings in polygons for ring in rings) > MOST_VERTICES:
            raise ValueError(f"there are more than {MOST_VERTICES:,} vertices; simplify the polygons")
        return self


CORRECTIONS: CorrectionCollection | None = Field(
    None,
    description="what a person changed in the masks, in pixels of the scene, x right and y down from its upper left "
    f"corner, whatever its CRS: at most {MOST_POLYGONS:,} polygons of {MOST_VERTICES:,} vertices, and 1 MiB with the "
    "request",
)
