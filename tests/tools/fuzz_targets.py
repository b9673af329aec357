"""What is fuzzed besides the readers: each target states a law, and its seeds are kept.

Any exception but those a target allows, a broken law or five seconds of work is a find. Nothing of
ours is imported before a target runs, so that the fuzzer can instrument it.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

SEEDS = Path(__file__).parent / "seeds"
LEARNED = "learned.jsonl"


def text_of(data: bytes) -> str:
    """As the command line gives text to a program: bytes that are no UTF-8 become surrogates."""
    return data.decode("utf-8", "surrogateescape")


def sentences(data: bytes) -> None:
    """Spans are ordered, within the text, never empty, and quotes fold to themselves."""
    from rag.documents.extracted import Extracted
    from rag.documents.fold import fold
    from rag.documents.reading import structure

    text = data.decode("utf-8", "replace")
    for form in ("txt", "md"):
        source = structure(Extracted(text=text, format=form, wrapped=form == "txt"), "a", "0")
        last = 0
        for document in source.documents:
            assert 0 <= document.start <= document.end <= len(text)
            for each in document.sentences:
                assert last <= each.start < each.end <= len(text), (last, each)
                quote = fold(text[each.start : each.end])
                assert quote and fold(quote) == quote
                last = each.end


def grammar(data: bytes) -> None:
    """A grammar is built for any labels, and what was written is read back without error."""
    from rag.answering import grammar as rules
    from rag.answering.generation import parse

    text = data.decode("utf-8", "replace")
    labels = [f"S{number}" for number in range(1, 1 + len(text) % 9 + 1)]
    built = rules.build(labels, statements=1 + len(text) % 3, yes_no=bool(len(text) % 2))
    assert built.count("::=") == 7 and all(json.dumps(label) in built for label in labels)
    for each in parse(text):
        assert each.text and each.labels


def saved(data: bytes) -> None:
    """A saved answer is read, or refused with our own error; one that is read is written again."""
    from rag.answering.serialise import citations_in, from_dict, to_json
    from rag.errors import InputError

    text = data.decode("utf-8", "replace")
    with contextlib.suppress(InputError):
        citations_in(text, "answers.json")
    with contextlib.suppress(InputError, ValueError, RecursionError):
        fields = json.loads(text)
        if isinstance(fields, dict):
            to_json(from_dict(fields))


def questions(data: bytes) -> None:
    """A file of questions, for `rag ask --batch` or `rag eval`, is read or refused with words."""
    from rag.cli.asking import _questions
    from rag.errors import EvaluationError, InputError
    from rag.evaluation.jsonlines import read_json_lines
    from rag.evaluation.questions import parse_lines

    with tempfile.NamedTemporaryFile(suffix=".jsonl") as file:
        file.write(data)
        file.flush()
        with contextlib.suppress(InputError):
            list(_questions(Path(file.name)))
        with contextlib.suppress(EvaluationError):
            parse_lines(read_json_lines(file.name), file.name)


def requests(data: bytes) -> None:
    """What is sent to the server becomes a question, or is refused."""
    from pydantic import ValidationError

    from rag.errors import RagError
    from rag.server.chat_completions import conversation
    from rag.server.requests import AskRequest, ChatRequest, SearchRequest

    try:
        fields = json.loads(data)
    except (ValueError, RecursionError):
        return  # the server answers 400 or 422 before any code of ours
    for kind in (AskRequest, SearchRequest, ChatRequest):
        with contextlib.suppress(ValidationError, RagError):
            body = kind.model_validate(fields)
            if isinstance(body, ChatRequest):
                conversation(body.messages)
            elif isinstance(body, AskRequest):
                body.asked()


def question(data: bytes) -> None:
    """Any question is answered or refused with words; the answer can be stored and its quotes
    stand in their files."""
    from rag.answering.serialise import to_json
    from rag.answering.verify import verify
    from rag.documents import read
    from rag.errors import QuestionError

    text, head = text_of(data), "Who signed the treaty in 2021?"
    history = [(head, "Velmark signed it. [1]")] if len(text) % 3 == 0 else []
    try:
        answer = _assistant().ask(text, history)
    except QuestionError:
        return
    to_json(answer).encode("utf-8")
    cited = [("", each) for each in (*answer.citations, *answer.nearest)]
    assert not [
        each.problem for each in verify(cited, lambda path: read(path).text) if each.problem
    ]


@cache
def _assistant() -> Any:
    """Over two papers, with a generator that repeats the sentence nearest to the question."""
    from tests.server.support import open_assistant, write_papers

    folder = tempfile.TemporaryDirectory()
    atexit.register(folder.cleanup)
    return open_assistant(write_papers(Path(folder.name)))


def weights(data: bytes) -> None:
    """A damaged GGUF file is an error of ours."""
    from rag.errors import ModelError
    from rag.models import gguf

    with tempfile.NamedTemporaryFile(suffix=".gguf") as file:
        file.write(b"GGUF\x03\x00\x00\x00" + data)
        file.flush()
        with contextlib.suppress(ModelError):
            gguf.check_whole(Path(file.name))


TARGETS: dict[str, Callable[[bytes], None]] = {
    each.__name__: each
    for each in (sentences, grammar, saved, questions, requests, question, weights)
}


def seeds_of(target: str) -> list[bytes]:
    """What is kept for a target: files written or found, and the shortest inputs that together
    reach what fuzzing has reached. At least one."""
    folder = SEEDS / target
    kept = [path.read_bytes() for path in sorted(folder.glob("*.txt"))]
    if (folder / LEARNED).is_file():
        lines = (folder / LEARNED).read_text("utf-8").splitlines()
        kept += [json.loads(line).encode("utf-8", "surrogateescape") for line in lines]
    return kept or [b"The port moved 4.2 million containers in 2023. [S1]"]


def learn(target: str, inputs: list[bytes], most: int = 150, longest: int = 1500) -> int:
    """Keep the shortest of the inputs in place of those that were learned before."""
    chosen = sorted(
        {each for each in inputs if len(each) <= longest}, key=lambda each: (len(each), each)
    )
    place = SEEDS / target / LEARNED
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("".join(json.dumps(text_of(each)) + "\n" for each in chosen[:most]), "utf-8")
    return len(chosen[:most])
