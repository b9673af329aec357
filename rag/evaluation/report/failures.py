"""The questions that went wrong, each with question, answer, gold and retrieved side by side."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import quote

from rag.documents.fold import fold
from rag.errors import RagError
from rag.evaluation.corpus import Corpus
from rag.evaluation.jsonlines import JsonObject
from rag.evaluation.measures.spans import Span, covers
from rag.evaluation.questions import Question
from rag.evaluation.records import Result
from rag.evaluation.scoring import BLAMES, cited_spans, gold_spans

SHOWN_PASSAGES = 8
LONGEST = 600
SEARCH_ONLY = "searched only, and not all of the gold in the evidence"


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the documents are, and where the page is that links to them."""

    corpus: Corpus
    folder: Path

    def link(self, document: str) -> str:
        """A relative link, so that the page can be moved together with the documents."""
        return quote(Path(os.path.relpath(self.corpus.folder / document, self.folder)).as_posix())


def is_failure(result: Result) -> bool:
    """Wrong, right without its gold quoted, broken, or searched for without finding all of it."""
    if result.asked:
        return not result.correct or result.scores.get("right_and_quoted", (1.0, 1.0))[0] < 1.0
    return result.error is not None or result.scores.get("evidence_recall", (1.0, 1.0))[0] < 1.0


def failures_html(failed: Sequence[Result], questions: dict[str, Question], shelf: Shelf) -> str:
    """All of them under the stage that failed them, stages in the order of the pipeline."""
    stages: dict[str, list[Result]] = {name: [] for name in (*BLAMES, SEARCH_ONLY)}
    for one in failed:
        stages[one.blame or ("failed" if one.error else SEARCH_ONLY)].append(one)
    return (
        "".join(
            f"<h3>{escape(_heading(name))} ({len(group)})</h3>"
            + "".join(_failure(one, questions[one.id], shelf) for one in group)
            for name, group in stages.items()
            if group
        )
        or "<p>None.</p>"
    )


def _heading(stage: str) -> str:
    return "right, but not with all of the gold quoted" if stage == "right" else stage


def _failure(result: Result, question: Question, shelf: Shelf) -> str:
    answer = result.answer
    citations = answer["citations"] if answer else []
    gold = [span for group in gold_spans(question) for span in group]
    cited = cited_spans(citations, shelf.corpus)
    columns = [
        ("Gold", _sentences(gold, cited, shelf) or f"<p>{escape(question.why)}</p>"),
        ("Quoted", _sentences(cited, gold, shelf)),
        ("Evidence", _sentences(result.evidence or (), gold, shelf)),
        ("Passages", _sentences((result.passages or ())[:SHOWN_PASSAGES], gold, shelf)),
    ]
    sides = "".join(
        f"<div><h4>{name}</h4>{content or '<p>none</p>'}</div>" for name, content in columns
    )
    turns = "".join(
        f'<p class="turn">{escape(turn.question)} <i>{escape(turn.answer)}</i></p>'
        for turn in question.history
    )
    said = " and ".join(" or ".join(group) for group in question.answers)
    expected = said if question.answerable else "a refusal" + (f", or: {said}" if said else "")
    return (
        f'<details id="{escape(result.id)}"><summary><code>{escape(result.id)}</code> '
        f"{escape(question.question)} <em>{escape(result.kind)}</em></summary>"
        f"{turns}<p><b>Expected:</b> {escape(expected)}</p><p><b>Answer:</b> {_answer(answer)}</p>"
        + (f"<pre>{escape(result.error)}</pre>" if result.error else "")
        + f'<div class="sides">{sides}</div></details>'
    )


def _answer(answer: JsonObject | None) -> str:
    if answer is None:
        return "none"
    how = f"{answer['state']}, confidence {answer['confidence']:.2f}"
    if answer["reason"]:
        how += f", {answer['reason']}"
    return f"{escape(str(answer.get('text', '')))} <em>({escape(how)})</em>"


def _sentences(spans: Sequence[Span], others: Sequence[Span], shelf: Shelf) -> str:
    """The texts at spans, each a link into its document; marked where it covers another span."""
    items: list[str] = []
    for span in spans:
        mark = ' class="match"' if any(covers(span, other) for other in others) else ""
        try:
            text = fold(shelf.corpus.text(span.document)[span.start : span.end])
            link = shelf.link(span.document)
        except RagError as problem:
            text, link = str(problem), ""
        text = text or "A quote that is in none of the documents read."
        if len(text) > LONGEST:
            text = text[:LONGEST] + " …"
        place = f"{span.document} {span.start}-{span.end}"
        source = f'<a href="{escape(link)}">{escape(place)}</a>' if link else escape(place)
        items.append(f"<li{mark}>{escape(text)} <small>{source}</small></li>")
    return f"<ul>{''.join(items)}</ul>" if items else ""
