"""The page and the texts: complete, escaped, self-contained."""

import re
from html.parser import HTMLParser

import pytest

from rag.evaluation import printing
from rag.evaluation.batch import score_batch
from rag.evaluation.calibrating import Selective
from rag.evaluation.commands import check, compare
from rag.evaluation.jsonlines import write_json_lines
from rag.evaluation.records import Progress
from tests.evaluation.fakes import NeverRefuses, Perfect
from tests.evaluation.test_gate import Bench

ATTACK = "<script>alert('x')</script>"


class Hostile(NeverRefuses):
    """Answers unanswerable questions with markup, and fails on one question with more of it."""

    def ask(self, question, history=(), filters=None):
        if question == "Who signed the duty?":
            raise RuntimeError(ATTACK)
        from dataclasses import replace

        answer = super().ask(question)
        return replace(answer, text=f"{ATTACK} {answer.text}")


class Balanced(HTMLParser):
    """Collects tags that are opened and never closed, and everything that would be fetched."""

    VOID = frozenset({"meta", "line", "rect", "polyline", "br"})

    def __init__(self):
        super().__init__()
        self.open, self.scripts, self.fetched = [], 0, []

    def handle_starttag(self, tag, attrs):
        self.scripts += tag == "script"
        self.fetched += [
            v for name, v in attrs if name in ("src", "srcset", "data") or tag == "link"
        ]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.scripts += tag == "script"

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def test_the_page_is_whole_and_holds_nothing_foreign(bench):
    bench.run(Perfect, write_baseline=bench.baseline)
    outcome = bench.run(Hostile, baseline=bench.baseline, report_dir=bench.folder / "out")
    page, table = (path.read_text(encoding="utf-8") for path in outcome.written[-2:])
    parser = Balanced()
    parser.feed(page)
    assert (parser.open, parser.scripts, parser.fetched) == ([], 0, [])
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert page.count('<svg viewBox="0 0 420') == 2
    assert "Gate: failed" in page
    for identifier in ("n0", "n3", "q7"):
        assert f'<details id="{identifier}">' in page
    assert '<details id="q0">' not in page
    assert "&lt;script&gt;" in page
    assert "Minister Ada Berg signed it." in page
    assert "| number |" in table
    assert "refusal_recall" in table
    assert "Ada Berg" not in table


def test_a_perfect_run_shows_no_failures(bench):
    outcome = bench.run(Perfect, report_dir=bench.folder / "out")
    page = outcome.written[-2].read_text(encoding="utf-8")
    assert "Questions that failed: 0 of 12" in page
    retrieval = bench.run(Perfect, stage="retrieval", report_dir=bench.folder / "out")
    assert "No answers were asked for" in retrieval.written[-2].read_text(encoding="utf-8")


def test_texts_for_the_terminal(bench):
    bench.run(Perfect, write_baseline=bench.baseline, save=bench.folder / "a.jsonl")
    outcome = bench.run(NeverRefuses, baseline=bench.baseline, save=bench.folder / "b.jsonl")
    text = printing.outcome_text(outcome)
    assert re.search(r"unanswerable questions refused\s+0\.000", text)
    assert "Gate: failed" in text
    comparison = compare(bench.folder / "a.jsonl", bench.folder / "b.jsonl", bench.folder / "out")
    changed = printing.comparison_text(comparison)
    assert "right only in the first:  n0 n1 n2 n3" in changed
    (table,) = (bench.folder / "out").glob("*-against-*.md")
    assert "| wrong among the answered | 0.000 | 0.333 | +0.333 |" in table.read_text("utf-8")
    assert (
        printing.progress_text(Progress(37, 120, 250.2, 5000)) == "37/120, 4:10 gone, 1:23:20 left"
    )
    report = check(corpus=bench.corpus, names=("dev",), folder=bench.folder)
    assert printing.check_text(report).endswith("The set: sound.")


def test_what_a_threshold_gives_in_words():
    text = printing.selective_text(Selective("calibration", 80, 46, 44, 1, 60, 19))
    assert "answers 46 of 80: 44 right of 60 answerable, 1 wrong (2.2%); 19 of 20" in text


def test_a_score_in_words(tmp_path):
    question = {
        "id": "a",
        "kind": "fact",
        "question": "Who?",
        "answers": [["Lin"]],
        "snippets": ["Lin"],
    }
    write_json_lines(tmp_path / "q", [question])
    write_json_lines(
        tmp_path / "a", [{"id": "a", "state": "abstained", "reason": "no_support", "text": ""}]
    )
    text = printing.score_text(score_batch(tmp_path / "q", tmp_path / "a"))
    assert "a (abstained, no_support; not quoted): Who?" in text
