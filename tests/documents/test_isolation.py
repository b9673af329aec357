"""Reading many files in child processes: order, and one bad file costs one file."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rag.documents import isolation, isolation_child
from rag.documents.isolation import Progress, one_by_one, read_all
from rag.documents.limits import Limits
from rag.errors import ReadError
from rag.types import SourceFile
from tests.documents import fixtures

needs_limits = pytest.mark.skipif(sys.platform != "linux", reason="needs address space limits")


def outcomes(paths: list[Path], workers: int = 1, limits: Limits | None = None) -> list[str]:
    """A format for each file that was read, a reason for each that was not."""
    return [
        result.format if isinstance(result, SourceFile) else result.reason
        for _, result in read_all(paths, workers, limits or Limits())
    ]


def test_results_come_in_order_with_progress_and_errors_between(tmp_path: Path):
    paths = [
        fixtures.make_pdf(tmp_path / "a.pdf"),
        fixtures.make_scan(tmp_path / "b.pdf"),
        fixtures.make_html(tmp_path / "c.html"),
        tmp_path / "gone.txt",
        fixtures.make_txt(tmp_path / "d.txt"),
    ]
    seen: list[Progress] = []
    results = list(read_all(paths, 2, progress=seen.append))
    assert [path for path, _ in results] == paths
    kinds = [
        result.format if isinstance(result, SourceFile) else result.reason for _, result in results
    ]
    assert kinds == ["pdf", "no text layer (scanned?)", "html", "no such file", "txt"]
    assert [step.files for step in seen] == [1, 2, 3, 4, 5]
    assert seen[-1].bytes == seen[-1].bytes_total > 0
    assert seen[-1].seconds_left == 0.0


def test_a_child_reads_what_this_process_reads(tmp_path: Path):
    from rag.documents import read

    paths = [fixtures.make_docx(tmp_path / "a.docx"), fixtures.make_txt(tmp_path / "b.txt")]
    assert [result for _, result in read_all(paths)] == [read(path) for path in paths]
    few = [(paths[1], read(paths[1]))]
    assert list(read_all(paths[1:])) == few  # without a child


def test_files_asked_for_in_turn_share_a_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from rag.documents import read

    started: list[object] = []
    start = isolation.subprocess.Popen
    monkeypatch.setattr(
        isolation.subprocess, "Popen", lambda *a, **k: started.append(a) or start(*a, **k)
    )
    paths = [fixtures.make_docx(tmp_path / "a.docx"), fixtures.make_txt(tmp_path / "b.txt"),
             fixtures.make_html(tmp_path / "c.html")]  # fmt: skip
    with one_by_one() as bounded:
        assert [bounded(path) for path in paths] == [read(path) for path in paths]
        with pytest.raises(ReadError, match="no such file"):
            bounded(tmp_path / "gone.pdf")
    assert len(started) == 1
    with one_by_one(Limits(wall_seconds=0.01)) as bounded, pytest.raises(ReadError, match="longer"):
        bounded(paths[0])


@needs_limits
def test_a_file_that_takes_too_long_costs_itself(tmp_path: Path):
    slow = tmp_path / "slow.html"
    slow.write_text("<html>" + "<p class='x'>Tide</p>" * 900_000)
    quick = fixtures.make_docx(tmp_path / "quick.docx")
    # A warm child: the second file is read in milliseconds, the large page in many seconds.
    assert outcomes([quick, slow, quick], limits=Limits(seconds=2.5)) == [
        "docx",
        "took longer than 2.5 s of processor time",
        "docx",
    ]


@needs_limits
def test_a_reader_that_waits_is_ended_by_the_clock(tmp_path: Path):
    # A child needs longer than this only to start, and next to no processor time is used.
    limits = Limits(wall_seconds=0.01)
    paths = [fixtures.make_pdf(tmp_path / "a.pdf"), fixtures.make_pdf(tmp_path / "b.pdf")]
    assert outcomes(paths, limits=limits) == ["took longer than 0.01 s"] * 2


@needs_limits
def test_time_is_counted_for_each_file_by_itself(tmp_path: Path):
    from rag.documents import read

    page = tmp_path / "page.html"
    page.write_text("<html>" + "<p class='x'>The tide is out.</p>" * 8_000)
    read(page)  # what is imported first is not counted
    began = time.process_time()
    read(page)
    seconds = time.process_time() - began
    # Room for the child's imports, and more files than all of them together have time for.
    limit = 3 + 4 * seconds
    files = int(limit / seconds) + 4
    assert outcomes([page] * files, limits=Limits(seconds=limit)) == ["html"] * files


@needs_limits
def test_a_file_that_eats_memory_costs_itself(tmp_path: Path):
    big = tmp_path / "big.txt"
    big.write_bytes(b"The tide is out.\n\n" * 6_000_000)
    quick = fixtures.make_csv(tmp_path / "quick.csv")
    found = outcomes([quick, big, quick], limits=Limits(memory_bytes=250_000_000))
    assert found[0] == found[2] == "csv"
    assert found[1].startswith(("needs more than 250 MB", "reader died"))


@needs_limits
def test_a_reader_that_dies_is_an_error_of_its_file(tmp_path: Path):
    quick = fixtures.make_csv(tmp_path / "quick.csv")
    reading = read_all([quick] * 2, 1)
    (_, first) = next(reading)
    assert isinstance(first, SourceFile)
    reading.close()
    # Too little memory for the child even to import its readers.
    ((_, result),) = list(
        read_all([fixtures.make_pdf(tmp_path / "a.pdf")], 1, Limits(memory_bytes=1_000_000))
    )
    assert isinstance(result, ReadError)
    assert result.reason.startswith(("needs more than", "reader died"))


def test_an_error_of_ours_costs_its_file_in_this_process_too(tmp_path: Path, monkeypatch):
    broken, sound = tmp_path / "broken.txt", fixtures.make_txt(tmp_path / "sound.txt")
    broken.write_text("One tug.")
    whole = isolation.read_one

    def read_one(path: Path, limits: Limits) -> SourceFile:
        if path == broken:
            raise KeyError("sepember")
        return whole(path, limits)

    monkeypatch.setattr(isolation, "read_one", read_one)
    assert outcomes([broken, sound]) == ["internal error (KeyError)", "txt"]


@needs_limits
def test_a_library_that_finds_no_memory_is_said_so(tmp_path: Path):
    limits = Limits(memory_bytes=9_000_000)
    message = "libx.so: failed to map segment from shared object"
    ((_, reason), last) = isolation_child.failure("a.pdf", ImportError(message), limits)
    assert (reason, last) == ("needs more than 9 MB", True)
    ((_, reason), last) = isolation_child.failure("a.pdf", ImportError("No module x"), limits)
    assert (reason, last) == ("internal error (ImportError)", False)


@needs_limits
def test_closing_the_iterator_ends_the_children(tmp_path: Path):
    paths = [fixtures.make_csv(tmp_path / f"{number}.csv") for number in range(4)]
    reading = read_all(paths, 2)
    next(reading)
    reading.close()
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    commands = [Path(f"/proc/{child}/cmdline").read_bytes() for child in children]
    assert not [command for command in commands if b"isolation_child" in command]


def test_a_script_without_a_main_guard_can_use_it(tmp_path: Path):
    story = fixtures.make_docx(tmp_path / "a.docx")
    script = tmp_path / "script.py"
    script.write_text(
        "from pathlib import Path\n"
        "from rag.documents.isolation import read_all\n"
        f"for path, result in read_all([Path({str(story)!r})], 2):\n"
        "    print(path.name, result.format)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, env=environment, timeout=60
    )
    assert (done.returncode, done.stdout) == (0, "a.docx docx\n")
