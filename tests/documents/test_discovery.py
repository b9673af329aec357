"""Files and folders to the files worth reading."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rag.documents.discovery import Skipped, discover


def tree(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("tide")


def reasons(root: Path) -> dict[str, str]:
    found = discover([root])
    return {
        item.path.relative_to(root).as_posix(): item.reason
        for item in found
        if isinstance(item, Skipped)
    }


def files(*paths: Path) -> list[Path]:
    return [item for item in discover(paths) if isinstance(item, Path)]


def test_files_come_in_the_order_of_names(tmp_path: Path):
    tree(tmp_path, "b/2.txt", "b/10.txt", "a.txt", "c.pdf", "b/a/z.md")
    found = [path.relative_to(tmp_path).as_posix() for path in files(tmp_path)]
    assert found == ["a.txt", "b/10.txt", "b/2.txt", "b/a/z.md", "c.pdf"]


def test_named_paths_keep_their_order_and_are_given_whatever_they_are(tmp_path: Path):
    tree(tmp_path, "z.txt", ".hidden", "a.py")
    named = [tmp_path / "z.txt", tmp_path / ".hidden", tmp_path / "a.py"]
    assert files(*named) == named


def test_what_is_no_document_is_skipped_with_a_reason(tmp_path: Path):
    tree(tmp_path, ".git/config", ".notes.txt", "a.PNG", "b.zip", "c.py", "node_modules/d.txt")
    tree(tmp_path, "page.html", "page_files/style.txt", "other_files/e.txt", "~$brief.docx")
    assert reasons(tmp_path) == {
        ".git": "hidden",
        ".notes.txt": "hidden",
        "~$brief.docx": "hidden",
        "a.PNG": "not a document (image)",
        "b.zip": "not a document (archive, not unpacked)",
        "c.py": "not a document (source code)",
        "node_modules": "not documents",
        "page_files": "parts of a saved page",
    }
    assert [path.name for path in files(tmp_path)] == ["e.txt", "page.html"]


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="needs symbolic links")
def test_loops_and_broken_links_end(tmp_path: Path):
    tree(tmp_path, "sub/a.txt")
    (tmp_path / "sub" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "sub" / "self").symlink_to(tmp_path / "sub" / "self")
    (tmp_path / "sub" / "twin.txt").symlink_to(tmp_path / "sub" / "a.txt")
    (tmp_path / "sub" / "gone.txt").symlink_to(tmp_path / "nowhere")
    assert [path.name for path in files(tmp_path)] == ["a.txt"]
    found = reasons(tmp_path)
    assert set(found) == {"sub/up", "sub/self", "sub/twin.txt", "sub/gone.txt"}
    assert found["sub/up"] == found["sub/twin.txt"] == "reached before (link or named twice)"
    assert found["sub/gone.txt"] == "broken link"


def test_a_path_that_is_not_there_is_said(tmp_path: Path):
    assert list(discover([tmp_path / "x.txt"])) == [Skipped(tmp_path / "x.txt", "no such file")]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_opened(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.txt")
    assert reasons(tmp_path) == {"pipe.txt": "neither a file nor a folder"}
