"""`rag ask`, `rag chat`, `rag verify`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rag.answering.asking import require_question
from rag.answering.assistant import Assistant
from rag.answering.serialise import citations_in, to_dict, to_json
from rag.answering.verify import verify
from rag.cli.interrupting import until_interrupted
from rag.cli.output import Line, answer_text, put, say
from rag.errors import FilterError, InputError, QuestionError, RagError, UsageError
from rag.types import Answer, AnswerReady, Filters, Stage, TokenWritten


def open_assistant(options: argparse.Namespace) -> Assistant:
    """The assistant that the options name."""
    return Assistant(options.index, embedder=options.embedder, generator=options.generator)


def filters_of(options: argparse.Namespace) -> Filters:
    """The filters that the options name.

    Raises:
        UsageError: a date is none.
    """
    return Filters(
        documents=tuple(options.document),
        outlets=tuple(options.outlet),
        since=options.since,
        until=options.until,
        language=options.language,
    )


def ask(options: argparse.Namespace) -> int:
    """One question to one answer, or a file of them, a line each."""
    if (options.question is None) == (options.batch is None):
        raise UsageError('Give either a question or --batch FILE.jsonl: rag ask "..."')
    filters = filters_of(options)
    if options.batch is not None:
        return _batch(options, filters)
    require_question(options.question)
    with open_assistant(options) as assistant:
        answer = assistant.ask(options.question, filters=filters)
    put(to_json(answer) if options.json else answer_text(answer))
    return 0


def _batch(options: argparse.Namespace, filters: Filters) -> int:
    lines = list(_questions(options.batch))
    progress = Line()
    failed = 0
    with open_assistant(options) as assistant:
        for done, item in enumerate(lines, start=1):
            progress.show(f"{done}/{len(lines)} {item['question'][:70]}")
            history = [(turn["question"], turn["answer"]) for turn in item.get("history", [])]
            try:
                answer = assistant.ask(item["question"], history, filters)
            except QuestionError as error:
                failed += 1
                say(f"rag: {options.batch}, id {item['id']}: {error}")
                continue
            put(_with_id(item["id"], answer))
    progress.end()
    return 1 if failed else 0


def _with_id(identifier: Any, answer: Answer) -> str:
    return json.dumps({"id": identifier, **to_dict(answer)}, ensure_ascii=False)


def _questions(path: Path) -> Iterator[dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8-sig")  # some editors put a mark first
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text: {error.reason}.") from error
    # Not splitlines(): it would also break at U+2028 inside a JSON string.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InputError(f"{path}, line {number}: not JSON ({error}).") from error
        if not _is_question(item):
            raise InputError(
                f'{path}, line {number}: expected {{"id": ..., "question": "..."}}, '
                f"found {line[:60]}"
            )
        yield item


def _is_question(item: Any) -> bool:
    if not isinstance(item, dict) or "id" not in item:
        return False
    turns = item.get("history", [])
    return (
        isinstance(item.get("question"), str)
        and isinstance(turns, list)
        and all(
            isinstance(turn, dict)
            and isinstance(turn.get("question"), str)
            and isinstance(turn.get("answer"), str)
            for turn in turns
        )
    )


def chat(options: argparse.Namespace) -> int:
    """Questions line by line; an empty line, Ctrl-D or Ctrl-C ends.

    Ctrl-C while an answer is written ends that answer alone, which is then not part of the talk.
    """
    history: list[tuple[str, str]] = []
    filters = filters_of(options)
    say("Ask a question; an empty line ends, Ctrl-C stops an answer.")
    with open_assistant(options) as assistant:
        while question := _typed():
            try:
                answer = _shown(assistant, question, history, filters)
            except FilterError:
                raise  # it holds for every question
            except RagError as error:
                say(f"rag: {error}")
                continue
            if answer is not None:
                history.append((answer.understood or answer.question, answer.text))
    return 0


def _typed() -> str:
    """What is typed at the prompt, "" for an end."""
    try:
        return input("> ").strip()
    except (EOFError, KeyboardInterrupt):
        say("")  # the shell's own prompt begins on a line of its own
        return ""


def _shown(
    assistant: Assistant, question: str, history: list[tuple[str, str]], filters: Filters
) -> Answer | None:
    """The answer, printed; None when it was stopped."""
    progress = Line()
    written = ""
    with until_interrupted() as stop:
        for event in assistant.stream(question, history, filters, stop):
            if stop.is_set():
                break
            if isinstance(event, Stage):
                progress.show(f"{event.name} {event.detail}")
            elif isinstance(event, TokenWritten):
                written += event.text
                progress.show(written[-80:])
            elif isinstance(event, AnswerReady):
                progress.show("")
                progress.end()
                put("\n" + answer_text(event.answer) + "\n")
                return event.answer
    progress.end()
    say("Stopped.")
    return None


def verify_file(options: argparse.Namespace) -> int:
    """Re-check every quote of an answer file; 1 when one fails.

    The file may be of someone else, and name files made to harm who reads them.
    """
    from rag.documents.isolation import one_by_one

    try:
        text = options.file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{options.file} is not UTF-8 text: {error.reason}.") from error
    citations = citations_in(text, str(options.file))
    with one_by_one() as read:  # with the bounds that `rag index` has
        verdicts = verify(citations, lambda path: read(path).text)
    bad = [verdict for verdict in verdicts if verdict.problem]
    for verdict in bad:
        put(
            f"{verdict.answer}, [{verdict.citation.number}] "
            f"{verdict.citation.document}: {verdict.problem}"
        )
    put(f"{len(verdicts) - len(bad)} of {len(verdicts)} quotes stand in their files.")
    sys.stdout.flush()
    return 1 if bad else 0
