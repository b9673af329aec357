"""The same article in several places is known as one, whatever the order it came in."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.indexing import Index, remove
from rag.indexing.resemblance import BANDS, keys, unpack_keys
from tests.indexing.support import article

BODY = [
    "The harbour authority ordered nine electric cranes for the eastern quay.",
    "Delivery of the first two is planned for the autumn.",
    "Operators say that the old machines used forty litres of fuel an hour.",
    "The order is worth 31 million dollars.",
    "A second tender will follow when the rail link has been widened.",
    "Neighbours had asked for quieter nights since the terminal opened.",
]


def written(title: str, lines: list[str]) -> str:
    return "\n".join([f"# {title} | 2022-05-04 | {title} Desk", *lines]) + "\n"


@pytest.fixture
def printed(build, corpus, directory, embedder):
    texts = {
        "agency": BODY,
        "paper": ["PORTO, May 4.", *BODY, "Additional reporting by the business desk."],
        "altered": [line.replace("31 million", "13 million") for line in BODY],
        "other": article(3, 6).splitlines()[1:],
    }
    for name, lines in texts.items():
        (corpus / f"{name}.txt").write_text(written(name.title(), lines))
    build()
    with Index.open(directory, embedder) as index:
        yield index


def names(documents):
    return [document.title for document in documents]


def of(index, title):
    return next(d.identifier for d in index.documents() if d.title == title)


def test_a_quote_names_the_copies_that_hold_it_word_for_word(printed):
    agency = of(printed, "Agency")
    assert names(printed.elsewhere(agency, BODY[1])) == ["Altered", "Paper"]
    assert names(printed.elsewhere(agency, BODY[3])) == ["Paper"]
    assert printed.elsewhere(agency, "The order is worth nothing.") == ()
    assert printed.elsewhere(of(printed, "Other"), BODY[1]) == ()
    assert printed.elsewhere(999_999, BODY[1]) == ()


def test_a_hit_names_its_other_places(printed):
    hits = printed.search("Which fuel did the old machines use?", limit=10)
    hit = next(hit for hit in hits if BODY[2] in hit.text)
    found = {hit.document.title, *names(hit.also_in)}
    assert found >= {"Agency", "Paper"}
    assert hit.document not in hit.also_in
    assert names(hit.also_in) == sorted(names(hit.also_in))
    assert all(not h.also_in for h in hits if h.document.title == "Other")


def test_a_copy_that_is_taken_out_is_named_no_more(printed, directory):
    agency = of(printed, "Agency")
    remove(directory, "Paper")
    assert names(printed.elsewhere(agency, BODY[1])) == ["Altered"]


@given(st.lists(st.sampled_from(["alpha", "beta", "gamma", "delta", "月球"]), max_size=40))
def test_keys_do_not_depend_on_anything_else(terms):
    found = keys(terms)
    assert len(found) == (BANDS if terms else 0)
    assert unpack_keys(found.tobytes()) == found.tolist()
    assert np.array_equal(found, keys(list(terms)))


@pytest.mark.parametrize(("changed", "least", "most"), [(20, 0.97, 1.0), (300, 0.0, 0.1)])
def test_likeness_decides_how_often_a_key_is_shared(changed, least, most):
    """Of 400 terms in random order, so many are replaced at one end."""
    generator = random.Random(5)
    shared = 0
    for trial in range(100):
        one = [f"w{trial}-{generator.randrange(10**9)}" for _ in range(400)]
        other = [*one[: 400 - changed], *(f"v{trial}-{at}" for at in range(changed))]
        shared += bool(set(keys(one).tolist()) & set(keys(other).tolist()))
    assert least <= shared / 100 <= most
