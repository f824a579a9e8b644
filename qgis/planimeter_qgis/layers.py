"""Layers of the project as files that Planimeter reads, and its evidence as layers."""

import os
import tempfile

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingUtils,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

from .command import CommandError


def raster_path(layer):
    """Return the file behind a raster layer, "" for None.

    Args:
        layer: a raster layer, or None.

    Raises:
        CommandError: it is no file (a web service, for example).
    """
    if layer is None:
        return ""
    if layer.dataProvider().name() != "gdal":
        raise CommandError(f"The layer “{layer.name()}” is not a file: export it as a GeoTIFF first.")
    return layer.source()


def vector_source(layer, context, feedback):
    """Return a file with a vector layer's features, in the spelling of QGIS ("FILE|layername=NAME").

    A layer that is no file, or has edits that are not saved, is written to a GeoPackage first.

    Args:
        layer: a vector layer.
        context: of the run.
        feedback: is told when a copy is made.
    """
    if layer.dataProvider().name() == "ogr" and not layer.isEditable():
        return layer.source()
    path = os.path.join(tempfile.mkdtemp(prefix="planimeter-"), "layer.gpkg")
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    options.fileEncoding = "UTF-8"
    written = QgsVectorFileWriter.writeAsVectorFormatV3(layer, path, context.transformContext(), options)
    if written[0] != QgsVectorFileWriter.NoError:
        raise CommandError(f"The layer “{layer.name()}” cannot be written as a GeoPackage: {written[1]}")
    feedback.pushDebugInfo(f"The layer “{layer.name()}” is no file of its own: a copy is read.")
    return path


def topics_of(layers, named):
    """Return (topic, layer) pairs.

    Args:
        layers: vector layers.
        named: topics in the layers' order, with commas; "" takes the layers' names.

    Raises:
        CommandError: not as many topics as layers, or a layer's name is no topic's name.
    """
    topics = (
        [topic.strip() for topic in named.split(",")] if named.strip() else [one.name() for one in layers]
    )
    if len(topics) != len(layers) or not all(topics):
        raise CommandError(f"{len(layers)} vector layers need as many topics: {named!r} names {len(topics)}.")
    for topic in topics:
        if "=" in topic or "|" in topic:
            raise CommandError(f"{topic!r} is no topic's name: give one in “Topics of the vector layers”.")
    return list(zip(topics, layers, strict=True))


def add_evidence(path, context):
    """Add each layer of a GeoPackage to the project when the algorithm has ended; its style comes with the file.

    Args:
        path: of the GeoPackage; nothing is added where there is none.
        context: of the run.
    """
    if not os.path.exists(path):
        return
    layer = QgsVectorLayer(path, "evidence", "ogr")
    for sub in layer.dataProvider().subLayers():
        name = sub.split(layer.dataProvider().sublayerSeparator())[1]
        if name == "layer_styles":
            continue
        details = QgsProcessingContext.LayerDetails(
            name, context.project() or QgsProject.instance(), name, QgsProcessingUtils.LayerHint.Vector
        )
        context.addLayerToLoadOnCompletion(f"{path}|layername={name}", details)
