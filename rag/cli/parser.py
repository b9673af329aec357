"""The words of the command line. Nothing heavy is imported until a command runs."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import rag
from rag.cli.numbers import port, whole
from rag.cli.stores import path_or_address, workers

Subparsers = Any


def build_parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    parser = argparse.ArgumentParser(
        prog="rag",
        description="Answers questions about your own documents with quotes that are in them.",
        epilog="Exit codes: 0 done, 1 a check said no or an error you can mend, 2 wrong usage.",
    )
    parser.add_argument("--version", action="version", version=f"sourcebound {rag.__version__}")
    parser.add_argument("--debug", action="store_true", help="show tracebacks")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for add in (_asking, _documents, _index, _evaluation, _feedback, _models, _machine, _programs):
        add(commands)
    return parser


def _command(
    commands: Subparsers, name: str, where: str, text: str, *, index: bool = False
) -> argparse.ArgumentParser:
    """A subcommand that runs `where` ("module:function" below rag.cli) when called."""
    added: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    added.set_defaults(run=later(where))
    added.add_argument("--debug", action="store_true", default=argparse.SUPPRESS,
                       help="show tracebacks")  # fmt: skip
    if index:
        added.add_argument("--index", type=Path, metavar="DIR", help="folder of the index")
    return added


def later(where: str) -> Callable[[argparse.Namespace], int]:
    def run(options: argparse.Namespace) -> int:
        module, _, function = where.partition(":")
        return int(getattr(import_module(f"rag.cli.{module}"), function)(options) or 0)

    return run


def _with_models(command: argparse.ArgumentParser) -> None:
    command.add_argument("--generator", metavar="NAME|FILE",
                         help="catalogue name, GGUF file or address of a model server")  # fmt: skip
    command.add_argument("--embedder", metavar="NAME|DIR", help="catalogue name or folder")


def _with_filters(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--document", action="append", default=[], metavar="NAME",
        help="only documents of this path ending or title; there must be one",
    )  # fmt: skip
    command.add_argument("--outlet", action="append", default=[],
                         help="only this outlet; there must be one")  # fmt: skip
    command.add_argument("--since", metavar="DATE", help="published on or after YYYY[-MM[-DD]]")
    command.add_argument("--until", metavar="DATE", help="published on or before YYYY[-MM[-DD]]")
    command.add_argument("--language", choices=("en", "zh"))


def _asking(commands: Subparsers) -> None:
    ask = _command(commands, "ask", "asking:ask", "answer one question, or a file of them",
                   index=True)  # fmt: skip
    ask.add_argument("question", nargs="?", help="the question")
    ask.add_argument("--json", action="store_true", help="print the answer object")
    ask.add_argument("--batch", type=Path, metavar="FILE.jsonl",
                     help='lines with "id" and "question"; prints one answer a line')  # fmt: skip
    _with_models(ask)
    _with_filters(ask)
    chat = _command(
        commands, "chat", "asking:chat",
        "talk in the terminal; Ctrl-C stops an answer, an empty line ends", index=True,
    )  # fmt: skip
    _with_models(chat)
    _with_filters(chat)
    ui = _command(commands, "ui", "serving:ui", "open the chat page", index=True)
    ui.add_argument("--host", default="127.0.0.1", help="address to listen on")
    ui.add_argument("--port", type=port, default=7860)
    ui.add_argument("--user", metavar="NAME:PASSWORD", help="ask for this login")
    ui.add_argument("--open", action="store_true", help="open a browser")
    _with_models(ui)
    verify = _command(
        commands, "verify", "asking:verify_file", "re-check every quote of an answer file"
    )
    verify.add_argument("file", type=Path)


def _documents(commands: Subparsers) -> None:
    inspect = _command(commands, "inspect", "documents:inspect", "show how a file is read")
    inspect.add_argument("file", type=Path)
    inspect.add_argument("--json", action="store_true")
    inspect.add_argument("--no-colour", action="store_true")
    docs = _command(commands, "docs", "documents:docs", "list the indexed documents", index=True)
    docs.add_argument("--json", action="store_true")
    for name, text in (
        ("remove", "take a document out of the index"),
        ("forget", "take it out and erase its text, from saved answers too"),
    ):
        gone = _command(commands, name, f"documents:{name}", text, index=True)
        gone.add_argument("document", help="path, path ending or title")


def _index(commands: Subparsers) -> None:
    index = _command(commands, "index", "indexing:index", "read, embed and store files", index=True)
    index.add_argument("paths", nargs="*", type=path_or_address, metavar="PATH",
                       help="files and folders; or: copy FROM TO, each a folder of an index or "
                            "the address of a store")  # fmt: skip
    index.add_argument("--prune", action="store_true", help="take out files that are gone")
    index.add_argument("--watch", action="store_true",
                       help="then follow changes until stopped, gone files taken out")  # fmt: skip
    index.add_argument("--rebuild", action="store_true", help="start over with today's settings")
    index.add_argument("--compact", action="store_true", help="tidy the index's files")
    index.add_argument("--info", action="store_true", help="say what the index holds")
    index.add_argument("--export", type=Path, metavar="FILE", help="write the index to one file")
    index.add_argument("--import", type=Path, metavar="FILE", dest="import_file",
                       help="make the index from an exported file")  # fmt: skip
    index.add_argument("--workers", type=workers, default=1, metavar="N|ray|ADDRESS",
                       help="processes that read files, or a Ray cluster")  # fmt: skip
    index.add_argument("--shards", type=Path, metavar="DIR",
                       help="where the workers of Ray put what they have done")  # fmt: skip
    index.add_argument("--store", metavar="URL|local",
                       help="search through this Milvus server")  # fmt: skip
    index.add_argument("--embedder", metavar="NAME|DIR")


def _evaluation(commands: Subparsers) -> None:
    about = "The fixed evaluation: see eval/README.md."
    evaluate = commands.add_parser("eval", help="run and compare evaluations", description=about)
    from rag.cli.evaluation_words import add_evaluation

    add_evaluation(evaluate)


def _feedback(commands: Subparsers) -> None:
    feedback = commands.add_parser("feedback", help="what readers thought of answers on the page")
    actions = feedback.add_subparsers(title="actions", metavar="ACTION", required=True)
    export = _command(actions, "export", "feedback:export",
                      "turn it into draft questions of the evaluation")  # fmt: skip
    export.add_argument("--output", type=Path, metavar="FILE", help="default: stdout")
    export.add_argument("--corpus", type=Path, metavar="DIR", help="default: eval/corpus")


def _models(commands: Subparsers) -> None:
    models = commands.add_parser("models", help="list, fetch and verify weights")
    actions = models.add_subparsers(title="actions", metavar="ACTION", required=True)
    _command(actions, "list", "models:show", "what the catalogue holds")
    for name, where, text in (
        ("fetch", "models:fetch", "download weights and check their hash"),
        ("verify", "models:verify", "read the weights again and compare hashes"),
    ):
        added = _command(actions, name, where, text)
        added.add_argument("names", nargs="*", metavar="NAME", help="default: the default models")
    path = _command(actions, "path", "models:path", "where a model's files are")
    path.add_argument("name", metavar="NAME")


def _machine(commands: Subparsers) -> None:
    doctor = _command(commands, "doctor", "machine:doctor", "check the index, models and disk",
                      index=True)  # fmt: skip
    doctor.add_argument("--json", action="store_true")
    _command(commands, "paths", "machine:paths", "where models and indexes live")
    bench = _command(commands, "bench", "benchmarking:bench",
                     "measure speed, beside a plain pipeline and the machine's limits")  # fmt: skip
    bench.add_argument("--set", default="dev", metavar="NAME|FILE", help="questions to ask")
    bench.add_argument("--corpus", type=Path, metavar="DIR", help="default: eval/corpus")
    bench.add_argument("--questions", type=whole(1), default=12, metavar="N",
                       help="a fixed sample of this size")  # fmt: skip
    bench.add_argument("--rounds", type=whole(0), default=3, metavar="N",
                       help="times that the bare model is measured; 0 leaves it out")  # fmt: skip
    bench.add_argument("--output", type=Path, metavar="DIR", help="default: eval/reports")
    _with_models(bench)


def _programs(commands: Subparsers) -> None:
    serve = _command(commands, "serve", "programs:serve", "serve answers over HTTP", index=True)
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on")
    serve.add_argument("--port", type=port, default=7861)
    serve.add_argument("--keys", type=Path, metavar="FILE",
                       help="keys that callers need, one a line; also RAG_API_KEYS")  # fmt: skip
    serve.add_argument("--rate", type=whole(1), default=60, metavar="N",
                       help="requests a minute of one caller")  # fmt: skip
    serve.add_argument("--waiting", type=whole(0), default=8, metavar="N",
                       help="questions that may wait; more are told to come back")  # fmt: skip
    _with_models(serve)
    mcp = _command(commands, "mcp", "programs:mcp", "speak MCP over stdin and stdout", index=True)
    _with_models(mcp)
    completion = _command(commands, "completion", "programs:completion",
                          "print a script that completes commands in a shell")  # fmt: skip
    completion.add_argument("shell", choices=("bash", "zsh"), help="for which shell")
