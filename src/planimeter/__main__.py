"""``python -m planimeter`` is the ``planimeter`` command."""

from planimeter.cli import main

main()
