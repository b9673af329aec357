"""What an update does to files that are new, changed, moved, gone or unreadable."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rag.cli.indexing import _tell
from rag.documents.fold import fold
from rag.errors import IndexMismatch, InputError
from rag.indexing import Index, PassageSettings, check, info, update
from tests.indexing.support import HashingEmbedder, article, read_lines, reader, write_corpus


def test_what_went_in_comes_out(build, corpus, directory, embedder):
    path = corpus / "one.txt"
    path.write_text(
        "# Harbour cranes | 2022-03 | Port Desk | en\n-- Page 1\n## Costs\nThe cranes cost 4.5m.\n"
        "They came late.\n\f## Crews\nNinety people run them.\n"
    )
    build()
    source = read_lines(path)
    with Index.open(directory, embedder) as index:
        (document,) = index.documents()
        assert (document.title, document.published, document.outlet) == (
            "Harbour cranes",
            "2022-03",
            "Port Desk",
        )
        assert document.file_sha256 == source.sha256
        assert index.file_text(str(path)) == source.text
        assert index.pages(str(path)) == source.pages
        assert index.chrome(str(path)) == source.chrome
        assert index.sentences(document.identifier) == source.documents[0].sentences[1:]
        assert index.passage_count == 2
        assert not any("Page 1" in text for text in embedder.encoded)
        assert all("Harbour cranes | " in text and "2022-03" in text for text in embedder.encoded)
        hit = index.search("Who runs the cranes?")[0]
        assert hit.text == source.text[hit.sentences[0].start : hit.sentences[-1].end]


def test_unchanged_files_cost_nothing(build, corpus, embedder, directory):
    write_corpus(corpus, 5)
    first = build()
    assert (first.new, first.documents, first.skipped) == (5, 5, ())
    before = (directory / "index.sqlite").read_bytes()
    embedder.encoded.clear()
    again = build()
    assert (again.new, again.changed, again.unchanged) == (0, 0, 5)
    assert embedder.encoded == []
    assert (directory / "index.sqlite").read_bytes() == before


def test_a_changed_file_is_replaced_and_only_its_new_text_embedded(
    build, corpus, embedder, directory
):
    path = write_corpus(corpus, 3, lines=12)[1]
    build()
    with Index.open(directory, embedder) as index:
        generation, count = index.generation, index.passage_count
    path.write_text(path.read_text() + "## Later\nA glacier was added afterwards.\n")
    embedder.encoded.clear()
    assert build().changed == 1
    assert len(embedder.encoded) == 1
    with Index.open(directory, embedder) as index:
        assert index.generation != generation
        assert index.passage_count == count + 1
        assert index.search("glacier added afterwards")[0].document.path == str(path)
        assert len(index.documents()) == 3


def test_gone_files_stay_until_pruned(build, corpus, directory, embedder, tmp_path):
    paths = write_corpus(corpus, 4)
    elsewhere = write_corpus(tmp_path / "elsewhere", 1)[0]
    build(corpus, elsewhere)
    paths[0].unlink()
    elsewhere.unlink()
    assert build(corpus).removed == 0
    assert build(corpus, prune=True).removed == 1
    with Index.open(directory, embedder) as index:
        left = {document.path for document in index.documents()}
    assert left == {str(path) for path in paths[1:]} | {str(elsewhere)}
    assert build(elsewhere, prune=True).removed == 1


def test_a_missing_folder_is_never_pruned_as_empty(build, corpus, tmp_path):
    write_corpus(corpus, 2)
    build()
    corpus.rename(tmp_path / "unmounted")
    with pytest.raises(InputError, match="No such file or folder"):
        build(prune=True)


def test_a_moved_file_keeps_its_rows(build, corpus, directory, embedder):
    path = write_corpus(corpus, 2)[0]
    build()
    with Index.open(directory, embedder) as index:
        before = {document.identifier for document in index.documents()}
    (corpus / "below").mkdir()
    path.rename(corpus / "below" / path.name)
    embedder.encoded.clear()
    summary = build()
    assert (summary.moved, summary.new, embedder.encoded) == (1, 0, [])
    with Index.open(directory, embedder) as index:
        assert {document.identifier for document in index.documents()} == before
        assert str(corpus / "below" / path.name) in {d.path for d in index.documents()}


def test_a_renamed_file_is_what_a_new_index_would_hold(build, corpus, directory, embedder):
    """A name tells how a file is read and is the title of one that has no other."""
    (corpus / "one.txt").write_text("The harbour opened on a Monday.\n")
    write_corpus(corpus, 2)
    build()
    (corpus / "one.txt").rename(corpus / "two.txt")
    (corpus / "report_000.txt").rename(corpus / "three.txt")
    embedder.encoded.clear()
    summary = build()
    assert (summary.moved, summary.new, summary.changed) == (2, 0, 0)
    assert len(embedder.encoded) == 1  # the title is embedded with the text
    with Index.open(directory, embedder) as index:
        told = {Path(document.path).name: document.title for document in index.documents()}
    assert told == {"two.txt": "two", "three.txt": "Report 0", "report_001.txt": "Report 1"}
    assert check(directory, embedder) == []


def test_what_cannot_be_looked_at_is_not_taken_for_gone(build, corpus, directory):
    write_corpus(corpus / "below", 2)
    write_corpus(corpus, 1)
    build()
    (corpus / "below").rename(corpus.parent / "aside")
    (corpus / "below").symlink_to(corpus / "below")  # as a drive that does not answer
    assert build(prune=True).removed == 0
    (corpus / "below").unlink()
    assert build(prune=True).removed == 2


def test_a_rebuild_that_is_broken_off_is_ended_by_the_next_update(
    build, corpus, directory, embedder, tmp_path
):
    write_corpus(corpus, 5)
    build()
    write_corpus(tmp_path / "other", 1)

    def broken_off(progress) -> None:
        raise KeyboardInterrupt

    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            build(tmp_path / "other", rebuild=True, progress=broken_off)
    assert "rebuild of 5 files was broken off" in check(directory, embedder)[0].what
    (corpus / "report_004.txt").unlink()
    summary = build(tmp_path / "other")
    assert [(Path(each.path).name, each.reason) for each in summary.skipped] == [
        ("report_004.txt", "no longer there")
    ]
    assert info(directory)["files"] == 5
    assert check(directory, embedder) == []
    assert build(tmp_path / "other").skipped == ()


def test_a_reader_goes_on_through_a_rebuild(build, corpus, directory, embedder):
    write_corpus(corpus, 4)
    build()
    with Index.open(directory, embedder) as index:
        before = index.search("radar quota")
        build(rebuild=True)
        after = index.search("radar quota")
    assert [(hit.text, hit.score) for hit in after] == [(hit.text, hit.score) for hit in before]
    assert not {hit.passage for hit in after} & {hit.passage for hit in before}


def test_a_copy_is_a_file_of_its_own(build, corpus, embedder, directory):
    path = write_corpus(corpus, 1)[0]
    build()
    embedder.encoded.clear()
    (corpus / "copy.txt").write_bytes(path.read_bytes())
    assert build().new == 1
    assert embedder.encoded == []  # equal text has an equal embedding
    with Index.open(directory, embedder) as index:
        assert len(index.documents()) == 2
        texts = [hit.text for hit in index.search("case 0-1-0")]
        assert len(texts) == len(set(texts)) == index.passage_count / 2  # said once, shown once


def test_a_file_read_in_part_is_indexed_and_what_was_not_is_said(build, corpus, capsys):
    path = corpus / "one.txt"
    path.write_text("# Harbour cranes | 2022-03\nThey came late.\n\f\n\fNinety people run them.\n")
    summary = build()
    said = "page 2 of 3 has no text (scanned or blank)"
    assert [(one.path, one.reason) for one in summary.warned] == [(str(path), said)]
    assert summary.new == 1
    assert _tell(summary) == 0
    told = capsys.readouterr().err.splitlines()
    assert told[0] == f"warning {path}: {said}"
    assert "1 new, 1 read in part" in told[1]


def test_an_unreadable_file_is_skipped_with_its_reason_and_its_old_text_kept(
    build, corpus, directory, embedder
):
    path = write_corpus(corpus, 2)[0]
    build()
    path.write_bytes(b"\0\1")
    summary = build()
    assert [(skip.path, skip.reason) for skip in summary.skipped] == [(str(path), "binary")]
    with Index.open(directory, embedder) as index:
        assert len(index.documents()) == 2


def test_equal_files_give_an_equal_generation_whatever_the_history(
    build, corpus, tmp_path, embedder, directory
):
    paths = write_corpus(corpus, 4)
    build(paths[2])
    paths[0].write_text(article(0, version=3))
    build()
    paths[0].write_text(article(0))
    build()
    other = tmp_path / "other"
    update(
        other,
        [corpus],
        HashingEmbedder(),
        reader=reader,
        passages=PassageSettings(target_tokens=30),
    )
    question = "which radar was delayed near Quito?"
    with Index.open(directory, embedder) as one, Index.open(other, embedder) as two:
        assert one.generation == two.generation
        assert [(h.text, h.score) for h in one.search(question)] == [
            (h.text, h.score) for h in two.search(question)
        ]


def test_another_embedder_is_refused_and_rebuild_mends_it(build, corpus, directory):
    write_corpus(corpus, 2)
    build()
    other = HashingEmbedder(32, "hashing@2")
    with pytest.raises(IndexMismatch, match=r"'hashing@1'.*'hashing@2'.*rag index --rebuild"):
        Index.open(directory, other)
    with pytest.raises(IndexMismatch, match="dimension 64 in the index, 32 now"):
        update(directory, [corpus], other, reader=reader)
    rebuilt = update(directory, [corpus], other, reader=reader, rebuild=True)
    assert (rebuilt.new, rebuilt.skipped) == (2, ())
    with Index.open(directory, other) as index:
        assert len(index.documents()) == 2
    assert check(directory, other) == []


def test_passages_keep_to_section_and_window(build, corpus, directory, embedder):
    path = corpus / "long.txt"
    lines = [f"Sentence number {n} has exactly seven words." for n in range(40)]
    path.write_text("\n".join(["# Long", *lines[:20], "## Second", *lines[20:]]))
    build()
    source = read_lines(path)
    texts = [text.split("\n", 1) for text in embedder.encoded]
    assert all(len(body.split()) <= 30 for _, body in texts)
    assert " ".join(body for _, body in sorted(texts, key=lambda t: int(t[1].split()[2]))) == fold(
        " ".join(source.text[s.start : s.end] for s in source.documents[0].sentences)
    )
    with Index.open(directory, embedder) as index:
        for hit in index.search("Sentence number", limit=50):
            assert len({sentence.section for sentence in hit.sentences}) == 1


def test_progress_ends_at_the_total(build, corpus):
    write_corpus(corpus, 3)
    seen = []
    build(progress=seen.append)
    assert [(p.done, p.total) for p in seen] == [(1, 3), (2, 3), (3, 3)]
    assert seen[-1].passages > 0


def test_info_counts(build, corpus, directory):
    write_corpus(corpus, 3)
    build()
    told = info(directory)
    assert (told["files"], told["documents"]) == (3, 3)
    assert told["dense"]["kind"] == "Flat"
    assert told["dense"]["vectors"] == told["passages"]


def test_the_index_inside_the_indexed_folder_is_passed_by(embedder, corpus):
    write_corpus(corpus, 1)
    inside = corpus / "index"
    for _ in range(2):
        update(inside, [corpus], embedder, reader=reader)
    assert info(inside)["files"] == 1


def test_a_file_without_text_is_indexed_as_empty(build, corpus, directory, embedder):
    (corpus / "empty.txt").write_text("\n\n")
    build()
    with Index.open(directory, embedder) as index:
        assert index.search("anything") == []
        assert index.passage_count == 0
    assert check(directory, embedder) == []


def test_odd_names_and_titles_do_no_harm(build, corpus, directory, embedder):
    (corpus / "a%20b 'c' \N{SNOWMAN}.txt").write_text("# It's \U0001f680\nA rocket stood there.\n")
    (Path(os.fsdecode(os.fsencode(corpus) + b"/bad\xff.txt"))).write_text("# Bad\nText.\n")
    summary = build()
    assert summary.new == 1
    assert [skip.reason for skip in summary.skipped] == ["its name is not valid Unicode"]
    with Index.open(directory, embedder) as index:
        assert index.search("rocket")[0].document.title == "It's \U0001f680"
    assert check(directory, embedder) == []
