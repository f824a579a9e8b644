"""Wordings in families, label scenes and their truth: what ``questions_bench.py`` asks (see README.md here)."""
