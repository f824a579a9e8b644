"""What a scene's bands are: the colour of each, and how its stored values become reflectance.

Bands are told by the colour names that STAC's ``eo`` extension gives them (``COLOURS``). Nothing is guessed from the
order of bands: where a file does not say (``band_colours``), the caller does (``--bands red=3,nir=4``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from planimeter.errors import NotMeasurable

#: Colour → its centre and how far from it a band's own centre may lie, in micrometres.
COLOURS: dict[str, tuple[float, float]] = {
    "coastal": (0.443, 0.015),
    "blue": (0.485, 0.035),
    "green": (0.560, 0.035),
    "red": (0.660, 0.030),
    "rededge1": (0.705, 0.015),
    "rededge2": (0.740, 0.015),
    "rededge3": (0.783, 0.017),
    "nir": (0.835, 0.050),
    "nir08": (0.865, 0.025),
    "nir09": (0.945, 0.015),
    "cirrus": (1.375, 0.030),
    "swir16": (1.610, 0.080),
    "swir22": (2.200, 0.130),
    "lwir": (11.0, 1.5),
}

#: The band that measures warmth, and no light that is reflected.
THERMAL = "lwir"
SENTINEL2 = "Sentinel-2"
LANDSAT = "Landsat"
#: Levels of processing that are known by name.
LEVELS = ("L1C", "L2A", "L3A", "L1TP", "L2SP")
#: Levels at which the air's own light is gone.
SURFACE_LEVELS = ("L2A", "L3A", "L2SP")


@dataclass(frozen=True)
class Channel:
    """One band of a scene, by its colour; reflectance = value × scale + offset.

    Attributes:
        index: 1-based, in the scene.
        scale: reflectance of one step of the stored values.
        offset: reflectance of a stored zero.
    """

    index: int
    scale: float = 1.0
    offset: float = 0.0

    @property
    def shift(self) -> float:
        """What is added to stored values to make them proportional to reflectance.

        Example:
            >>> Channel(4, 0.0001, -0.1).shift
            -1000.0
        """
        steps = self.offset / self.scale
        return float(round(steps)) if abs(steps - round(steps)) < 1e-6 * max(1.0, abs(steps)) else steps


@dataclass(frozen=True)
class Spectrum:
    """What a scene's bands are.

    Attributes:
        channels: colour → its band.
        sensor: "Sentinel-2", "Landsat", "NAIP"; empty where nobody says.
        level: "L1C", "L2A" and the like; empty where nobody says.
        calibrated: whether ``scale`` and ``offset`` of the channels give reflectance.
        source: how it is known which band is which, as in "by its band descriptions".
        notes: sentences for answers that rest on the bands.
    """

    channels: Mapping[str, Channel] = field(default_factory=dict)
    sensor: str = ""
    level: str = ""
    calibrated: bool = False
    source: str = ""
    notes: tuple[str, ...] = ()

    def channel(self, colour: str) -> Channel | None:
        """The band of a colour; a near infrared of either width stands in for the other.

        Example:
            >>> Spectrum({"nir08": Channel(5)}).channel("nir").index
            5
        """
        other = {"nir": "nir08", "nir08": "nir"}.get(colour, colour)
        return self.channels.get(colour) or self.channels.get(other)

    def lacks(self, colours: Iterable[str]) -> list[str]:
        """Which colours no band has.

        Example:
            >>> Spectrum({"red": Channel(1)}).lacks(["red", "nir"])
            ['nir']
        """
        return [colour for colour in colours if self.channel(colour) is None]

    def require(self, colours: Iterable[str], what: str, scene: str) -> None:
        """Refuse what needs colours that no band has.

        Raises:
            NotMeasurable: names them, and how to say which bands they are.
        """
        missing = self.lacks(colours)
        if missing:
            known = ", ".join(f"{c}={b.index}" for c, b in self.channels.items()) or "none"
            raise NotMeasurable(
                f"{what} needs {' and '.join(missing)}, and no band of {scene} is known to be that (known: {known}): "
                f"say which with --bands {','.join(f'{c}=N' for c in missing)}, or use a scene that has it."
            )
