"""The library as HTML, and the files that an upload hands over."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path, PurePath

from rag.types import StoredDocument
from rag.ui.markup import phrase, safe, shorten
from rag.ui.strings import say

FORMATS = [
    f".{ending}"
    for ending in (
        "txt", "md", "markdown", "html", "htm", "xhtml", "mht", "mhtml", "pdf", "docx", "pptx",
        "xlsx", "csv", "tsv", "epub", "eml", "mbox", "json",
    )
]  # fmt: skip
"""Endings of the files that an upload takes; what is in them is found out when they are read."""
MAX_FILES = 50
MAX_FILE_MEGABYTES = 100
_ROWS_SHOWN = 400
_UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069]+')


def table_html(documents: Sequence[StoredDocument], wanted: str, language: str) -> str:
    """All documents whose title, outlet, date or file holds `wanted`, grouped by file."""
    needle = wanted.casefold().strip()
    found = [row for row in documents if needle in _haystack(row)]
    found.sort(key=lambda row: (PurePath(row.path).name.casefold(), row.path, row.start))
    shown = found[:_ROWS_SHOWN]
    body = "".join(
        _file_rows(path, list(rows), language)
        for path, rows in groupby(shown, key=lambda row: row.path)
    )
    head = "".join(
        f'<th scope="col">{phrase(language, key)}</th>'
        for key in ("title", "outlet", "date", "length")
    )
    if not documents:
        return f'<p class="sb-empty">{phrase(language, "welcome_empty")}</p>'
    count = say(language, "shown_of", shown=len(shown), all=len(documents))
    return (
        f'<p class="sb-small" role="status">{safe(count)} · {_overview(documents, language)}</p>'
        f'<div class="sb-scroll" tabindex="0" role="region" '
        f'aria-label="{phrase(language, "tab_library")}">'
        f'<table class="sb-table"><thead><tr>{head}<td></td></tr></thead>'
        f"{body}</table></div>"
    )


def _overview(documents: Sequence[StoredDocument], language: str) -> str:
    dates = sorted(row.published for row in documents if row.published)
    outlets = {row.outlet for row in documents if row.outlet}
    parts = [
        phrase(language, "files_n", n=len({row.path for row in documents})),
        phrase(language, "outlets_n", n=len(outlets)),
    ]
    if dates:
        parts.append(phrase(language, "dates_from", first=dates[0], last=dates[-1]))
    return " · ".join(parts)


def _file_rows(path: str, rows: list[StoredDocument], language: str) -> str:
    name = safe(PurePath(path).name)
    count = f" · {phrase(language, 'articles_n', n=len(rows))}" if len(rows) > 1 else ""
    remove = (
        f'<button type="button" class="sb-plain sb-remove" data-id="{rows[0].identifier}" '
        f'data-sure="{phrase(language, "remove_sure")}" '
        f'aria-label="{phrase(language, "remove")}: {name}">{phrase(language, "remove")}</button>'
    )
    here = Path(path).is_file()
    state = "" if here else f' · <em class="sb-absent">{phrase(language, "file_gone")}</em>'
    head = (
        f'<tr class="sb-file"><th scope="rowgroup" colspan="4" title="{safe(path)}">'
        f"<bdi>{name}</bdi>"
        f'<span class="sb-small"> {safe(rows[0].format)}{count}{state}</span></th>'
        f"<td>{remove}</td></tr>"
    )
    return f"<tbody>{head}{''.join(_row(row, language) for row in rows)}</tbody>"


def _row(row: StoredDocument, language: str) -> str:
    inspect, only = phrase(language, "inspect"), phrase(language, "ask_only")
    title = safe(shorten(row.title, 200))
    return (
        f'<tr><td><bdi lang="{safe(row.language)}">{title}</bdi></td>'
        f"<td>{safe(shorten(row.outlet or row.author or '—', 80))}</td>"
        f"<td><time>{safe(row.published or '—')}</time></td>"
        f'<td class="sb-count">{row.end - row.start:,}</td>'
        f'<td><button type="button" class="sb-plain sb-only" data-id="{row.identifier}" '
        f'aria-label="{only}: {title}">{only}</button> '
        f'<button type="button" class="sb-plain sb-inspect" data-id="{row.identifier}" '
        f'aria-label="{inspect}: {title}">{inspect}</button></td></tr>'
    )


def _haystack(row: StoredDocument) -> str:
    parts = (row.title, row.outlet, row.author, row.published, row.path)
    return " ".join(part for part in parts if part).casefold()


def fit_name(name: str) -> str:
    """A file name that is safe in any folder, with its ending kept."""
    plain = _UNFIT.sub("_", PurePath(name.replace("\\", "/")).name).strip(". ")
    stem, suffix = PurePath(plain).stem[:120], PurePath(plain).suffix[:12]
    return (stem or "document") + suffix


def take_in(
    uploads: Iterable[Path], folder: Path, language: str
) -> tuple[list[Path], list[tuple[str, str]]]:
    """Move uploads into the library's folder; returns (moved files, (name, why not)).

    Raises:
        OSError: the folder cannot be made. A file that cannot be moved costs only itself.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    moved: list[Path] = []
    refused: list[tuple[str, str]] = []
    for upload in uploads:
        name = fit_name(upload.name)
        try:
            if upload.stat().st_size > MAX_FILE_MEGABYTES * 1024 * 1024:
                refused.append((name, say(language, "too_large", n=MAX_FILE_MEGABYTES)))
                upload.unlink()
            else:
                moved.append(_moved(upload, folder / name))
        except OSError as problem:
            refused.append((name, say(language, "not_taken", why=problem.strerror or problem)))
    return moved, refused


def _moved(upload: Path, target: Path) -> Path:
    if target.exists():
        if target.read_bytes() == upload.read_bytes():
            upload.unlink()
            return target
        target = _free(target)
    try:
        shutil.move(upload, target)
    except OSError:
        # The folders may be on two disks: what a full one took of the copy is no document.
        target.unlink(missing_ok=True)
        raise
    return target


def _free(target: Path) -> Path:
    number = 2
    while (candidate := target.with_stem(f"{target.stem}-{number}")).exists():
        number += 1
    return candidate
