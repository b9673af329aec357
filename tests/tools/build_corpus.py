"""Build the binary files of the evaluation corpus from their Markdown sources.

    python tests/tools/build_corpus.py [NAME ...] [--check]

Every `eval/sources/NAME.md` names its output in its front matter; the output's ending picks the
writer. The same source gives the same bytes on every run (archive times are fixed), so that
`--check` can say whether the committed files are the ones the sources make.

Front matter, one `key: value` a line between two lines `---`: `output` (under `eval/corpus`),
and, where the format has a place for them, `title`, `author`, `date` (ISO), `header` and `footer`
(running lines of a page). Body: `# `/`## ` headings, paragraphs set off by blank lines, `- ` list
items, `| a | b |` tables, `> ` speaker notes, `---` a page break. In xlsx every `## ` is a
sheet, in pptx every `## ` a slide, in epub every `# ` a chapter.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if __package__ in (None, ""):
    sys.path.insert(0, str(ROOT))

from tests.tools.corpus_source import Source, read_source  # noqa: E402
from tests.tools.corpus_writers import WRITERS  # noqa: E402


def build(source: Source, folder: Path) -> Path:
    """Write one source's file below `folder` and return its path."""
    path = folder / source.output
    path.parent.mkdir(parents=True, exist_ok=True)
    WRITERS[path.suffix](source, path)
    return path


def differing(sources: list[Source], corpus: Path) -> list[str]:
    """Outputs whose committed bytes are not those the sources make now."""
    with tempfile.TemporaryDirectory() as folder:
        return [
            source.output
            for source in sources
            if not (corpus / source.output).exists()
            or build(source, Path(folder)).read_bytes() != (corpus / source.output).read_bytes()
        ]


def main() -> int:
    parser = argparse.ArgumentParser(description="Build the corpus's binary files.")
    parser.add_argument("names", nargs="*", help="sources to build, without .md (default: all)")
    parser.add_argument("--check", action="store_true", help="compare only, exit 1 on a difference")
    arguments = parser.parse_args()
    folder, corpus = ROOT / "eval" / "sources", ROOT / "eval" / "corpus"
    paths = [folder / f"{name}.md" for name in arguments.names] or sorted(folder.glob("*.md"))
    sources = [read_source(path) for path in paths if path.name != "README.md"]
    if arguments.check:
        changed = differing(sources, corpus)
        print("\n".join(f"differs: {output}" for output in changed) or "all as the sources say")
        return 1 if changed else 0
    for source in sources:
        print(build(source, corpus).relative_to(ROOT))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
