"""Questions as they come in: what is no question is turned away before anything is searched."""

from __future__ import annotations

from rag.errors import QuestionError

LONGEST_QUESTION = 2000
"""Characters. A longer text is no question, and would crowd out the evidence."""


def require_question(question: str) -> str:
    """The question without surrounding white space.

    Raises:
        QuestionError: empty, too long, or not text that UTF-8 can hold.
    """
    stripped = question.strip()
    if not stripped:
        raise QuestionError('The question is empty. Try: rag ask "Who said what, and when?"')
    if len(stripped) > LONGEST_QUESTION:
        raise QuestionError(
            f"The question has {len(stripped):,} characters; at most {LONGEST_QUESTION:,} are "
            "read. Put long texts into a file and run: rag index FILE"
        )
    if any(0xD800 <= ord(character) <= 0xDFFF for character in stripped):
        raise QuestionError("A part of the question is not text in UTF-8. Type it again.")
    return stripped
