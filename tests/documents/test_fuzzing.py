"""Readers given damaged files, for a moment; `make fuzz` does it for longer."""

import pytest

from rag.errors import ReadError
from rag.types import Document, Sentence, SourceFile
from tests.documents import fuzzing


@pytest.mark.parametrize("kind", fuzzing.MAKERS)
def test_a_damaged_file_gives_a_sound_result_or_a_reason(kind, tmp_path):
    outcomes, wrong = fuzzing.run(kind, 0.0, 7, tmp_path, batch=12)
    assert outcomes.total() == 12
    assert wrong == []


def test_the_fuzzer_sees_what_is_wrong():
    def source(*spans):
        sentences = tuple(Sentence(start, end, 0) for start, end in spans)
        return SourceFile("a", "0", "txt", "Tide. ", (Document("a", 0, 6, sentences),))

    assert fuzzing.faults(source((0, 5))) == []
    assert fuzzing.faults(source((0, 5), (5, 6), (4, 9))) == ["sentence 5-6", "sentence 4-9"]
    assert fuzzing.faults(ReadError("a.txt is empty.", "empty")) == []
    assert fuzzing.faults(ReadError("a: KeyError", "internal error (KeyError)")) == ["a: KeyError"]
