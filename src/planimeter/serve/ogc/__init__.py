"""Planimeter as OGC API – Processes, Part 1: Core (18-062r2): the process "ask" for any client that speaks it."""
