"""HTTP: Planimeter's parts as servers."""
