from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.answering.figure_check import missing_figures
from rag.answering.figures import figures


def read(text: str) -> list[tuple[float, str]]:
    return [(float(figure.value), figure.dimension) for figure in figures(text)]


PIECES = (
    "5 1,234 2.5 - – to and half a one third m bn % 元 亿 十 $ € US percent points G B km "
    "of the million 第 minus , . 年 twenty five hundred"
)


@pytest.mark.parametrize(
    ("text", "value", "dimension"),
    [
        ("2.4 bn", 2.4e9, ""),
        ("2,400 million", 2.4e9, ""),
        ("€2.4 bn", 2.4e9, "EUR"),
        ("2,400 million euros", 2.4e9, "EUR"),
        ("US$ 5 million", 5e6, "USD"),
        ("HK$5 million", 5e6, "HKD"),
        ("RMB 88 billion", 8.8e10, "CNY"),
        ("63亿元", 6.3e9, "CNY"),
        ("十二亿元", 1.2e9, "CNY"),
        ("1.2万亿元", 1.2e12, "CNY"),
        ("3亿美元", 3e8, "USD"),
        ("22.5 t", 22500, "mass"),
        ("22.5 metric tons", 22500, "mass"),
        ("half a terabyte", 5e11, "data"),
        ("0.5 TB", 5e11, "data"),
        ("half a million", 5e5, ""),
        ("3.41 times", 3.41, "times"),
        ("5 %", 5, "percent"),
        ("5 per cent", 5, "percent"),
        ("百分之三十五", 35, "percent"),
        ("5 percentage points", 5, "percentage point"),
        ("5.3个百分点", 5.3, "percentage point"),
        ("two hundred", 200, ""),
        ("three hundred and fifty", 350, ""),
        ("twenty-five thousand", 25000, ""),
        ("two dozen", 24, ""),
        ("300k", 300000, ""),
        ("−40 °C", -40, "temperature"),
        ("third", 3, "ordinal"),
        ("14th", 14, "ordinal"),
        ("第三", 3, "ordinal"),
        ("two-thirds", 2 / 3, "fraction"),
        ("7-nanometer", 7e-9, "length"),
        ("约200名专家", 200, ""),
        ("三万五千人", 35000, ""),
        ("3亿5000万元", 3.5e8, "CNY"),
        ("1万2千人", 12000, ""),
        ("5千克", 5, "mass"),
        ("5千瓦", 5000, "power"),
        ("5亿港元", 5e8, "HKD"),
        ("two thousand five hundred", 2500, ""),
        ("two and a half million", 2.5e6, ""),
        ("two-and-a-half-year", 30, "months"),
        ("5 mln", 5e6, ""),
        ("₹5 crore", 5e7, "INR"),
        ("60 km an hour", 60, "speed"),
        ("50 sq km", 5e7, "area"),
        ("-2.1 percent", -2.1, "percent"),
        ("３０％", 30, "percent"),
        ("30%的份额", 30, "percent"),
        ("5 mW", 0.005, "power"),
        ("5 MW", 5e6, "power"),
        ("16 Gb", 2e9, "data"),
        ("16 GB", 1.6e10, "data"),
        ("80 kN", 80000, "force"),
        ("80 kn", 148.16, "speed"),
        ("800 V", 800, "voltage"),
        ("30 cubic metres", 30000, "volume"),
        ("two decades", 240, "months"),
        ("$1.5T", 1.5e12, "USD"),
        ("15T tokens", 1.5e13, ""),
        ("a 70B model", 7e10, ""),
        ("1.5B", 1.5e9, ""),
        ("5 million Hong Kong dollars", 5e6, "HKD"),
        ("40 million Swiss francs", 4e7, "CHF"),
        ("CHF40 million", 4e7, "CHF"),
        ("Rs 300 crore", 3e9, "INR"),
        ("won 5 medals", 5, ""),
        ("half a dozen", 6, ""),
        ("half of them", 0.5, "fraction"),
        ("三分之一", 1 / 3, "fraction"),
        ("一半的船只", 0.5, "fraction"),
        ("thirteenth", 13, "ordinal"),
        ("twenty-first", 21, "ordinal"),
        ("tenfold", 10, "times"),
        ("1.250.000 cars", 1.25e6, ""),
    ],
)
def test_one_figure_is_read(text, value, dimension):
    ((found, kind),) = read(text)
    assert found == pytest.approx(value)
    assert kind == dimension


@pytest.mark.parametrize(
    ("text", "ends", "dimension"),
    [
        ("60-80 tons", [60000, 80000], "mass"),
        ("between 60 and 80 tons", [60000, 80000], "mass"),
        ("$2-3 billion", [2e9, 3e9], "USD"),
        ("1 billion to 2 billion yuan", [1e9, 2e9], "CNY"),
        ("2 to 3 million", [2e6, 3e6], ""),
        ("900,000 to 1.2 million", [9e5, 1.2e6], ""),
        ("two thousand one-room flats", [2000, 1], ""),
        ("30 to 40 percent", [30, 40], "percent"),
    ],
)
def test_both_ends_of_a_range_share_what_is_written_once(text, ends, dimension):
    assert read(text) == [(pytest.approx(end), dimension) for end in ends]


@pytest.mark.parametrize(
    "text", ["Ofeq-13", "J-10CE", "5G", "COVID-19", "A380", "Long March 5B", "F-35", "Type 054A"]
)
def test_identifiers_are_no_figures(text):
    assert read(text) == []


