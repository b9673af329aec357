"""Hostile files through the real reader and index, shown by the page: nothing runs or breaks."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.ui.conftest import Server, Watch, end, enter, settle

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NAME = "tide \"table\" & 'x' <img src=x onerror=hacked=1>.txt"
SCRIPTS = """Tides <script>window.hacked=1</script> of Korvik

The tide gauge of Korvik <img src=x onerror="window.hacked=2"> reads 4.31 metres at noon.
See [the table](javascript:window.hacked=3) or ![chart](https://outside.example/chart.png) there.
The \u202eegdirb\u202c and the zero\u200bwidth quay are closed. ${window.hacked=4} {{value}}
"""
PAGE = """<!doctype html><html><head><title>Gauge <b onmouseover=hacked=5>two</b></title>
<meta http-equiv="refresh" content="0;url=https://outside.example/"></head>
<body onload="window.hacked=6"><article><h1>Gauge two</h1>
<p>The second gauge of Korvik reads 2.07 metres, <a href="javascript:hacked=7">says the pilot</a>.</p>
<iframe src="https://outside.example/frame"></iframe><svg onload="window.hacked=8"></svg>
</article></body></html>"""


@pytest.fixture
def served(tmp_path, tiny_weights, embedder_weights):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / NAME).write_text(SCRIPTS, encoding="utf-8")
    (corpus / "gauge.html").write_text(PAGE, encoding="utf-8")
    line = "The long gauge of Korvik reads 9.99 metres. " + "x" * 2_000_000
    (corpus / "line.txt").write_text(f"One long line\n\n{line}\n", encoding="utf-8")
    running = Server(
        tmp_path, str(tiny_weights), str(embedder_weights), str(corpus), script="tests.ui.real"
    )
    yield running
    running.close()


@pytest.mark.timeout(600)
def test_hostile_files_are_found_read_and_shown_as_text(served, chromium):
    page = chromium.new_page()
    page.set_default_timeout(240_000)
    page.watch = Watch(page)
    page.goto(served.url)
    settle(page, "documents")
    for number, (question, words) in enumerate(
        (("What does the tide gauge of Korvik read at noon?", "4.31 metres"),
         ("What does the second gauge of Korvik read?", "2.07 metres"),
         ("What does the long gauge of Korvik read?", "9.99 metres")), 1,
    ):  # fmt: skip
        enter(page, question, page.locator(f"#turn-{number}"))
        page.locator(f"[id^='ev-{number}-']", has_text=words).first.wait_for()
        end(page, number)
        page.locator(f"[id^='ev-{number}-'] .sb-open").first.click()
        page.locator("dialog[open] mark.sb-current").wait_for()
        page.keyboard.press("Escape")
    page.get_by_role("tab", name="Library").click()
    page.locator("#library-table", has_text="onerror=hacked=1").wait_for()
    page.locator("#library-table .sb-inspect").first.click()
    page.locator("dialog[open]").wait_for()
    page.keyboard.press("Escape")
    page.wait_for_timeout(500)
    assert page.evaluate("window.hacked") is None
    assert page.watch.problems == []
    hosts = {urlsplit(url).netloc for url in page.watch.requests if url.startswith("http")}
    assert hosts == {urlsplit(served.url).netloc}
    page.close()
