"""What is forgotten is in no file of ours any more: searched for in the raw bytes."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import os
import signal
import time
import zlib
from pathlib import Path

import pytest

from rag.cli import main
from rag.indexing import Index, forget, update
from rag.types import Answer, Citation, Forgotten, Provenance, Statement, Timings
from rag.types.answers import Checks
from rag.ui.conversations import Conversations
from rag.ui.feedback import FEEDBACK_FILE, Feedback
from rag.ui.forgetting import CONVERSATIONS_FILE, forget_in_state
from tests.indexing.support import HashingEmbedder, read_here

SECRET = "quinceharbour"
"""One word, so that no form of the text hides it: words, terms, quotes and headings alike."""
TEXT = f"# Kept apart\n\nThe {SECRET} treaty was signed in Velmark on 4 May 2023.\n"
OTHER = "# Tariffs\n\nThe tariff on glass rose to 4 percent in Velmark.\n"


def answer_on(path: Path, quote: str, place: int) -> Answer:
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    citation = Citation(1, quote, str(path), "Kept apart", None, None, None, place,
                        place + len(quote), sha256, None, "", "")  # fmt: skip
    return Answer(
        f"What of {quote[:30]}?", "answered", None, quote, (Statement(quote, (1,), Checks()),),
        (citation,), (), 0.9, (), Timings(0, 0, 0, 0), Provenance("i", "e", "g", "p", "v"),
    )  # fmt: skip


def holding(root: Path) -> list[str]:
    """Files below `root` with the secret in any of the forms in which text is stored."""
    found = []
    for path in root.rglob("*"):
        if path.is_file() and any(SECRET.encode() in data for data in unpacked(path.read_bytes())):
            found.append(path.name)
    return sorted(found)


def unpacked(data: bytes) -> list[bytes]:
    """The bytes, and whatever compressed streams stand in them."""
    forms = [data, data.decode("utf-16-le", "ignore").encode()]
    for mark in (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda"):
        at = data.find(mark)
        while at >= 0:
            with contextlib.suppress(zlib.error):
                forms.append(zlib.decompressobj().decompress(data[at:]))
            at = data.find(mark, at + 1)
    if data[:2] == b"\x1f\x8b":
        forms.append(gzip.decompress(data))
    return forms


@pytest.fixture
def kept(isolated: Path, tmp_path: Path) -> Path:
    """An index, a conversation and an opinion that hold the secret, and others that do not."""
    uploads = isolated / "index" / "state" / "uploads"
    uploads.mkdir(parents=True)
    secret, other = uploads / "secret.md", tmp_path / "other.md"
    secret.write_text(TEXT), other.write_text(OTHER)
    update(isolated / "index" / "default", [uploads, other], HashingEmbedder(), reader=read_here)
    state = isolated / "index" / "state"
    about_secret = answer_on(secret, TEXT.split("\n")[2], TEXT.index("The"))
    about_other = answer_on(other, OTHER.split("\n")[2], OTHER.index("The"))
    conversations, feedback = (
        Conversations(state / CONVERSATIONS_FILE),
        Feedback(state / FEEDBACK_FILE),
    )
    first = conversations.append(None, about_secret).conversation
    conversations.append(first, about_other)
    conversations.append(None, about_secret)
    feedback.add(about_secret, "good", f"right about the {SECRET}")
    feedback.add(about_other, "bad")
    return isolated


def test_a_forgotten_document_is_in_no_file(kept: Path, capsys) -> None:
    assert holding(kept) == ["conversations.db", "feedback.jsonl", "index.sqlite", "secret.md"]
    assert main(["forget", "Kept apart"]) == 0
    assert "Erased with it: 3 saved answers" in capsys.readouterr().err
    assert holding(kept) == []
    with Index.open(kept / "index" / "default", None) as index:
        assert [each.title for each in index.documents()] == ["Tariffs"]
    state = kept / "index" / "state"
    (conversation,) = Conversations(state / CONVERSATIONS_FILE).listed()
    turns = Conversations(state / CONVERSATIONS_FILE).turns(conversation.identifier)
    assert [turn.answer.citations[0].title for turn in turns] == ["Kept apart"]
    assert "glass" in turns[0].answer.text
    assert [each.rating for each in Feedback(state / FEEDBACK_FILE).opinions()] == ["bad"]


TWO_ARTICLES = f"{TEXT}\n---\n\n{OTHER}"


def test_a_quote_of_an_earlier_version_of_the_file_goes_and_a_neighbours_of_this_one_stays(
    tmp_path: Path,
) -> None:
    """Text put in front of a document moves it: what was quoted before stands elsewhere now."""
    path, state = tmp_path / "two.md", tmp_path / "state"
    path.write_text(TWO_ARTICLES)
    before = answer_on(path, TEXT.split("\n")[2], TWO_ARTICLES.index("The"))
    text = "# Tides\n\n" + "The tide was high. " * 40 + f"\n\n---\n\n{TWO_ARTICLES}"
    path.write_text(text)
    start, end = text.index("# Kept apart"), text.index("# Tariffs")
    now = answer_on(path, TEXT.split("\n")[2], text.index("The", start))
    neighbour = answer_on(path, OTHER.split("\n")[2], text.index("The", end))
    saved, opinions = Conversations(state / CONVERSATIONS_FILE), Feedback(state / FEEDBACK_FILE)
    for each in (before, now, neighbour):
        identifier = saved.append(None, each).conversation
        opinions.add(each, "good")
    update(tmp_path / "index", [path], HashingEmbedder(), reader=read_here)
    told: list[int] = []
    forget(
        tmp_path / "index", "Kept apart", before=lambda on: told.append(forget_in_state(state, on))
    )
    assert told == [4]
    assert holding(state) == []
    assert [each.identifier for each in saved.listed()] == [identifier]
    assert [each.answer for each in opinions.opinions()] == [neighbour]


def test_a_line_that_a_kill_cut_off_is_no_obstacle(kept: Path) -> None:
    torn = '{"key": "x", "note": "港'.encode()[:-1]
    feedback = kept / "index" / "state" / FEEDBACK_FILE
    feedback.write_bytes(feedback.read_bytes() + torn)
    assert main(["forget", "Kept apart"]) == 0
    assert holding(kept) == []
    assert feedback.read_bytes().endswith(torn), "it names no file, so it stays as it was"
    assert [each.rating for each in Feedback(feedback).opinions()] == ["bad"]


def test_saved_answers_that_cannot_be_erased_leave_the_document_to_be_named(
    kept: Path, capsys
) -> None:
    obstacle = kept / "index" / "state" / "feedback.draft"
    obstacle.mkdir()
    assert main(["forget", "Kept apart"]) == 1
    assert "the document is still in the index" in capsys.readouterr().err
    assert {"feedback.jsonl", "index.sqlite"} <= set(holding(kept))
    obstacle.rmdir()
    assert main(["forget", "Kept apart"]) == 0
    assert holding(kept) == []


def test_an_index_that_is_being_read_costs_no_second_forgetting_of_answers(
    kept: Path, capsys, monkeypatch
) -> None:
    """A reader comes in just before the document is taken out, and keeps its text in the log."""
    monkeypatch.setattr("rag.indexing.maintenance._READERS_SECONDS", 0.2)
    with Index.open(kept / "index" / "default", None) as index, contextlib.ExitStack() as reading:

        def forgotten(state: Path, going: Forgotten) -> int:
            count = forget_in_state(state, going)
            reading.enter_context(index.snapshot())
            return count

        with monkeypatch.context() as patch:
            patch.setattr("rag.ui.forgetting.forget_in_state", forgotten)
            assert main(["forget", "Kept apart"]) == 1
        told = capsys.readouterr().err
        assert "Erased with it: 3" in told and "run the same command again" in told
        assert not {"conversations.db", "feedback.jsonl", "secret.md"} & set(holding(kept))
        assert holding(kept) != [], "the reader keeps it"
    assert main(["forget", "Kept apart"]) == 0
    assert "Erased what a broken-off forget had left" in capsys.readouterr().err
    assert holding(kept) == []
    assert main(["forget", "Kept apart"]) == 2


@pytest.mark.parametrize("stage", ["answers are erased", "the document is taken out"])
def test_terminated_while_forgetting_is_completed_by_the_same_command(
    kept: Path, monkeypatch, stage: str
) -> None:
    reader, writer = os.pipe()

    def wait(*_: object, **__: object) -> None:
        os.write(writer, b".")
        time.sleep(60)

    child = os.fork()
    if child == 0:
        try:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            if stage == "the document is taken out":
                monkeypatch.setattr("rag.indexing.maintenance._erase", wait)
            else:
                monkeypatch.setattr("rag.indexing.maintenance._remove", wait)
            main(["forget", "Kept apart"])
        finally:
            os._exit(99)
    os.close(writer)
    assert os.read(reader, 1) == b".", "it did not come so far"
    os.kill(child, signal.SIGTERM)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGTERM
    os.close(reader)
    assert "index.sqlite" in {name.removesuffix("-wal") for name in holding(kept)}
    assert not {"conversations.db", "feedback.jsonl"} & set(holding(kept))
    assert main(["forget", "Kept apart"]) == 0
    assert holding(kept) == []


def test_remove_leaves_what_forget_erases(kept: Path) -> None:
    """The test above can fail: `remove` is not `forget`."""
    assert main(["remove", "Kept apart"]) == 0
    assert "conversations.db" in holding(kept) and "feedback.jsonl" in holding(kept)


def test_what_commands_make_is_for_its_owner_only(
    isolated: Path, tmp_path: Path, monkeypatch
) -> None:
    """Through the command line, whose process sets the mask of permissions."""
    import rag.models.loading

    monkeypatch.setattr(rag.models.loading, "as_embedder", lambda given, home: HashingEmbedder())
    papers = tmp_path / "papers"
    papers.mkdir()
    (papers / "other.md").write_text(OTHER)
    assert main(["index", str(papers)]) == 0
    made = [path for path in isolated.rglob("*") if path != isolated]
    assert {"index.sqlite", "writer.lock"} <= {path.name for path in made}
    open_to_others = [
        f"{path.name} {path.stat().st_mode & 0o777:o}"
        for path in made
        if path.stat().st_mode & 0o077
    ]
    assert not open_to_others
