"""`rag feedback`."""

from __future__ import annotations

import argparse
import json

from rag.cli.output import put, say
from rag.errors import UsageError
from rag.evaluation.evaluating import evaluation_folder
from rag.evaluation.questions import to_object
from rag.home import home
from rag.ui.feedback import FEEDBACK_FILE, UNWRITTEN, Feedback, draft


def export(options: argparse.Namespace) -> int:
    """What readers thought of answers, as draft questions of the evaluation, one a line."""
    corpus = options.corpus or evaluation_folder() / "corpus"
    if options.corpus is not None and not corpus.is_dir():
        raise UsageError(f"--corpus {corpus} is not a folder. Name the one the files are in.")
    opinions = Feedback(home().state / FEEDBACK_FILE).opinions()
    lines = [
        json.dumps(to_object(draft(one, corpus.resolve())), ensure_ascii=False) for one in opinions
    ]
    if options.output is None:
        for line in lines:
            put(line)
    else:
        options.output.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    unwritten = sum(UNWRITTEN in line for line in lines)
    say(f"{len(lines)} drafts, {unwritten} with the right answer still to be written.")
    return 0
