"""The command `rag`: parse, run, and turn our errors into one line on stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from rag.cli.output import say
from rag.cli.parser import build_parser
from rag.errors import RagError

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code (0 done, 1 an error or a check said no, 2 usage)."""
    options = build_parser().parse_args(arguments)
    if not hasattr(options, "run"):
        build_parser().print_help()
        return 2
    # What is indexed, asked and answered is for the eyes of who runs this.
    umask = os.umask(0o077)
    try:
        return int(options.run(options) or 0)
    except RagError as error:
        return _complain(options, str(error), error.exit_code)
    except KeyboardInterrupt:
        return _complain(options, "Interrupted; what was done so far is kept.", 130)
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except MemoryError:
        words = "Not enough memory. Close other programs or raise the limit (ulimit -v)."
        return _complain(options, words, 1)
    except OSError as error:
        return _complain(
            options, f"{error.strerror or error}: {error.filename or ''}".rstrip(": "), 1
        )
    finally:
        os.umask(umask)


def _complain(options: object, message: str, code: int) -> int:
    if getattr(options, "debug", False):
        raise
    say(f"rag: {message}")
    return code
