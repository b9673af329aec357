"""Every error this package raises on purpose.

    RagError                      one base to catch
    |-- UsageError                the call itself is wrong (exit code 2)
    |-- InputError                a file, folder or text given by the user
    |   |-- ReadError             one file cannot be read; carries a short `reason`
    |   |-- QuestionError         an empty or oversized question
    |   `-- FilterError           a filter names what the index does not have
    |-- ModelError                weights or a model server
    |   |-- ModelNotFound         no such name, path or downloaded file
    |   |-- ModelBroken           a hash, a header or a load does not check out
    |   `-- FetchError            no source could serve the weights
    |-- IndexFault                the index on disk
    |   |-- IndexMissing          nothing has been indexed there yet
    |   |-- IndexMismatch         built with other settings than those asked for
    |   |-- IndexBroken           damaged or torn
    |   |-- IndexLocked           another process writes it
    |   `-- StoreFault            the vector store beside the index refuses
    |       `-- StoreUnreachable  it does not answer
    |-- Busy                      as many questions wait as may
    |-- Stopping                  the server is being stopped
    |-- EvaluationError           question sets, reports, baselines
    `-- ExtraMissing              an optional dependency is not installed

A message says what is wrong, found against expected, and what to run next.
"""

from __future__ import annotations


class RagError(Exception):
    """Base of all errors raised on purpose. `exit_code` is what the command line returns."""

    exit_code = 1


class UsageError(RagError):
    """The call is wrong, whatever the data."""

    exit_code = 2


class InputError(RagError):
    """A file, folder or text given by the user cannot be used."""


class ReadError(InputError):
    """One file cannot be read. `reason` is a few words for a summary line."""

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class QuestionError(InputError):
    """The question is empty or longer than can be answered."""


class FilterError(InputError):
    """A filter names a document or an outlet that the index does not have."""


class ModelError(RagError):
    """Something is wrong with model weights or a model server."""


class ModelNotFound(ModelError):
    """No catalogue entry, file or folder of that name."""


class ModelBroken(ModelError):
    """The weights do not match their hash, or do not load."""


class FetchError(ModelError):
    """No source could serve the weights."""


class IndexFault(RagError):
    """Something is wrong with the index on disk."""


class IndexMissing(IndexFault):
    """Nothing has been indexed there yet."""


class IndexMismatch(IndexFault):
    """The index was built with other settings than those asked for."""


class IndexBroken(IndexFault):
    """The index is damaged."""


class IndexLocked(IndexFault):
    """Another process is writing the index."""


class StoreFault(IndexFault):
    """The vector store that an index is searched through refuses or is not as it should be."""


class StoreUnreachable(StoreFault):
    """The vector store does not answer, tried again for a while."""


class Busy(RagError):
    """As many questions wait as may. `retry_after` is a guess in seconds."""

    def __init__(self, inside: int, retry_after: int) -> None:
        super().__init__(
            f"{inside} questions are being answered or wait. Ask again in {retry_after} s."
        )
        self.retry_after = retry_after


class Stopping(RagError):
    """The server is being stopped, and this question will not be answered."""

    def __init__(self) -> None:
        super().__init__(
            "The server is being stopped; this question was not answered. Ask again when it runs."
        )


class EvaluationError(RagError):
    """A question set, report or baseline cannot be used."""


class ExtraMissing(RagError, ImportError):
    """An optional dependency is not installed. `extra` names the extra that brings it."""

    def __init__(self, extra: str, package: str) -> None:
        super().__init__(f"{package} is not installed. Run: pip install 'sourcebound[{extra}]'")
        self.extra = extra
