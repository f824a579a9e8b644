"""The algorithms that Processing shows under "Planimeter"."""

from pathlib import Path

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from .ask import AskAlgorithm
from .masks import MasksAlgorithm


class PlanimeterProvider(QgsProcessingProvider):
    """``planimeter:ask`` and ``planimeter:masks``."""

    def loadAlgorithms(self):
        """Add every algorithm."""
        for algorithm in (AskAlgorithm, MasksAlgorithm):
            self.addAlgorithm(algorithm())

    def id(self):
        """The name before the colon."""
        return "planimeter"

    def name(self):
        """The name that people read."""
        return "Planimeter"

    def icon(self):
        """The plugin's picture."""
        return QIcon(str(Path(__file__).with_name("icon.svg")))
