"""Plain text and Markdown: offsets are those of the decoded file; odd sizes take seconds."""

import time

import pytest

from rag.documents import read, structure
from rag.documents.extracted import Extracted
from rag.errors import ReadError


def test_offsets_are_those_of_the_bytes(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("\ufeffOne line ends here.\r\nAnother line, 中文, ends.\r\n".encode())
    source = read(path)
    assert source.text == "One line ends here.\r\nAnother line, 中文, ends.\r\n"
    starts = [one.start for one in source.documents[0].sentences]
    assert starts == [0, source.text.index("Another")]
    assert len(source.sha256) == 64 and source.format == "txt"


def test_a_missing_file_is_a_read_error(tmp_path):
    with pytest.raises(ReadError) as caught:
        read(tmp_path / "none.txt")
    assert caught.value.reason


@pytest.mark.parametrize(
    "text",
    ["word " * 400_000, "x\n" + "\n" * 200_000 + "y", "(" * 2_000_000, "a" * 2_000_000],
    ids=["one line", "blank lines", "brackets", "one word"],
)
def test_time_is_linear(text):
    began = time.process_time()
    source = structure(Extracted(text, "txt", wrapped=True), "x.txt", "0")
    assert time.process_time() - began < 10
    assert sum(len(document.sentences) for document in source.documents) >= 1
