"""A Chinese question about English documents is put in English for the search, and only then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from rag.answering.translation import in_another_language, translate
from rag.types import Hit, Message, Sentence, StoredDocument, Token
from tests.answering.support import ScriptedGenerator

ASKED = "维尔马克港去年处理了多少集装箱？"
ENGLISH = "How many containers did the port of Velmark handle?"


class Translating(ScriptedGenerator):
    """Translates as told; everything else as scripted."""

    def __init__(self, translation: str, *drafts: str) -> None:
        super().__init__(*drafts)
        self.translation = translation
        self.translated = 0

    def stream(
        self, messages: Sequence[Message], grammar: str | None = None, max_tokens: int = 256
    ) -> Iterator[Token]:
        if "Translate" not in messages[-1].content:
            yield from super().stream(messages, grammar, max_tokens)
            return
        self.translated += 1
        for piece in self.translation:
            yield Token(piece, -0.1)


def hit(language: str) -> Hit:
    stored = StoredDocument(1, "/n.txt", "", "text", "N", None, None, None, None, language, 0, 9)
    return Hit(1, stored, 1.0, 0.5, 0, 0, (Sentence(0, 9, 0),), "Some text")


@pytest.mark.parametrize(
    ("question", "languages", "wanted"),
    [
        (ASKED, ["en", "en", "zh"], True),
        (ASKED, ["en", "zh"], False),
        (ASKED, [], False),
        (ENGLISH, ["zh", "zh"], False),
        ("What does 远步科技 mean?", ["en"], False),
        ("Säntis的Ilta每月多少钱？", ["en"], True),
    ],
)
def test_the_question_and_what_is_found_decide(question, languages, wanted):
    assert in_another_language(question, [hit(each) for each in languages]) is wanted


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (f"\n {ENGLISH}\nIt asks for a number.", ENGLISH),
        (ENGLISH, ENGLISH),
        (ASKED, ""),
        ("", ""),
    ],
)
def test_the_first_line_is_read_and_only_english_is_used(written, read):
    assert translate(Translating(written), ASKED) == read


def test_a_translation_that_is_stopped_ends_at_its_token():
    assert translate(Translating(ENGLISH), ASKED, lambda: True) == ""


def test_the_translation_finds_what_the_characters_do_not(opened):
    generator = Translating(ENGLISH, "It moved 4.2 million containers [S1].")
    assistant = opened(generator)
    assert not any("4.2 million" in e.quote for e in assistant.retrieve(ASKED).evidence[:1])
    answer = assistant.ask(ASKED)
    assert generator.translated == 1
    assert answer.state == "answered" and "4.2 million" in answer.citations[0].quote
    assert answer.question == ASKED and ASKED in generator.judged[0]


def test_an_english_question_is_not_translated(opened):
    generator = Translating(ENGLISH, "It moved 4.2 million containers [S1].")
    opened(generator).ask(ENGLISH)
    assert generator.translated == 0
