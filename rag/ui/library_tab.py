"""The Library tab: what is indexed, adding, removing, and how a file was read."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from rag.errors import RagError
from rag.home import home
from rag.types import StoredDocument
from rag.ui import library, reader
from rag.ui.markup import safe
from rag.ui.opening import fresh
from rag.ui.originals import Originals
from rag.ui.seam import ProgressLike
from rag.ui.sessions import Desk
from rag.ui.strings import say
from rag.ui.theme import asset

_LOG = logging.getLogger(__name__)


class LibraryTab:
    """Components and events of the tab. `changed` is fired when documents came or went."""

    def __init__(self, desk: Desk, originals: Originals, viewer: Any) -> None:
        self._desk = desk
        self._originals = originals
        self.upload = gr.File(file_count="multiple", file_types=library.FORMATS, height=132,
                              label="Add documents", elem_id="upload")  # fmt: skip
        self.status = gr.HTML("", elem_id="library-status")
        self.search = gr.Textbox(label="Find in the list", elem_id="library-search", max_lines=1)
        self.table = gr.HTML("", elem_id="library-table", apply_default_css=False,
                             js_on_load=asset("library.js"))  # fmt: skip
        self.version = gr.Textbox(visible="hidden", elem_id="library-version")
        self._wire(viewer)

    @property
    def labelled(self) -> list[Any]:
        """Components whose words depend on the language, in the order of `words`."""
        return [self.upload, self.search, self.table]

    def words(self, language: str) -> list[Any]:
        """Updates for `labelled`."""
        return [
            gr.update(label=say(language, "upload")),
            gr.update(label=say(language, "search")),
            library.table_html(self._desk.documents(), "", language),
        ]

    def _wire(self, viewer: Any) -> None:
        done = [self.upload, self.status, self.table, self.version]
        self.upload.upload(self._add, [self.upload, self.search], done, concurrency_limit=1,
                           show_progress_on=[self.status], api_visibility="private")  # fmt: skip
        self.search.input(self.found, [self.search], [self.table], show_progress="hidden",
                          trigger_mode="always_last", api_visibility="private")  # fmt: skip
        self.table.removal(self._remove, [self.search], done[1:], concurrency_limit=1,
                           show_progress="hidden", api_visibility="private")  # fmt: skip
        self.table.inspect(self._inspect, None, [viewer], show_progress="hidden",
                           api_visibility="private")  # fmt: skip

    def found(self, wanted: str, request: gr.Request) -> str:
        """The table of what is indexed at this moment, as far as it holds `wanted`."""
        self._desk.catch_up()
        language = self._desk.session(request.session_hash).language
        return library.table_html(self._desk.documents(), wanted, language)

    def _add(
        self,
        files: list[str] | None,
        wanted: str,
        request: gr.Request,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - Gradio looks for this default
    ) -> Iterator[tuple[Any, ...]]:
        language = self._desk.session(request.session_hash).language
        uploads = [Path(name) for name in files or []]
        if len(uploads) > library.MAX_FILES:
            for upload in uploads:
                upload.unlink(missing_ok=True)
            words = say(language, "too_many", n=library.MAX_FILES)
            yield None, _notes([words]), gr.skip(), gr.skip()
            return
        progress(0, desc=say(language, "indexing"))

        def report(state: ProgressLike) -> None:
            progress((state.done, state.total), desc=say(language, "indexing"))

        notes = self._take(uploads, language, report)
        yield None, _notes(notes), *self._after_change(wanted, language)

    def _take(
        self, uploads: list[Path], language: str, report: Callable[[ProgressLike], None]
    ) -> list[str]:
        """Move the files to the library and index them; what to tell of it, a line each."""
        notes: list[str] = []
        try:
            moved, refused = library.take_in(uploads, home().state / "uploads", language)
            notes += [say(language, "skipped", name=name, why=why) for name, why in refused]
            summary = self._desk.holder.get().add(moved, report)
            skipped = [(Path(row.path).name, row.reason) for row in summary.skipped]
            names = [path.name for path in moved if path.name not in dict(skipped)]
            notes += [say(language, "added", what=name) for name in names]
            notes += [say(language, "skipped", name=name, why=why) for name, why in skipped]
        except RagError as problem:
            notes.append(str(problem))
        except OSError as problem:
            _LOG.exception("uploaded files could not be taken in")
            notes.append(say(language, "not_added", why=problem.strerror or problem))
        except Exception:
            _LOG.exception("uploaded files could not be indexed")
            notes.append(say(language, "internal"))
        return notes

    def _remove(self, wanted: str, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        language = self._desk.session(request.session_hash).language
        row = self._desk.document(getattr(event, "id", None))
        if row is None:
            return _notes([say(language, "gone")]), *self._after_change(wanted, language)
        try:
            self._desk.holder.get().remove(row.path)
        except RagError as problem:
            return _notes([str(problem)]), *self._after_change(wanted, language)
        uploads = (home().state / "uploads").resolve()
        if Path(row.path).resolve().parent == uploads:
            Path(row.path).unlink(missing_ok=True)
        note = say(language, "removed", what=Path(row.path).name)
        return _notes([note]), *self._after_change(wanted, language)

    def _after_change(self, wanted: str, language: str) -> tuple[str, str]:
        self._desk.library_changed()
        documents = self._desk.documents()
        stamp = str(hash(tuple(row.identifier for row in documents)))
        return library.table_html(documents, wanted, language), stamp

    def _inspect(self, event: gr.EventData, request: gr.Request) -> str:
        language = self._desk.session(request.session_hash).language
        row = self._desk.document(getattr(event, "id", None))
        if row is None:
            return fresh(reader.missing_html(language))
        try:
            return fresh(self._read_as(row, language))
        except RagError:  # it left the index since the list was read
            self._desk.library_changed()
            return fresh(reader.missing_html(language))

    def _read_as(self, row: StoredDocument, language: str) -> str:
        """The reader on a whole document, with the sentences that were recognised in it."""
        assistant = self._desk.holder.get()
        shown = reader.window(row, row.start)
        chrome = [c for c in assistant.chrome(row.path) if c.start < row.end and c.end > row.start]
        sentences, pages = assistant.sentences(row.identifier), assistant.pages(row.path)
        spans = reader.chrome_spans(chrome) + reader.sentence_spans(sentences)
        body = reader.styled(assistant.file_text(row.path), *shown, spans, pages)
        counts = say(
            language, "read_as", format=row.format, sentences=len(sentences),
            chrome=len(chrome), said=sum(bool(s.attributions) for s in sentences),
            start=f"{row.start:,}", end=f"{row.end:,}", sha=row.file_sha256[:12],
        )  # fmt: skip
        legend = f"{counts} {say(language, 'legend')}"
        file = self._originals.file_link(row)
        return reader.dialog_html(row, body, shown, language, legend=legend, file=file)


def _notes(lines: list[str]) -> str:
    rows = "".join(f"<li>{safe(line)}</li>" for line in lines)
    return f'<ul class="sb-notes" role="status">{rows}</ul>'
