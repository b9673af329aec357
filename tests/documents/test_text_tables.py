"""Tables in plain text: rows as sentences with their column names, and what is none left alone."""

from __future__ import annotations

import time
from email.message import EmailMessage
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.documents import fold, read, structure
from rag.documents.readers import reader_for
from rag.documents.readers.building import row_sentence
from rag.documents.readers.text_tables import tables_as_rows

PROSE = dedent("""\
    Boats of the harbour office

    The office of Velden listed its two towing boats on Tuesday, and said that
    both of them had been built at the yard of Ostmark. Each carries a winch
    made by hand. The office wants a third one before the winter begins.
    """)
BOATS = dedent("""\
    Model      Range (km)   Payload (kg)   Price
    38SH       231          222            284
    40SH       250          310            401
    """)
ROWS = [
    "Model: 38SH; Range (km): 231; Payload (kg): 222; Price: 284.",
    "Model: 40SH; Range (km): 250; Payload (kg): 310; Price: 401.",
]
NOTE = "Prices are in thousands of crowns, and the office said that it would pay\nthem in May.\n"

TABLES = {
    "gaps": (BOATS, ROWS),
    "gaps that nothing aligns": (
        "Model  Range (km)  Payload (kg)  Price\n38SH  231  222  284\n40SH  250  310  401\n",
        ROWS,
    ),
    "a line under the names": (
        "Port      Boats\n-----     -----\nVelden    4\nOst       7\n",
        ["Port: Velden; Boats: 4.", "Port: Ost; Boats: 7."],
    ),
    "figures set to the right": (
        "Port      Boats\nVelden        4\nOst          17\n",
        ["Port: Velden; Boats: 4.", "Port: Ost; Boats: 17."],
    ),
    "two columns of months and figures": (
        "Month     Sales\nJanuary   120\nFebruary  130\n",
        ["Month: January; Sales: 120.", "Month: February; Sales: 130."],
    ),
    "two columns of a measure, set to the left": (
        "Country         Steel output\nOstland         120.5\nWest Marland    30\n"
        "Velden          -\n",
        [
            "Country: Ostland; Steel output: 120.5.",
            "Country: West Marland; Steel output: 30.",
            "Country: Velden; Steel output: -.",
        ],
    ),
    "a measure in Chinese, set by tabs": (
        "国家\t钢产量\n东国\t120\n西国\t30\n",
        ["国家: 东国; 钢产量: 120.", "国家: 西国; 钢产量: 30."],
    ),
    "years without a name before them": (
        "            2021   2022\nLaunches      55     64\nFailed         3      2\n",
        ["Launches; 2021: 55; 2022: 64.", "Failed; 2021: 3; 2022: 2."],
    ),
    "days over figures": (
        "Grade    3 Jan   2025-01-10   1月17日\n35H      198     201          203\n"
        "38SH     231     222          -\n",
        [
            "Grade: 35H; 3 Jan: 198; 2025-01-10: 201; 1月17日: 203.",
            "Grade: 38SH; 3 Jan: 231; 2025-01-10: 222; 1月17日: -.",
        ],
    ),
    "tabs with empty cells": (
        "Model\tRange\tPrice\n38SH\t231\t\n40SH\t\t401\n42SH\t5\t6\n",
        [
            "Model: 38SH; Range: 231.",
            "Model: 40SH; Price: 401.",
            "Model: 42SH; Range: 5; Price: 6.",
        ],
    ),
    "several tabs": (
        "Model\t\tRange\tPrice\nLongboat 38\t231\t284\n40SH\t\t250\t401\n",
        ["Model: Longboat 38; Range: 231; Price: 284.", "Model: 40SH; Range: 250; Price: 401."],
    ),
    "a frame": (
        "+------+-------+\n| Port | Boats |\n+------+-------+\n"
        "| Ost  | 4     |\n| Marl | 7     |\n+------+-------+\n",
        ["Port: Ost; Boats: 4.", "Port: Marl; Boats: 7."],
    ),
    "a drawn frame": (
        "┌──────┬───────┐\n│ Port │ Boats │\n├──────┼───────┤\n"
        "│ Ost  │ 4     │\n│ Marl │ 7     │\n└──────┴───────┘\n",
        ["Port: Ost; Boats: 4.", "Port: Marl; Boats: 7."],
    ),
    "bars and words": (
        "Port | Master\n-----|-------\nOst | Berg\nMarl | Roth\n",
        ["Port: Ost; Master: Berg.", "Port: Marl; Master: Roth."],
    ),
    "a row whose first cell is empty": (
        "| Port | Master | Mate |\n|------|--------|------|\n"
        "| Ost  | Berg   | Lind |\n|      | Roth   | Ulm  |\n",
        ["Port: Ost; Master: Berg; Mate: Lind.", "Master: Roth; Mate: Ulm."],
    ),
    "wrapped names and cells, and a sum": (
        "Model      Maker              Price\n"
        "                              (EUR)\n"
        "---------  ----------------   -----\n"
        "38SH       Northwind            401\n"
        "           Boatyard\n"
        "40SH       Sued                1284\n"
        "Total                          1685\n",
        [
            "Model: 38SH; Maker: Northwind Boatyard; Price (EUR): 401.",
            "Model: 40SH; Maker: Sued; Price (EUR): 1284.",
            "Model: Total; Price (EUR): 1685.",
        ],
    ),
    "groups": (
        "Region    City     Boats   Crew\nNorth\n          Velden       4      9\n"
        "          Ostby       12     31\n",
        ["Region: North.", "City: Velden; Boats: 4; Crew: 9.", "City: Ostby; Boats: 12; Crew: 31."],
    ),
    "Chinese": (
        "型号    航程（公里）    价格\n甲一    231           284\n甲二    250           401\n",
        ["型号: 甲一; 航程（公里）: 231; 价格: 284.", "型号: 甲二; 航程（公里）: 250; 价格: 401."],
    ),
}

