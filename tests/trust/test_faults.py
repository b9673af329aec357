"""What the user sees when the ground moves: no wrong answer, no lost data, a message with a remedy."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rag.answering.assistant import Assistant
from rag.answering.verify import verify
from rag.documents import read
from rag.errors import IndexFault, ModelNotFound, RagError
from rag.indexing import Index, check, update
from rag.types import Answer, Filters, Stage
from rag.ui.conversations import Conversations
from rag.ui.feedback import Feedback
from rag.ui.rendering import answer_html
from rag.ui.seam import Holder
from rag.ui.sessions import Desk
from tests.answering.support import ScriptedGenerator
from tests.evaluation.fakes import Perfect
from tests.evaluation.test_gate import Bench
from tests.indexing.support import HashingEmbedder, read_here
from tests.test_offline import ROOT
from tests.trust.attacks import QUESTION, TRUTH
from tests.trust.obeying import ALWAYS
from tests.ui.test_full_disk import full

RIGHT = "The port of Velmark moved 4.2 million containers in 2023. [S1]"
LATER = TRUTH.replace("4.2", "5.1").replace("2024-03-05", "2024-09-05")


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "harbour.md").write_text(TRUTH)
    update(tmp_path / "index", [folder], HashingEmbedder(), reader=read_here)
    return folder


def opened(papers: Path, draft: str = RIGHT) -> Assistant:
    generator = ScriptedGenerator(draft)
    return Assistant(
        papers.parent / "index", embedder=HashingEmbedder(), generator=generator, confidence=ALWAYS
    )


def stands(answer: Answer) -> bool:
    cited = [("", each) for each in answer.citations]
    return all(each.problem is None for each in verify(cited, lambda path: read(path).text))


def test_an_index_replaced_underneath_gives_one_or_the_other(papers: Path) -> None:
    """The folder is exchanged while an assistant is open on it."""
    index = papers.parent / "index"
    with opened(papers) as assistant:
        assert "4.2" in assistant.ask(QUESTION).text
        (papers / "harbour.md").write_text(LATER)
        update(papers.parent / "new", [papers], HashingEmbedder(), reader=read_here)
        index.rename(papers.parent / "old")
        (papers.parent / "new").rename(index)
        try:
            answer = assistant.ask(QUESTION)
        except IndexFault as error:
            assert "Run:" in str(error)
        else:
            quotes = " ".join(each.quote for each in (*answer.citations, *answer.nearest))
            assert ("4.2" in quotes) != ("5.1" in quotes), "one generation, not a mixture"
    with opened(papers, RIGHT.replace("4.2", "5.1")) as assistant:
        answer = assistant.ask(QUESTION)
    assert answer.state == "answered" and "5.1" in answer.text and stands(answer)


def test_an_index_deleted_underneath_is_said(papers: Path) -> None:
    with opened(papers) as assistant:
        shutil.rmtree(papers.parent / "index")
        try:
            answer = assistant.ask(QUESTION)
            assert answer.state == "abstained" or "4.2" in answer.text
        except RagError as error:
            assert "Run:" in str(error)
    with pytest.raises(IndexFault, match="Run: rag index"):
        opened(papers)


@pytest.mark.parametrize("jump", [-(10**9), 10**10])
def test_a_clock_that_jumps_changes_no_answer(papers: Path, monkeypatch, jump: int) -> None:
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + jump)
    with opened(papers) as assistant:
        answer = assistant.ask(QUESTION)
    assert answer.state == "answered" and stands(answer)
    assert 0 <= answer.timings.retrieve_s <= answer.timings.total_s < 60
    (papers / "more.md").write_text(LATER)
    os.utime(papers / "more.md", (max(0, now() + jump), max(0, now() + jump)))
    summary = update(papers.parent / "index", [papers], HashingEmbedder(), reader=read_here)
    assert (summary.new, summary.unchanged) == (1, 1)


def test_a_changed_file_is_told_by_verify(papers: Path) -> None:
    with opened(papers) as assistant:
        answer = assistant.ask(QUESTION)
    (papers / "harbour.md").write_text(LATER)
    assert not stands(answer)


@pytest.mark.parametrize("stage", ["indexing", "searching", "reading", "writing", "checking"])
def test_terminated_in_any_stage_leaves_a_whole_index(papers: Path, stage: str) -> None:
    """The process ends by the signal, and the next one goes on as if nothing had been."""
    (papers / "more.md").write_text(TRUTH.replace("Velmark", "Elmsund"))
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            _work_until(stage, papers, writer)
        finally:
            os._exit(99)
    assert os.read(reader, 1) == b"."
    os.kill(child, signal.SIGTERM)
    status = os.waitpid(child, 0)[1]
    os.close(reader), os.close(writer)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGTERM
    index = papers.parent / "index"
    assert [found for found in check(index, HashingEmbedder()) if found.severity != "note"] == []
    update(index, [papers], HashingEmbedder(), reader=read_here)
    with Index.open(index, HashingEmbedder()) as after:
        assert len(after.documents()) == 2
    with opened(papers) as assistant:
        assert "4.2" in assistant.ask(QUESTION).text


def _work_until(stage: str, papers: Path, writer: int) -> None:
    """In the child: go up to the stage, say so, and wait to be ended."""

    def wait() -> None:
        os.write(writer, b".")
        time.sleep(60)

    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if stage == "indexing":
        index = papers.parent / "index"
        update(index, [papers], HashingEmbedder(), reader=read_here, progress=lambda _: wait())
    with opened(papers) as assistant:
        for event in assistant.stream(QUESTION):
            if event == Stage(stage) or (isinstance(event, Stage) and event.name == stage):
                wait()


def test_weights_deleted_before_they_are_loaded_are_said_where_it_was_asked(papers: Path) -> None:
    """The program is open, its generator is not yet read: Python and the page tell the remedy."""
    weights = papers.parent / "some.gguf"
    weights.write_bytes(b"GGUF")
    parts = {"embedder": HashingEmbedder(), "generator": weights, "preload": False}
    with Assistant(papers.parent / "index", confidence=ALWAYS, **parts) as assistant:
        weights.unlink()
        with pytest.raises(ModelNotFound, match="Run: rag models"):
            assistant.ask(QUESTION)
        talks, opinions = papers.parent / "c.db", papers.parent / "f.jsonl"
        desk = Desk(Holder(assistant), Conversations(talks), Feedback(opinions))
        turn = desk.ask(desk.session("tab"), QUESTION, Filters())
        assert turn.done.wait(60) and turn.problem is not None
        assert "Run: rag models" in answer_html(turn, "en")
        assert turn.evidence, "what was found is shown all the same"


def test_a_run_of_the_evaluation_that_fills_the_disk_is_gone_on_with(tmp_path: Path) -> None:
    bench, limit = Bench(tmp_path), tmp_path / "limit"
    whole = bench.run(Perfect).run.results
    (kept,) = (tmp_path / "runs").glob("*.jsonl")
    size = kept.stat().st_size
    kept.unlink()
    limit.write_bytes(b"x" * (size // 2))
    with full(limit), pytest.raises(OSError, match="File too large"):
        bench.run(Perfect)
    fresh: list[int] = []
    again = bench.run(Perfect, resume=True, progress=lambda state: fresh.append(state.done))
    assert 0 < len(fresh) < len(whole), "what was on the disk is not asked again"
    assert [each.scores for each in again.run.results] == [each.scores for each in whole]


def test_a_command_that_fills_the_disk_says_so_in_one_line(monkeypatch, capsys) -> None:
    from rag import cli
    from rag.cli import machine

    def no_room(options: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "run.jsonl")

    monkeypatch.setattr(machine, "paths", no_room)
    assert cli.main(["paths"]) == 1
    assert capsys.readouterr().err == "rag: No space left on device: run.jsonl\n"


@pytest.mark.slow
def test_weights_deleted_while_running_go_on_answering(tmp_path: Path, tiny_weights: Path) -> None:
    from rag.models.generator import LlamaGenerator
    from rag.types import Message

    copy = tmp_path / "tiny.gguf"
    shutil.copyfile(tiny_weights, copy)
    generator = LlamaGenerator(copy, context_tokens=256, threads=1)
    asked = [Message("user", "Name a port.")]
    before = [token.text for token in generator.stream(asked, max_tokens=6)]
    copy.unlink()
    again = [token.text for token in generator.stream([*asked], max_tokens=6)]
    generator.close()
    assert again == before
    with pytest.raises(ModelNotFound, match="Run: rag models"):
        LlamaGenerator(copy)


def limited(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run code in a child that has `limit(room)`: no more than `room` bytes beyond what it uses."""
    head = (
        "import resource, sys; from pathlib import Path\n"
        "from rag.errors import RagError\n"
        "from rag.models.generator import LlamaGenerator\n"
        "from rag.types import Message\n"
        "def limit(room):\n"
        "    used = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize()\n"
        "    most = resource.getrlimit(resource.RLIMIT_AS)[1]\n"
        "    resource.setrlimit(resource.RLIMIT_AS, (used + room, most))\n"
    )
    return subprocess.run(
        [sys.executable, "-c", head + code, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=280,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )


@pytest.mark.slow
def test_too_little_memory_to_load_is_an_error_with_words(tiny_weights: Path) -> None:
    child = limited(
        "import rag.models.llama\n"
        "limit(60_000_000)\n"
        "try: LlamaGenerator(Path(sys.argv[1]), context_tokens=4096, threads=1)\n"
        "except (RagError, MemoryError) as error: print(type(error).__name__, error); sys.exit(3)\n",
        tiny_weights,
    )
    assert child.returncode == 3, (child.returncode, child.stderr[-800:])
    assert "ModelBroken" in child.stdout or "ModelError" in child.stdout, child.stdout


@pytest.mark.slow
def test_memory_that_runs_out_in_mid_answer_is_an_error_and_the_next_answer_is_right(
    tiny_weights: Path,
) -> None:
    """Left to itself llama.cpp would end the process there (std::bad_alloc)."""
    child = limited(
        "model = LlamaGenerator(Path(sys.argv[1]), context_tokens=1024, threads=1)\n"
        "asked = [Message('system', 'Be short.'), Message('user', 'Name three ports.')]\n"
        "before = [token.text for token in model.stream(asked, max_tokens=8)]\n"
        "tokens = model.stream([*asked[:1], Message('user', 'Name a river.')], max_tokens=8)\n"
        "next(tokens), limit(2_000_000)\n"
        "for go_on in (lambda: list(tokens), lambda: model.judge('Is it so? ', ['Yes.', 'No.'])):\n"
        "    try: go_on(); sys.exit(4)\n"
        "    except RagError as error: print(error)\n"
        "limit(1_000_000_000)\n"
        "assert [token.text for token in model.stream(asked, max_tokens=8)] == before\n"
        "print('THE SAME')\n",
        tiny_weights,
    )
    assert child.returncode == 0, (child.returncode, child.stderr[-800:])
    assert child.stdout.count("MB of memory is left") == 2 and "THE SAME" in child.stdout


def test_a_command_without_memory_says_so(monkeypatch, capsys) -> None:
    from rag import cli
    from rag.cli import machine

    def exhausted(options: object) -> int:
        raise MemoryError

    assert cli.main(["paths"]) == 0
    monkeypatch.setattr(machine, "paths", exhausted)
    assert cli.main(["paths"]) == 1
    assert "Not enough memory" in capsys.readouterr().err
