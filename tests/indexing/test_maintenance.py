"""Taking out, forgetting, exporting, and what the doctor says of harm done on purpose."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import ExitStack
from pathlib import Path

import pytest

from rag.errors import (
    IndexBroken,
    IndexFault,
    IndexLocked,
    IndexMismatch,
    IndexMissing,
    InputError,
    RagError,
    UsageError,
)
from rag.indexing import Index, check, compact, export, forget, import_file, maintenance, remove
from tests.indexing.support import HashingEmbedder, write_corpus

SECRET = "zanzibarquince"
TWO = (
    f"# First\nThe {SECRET} was signed in a closed room.\nNobody spoke of it.\n"
    "# Second\nThe harbour opened on a Monday.\n"
)


def titles(directory):
    with Index.open(directory, None) as index:
        return [document.title for document in index.documents()]


@pytest.mark.parametrize("name", ["report_001.txt", "corpus/report_001.txt", "report 1"])
def test_remove_by_path_ending_or_title(name, build, corpus, directory):
    write_corpus(corpus, 3)
    build()
    assert [document.title for document in remove(directory, name)] == ["Report 1"]
    assert titles(directory) == ["Report 0", "Report 2"]
    assert check(directory, HashingEmbedder()) == []
    assert build().new == 1


def test_an_ambiguous_name_lists_the_files_and_takes_none(build, corpus, directory):
    for folder in ("a", "b"):
        write_corpus(corpus / folder, 1)
    build()
    with pytest.raises(UsageError, match=r"names 2 files(.|\n)*a/report_000(.|\n)*b/report_000"):
        remove(directory, "report_000.txt")
    assert len(titles(directory)) == 2
    assert len(remove(directory, "b/report_000.txt")) == 1
    with pytest.raises(UsageError, match="Run: rag docs"):
        remove(directory, "report")


def test_one_of_two_articles_of_a_file(build, corpus, directory, embedder):
    path = corpus / "two.txt"
    path.write_text(TWO)
    build()
    remove(directory, "First")
    assert titles(directory) == ["Second"]
    assert check(directory, embedder) == []
    with Index.open(directory, embedder) as index:
        text = index.file_text(str(path))
        (sentence,) = index.sentences(index.documents()[0].identifier)
        assert len(text) == len(TWO)
        assert text[sentence.start : sentence.end] == "The harbour opened on a Monday."
    assert build().unchanged == 1
    path.write_text(TWO + "It rained.\n")
    build()
    assert titles(directory) == ["First", "Second"]
    assert check(directory, embedder) == []


def test_what_is_forgotten_is_in_no_file(build, corpus, directory, embedder):
    write_corpus(corpus, 6)
    (corpus / "two.txt").write_text(TWO)
    build()

    def held() -> bool:
        return any(SECRET.encode() in path.read_bytes() for path in directory.iterdir())

    assert held()
    forget(directory, "First")
    assert not held()
    assert check(directory, embedder) == []
    with Index.open(directory, embedder) as index:
        assert index.search(SECRET, limit=50)[0].lexical_rank is None


def test_what_is_erased_was_not_kept_by_a_reader_or_a_broken_update(
    build, corpus, directory, embedder, monkeypatch
):
    monkeypatch.setattr(maintenance, "_READERS_SECONDS", 0.2)
    (corpus / "two.txt").write_text(TWO)
    build()
    (directory / "shards").mkdir()
    (directory / "shards" / "one.parquet").write_text(TWO)
    (directory / "index.sqlite.part").write_text(TWO)
    with Index.open(directory, embedder) as index, index.snapshot():
        build(rebuild=True)  # so that the reader needs the log
        with pytest.raises(IndexLocked, match="nothing was"):
            forget(directory, "First")
        assert titles(directory) == ["First", "Second"]
    assert [document.title for document in forget(directory, "First")] == ["First"]
    assert not any(SECRET.encode() in p.read_bytes() for p in directory.rglob("*") if p.is_file())


def test_what_could_not_be_erased_is_said_and_erased_by_the_same_call(
    build, corpus, directory, embedder, monkeypatch
):
    monkeypatch.setattr(maintenance, "_READERS_SECONDS", 0.2)
    (corpus / "two.txt").write_text(TWO)
    build()

    def held() -> bool:
        return any(SECRET.encode() in p.read_bytes() for p in directory.rglob("*") if p.is_file())

    with (
        Index.open(directory, embedder) as index,
        ExitStack() as reading,
        pytest.raises(IndexLocked, match=r"taken out .* run the same command again"),
    ):
        forget(directory, "First", before=lambda _: reading.enter_context(index.snapshot()))
    assert titles(directory) == ["Second"] and held()
    assert forget(directory, "First") == [] and not held()
    assert check(directory, embedder) == []
    with pytest.raises(UsageError, match="No document"):
        forget(directory, "First")


def test_what_cannot_be_erased_elsewhere_leaves_the_document_to_be_named(build, corpus, directory):
    (corpus / "two.txt").write_text(TWO)
    build()

    def fails(documents):
        raise RagError("not now")

    with pytest.raises(RagError, match="not now"):
        forget(directory, "First", before=fails)
    assert titles(directory) == ["First", "Second"]
    told = []
    forget(directory, "First", before=told.append)
    assert [document.title for document in told[0].documents] == ["First"]


def test_what_an_update_left_and_cannot_be_deleted_is_said_first(build, corpus, directory):
    (corpus / "two.txt").write_text(TWO)
    build()
    (directory / "index.sqlite.part").mkdir()
    with pytest.raises(IndexFault, match="Nothing was forgotten"):
        forget(directory, "First")
    assert titles(directory) == ["First", "Second"]


def test_a_whole_path_is_not_the_ending_of_another(build, corpus, directory):
    write_corpus(corpus, 2)
    build()
    with pytest.raises(UsageError, match="No document"):
        remove(directory, "/report_001.txt")
    assert len(titles(directory)) == 2


def test_maintenance_of_nothing_makes_nothing(tmp_path):
    for work in (compact, lambda d: remove(d, "x"), lambda d: export(d, tmp_path / "out")):
        with pytest.raises(IndexMissing):
            work(tmp_path / "none")
    assert list(tmp_path.iterdir()) == []
    assert check(tmp_path)[0].remedy == "Run: rag index PATH..."


def test_an_exported_index_answers_elsewhere(build, corpus, directory, embedder, tmp_path):
    write_corpus(corpus, 5)
    build()
    target = tmp_path / "carried.rag"
    generation = export(directory, target)
    with pytest.raises(UsageError, match="is there already"):
        export(directory, target)
    assert import_file(target, tmp_path / "new") == generation
    assert check(tmp_path / "new", embedder) == []
    with Index.open(directory, embedder) as one, Index.open(tmp_path / "new", embedder) as two:
        assert one.search("radar quota") == two.search("radar quota")
    with pytest.raises(UsageError, match="holds an index already"):
        import_file(target, directory)


def test_an_export_is_named_by_what_it_holds(
    build, corpus, directory, embedder, tmp_path, monkeypatch
):
    write_corpus(corpus, 2)
    build()
    replace, target = Path.replace, tmp_path / "carried.rag"

    def while_another_writes(path, to):
        if path.name == "carried.rag.part":
            remove(directory, "Report 1")
        return replace(path, to)

    monkeypatch.setattr(Path, "replace", while_another_writes)
    assert export(directory, target) == import_file(target, tmp_path / "new")


def test_the_log_of_an_index_is_not_anothers(build, corpus, directory, embedder, tmp_path):
    write_corpus(corpus, 2)
    build()
    export(directory, tmp_path / "carried.rag")
    connection = sqlite3.connect(directory / "index.sqlite")
    connection.execute("UPDATE files SET sha256 = 'x'")
    connection.commit()
    with pytest.raises(InputError, match="in use"):
        import_file(directory / "index.sqlite", tmp_path / "new")
    new = tmp_path / "new"
    new.mkdir()
    shutil.copy(directory / "index.sqlite-wal", new)
    connection.close()
    import_file(tmp_path / "carried.rag", new)
    assert check(new, embedder) == []


def test_where_an_export_cannot_be_written_or_taken_is_said(
    build, corpus, directory, embedder, tmp_path
):
    write_corpus(corpus, 2)
    build()
    with pytest.raises(UsageError, match="no folder"):
        export(directory, tmp_path / "nowhere" / "carried.rag")
    target = tmp_path / "carried.rag"
    export(directory, target)
    connection = sqlite3.connect(target)
    changed = (
        "UPDATE meta SET value = replace(value, '\"format_version\": 2', '\"format_version\": 1')"
    )
    connection.execute(changed)
    connection.commit()
    connection.close()
    with pytest.raises(IndexMismatch, match=r"format_version 1 in the index, 2 now"):
        import_file(target, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_what_an_import_broken_off_leaves_is_told_and_does_no_harm(
    build, corpus, directory, embedder, tmp_path
):
    write_corpus(corpus, 2)
    build()
    export(directory, tmp_path / "carried.rag")
    (directory / "index.sqlite.part").write_bytes(b"half")
    (finding,) = check(directory, embedder)
    assert (finding.severity, finding.remedy) == ("note", "Delete it.")
    new = tmp_path / "new"
    new.mkdir()
    (new / "index.sqlite.part").write_bytes(b"half")
    import_file(tmp_path / "carried.rag", new)
    assert check(new, embedder) == []


def test_a_broken_export_is_refused(tmp_path, build, corpus, directory):
    write_corpus(corpus, 2)
    build()
    target = tmp_path / "carried.rag"
    export(directory, target)
    target.write_bytes(b"no database" + target.read_bytes()[11:])
    with pytest.raises(InputError, match="not an exported index"):
        import_file(target, tmp_path / "new")
    with pytest.raises(InputError):
        import_file(tmp_path / "nowhere", tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        ("DELETE FROM vectors WHERE passage = 1", "1 passages without a vector"),
        ("INSERT INTO vectors VALUES (999, zeroblob(128))", "1 vectors without a passage"),
        ("UPDATE vectors SET vector = x'00' WHERE passage = 2", "1 vectors of a wrong length"),
        ("DELETE FROM lexical WHERE rowid = 1", "1 passages not in the word index"),
        ("UPDATE terms SET passages = 99 WHERE term = 'probe'", "1 terms with a wrong count"),
        ("DELETE FROM passages WHERE id = 1", "1 vectors without a passage"),
        ("UPDATE files SET text = x'00' WHERE id = 1", "cannot be read"),
        ("UPDATE files SET sha256 = 'x' WHERE id = 1", "generation does not fit"),
        ("UPDATE documents SET file = 77 WHERE id = 1", "belongs to nothing"),
        ("DELETE FROM resemblance WHERE document = 2", "keys of copied articles do not fit"),
    ],
)
def test_the_doctor_sees_harm(harm, said, build, corpus, directory, embedder):
    write_corpus(corpus, 3)
    build()
    assert check(directory, embedder) == []
    connection = sqlite3.connect(directory / "index.sqlite")
    connection.execute(harm)
    connection.commit()
    connection.close()
    found = check(directory, embedder)
    assert any(said in finding.what and finding.severity == "error" for finding in found), found
    remedies = {finding.remedy for finding in found if finding.severity == "error"}
    assert remedies == {"Run: rag index --rebuild PATH..."}
    build(rebuild=True)
    assert check(directory, embedder) == []


@pytest.mark.parametrize("settings", ["{}", '{"format_version": 1, "kept": "otherwise"}'])
def test_an_index_of_another_version_is_told_and_made_anew(
    settings, build, corpus, directory, embedder
):
    write_corpus(corpus, 3)
    build()
    connection = sqlite3.connect(directory / "index.sqlite")
    connection.execute("UPDATE meta SET value = ? WHERE name = 'settings'", (settings,))
    connection.execute("ALTER TABLE documents DROP COLUMN keys")
    connection.execute("DROP TABLE resemblance")
    connection.commit()
    connection.close()
    (finding,) = check(directory, embedder)
    assert "settings" in finding.what and finding.remedy == "Run: rag index --rebuild PATH..."
    assert build(rebuild=True).new == 3
    assert check(directory, embedder) == []


def test_the_doctor_sees_other_settings_and_changed_originals(build, corpus, directory):
    paths = write_corpus(corpus, 3)
    build()
    paths[0].write_text("changed")
    paths[1].unlink()
    assert [(f.severity, f.what[:7]) for f in check(directory, HashingEmbedder())] == [
        ("note", "1 files"),
        ("note", "1 index"),
    ]
    assert "hashing@2" in check(directory, HashingEmbedder(64, "hashing@2"))[0].what


def test_a_damaged_database_is_said_to_be_damaged(build, corpus, directory, embedder):
    write_corpus(corpus, 3)
    build()
    path = directory / "index.sqlite"
    path.write_bytes(b"garbage" * 1000)
    with pytest.raises(IndexBroken, match="damaged"):
        Index.open(directory, embedder)
    (finding,) = check(directory)
    assert (finding.severity, finding.remedy.split(",")[0]) == ("error", "Delete the folder")


def test_a_closed_index_is_not_said_to_be_damaged(build, corpus, directory, embedder):
    write_corpus(corpus, 1)
    build()
    index = Index.open(directory, embedder)
    index.close()
    with pytest.raises(UsageError, match="was closed"):
        index.documents()


def test_opening_writes_nothing(build, corpus, directory, embedder):
    write_corpus(corpus, 3)
    build()

    def state():
        # SQLite's own shared memory and an empty log are not part of what is kept.
        kept = [path for path in directory.iterdir() if not path.name.endswith("-shm")]
        return {path.name: data for path in kept if (data := path.read_bytes())}

    before = state()
    with Index.open(directory, embedder) as index:
        index.search("radar")
    assert state() == before


def test_other_settings_are_told_with_one_remedy(build, corpus, directory):
    write_corpus(corpus, 2)
    build()
    (finding,) = check(directory, HashingEmbedder(fingerprint="other@1"))
    assert "'other@1' now." in finding.what
    assert f"{finding.what} {finding.remedy}".count("rag index --rebuild") == 1
