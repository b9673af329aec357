"""axe-core on every view, light and dark: no serious or critical finding."""

from __future__ import annotations

import pytest

from tests.ui.conftest import ask, still, write
from tests.ui.test_page import CONTAINERS

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TABS = (
    ("Library", "#library-table table"),
    ("Evaluation", "#evaluation .sb-empty, #evaluation .sb-run"),
    ("Settings", "#settings dd"),
)
"""Each with what stands there once it is drawn."""


def findings(page, view: str) -> list[str]:
    """Serious and critical violations of WCAG 2.2 A and AA and of best practice."""
    from axe_playwright_python.sync_playwright import Axe

    still(page)  # colours and contrasts are those of the end of a transition
    violations = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{view}: {one['id']} at {one['nodes'][0]['target']}: {one['nodes'][0]['failureSummary']}"
        for one in violations
        if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_view_has_a_serious_finding(tab, scheme):
    page = tab()
    if scheme == "dark":
        page.get_by_role("button", name="Light or dark").click()
    found = findings(page, "empty")
    ask(page, CONTAINERS)
    ask(page, "What was the weather at Velmark port?", 2)
    assert page.locator("#chat [aria-label*='<div']").count() == 0
    page.locator("#turn-1 .sb-saves summary").click()
    page.locator("#filters button").first.click()
    since = page.get_by_role("textbox", name="Published since")
    write(since, "2024", page.locator(".sb-chip", has_text="2024"))
    found += findings(page, "answer and refusal")
    page.locator("#ev-2-1 .sb-open").click()
    page.locator("dialog[open] mark.sb-current").wait_for()
    found += findings(page, "reader")
    page.keyboard.press("Escape")
    page.locator('a[href="#do-good-1"]').click()
    page.locator("dialog.sb-opinion[open]").wait_for()
    found += findings(page, "opinion")
    page.keyboard.press("Escape")
    page.locator("#sidebar .toggle-button").click()
    page.locator("#listing li").first.wait_for()
    found += findings(page, "conversations")
    page.locator("#sidebar .toggle-button").click()
    still(page)
    for name, there in TABS:
        page.get_by_role("tab", name=name).click()
        page.locator(there).first.wait_for()
        found += findings(page, name)
    assert found == [], "\n\n".join(found)
