"""How soon the page is there and shows evidence. The aims hold on a quiet machine; the limits of
these tests leave room for a busy one."""

from __future__ import annotations

import os
import statistics
import time
from pathlib import Path

import pytest

from tests.ui.conftest import Server, enter
from tests.ui.test_page import CONTAINERS

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_page_answers_soon_after_the_start_while_models_load(tmp_path):
    running = Server(tmp_path, held=True)
    ticks = Path(f"/proc/{running.process.pid}/stat").read_text().rpartition(")")[2].split()
    running.close()
    seconds = sum(map(int, ticks[11:13])) / os.sysconf("SC_CLK_TCK")
    # The aim is 5 s. Counted is what it works, not how long it waits for a processor.
    assert seconds < 20


def test_evidence_stands_soon_after_enter(tab):
    page = tab()
    seconds = []
    for number in range(1, 6):
        crowded = crowding()
        began = time.perf_counter()
        enter(page, CONTAINERS, page.locator(f"#ev-{number}-1"))
        seconds.append((time.perf_counter() - began) / max(crowded, crowding()))
        page.locator(f"#turn-{number} .sb-acts").wait_for()
        page.locator("#ask").wait_for()
    # The aim is 0.3 s.
    assert statistics.median(seconds) < 1.5, seconds


def crowding() -> float:
    """How much longer than it works a process has to wait at this moment: 1 on a quiet machine."""
    began, worked = time.perf_counter(), time.process_time()
    while time.process_time() - worked < 0.1:
        pass
    return (time.perf_counter() - began) / (time.process_time() - worked)
