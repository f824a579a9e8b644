"""Planimeter in QGIS: a Processing provider."""


def classFactory(interface):
    """Return the plugin; QGIS calls this.

    Args:
        interface: QGIS's window (``QgisInterface``), or None without one.
    """
    from .plugin import PlanimeterPlugin

    return PlanimeterPlugin(interface)
