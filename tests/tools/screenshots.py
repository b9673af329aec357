"""Takes the pictures of docs/screenshots from the page over the sample corpus.

    python -m tests.tools.screenshots [FOLDER]

Needs Chromium and the default models; the page runs on a home folder of its own.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from rag.home import home
from rag.models import fetch
from tests.ui.conftest import ARGUMENTS, CHROMIUM, ROOT, Server, ask

QUESTION = "How much does Säntis Motion ask a month for its Ilta?"
SECOND = "What does Yuanbu Technology charge for the Step 3?"
UNANSWERED = "Who won the chess olympiad in Samarkand?"


def main(folder: Path) -> None:
    """Serve, ask, and save light, reader, refusal, library, dark and phone."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    weights = [str(fetch.path(name, home())) for name in ("qwen2.5-coder-1.5b", "all-minilm-l6-v2")]
    corpus = str(ROOT / "eval" / "corpus" / "technology")
    with tempfile.TemporaryDirectory() as private, sync_playwright() as playwright:
        server = Server(Path(private), *weights, corpus, script="tests.ui.real")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            page = browser.new_page(
                viewport={"width": 1360, "height": 860}, reduced_motion="reduce"
            )
            _views(page, server.url, folder)
        finally:
            browser.close()
            server.close()


def _views(page, url: str, folder: Path) -> None:
    def shoot(name: str) -> None:
        page.mouse.move(5, 500)
        page.wait_for_timeout(600)
        page.screenshot(path=folder / f"{name}.png")

    page.set_default_timeout(180_000)
    page.goto(url)
    page.locator(".sb-status", has_text="documents").wait_for()
    ask(page, QUESTION)
    ask(page, SECOND, 2)
    shoot("light")
    page.locator("#ev-2-1 .sb-open").click()
    page.locator("dialog[open] mark.sb-current").wait_for()
    shoot("reader")
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="Library").click()
    shoot("library")
    page.get_by_role("tab", name="Ask").click()
    page.get_by_role("button", name="Light or dark").click()
    shoot("dark")
    page.get_by_role("button", name="Light or dark").click()
    ask(page, UNANSWERED, 3)
    shoot("refusal")
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("#turn-2 a.sb-marker").click()
    page.locator("#ev-2-1:focus").wait_for()
    page.evaluate("scrollTo(0, 0)")
    shoot("phone")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "screenshots")
