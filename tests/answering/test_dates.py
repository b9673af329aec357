from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.dates import dates, missing_dates, without, without_unsupported_years


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("April 29, 2021", (2021, 4, 29)),
        ("29 April 2021", (2021, 4, 29)),
        ("29th of April 2021", (2021, 4, 29)),
        ("Sept. 3, 2020", (2020, 9, 3)),
        ("2021-04-29", (2021, 4, 29)),
        ("April 29", (None, 4, 29)),
        ("May 2021", (2021, 5, None)),
        ("by 2030", (2030, None, None)),
        ("2021年4月29日", (2021, 4, 29)),
        ("四月二十九日", (None, 4, 29)),
        ("二〇二五年", (2025, None, None)),
        ("24/05/2024", (2024, 5, 24)),
        ("5/24/2024", (2024, 5, 24)),
        ("24.05.2024", (2024, 5, 24)),
        ("2024/5/24", (2024, 5, 24)),
        ("FY24", (2024, None, None)),
        ("mid-2018", (2018, None, None)),
    ],
)
def test_partial_dates(text, parts):
    (found,) = dates(text)
    assert (found.year, found.month, found.day) == parts


@pytest.mark.parametrize("text", ["Long March 5", "2000 tons", "$2021", "2,021", "may", "三个月"])
def test_what_only_looks_like_a_date(text):
    assert dates(text) == ()


def test_both_years_of_a_range():
    assert [d.year for d in dates("2016-2018")] == [2016, 2018]
    assert [d.year for d in dates("2021-25")] == [2021, 2025]
    assert [d.year for d in dates("2021-05")] == [2021]


@pytest.mark.parametrize("text", ["3-5 May 2024", "May 3 to 5, 2024", "from 3 to 5 May 2024"])
def test_both_days_of_a_range(text):
    assert [(d.year, d.month, d.day) for d in dates(text)].count((2024, 5, 3)) == 1
    assert [(d.year, d.month, d.day) for d in dates(text)].count((2024, 5, 5)) == 1


def test_a_day_before_figures_of_something_else_is_no_range():
    assert [d.day for d in dates("It rose on May 3 to 5 percent.")] == [3]


@pytest.mark.parametrize(
    ("statement", "source", "published", "missing"),
    [
        ("on April 29, 2021", "On April 29, it flew.", "2021-05-02", []),
        ("on April 29, 2020", "On April 29, it flew.", "2021-05-02", []),
        ("on April 29, 2019", "On April 29, it flew.", "2021-05-02", ["April 29, 2019"]),
        ("on April 29, 2021", "On April 29, it flew.", None, ["April 29, 2021"]),
        ("on April 28", "On April 29, it flew.", "2021-05-02", ["April 28"]),
        ("on April 29", "It flew in April 2021.", None, ["April 29"]),
        ("in 2021", "On April 29, 2021, it flew.", None, []),
        ("in 2021", "On April 29, it flew.", "2021-05-02", []),
        ("in 2020", "It flew last year.", "2021-05", []),
        ("in 2021", "It flew last year.", "2021-05", ["2021"]),
        ("in December 2020", "It flew last month.", "2021-01-03", []),
        ("on 2021-02-28", "It flew yesterday.", "2021-03-01", []),
        ("in 2022", "去年发射。", "2023-01-01", []),
        ("in 2021", "It flew.", "2021-05-02", ["2021"]),
        ("on Tuesday", "It flew on Monday.", None, ["Tuesday"]),
        ("on Tuesday", "It flew on Tue.", None, []),
        ("on Monday", "They went each month.", None, ["Monday"]),
        ("周二起飞", "星期二起飞。", None, []),
        ("周二起飞", "周三起飞，每周二次。", None, ["周二"]),
        ("since May", "It has flown since June.", None, ["May"]),
        ("in early March", "In late March it flew.", None, []),
        ("in 1990", "It flew in the 1990s.", None, ["1990"]),
        ("in the 1990s", "It flew in the 1990s.", None, []),
        ("in 1991", "Planned in 1990, it flew the following year.", "2024", []),
        ("in 2025", "Planned in 1990, it flew the following year.", "2024", ["2025"]),
        ("on 3 May 2024", "It flew on 3/5/2024.", None, []),
        ("on March 5, 2024", "It flew on 3/5/2024.", None, []),
        ("on 3 June 2024", "It flew on 3/5/2024.", None, ["3 June 2024"]),
        ("on 3/5/2024", "It flew on 5 March 2024.", None, []),
        ("on 3/5/2024", "It flew on 6 March 2024.", None, ["3/5/2024"]),
        ("from May 3 to 6.", "It flew from 3 to 5 May.", None, ["May 3 to 6"]),
        ("in fiscal 2024", "The FY24 budget grew.", None, []),
        ("in fiscal 2023", "The FY24 budget grew.", None, ["2023"]),
    ],
)
def test_missing_dates(statement, source, published, missing):
    assert missing_dates(statement, source, published) == missing


def test_a_year_of_the_models_own_is_cut():
    shorter = without_unsupported_years("It flew on April 29, 2017.", "On April 29, it flew.", None)
    assert shorter == "It flew on April 29."


@given(st.text(max_size=300))
def test_blanking_keeps_the_length_and_leaves_no_date(text):
    blank = without(text)
    assert len(blank) == len(text)
    for mention in dates(text):
        assert blank[mention.start : mention.end].strip() == ""
    assert missing_dates(text, text, None) == []


@given(st.dates(min_value=date(1600, 1, 1)).filter(lambda d: d.year < 2100))
def test_a_date_is_found_in_any_spelling(day):
    month = day.strftime("%B")
    spellings = [
        day.isoformat(),
        f"{month} {day.day}, {day.year}",
        f"{day.day} {month} {day.year}",
        f"{day.year}年{day.month}月{day.day}日",
    ]
    for one in spellings:
        for other in spellings:
            assert missing_dates(one, other, None) == []
            assert without(one).strip() == ""


@given(st.text(max_size=12))
def test_a_strange_date_of_a_document_is_no_error(published):
    missing_dates("in 2021", "last month and yesterday", published)


@pytest.mark.parametrize("piece", ["1", "May ", "20", "2021-", "二", "一月", "March 1 "])
def test_long_hostile_text_is_read_in_a_second(piece):
    text = (piece * 20_000)[:20_000]
    began = time.process_time()
    dates(text)
    assert time.process_time() - began < 1.0
