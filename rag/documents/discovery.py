"""Files and folders to the files worth reading, in an order that does not depend on the machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_KINDS = {
    "image": "png jpg jpeg gif bmp tif tiff webp svg ico heic psd",
    "sound or film": "mp3 mp4 m4a m4v wav ogg oga ogv flac avi mkv mov webm wmv srt vtt",
    "archive, not unpacked": "zip gz tgz bz2 xz zst 7z rar tar jar whl deb rpm iso",
    "program or library": "exe dll so dylib o a pyc class bin wasm msi apk",
    "source code": "py js mjs ts tsx jsx css scss c h cc cpp hpp rs go java sh bat ps1 map ipynb",
    "font": "ttf otf woff woff2 eot",
    "data or settings": "json jsonl xml yaml yml toml ini cfg lock log sql db sqlite sqlite3 "
    "parquet npy npz pkl pickle faiss gguf safetensors pt onnx",
}
_NOT_DOCUMENTS = {
    f".{suffix}": kind for kind, suffixes in _KINDS.items() for suffix in suffixes.split()
}
_FOLDERS = frozenset({"__pycache__", "node_modules", "__MACOSX"})
_PAGE_PARTS = ("_files", ".files", "_dateien")


@dataclass(frozen=True, slots=True)
class Skipped:
    """A path that is not read, and why, in a few words."""

    path: Path
    reason: str


def discover(paths: Iterable[Path | str]) -> Iterator[Path | Skipped]:
    """The files to read, each once, folders walked in the order of their names.

    A file that is named is always given; what lies in a folder is skipped when it is hidden, of a
    kind that is no document, or reached before (links are followed, loops end). Nothing is opened.
    """
    seen: set[Path] = set()
    pending: list[tuple[Path, bool]] = [(Path(path), True) for path in paths][::-1]
    while pending:
        path, named = pending.pop()
        try:
            reason = None if named else _reason(path)
            if reason is None and not path.exists():
                reason = "broken link" if path.is_symlink() else "no such file"
            real = path.resolve()
            if reason is None and real in seen:
                reason = "reached before (link or named twice)"
            folder = path.is_dir()
            if reason is None and not folder and not path.is_file():
                reason = "neither a file nor a folder"
            if reason is None and folder:
                children = sorted(path.iterdir(), key=lambda child: child.name, reverse=True)
                pending += [(child, False) for child in children]
        except (OSError, RuntimeError) as error:
            reason = f"cannot be opened ({_plain(error)})"
            folder, real = False, path
        if reason is not None:
            yield Skipped(path, reason)
            continue
        seen.add(real)
        if not folder:
            yield path


def _plain(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _reason(path: Path) -> str | None:
    """Why a path inside a folder is not worth opening, by its name alone; None when it is."""
    if path.name.startswith((".", "~$")):
        return "hidden"
    if path.suffix.lower() in _NOT_DOCUMENTS and not path.is_dir():
        return f"not a document ({_NOT_DOCUMENTS[path.suffix.lower()]})"
    if path.name in _FOLDERS:
        return "not documents"
    for ending in _PAGE_PARTS:
        if path.name.endswith(ending) and path.is_dir():
            page = path.name.removesuffix(ending)
            if any((path.parent / (page + suffix)).is_file() for suffix in (".html", ".htm")):
                return "parts of a saved page"
    return None
