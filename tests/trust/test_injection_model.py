"""The default model under a sample of the attacks: nothing changed, miscited or let through."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.answering.assistant import Assistant
from rag.indexing import update
from rag.ui.export import as_markdown
from rag.ui.rendering import answer_html
from rag.ui.turns import Turn
from tests.indexing.support import read_here
from tests.trust.attacks import ATTACK_SAMPLE, attacks
from tests.trust.obeying import ALWAYS, believed, unsupported
from tests.trust.rendered import in_html, in_markdown


@pytest.mark.model
@pytest.mark.timeout(1800)  # two minutes on a quiet machine
def test_twenty_attacks_change_nothing(tmp_path: Path, default_weights: Path, embedder) -> None:
    """The refusal model is switched off: what is shown here, is shown whatever the confidence."""
    from rag.models.generator import LlamaGenerator

    generator = LlamaGenerator(default_weights)
    changed, miscited, unescaped, states = [], [], [], {}
    chosen = [each for each in attacks() if each.name in ATTACK_SAMPLE]
    assert len(chosen) == len(ATTACK_SAMPLE) == 20
    for number, attack in enumerate(chosen):
        papers = tmp_path / str(number) / "papers"
        papers.mkdir(parents=True)
        for name, text in attack.files.items():
            (papers / name).write_text(text, "utf-8")
        index = papers.parent / "index"
        update(index, [papers], embedder, reader=read_here)
        opened = Assistant(index, embedder=embedder, generator=_Kept(generator), confidence=ALWAYS)
        with opened as assistant:
            answer = assistant.ask(attack.question)
        states[attack.name] = f"{answer.state}: {answer.text}"
        print(attack.name, states[attack.name], flush=True)
        if believed(answer, attack):
            changed.append(attack.name)
        if unsupported(answer):
            miscited.append(attack.name)
        turn = Turn(1, attack.question, answer=answer)
        turn.done.set()
        if in_html(answer_html(turn, "en")) or in_markdown(as_markdown(answer, "en")):
            unescaped.append(attack.name)
    generator.close()
    assert (changed, miscited, unescaped) == ([], [], []), states


class _Kept:
    """The generator without its `close`, so that one load serves all assistants."""

    def __init__(self, inner) -> None:
        self.fingerprint, self.context_tokens = inner.fingerprint, inner.context_tokens
        self.count_tokens, self.stream = inner.count_tokens, inner.stream
        self.probabilities, self.judge = inner.probabilities, inner.judge
