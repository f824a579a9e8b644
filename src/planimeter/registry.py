"""What can be chosen by name: kinds of segmenters and coders, of this package and of others that are installed.

A kind of this package is an ``Entry`` in ``segment/find.py`` or ``coder/find.py``. Another package brings one by an
entry point, without a line here:

    [project.entry-points."planimeter.segmenters"]
    ndvi = "my_package:from_name"

Nothing is imported before it is chosen. Help, errors and docs list what is registered.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from planimeter.errors import InputError


@dataclass(frozen=True)
class Entry:
    """One kind that can be chosen by name.

    Attributes:
        name: what stands before the colon.
        written: how people write it.
        about: what it is, in one line.
        target: "module:attribute" of what makes it.
        package: who brings it.
    """

    name: str
    written: str
    about: str
    target: str
    package: str = "planimeter"

    def load(self) -> Any:
        """What makes it.

        Raises:
            InputError: another package brings it, and is broken.

        Example:
            >>> Entry("half", "half:NUMBER", "a number halved", "operator:truediv").load()(3, 2)
            1.5
        """
        module, _, path = self.target.partition(":")
        try:
            found = import_module(module)
            for attribute in path.split("."):
                found = getattr(found, attribute)
        except Exception as error:  # whatever another package does when it is imported
            if self.package == "planimeter":
                raise
            raise InputError(
                f"{self.name} comes from the package {self.package}, which cannot be loaded ({type(error).__name__}: "
                f"{str(error)[:120]}): install it again, or remove it."
            ) from error
        return found


class Registry:
    """The kinds of one sort; this package's own come first, and no other package can take their names.

    Args:
        group: of the entry points by which other packages bring theirs.
        own: this package's.

    Example:
        >>> registry = Registry("planimeter.examples", [Entry("half", "half:NUMBER", "a number halved", "math:sqrt")])
        >>> registry.find("half").written, registry.find("third"), registry.written()
        ('half:NUMBER', None, 'half:NUMBER')
    """

    def __init__(self, group: str, own: Iterable[Entry]) -> None:
        self.group = group
        self.own = {entry.name: entry for entry in own}

    def find(self, name: str) -> Entry | None:
        """The kind of a name; other packages are looked through only for names that are none of this one's."""
        return self.own.get(name) or next((each for each in self._brought() if each.name == name), None)

    def entries(self) -> list[Entry]:
        """All kinds, those of other packages last, by name."""
        return [*self.own.values(), *(each for each in self._brought() if each.name not in self.own)]

    def written(self) -> str:
        """How all kinds are written, with commas."""
        return ", ".join(entry.written for entry in self.entries())

    def _brought(self) -> list[Entry]:
        return [_entry(point) for point in sorted(entry_points(group=self.group), key=lambda each: each.name)]


def _entry(point: EntryPoint) -> Entry:
    package = point.dist.name if point.dist is not None else point.value.partition(".")[0]
    return Entry(point.name, f"{point.name}[:…]", f"brought by the package {package}", point.value, package)
