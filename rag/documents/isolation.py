"""Many files read by child processes, so that a reader that crashes, hangs or eats costs one file.

The children are started with a command of their own, not by multiprocessing, whose spawned
children import the caller's main module again. They speak over pipes: a length, then a pickle;
what a child sends is unpickled with our own records as the only classes allowed.
"""

from __future__ import annotations

import io
import os
import pickle
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Timer
from typing import Any, BinaryIO

import rag.types
from rag.documents.limits import MEGABYTE, Limits
from rag.errors import ReadError
from rag.types import SourceFile

_DEFAULT = Limits()
_IN_PROCESS_BYTES = 1_000_000
_IN_PROCESS_SUFFIXES = frozenset({".txt"})
_AHEAD = 4
"""Files a worker may be ahead of the one that is waited for: bounds the results kept."""
_COMMAND = "from rag.documents.isolation_child import main; main()"
_RECORDS = frozenset({"SourceFile", "Document", "Sentence", "Attribution", "Chrome", "Page"})
_USED_UP = -signal.SIGPROF if sys.platform != "win32" else 1 << 40
"""The exit code of a child whose processor time is used up; Windows has none."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is, in files and bytes, after `seconds` of wall clock."""

    files: int
    files_total: int
    bytes: int
    bytes_total: int
    seconds: float

    @property
    def seconds_left(self) -> float:
        """By the bytes read so far; 0.0 before the first."""
        return self.seconds * (self.bytes_total - self.bytes) / self.bytes if self.bytes else 0.0


def read_all(
    paths: Iterable[Path],
    workers: int = 1,
    limits: Limits = _DEFAULT,
    progress: Callable[[Progress], None] | None = None,
) -> Iterator[tuple[Path, SourceFile | ReadError]]:
    """Read files in `workers` child processes; results in the order of `paths`.

    Each file may take `limits.seconds` of a processor, `limits.wall_seconds` by the clock and
    `limits.memory_bytes`; a child that dies or is late is replaced. Plain text of less than a
    megabyte in all is read in this process. `progress` is called after each file. Closing the
    iterator ends the children.
    """
    files = [Path(path) for path in paths]
    sizes = [_size(path) for path in files]
    began = time.monotonic()
    done = 0
    source = (
        _in_process(files, limits) if _is_light(files, sizes) else _pooled(files, workers, limits)
    )
    for number, result in enumerate(source):
        done += sizes[number]
        if progress is not None:
            seconds = time.monotonic() - began
            progress(Progress(number + 1, len(files), done, sum(sizes), seconds))
        yield files[number], result


@contextmanager
def one_by_one(limits: Limits = _DEFAULT) -> Iterator[Callable[[Path], SourceFile]]:
    """`rag.documents.read` in the bounds of `read_all`: one child for files asked for in turn."""
    child = _Child(limits)

    def read(path: Path) -> SourceFile:
        light = _is_light([path], [_size(path)])
        result = next(_in_process([path], limits)) if light else child.read(path)
        if isinstance(result, ReadError):
            raise result
        return result

    try:
        yield read
    finally:
        child.end()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # reading it will say what is wrong


def _is_light(files: list[Path], sizes: list[int]) -> bool:
    if sum(sizes) >= _IN_PROCESS_BYTES:
        return False
    return all(path.suffix.lower() in _IN_PROCESS_SUFFIXES for path in files)


def _in_process(files: list[Path], limits: Limits) -> Iterator[SourceFile | ReadError]:
    for path in files:
        try:
            yield read_one(path, limits)
        except ReadError as error:
            yield error
        except Exception as error:
            yield ReadError(*as_error(path, error))


def as_error(path: Path | str, error: Exception) -> tuple[str, str]:
    """Message and reason of an error that is ours: it costs its file, not the run."""
    if isinstance(error, RecursionError):
        return f"{path} is nested too deep to read.", "nested too deep"
    kind = type(error).__name__
    return f"{path}: {kind}: {error}", f"internal error ({kind})"


def read_one(path: Path, limits: Limits) -> SourceFile:
    """What `rag.documents.read` does, with other limits than the default ones."""
    from rag.documents import structure
    from rag.documents.readers import extract

    extracted, digest = extract(path, limits)
    return structure(extracted, path, digest)


