"""Many scenes and one question: ``planimeter batch``."""

from planimeter.scale.batch.answer import BatchAnswer
from planimeter.scale.batch.maps import EarlierPatterns, MapPatterns
from planimeter.scale.batch.options import Options
from planimeter.scale.batch.run import batch

__all__ = ["BatchAnswer", "EarlierPatterns", "MapPatterns", "Options", "batch"]
