"""How sure an answer must be before it is shown: the reader's choice."""

from __future__ import annotations

from collections.abc import Mapping

from rag.ui.seam import Adjustable, AssistantLike

USUAL = "usual"
LEVELS = ("sure", USUAL, "more")
_SURE = 0.8


def thresholds(assistant: AssistantLike) -> Mapping[str, float]:
    """The confidence below which each level refuses; empty when the assistant has no levels.

    "usual" is the calibrated threshold; "more" halves it.
    """
    if not isinstance(assistant, Adjustable):
        return {}
    usual = assistant.confidence.threshold
    return {"sure": max(_SURE, usual), USUAL: usual, "more": usual / 2}


def at_level(assistant: AssistantLike, level: str) -> AssistantLike:
    """The assistant at that level; as it is at the usual one or one it does not know."""
    if level == USUAL or level not in LEVELS or not isinstance(assistant, Adjustable):
        return assistant
    return assistant.at_threshold(thresholds(assistant)[level])
