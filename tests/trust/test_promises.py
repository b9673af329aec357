"""Every promise names its test, and every test that is named exists and has tests in it."""

from __future__ import annotations

import re

import pytest

from tests.test_offline import ROOT

LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)\)")


def links(document: str) -> list[str]:
    return LINK.findall((ROOT / document).read_text("utf-8"))


@pytest.mark.parametrize("document", ["docs/security.md", "README.md"])
def test_what_is_linked_exists(document: str) -> None:
    folder = (ROOT / document).parent
    missing = [link for link in links(document) if not (folder / link).exists()]
    assert not missing


@pytest.mark.parametrize("document", ["docs/security.md", "README.md"])
def test_each_promise_names_a_file_with_tests(document: str) -> None:
    text = (ROOT / document).read_text("utf-8")
    rows = [
        line
        for table in re.findall(r"\| promise \|[^\n]*\n\|[-| ]+\n((?:\|[^\n]*\n)+)", text)
        for line in table.splitlines()
    ]
    assert len(rows) >= 8
    for row in rows:
        tests = [link for link in LINK.findall(row) if "/test_" in link]
        assert tests, row
        for link in tests:
            source = ((ROOT / document).parent / link).read_text("utf-8")
            assert re.search(r"^(?:async )?def test_", source, re.M), link
