"""The Python API: display, tables, threads, async programs, several assistants, other programs."""

from __future__ import annotations

import asyncio
import json
import os
import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

import rag
from rag.types import Answer, Provenance, Timings
from tests.server.support import OTHER, QUESTION, open_assistant, write_papers

ROOT = Path(__file__).parents[1]
UNTIMED = Timings(0, None, None, 0)
REFUSED = Answer(
    "Who won?", "abstained", "nothing_retrieved", "", (), (), (), 0.0, (),
    Timings(0.1, None, None, 0.1), Provenance("g1-0", "e", "g", "p", "0"),
)  # fmt: skip


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_papers(tmp_path_factory.mktemp("papers"))


@pytest.fixture(scope="module")
def assistant(papers: Path) -> Iterator[rag.Assistant]:
    with open_assistant(papers) as opened:
        yield opened


class Tags(HTMLParser):
    """The elements of a page, their attributes, and the text a reader sees."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_notebook_shows_answer_quote_and_place(assistant: rag.Assistant) -> None:
    answer = assistant.ask(QUESTION)
    (citation,) = answer.citations
    shown = Tags(answer._repr_html_())
    assert answer.text in shown.text
    assert citation.quote in shown.text
    assert f"harbour.md, characters {citation.start}-{citation.end}" in shown.text


def test_a_notebook_shows_a_refusal_with_what_comes_closest(assistant: rag.Assistant) -> None:
    nearest = assistant.ask(QUESTION).citations
    shown = Tags(replace(REFUSED, nearest=nearest)._repr_html_())
    assert "do not answer" in shown.text and "comes closest" in shown.text
    assert nearest[0].quote in shown.text


def test_hostile_text_stays_text_in_a_notebook(assistant: rag.Assistant) -> None:
    bad = "<img src=x onerror=alert(1)>'\"><script>\u202egnp.exe</script>"
    answer = assistant.ask(QUESTION)
    cited = replace(answer.citations[0], quote=bad, title=bad, document=bad, attribution=bad)
    shown = Tags(replace(answer, question=bad, text=bad, citations=(cited,))._repr_html_())
    assert shown.names == {"div", "p", "strong", "ol", "li", "q", "br", "small", "code"}
    assert shown.attributes == {"style", "value"}
    assert "onerror=alert(1)" in shown.text
    assert "\u202e" not in shown.text


def test_records_are_rows_of_one_shape(assistant: rag.Assistant) -> None:
    import pandas

    answers = [assistant.ask(QUESTION), REFUSED]
    rows = rag.to_records(answers)
    assert rows == [*answers[0].to_records(), *answers[1].to_records()]
    first, second = rows
    assert list(first) == list(second)
    assert (first["state"], first["figures"], first["number"]) == ("answered", "ok", 1)
    assert first["quote"] == answers[0].citations[0].quote
    assert (second["state"], second["statement"], second["quote"]) == ("abstained", None, None)
    table = pandas.DataFrame(rows)
    assert table.groupby("state").size().to_dict() == {"abstained": 1, "answered": 1}


def test_an_answer_survives_the_way_to_json_and_back(assistant: rag.Assistant) -> None:
    answer = assistant.ask(QUESTION)
    assert rag.from_dict(json.loads(json.dumps(rag.to_dict(answer)))) == answer


def test_many_threads_get_the_answers_that_one_gets(assistant: rag.Assistant) -> None:
    questions = [QUESTION, OTHER]
    alone = {each: replace(assistant.ask(each), timings=UNTIMED) for each in questions}
    assert len({answer.text for answer in alone.values()}) == 2

    def ask(number: int) -> tuple[str, Answer]:
        question = questions[number % 2]
        return question, replace(assistant.ask(question), timings=UNTIMED)

    with ThreadPoolExecutor(max_workers=8) as pool:
        for question, answer in pool.map(ask, range(48)):
            assert answer == alone[question]


def test_the_recipe_for_async_programs(assistant: rag.Assistant) -> None:
    answers = runpy.run_path(str(ROOT / "examples" / "ask_async.py"))["answers"]

    async def program() -> tuple[list[Answer], int]:
        ticks = 0
        task = asyncio.ensure_future(answers(assistant, [QUESTION, OTHER]))
        while not task.done():
            ticks += 1
            await asyncio.sleep(0)
        return await task, ticks

    found, ticks = asyncio.run(program())
    assert [answer.question for answer in found] == [QUESTION, OTHER]
    assert ["Velmark" in found[0].text, "250 engineers" in found[1].text] == [True, True]
    assert ticks > 2, "the loop stood still while an answer was made"


def test_two_assistants_over_two_indexes_in_one_process(
    assistant: rag.Assistant, tmp_path: Path
) -> None:
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "note.md").write_text(
        "# Port news\n\n2025-01-02\n\nThe port of Velmark moved 5.1 million containers in 2024.\n"
    )
    from rag.indexing import update
    from tests.indexing.support import HashingEmbedder

    update(tmp_path / "index", [tmp_path / "papers"], HashingEmbedder())
    question = "How many containers did the port of Velmark move?"
    with open_assistant(tmp_path / "index") as second:
        texts = [each.ask(question).text for each in (assistant, second, assistant)]
    assert "4.2 million" in texts[0] and "5.1 million" in texts[1] and texts[2] == texts[0]


def test_one_path_or_several_may_be_indexed(tmp_path: Path) -> None:
    from tests.indexing.support import HashingEmbedder

    note = tmp_path / "note.md"
    note.write_text("# Note\n\nThe hall has 250 seats.\n")
    first = rag.index(note, at=tmp_path / "index", embedder=HashingEmbedder())
    again = rag.index([str(note)], at=tmp_path / "index", embedder=HashingEmbedder())
    assert (first.new, again.new, again.unchanged) == (1, 0, 1)


def test_a_program_may_have_modules_of_these_names_and_any_working_folder(
    papers: Path, tmp_path: Path
) -> None:
    for name in ("models", "index", "eval", "errors", "home", "server", "documents"):
        (tmp_path / f"{name}.py").write_text(f"NAME = 'mine: {name}'\n")
    program = tmp_path / "program.py"
    program.write_text(
        "import sys, models, index, eval\n"
        f"sys.path.append({str(ROOT)!r})\n"
        "import rag\n"
        "from tests.server.support import QUESTION, open_assistant\n"
        "from pathlib import Path\n"
        f"with open_assistant(Path({str(papers)!r})) as assistant:\n"
        "    print(models.NAME, index.NAME, eval.NAME, '|', assistant.ask(QUESTION).text)\n"
    )
    child = subprocess.run(
        [sys.executable, str(program)], capture_output=True, text=True, timeout=60, cwd=tmp_path,
        env={key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
    )  # fmt: skip
    assert child.returncode == 0, child.stderr
    assert re.match(r"mine: models mine: index mine: eval \| .*4\.2 million", child.stdout)
