"""Advanced parameters of every algorithm; where the command ``planimeter`` is, is a setting as well."""

from qgis.core import (
    QgsProcessingParameterDefinition,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
    QgsSettings,
)

_KEY = "planimeter/command"


def advanced(parameter):
    """Return a parameter that the form hides until it is asked for."""
    parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.FlagAdvanced)
    return parameter


def command_parameter():
    """Return the parameter that says how Planimeter is called; what was given last is its default."""
    return advanced(
        QgsProcessingParameterString(
            "COMMAND",
            "Planimeter's command (kept for the next time)",
            QgsSettings().value(_KEY, "planimeter"),
            optional=True,
        )
    )


def common_parameters():
    """Return the parameters that all algorithms end with: the scale, the segmenter and the command."""
    gsd = QgsProcessingParameterNumber(
        "GSD",
        "Metres per pixel, where the image does not say",
        QgsProcessingParameterNumber.Double,
        optional=True,
        minValue=1e-6,
    )
    segmenter = QgsProcessingParameterString("SEGMENTER", "Segmenter", optional=True)
    return [advanced(gsd), advanced(segmenter), command_parameter()]


def gsd_of(algorithm, parameters, context):
    """Return metres per pixel, or None where they were not given."""
    given = parameters.get("GSD")
    return None if given in (None, "") else algorithm.parameterAsDouble(parameters, "GSD", context)


def command_of(algorithm, parameters, context):
    """Return how Planimeter is called, and keep it.

    Args:
        algorithm: whose parameter it is.
        parameters: its values.
        context: of the run.
    """
    given = algorithm.parameterAsString(parameters, "COMMAND", context) or "planimeter"
    QgsSettings().setValue(_KEY, given)
    return given
