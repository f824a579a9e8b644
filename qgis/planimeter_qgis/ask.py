"""Processing algorithm: ask a question of a raster layer."""

import os

from qgis.core import (
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingException,
    QgsProcessingOutputFile,
    QgsProcessingOutputString,
    QgsProcessingParameterField,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorLayer,
)

from .command import CommandError, ask_arguments, run_command, said_answer
from .layers import add_evidence, raster_path, topics_of, vector_source
from .settings import command_of, common_parameters, gsd_of


class AskAlgorithm(QgsProcessingAlgorithm):
    """``planimeter:ask``: a question, a raster and maps in; the answer and the shapes it rests on out."""

    def name(self):
        """The name after the colon."""
        return "ask"

    def displayName(self):
        """The name that people read."""
        return "Ask a question of an image"

    def createInstance(self):
        """A new one."""
        return AskAlgorithm()

    def shortHelpString(self):
        """What stands beside the form."""
        return (
            "Asks a satellite or aerial image a question in plain English, such as “How many buildings are within "
            "50 m of water?”, “What percentage of the image is forest?” or “List the lakes larger than 1 ha”, and "
            "measures the answer.\n\n"
            "Topics are taken from the label raster (an existing classification, with its legend: a JSON file, or "
            "the name of one that ships, such as worldcover, esri, corine), from vector layers, and else from "
            "Planimeter's default segmenter, which sees imperfectly and says how well it was measured.\n\n"
            "A vector layer shows the topic that it is named after; with “Topics of the vector layers” you name "
            "them in the layers' order, for example: roof, water.\n\n"
            "The shapes that were counted, and those they were measured against, are added as styled layers."
        )

    def initAlgorithm(self, configuration=None):
        """Declare what goes in and what comes out."""
        add = self.addParameter
        add(QgsProcessingParameterRasterLayer("INPUT", "Image"))
        add(QgsProcessingParameterString("QUESTION", "Question"))
        add(QgsProcessingParameterRasterLayer("LABELS", "Label raster", optional=True))
        add(QgsProcessingParameterString("LEGEND", "Its legend (JSON file, or a name)", optional=True))
        add(
            QgsProcessingParameterMultipleLayers(
                "VECTORS", "Vector layers", QgsProcessing.TypeVectorAnyGeometry, optional=True
            )
        )
        add(QgsProcessingParameterString("TOPICS", "Topics of the vector layers", optional=True))
        add(self._polygons("AREA", "Area of interest"))
        add(self._polygons("ZONES", "Zones: an answer for each polygon"))
        add(QgsProcessingParameterField("ZONE_NAME", "Field that names zones", None, "ZONES", optional=True))
        add(QgsProcessingParameterRasterLayer("BEFORE", "Earlier image", optional=True))
        for parameter in common_parameters():
            add(parameter)
        add(QgsProcessingParameterFolderDestination("OUTPUT", "Evidence"))
        for name, label in (
            ("ANSWER", "Answer"),
            ("UNIT", "Unit"),
            ("TYPE", "Type of the answer"),
            ("READING", "How the question was read"),
            ("CAUTIONS", "Cautions"),
        ):
            self.addOutput(QgsProcessingOutputString(name, label))
        self.addOutput(QgsProcessingOutputFile("SHAPES", "Shapes"))
        self.addOutput(QgsProcessingOutputFile("REPORT", "Report"))

    def processAlgorithm(self, parameters, context, feedback):
        """Run ``planimeter ask`` and add what it measured."""
        folder = self.parameterAsString(parameters, "OUTPUT", context)
        image = self.parameterAsRasterLayer(parameters, "INPUT", context)
        layers = self.parameterAsLayerList(parameters, "VECTORS", context)
        field = self.parameterAsString(parameters, "ZONE_NAME", context)
        try:
            named = topics_of(layers, self.parameterAsString(parameters, "TOPICS", context))
            arguments = ask_arguments(
                raster_path(image),
                self.parameterAsString(parameters, "QUESTION", context),
                labels=raster_path(self.parameterAsRasterLayer(parameters, "LABELS", context)),
                legend=self.parameterAsString(parameters, "LEGEND", context),
                vectors=[(topic, vector_source(layer, context, feedback)) for topic, layer in named],
                area=self._source(parameters, "AREA", context, feedback),
                zones=self._source(parameters, "ZONES", context, feedback),
                zone_name=field,
                before=raster_path(self.parameterAsRasterLayer(parameters, "BEFORE", context)),
                gsd=gsd_of(self, parameters, context),
                segmenter=self.parameterAsString(parameters, "SEGMENTER", context),
                out=folder,
            )
            found = run_command(
                arguments, command_of(self, parameters, context), feedback.isCanceled, feedback.pushDebugInfo
            )
        except CommandError as error:
            raise QgsProcessingException(str(error)) from None
        feedback.pushInfo(f"{found['question']}\n\n    {said_answer(found)}\n\n{found.get('reading') or ''}")
        for caution in found.get("warnings", []):
            feedback.pushWarning(caution)
        shapes, report = os.path.join(folder, "shapes.gpkg"), os.path.join(folder, "report.html")
        for name in ("shapes.gpkg", "zones.gpkg"):
            add_evidence(os.path.join(folder, name), context)
        answer = found["answer"]
        return {
            "OUTPUT": folder,
            "ANSWER": answer if isinstance(answer, int | float | str) else said_answer(found),
            "UNIT": found.get("unit") or "",
            "TYPE": found["type"],
            "READING": found.get("reading") or "",
            "CAUTIONS": "\n".join(found.get("warnings", [])),
            "SHAPES": shapes if os.path.exists(shapes) else "",
            "REPORT": report if os.path.exists(report) else "",
        }

    @staticmethod
    def _polygons(name, label):
        return QgsProcessingParameterVectorLayer(
            name, label, [QgsProcessing.TypeVectorPolygon], optional=True
        )

    def _source(self, parameters, name, context, feedback):
        layer = self.parameterAsVectorLayer(parameters, name, context)
        return "" if layer is None else vector_source(layer, context, feedback)
