"""A small real assistant over texts in memory: right offsets, scripted answers, no models."""

from __future__ import annotations

import hashlib
import os
import re
import sys
import time
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

from rag.documents import read
from rag.errors import ModelError, QuestionError
from rag.types import (
    Answer,
    AnswerReady,
    Attribution,
    Checks,
    Chrome,
    Citation,
    Conflict,
    Evidence,
    EvidenceFound,
    EvidenceJudged,
    Page,
    Provenance,
    Sentence,
    Stage,
    Statement,
    StoredDocument,
    Timings,
    TokenWritten,
)

CONFIDENCE = 0.77
DELAY = float(os.environ.get("TOKEN_DELAY", "0"))
HOLD = Path(os.environ.get("HOLD_ANSWERS", "/nonexistent"))
"""While this file is there, no answer ends."""

HARBOUR = """Home | Subscribe | Log in

The port of Velmark moved 4.2 million containers in 2023, the harbour board said on Tuesday. (Velmark Gazette, March 5)
Traffic had stood at 3.9 million a year earlier. The board expects growth to slow once the new
breakwater closes two berths for repair.

Cranes from the yard of Osterlund are due in June, and each lifts 65 tons. Their price was not given.
"""
RIVAL = """Shipping figures in dispute

Velmark handled 4.0 million containers in 2023, according to the Seafarers' Institute, which counts only full boxes.
The institute had warned that transit boxes inflate the port's own numbers.
"""
CHINESE = """维尔马克港扩建工程启动

维尔马克港务局三月宣布，新防波堤工程投资十二亿元。工程将于二〇二五年完工。
"""
HOSTILE = """<script>window.hacked=1</script> & ${window.hacked=2} {{value}} `tick`

The invoice named ${console.log('x')} and <img src=x onerror="window.hacked=3"> for C:\\users\\temp.
![pixel](https://outside.example/p.png) [link](javascript:window.hacked=4) <iframe src="https://outside.example"></iframe> cost 12 euros.
The word \u202enoisrever\u202c and zero\u200bwidth marks stay visible.
"""


def fold(text: str) -> str:
    return " ".join(text.split())


@dataclass(frozen=True)
class Held:
    document: StoredDocument
    text: str
    sentences: tuple[Sentence, ...]
    chrome: tuple[Chrome, ...]
    pages: tuple[Page, ...] = ()


def split(text: str) -> tuple[Sentence, ...]:
    rows = []
    for paragraph, block in enumerate(re.finditer(r"\S.*?(?=\n\s*\n|\s*\Z)", text, re.S)):
        for found in re.finditer(
            r"\S.*?(?:[.。!?](?=\s|$|[^\d\s])(?:\s*\([^)]*\))?|\Z)", block[0], re.S
        ):
            start = block.start() + found.start()
            given = re.search(r"\(([^,()]+), ([^()]+)\)", found[0])
            said = ()
            if given:
                said = (
                    Attribution(
                        given[0], given[1], None, start + given.start(), start + given.end()
                    ),
                )
            rows.append(Sentence(start, start + len(found[0]), paragraph, None, said))
    return tuple(rows)


def hold(identifier, path, title, outlet, published, text, language="en") -> Held:
    menu = text.find("\n\n") if text.startswith("Home |") else 0
    chrome = (Chrome(0, menu, "menu"),) if menu else ()
    digest = hashlib.sha256(text.encode()).hexdigest()
    sentences = tuple(row for row in split(text) if row.start >= menu)
    document = StoredDocument(
        identifier,
        path,
        digest,
        "text",
        title,
        None,
        outlet,
        published,
        None,
        language,
        0,
        len(text),
    )
    return Held(document, text, sentences, chrome)


def hold_pdf(identifier: int, path: Path) -> Held:
    """A PDF as the package reads it, one document."""
    source = read(path)
    row = source.documents[0]
    document = StoredDocument(
        identifier, str(path), source.sha256, "pdf", row.title, row.author, row.outlet,
        row.published, None, row.language, row.start, row.end,
    )  # fmt: skip
    return Held(document, source.text, row.sentences, source.chrome, source.pages)


