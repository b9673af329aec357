"""`rag serve`, `rag mcp`, `rag completion`: for other programs and the shell."""

from __future__ import annotations

import argparse

from rag.cli.asking import open_assistant
from rag.cli.output import put, say


def serve(options: argparse.Namespace) -> int:
    """Serve answers over HTTP until interrupted."""
    from rag.server.gate import Limits, read_keys
    from rag.server.running import serve as run
    from rag.ui.listening import address

    limits = Limits(read_keys(options.keys), options.rate)
    with open_assistant(options) as assistant:
        say(f"Serving {address(options.host, options.port)} (stop with Ctrl-C)")
        run(assistant, host=options.host, port=options.port, limits=limits,
            most_waiting=options.waiting)  # fmt: skip
    return 0


def mcp(options: argparse.Namespace) -> int:
    """Speak MCP over stdin and stdout until they close; the models load behind it."""
    from rag.server.line import Line
    from rag.server.mcp_server import build
    from rag.ui.seam import Holder

    holder = Holder(lambda: open_assistant(options))
    build(Line(holder.get)).run()  # type: ignore[arg-type]  # what it holds is an Assistant
    return 0


def completion(options: argparse.Namespace) -> int:
    """Print the script that completes commands and options in a shell."""
    import shtab

    from rag.cli.parser import build_parser

    parser = build_parser()
    _complete_paths(parser, {"FILE": shtab.FILE, "DIR": shtab.DIRECTORY, "PATH": shtab.FILE})
    put(shtab.complete(parser, shell=options.shell))
    return 0


def _complete_paths(parser: argparse.ArgumentParser, kinds: dict[str, dict[str, str]]) -> None:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for each in set(action.choices.values()):
                _complete_paths(each, kinds)
        for word, kind in kinds.items():
            if word in str(action.metavar or action.dest.upper()):
                action.complete = kind  # type: ignore[attr-defined]  # where shtab looks
