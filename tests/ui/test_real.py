"""The page over the real assistant: the tiny generator by default, the 1.5B one when asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.documents import read
from tests.ui.conftest import PATIENCE, Server, ask, end, enter, settle

ROOT = Path(__file__).resolve().parents[2]
LIGHTHOUSE = """Lamps of Tarn rekindled

The lighthouse of Tarn burns 900 litres of oil a night, its keeper Odile Fenwick said on May 3.
The tower was built in 1874 and stands 41 metres high. A second lamp will be lit in October.
"""


@pytest.fixture
def serve(tmp_path, chromium, embedder_weights):
    """A function that serves a corpus with a generator and opens the page."""
    opened = []

    def start(generator: Path, corpus: Path):
        running = Server(
            tmp_path, str(generator), str(embedder_weights), str(corpus), script="tests.ui.real"
        )
        page = chromium.new_page()
        opened.extend([page.context, running])
        page.set_default_timeout(PATIENCE)
        page.goto(running.url)
        settle(page, "document")
        return page

    yield start
    for thing in opened:
        thing.close()
    assert all("Traceback" not in each.told() for each in opened if isinstance(each, Server))


@pytest.mark.slow
@pytest.mark.browser
def test_real_evidence_opens_in_its_place_while_the_tiny_model_writes_and_stop_ends_it(
    serve, tiny_weights, tmp_path
):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "tarn.txt").write_text(LIGHTHOUSE, encoding="utf-8")
    page = serve(tiny_weights, corpus)
    question = "How many litres of oil does the lighthouse of Tarn burn?"
    enter(page, question, page.locator("#turn-1"))
    page.locator("#ev-1-1 mark", has_text="900 litres of oil").wait_for()
    page.locator("#ev-1-1 .sb-open").click()
    page.locator("dialog[open] mark.sb-current", has_text="900 litres of oil").wait_for()
    page.keyboard.press("Escape")
    end(page, 1)
    assert page.locator("#turn-1 .sb-problem").count() == 0


@pytest.mark.browser
@pytest.mark.model
def test_the_default_model_answers_the_sample_corpus_with_quotes_at_their_offsets(
    serve, default_weights
):
    page = serve(default_weights, ROOT / "eval" / "corpus" / "technology")
    ask(page, "How much does Säntis Motion ask a month for its Ilta?")
    assert "9,800 francs" in page.locator("#turn-1").inner_text()
    page.locator("#turn-1 a.sb-marker").first.click()
    page.locator("#ev-1-1 .sb-open").click()
    page.locator("dialog[open] mark.sb-current").wait_for()
    page.keyboard.press("Escape")
    page.locator("#turn-1 .sb-saves summary").click()
    with page.expect_download() as download:
        page.locator('a[href="#do-as_json-1"]').click()
    answer = json.loads(download.value.path().read_text(encoding="utf-8"))
    for citation in answer["citations"]:
        whole = read(Path(citation["document"])).text
        assert " ".join(whole[citation["start"] : citation["end"]].split()) == citation["quote"]