@dataclass(frozen=True)
class Skipped:
    path: str
    reason: str


@dataclass(frozen=True)
class Progress:
    done: int
    total: int


@dataclass(frozen=True)
class Run:
    done: int
    total: int
    remaining_s: float


@dataclass(frozen=True)
class Summary:
    added: tuple[str, ...]
    skipped: tuple[Skipped, ...]


class Scripted:
    """Finds sentences by shared words; writes an answer from the best, or a scripted refusal."""

    threshold = 0.5

    def __init__(self, hostile: bool = False) -> None:
        rows = [
            hold(
                1,
                "/library/harbour.txt",
                "Velmark port grows again",
                "Velmark Gazette",
                "2024-03-05",
                HARBOUR,
            ),
            hold(
                2,
                "/library/rival.txt",
                "Shipping figures in dispute",
                "Seafarers' Institute",
                "2024-04-18",
                RIVAL,
            ),
            hold(
                3,
                "/library/gang.txt",
                "维尔马克港扩建工程启动",
                "港口日报",
                "2024-03-09",
                CHINESE,
                "zh",
            ),
        ]
        if hostile:
            name = "/library/\"><img src=x onerror='window.hacked=5'>.txt"
            title = "<script>window.hacked=6</script> ${window.hacked=7} ![t](https://outside.example/t.png)"
            rows.append(hold(4, name, title, "<b>Out</b>", "2024-01-01", HOSTILE))
        self.rows = {row.document.identifier: row for row in rows}

    @property
    def confidence(self):
        return SimpleNamespace(threshold=self.threshold)

    def at_threshold(self, threshold):
        other = copy(self)
        other.threshold = threshold
        return other

    def documents(self):
        return [row.document for row in self.rows.values()]

    def _of(self, path: str) -> Held:
        return next(row for row in self.rows.values() if row.document.path == path)

    def file_text(self, path):
        return self._of(path).text

    def sentences(self, document_identifier):
        return self.rows[document_identifier].sentences

    def chrome(self, path):
        return self._of(path).chrome

    def pages(self, path):
        return self._of(path).pages

    def describe(self):
        return {
            "Model": "scripted",
            "Embedder": "word overlap",
            "Index": "in memory",
            "Version": "0",
        }

    def add(self, paths, progress=None):
        added, skipped = [], []
        for number, path in enumerate(map(Path, paths), 1):
            identifier = max(self.rows, default=0) + 1
            raw = path.read_bytes()
            if path.suffix == ".pdf":
                self.rows[identifier] = hold_pdf(identifier, path)
            elif b"\x00" in raw:
                skipped.append(Skipped(str(path), "not a text file"))
                continue
            else:
                title = raw.decode().split("\n", 1)[0][:80]
                self.rows[identifier] = hold(identifier, str(path), title, None, None, raw.decode())
            added.append(str(path))
            if progress is not None:
                progress(Progress(number, len(paths)))
        return Summary(tuple(added), tuple(skipped))

    def remove(self, document):
        self.rows = {key: row for key, row in self.rows.items() if row.document.path != document}

    def _found(self, question, filters):
        words = set(re.findall(r"[一-鿿]{2}|[a-z0-9]{4,}", question.lower()))
        scored = []
        for row in self.rows.values():
            if filters and filters.documents and row.document.title not in filters.documents:
                continue
            if filters and filters.since and (row.document.published or "") < filters.since:
                continue
            for sentence in row.sentences:
                quote = fold(row.text[sentence.start : sentence.end])
                score = sum(word in quote.lower() for word in words)
                if score:
                    scored.append(
                        (-score, row.document.identifier, sentence.start, sentence, quote, row)
                    )
        return sorted(scored, key=lambda entry: entry[:3])[:5]

    def stream(self, question, history=(), filters=None, stop=None):
        if question == "fail":
            raise QuestionError("This question is refused. Ask another one.")
        yield Stage("searching")
        found = self._found(question, filters)
        evidence = tuple(self._evidence(n, entry) for n, entry in enumerate(found, 1))
        yield EvidenceFound(evidence)
        yield Stage("reading", f"{len(evidence)}")
        yield EvidenceJudged(
            {row.label: 0.9 if n == 0 else 0.1 for n, row in enumerate(evidence[:3])}
        )
        refused = "weather" in question or not evidence or self.threshold > CONFIDENCE
        text = "" if refused else self._prose(question, found)
        yield Stage("writing")
        # A long one is quick at first and then slow: it must not end before it is stopped.
        words = re.findall(r"\S+\s*", text * (200 if "long account" in question else 1))
        for number, word in enumerate(words):
            if stop is not None and stop.is_set():
                return
            time.sleep(DELAY if number < 100 else 5 * DELAY)
            yield TokenWritten(word)
        while HOLD.exists():
            if stop is not None and stop.is_set():
                return
            time.sleep(DELAY)
        yield Stage("checking")
        yield AnswerReady(self._answer(question, history, evidence, text, refused))

    def _prose(self, question, found):
        if "echo hostile" in question:
            return "<img src=x onerror=window.hacked=8> ![a](https://outside.example/a.png) ${window.hacked=9} <script>window.hacked=10</script> [x](javascript:window.hacked=11)."
        return " ".join(entry[4] for entry in found[:2])

    def _evidence(self, number, entry):
        _, _, _, sentence, quote, row = entry
        who = sentence.attributions[0].text if sentence.attributions else None
        before = fold(row.text[max(0, sentence.start - 80) : sentence.start])
        after = fold(row.text[sentence.end : sentence.end + 120])
        pages = [page.number for page in row.pages if page.start <= sentence.start < page.end]
        return Evidence(
            f"S{number}",
            quote,
            row.document,
            sentence.start,
            sentence.end,
            next(iter(pages), None),
            who,
            before,
            after,
            None,
            1.0,
        )

    def _answer(self, question, history, evidence, text, refused):
        citations = tuple(
            Citation(n, e.quote, e.document.path, e.document.title, e.document.published, None, e.page, e.start, e.end,
                     e.document.file_sha256, e.attribution, e.before, e.after)
            for n, e in enumerate(evidence[:2], 1)
        )  # fmt: skip
        timings = Timings(0.05, 0.06, 0.2, 0.8)
        provenance = Provenance("memory", "overlap", "scripted", "p1", "0")
        understood = (
            f"{question} (after: {history[-1][0]})"
            if history and "it" in question.split()
            else None
        )
        if refused:
            reason = "no_support" if evidence else "nothing_retrieved"
            return Answer(
                question,
                "abstained",
                reason,
                "",
                (),
                (),
                (),
                0.1,
                citations,
                timings,
                provenance,
                understood,
            )
        statements = tuple(
            Statement(text if len(citations) == 1 or "echo" in question else c.quote, (c.number,),
                      Checks() if c.number == 1 else Checks(figures="missing"))
            for c in citations
        )  # fmt: skip
        disputed = len({c.document for c in citations}) == 2 and "containers" in question
        conflicts = (Conflict("containers in 2023", (1, 2)),) if disputed else ()
        prose = " ".join(f"{s.text} [{s.citations[0]}]" for s in statements)
        return Answer(
            question,
            "answered",
            None,
            prose,
            statements,
            citations,
            conflicts,
            CONFIDENCE,
            (),
            timings,
            provenance,
            understood,
        )


if __name__ == "__main__":
    from rag.ui import launch

    def factory() -> Scripted:
        gate = Path(os.environ["LOAD_GATE"])
        if "down" in sys.argv and not gate.exists():
            raise ModelError("The model server does not answer. Start it.")
        while not gate.exists():
            time.sleep(0.05)
        return Scripted(hostile="hostile" in sys.argv)

    def evaluate(assistant, progress) -> str:
        # It is stopped by the test, however late that comes to it.
        for done in range(1, 6000):
            progress(Run(done, 6000, 0.05 * (6000 - done)))
            time.sleep(0.05)
        return "scripted"

    launch(factory, port=int(sys.argv[1]), evaluate=evaluate)
