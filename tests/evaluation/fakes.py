"""A tiny corpus of plain files, and systems under test that are perfect or broken on purpose."""

import hashlib
import re

from rag.evaluation.corpus import Corpus
from rag.types import Document, Sentence, SourceFile

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
