"""The Library tab, languages, widths and themes in a real Chromium."""

from __future__ import annotations

import pytest

from tests.ui.conftest import ask, settle, still

pytestmark = pytest.mark.browser


def test_files_are_added_asked_about_inspected_and_removed(tab, tmp_path):
    page = tab()
    good, bad = tmp_path / "beacon report.txt", tmp_path / "noise.txt"
    good.write_text("Beacon report\n\nThe lighthouse of Tarn burns 900 litres of oil a night.\n")
    bad.write_bytes(b"\x00\x01binary")
    page.get_by_role("tab", name="Library").click()
    page.locator("#upload input[type=file]").set_input_files([good, bad])
    notes = page.locator("#library-status")
    notes.get_by_text("Added: beacon report.txt").wait_for()
    notes.get_by_text("Skipped: noise.txt: not a text file").wait_for()
    page.locator(".sb-status", has_text="5").wait_for()
    page.get_by_role("button", name="How it was read: Beacon report").click()
    page.locator("dialog[open] .sb-shade0").first.wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="Ask").click()
    ask(page, "How many litres of oil does the lighthouse burn?")
    assert "900 litres" in page.locator("#turn-1 .sb-text").inner_text()
    page.get_by_role("tab", name="Library").click()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Remove: beacon report.txt").click()
    notes.get_by_text("Removed: beacon report.txt").wait_for()
    page.locator(".sb-status", has_text="4").wait_for()
    page.locator("#library-search input, #library-search textarea").press_sequentially("seafarers")
    page.locator("#library-table", has_text="1 of 4").wait_for()
    assert page.watch.problems == []


def test_chinese_interface_and_chinese_documents(tab):
    page = tab("/?lang=zh")
    page.locator("#ask", has_text="提问").wait_for()
    ask(page, "防波堤工程投资多少？")
    assert "十二亿元" in page.locator("#turn-1 .sb-text").inner_text()
    assert "第" not in page.locator("#ev-1-1 h3").inner_text()
    assert page.locator("#ev-1-1 .sb-open").inner_text() == "在文档中打开"
    page.get_by_role("button", name="English").click()
    page.locator("#ask", has_text="Ask").wait_for()
    page.locator("#turn-1 .sb-text", has_text="十二亿元").wait_for()


@pytest.mark.parametrize("width", [390, 768])
def test_nothing_overflows_sideways(tab, width):
    page = tab(viewport={"width": width, "height": 844})
    ask(page, "How many containers did the port of Velmark move in 2023?")
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    page.locator("#ev-1-1 .sb-open").click()
    box = page.locator("dialog[open]").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= width
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="Library").click()
    page.locator("#library-table table").wait_for()
    still(page)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_dark_is_kept_and_text_stays_readable(tab):
    page = tab()
    page.get_by_role("button", name="Light or dark").click()
    assert page.evaluate("document.body.classList.contains('dark')")
    page.reload()
    page.wait_for_function("document.body.classList.contains('dark')")
    settle(page, "4")
    ask(page, "What do the cranes lift?")
    for place in ("#turn-1 .sb-text", "#ev-1-1 h3", "#ev-1-1 .sb-around", "#ev-1-1 mark"):
        assert contrast(page, place) >= 4.5, place


def contrast(page, place: str) -> float:
    """WCAG contrast of an element's text with the first painted background behind it."""
    return page.locator(place).first.evaluate(
        """node => {
          const parts = colour => colour.match(/[\\d.]+/g).map(Number);
          let back = node; while (back && (parts(getComputedStyle(back).backgroundColor)[3] ?? 1) === 0) back = back.parentElement;
          const light = colour => parts(colour).slice(0, 3).map(v => v / 255)
            .map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
            .reduce((sum, v, at) => sum + v * [.2126, .7152, .0722][at], 0);
          const [a, b] = [light(getComputedStyle(node).color), light(getComputedStyle(back).backgroundColor)];
          return (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
        }"""
    )
