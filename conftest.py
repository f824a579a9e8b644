"""Leaves out of the collection what needs an extra that is not installed; the tests themselves skip by name."""

from __future__ import annotations

from importlib.util import find_spec

# Files whose docstring examples cannot be collected without a library.
NEEDS = {
    "src/planimeter/coder/llm/*": "openai",
    "src/planimeter/reason/rewards.py": "json_repair",
    "src/planimeter/scale/*": "distributed",
    "src/planimeter/scale/batch/*": "pyarrow",
    "src/planimeter/segment/dinov3/*": "transformers",
    "src/planimeter/reason/overhead.py": "transformers",
    "src/planimeter/segment/torchvision.py": "torch",
    "src/planimeter/annotate/*": "fastapi",
    "src/planimeter/serve/*": "fastapi",
    "src/planimeter/squid/*": "inspect_ai",
    "src/planimeter/train/*": "torch",
    "tests/reason/tiny_models.py": "transformers",
}
collect_ignore_glob = [pattern for pattern, library in NEEDS.items() if find_spec(library) is None]