@pytest.mark.parametrize(
    ("statement", "source", "missing"),
    [
        ("It costs 5 percent.", "It costs 5 percentage points.", ["5 percent"]),
        ("It costs 90 million euros.", "It costs $90 million.", ["90 million euros"]),
        ("It leads in 37 fields.", "It leads in 37 percent of fields.", ["37"]),
        ("It moved 42 boxes.", "It moved 42 million boxes.", ["42"]),
        ("It moved 60 trucks an hour.", "It moved 60 tons an hour.", ["60"]),
        ("Revenue was 636.9.", "Revenue was 636.9 billion yuan.", []),
        ("It has 311 frost-free days a year.", "It is frost-free for 311 days.", []),
        ("It has 311 frost-free hours.", "It is frost-free for 311 days.", ["311"]),
        ("It sold 60 heavy trucks.", "It sold 60 tons.", ["60"]),
        ("Ofeq 13 is new.", "Ofeq-13 is new.", []),
        ("Some 1.5 million people came.", "Some 1.5m people came.", []),
        ("One of them came.", "He came.", []),
        ("It moved 42 boxes.", "It moved 42 mln boxes.", ["42"]),
        ("有5人。", "有5千人。", ["5"]),
        ("It costs £5 million.", "It costs 5 million pounds.", []),
        ("It costs 500 billion yen.", "It costs ¥500 billion.", []),
        ("It grew by 2 percent.", "Growth was -2 percent.", ["2 percent"]),
        ("It fell by 2 percent.", "Growth was -2 percent.", []),
        ("Growth was -2 percent.", "It shrank by 2 percent.", []),
        ("The fourth ship came.", "The third ship came.", ["fourth"]),
        ("50 percent failed.", "Half of them failed.", []),
        ("50 percent failed.", "Half the crew failed.", []),
        ("25% failed.", "A quarter of them failed.", []),
        ("Half of them failed.", "A third of them failed.", ["Half"]),
        ("The second half of it failed.", "All of it failed.", ["second"]),
        ("It sold 3,500 units.", "It sold 3 500 units.", []),
        ("It sold 3,500 units.", "It sold 3'500 units.", []),
        ("It sold 3,500 units.", "It sold 13 500 units.", ["3,500"]),
        ("It costs $5 million.", "It costs 5 million Hong Kong dollars.", ["$5 million"]),
        ("It won five medals.", "It won 5 medals.", []),
    ],
)
def test_missing_figures(statement, source, missing):
    assert missing_figures(statement, source) == missing


QUANTITIES = st.decimals(min_value=1, max_value=999, places=1).filter(lambda d: d > 1)
SPELLINGS = {
    "mass": ["{n} t", "{n}t", "{n} tons", "{n} metric tons", "{n}-tonne", "{n}吨"],
    "percent": ["{n}%", "{n} %", "{n} percent", "{n} per cent", "百分之{n}"],
    "percentage point": ["{n} percentage points", "{n}个百分点"],
    "EUR": ["€{n} billion", "{n} billion euros", "EUR {n} bn", "{n} bn euros", "€{k} million"],
    "CNY": ["{n} billion yuan", "RMB {n} billion", "{t}亿元", "{k} million yuan"],
    "length": ["{n} km", "{n} kilometres", "{n}-kilometer", "{n}公里"],
    "data": ["{n} TB", "{n} terabytes", "{k} GB"],
}
CASES = st.sampled_from(sorted(SPELLINGS)).flatmap(
    lambda kind: st.tuples(st.just(kind), *[st.sampled_from(SPELLINGS[kind])] * 2)
)


def written(form: str, number: Decimal) -> str:
    return form.format(n=number, k=f"{number * 1000:,.0f}", t=number * 10)


@given(CASES, QUANTITIES)
def test_a_figure_is_found_in_any_spelling_and_keeps_its_dimension(case, number):
    kind, one, other = case
    statement, source = written(one, number), written(other, number)
    assert missing_figures(statement, source) == []
    assert {figure.dimension for figure in figures(statement)} == {kind}


@given(CASES, QUANTITIES, st.decimals(min_value="0.1", max_value=5, places=1))
def test_another_value_is_never_found(case, number, more):
    _, one, other = case
    assert missing_figures(written(one, number), written(other, number + more)) != []


@given(QUANTITIES)
def test_kinds_that_sound_alike_are_never_mixed(number):
    texts = [f"{number} percent", f"{number} percentage points", f"€{number}", f"${number}"]
    for one in texts:
        for other in texts:
            assert (missing_figures(one, other) == []) == (one == other)


@given(st.text(max_size=300))
def test_every_text_is_read_and_bears_itself_out(text):
    found = figures(text)
    assert all(0 <= f.start < f.end <= len(text) for f in found)
    assert [f.start for f in found] == sorted(f.start for f in found)
    assert missing_figures(text, text) == []


@settings(max_examples=300)
@given(
    st.lists(
        st.sampled_from(PIECES.split()),
        max_size=25,
    )
)
def test_pieces_of_figures_in_any_order_bear_themselves_out(pieces):
    for joint in (" ", ""):
        text = joint.join(pieces)
        assert missing_figures(text, text) == []


@pytest.mark.parametrize(
    "piece", ["1", "1,", "1 ", "十", "five hundred and ", "1-", "a ", "$", "1.", "-1 to ", "A1-"]
)
def test_long_hostile_text_is_read_in_a_second(piece):
    text = (piece * 20_000)[:20_000]
    began = time.process_time()  # not the clock: the machine may be busy
    figures.__wrapped__(text)
    assert time.process_time() - began < 1.0
