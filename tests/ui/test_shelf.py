"""The page's list of documents, where the index is changed beside the page."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from rag import Assistant
from rag.errors import InputError
from rag.indexing import remove, update
from rag.ui.conversations import Conversations
from rag.ui.feedback import Feedback
from rag.ui.markup import phrase
from rag.ui.seam import Holder
from rag.ui.sessions import Desk
from tests.indexing.support import ForgetfulEmbedder, read_here
from tests.server.support import open_assistant, write_papers
from tests.ui.scripted import Scripted, hold

REQUEST = SimpleNamespace(session_hash="tab")
TIDES = "# Tide tables\n\nThe tide at Velmark rises 3.1 metres.\n"


def desk_of(assistant: object, folder: Path) -> Desk:
    return Desk(Holder(assistant), Conversations(folder / "c.db"), Feedback(folder / "f.jsonl"))


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[tuple[Desk, Path]]:
    """A desk that has read its list of two documents, and the folder of their papers."""
    with open_assistant(write_papers(tmp_path / "papers")) as assistant:
        desk = desk_of(assistant, tmp_path)
        assert len(desk.documents()) == 2
        yield desk, tmp_path / "papers"


def index_beside(papers: Path, name: str = "tides.md", text: str = TIDES, **more: bool) -> None:
    """What `rag index` does in another process."""
    (papers / name).write_text(text, encoding="utf-8")
    update(papers / "index", [papers / name], ForgetfulEmbedder(), reader=read_here, **more)


def newest(papers: Path) -> tuple[int, str]:
    with open_assistant(papers / "index") as other:
        return max((row.identifier, row.path) for row in other.documents())


def test_a_document_that_came_from_outside_is_found_and_listed(opened) -> None:
    desk, papers = opened
    index_beside(papers)
    identifier, path = newest(papers)
    assert desk.find(path, None, 20) is not None
    assert desk.document(identifier) == desk.find(path, None, 20)
    assert len(desk.documents()) == 3


def test_a_quote_is_looked_up_where_its_document_stands_now(opened) -> None:
    desk, papers = opened
    index_beside(papers, "harbour.md", TIDES + "The rest of it. " * 40)
    found = desk.find(str(papers / "harbour.md"), None, 200)
    assert found is not None and found.title == "Tide tables"


def test_a_rebuild_of_the_same_files_gives_identifiers_that_are_found(opened) -> None:
    desk, papers = opened
    before = desk.documents()
    update(papers / "index", [papers], ForgetfulEmbedder(), reader=read_here, rebuild=True)
    identifier, path = newest(papers)
    assert str(identifier) not in {str(row.identifier) for row in before}
    found = desk.document(identifier)
    assert found is not None and found.path == path


def test_library_and_filters_show_what_came_from_outside(opened) -> None:
    pytest.importorskip("gradio")
    from rag.ui.filter_bar import FilterBar
    from rag.ui.library_tab import LibraryTab

    desk, papers = opened
    tab, bar = object.__new__(LibraryTab), object.__new__(FilterBar)  # they need no components
    tab._desk = bar._desk = desk
    index_beside(papers)
    assert "Tide tables" in tab.found("", REQUEST)
    remove(papers / "index", "Tide tables")
    documents, _ = bar._opened(["Tide tables"], [])
    assert [title for _, title in documents["choices"]][2:] == ["Tide tables"], "it is chosen"
    documents, _ = bar._opened([], [])
    assert len(documents["choices"]) == 2


class Losing(Scripted):
    """Another process takes a document out after the list was looked at."""

    def chrome(self, path: str):
        raise InputError(f"{path} is not in the index.")


def test_a_document_that_left_between_list_and_reading_is_told(tmp_path: Path) -> None:
    pytest.importorskip("gradio")
    from rag.ui.library_tab import LibraryTab

    tab = object.__new__(LibraryTab)
    tab._desk = desk_of(Losing(), tmp_path)
    assert phrase("en", "gone") in tab._inspect(SimpleNamespace(id=1), REQUEST)


class Slow(Scripted):
    """Reads its list, and gives it back when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.read, self.let = threading.Event(), threading.Event()

    def documents(self):
        rows = super().documents()
        self.read.set()
        assert self.let.wait(60)
        return rows


def test_a_list_that_was_read_before_a_change_is_not_kept_after_it(tmp_path: Path) -> None:
    assistant = Slow()
    desk = desk_of(assistant, tmp_path)
    reading = threading.Thread(target=desk.documents)
    reading.start()
    assert assistant.read.wait(60)
    assistant.rows[9] = hold(9, "/library/tides.txt", "Tide tables", None, None, TIDES)
    desk.library_changed()
    assistant.let.set()
    reading.join(60)
    assert "Tide tables" in [row.title for row in desk.documents()]


def test_an_assistant_names_what_it_holds(opened) -> None:
    desk, papers = opened
    assistant = desk.holder.get()
    assert isinstance(assistant, Assistant)
    before = assistant.generation
    index_beside(papers)
    assert assistant.generation != before
