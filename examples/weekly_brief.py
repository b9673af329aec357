"""A weekly brief in Markdown: ten standing questions, each answered from the week's documents.

    rag index ~/inbox
    python examples/weekly_brief.py questions.txt 2025-05-26 > brief.md

Only the public names of `rag` are used, so this is also how another program would call it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from rag import Answer, Assistant, Filters


def brief(ask: Callable[[str], Answer], questions: Iterable[str], title: str) -> str:
    """Answered questions with numbered sources, then those that the documents leave open."""
    sections, sources, still_open = [f"# {title}"], [], []
    for question in questions:
        answer = ask(question)
        if answer.state == "abstained":
            still_open.append(f"- {question} *{answer.text}*")
            continue
        lines = []
        for statement in answer.statements:
            marks = "".join(f"[^{len(sources) + number}]" for number in statement.citations)
            lines.append(f"{statement.text}{marks}")
        if answer.conflicts:
            lines.append("**The sources disagree.**")
        for citation in answer.citations:
            date = citation.published or "undated"
            place = f"{Path(citation.document).name}, {citation.start}-{citation.end}"
            note = f"“{citation.quote}” *{citation.title}*, {date} ({place})"
            sources.append(f"[^{len(sources) + 1}]: {note}")
        sections.append(f"## {question}\n\n" + " ".join(lines))
    if still_open:
        sections.append("## Not in the documents\n\n" + "\n".join(still_open))
    return "\n\n".join([*sections, "\n".join(sources)]).rstrip() + "\n"


def main(questions: Path, since: str) -> None:
    lines = [line.strip() for line in questions.read_text("utf-8").splitlines()]
    with Assistant() as assistant:
        print(
            brief(
                lambda question: assistant.ask(question, filters=Filters(since=since)),
                filter(None, lines),
                f"The week since {since}",
            ),
            end="",
        )


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python examples/weekly_brief.py QUESTIONS.txt SINCE")
    main(Path(sys.argv[1]), sys.argv[2])
