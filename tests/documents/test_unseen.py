"""Files in layouts no rule was written for, marked by hand before the program had read them.

`marks.json` says for each what a reader finds. What is still missed is counted here exactly, so
that a rule that helps or harms changes a figure.
"""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from rag.documents import fold, read

UNSEEN = Path(__file__).parent / "data" / "unseen"
MARKS = json.loads((UNSEEN / "marks.json").read_text(encoding="utf-8"))


@dataclass
class Tally:
    """Marks found, and everything else that was found; each entry says what it is."""

    hits: list = field(default_factory=list)
    missed: list = field(default_factory=list)
    false: list = field(default_factory=list)


def attributions(source):
    return [
        one
        for document in source.documents
        for sentence in document.sentences
        for one in sentence.attributions
    ]


def judge(name):
    """Tallies of articles, bracketed sources, speakers, furniture and prose of one file."""
    marks, source = MARKS[name], read(UNSEEN / name)
    said = attributions(source)
    brackets, speakers = Tally(), Tally()
    left = list(said)
    for wanted, date in marks["brackets"]:
        found = [one for one in left if wanted in (one.source or "") and one.date == date]
        (brackets.hits if found else brackets.missed).append((wanted, date))
        left = [one for one in left if one not in found[:1]]
    for phrase, wanted in marks["speakers"]:
        (place,) = re.finditer(re.escape(phrase).replace(r"\ ", r"\s+"), source.text)
        found = [
            one
            for one in left
            if one.start < place.end()
            and place.start() < one.end
            and fold(wanted) in (one.source or "")
        ]
        (speakers.hits if found else speakers.missed).append((phrase, wanted))
        left = [one for one in left if one not in found[:1]]
    for one in left:
        around = fold(source.text[max(0, one.start - 40) : one.end + 25])
        if not any(fold(phrase) in around for phrase in marks["either"]):
            ahead = source.text[: one.start + 1]
            bracketed = any(ahead.rfind(o) > ahead.rfind(c) for o, c in ("()", "[]", "（）"))
            (brackets if bracketed else speakers).false.append(one.text)
    return judge_articles(marks, source), brackets, speakers, *judge_spans(marks, source)


def judge_articles(marks, source):
    articles = Tally()
    documents = list(source.documents)
    for title, author, published in marks["articles"]:
        at = source.text.rindex(title)
        found = [
            one for one in documents if fold(title) in one.title and abs(one.start - at) <= 120
        ]
        for label, wanted, got in (
            ("title", title, found and title),
            ("author", author, found and found[0].author),
            ("published", published, found and found[0].published),
        ):
            (articles.hits if found and wanted == got else articles.missed).append((label, wanted))
        documents = [one for one in documents if one not in found]
    articles.false = [one.title for one in documents]
    return articles


def judge_spans(marks, source):
    chrome, prose = Tally(), Tally()
    furniture = fold(" ".join(fold(source.text[one.start : one.end]) for one in source.chrome))
    quotes = [
        fold(source.text[one.start : one.end])
        for document in source.documents
        for one in document.sentences
    ]
    for wanted in marks["chrome"]:
        (chrome.hits if fold(wanted) in furniture else chrome.missed).append(wanted)
    for wanted in marks["prose"]:
        (
            prose.hits if any(quote.endswith(fold(wanted)) for quote in quotes) else prose.missed
        ).append(wanted)
    return chrome, prose


ROOMS = ("articles", "brackets", "speakers", "chrome", "prose")
if __name__ == "__main__":
    for name in MARKS:
        for room, tally in zip(ROOMS, judge(name), strict=True):
            print(name, room, len(tally.hits), "missed", tally.missed, "false", tally.false)
