"""The page in a real Chromium over the scripted assistant."""

from __future__ import annotations

import json
import re
import time

import pytest

from tests.ui.conftest import PATIENCE, ask, enter, until, write

pytestmark = pytest.mark.browser

HEARD = """() => { window.heard = [];
  new MutationObserver(() => window.heard.push(document.querySelector('a[href="#do-copy-1"]').textContent))
    .observe(document.querySelector('#chat'), {subtree: true, childList: true, characterData: true}); }"""
CONTAINERS = "How many containers did the port of Velmark move in 2023?"


def test_a_question_is_answered_with_markers_beside_its_quotes(tab):
    page = tab()
    ask(page, CONTAINERS)
    answer = page.locator("#turn-1")
    assert "4.2 million containers" in answer.inner_text()
    assert answer.locator(".sb-text a.sb-marker").all_inner_texts() == ["[1]", "[2]"]
    card = page.locator("#ev-1-1")
    assert card.locator("h3").inner_text().endswith("Velmark port grows again")
    assert (
        "Velmark Gazette · 2024-03-05 · as given by Velmark Gazette, March 5" in card.inner_text()
    )
    assert card.locator("mark").inner_text().startswith("The port of Velmark moved 4.2 million")
    assert page.locator("#question textarea").input_value() == ""
    assert page.watch.problems == []


def test_evidence_is_there_before_the_answer_ends_and_stop_ends_it_at_once(tab):
    page = tab()
    enter(page, "A long account of the containers of Velmark, please", page.locator("#ev-1-1"))
    assert page.locator("#turn-1 .sb-text").count() == 0
    page.locator("#turn-1 .sb-draft").wait_for()
    page.locator("#stop").click()
    page.locator("#turn-1 .sb-note", has_text="Stopped").wait_for()
    page.locator("#ask").wait_for()
    shown = page.locator("#turn-1 .sb-draft").inner_text()
    ask(page, "What do the cranes lift?", 2)
    assert "65 tons" in page.locator("#turn-2 .sb-text").inner_text()
    assert page.locator("#turn-1 .sb-draft").inner_text() == shown


def test_a_marker_lights_and_focuses_its_card_and_the_reader_marks_the_quote(tab):
    page = tab()
    ask(page, CONTAINERS)
    second = page.locator("#turn-1 .sb-text a.sb-marker", has_text="[2]")
    until(second.hover, page.locator("#ev-1-2.sb-lit"))
    assert page.locator("#ev-1-1.sb-lit").count() == 0
    second.focus()
    page.keyboard.press("Enter")
    page.locator("#ev-1-2:focus").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    dialog = page.locator("dialog[open]")
    assert dialog.locator("mark.sb-current").inner_text().startswith("Velmark handled 4.0 million")
    dialog.get_by_role("button", name="Previous quote").click()
    page.locator("dialog[open] mark.sb-current", has_text="4.2 million").wait_for()
    assert dialog.locator(".sb-chrome").inner_text() == "Home | Subscribe | Log in"
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    page.wait_for_function("document.activeElement.dataset.key === '2'")


def test_the_evidence_of_an_older_turn_is_recalled_by_its_marker(tab):
    page = tab()
    ask(page, CONTAINERS)
    ask(page, "What do the cranes of Osterlund lift?", 2)
    page.locator("#ev-1-1").wait_for(state="detached")
    page.locator("#turn-1 a.sb-marker", has_text="[1]").first.click()
    page.locator("#ev-1-1.sb-flash").wait_for()
    assert "4.2 million" in page.locator("#ev-1-1 mark").inner_text()


def test_a_refusal_reads_as_an_answer_with_reason_and_nearest_sentences(tab):
    page = tab()
    ask(page, "What was the weather at Velmark port?")
    text = page.locator("#turn-1 .sb-refusal").inner_text()
    assert text.startswith("Your documents do not answer this")
    assert "no sentence says what was asked" in text and "Nearest sentences" in text
    page.locator("#turn-1 .sb-nearest a").first.click()
    page.locator("#ev-1-1:focus").wait_for()
    ask(page, "Qqqqq zzzzz?", 2)
    assert "Nothing in them comes near" in page.locator("#turn-2 .sb-refusal").inner_text()


