"""The child side of `isolation`: reads files until its input ends."""

from __future__ import annotations

import os
import re
import signal
import sys

from rag.documents.isolation import as_error, read_one, receive, send
from rag.documents.limits import MEGABYTE, Limits
from rag.errors import ReadError
from rag.types import SourceFile

_FILES = 500
"""Files after which a child is replaced, so that what a library leaks does not add up."""
_GRACE_SECONDS = 10
_NO_MEMORY = re.compile(r"failed to map segment|[Cc]annot allocate memory")

Result = tuple[SourceFile | tuple[str, str], bool]
"""What was read, or an error's message and reason; and whether this child ends now."""


def main() -> None:
    """Answer (path, limits) messages on standard input with `Result`s on standard output."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    # A library that prints would otherwise write into the answers.
    os.dup2(2, 1)
    if sys.platform != "win32":
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends its children itself
    for count in range(1, _FILES + 1):
        try:
            path, limits = receive(requests, trusted=True)
        except EOFError:
            return
        _bound(limits)
        result, last = answer(path, limits)
        _stop_counting()  # or it might end this child while the next file is on its way
        send(answers, (result, last or count == _FILES))
        if last:
            return


def answer(path: str, limits: Limits) -> Result:
    """Read one file; every failure becomes a message and a reason."""
    from pathlib import Path

    try:
        return read_one(Path(path), limits), False
    except ReadError as error:
        return (str(error), error.reason), False
    except Exception as error:
        # The boundary of the process: an error of ours must cost this file, not the run.
        return failure(path, error, limits)


def failure(path: str, error: Exception, limits: Limits) -> Result:
    """Message and reason of an error that is no `ReadError`; a child out of memory ends.

    A library that cannot be mapped into the memory that is left is an ImportError.
    """
    mapped = isinstance(error, OSError | ImportError) and _NO_MEMORY.search(str(error))
    if isinstance(error, MemoryError) or mapped:
        most = f"{limits.memory_bytes // MEGABYTE} MB"
        return (
            f"{path} needs more than {most} of memory to read.",
            f"needs more than {most}",
        ), True
    return as_error(path, error), False


def _bound(limits: Limits) -> None:
    """Limit this process while it reads one file.

    The kernel ends it by SIGPROF when its processor time is used up, wherever it is then, and by
    SIGALRM when the clock has run out and the parent is gone and cannot.
    """
    if sys.platform == "win32":
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(int(limits.wall_seconds) + _GRACE_SECONDS)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, limits.seconds)


def _stop_counting() -> None:
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, 0)
