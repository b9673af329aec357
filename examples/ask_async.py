"""Several questions from an async program: the assistant works in threads, the loop stays free.

rag index ~/inbox
python examples/ask_async.py "What was let?" "Who won?"
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence

from rag import Answer, Assistant


async def answers(assistant: Assistant, questions: Sequence[str]) -> list[Answer]:
    """One answer each, in the order of the questions."""
    return await asyncio.gather(*(asyncio.to_thread(assistant.ask, each) for each in questions))


def main(questions: Sequence[str]) -> None:
    with Assistant() as assistant:
        for answer in asyncio.run(answers(assistant, questions)):
            print(f"{answer.question}\n  {answer.text}\n")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: python examples/ask_async.py QUESTION...")
    main(sys.argv[1:])
