"""Writes docs/cli.md from the parser, so that the page cannot say anything else.

    python -m tests.tools.cli_reference

Not argparse's own help text: that differs between Python versions.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from rag.cli.parser import build_parser

PAGE = Path(__file__).resolve().parents[2] / "docs" / "cli.md"
HEAD = """# The command line

Made by `python -m tests.tools.cli_reference`; a test compares it with the program.

Data goes to stdout, everything else to stderr. {epilog} `--debug` shows the traceback of an error.
Without `--index DIR` the default index is used; `rag paths` prints where that is. A `NAME` of a model
is one of `rag models list`.
"""
WORDS = {
    "debug": "show tracebacks",
    "embedder": "catalogue name or sentence-transformers folder",
    "file": "the file",
    "generator": "catalogue name or GGUF file",
    "json": "print JSON",
    "language": "only documents in this language",
    "name": "catalogue name",
    "no_colour": "no colours",
    "paths": "files and folders",
    "port": "port to listen on",
    "stage": "what to run",
    "write_baseline": "make this run the baseline",
}
"""What the parser leaves unsaid, by the name of the option."""


def commands(
    parser: argparse.ArgumentParser, name: str
) -> Iterator[tuple[str, argparse.ArgumentParser, str]]:
    """Every command that can be run, with its parser and its one-line help, in order."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for word, child in action.choices.items():
                inner = list(commands(child, f"{name} {word}"))
                yield from inner or [(f"{name} {word}", child, helps.get(word, ""))]


def arguments(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """What may follow a command, without help and tracebacks, which all commands have."""
    return [action for action in parser._actions if action.dest not in ("help", "debug")]


def spelling(action: argparse.Action) -> str:
    """An option or argument as it is written: "--since DATE", "[PATH ...]"."""
    value = "" if action.nargs == 0 else str(action.metavar or action.dest.upper())
    if action.choices:
        value = "{" + ",".join(str(choice) for choice in action.choices) + "}"
    if action.option_strings:
        return " ".join(filter(None, (action.option_strings[-1], value)))
    name = str(action.metavar or action.dest)
    return {"*": f"[{name} ...]", "?": f"[{name}]"}.get(str(action.nargs), name)


def meaning(action: argparse.Action) -> str:
    """What it is for, and its default where that tells something.

    Raises KeyError for an option of no help and no entry in `WORDS`.
    """
    text = action.help or WORDS[action.dest]
    tells = action.nargs != 0 and action.default not in (None, [], "") and "default" not in text
    return f"{text} (default: {action.default})" if tells else text


def _in_cell(text: str) -> str:
    return text.replace("|", r"\|")


def _section(name: str, parser: argparse.ArgumentParser, about: str) -> str:
    found = arguments(parser)
    places = " ".join(spelling(action) for action in found if not action.option_strings)
    usage = " ".join(
        filter(None, (name, places, "[options]" if any(a.option_strings for a in found) else ""))
    )
    rows = [f"| `{_in_cell(spelling(a))}` | {meaning(a)} |" for a in found]
    table = "\n".join(["| | |", "|---|---|", *rows]) if rows else ""
    text = (about or parser.description or "").rstrip(".")
    return "\n\n".join(filter(None, (f"## {name}", text[:1].upper() + text[1:] + ".",
                                     f"    {usage}", table)))  # fmt: skip


def page() -> str:
    """The whole of docs/cli.md."""
    parser = build_parser()
    found = list(commands(parser, "rag"))
    links = "\n".join(
        f"- [`{name}`](#{name.replace(' ', '-')}): {about.rstrip('.')}" for name, _, about in found
    )
    sections = [_section(name, child, about) for name, child, about in found]
    head = HEAD.format(epilog=parser.epilog or "")
    return "\n\n".join([head.rstrip(), links, *sections]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
