"""Where the command ``planimeter`` is: a setting, and an advanced parameter of every algorithm."""

from qgis.core import QgsProcessingParameterDefinition, QgsProcessingParameterString, QgsSettings

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
