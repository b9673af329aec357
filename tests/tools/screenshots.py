"""Takes the pictures of docs/screenshots from the page over the sample corpus.

    python -m tests.tools.screenshots [FOLDER]

Needs Chromium and the default models; the page runs on a home folder of its own. The picture of the
Evaluation tab shows the latest saved runs of this machine, and is left out where there are none.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from rag.home import home
from rag.models import fetch
from tests.ui.conftest import ARGUMENTS, CHROMIUM, ROOT, Server, ask

QUESTION = "How much does Säntis Motion ask a month for its Ilta?"
SECOND = "What does Yuanbu Technology charge for the Step 3?"
PRINTED = "To what range did the T-64 drop in heavy snow?"
UNANSWERED = "Who won the chess olympiad in Samarkand?"
CHINESE = "远步科技的机器人每月租金是多少？"


def main(folder: Path) -> None:
    """Serve, ask, and save every view."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    weights = [str(fetch.path(name, home())) for name in ("qwen2.5-coder-1.5b", "all-minilm-l6-v2")]
    found = (home().state / "evaluation").glob("dev-quick-*.jsonl")
    runs = sorted(found, key=lambda path: path.stat().st_mtime)[-2:]
    with tempfile.TemporaryDirectory(prefix="sourcebound-") as name, sync_playwright() as play:
        private = Path(name)
        corpus = shutil.copytree(ROOT / "eval" / "corpus" / "technology", private / "documents")
        kept = private / "index" / "state" / "evaluation"
        kept.mkdir(parents=True)
        for run in runs:
            shutil.copy2(run, kept)  # with its time: the page opens the latest
        server = Server(private, *weights, str(corpus), script="tests.ui.real")
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            page = browser.new_page(
                viewport={"width": 1360, "height": 860}, reduced_motion="reduce", locale="en-GB"
            )
            page.set_default_timeout(300_000)
            page.goto(server.url)
            page.locator(".sb-status", has_text="documents").wait_for()
            _talk(page, folder)
            _tabs(page, folder, bool(runs))
            _small(page, folder)
        finally:
            browser.close()
            server.close()


def _shoot(page, folder: Path, name: str) -> None:
    page.mouse.move(5, 500)
    page.wait_for_timeout(900)
    page.screenshot(path=folder / f"{name}.png")


def _theme(page) -> None:
    page.locator("[data-sb=theme]").click()


def _talk(page, folder: Path) -> None:
    ask(page, QUESTION)
    ask(page, SECOND, 2)
    _shoot(page, folder, "light")
    _theme(page)
    _shoot(page, folder, "dark")
    _theme(page)
    page.locator("#ev-2-1 .sb-open").click()
    page.locator("dialog[open] mark.sb-current").wait_for()
    _shoot(page, folder, "reader")
    page.keyboard.press("Escape")
    ask(page, UNANSWERED, 3)
    _shoot(page, folder, "refusal")
    ask(page, PRINTED, 4)
    page.locator("#ev-4-1 .sb-open").click()
    page.locator("dialog[open] mark.sb-current").wait_for()
    if page.locator("[data-view=page]").count():
        page.locator("[data-view=page]").click()
        page.locator("dialog[open] svg image").wait_for()
        _shoot(page, folder, "printed")
        page.locator("[data-view=text]").click()
    page.keyboard.press("Escape")


def _tabs(page, folder: Path, runs: bool) -> None:
    for name in ("Library", "Evaluation", "Settings"):
        if name == "Evaluation" and not runs:
            continue
        page.get_by_role("tab", name=name).click()
        _shoot(page, folder, name.lower())
    page.get_by_role("tab", name="Ask").click()


def _small(page, folder: Path) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("#turn-2").scroll_into_view_if_needed()
    _shoot(page, folder, "phone")
    page.locator("#turn-2 a.sb-marker").first.click()
    page.locator("#ev-2-1:focus").wait_for()
    _shoot(page, folder, "phone-evidence")
    page.set_viewport_size({"width": 1360, "height": 860})
    page.goto(f"{page.url.split('?')[0]}?lang=zh")
    page.locator("#ask", has_text="提问").wait_for()
    ask(page, CHINESE)
    _shoot(page, folder, "chinese")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "screenshots")
