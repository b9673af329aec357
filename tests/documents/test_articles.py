"""Files split into articles, on hand-made layouts and, where they are at hand, on the seeds."""

import itertools
import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.documents import fold, inspect_json, inspect_text, structure
from rag.documents.extracted import ArticleMark, Extracted, Heading, Metadata
from rag.documents.readers import markdown, text
from rag.types import Page
from tests.documents.layouts import LAYOUTS, ONE, TWO

SEEDS = os.environ.get("RAG_SEEDS")


def structured(name):
    source, _ = LAYOUTS[name]
    reader = markdown if name == "markdown" else text
    return structure(reader.read(source.encode(), name), f"{name}.txt", "0" * 64)


@pytest.mark.parametrize("name", LAYOUTS)
def test_titles_and_starts(name):
    source = structured(name)
    titles = LAYOUTS[name][1]
    assert [document.title for document in source.documents] == titles
    for document in source.documents:
        opening = fold(source.text[document.start : document.start + 150]).replace("# ", "")
        if document.found["title"] == "headline":
            assert fold(document.title)[:20] in opening


@pytest.mark.parametrize("name", LAYOUTS)
def test_nothing_is_lost_but_headings_and_chrome(name):
    """Every full stop of the layouts' running text is in a sentence."""
    source = structured(name)
    quotes = " ".join(
        fold(source.text[one.start : one.end])
        for document in source.documents
        for one in document.sentences
    )
    for paragraph in (ONE, TWO):
        if paragraph in source.text:
            assert paragraph in quotes


def test_authors_dates_and_outlets():
    first, second = structured("wrapped").documents
    assert (first.author, first.published) == ("Ann Lee and Omar (Finn) Roy", "2023-06-09")
    assert (second.author, second.outlet) == ("Eva Moreau", "Harbour Review")
    assert first.found["published"] == "masthead"
    mails = structured("digest").documents
    assert [one.author for one in mails] == ["Ann Lee", "Omar Roy"]
    assert [one.published for one in mails] == ["2025-03-04", "2025-03-05"]
    assert [one.published for one in structured("dated").documents] == ["2025-09-08", "2024-09-09"]
    chinese = structured("chinese").documents[0]
    assert (chinese.author, chinese.published, chinese.language) == ("林远山", "2025-04-18", "zh")


def test_a_sentence_is_not_broken_by_wrapping_but_is_by_chrome():
    first = structured("wrapped").documents[0]
    source = structured("wrapped")
    quotes = [fold(source.text[one.start : one.end]) for one in first.sentences]
    assert quotes[0].endswith("(Quay News, May 3).")
    assert quotes[2].endswith("the people who will count it.")
    assert first.sentences[0].section == "Introduction"
    assert first.sentences[0].attributions[0].date == "2023-05-03"
    second = source.documents[1].sentences[0]
    assert second.attributions[0].date == "2022-12-20"


def test_items_have_their_own_byline_and_the_date_of_the_issue():
    pier, cranes, tugs = structured("items").documents
    assert (pier.author, cranes.author, tugs.author) == ("Ann Lee", None, None)
    assert pier.published == cranes.published == tugs.published == "2025-06-06"
    quotes = [fold(structured("items").text[one.start : one.end]) for one in tugs.sentences]
    assert "Harbour: Velden; Tugs: 14; Crews: 52." in quotes


def test_a_figure_that_ends_a_wrapped_sentence_opens_no_item():
    body = (
        "The survey of the tugs in all the harbours of the coast has\nfound that the number that "
        "is ready on any one day is no more than\n9. Three had been counted twice, and one had sunk"
        "\nin the meantime.\n"
    )
    (document,) = structure(text.read(body.encode(), "a"), "a.txt", "0").documents
    assert [fold(body[one.start : one.end])[-22:] for one in document.sentences] == [
        "day is no more than 9.",
        " sunk in the meantime.",
    ]


def test_a_sentence_that_names_its_dated_source_is_no_byline():
    body = (
        "Quay Notes\n\nThe first\nPublished 3 April 2025\n\nOne tug is gone. The other is not.\n\n"
        "The survey counted nine tugs in all (Quay Survey, May 2024).\n\n"
        "The second\nPublished 4 April 2025\n\nNo tug is left. Nobody knows where they went.\n"
    )
    first, second = structure(text.read(body.encode(), "a"), "a.txt", "0").documents
    quotes = [body[one.start : one.end] for one in first.sentences]
    assert quotes[-1] == "The survey counted nine tugs in all (Quay Survey, May 2024)."
    assert (first.published, second.published) == ("2025-04-03", "2025-04-04")


