"""CSV files that people hand in."""

from __future__ import annotations

import csv
from pathlib import Path

from planimeter.errors import InputError


def read_csv(file: Path) -> list[tuple[int, dict[str, str]]]:
    """The rows of a CSV file, each with the number of the line that it ends on.

    Args:
        file: UTF-8, with a line of headings.

    Raises:
        InputError: it cannot be read, is in another encoding, or is no CSV.
    """
    try:
        with file.open(newline="", encoding="utf-8-sig") as stream:
            reader = csv.DictReader(stream)
            return [(reader.line_num, row) for row in reader]
    except OSError as error:
        raise InputError(f"{file.name} cannot be read ({error.strerror or error}): check the file.") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            f"{file.name} cannot be read as CSV ({error}): save it as UTF-8 with commas between its columns."
        ) from None
