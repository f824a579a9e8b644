"""Many scenes and one question: ``planimeter batch``."""

from planimeter.scale.batch.maps import MapPatterns
from planimeter.scale.batch.prepare import Options
from planimeter.scale.batch.run import BatchAnswer, batch

__all__ = ["BatchAnswer", "MapPatterns", "Options", "batch"]