def _pooled(files: list[Path], workers: int, limits: Limits) -> Iterator[SourceFile | ReadError]:
    children = [_Child(limits) for _ in range(max(1, min(workers, len(files))))]
    idle: SimpleQueue[_Child] = SimpleQueue()
    for child in children:
        idle.put(child)

    def task(path: Path) -> SourceFile | ReadError:
        child = idle.get()
        try:
            return child.read(path)
        finally:
            idle.put(child)

    executor = ThreadPoolExecutor(len(children), thread_name_prefix="reading")
    waiting: deque[Future[SourceFile | ReadError]] = deque()
    try:
        for path in files:
            waiting.append(executor.submit(task, path))
            if len(waiting) > _AHEAD * len(children):
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
        for child in children:
            child.end()
        executor.shutdown(wait=True)
        for child in children:
            child.end()  # one that a thread was just starting


class _Child:
    """A child process that reads one file at a time; started when needed, also after a death."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._ended = False

    def read(self, path: Path) -> SourceFile | ReadError:
        process = self._started()
        late: list[bool] = []

        def stop() -> None:
            late.append(True)
            process.kill()

        timer = Timer(_patience(self._limits), stop)
        timer.daemon = True
        timer.start()
        try:
            if process.stdin is None or process.stdout is None:
                raise ValueError("a child without pipes")
            send(process.stdin, (str(path), self._limits))
            answer = receive(process.stdout, trusted=False)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):
            return self._died(path, bool(late))
        finally:
            timer.cancel()
        result, last = answer
        if last:
            self._close(process)
        return result if isinstance(result, SourceFile) else ReadError(*result)

    def end(self) -> None:
        """Stop the child at once, whatever it does; it is not started again."""
        self._ended = True
        if self._process is not None:
            self._process.kill()
            self._close(self._process)

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None and not self._ended:
            environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
            # One thread each: the workers are what uses the cores.
            environment |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _COMMAND],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
            )
        if self._process is None:
            raise RuntimeError("reading was ended")
        return self._process

    def _died(self, path: Path, late: bool) -> ReadError:
        process = self._process
        code = None
        if process is not None:
            process.kill()
            self._close(process)
            code = process.returncode
        if late or code == _USED_UP:
            taken = f"{_patience(self._limits):g} s"
            if not late:
                taken = f"{self._limits.seconds:g} s of processor time"
            return ReadError(
                f"{path.name} took longer than {taken} to read and was given up.",
                f"took longer than {taken}",
            )
        how = signal.Signals(-code).name if code and code < 0 else f"exit code {code}"
        memory = self._limits.memory_bytes // MEGABYTE
        return ReadError(
            f"The reader of {path.name} died ({how}): the file is damaged, or reading it needs "
            f"more than {memory} MB of memory.",
            f"reader died ({how})",
        )

    def _close(self, process: subprocess.Popen[bytes]) -> None:
        self._process = None
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue  # what was left to send has no receiver any more
        process.wait()


class _Records(pickle.Unpickler):
    """Unpickles our records and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        if module == "rag.types.documents" and name in _RECORDS:
            return getattr(rag.types, name)
        raise pickle.UnpicklingError(f"a child sent {module}.{name}")


def send(stream: BinaryIO | Any, message: object) -> None:
    """Write one message: eight bytes of length, then a pickle."""
    data = pickle.dumps(message, protocol=5)
    stream.write(len(data).to_bytes(8, "big"))
    stream.write(data)
    stream.flush()


def receive(stream: BinaryIO | Any, trusted: bool) -> Any:
    """Read one message; from a child (not `trusted`) only our own records.

    Raises:
        EOFError: the other side is gone.
    """
    head = stream.read(8)
    if len(head) < 8:
        raise EOFError
    data = stream.read(int.from_bytes(head, "big"))
    return pickle.loads(data) if trusted else _Records(io.BytesIO(data)).load()


def _patience(limits: Limits) -> float:
    """Seconds by the clock after which the parent ends a child."""
    return limits.seconds if sys.platform == "win32" else limits.wall_seconds