OTHERS = {
    "labels and values": "Name     Anna Berg\nPhone    555 1234\nFax      555 1235\nRoom     12\n",
    "labels, measures and values": (
        "Company   Berg Yards\nSales     340\nStaff     17\nFounded   1921\n"
    ),
    "a fund's name that is a measure": (
        "Fund      Growth\nPrice     12.40\nTotal     45\nFee       2\n"
    ),
    "contents": "Contents            Page\nIntroduction           3\nMethods               17\n",
    "contents with leaders": "Chapter  Side\nOpening ........  3\nMiddle .........  9\nEnd ...  12\n",
    "a program": "int    count   = 5;\nint    size    = 6;\nint    length  = 7;\n",
    "definitions": '#define  NAME    "x"\n#define  SIZE    12\n#define  COUNT   13\n',
    "instructions": "mov    eax    5\nadd    ebx    7\nsub    ecx    9\n",
    "text set to both sides": (
        "The   ship carried    23 men   and\na  cargo of   400  tonnes  of  grain\n"
        "to the   port of  Velden   in 1921,\nwhere 12    men  left   her  again.\n"
    ),
    "two spaces after a stop": (
        "One boat left.  Another has 3 sails.\nA second came.  It has 4 sails too.\n"
        "A third sank.  It had 5 sails as well.\n"
    ),
    "addresses": (
        "Anna Berg          Tom Roth\n12 Mill Lane       4 High Street\n8001 Velden        9000 Ost\n"
    ),
    "births and deaths": (
        "Berg, Anna   1950   2011\nRoth, Tom    1948   2003\nLind, Eva    1960   2015\n"
    ),
    "figures without names": "Ost     12   40\nMarl    13   41\nVelden  14   42\n",
    "a menu": "Home  |  About  |  Contact\nNews  |  Sports |  Weather\nLegal |  Press  | Year 2024\n",
    "two columns of text": (
        "The council met on         A boat of 12 metres\nTuesday and voted          was found\n"
        "for the 2 new quays        with 3 men aboard it.\n"
    ),
    "a list": "- 3 boats\n- 4 sails\n- 5 oars\n\n1.  Row out.\n2.  Set 4 sails.\n3.  Wait 5 days.\n",
    "a poem": "The tide is   low,\n    the moon   is high,\n        and twelve   geese cry.\n",
    "quoted mail": "".join(f"> {line}\n" for line in BOATS.splitlines()),
    "one row": "Model      Range   Price\n38SH       231     284\n",
}


@pytest.mark.parametrize("name", TABLES)
def test_rows_read_as_sentences(name):
    table, rows = TABLES[name]
    text, spans = tables_as_rows(f"{PROSE}\n{table}\n{NOTE}")
    assert [text[start:end] for start, end in spans] == rows
    assert text == f"{PROSE}\n" + "\n\n".join(rows) + f"\n\n{NOTE}"


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_table_stays_as_it_is(name):
    text = f"{PROSE}\n{OTHERS[name]}\n{NOTE}"
    assert tables_as_rows(text) == (text, ())


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_only_the_tables_lines_change_and_line_ends_stay(line_end):
    before, after = f"{PROSE}Table 1: the boats\n", f"{NOTE}\n{NOTE}"
    text, spans = tables_as_rows((before + BOATS + after).replace("\n", line_end))
    assert [text[start:end] for start, end in spans] == ROWS
    rows = "\n\n".join(ROWS)
    assert text == f"{before}\n{rows}\n\n{after}".replace("\n", line_end)


def test_a_rows_sentence_is_in_its_article_and_the_text_around_it_reads_as_before(tmp_path):
    path = tmp_path / "boats.txt"
    path.write_text(f"{PROSE}\nTable 1: the boats\n{BOATS}\n{NOTE}", encoding="utf-8")
    source = read(path)
    quotes = [fold(source.text[one.start : one.end]) for one in source.documents[0].sentences]
    assert quotes[3:6] == ["Table 1: the boats", *ROWS]
    assert quotes[0].startswith("The office of Velden") and quotes[0].endswith("yard of Ostmark.")
    assert quotes[-1].startswith("Prices are") and quotes[-1].endswith("pay them in May.")


