"""The run as one HTML file: no script, nothing fetched, every text escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path

from rag.evaluation.corpus import Corpus
from rag.evaluation.gate import Verdict
from rag.evaluation.measures.abstention import reliability, risk_coverage
from rag.evaluation.questions import QuestionSet
from rag.evaluation.records import OURS, Result, Run
from rag.evaluation.report.failures import Shelf, failures_html, is_failure
from rag.evaluation.report.markdown import group_rows, metadata
from rag.evaluation.report.plots import reliability_svg, risk_coverage_svg, share_svg
from rag.evaluation.report.words import figure, in_sections, interval, title
from rag.evaluation.summary import HEADLINE, LOWER_IS_BETTER, Measured, Summary, selective

STYLE = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")


def html_report(
    run: Run,
    summary: Summary,
    verdict: Verdict | None,
    question_set: QuestionSet,
    corpus: Corpus,
    folder: Path,
) -> str:
    """The whole page, for a file in `folder`. Every question that was not right is shown."""
    failed = [one for one in run.results if is_failure(one)]
    questions = {one.id: one for one in question_set.questions}
    chapters = {
        "Headline": _headline(summary),
        "Where it goes wrong": _blames(summary.blames),
        "Curves": _curves(run.results),
        "By kind of question": _groups(summary.by_kind, "kind"),
        "By format of the documents": _groups(summary.by_format, "format"),
        "All measures": _measures(summary.measures),
        f"Questions that failed: {len(failed)} of {len(run.results)}": failures_html(
            failed, questions, Shelf(corpus, folder)
        ),
        "How it was made": _table(["what", "which"], list(metadata(run, summary).items())),
    }
    shown = {heading: content for heading, content in chapters.items() if content}
    links = "".join(
        f'<a href="#c{number}">{escape(heading)}</a>' for number, heading in enumerate(shown)
    )
    body = "".join(
        f'<section id="c{number}"><h2>{escape(heading)}</h2>{content}</section>\n'
        for number, (heading, content) in enumerate(shown.items())
    )
    name = escape(run.name)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{name}</title><style>{STYLE}</style></head><body><main>\n"
        f"<h1>{name}</h1>{_about(run)}{_verdict(verdict)}<nav>{links}</nav>\n{body}"
        "</main></body></html>\n"
    )


def _about(run: Run) -> str:
    asked = sum(one.asked for one in run.results)
    answerable = sum(one.asked and one.answerable for one in run.results)
    answered = f"{asked} asked ({answerable} of them answerable)" if asked else "none asked"
    header = run.header
    what = f"Set {header['set']}: {len(run.results)} questions searched for, {answered}."
    how = f"System {header.get('system', OURS)}, commit {header['commit']}, {header['started']}."
    return f"<p>{escape(f'{what} {how}')}</p>"


def _verdict(verdict: Verdict | None) -> str:
    if verdict is None:
        return ""
    if verdict.passed:
        return '<p class="passed">Gate: passed</p>'
    reasons = "".join(f"<li>{escape(reason)}</li>" for reason in verdict.reasons)
    return f'<div class="failed"><p>Gate: failed</p><ul>{reasons}</ul></div>'


def _headline(summary: Summary) -> str:
    tiles = [
        f'<div class="tile"><b>{figure(one)}</b><span>{escape(_named(one))}</span>'
        f"<small>{interval(one)}, {one.questions} questions</small></div>"
        for one in (summary.measures[name] for name in HEADLINE if name in summary.measures)
    ]
    return (
        f'<div class="tiles">{"".join(tiles)}</div>'
        "<p><small>Small print under a figure: its 95 % bootstrap interval, and over how many "
        "questions it is taken.</small></p>"
    )


def _blames(blames: Mapping[str, int]) -> str:
    """Every asked question by the first stage that failed it, as bars."""
    total = sum(blames.values())
    rows = "".join(
        f"<tr><td>{escape(name)}</td><td>{count}</td><td>{count / total:.0%}</td>"
        f'<td class="bar">{share_svg(count / total, good=name == "right")}</td></tr>'
        for name, count in blames.items()
    )
    return f'<table class="blames"><tbody>{rows}</tbody></table>' if rows else ""


def _curves(results: Sequence[Result]) -> str:
    asked = [one for one in results if one.asked]
    if not asked:
        return "<p>No answers were asked for in this run.</p>"
    answered = [one for one in asked if one.answered]
    curve = risk_coverage(*selective(asked))
    bars = reliability([one.confidence for one in answered], [one.correct for one in answered])
    return (
        '<div class="plots"><figure>'
        + risk_coverage_svg(curve)
        + "<figcaption>Share of wrong ones among the most confident; a question without an answer "
        f"counts as wrong and comes last. Area {curve.area:.3f}, lower is better.</figcaption>"
        "</figure><figure>"
        + reliability_svg(bars)
        + "<figcaption>Share of right answers by confidence, with the number of answers. On the "
        "dashed line confidence is what it says.</figcaption></figure></div>"
    )


def _measures(measures: Mapping[str, Measured]) -> str:
    tables = [
        f"<div><h3>{escape(heading)}</h3>"
        + _table(
            ["measure", "value", "95 % interval", "n"],
            [(_named(one), figure(one), interval(one), str(one.questions)) for one in group],
        )
        + "</div>"
        for heading, group in in_sections(measures).items()
    ]
    return f'<div class="measures">{"".join(tables)}</div>'


def _named(measured: Measured) -> str:
    lower = measured.name in LOWER_IS_BETTER and not measured.name.endswith(("_s", "_mb"))
    return title(measured.name) + (" (lower is better)" if lower else "")


def _groups(groups: Mapping[str, Mapping[str, Measured]], label: str) -> str:
    head, *rows = group_rows(groups, label)
    return _table(head, rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    top = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return (
        f'<div class="wide"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'
    )
