"""A run as a self-contained page and as Markdown."""

from __future__ import annotations

from pathlib import Path

from rag.evaluation.corpus import Corpus
from rag.evaluation.gate import Verdict
from rag.evaluation.questions import QuestionSet
from rag.evaluation.records import Run
from rag.evaluation.report.markdown import markdown_report
from rag.evaluation.report.page import html_report
from rag.evaluation.summary import Summary

__all__ = ["write_report"]


def write_report(
    folder: Path,
    run: Run,
    summary: Summary,
    verdict: Verdict | None,
    question_set: QuestionSet,
    corpus: Corpus,
) -> list[Path]:
    """Write `<run name>.html` and `.md` into the folder; returns both paths.

    The Markdown holds figures only; the page also shows sentences of the documents.
    """
    folder.mkdir(parents=True, exist_ok=True)
    page, table = folder / f"{run.name}.html", folder / f"{run.name}.md"
    html = html_report(run, summary, verdict, question_set, corpus, folder.resolve())
    page.write_text(html, encoding="utf-8")
    table.write_text(markdown_report(run, summary, verdict), encoding="utf-8")
    return [page, table]
