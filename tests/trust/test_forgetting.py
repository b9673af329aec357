"""What is forgotten is in no file of ours any more: searched for in the raw bytes."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import zlib
from pathlib import Path

import pytest

from rag.answering.serialise import to_json
from rag.cli import main
from rag.evaluation.run import load_run
from rag.indexing import Index, forget, update
from rag.types import Answer, Citation, Forgotten, Provenance, Statement, Timings
from rag.types.answers import Checks
from rag.ui.conversations import Conversations
from rag.ui.feedback import FEEDBACK_FILE, Feedback
from rag.ui.forgetting import CONVERSATIONS_FILE, forget_in_state
from rag.ui.reports import run_html
from tests.evaluation.fakes import Perfect
from tests.evaluation.test_gate import Bench
from tests.indexing.support import HashingEmbedder
from tests.trust.obeying import read_here

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


@pytest.mark.parametrize("how", ["moved", "renamed", "moved twice and edited", "moved and pruned"])
def test_what_was_quoted_before_a_file_was_moved_goes_too(
    how: str, isolated: Path, tmp_path: Path
) -> None:
    """The quote stands under a path that the index no longer lists, of another version even."""
    index, state = isolated / "index" / "default", isolated / "index" / "state"
    folders = [tmp_path / name for name in ("first", "second", "third")]
    for folder in folders:
        folder.mkdir()

    def indexed(**more: bool) -> None:
        update(index, folders, HashingEmbedder(), reader=read_here, **more)

    path = folders[0] / "secret.md"
    path.write_text(TEXT)
    (folders[0] / "other.md").write_text(OTHER)
    indexed()
    keep(state, answer_on(path, TEXT.split("\n")[2], TEXT.index("The")))
    keep(state, answer_on(folders[0] / "other.md", OTHER.split("\n")[2], OTHER.index("The")))
    if how == "moved and pruned":  # what stood there is out of the index before it is in anew
        path.rename(tmp_path / "aside.md")
        indexed(prune=True)
        path = (tmp_path / "aside.md").rename(folders[1] / "secret.md")
    else:
        path = path.rename(folders[1] / ("else.md" if how == "renamed" else "secret.md"))
    indexed()
    if how == "moved twice and edited":
        path = path.rename(folders[2] / "secret.md")
        indexed()
        path.write_text(TEXT.replace(SECRET, "Elmsund"))
        indexed()
        # Another file has the first path by now, and what is quoted of it is its own.
        (folders[0] / "secret.md").write_text(TEXT.replace(SECRET, "Korvik"))
        indexed()
        keep(state, answer_on(folders[0] / "secret.md", "The Korvik treaty was signed.", 14))
    assert {CONVERSATIONS_FILE, FEEDBACK_FILE, "run.jsonl"} <= set(holding(isolated))
    assert main(["forget", str(path)]) == 0
    assert holding(isolated) == []
    kept_still = [each.answer.text for each in Feedback(state / FEEDBACK_FILE).opinions()]
    assert kept_still[0] == OTHER.split("\n")[2]
    assert len(kept_still) == 1 + (how == "moved twice and edited")
    assert len(Conversations(state / CONVERSATIONS_FILE).listed()) == len(kept_still)
    if how != "moved twice and edited":  # there, the first path is another file's by now
        assert b"secret.md" not in (index / "index.sqlite").read_bytes()


def keep(state: Path, answer: Answer) -> None:
    """Save an answer wherever one may be saved."""
    Conversations(state / CONVERSATIONS_FILE).append(None, answer)
    Feedback(state / FEEDBACK_FILE).add(answer, "good")
    run = state / "evaluation" / "run.jsonl"
    run.parent.mkdir(exist_ok=True)
    with run.open("a") as file:
        file.write(
            json.dumps({"result": {"id": "q", "answer": json.loads(to_json(answer))}}) + "\n"
        )


def test_a_saved_run_keeps_its_figures_and_loses_the_text(tmp_path: Path) -> None:
    """Runs name documents within their corpus: what is quoted is known by its content."""
    bench, state = Bench(tmp_path), tmp_path / "state"
    path = state / "evaluation" / "run.jsonl"
    bench.run(Perfect, save=path)
    before = load_run(path)
    (cited,) = before.results[0].answer["citations"]
    corpus = next(tmp_path.rglob(cited["document"]))
    update(tmp_path / "index", [corpus], HashingEmbedder(), reader=read_here)
    path.write_bytes(path.read_bytes() + b'{"result": {"id": "x", "answ')
    forget(tmp_path / "index", str(corpus), before=lambda on: forget_in_state(state, on))
    after = load_run(path)
    assert [each.scores for each in after.results] == [each.scores for each in before.results]
    assert cited["quote"] not in path.read_text() and "citations" not in after.results[0].answer
    left = [each.answer for each in after.results if each.answer and "citations" in each.answer]
    assert left, "what quotes other files is as it was"
    assert "Questions that failed" in run_html(path, "en")


def test_an_exact_copy_that_stays_keeps_what_was_quoted_of_it(tmp_path: Path) -> None:
    state, papers = tmp_path / "state", [tmp_path / "one.md", tmp_path / "two.md"]
    quote, start = TEXT.split("\n")[2], TEXT.index("The")
    for path in papers:
        path.write_text(TEXT)
        keep(tmp_path / "state", answer_on(path, quote, start))
    update(tmp_path / "index", papers, HashingEmbedder(), reader=read_here)
    forget(tmp_path / "index", str(papers[0]), before=lambda on: forget_in_state(state, on))
    (opinion,) = Feedback(state / FEEDBACK_FILE).opinions()
    assert opinion.answer.citations[0].document == str(papers[1])


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
