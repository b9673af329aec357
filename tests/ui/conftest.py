"""A server in a subprocess and a real Chromium. Absent Chromium skips the browser tests only."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip


class Server:
    """The page over the scripted assistant."""

    def __init__(
        self, home: Path, *words: str, held: bool = False, script: str = "tests.ui.scripted"
    ):
        """Start it and wait for the page; `held` models load only once `let_load` is called."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.home = home
        self.gate = home / "let-load"
        if not held:
            self.let_load()
        environment = {
            **os.environ, "RAG_HOME": str(home), "LOAD_GATE": str(self.gate), "TOKEN_DELAY": "0.01",
            "OMP_NUM_THREADS": "1", "GRADIO_TEMP_DIR": str(home / "cache"),
        }  # fmt: skip
        self.log = (home / "server.log").open("wb")
        began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", script, str(self.port), *words],
            cwd=ROOT, env=environment, stdout=self.log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.wait()
        self.seconds = time.monotonic() - began

    def let_load(self) -> None:
        self.gate.touch()

    def wait(self) -> None:
        latest = time.monotonic() + 200
        while time.monotonic() < latest and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/gradio_api/startup-events", timeout=2):
                    return
            except OSError:
                time.sleep(0.05)
        self.close()
        pytest.fail("the page did not start:\n" + self.told())

    def close(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()

    def told(self) -> str:
        """What it wrote on its console so far."""
        return (self.home / "server.log").read_text(encoding="utf-8", errors="replace")


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    running = Server(tmp_path_factory.mktemp("page"), "hostile")
    yield running
    running.close()
    assert "Traceback" not in running.told()


@pytest.fixture(scope="package")
def chromium():
    """Closed when the tests of this folder are done: it keeps an event loop in its thread."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


class Watch:
    """What a page asked for and complained about."""

    def __init__(self, page) -> None:
        self.requests, self.problems = [], []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda problem: self.problems.append(str(problem)))
        page.on(
            "console",
            lambda line: self.problems.append(line.text) if line.type == "error" else None,
        )


@pytest.fixture
def tab(chromium, server):
    """A function that opens the page in its own context; closes all of them at the end."""
    contexts = []

    def open_tab(path: str = "/", **options):
        options = {"viewport": {"width": 1360, "height": 860}, "reduced_motion": "reduce", "locale": "en-GB",
                   "permissions": ["clipboard-read", "clipboard-write"], **options}  # fmt: skip
        context = chromium.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.watch = Watch(page)
        page.goto(server.url + path)
        settle(page, "4")
        return page

    yield open_tab
    for context in contexts:
        context.close()


def settle(page, status: str) -> None:
    """Wait until the page has what it asks for on load: what is typed in the same moment is lost."""
    page.locator(".sb-status", has_text=status).wait_for()
    page.locator('#question textarea[placeholder]:not([placeholder=""])').wait_for()


def ask(page, question: str, number: int = 1) -> None:
    """Ask and wait for the end: evidence first, because the button is enabled for some ms more."""
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    page.locator(f"#turn-{number}").wait_for()
    page.locator(f"#turn-{number} .sb-acts").wait_for()
    page.locator("#ask").wait_for()
