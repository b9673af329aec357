"""What page furniture leaves of a sentence, held against looking at every span."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.documents.fold import fold
from rag.indexing.passages import Furniture
from rag.types import Chrome

TEXT = "abcdefghijklmnopqrstuvwxyz"
spans = st.tuples(st.integers(0, 26), st.integers(0, 26)).map(sorted).map(tuple)


@given(st.lists(spans, max_size=8), spans)
def test_furniture_is_found_wherever_it_lies(furniture, sentence):
    start, end = sentence
    found = Furniture([Chrome(*span, "links") for span in furniture])
    assert found.holds(start, end) == any(a <= start and end <= b for a, b in furniture)
    kept = [at for at in range(start, end) if not any(a <= at < b for a, b in furniture)]
    left = found.without(TEXT, start, end)
    assert left.replace(" ", "") == "".join(TEXT[at] for at in kept)
    assert left == fold(left)
