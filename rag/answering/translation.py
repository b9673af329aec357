"""A Chinese question about English documents, put in English for the search.

The vectors of an English embedder say nothing about Chinese, and words meet only where a document
gives a name in characters. A small model translates names badly and the rest well enough to search
with; the question itself stays what is judged and answered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rag.answering import prompt
from rag.documents.languages import language_of
from rag.types import Generator, Hit

_ENGLISH = re.compile(r"\b(?:wh(?:at|o|ich|en|ere|y)|how|do(?:es)?|is|are|the|of)\b", re.IGNORECASE)
"""What only an English sentence has: "What does 远步科技 mean?" has more characters than words."""
_LONGEST = 80
"""Tokens: a question of fifty words."""


def in_another_language(question: str, hits: Sequence[Hit]) -> bool:
    """Whether a question is in Chinese and most of the passages found for it are not."""
    if language_of(question) != "zh" or _ENGLISH.search(question):
        return False
    return 2 * sum(hit.document.language == "zh" for hit in hits) < len(hits)


def translate(
    generator: Generator, question: str, stopped: Callable[[], bool] = lambda: False
) -> str:
    """The question in English, on one line; "" where the model gives no English. `stopped` is asked
    at each token.
    """
    written = ""
    stream = generator.stream(prompt.translation_prompt(question), None, _LONGEST)
    for token in stream:
        written += token.text
        if "\n" in written.lstrip() or stopped():
            break
    if hasattr(stream, "close"):
        stream.close()
    line = written.strip().split("\n")[0].strip()
    return line if re.search(r"[A-Za-z]{2}", line) else ""
