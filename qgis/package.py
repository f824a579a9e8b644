"""Pack the plugin as the ZIP file that QGIS installs: ``python qgis/package.py [FOLDER]`` (default ``dist``)."""

from __future__ import annotations

import configparser
import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

PLUGIN = Path(__file__).with_name("planimeter_qgis")


def pack(folder: Path) -> Path:
    """Write the ZIP file and return its path.

    Args:
        folder: made where it does not exist.
    """
    about = configparser.ConfigParser()
    about.read(PLUGIN / "metadata.txt", encoding="utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"planimeter_qgis-{about['general']['version']}.zip"
    with ZipFile(path, "w", ZIP_DEFLATED) as packed:
        for file in sorted(PLUGIN.iterdir()):
            if file.is_file():
                packed.write(file, f"{PLUGIN.name}/{file.name}")
        packed.write(PLUGIN.parents[1] / "LICENSE", f"{PLUGIN.name}/LICENSE")
    return path


if __name__ == "__main__":
    print(pack(Path(sys.argv[1] if len(sys.argv) > 1 else "dist")))
