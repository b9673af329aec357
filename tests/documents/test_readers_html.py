"""Saved pages: what is text, what is page furniture, what is a table, what the page says of itself."""

from __future__ import annotations

import pytest

from rag.documents import fold, structure
from rag.documents.extracted import Extracted
from rag.documents.readers.html_page import read
from rag.errors import ReadError
from tests.documents import fixtures


def page(body: str, head: str = "") -> Extracted:
    return read(f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode(), "a")


def pieces(found: Extracted) -> dict[str, str]:
    """Chrome by its text: {"Sea | Coast": "menu"}."""
    return {fold(found.text[span.start : span.end]): span.kind for span in found.chrome}


def test_a_news_page():
    found = read(fixtures.html_text().encode(), "a.html")
    assert pieces(found) == {
        "Coast Courier": "header",
        "Front page Sea": "menu",
        "Send this by post": "share",
        "Weather: rain over the whole coast.": "aside",
        "Ferry fares go up again Old lighthouse sold Eels return to the river": "links",
        "All rights with the Courier.": "footer",
    }
    assert "Never shown" not in found.text
    assert "color" not in found.text
    heads = [(found.text[head.start : head.end], head.level) for head in found.headings]
    assert heads == [(fixtures.TITLE, 1), ("Launches so far", 2)]
    assert found.metadata.published == "2026-02-03"
    assert found.metadata.outlet == "Coast Courier"
    assert found.metadata.url == "https://courier.example/tides"
    assert found.metadata.language == "en"
    (article,) = found.articles
    assert found.text[article.start : article.end].startswith(fixtures.TITLE)
    assert article.metadata == found.metadata


def test_comments_set_as_articles_are_none():
    said = "I saw the tide turn at noon from the mole, and it was higher than the page says. " * 6
    comment = f'<li><article class="comment-body"><p>{said}</p></article></li>'
    post = (
        f"<article><h1>The tide turns</h1><p>{'The tide turns at noon here. ' * 60}</p></article>"
    )
    found = page(f"{post}<ol>{comment}</ol>", '<meta name="author" content="Ann Lee">')
    assert len(found.articles) == 1
    assert found.articles[0].metadata.author == "Ann Lee"
    assert list(pieces(found).values()) == ["comments"]


def test_blocks_are_paragraphs_and_inline_elements_are_not():
    found = page(
        "<div>The <b>tide</b>\n turns<p>at  <i>no</i>on.</p>So<span> they</span> say.<br>Yes.</div>"
    )
    assert found.text == "The tide turns\n\nat noon.\n\nSo they say.\nYes."


def test_what_is_not_shown_is_not_read():
    hidden = '<p hidden>A</p><p style="display: none">B</p><template><p>C</p></template>'
    assert page(hidden + "<p>D</p><!-- E -->F").text == "D\n\nF"


def test_raised_figures_cannot_be_read_as_part_of_a_number():
    assert page("<p>It made 10<sup>6</sup> calls.</p>").text == "It made 10⁶ calls."
    assert (
        page('<p>It cost 55<sup><a href="#n3">3</a></sup> crowns.</p>').text
        == "It cost 55[3] crowns."
    )
    assert page("<p>CO<sub>2</sub> fell.</p>").text == "CO2 fell."


def test_a_table_of_data_becomes_sentences():
    table = (
        "<table><caption>Boats</caption><tr><th rowspan=2>Port</th><th colspan=2>Boats</th></tr>"
        "<tr><th>2020</th><th>2021</th></tr><tr><td rowspan=2>Velden</td><td>4</td><td>6</td></tr>"
        "<tr><td>5<br>or so</td><td></td></tr></table>"
    )
    assert page(table).text.split("\n\n") == [
        "Boats.",
        "Port: Velden; Boats, 2020: 4; Boats, 2021: 6.",
        "Port: Velden; Boats, 2020: 5 or so.",
    ]


def test_a_box_of_facts_names_each_row_by_its_first_cell():
    box = (
        "<table><tr><th>Founded</th><td>1998</td></tr><tr><th>Seat</th><td>Velden</td></tr></table>"
    )
    assert page(box).text == "Founded: 1998.\n\nSeat: Velden."


