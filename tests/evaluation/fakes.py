"""A tiny corpus of plain files, and systems under test that are perfect or broken on purpose."""

import hashlib
import re
from dataclasses import dataclass, replace

from rag.documents.fold import fold
from rag.evaluation.corpus import Corpus, find_all
from rag.evaluation.jsonlines import write_json_lines
from rag.types import (
    Answer,
    Checks,
    Citation,
    Document,
    Evidence,
    Hit,
    Provenance,
    Sentence,
    SourceFile,
    Statement,
    StoredDocument,
    Timings,
)

TEXTS = {
    "harbour.txt": (
        "The harbour of Vell handled 2,400,000\ntonnes of grain in 2024. The quay was closed in May.\n"
        "The quay was rebuilt by Lin Wei. It opened again on 3 June 2025.\n"
    ),
    "orbit.txt": (
        "The Brisa-2 satellite weighs 380 kg. It was launched on 9 March 2023.\n"
        "Its camera sees half a metre. The operator is Corvo Espacial.\n"
    ),
    "tariff.txt": (
        "Norland put a duty of 12% on steel. The duty began on 1 July 2024.\n"
        "Minister Ada Berg signed it. Exports fell by 40,000 tonnes.\n"
    ),
}


def read_plain(path):
    data = path.read_bytes()
    text = data.decode()
    sentences = tuple(
        Sentence(match.start(), match.end(), paragraph=0)
        for match in re.finditer(r"\S.*?[.](?=\s|$)", text, re.DOTALL)
    )
    document = Document(path.stem, 0, len(text), sentences)
    return SourceFile(str(path), hashlib.sha256(data).hexdigest(), "text", text, (document,))


def make_corpus(folder):
    folder.mkdir(parents=True)
    for name, text in TEXTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return Corpus(folder, read_plain)


def stored(name, folder):
    file = read_plain(folder / name)
    return StoredDocument(
        identifier=1, path=str(folder / name), file_sha256=file.sha256, format="text", title=name,
        author=None, outlet=None, published=None, url=None, language="en", start=0, end=len(file.text),
    )  # fmt: skip


def place(text, quote):
    ((start, end),) = find_all(text, quote)
    return start, end


# Question, kind, accepted answers, document, gold sentence, the perfect answer's text.
ITEMS = [
    ("How much grain did Vell handle in 2024?", "number", [["2.4 million tonnes"]], "harbour.txt",
     "The harbour of Vell handled 2,400,000 tonnes of grain in 2024.", "It handled 2,400,000 tonnes of grain."),
    ("Who rebuilt the quay?", "who_said", [["Lin Wei"]], "harbour.txt", "The quay was rebuilt by Lin Wei.", "Lin Wei rebuilt it."),
    ("When did the quay open again?", "date", [["3 June 2025"]], "harbour.txt", "It opened again on 3 June 2025.", "On June 3, 2025."),
    ("What does Brisa-2 weigh?", "number", [["380 kg"]], "orbit.txt", "The Brisa-2 satellite weighs 380 kg.", "It weighs 380 kg."),
    ("When was Brisa-2 launched?", "date", [["2023-03-09"]], "orbit.txt", "It was launched on 9 March 2023.", "On 9 March 2023."),
    ("Who operates it?", "fact", [["Corvo Espacial"]], "orbit.txt", "The operator is Corvo Espacial.", "Corvo Espacial operates it."),
    ("How high is the duty on steel?", "number", [["12%"]], "tariff.txt", "Norland put a duty of 12% on steel.", "It is 12%."),
    ("Who signed the duty?", "who_said", [["Ada Berg"]], "tariff.txt", "Minister Ada Berg signed it.", "Ada Berg signed it."),
]  # fmt: skip
REFUSALS = ["How deep is the quay?", "What did Brisa-2 cost?", "Who is mayor of Vell?", "What is the boiling point of tin?"]  # fmt: skip


