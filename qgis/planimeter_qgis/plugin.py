"""The plugin: it brings the provider in, and takes it out."""

from qgis.core import QgsApplication

from .provider import PlanimeterProvider


class PlanimeterPlugin:
    """What QGIS loads; everything is done by Processing, so there is no menu of its own."""

    def __init__(self, interface=None):
        self._provider = None

    def initProcessing(self):
        """Register the provider."""
        self._provider = PlanimeterProvider()
        QgsApplication.processingRegistry().addProvider(self._provider)

    def initGui(self):
        """Register the provider in a QGIS with a window."""
        self.initProcessing()

    def unload(self):
        """Take the provider out again."""
        QgsApplication.processingRegistry().removeProvider(self._provider)
