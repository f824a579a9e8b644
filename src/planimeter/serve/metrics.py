"""Figures about the server, in Prometheus' text format."""

from __future__ import annotations

import threading
from collections import Counter

_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0)
# Only these, so that strangers cannot fill the memory with paths of their own.
_COUNTED = (
    "/answers",
    "/ask",
    "/health",
    "/jobs",
    "/metrics",
    "/ogc",
    "/run",
    "/scenes",
    "/segment",
    "/topics",
)


class Metrics:
    """Counts of requests, their durations and cache hits; safe to use from several threads.

    Example:
        >>> metrics = Metrics()
        >>> metrics.request("/segment", 200, seconds=0.2)
        >>> "planimeter_requests_total{path=\\"/segment\\",status=\\"200\\"} 1" in metrics.text({})
        True
    """

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, int]] = Counter()
        self._topics: Counter[str] = Counter()
        self._buckets = [0] * (len(_BUCKETS) + 1)
        self._seconds = 0.0
        self._lock = threading.Lock()

    def request(self, path: str, status: int, seconds: float) -> None:
        """Count a finished request under its path's first part; durations are kept of ``/segment``."""
        parts = path.removeprefix("/v1").split("/", 2)
        first = "/" + parts[1] if len(parts) > 1 else ""
        with self._lock:
            self._requests[first if first in _COUNTED else "other", status] += 1
            if path == "/segment":
                self._seconds += seconds
                self._buckets[sum(seconds > bound for bound in _BUCKETS)] += 1

    def topics(self, found: int, made: int, shared: int) -> None:
        """Count topics that came from the cache, were computed, or waited for another request's computation."""
        with self._lock:
            self._topics.update({"cache": found, "computed": made, "shared": shared})

    def text(self, gauges: dict[str, tuple[str, float]]) -> str:
        """All figures as text.

        Args:
            gauges: name → (help, value now).
        """
        with self._lock:
            lines = _head("requests_total", "counter", "Requests answered.")
            for (path, status), count in sorted(self._requests.items()):
                lines.append(f'planimeter_requests_total{{path="{path}",status="{status}"}} {count}')
            lines += _head("topics_total", "counter", "Masks given out, by where they came from.")
            for source, count in sorted(self._topics.items()):
                lines.append(f'planimeter_topics_total{{source="{source}"}} {count}')
            lines += _head("segment_seconds", "histogram", "Seconds from a request's head to its reply.")
            total = 0
            for bound, count in zip((*_BUCKETS, "+Inf"), self._buckets, strict=True):
                total += count
                lines.append(f'planimeter_segment_seconds_bucket{{le="{bound}"}} {total}')
            lines.append(f"planimeter_segment_seconds_sum {self._seconds:.6f}")
            lines.append(f"planimeter_segment_seconds_count {total}")
        for name, (words, value) in gauges.items():
            lines += [*_head(name, "gauge", words), f"planimeter_{name} {value:g}"]
        return "\n".join(lines) + "\n"


def _head(name: str, kind: str, words: str) -> list[str]:
    return [f"# HELP planimeter_{name} {words}", f"# TYPE planimeter_{name} {kind}"]