def make_set(path, corpus):
    lines = []
    for number, (question, kind, answers, document, sentence, _) in enumerate(ITEMS):
        start, end = place(corpus.text(document), sentence)
        gold = [[{"document": document, "start": start, "end": end, "quote": sentence}]]
        lines.append({"id": f"q{number}", "group": document, "kind": kind, "question": question, "answers": answers, "gold": gold, "answerable": True})  # fmt: skip
    for number, question in enumerate(REFUSALS):
        lines.append({"id": f"n{number}", "group": "none", "kind": "none_near", "question": question, "answers": [], "gold": [], "answerable": False, "why": "not said"})  # fmt: skip
    write_json_lines(path, lines)


@dataclass
class Found:
    hits: tuple
    evidence: tuple


class Perfect:
    """Knows every answer, refuses what it must. Broken systems override one part of it."""

    def __init__(self, folder):
        self.folder = folder
        self.items = {item[0]: item for item in ITEMS}
        self.asked = []

    def sentences(self, question):
        """(document, sentence) pairs, best first."""
        every = [
            (name, sentence)
            for name in TEXTS
            for sentence in read_plain(self.folder / name).documents[0].sentences
        ]
        if question not in self.items:
            return every
        _, _, _, name, gold, _ = self.items[question]
        start, _ = place(TEXTS[name], gold)
        return sorted(every, key=lambda pair: not (pair[0] == name and pair[1].start == start))

    def retrieve(self, question, history=(), filters=None):
        hits, evidence = [], []
        for number, (name, sentence) in enumerate(self.sentences(question)):
            text = TEXTS[name][sentence.start : sentence.end]
            document = stored(name, self.folder)
            hits.append(
                Hit(number, document, 1 - number / 100, 0.5, number, number, (sentence,), text)
            )
            evidence.append(Evidence(f"S{number}", fold(text), document, sentence.start, sentence.end, None, None, "", "", None, 0.5))  # fmt: skip
        return Found(tuple(hits), tuple(evidence[:3]))

    def cite(self, number, name, start, end):
        file = read_plain(self.folder / name)
        return Citation(number, fold(file.text[start:end]), str(self.folder / name), name, None, None, None, start, end, file.sha256, None, "", "")  # fmt: skip

    def cited(self, question):
        _, _, _, name, gold, _ = self.items[question]
        return (self.cite(1, name, *place(TEXTS[name], gold)),)

    def refuses(self, question):
        return question not in self.items

    def confidence(self, question):
        return 0.95 if question in self.items else 0.05

    def ask(self, question, history=(), filters=None):
        self.asked.append(question)
        timings = Timings(0.1, 0.2, 0.5, 1.0)
        provenance = Provenance("index", "embedder", "generator", "prompt", "1")
        if self.refuses(question):
            return Answer(question, "abstained", "no_support", "Not in your documents.", (), (), (), self.confidence(question), (), timings, provenance)  # fmt: skip
        known = question in self.items
        text = self.items[question][5] if known else "It is 7 metres."
        citations = self.cited(question) if known else self.cited(ITEMS[0][0])
        statements = (Statement(f"{text} [1]", (1,), Checks()),)
        return Answer(question, "answered", None, f"{text} [1]", statements, citations, (), self.confidence(question), (), timings, provenance)  # fmt: skip


class ShuffledRetrieval(Perfect):
    def sentences(self, question):
        return super().sentences(question)[::-1]


class ShiftedQuotes(Perfect):
    """Every quote is the sentence after the right one, place and all."""

    def cited(self, question):
        (right,) = super().cited(question)
        name = right.title
        sentences = read_plain(self.folder / name).documents[0].sentences
        number = next(n for n, one in enumerate(sentences) if one.start == right.start)
        shifted = sentences[(number + 1) % len(sentences)]
        return (self.cite(1, name, shifted.start, shifted.end),)


class InventedQuotes(Perfect):
    """The place is right, the words there are not those of the quote."""

    def cited(self, question):
        (right,) = super().cited(question)
        return (replace(right, quote=right.quote.replace("a", "e")),)


class AlwaysRefuses(Perfect):
    def refuses(self, question):
        return True


class NeverRefuses(Perfect):
    def refuses(self, question):
        return False
