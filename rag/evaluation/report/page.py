"""The run as one HTML file: no script, nothing fetched, every text escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path

from rag.documents.fold import fold
from rag.errors import RagError
from rag.evaluation.corpus import Corpus
from rag.evaluation.gate import Verdict
from rag.evaluation.jsonlines import JsonObject
from rag.evaluation.measures.abstention import reliability, risk_coverage
from rag.evaluation.measures.spans import Span, covers
from rag.evaluation.questions import Question, QuestionSet
from rag.evaluation.records import Result, Run
from rag.evaluation.report.markdown import GROUP_COLUMNS, metadata
from rag.evaluation.report.plots import reliability_svg, risk_coverage_svg
from rag.evaluation.report.words import figure, interval, title
from rag.evaluation.scoring import cited_spans, gold_spans
from rag.evaluation.summary import HEADLINE, LOWER_IS_BETTER, Measured, Summary

STYLE = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
SHOWN_PASSAGES = 8
LONGEST = 600


def html_report(
    run: Run,
    summary: Summary,
    verdict: Verdict | None,
    question_set: QuestionSet,
    corpus: Corpus,
) -> str:
    """The whole page. Every question that was not right is shown with what was asked of it."""
    questions = {one.id: one for one in question_set.questions}
    failed = [one for one in run.results if _failed(one)]
    name = escape(run.name)
    parts = [
        f"<h1>{name}</h1>", _verdict(verdict), _headline(summary),
        "<h2>Curves</h2>", _curves(run.results),
        "<h2>All measures</h2>", _measures(summary.measures),
        "<h2>By kind</h2>", _groups(summary.by_kind, "kind"),
        "<h2>By format</h2>", _groups(summary.by_format, "format"),
        "<h2>Where it goes wrong</h2>",
        _table(["stage", "questions"], [(k, str(v)) for k, v in summary.blames.items()]),
        f"<h2>Questions that failed: {len(failed)} of {len(run.results)}</h2>",
        *(_failure(one, questions[one.id], corpus) for one in failed),
        "<h2>How it was made</h2>",
        _table(["what", "which"], list(metadata(run, summary).items())),
    ]  # fmt: skip
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{name}</title><style>{STYLE}</style></head><body><main>\n"
        + "\n".join(parts)
        + "\n</main></body></html>\n"
    )


def _failed(result: Result) -> bool:
    if result.asked:
        return not result.correct or result.scores.get("right_and_quoted", (1.0, 1.0))[0] < 1.0
    return result.error is not None or result.scores.get("evidence_recall", (1.0, 1.0))[0] < 1.0


def _verdict(verdict: Verdict | None) -> str:
    if verdict is None:
        return ""
    if verdict.passed:
        return '<p class="passed">Gate: passed</p>'
    reasons = "".join(f"<li>{escape(reason)}</li>" for reason in verdict.reasons)
    return f'<div class="failed"><p>Gate: failed</p><ul>{reasons}</ul></div>'


def _headline(summary: Summary) -> str:
    tiles = [
        f'<div class="tile"><b>{figure(one)}</b><span>{escape(title(one.name))}</span>'
        f"<small>{interval(one)}</small></div>"
        for one in (summary.measures[name] for name in HEADLINE if name in summary.measures)
    ]
    return f'<div class="tiles">{"".join(tiles)}</div>'


def _curves(results: Sequence[Result]) -> str:
    asked = [one for one in results if one.asked]
    if not asked:
        return "<p>No answers were asked for in this run.</p>"
    answered = [one for one in asked if one.answered]
    curve = risk_coverage(
        [one.confidence if one.answered else 0.0 for one in asked],
        [not (one.answered and one.correct) for one in asked],
    )
    bars = reliability([one.confidence for one in answered], [one.correct for one in answered])
    return (
        '<div class="plots"><figure>'
        + risk_coverage_svg(curve)
        + "<figcaption>Risk among the most "
        f"confident answers. Area {curve.area:.3f}.</figcaption></figure><figure>"
        + reliability_svg(bars)
        + "<figcaption>Right answers by confidence, with the number of answers.</figcaption>"
        "</figure></div>"
    )


def _measures(measures: Mapping[str, Measured]) -> str:
    rows = [
        (
            title(name) + (" (lower is better)" if name in LOWER_IS_BETTER else ""),
            figure(one),
            interval(one),
            str(one.questions),
        )
        for name, one in measures.items()
    ]
    return _table(["measure", "value", "95 % interval", "questions"], rows)


def _groups(groups: Mapping[str, Mapping[str, Measured]], label: str) -> str:
    shown = [name for name in GROUP_COLUMNS if any(name in row for row in groups.values())]
    rows = [
        (group, *(figure(row[name]) if name in row else "" for name in shown),
         str(max((one.questions for one in row.values()), default=0)))
        for group, row in groups.items()
    ]  # fmt: skip
    return _table([label, *(title(name) for name in shown), "questions"], rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    top = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return (
        f'<div class="wide"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _failure(result: Result, question: Question, corpus: Corpus) -> str:
    answer = result.answer
    citations = answer["citations"] if answer else []
    gold = [span for group in gold_spans(question) for span in group]
    cited = cited_spans(citations, corpus)
    stage = result.blame or ("failed" if result.error else "")
    columns = [
        ("Gold", _sentences(gold, cited, corpus) or f"<p>{escape(question.why)}</p>"),
        ("Quoted", _sentences(cited, gold, corpus)),
        ("Evidence", _sentences(result.evidence or (), gold, corpus)),
        ("Passages", _sentences((result.passages or ())[:SHOWN_PASSAGES], gold, corpus)),
    ]
    sides = "".join(
        f"<div><h4>{name}</h4>{content or '<p>none</p>'}</div>" for name, content in columns
    )
    turns = "".join(
        f'<p class="turn">{escape(turn.question)} <i>{escape(turn.answer)}</i></p>'
        for turn in question.history
    )
    expected = " and ".join(" or ".join(group) for group in question.answers) or "a refusal"
    return (
        f'<details id="{escape(result.id)}"><summary><code>{escape(result.id)}</code> '
        f"{escape(question.question)} <em>{escape(result.kind)}; {escape(stage)}</em></summary>"
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


def _sentences(spans: Sequence[Span], others: Sequence[Span], corpus: Corpus) -> str:
    """The texts at spans, each a link into its document; marked where it covers another span."""
    items: list[str] = []
    for span in spans:
        mark = ' class="match"' if any(covers(span, other) for other in others) else ""
        try:
            text = fold(corpus.text(span.document)[span.start : span.end])
            link = (corpus.folder / span.document).as_uri()
        except RagError as problem:
            text, link = str(problem), ""
        if len(text) > LONGEST:
            text = text[:LONGEST] + " …"
        place = f"{span.document} {span.start}-{span.end}"
        source = f'<a href="{escape(link)}">{escape(place)}</a>' if link else escape(place)
        items.append(f"<li{mark}>{escape(text)} <small>{source}</small></li>")
    return f"<ul>{''.join(items)}</ul>" if items else ""
