"""Bytes to text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.documents.encodings import decode
from rag.errors import ReadError

SIMPLIFIED = "港务局星期二订购了三颗小型卫星，用来测量北部海岸的潮汐，首次发射计划于明年三月进行。"
TRADITIONAL = "港務局星期二訂購了三顆小型衛星，用來測量北部海岸的潮汐，首次發射計劃於明年三月進行。"
ENGLISH = (
    "The “Heron” boat – worth €2.4 million – won’t sail before the café opens.\r\nSo they say.\r\n"
)
GERMAN = "Die größte Fähre der Küste fährt überall hin, nur nicht nach Süden. "


@pytest.mark.parametrize(
    ("text", "encoding", "named"),
    [
        (ENGLISH, "utf-8", "utf-8"),
        (ENGLISH, "utf-8-sig", "utf-8"),
        (ENGLISH, "utf-16", "utf-16-le"),
        (ENGLISH, "utf-16-le", "utf-16-le"),
        (ENGLISH, "utf-16-be", "utf-16-be"),
        (ENGLISH, "cp1252", "cp1252"),
        (GERMAN * 3, "cp1252", "cp1252"),
        (SIMPLIFIED, "utf-8", "utf-8"),
        (SIMPLIFIED, "utf-16", "utf-16-le"),
        (SIMPLIFIED, "gb18030", "gb18030"),
        (SIMPLIFIED, "gbk", "gb18030"),
        (TRADITIONAL, "big5", "big5hkscs"),
        (ENGLISH + SIMPLIFIED, "gb18030", "gb18030"),
    ],
)
def test_text_comes_back_with_its_encoding(text: str, encoding: str, named: str):
    found = decode(text.encode(encoding, "ignore"))
    assert found.encoding == named
    assert found.text == text.encode(encoding, "ignore").decode(encoding)


@given(st.text(st.characters(min_codepoint=32, exclude_categories=("Cs", "Co", "Cn")), min_size=1))
def test_utf8_is_never_taken_for_anything_else(text: str):
    try:
        found = decode(text.encode("utf-8"))
    except ReadError as error:
        assert error.reason == "mojibake"
    else:
        assert found.text == text.removeprefix("\ufeff")


def test_a_cut_last_character_costs_only_itself():
    assert decode("潮汐".encode()[:-1]).text == "潮"


def test_one_broken_byte_does_not_cost_a_file():
    broken = SIMPLIFIED.encode().replace("星".encode(), b"\xe6\x98", 1)
    found = decode(broken)
    assert found.encoding == "utf-8"
    assert found.text == SIMPLIFIED.replace("星", "\ufffd", 1)


def test_what_a_file_declares_decides_where_bytes_do_not():
    assert decode("Łódź".encode("cp1250"), declared="windows-1250").text == "Łódź"


def test_a_false_declaration_does_not_decide():
    assert decode(SIMPLIFIED.encode("gbk"), declared="shift_jis_nonsense").text == SIMPLIFIED


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"The tide\x00 is out", "NUL bytes"),
        (b"\x00\x01\x02\x03" * 50, "NUL bytes"),
        (bytes(range(1, 32)) * 20 + b"\xff", "binary, not text"),
        (ENGLISH.encode("utf-8").decode("cp1252", "replace").encode() * 2, "mojibake"),
        (SIMPLIFIED.encode("utf-8").decode("latin-1").encode(), "mojibake"),
        (("tide \ufffd\ufffd\ufffd" * 9).encode(), "mojibake"),
        (b"\xff\xfe" + "tide".encode("utf-16-le") + b"\x00", "damaged text"),
    ],
)
def test_what_is_no_text_is_refused_with_a_reason(data: bytes, reason: str):
    with pytest.raises(ReadError) as raised:
        decode(data, "tide.txt")
    assert raised.value.reason == reason
    assert "tide.txt" in str(raised.value)