def test_underlined_headings_of_a_manual_are_sections():
    (manual,) = structured("manual").documents
    assert {one.section for one in manual.sentences} == {
        "1. Getting the Tug Ready",
        "2. Leaving the Harbour",
    }


def test_a_title_that_comes_again_as_running_head_stays_the_title():
    title = "Cranes and Piers of the Coast"
    pages, body = [], ""
    for number in range(1, 5):
        start = len(body)
        body += f"{title}\n{ONE}\n{TWO}\n{number}\n\x0c\n"
        pages.append(Page(number, start, len(body) - 3))
    extracted = Extracted(
        body, "pdf", pages=tuple(pages), headings=(Heading(0, len(title), 1),), wrapped=True
    )
    source = structure(extracted, "a.pdf", "0")
    assert [one.title for one in source.documents] == [title]
    assert [span.kind for span in source.chrome].count("running head") == 3


def test_marks_of_the_format_decide():
    body = f"First\n\n{ONE}\n\nSecond\n\n{TWO}"
    middle = body.index("Second")
    extracted = Extracted(
        text=body,
        format="html",
        headings=(Heading(0, 5, 2), Heading(middle, middle + 6, 2)),
        articles=(
            ArticleMark(0, middle, Metadata(title="First", published="2024-01-02")),
            ArticleMark(middle, len(body), Metadata(author="Ann Lee")),
        ),
    )
    first, second = structure(extracted, "page.html", "0").documents
    assert (first.title, first.published, first.end) == ("First", "2024-01-02", middle)
    assert (second.title, second.author, second.start) == ("Second", "Ann Lee", middle)


def test_inspect_gives_the_contract():
    source = structured("blog")
    data = inspect_json(source)
    assert json.loads(json.dumps(data)) == data
    article = data["articles"][0]
    assert {"title", "author", "published", "start", "end", "sentences", "chrome"} <= set(article)
    sentence = article["sentences"][0]
    assert fold(source.text[sentence["start"] : sentence["end"]]) == sentence["text"]
    assert {"start", "end", "kind"} == set(article["chrome"][0])
    assert "\x1b[" in inspect_text(source, colour=True)
    plain = inspect_text(source, colour=False)
    assert "\x1b[" not in plain and "[placeholder] ad_slot" in plain


PIECES = st.sampled_from(
    [
        ONE,
        "A Title of Some Kind",
        "By Ann Lee",
        "0",
        "12",
        "https://example.org",
        "Comments",
        "***",
        "-----",
        "May 7, 2021",
        "Source: Desk",
        "Related links:",
        "中文的句子。",
        "标题",
        "  • item",
        "\n",
        "\n\n\n",
        "\r\n",
        "| a | b |",
        "From: a\nSubject: b\nDate: c",
        "lower case",
        "\x0c",
        "Fig. 1: x",
    ]
)


@settings(max_examples=80, deadline=None)
@given(st.lists(PIECES, max_size=30).map("\n".join) | st.text(max_size=300), st.booleans())
def test_structure_is_total_and_spans_are_sound(body, wrapped):
    source = structure(Extracted(body, "txt", wrapped=wrapped), "x.txt", "0")
    covered = [(one.start, one.end) for one in source.chrome]
    end = 0
    for document in source.documents:
        assert end <= document.start <= document.end <= len(body)
        end = document.end
        for one in document.sentences:
            assert document.start <= one.start < one.end <= document.end
            assert fold(body[one.start : one.end])
            for said in one.attributions:
                assert fold(body[said.start : said.end]) == said.text
                assert said.start < one.end
        covered += [(one.start, one.end) for one in document.sentences]
    covered.sort()
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(covered))


@pytest.mark.skipif(not SEEDS, reason="RAG_SEEDS names the folder of the sample files")
def test_no_sentence_of_the_seeds_is_too_long_or_broken():
    from rag.documents import read

    for path in sorted(Path(SEEDS or "").glob("*.txt")):
        source = read(path)
        quotes = [
            fold(source.text[one.start : one.end])
            for document in source.documents
            for one in document.sentences
        ]
        assert quotes and max(map(len, quotes)) <= 800
        assert not [quote for quote in quotes if quote[0].islower()]
