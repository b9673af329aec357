"""One-call functions: thin wrappers over `rag.Assistant`, `rag.indexing` and the evaluation."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import EvaluationError
from rag.home import home as find_home
from rag.types import Answer, Embedder, Filters, Generator

if TYPE_CHECKING:
    from rag.answering.assistant import Assistant
    from rag.evaluation.commands import Outcome
    from rag.evaluation.records import AssistantFactory
    from rag.indexing import UpdateSummary


def ask(
    question: str,
    *,
    index: Path | str | None = None,
    filters: Filters | None = None,
    embedder: Embedder | Path | str | None = None,
    generator: Generator | Path | str | None = None,
) -> Answer:
    """Answer one question and let go of the models. For several, keep an `Assistant`.

    Args:
        question: at most 2,000 characters.
        index: its folder; the home's default index when None.
        filters: which documents may answer.
        embedder: a catalogue name, a sentence-transformers folder or a ready part.
        generator: a catalogue name, a GGUF file, the address of a server (see
            `rag.models.remote`) or a ready part.

    Raises:
        RagError: see `rag.Assistant`.
    """
    from rag.answering.assistant import Assistant

    with Assistant(index, embedder=embedder, generator=generator) as assistant:
        return assistant.ask(question, filters=filters)


def index(
    paths: Path | str | Sequence[Path | str],
    *,
    at: Path | str | None = None,
    prune: bool = False,
    embedder: Embedder | Path | str | None = None,
) -> UpdateSummary:
    """Read, embed and store files and folders; unchanged ones cost nothing.

    Args:
        paths: one file or folder, or several.
        at: the index's folder; the home's default index when None.
        prune: take out files that are gone.
        embedder: a catalogue name, a sentence-transformers folder or a ready part.

    Raises:
        RagError: see `rag.indexing.update`.
    """
    from rag.indexing import update
    from rag.models.loading import as_embedder

    place = find_home()
    directory = Path(at) if at is not None else place.index
    named = [paths] if isinstance(paths, str | Path) else paths
    return update(directory, list(map(Path, named)), as_embedder(embedder, place), prune=prune)


def evaluate(
    question_set: str | Path = "dev",
    *,
    embedder: Embedder | Path | str | None = None,
    generator: Generator | Path | str | None = None,
    **options: Any,
) -> Outcome:
    """Run the fixed evaluation; `options` are those of `rag.evaluation.commands.evaluate`."""
    from rag.evaluation.commands import evaluate as run

    factory = assistant_factory(embedder, generator)
    return run(question_set, assistant_factory=factory, **options)


def assistant_factory(
    embedder: Embedder | Path | str | None = None,
    generator: Generator | Path | str | None = None,
    kind: type[Assistant] | None = None,
) -> AssistantFactory:
    """Builds the system under test over a corpus, with an index of its own beside the runs.

    `kind` is the class to build, `rag.Assistant` when None: one that leaves a part out, to see
    what the part is worth.
    """

    def build(corpus: Path, *, generator_needed: bool, refusal: bool) -> Any:
        from rag.answering.abstention import default_confidence, never_refusing
        from rag.answering.assistant import Assistant
        from rag.indexing import PassageSettings, update
        from rag.indexing.settings import settings_for
        from rag.models.loading import as_embedder

        place = find_home()
        ready = as_embedder(embedder, place)
        settings = settings_for(ready, PassageSettings()).fingerprint
        mark = hashlib.sha256(f"{corpus.resolve()} {settings}".encode()).hexdigest()[:8]
        directory = place.state / "evaluation" / f"index-{corpus.resolve().name}-{mark}"
        if not corpus.is_dir():
            raise EvaluationError(f"No corpus at {corpus}. Name one: rag eval SET --corpus DIR")
        update(directory, [corpus], ready, prune=True)
        confidence = None if refusal else never_refusing(default_confidence())
        return (kind or Assistant)(
            directory,
            embedder=ready,
            generator=generator,
            confidence=confidence,
            preload=generator_needed,
        )

    def factory(corpus: Path, *, generator: bool, refusal: bool) -> Any:
        return build(corpus, generator_needed=generator, refusal=refusal)

    return factory
