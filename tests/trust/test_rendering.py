"""Every way an answer is shown: page, panel, library, reader, notebook, report, export, terminal."""

from __future__ import annotations

import sys

import pytest

from rag.cli import output
from rag.evaluation.report.page import _table
from rag.types import (
    Answer,
    Checks,
    Citation,
    Conflict,
    Evidence,
    Provenance,
    Statement,
    StoredDocument,
    Timings,
)
from rag.ui.evidence import panel_html
from rag.ui.export import as_markdown
from rag.ui.library import table_html
from rag.ui.reader import Span, dialog_html, styled
from rag.ui.rendering import answer_html, question_html
from rag.ui.turns import Step, Turn
from tests.trust.attacks import CLAIM, attacks
from tests.trust.rendered import in_html, in_markdown, in_terminal


def hostile_texts() -> list[str]:
    """Every text of every attack, and every file name."""
    found = {text.strip() for attack in attacks() for text in attack.files.values()}
    found |= {name for attack in attacks() for name in attack.files}
    return sorted(found | {"\x9b31m csi", "\u2066isolate", "javascript:alert(1)", "</textarea>"})


def answer_of(text: str, state: str = "answered") -> Answer:
    """An answer in which every field a document or a model fills is the hostile text."""
    citation = Citation(
        1, text, path_of(text), text, text, text, 3, 0, 9, "0" * 64, text, text, text
    )
    shown = (citation,) if state == "answered" else ()
    return Answer(
        question=text,
        state=state,
        reason=None if state == "answered" else "no_support",
        text=text,
        statements=(Statement(text, (1,), Checks(figures="missing")),) if shown else (),
        citations=shown,
        conflicts=(Conflict(text, (1,)),) if shown else (),
        confidence=0.5,
        nearest=() if shown else (citation,),
        timings=Timings(0.1, 0.1, 0.1, 0.1),
        provenance=Provenance("i", "e", "g", "p", "v"),
        understood=text,
    )


def path_of(text: str) -> str:
    """The text as a file's name can hold it."""
    return "/library/" + text.replace("/", "_").replace("\0", "_")[:80]


def document_of(text: str) -> StoredDocument:
    return StoredDocument(
        1, path_of(text), "0" * 64, text, text, text, text, text, text, text, 0, len(text)
    )


def pages_of(text: str) -> dict[str, str]:
    """All HTML in which the text can be shown."""
    document = document_of(text)
    evidence = Evidence("S1", text, document, 0, 9, 2, text, text, text, text, 1.0)
    found = {}
    for state in ("answered", "abstained"):
        answer = answer_of(text, state)
        turn = Turn(1, text, answer=answer)
        turn.done.set()
        found |= {
            f"answer {state}": answer_html(turn, "en"),
            f"panel {state}": panel_html(turn, [document], "zh"),
            f"notebook {state}": answer._repr_html_(),
        }
    reading = Turn(2, text)
    reading.evidence, reading.text = (evidence,), text
    reading.steps.append(Step("searching", text, 0.0))
    failed = Turn(3, text)
    failed.problem = text
    failed.done.set()
    body = styled(text, 0, len(text), [Span(0, max(1, len(text) // 2), "current")])
    return found | {
        "question": question_html(reading),
        "draft": answer_html(reading, "en"),
        "problem": answer_html(failed, "en"),
        "panel reading": panel_html(reading, [document], "en"),
        "library": table_html([document], "", "en"),
        "reader": dialog_html(document, body, (0, len(text)), "en", legend=text),
        "report": _table([text], [[text]]),
    }


@pytest.mark.parametrize("part", range(4))
def test_no_page_runs_fetches_or_hides_anything(part: int) -> None:
    for text in hostile_texts()[part::4]:
        for place, markup in pages_of(text).items():
            problems = in_html(markup)
            if place == "report":  # keeps invisible characters
                problems = [each for each in problems if not each.startswith("U+")]
            assert not problems, (place, text[:80], problems)


def test_markdown_taken_elsewhere_reads_as_it_was_written() -> None:
    for text in hostile_texts():
        for state in ("answered", "abstained"):
            problems = in_markdown(as_markdown(answer_of(text, state), "en"))
            assert not problems, (text[:80], problems)


def test_no_document_drives_the_terminal(capsys, monkeypatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    for text in hostile_texts():
        for state in ("answered", "abstained"):
            output.put(output.answer_text(answer_of(text, state)))
        output.say(f"skipped {text}: {text}")
    shown = capsys.readouterr()
    assert CLAIM in " ".join(shown.out.split())
    assert not in_terminal(shown.out) and not in_terminal(shown.err)


def test_what_is_piped_is_untouched(capsys) -> None:
    output.put("a\x1bb\u202ec")
    assert capsys.readouterr().out == "a\x1bb\u202ec\n"


def test_the_judges_see_what_they_are_for() -> None:
    assert in_html('<p onclick="x"><img src=y></p><!-- z -->') and in_html("<a href=//x.example>")
    assert in_markdown("![a](https://x.example/y)") and in_markdown("[a](//x.example)")
    assert in_markdown("<b>x</b>") and in_terminal("\x1b[2J")
    assert not in_html('<p class="a">b</p>') and not in_markdown("**a** \\!\\[b\\](c)\n1. d")