def test_long_rows_do_not_tell_how_wide_the_text_is_set(tmp_path):
    names = "Boat      " + "".join(f"Weight in the year {n}   " for n in range(1, 6))
    rows = "".join(
        f"Boat {n}    " + f"{n + 100}                      " * 5 + "\n" for n in range(40)
    )
    path = tmp_path / "wide.txt"
    path.write_text(f"{PROSE}\n{names.rstrip()}\n{rows}\n{NOTE}", encoding="utf-8")
    source = read(path)
    quotes = [fold(source.text[one.start : one.end]) for one in source.documents[0].sentences]
    assert len(quotes) == 3 + 40 + 1
    assert quotes[-1].startswith("Prices are") and quotes[-1].endswith("pay them in May.")


def test_a_rows_own_words_make_it_no_furniture(tmp_path):
    table = "Date         Author      Page\n3 May 2025   Anna Berg   p. 3\n4 May 2025   Tom Roth    p. 4\n"
    path = tmp_path / "rows.txt"
    path.write_text(f"{PROSE}\n{table}\n{NOTE}", encoding="utf-8")
    source = read(path)
    assert source.documents[0].published is None and source.documents[0].author is None
    quotes = [fold(source.text[one.start : one.end]) for one in source.documents[0].sentences]
    assert "Date: 3 May 2025; Author: Anna Berg; Page: p. 3." in quotes


def test_tables_in_the_text_of_a_mail():
    message = EmailMessage()
    message["From"], message["Subject"] = "Anna Berg <anna@velden.example>", "The boats"
    message.set_content(f"{PROSE}\n{BOATS}\n{NOTE}\n-- \nAnna Berg\n")
    found = reader_for("eml")(message.as_bytes(), "boats.eml")
    assert [found.text[start:end] for start, end in found.rows] == ROWS
    source = structure(found, "boats.eml", "0")
    quotes = [fold(source.text[one.start : one.end]) for one in source.documents[0].sentences]
    assert [quote for quote in quotes if quote in ROWS] == ROWS
    assert [source.text[one.start :] for one in source.chrome if one.kind == "signature"]


WORD = st.text("abcdefgh", min_size=2, max_size=9).map(str.capitalize)
FIGURE = st.integers(0, 99_999).map(str)


@st.composite
def _grids(draw):
    names = draw(st.lists(WORD, min_size=3, max_size=6, unique=True))
    labels = draw(st.lists(WORD, min_size=2, max_size=8).filter(lambda made: names[0] not in made))
    return names, [[label, *(draw(FIGURE) for _ in names[1:])] for label in labels]


@given(_grids(), st.sampled_from([2, 3, 5]), st.booleans(), st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=60, deadline=None)
def test_any_grid_gives_its_rows_at_exact_places(grid, gap, to_the_right, line_end):
    names, rows = grid
    widths = [max(map(len, column)) for column in zip(names, *rows, strict=True)]
    lines = []
    for row in (names, *rows):
        set_out = [
            cell.rjust(width) if to_the_right and at else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append((" " * gap).join(set_out).rstrip())
    written = (f"{PROSE}\n" + "\n".join(lines) + f"\n\n{NOTE}").replace("\n", line_end)
    text, spans = tables_as_rows(written)
    wanted = [row_sentence(names, row) for row in rows]
    assert [text[start:end] for start, end in spans] == wanted
    source = structure(reader_for("txt")(written.encode(), "a.txt"), "a.txt", "0")
    assert source.text == text
    sentences = source.documents[0].sentences
    quotes = [fold(text[one.start : one.end]) for one in sentences]
    assert [quote for quote in quotes if quote in wanted] == wanted


LINE = st.text("ab 1|\t-+.:\u3000型>\r", max_size=24)


@given(st.lists(LINE | st.sampled_from([*BOATS.splitlines(), "----  ----", ""]), max_size=12))
@settings(max_examples=300, deadline=None)
def test_any_text_gives_spans_in_order_and_loses_nothing_outside_tables(lines):
    written = "\n".join(lines)
    text, spans = tables_as_rows(written)
    at = 0
    for start, end in spans:
        assert at <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        at = end
    if not spans:
        assert text == written
    else:
        assert written.startswith(text[: spans[0][0]].rstrip())
        assert written.endswith(text[spans[-1][1] :].lstrip())
    words = {word for line in BOATS.splitlines() for word in line.split()}
    for word in words & set(written.split()):
        assert word in text


@pytest.mark.parametrize(
    "text",
    [
        "Ost  Marl  Ulm\na  3  1\nb  4  2\nthis is a note of seven words, here\n" * 2_000,
        "Ost  Marl  Ulm\n" + "a  3  1\n" * 20_000,
        "a   b\n" * 100_000,
        "x  y 1\nname\n" * 20_000,
        " \t" * 300_000,
    ],
    ids=["many tables", "a long one", "no figures", "loose lines", "nothing"],
)
def test_time_is_linear(text):
    began = time.process_time()
    tables_as_rows(text)
    assert time.process_time() - began < 10
