"""Areas of interest: what is measured lies inside, distances reach beyond.

An area is given as a vector file, as a box or as WKT; on a scene's grid it is a polygon in pixel coordinates and the
pixels whose centres it covers. Regions of masks are cut to those pixels; features of a vector layer are cut along the
polygon itself, as they are at the border of a scene.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from planimeter.errors import LabelError, UsageError, shown_name
from planimeter.spatial.covered import polygon_pixels
from planimeter.spatial.features import Features, features_of
from planimeter.spatial.runs import Runs
from planimeter.spatial.shapes import Shapes
from planimeter.table import percent

if TYPE_CHECKING:
    from planimeter.raster.scene import Scene

#: What a cut leaves of a feature counts from this size on, in pixels (of length or area); less is rounding.
LEAST = 1e-6

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_BEFORE = r"\s*(?:(pixels|lonlat)\s*:|SRID\s*=\s*(\d+)\s*;)?\s*"
_BOX = re.compile(rf"{_BEFORE}({_NUMBER}(?:\s*,\s*{_NUMBER}){{3}})\s*", re.IGNORECASE)
_WKT = re.compile(rf"{_BEFORE}((?:MULTI)?POLYGON\b.*)", re.IGNORECASE | re.DOTALL)
_OTHER_NUMBERS = re.compile(
    rf"\s*(?:(?:pixels|lonlat)\s*:|SRID\s*=).*|\s*{_NUMBER}(?:[\s,;]+{_NUMBER})+\s*", re.IGNORECASE
)
_WAYS = "write pixels:… for pixels or lonlat:… for longitudes and latitudes"
_NAMED = {"pixels": "pixels", "lonlat": "longitudes and latitudes"}


@dataclass(frozen=True, eq=False)
class AreaOfInterest:
    """A part of a scene in which is measured.

    Attributes:
        name: how answers name it.
        geometry: a valid shapely Polygon or MultiPolygon in pixel coordinates, inside the grid.
        runs: the pixels whose centres it covers.
        notes: sentences about how it was read and what of it is missing.
    """

    name: str
    geometry: Any
    runs: Runs
    notes: tuple[str, ...] = ()

    def cut(self, shapes: Shapes) -> tuple[Shapes, np.ndarray, np.ndarray]:
        """What of each shape lies inside.

        Returns:
            The M shapes that have anything inside, (M,) int64 the source of each, and (M,) bool, which of them the
            border cut.

        Example:
            >>> import shapely
            >>> from planimeter.spatial import label_regions
            >>> half = area_of(shapely.box(0, 0, 2, 1), (1, 4), "the left")
            >>> inside, source, cut = half.cut(label_regions(np.array([[0, 1, 1, 0]], bool)))
            >>> inside.area_pixels.tolist(), source.tolist(), cut.tolist()
            ([1], [0], [True])
        """
        if isinstance(shapes, Features) and all(shape is not None for shape in shapes.geometry):
            return self._cut_features(shapes)
        inside, source = shapes.cut(self.runs, inside=True)
        return inside, source, inside.pixels < shapes.pixels[source]

    def _cut_features(self, features: Features) -> tuple[Shapes, np.ndarray, np.ndarray]:
        import shapely

        near = features.tree.query(self.geometry, predicate="intersects")
        whole = np.zeros(len(features), dtype=bool)
        shapely.prepare(self.geometry)
        whole[near] = shapely.covers(self.geometry, features.geometry[near])
        crossing = np.sort(near[~whole[near]])
        if len(crossing) == 0:
            source = np.flatnonzero(whole)
            return features.subset(source), source, np.zeros(len(source), dtype=bool)
        left = parts_of_kind(shapely.intersection(features.geometry[crossing], self.geometry), features.kind)
        kept = size_of(left, features.kind) > LEAST
        geometry = features.geometry.copy()
        geometry[crossing[kept]] = left[kept]
        source = np.sort(np.concatenate([np.flatnonzero(whole), crossing[kept]]))
        found = features_of(features.kind, geometry[source], features.shape, features.ground, features.notes)
        return found, source, ~whole[source]


def parts_of_kind(shapes: np.ndarray, kind: str) -> np.ndarray:
    """Geometries without what an intersection leaves of another dimension, such as a point of a polygon.

    >>> import shapely
    >>> mixed = shapely.union(shapely.box(0, 0, 1, 1), shapely.Point(5, 5))
    >>> parts_of_kind(np.array([mixed]), "polygon")[0].area
    1.0
    """
    import shapely

    dimension = ("point", "line", "polygon").index(kind)
    found = shapes.copy()
    for place in np.flatnonzero(shapely.get_type_id(shapes) == 7):
        parts = shapely.get_parts(shapes[place])
        found[place] = shapely.union_all(parts[shapely.get_dimensions(parts) == dimension])
    found[shapely.get_dimensions(found) != dimension] = shapely.from_wkt("POLYGON EMPTY")
    return found


def size_of(shapes: np.ndarray, kind: str) -> np.ndarray:
    """(N,) float64: number of points, length of lines or area of polygons."""
    import shapely

    measure = {"point": shapely.get_num_coordinates, "line": shapely.length, "polygon": shapely.area}[kind]
    return np.asarray(measure(shapes), dtype=np.float64)


def area_of(geometry: Any, shape: tuple[int, int], name: str, notes: tuple[str, ...] = ()) -> AreaOfInterest:
    """The area that a polygon in pixel coordinates covers.

    Args:
        geometry: a valid shapely Polygon or MultiPolygon inside the grid.
        shape: (height, width) of the grid.
        name: how answers name it.
        notes: sentences about how it was read.

    Raises:
        LabelError: it covers no pixel's centre.
    """
    found = polygon_pixels(np.array([geometry]), shape)
    if found.centres is not None and not found.centres.all():
        raise LabelError(f"{_capital(name)} is smaller than a pixel of the scene; give a larger one.")
    return AreaOfInterest(name, geometry, found.runs, notes)


def is_written(text: str) -> bool:
    """Whether a text is an area itself, as numbers or WKT, and names no file.

    >>> is_written("0,0,9,9"), is_written("lonlat:POLYGON((0 0, 1 1, 1 0, 0 0))"), is_written("/etc/passwd")
    (True, True, False)
    """
    return _BOX.fullmatch(text) is not None or _WKT.fullmatch(text) is not None


def read_area(wanted: Any, scene: Scene) -> AreaOfInterest:
    """Lay an area of interest on a scene.

    Args:
        wanted: a vector file of polygons (their union), "x0,y0,x1,y1" or four numbers, a polygon as WKT or as a shapely
            geometry; "pixels:" or "lonlat:" before numbers says what they are, "SRID=32633;" their CRS. An
            ``AreaOfInterest`` stays as it is.
        scene: the image.

    Raises:
        UsageError: numbers or WKT that cannot be read, or that may be pixels and degrees alike.
        LabelError: the file cannot be read, or nothing of the area lies in the scene.
    """
    if isinstance(wanted, AreaOfInterest):
        if wanted.runs.shape != scene.shape:
            raise UsageError(
                f"The area {wanted.name} lies on another grid than {shown_name(scene.name)}; give its source."
            )
        return wanted
    if isinstance(wanted, Sequence) and not isinstance(wanted, str):
        wanted = ",".join(str(float(value)) for value in wanted)
    if hasattr(wanted, "geom_type"):
        wanted = wanted.wkt
    text = os.fspath(wanted)
    box, wkt = _BOX.fullmatch(text), _WKT.fullmatch(text)
    written = box or wkt
    if written is not None:
        geometry = _from_wkt(written[3]) if box is None else _box(written[3])
        name = "the polygon" if box is None else f"the box {_short(written[3])}"
        if written[2] is not None:
            return _placed(geometry, f"EPSG:{written[2]}", name, scene, ())
        return _from_numbers(geometry, written[1], name, scene)
    if _OTHER_NUMBERS.fullmatch(text) and not os.path.exists(text):
        raise UsageError(
            f"The area {_short(text)} is no box of four numbers; write it x0,y0,x1,y1, such as 0,0,512,700."
        )
    return _from_file(text, scene)


def _box(text: str) -> Any:
    import shapely

    x0, y0, x1, y1 = (float(part) for part in text.split(","))
    if not (x0 < x1 and y0 < y1):
        raise UsageError(
            f"The area {_short(text)} has no inside; write it x0,y0,x1,y1 with x0 < x1 and y0 < y1."
        )
    return shapely.box(x0, y0, x1, y1)


def _from_wkt(text: str) -> Any:
    import shapely

    try:
        geometry = shapely.force_2d(shapely.from_wkt(text))
    except shapely.errors.GEOSException as problem:
        raise UsageError(
            f"The area {_short(text)} is no WKT that can be read; write it like POLYGON((0 0, 9 0, 9 9, 0 0))."
        ) from problem
    if geometry.is_empty or not np.isfinite(geometry.bounds).all():
        raise UsageError(f"The area {_short(text)} is empty; give a polygon with an inside.")
    return geometry


def _from_numbers(geometry: Any, told: str | None, name: str, scene: Scene) -> AreaOfInterest:
    """An area whose numbers are pixels or degrees, whichever was said or lies in the scene."""
    told = told.lower() if told else None
    by_degrees = scene.crs is not None and scene.transform is not None
    found: dict[str, AreaOfInterest] = {}
    too_small: LabelError | None = None
    if told in (None, "pixels"):
        try:
            part = _in_pixels(geometry, name, scene)
            found |= {"pixels": part} if part is not None else {}
        except LabelError as problem:
            too_small = problem
    if told == "lonlat" and not by_degrees:
        raise LabelError(
            f"{shown_name(scene.name)} has no georeference, so that longitudes and latitudes have no place in it; give "
            "the area in pixels."
        )
    if told in (None, "lonlat") and by_degrees and _may_be_degrees(geometry):
        found |= _as_degrees(geometry, name, scene)
    if len(found) == 2:
        # Nobody cuts out all of a scene: what reaches beyond it on all sides was meant in the other way.
        found = {kind: area for kind, area in found.items() if not _is_all(area, scene)} or found
    if len(found) == 2:
        raise UsageError(
            f"As pixels and as longitudes and latitudes alike, {name} lies in {shown_name(scene.name)}; {_WAYS}."
        )
    if not found:
        meant = _meant_otherwise(geometry, scene) if told is None else ""
        if too_small is not None and not meant:
            raise too_small
        as_what = f", as {_NAMED[told]}," if told else ""
        raise LabelError(
            f"Nothing of {name}{as_what} lies in {shown_name(scene.name)}, which has {scene.width // scene.cells:,} x "
            f"{scene.height // scene.cells:,} pixels; {meant or 'give an area inside it'}."
        )
    ((kind, area),) = found.items()
    if told is None:
        note = f"{_capital(name)} was taken for {_NAMED[kind]}."
        area = AreaOfInterest(area.name, area.geometry, area.runs, (note, *area.notes))
    return area


def _meant_otherwise(geometry: Any, scene: Scene) -> str:
    """What to write where numbers have a place in the scene for which they were not taken; "" where they have none."""
    import shapely

    if scene.crs is None or scene.transform is None:
        return ""
    turned = shapely.transform(geometry, lambda points: points[:, ::-1])
    if _may_be_degrees(turned) and _as_degrees(turned, "it", scene):
        return "its latitudes stand first: write west, south, east, north"
    code = scene.crs.to_epsg()
    if code is None:
        return ""
    try:
        _placed(geometry, f"EPSG:{code}", "it", scene, ())
    except LabelError:
        return ""
    return f'its numbers are coordinates of the scene\'s CRS: write them as "SRID={code};…"'


def _is_all(area: AreaOfInterest, scene: Scene) -> bool:
    return bool(area.geometry.area >= scene.width * scene.height * (1 - 1e-9))


def _may_be_degrees(geometry: Any) -> bool:
    west, south, east, north = geometry.bounds
    return south >= -90 and north <= 90 and west >= -360 and east <= 360


def _as_degrees(geometry: Any, name: str, scene: Scene) -> dict[str, AreaOfInterest]:
    try:
        return {"lonlat": _placed(geometry, "OGC:CRS84", name, scene, ())}
    except LabelError:
        return {}


def _in_pixels(geometry: Any, name: str, scene: Scene) -> AreaOfInterest | None:
    """An area in pixels of the file, None where nothing of it lies in the scene."""
    import shapely

    geometry, notes = _mended(geometry, name)
    geometry = shapely.transform(geometry, lambda points: points * scene.cells)
    inside = parts_of_kind(
        np.array([shapely.intersection(geometry, shapely.box(0, 0, scene.width, scene.height))]), "polygon"
    )[0]
    if inside.area <= LEAST:
        return None
    outside = 1 - inside.area / geometry.area
    if outside > 1e-9:
        notes = (*notes, _outside(name, f"{percent(outside, 1)} "))
    return area_of(inside, scene.shape, name, notes)


def _mended(geometry: Any, name: str) -> tuple[Any, tuple[str, ...]]:
    from planimeter.raster.geometries import made_valid

    if geometry.is_valid:
        return geometry, ()
    return (
        made_valid(geometry),
        (f"{_capital(name)} crossed itself; mended.",),
    )


def _placed(geometry: Any, crs: str, name: str, scene: Scene, notes: tuple[str, ...]) -> AreaOfInterest:
    """An area in coordinates of a CRS."""
    import pyproj

    from planimeter.raster.clip import place
    from planimeter.raster.placing import Placing

    if scene.crs is None or scene.transform is None:
        raise LabelError(
            f"{_capital(name)} cannot be laid over {shown_name(scene.name)}, which has no georeference; give the area "
            "in pixels."
        )
    try:
        placing = Placing(pyproj.CRS.from_user_input(crs), scene)
    except (pyproj.exceptions.CRSError, pyproj.exceptions.ProjError) as problem:
        raise LabelError(
            f"{_capital(name)} cannot be brought from {crs} to the scene's grid; give longitudes and latitudes."
        ) from problem
    found = place(np.array([geometry]), 2, placing, name)
    if len(found.pixels) == 0:
        raise LabelError(f"Nothing of {name} lies in {shown_name(scene.name)}; give an area inside it.")
    if not found.whole.all():
        notes = (*notes, _outside(name))
    return area_of(found.pixels[0], scene.shape, name, (*notes, *found.notes))


def _from_file(text: str, scene: Scene) -> AreaOfInterest:
    import shapely

    from planimeter.raster.vector import read_features

    layer = read_features(text, scene)
    if layer.kind != "polygon":
        raise LabelError(f"{layer.name} holds {layer.kind}s, which have no inside; give a layer of polygons.")
    if len(layer.pixels) == 0:
        raise LabelError(f"Nothing of {layer.name} lies in {shown_name(scene.name)}; give an area inside it.")
    notes = list(layer.notes)
    if layer.outside or not layer.whole.all():
        notes.append(_outside(layer.name))
    geometry = shapely.union_all(layer.pixels)
    return area_of(geometry, scene.shape, layer.name, tuple(notes))


def _outside(name: str, share: str = "") -> str:
    part = f"{share}of {name} lies" if share else f"Part of {name} lies"
    return f"{part} outside the scene, and nothing is known of it."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
