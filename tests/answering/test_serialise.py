from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.serialise import citations_in, from_dict, to_dict, to_json
from rag.errors import InputError
from rag.types import Answer, Checks, Citation, Conflict, Provenance, Statement, Timings


def answer(**changes) -> Answer:
    cited = Citation(1, "卫星入轨。", "/a.txt", "T", None, None, None, 0, 5, "0" * 64, None, "", "")
    fields = {
        "question": "Who?", "state": "answered", "reason": None, "text": "It. [1]",
        "statements": (Statement("It.", (1,), Checks()),), "citations": (cited,),
        "conflicts": (Conflict("x", (1,)),), "confidence": 0.5, "nearest": (),
        "timings": Timings(0.1, None, None, 0.2), "provenance": Provenance("i", "e", "g", "p", "v"),
    }  # fmt: skip
    return Answer(**{**fields, **changes})


def test_the_contracts_names():
    fields = to_dict(answer())
    assert list(fields)[:11] == [
        "question", "state", "reason", "text", "statements", "citations", "conflicts",
        "confidence", "nearest", "timings", "provenance",
    ]  # fmt: skip
    assert list(fields["statements"][0]) == ["text", "citations", "checks"]
    assert set(fields["statements"][0]["checks"]) == {"figures", "names", "dates", "negation"}
    assert list(fields["citations"][0]) == [
        "number", "quote", "document", "title", "published", "url", "page", "start", "end",
        "file_sha256", "attribution", "before", "after", "also_in",
    ]  # fmt: skip
    assert list(fields["conflicts"][0]) == ["about", "citations"]
    assert list(fields["timings"]) == ["retrieve_s", "first_quote_s", "first_token_s", "total_s"]
    assert list(fields["provenance"])[:5] == [
        "index", "embedder", "generator", "prompt", "version",
    ]  # fmt: skip


def test_json_is_one_line_and_keeps_han():
    line = to_json(answer(text="a\nb 卫星"))
    assert "\n" not in line
    assert "卫星" in line


TEXTS = st.text(max_size=20)
CITATIONS = st.builds(
    Citation, st.integers(1, 9), TEXTS, TEXTS, TEXTS, st.none() | TEXTS, st.none() | TEXTS,
    st.none() | st.integers(1, 9), st.integers(0, 99), st.integers(0, 99), TEXTS,
    st.none() | TEXTS, TEXTS, TEXTS,
)  # fmt: skip


@given(TEXTS, st.lists(CITATIONS, max_size=3), st.lists(st.integers(1, 9), max_size=3))
def test_round_trip(text, cited, numbers):
    made = answer(
        text=text,
        citations=tuple(cited),
        nearest=tuple(cited[:1]),
        statements=(Statement(text, tuple(numbers), Checks(figures="missing")),),
        conflicts=(Conflict(text, tuple(numbers)),),
    )
    assert from_dict(json.loads(to_json(made))) == made


def test_files_of_one_answer_a_list_or_lines_are_read():
    one = to_json(answer())
    for text in (one, f"[{one}, {one}]", f"{one}\n\n{one}\n"):
        found = citations_in(text, "f")
        assert len(found) == text.count('"state"')
        assert found[0][1] == answer().citations[0]


@pytest.mark.parametrize(
    "text",
    ["", "{", "[1]", "3", '{"citations": [{}]}', '{"citations": 5}', '{"citations": [3]}',
     '{"question": "x"}', '{"citations": [{"number": 1}]}', "\x00", '{"citations": [{"start": "x"}]}', '{"citations": [], "nearest": 4}',
     '{"citations": [{"document": null}]}', '{"citations": [{"quote": null}]}', '{"citations": [{"end": true}]}'],
)  # fmt: skip
def test_what_is_no_answer_is_named(text):
    if text:
        with pytest.raises(InputError, match="f"):
            citations_in(text, "f")
    else:
        assert citations_in(text, "f") == []


def test_a_citation_that_is_no_object_is_named():
    with pytest.raises(InputError, match="Not an answer"):
        from_dict({**to_dict(answer()), "nearest": ["x"]})


@pytest.mark.parametrize("field", ["question", "citations", "timings"])
def test_an_absent_field_is_named(field):
    fields = to_dict(answer())
    del fields[field]
    with pytest.raises(InputError, match=field):
        from_dict(fields)