def test_a_table_that_arranges_a_page_is_walked():
    text = "The tide turns at noon and the boats leave. " * 6
    found = page(f"<table><tr><td><ul><li>One</ul></td><td><p>{text}</p></td></tr></table>")
    assert found.text == f"One\n\n{text.strip()}"


def test_a_table_around_an_empty_table_arranges_too():
    assert page("<table><tr><th>Tide<td>Noon<table></table><tr><td>A<td>B</table>").text == (
        "Tide\n\nNoon\n\nA\n\nB"
    )


def test_prose_with_sources_is_no_list_of_links():
    prose = "".join(
        f'<p>The office said in its <a href="/{n}">report {n}</a> that the tide had turned by then.</p>'
        for n in range(5)
    )
    assert page(f"<div>{prose}</div>").chrome == ()


def test_a_class_name_alone_does_not_hide_a_page():
    text = "The tide turns at noon. " * 20
    assert page(f'<div class="newsletter"><p>{text}</p></div><p>Short end.</p>').chrome == ()
    assert page(f'<div class="nav-layout"><h1>Tide</h1><p>{text}</p></div>').chrome == ()
    assert page(f"<form>{'<p>The tide turns.</p>' * 9}</form>").chrome == ()


def test_several_articles_each_with_its_own_facts():
    text = "The tide turns at noon and the boats leave the port. " * 10
    found = page(
        "".join(
            f'<article><h2><a href="https://c.example/{n}">Tide {n}</a></h2>'
            f'<span class="byline">By Mira O.</span> <time datetime="2026-02-0{n}">then</time>'
            f"<p>{text}</p></article>"
            for n in (1, 2)
        )
        + "<article><h3>Eels</h3><p>More</p></article>"
    )
    facts = [
        (mark.metadata.title, mark.metadata.published, mark.metadata.author, mark.metadata.url)
        for mark in found.articles
    ]
    assert facts == [
        ("Tide 1", "2026-02-01", "Mira O.", "https://c.example/1"),
        ("Tide 2", "2026-02-02", "Mira O.", "https://c.example/2"),
    ]
    assert pieces(found) == {"Eels More": "related"}


def test_bylines_are_furniture_and_date_their_own_article():
    text = "<p>" + "The tide turns at noon and the boats leave the port. " * 10 + "</p>"
    signed = (
        '<article><h1>Tides one</h1><p class="byline">By <span>Mira Oldenkamp</span> &middot; '
        f"11 February 2025 &middot; 6 minutes</p>{text}</article>"
        '<article><p>By Ann Lee | 30 June 2025</p><h2>Tides two</h2><p class="dek">A second look'
        f"</p>{text}</article>"
        f'<article><h2>Tides three</h2><p class="by">Posted on 1 July 2025 by Omar Roy</p>'
        f'{text}<div class="comment">foam_9 wrote: nonsense</div></article>'
    )
    head = '<meta property="article:published_time" content="2025-02-11">'
    source = structure(page(signed, head), "a.html", "0")
    assert [(one.title, one.author, one.published) for one in source.documents] == [
        ("Tides one", "Mira Oldenkamp", "2025-02-11"),
        ("Tides two", "Ann Lee", "2025-06-30"),
        ("Tides three", "Omar Roy", "2025-07-01"),
    ]
    kinds = [span.kind for span in source.chrome]
    assert kinds == ["byline", "byline", "byline", "comments"]
    for document in source.documents:
        first = document.sentences[0]
        assert source.text[first.start : first.end] in ("A second look", text[3:55].strip())


def test_a_line_that_is_the_known_author_is_a_byline():
    head = '<meta name="author" content="Mira Oldenkamp">'
    text = "<p>" + "The tide turns at noon and the boats leave the port. " * 3 + "</p>"
    found = page(f"<h1>Tides</h1><p>Mira Oldenkamp</p>{text}", head)
    document = structure(found, "a.html", "0").documents[0]
    assert document.author == "Mira Oldenkamp"
    assert {one.section for one in document.sentences} == {None}


