"""The fixed question set, the measures, and the runs that decide what ships."""

from __future__ import annotations

from rag.evaluation.batch import score_batch

__all__ = ["score_batch"]
