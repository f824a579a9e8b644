"""Many scenes and one question: ``planimeter batch``."""

from planimeter.scale.batch.maps import EarlierPatterns, MapPatterns
from planimeter.scale.batch.prepare import Options
from planimeter.scale.batch.run import BatchAnswer, batch

__all__ = ["BatchAnswer", "EarlierPatterns", "MapPatterns", "Options", "batch"]
