"""Processing algorithm: the masks of topics as a raster."""

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingException,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from .command import CommandError, run_command, topics_line
from .layers import raster_path
from .settings import command_of, common_parameters, gsd_of


class MasksAlgorithm(QgsProcessingAlgorithm):
    """``planimeter:masks``: one band of 0 and 1 for each topic."""

    def name(self):
        """The name after the colon."""
        return "masks"

    def displayName(self):
        """The name that people read."""
        return "Masks of topics"

    def createInstance(self):
        """A new one."""
        return MasksAlgorithm()

    def shortHelpString(self):
        """What stands beside the form."""
        return (
            "Where the segmenter sees each topic in an image: a raster with one band of 0 and 1 for each, in the order "
            "given. The default segmenter knows urban, forest, agric, grass, barren, water, roof, road, solar and "
            "vegetation."
        )

    def initAlgorithm(self, configuration=None):
        """Declare what goes in and what comes out."""
        self.addParameter(QgsProcessingParameterRasterLayer("INPUT", "Image"))
        self.addParameter(QgsProcessingParameterString("TOPICS", "Topics", "roof, water, vegetation"))
        for parameter in common_parameters():
            self.addParameter(parameter)
        self.addParameter(QgsProcessingParameterRasterDestination("OUTPUT", "Masks"))

    def processAlgorithm(self, parameters, context, feedback):
        """Run ``planimeter segment``."""
        image = self.parameterAsRasterLayer(parameters, "INPUT", context)
        topics = self.parameterAsString(parameters, "TOPICS", context)
        output = self.parameterAsOutputLayer(parameters, "OUTPUT", context)
        segmenter = self.parameterAsString(parameters, "SEGMENTER", context)
        arguments = ["segment", "--topics", topics_line(topics), "--out", output]
        gsd = gsd_of(self, parameters, context)
        if gsd is not None:
            arguments += ["--gsd", repr(gsd)]
        if segmenter:
            arguments += ["--segmenter", segmenter]
        try:
            run_command(
                [*arguments, "--", raster_path(image)],
                command_of(self, parameters, context),
                feedback.isCanceled,
                feedback.pushDebugInfo,
            )
        except CommandError as error:
            raise QgsProcessingException(str(error)) from None
        return {"OUTPUT": output}
