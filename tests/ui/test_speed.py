"""How soon the page is there and shows evidence. The aims hold on a quiet machine; the limits of
these tests leave room for a busy one."""

from __future__ import annotations

import statistics
import time

import pytest

from tests.ui.conftest import Server
from tests.ui.test_page import CONTAINERS

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_page_answers_soon_after_the_start_while_models_load(tmp_path):
    running = Server(tmp_path, held=True)
    running.close()
    # The aim is 5 s.
    assert running.seconds < 20


def test_evidence_stands_soon_after_enter(tab):
    page = tab()
    seconds = []
    for number in range(1, 6):
        page.locator("#question textarea").fill(CONTAINERS)
        began = time.perf_counter()
        page.locator("#question textarea").press("Enter")
        page.locator(f"#ev-{number}-1").wait_for()
        seconds.append(time.perf_counter() - began)
        page.locator(f"#turn-{number} .sb-acts").wait_for()
        page.locator("#ask").wait_for()
    # The aim is 0.3 s.
    assert statistics.median(seconds) < 1.5, seconds
