"""A weekly brief in Markdown: ten standing questions, each answered from the week's documents.

    rag index ~/inbox
    python examples/weekly_brief.py questions.txt 2025-05-26 > brief.md

Only the public names of `rag` are used, so this is also how another program would call it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from functools import partial
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
        before, lines = len(sources), []
        for statement in answer.statements:
            marks = "".join(f"[^{before + number}]" for number in statement.citations)
            lines.append(f"{statement.text}{marks}")
        if answer.conflicts:
            lines.append("**The sources disagree.**")
        sections.append(f"## {question}\n\n" + " ".join(lines))
        for citation in answer.citations:
            place = f"{Path(citation.document).name}, {citation.start}-{citation.end}"
            note = f"“{citation.quote}” *{citation.title}*, {citation.published or 'undated'}"
            sources.append(f"[^{len(sources) + 1}]: {note} ({place})")
    if still_open:
        sections.append("## Not in the documents\n\n" + "\n".join(still_open))
    return "\n\n".join([*sections, "\n".join(sources)]).rstrip() + "\n"


def main(questions: Path, since: str) -> None:
    asked = filter(None, map(str.strip, questions.read_text("utf-8").splitlines()))
    week = Filters(since=since)
    with Assistant() as assistant:
        ask = partial(assistant.ask, filters=week)
        print(brief(ask, asked, f"The week since {since}"), end="")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python examples/weekly_brief.py QUESTIONS.txt SINCE")
    main(Path(sys.argv[1]), sys.argv[2])
