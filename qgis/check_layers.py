"""Run by QGIS's own Python: what the plugin makes of a layer in memory, and how QGIS draws the evidence."""

import json
import sys

from planimeter_qgis.command import CommandError
from planimeter_qgis.layers import add_evidence, raster_path, topics_of, vector_source
from qgis.core import (
    QgsApplication,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)


def check(place):
    """Print what the test compares, as one line of JSON."""
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())

    trees = QgsVectorLayer("Point?crs=EPSG:32633&field=n:integer", "trees", "memory")
    feature = QgsFeature(trees.fields())
    feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(500001, 4999999)))
    trees.dataProvider().addFeatures([feature])
    copy = vector_source(trees, context, QgsProcessingFeedback())

    try:
        raster_path(
            QgsRasterLayer(
                "url=http://127.0.0.1/wms&layers=a&styles=&format=image/png&crs=EPSG:32633", "w", "wms"
            )
        )
        refusal = ""
    except CommandError as error:
        refusal = str(error)

    add_evidence(f"{place}/evidence/shapes.gpkg", context)
    styles = {}
    for source, details in context.layersToLoadOnCompletion().items():
        layer = QgsVectorLayer(source, details.name, "ogr")
        styles[details.name] = [category.value() for category in layer.renderer().categories()]
    named = [[topic, layer.name()] for topic, layer in topics_of([trees], "")]
    print(json.dumps({"copy": copy, "topics": named, "styles": styles, "refusal": refusal}))


application = QgsApplication([], False)
application.initQgis()
check(sys.argv[1])  # its layers are gone when QGIS ends, which they must be
application.exitQgis()