def test_signs_and_conflicts_say_what_the_checks_found(tab):
    page = tab()
    ask(page, CONTAINERS)
    answer = page.locator("#turn-1")
    assert answer.locator(".sb-statement .sb-ok").count() == 1
    assert (
        answer.locator(".sb-statement .sb-missing").inner_text()
        == "? Not all of it is in the quote: figures"
    )
    sides = answer.locator(".sb-conflict .sb-side").all_inner_texts()
    assert [side[:10] for side in sides] == ["2024-03-05", "2024-04-18"]
    assert "4.2 million" in sides[0] and "4.0 million" in sides[1]


def test_a_follow_up_shows_how_it_was_understood_and_errors_are_plain_words(tab):
    page = tab()
    ask(page, "What do the cranes lift?")
    ask(page, "When is it due in June?", 2)
    assert (
        "Understood as: When is it due in June? (after: What do the cranes lift?)"
        in page.locator("#turn-2").inner_text()
    )
    ask(page, "fail", 3)
    assert (
        page.locator("#turn-3 .sb-problem").inner_text()
        == "This question is refused. Ask another one."
    )


def test_an_answer_is_copied_and_saved_in_every_form(tab):
    page = tab()
    ask(page, CONTAINERS)
    page.evaluate(HEARD)  # beforehand: the word stands there for a moment only
    page.locator('a[href="#do-copy-1"]').click()
    page.wait_for_function("window.heard.some(words => words.includes('Copied'))")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "[1] Velmark port grows again, 2024-03-05, /library/harbour.txt" in copied
    page.locator("#turn-1 .sb-saves summary").click()
    saved = {}
    for kind in ("as_markdown", "as_text", "as_json", "as_bibtex", "as_csl"):
        with page.expect_download() as download:
            page.locator(f'a[href="#do-{kind}-1"]').click()
        saved[download.value.suggested_filename] = download.value.path().read_text(encoding="utf-8")
    assert sorted(saved) == [
        "answer-1.json", "answer-1.md", "answer-1.txt", "sources-1.bib", "sources-1.csl.json",
    ]  # fmt: skip
    answer = json.loads(saved["answer-1.json"])
    assert answer["state"] == "answered" and answer["citations"][0]["quote"] in saved["answer-1.md"]
    assert saved["answer-1.txt"] == copied
    assert saved["sources-1.bib"].startswith("@article{velmarkport2024,")
    titles = [row["title"] for row in json.loads(saved["sources-1.csl.json"])]
    assert titles == ["Velmark port grows again", "Shipping figures in dispute"]


def test_a_question_is_edited_and_asked_again_in_its_place_and_rated(tab, server):
    page = tab()
    ask(page, "What do the cranes lift?")
    ask(page, CONTAINERS, 2)
    page.locator('a[href="#do-edit-1"]').click()
    page.locator(".sb-chip", has_text="Editing question 1").wait_for()
    page.wait_for_function(
        "document.querySelector('#question textarea').value === 'What do the cranes lift?'"
    )
    gone = page.locator("#turn-2")
    enter(page, "When are the cranes due in June?", gone, "detached")
    page.locator("#turn-1 .sb-acts").wait_for()
    assert page.locator(".sb-question").all_inner_texts() == ["When are the cranes due in June?"]
    page.locator(".sb-chip").wait_for(state="detached")
    with server.holding():  # or it might have ended before the page is looked at
        again = page.locator('a[href="#do-again-1"]')
        until(again.click, page.locator("#stop"))
        assert page.locator(".sb-question").count() == 2
    gone.wait_for(state="detached")
    page.locator("#ask").wait_for()
    assert page.locator(".sb-question").count() == 1
    page.locator('a[href="#do-bad-1"]').click()
    page.locator("dialog.sb-opinion textarea").fill("the month is not asked for")
    page.get_by_role("button", name="Save the note").click()
    page.locator('a[href="#do-bad-1"].sb-on').wait_for()
    kept = server.home / "index" / "state" / "feedback.jsonl"
    latest = time.monotonic() + PATIENCE / 1000
    while (last := json.loads(kept.read_text("utf-8").splitlines()[-1]))["note"] == "":
        assert time.monotonic() < latest, "the thumb is kept, and not the note that came after it"
        page.wait_for_timeout(50)
    page.reload()
    page.locator('a[href="#do-bad-1"].sb-on').wait_for()
    assert page.locator(".sb-question").all_inner_texts() == ["When are the cranes due in June?"]
    assert last["rating"] == "bad" and last["note"] == "the month is not asked for"
    assert last["answer"]["question"] == "When are the cranes due in June?"


