"""The plain pipeline: its chunks, how its answer is read, and that every measure applies to it."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import EvaluationError
from rag.evaluation.commands import evaluate
from rag.evaluation.corpus import Corpus
from rag.evaluation.plain import CHUNK, OVERLAP, Plain, cut, read_answer
from rag.types import Token
from tests.evaluation.fakes import ITEMS, make_corpus, make_set, read_plain
from tests.indexing.support import HashingEmbedder


class Scripted:
    """Writes what it is told to; keeps the prompts it was given."""

    fingerprint = "scripted@1"
    context_tokens = 4096

    def __init__(self, written):
        self.written = written
        self.prompts = []

    def count_tokens(self, text):
        return len(text) // 4

    def stream(self, messages, grammar=None, max_tokens=256):
        self.prompts.append((messages, grammar))
        written = self.written(messages[-1].content) if callable(self.written) else self.written
        return iter([Token(piece, 0.0) for piece in written.split("|")])

    def probabilities(self, messages, options):
        raise AssertionError("the plain system asks for no probabilities")

    def judge(self, opening, endings):
        raise AssertionError("the plain system judges nothing")


@settings(deadline=None, max_examples=50)
@given(st.text(alphabet="ab 深\n", max_size=5000))
def test_chunks_cover_the_text_and_overlap(text):
    chunks = cut(text)
    assert all(0 < end - start <= CHUNK for start, end in chunks)
    held = set()
    for start, end in chunks:
        held.update(range(start, end))
    assert all(place in held for place, mark in enumerate(text) if not mark.isspace())


def test_chunks_are_cut_at_white_space_and_repeat_a_little():
    text = "word " * 1000
    chunks = cut(text)
    assert all(text[end : end + 1] in (" ", "") for _, end in chunks)
    assert {before[1] - after[0] for before, after in pairwise(chunks)} == {OVERLAP}
    assert cut("深" * 1500)[0] == (0, CHUNK)


@pytest.mark.parametrize(
    ("written", "text", "quotes"),
    [
        ('It weighs 380 kg.\nQuote: "The satellite weighs 380 kg."', "It weighs 380 kg.", ["The satellite weighs 380 kg."]),
        ("It did. **Quote 1:** First one. (Passage 2)\nQuote 2: Second one.", "It did.", ["First one.", "Second one."]),
        ("It did.\nQuotes:\n- First one.\n- Second one.", "It did.", ["First one.", "Second one."]),
        ("Quote: Only this.", "Only this.", ["Only this."]),
        ("As “the quay was closed in May” says.", "As “the quay was closed in May” says.", ["the quay was closed in May"]),
        ("It weighs 380 kg.", "It weighs 380 kg.", []),
    ],
)  # fmt: skip
def test_an_answer_is_read_leniently(written, text, quotes):
    assert read_answer(written) == (text, quotes)


@pytest.fixture
def corpus(tmp_path):
    return make_corpus(tmp_path / "corpus")


def ask(corpus, written, **history):
    generator = Scripted(written)
    answer = Plain(corpus, HashingEmbedder(), generator).ask("What does Brisa-2 weigh?", **history)
    return answer, generator


def test_a_quote_is_found_again_and_an_invented_one_is_at_no_place(corpus):
    answer, generator = ask(
        corpus,
        "380 kg.|\nQuote: The Brisa-2 satellite weighs 380 kg.\nQuote: It weighs 381 kilograms.",
    )
    real, invented = answer.citations
    assert real.document.endswith("orbit.txt")
    assert corpus.text("orbit.txt")[real.start : real.end] == real.quote
    assert (invented.start, invented.end, invented.quote) == (0, 0, "It weighs 381 kilograms.")
    assert answer.statements[0].citations == (1, 2)
    assert answer.timings.first_quote_s == answer.timings.total_s
    ((messages, grammar),) = generator.prompts
    assert grammar is None
    assert "half a metre. The operator is Corvo" in messages[-1].content


def test_a_refusal_and_an_empty_answer_are_refusals(corpus):
    for written in ("NOT FOUND.", ""):
        answer, _ = ask(corpus, written)
        assert (answer.state, answer.citations, answer.confidence) == ("abstained", (), 0.0)


def test_a_chat_is_put_before_the_question(corpus):
    _, generator = ask(corpus, "380 kg.", history=[("Which satellite?", "Brisa-2.")])
    messages, _ = generator.prompts[0]
    assert [one.role for one in messages] == ["system", "user", "assistant", "user"]


def test_passages_that_do_not_fit_are_left_out(tmp_path):
    (tmp_path / "long.txt").write_text("A line of words. " * 400)
    generator = Scripted("NOT FOUND")
    generator.context_tokens = 700
    Plain(Corpus(tmp_path, read_plain), HashingEmbedder(), generator).ask("Which words?")
    assert generator.prompts[0][0][-1].content.count("Passage ") == 1


def test_without_a_generator_it_can_only_search(corpus):
    system = Plain(corpus, HashingEmbedder(), None)
    assert len(system.retrieve("What does Brisa-2 weigh?").hits) == 3
    with pytest.raises(EvaluationError, match="without a generator"):
        system.ask("What does Brisa-2 weigh?")


def test_every_measure_applies_to_it(tmp_path, corpus):
    make_set(tmp_path / "questions" / "dev.jsonl", corpus)
    known = {question: (text, gold) for question, _, _, _, gold, text in ITEMS}

    def written(prompt):
        text, gold = known.get(prompt.rpartition("Question: ")[2], ("NOT FOUND", ""))
        wrong = gold.replace("Wei", "Way")
        return f"{text}\nQuote: {wrong}" if gold else text

    outcome = evaluate(
        "dev",
        assistant_factory=lambda folder, *, generator, refusal: Plain(
            corpus, HashingEmbedder(), Scripted(written)
        ),
        corpus=corpus,
        folder=tmp_path,
        run_dir=tmp_path / "runs",
        system="plain",
    )
    values = {name: one.value for name, one in outcome.summary.measures.items()}
    assert outcome.run.name.startswith("dev-plain-")
    assert values["correct"] == values["refusal_recall"] == values["evidence_recall"] == 1.0
    assert values["quote_validity"] == pytest.approx(7 / 8)
    assert values["right_and_quoted"] == pytest.approx(7 / 8)
    assert values["statement_support"] == pytest.approx(7 / 8)