def test_programs_are_furniture_and_other_preformatted_text_is_not():
    prose = f"<p>{'The tide turns at noon and the boats leave. ' * 4}</p>"
    code = "<pre>int main() {\n  return tide(noon);\n}</pre>"
    table = "<pre>Velden   14   52\nNordby    9   31</pre>"
    found = page(prose + code + table)
    assert [span.kind for span in found.chrome] == ["code"]
    assert "Nordby" in found.text[found.chrome[0].end :]


def test_a_defined_term_is_the_heading_of_its_definition():
    found = page("<dl><dt>ebb</dt><dd>The tide going out.</dd><dt>stray</dt></dl>")
    assert [found.text[head.start : head.end] for head in found.headings] == ["ebb"]


def test_numbered_chapters_between_ruled_lines_stay_one_document():
    text = "<p>" + "The tide turns at noon and the boats leave the port. " * 10 + "</p>"
    chapters = "".join(
        f"<hr><h1>Chapter {number}. Tides and Boats</h1>{text}" for number in (1, 2, 3)
    )
    source = structure(page(f"<h1>The Harbour Handbook</h1>{text}{chapters}"), "a.html", "0")
    assert [one.title for one in source.documents] == ["The Harbour Handbook"]


def test_broken_metadata_is_passed_over():
    head = (
        '<script type="application/ld+json">{"headline": </script><meta name="date" content="soon">'
        '<meta name="author" content="https://c.example/me"><title>Tide table</title>'
    )
    found = page("<p>Tide.</p>", head)
    assert found.metadata.title == "Tide table"
    assert (found.metadata.author, found.metadata.published) == (None, None)


def test_the_declared_encoding_counts():
    text = "港务局订购卫星".encode("gbk")
    assert (
        read(b'<html><head><meta charset="gb2312"></head><p>' + text, "a").text == "港务局订购卫星"
    )


def test_a_page_nested_too_deep_is_said_to_be_and_not_cut():
    assert page("<div>" * 1000 + "Tide" + "</div>" * 1000 + "Ebb").text == "Tide\n\nEbb"
    with pytest.raises(ReadError, match="more than 2,000 deep"):
        page("<div>" * 20_000 + "Tide" + "</div>" * 20_000)


def test_an_identifier_made_from_a_heading_hides_nothing():
    text = "The tide turns at noon. " * 3
    found = page(
        f'<section id="tides-and-navigation"><h2>Tides<a href="#t">¶</a></h2><p>{text}</p></section>'
    )
    assert found.chrome == ()
    assert found.text.startswith("Tides\n\nThe")


def test_a_class_name_does_not_hide_prose():
    prose = f"<p>{'The tide turns at noon and the boats leave. ' * 4}</p>"
    menu = f'<div class="main-nav">{prose * 3}</div>'
    assert page(menu + prose * 9).chrome == ()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<em id="publish_time">2026年1月19日 07:30</em>', "2026-01-19"),
        ('<span class="post-date">January 19, 2026</span>', "2026-01-19"),
        ('<i class="date">3 May 2025</i><p>Tugs</p><i class="date">4 May 2025</i>', None),
        ('<p class="update">3 May 2025</p>', None),
        ('<p class="publisher">Quay Press of 3 May 2025</p>', None),
    ],
)
def test_an_element_named_after_the_date_gives_it(body, expected):
    found = page(f"<h1>Tugs</h1>{body}<p>The tug is old. The other one is new.</p>")
    assert found.metadata.published == expected


def test_the_line_below_a_title_on_wechat():
    line = "<div><span>原创</span> <span>季云帆</span> <a>低空观察</a> <em>2026年1月19日 07:30</em> 浙江</div>"
    body = "<p>港务局将购买两艘拖轮。新船到港后，旧船将被出售。</p>" * 3
    (document,) = structure(page(f"<h1>两艘拖轮的故事</h1>{line}{body}"), "a.html", "0").documents
    assert (document.author, document.published) == ("季云帆", "2026-01-19")