def test_a_reload_keeps_the_conversation_and_a_new_one_starts_empty(tab):
    page = tab()
    ask(page, "What do the cranes lift, and when?")
    page.wait_for_url(re.compile(r"[?&]c=[0-9a-f]{32}"))
    page.reload()
    page.locator("#turn-1 .sb-text", has_text="65 tons").wait_for()
    page.locator("#turn-1 a.sb-marker").first.click()
    page.locator("#ev-1-1.sb-flash").wait_for()
    page.locator("#sidebar .toggle-button").click()
    page.locator("#listing li.sb-on", has_text="What do the cranes lift, and when?").wait_for()
    page.locator("#new").click()
    page.locator("#turn-1").wait_for(state="detached")
    page.wait_for_url(re.compile(r"^[^?]*$"))
    page.on("dialog", lambda dialog: dialog.accept("Lifting gear"))
    row = page.locator("#listing li", has_text="and when?")
    with page.expect_download() as download:
        row.locator(".sb-save").click()
    assert download.value.suggested_filename == "What do the cranes lift, and when_.md"
    assert "65 tons" in download.value.path().read_text(encoding="utf-8")
    row.locator(".sb-rename").click()
    page.locator("#listing li .sb-pick", has_text="Lifting gear").click()
    page.locator("#turn-1 .sb-text", has_text="65 tons").wait_for()
    page.locator("#listing li", has_text="Lifting gear").locator(".sb-delete").click()
    page.locator("#turn-1").wait_for(state="detached")
    assert page.locator("#listing li", has_text="Lifting gear").count() == 0


def test_two_tabs_do_not_see_each_other(tab):
    one, two = tab(), tab()
    ask(one, CONTAINERS)
    ask(two, "What do the cranes lift?")
    assert "65 tons" not in one.locator("#chat").inner_text()
    assert "4.2 million" not in two.locator("#chat").inner_text()


def test_filters_are_chips_restrict_the_answer_and_bad_dates_are_refused(tab):
    page = tab()
    page.locator("#filters button").first.click()
    since = page.get_by_role("textbox", name="Published since")
    write(since, "2024-04", page.locator(".sb-chip", has_text="Published since 2024-04"))
    ask(page, CONTAINERS)
    assert "4.0 million" in page.locator("#turn-1 .sb-text").inner_text()
    assert "4.2 million" not in page.locator("#turn-1").inner_text()
    assert page.locator("#turn-1 .sb-limits").inner_text() == "Limited: Published since 2024-04"
    write(since, "last spring", page.locator(".sb-chip", has_text="last spring"))
    enter(page, "And now?", page.get_by_text("not “last spring”").first)
    assert page.locator("#turn-2").count() == 0
    page.get_by_role("button", name="Take off: Published since last spring").click()
    page.locator(".sb-chip").wait_for(state="detached")
    emptied = page.locator("textarea:placeholder-shown, input:placeholder-shown")
    page.get_by_role("textbox", name="Published since").and_(emptied).wait_for()
    ask(page, CONTAINERS, 2)
    assert "4.2 million" in page.locator("#turn-2 .sb-text").inner_text()
    assert page.locator("#turn-2 .sb-limits").count() == 0
