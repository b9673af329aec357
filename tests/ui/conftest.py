"""A server in a subprocess and a real Chromium. Absent Chromium skips the browser tests only."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip


PATIENCE = 120_000
"""Milliseconds for what must come: a machine may be very slow. Nothing waits for a time to pass."""
AGAIN = 10_000
"""Milliseconds after which what had no effect is done once more."""


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
        self.gate, self.hold = home / "let-load", home / "hold-answers"
        if not held:
            self.let_load()
        environment = {
            **os.environ, "RAG_HOME": str(home), "LOAD_GATE": str(self.gate), "TOKEN_DELAY": "0.01",
            "HOLD_ANSWERS": str(self.hold), "OMP_NUM_THREADS": "1", "GRADIO_TEMP_DIR": str(home / "cache"),
        }  # fmt: skip
        self.log = (home / "server.log").open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", script, str(self.port), *words],
            cwd=ROOT, env=environment, stdout=self.log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.wait()

    def let_load(self) -> None:
        self.gate.touch()

    @contextmanager
    def holding(self) -> Iterator[None]:
        """No answer ends meanwhile, unless it is stopped."""
        self.hold.touch()
        try:
            yield
        finally:
            self.hold.unlink()

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
        page.set_default_timeout(PATIENCE)
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


def until(act: Callable[[], None], seen, state: str = "visible") -> None:
    """Act, and once more where that had no effect: the page takes no event while the last of its
    kind is not quite over, which cannot be seen."""
    from playwright.sync_api import TimeoutError as TooLate

    for _ in range(PATIENCE // AGAIN):
        act()
        with suppress(TooLate):
            seen.wait_for(state=state, timeout=AGAIN)
            return
    seen.wait_for(state=state)


def enter(page, question: str, seen, state: str = "visible") -> None:
    """Type a question and press Enter until its effect is there."""
    box = page.locator("#question textarea")
    box.fill(question)
    until(lambda: box.press("Enter"), seen, state)


def write(box, text: str, seen) -> None:
    """Write into a box of the page until that has its effect: a box that has just been unfolded
    shows a value before it tells of it."""

    def act() -> None:
        box.fill("")
        box.fill(text)

    until(act, seen)


def ask(page, question: str, number: int = 1) -> None:
    """Ask and wait until all of the answer is drawn: the panel changes once more at the end."""
    enter(page, question, page.locator(f"#turn-{number}"))
    page.locator(f"#turn-{number} .sb-acts").wait_for()
    page.locator("#evidence .sb-judged").first.wait_for(state="detached")
    page.locator("#ask").wait_for()


def end(page, number: int) -> None:
    """Stop an answer, unless it has ended by itself."""
    from playwright.sync_api import TimeoutError as TooLate

    acts = page.locator(f"#turn-{number} .sb-acts")
    while not acts.is_visible():
        with suppress(TooLate):
            page.locator("#stop").click(timeout=AGAIN // 5)
        with suppress(TooLate):
            acts.wait_for(timeout=AGAIN)
    page.locator("#ask").wait_for()


def still(page) -> None:
    """Wait until nothing moves or fades any more."""
    page.wait_for_function(
        "document.getAnimations().every(each => each.playState !== 'running' || "
        "each.effect?.getComputedTiming().endTime === Infinity)"
    )
