"""What of a file was not read, although the file was."""

from __future__ import annotations

from rag.types import SourceFile

_NOTHING = "no sentence to search: all of its text looks like menus, links or headings"


def unread(source: SourceFile) -> tuple[str, ...]:
    """What a user should know of a file that was read in part; empty when all of it was.

    A page without text among pages with text is most often a scan: "page 3 of 12 has no text". A
    file may also hold text and no sentence, as a page of links does.
    """
    bare = source.documents and not any(one.sentences for one in source.documents)
    said = [_NOTHING] if bare else []
    empty = [page.number for page in source.pages if not source.text[page.start : page.end].strip()]
    if empty:
        many = len(empty) > 1
        kind = "slide" if source.format == "pptx" else "page"
        which = f"{kind}{'s' * many} {_ranges(empty)} of {len(source.pages)}"
        said.append(f"{which} {'have' if many else 'has'} no text (scanned or blank)")
    return tuple(said)


def _ranges(numbers: list[int]) -> str:
    """Numbers in rising order, runs written as one: "3, 7-9"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1] = [runs[-1][0], number]
        else:
            runs.append([number])
    return ", ".join("-".join(map(str, run)) for run in runs)
