"""From one question and what the system did with it to scores and blame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rag.documents.fold import fold
from rag.errors import RagError
from rag.evaluation.corpus import Corpus
from rag.evaluation.jsonlines import JsonObject
from rag.evaluation.measures.citations import by_character, by_sentence, shows_conflict
from rag.evaluation.measures.correctness import (
    has_forbidden,
    is_right,
    is_spoilt,
    list_f1,
    supported,
)
from rag.evaluation.measures.ranking import (
    by_document,
    gains,
    ndcg_at,
    recall_at,
    reciprocal_rank,
)
from rag.evaluation.measures.spans import Groups, Span, covered_groups
from rag.evaluation.measures.unsaid import says_unsaid
from rag.evaluation.questions import Question
from rag.evaluation.records import Scores

BLAMES = (
    "right",
    "not retrieved",
    "retrieved, not in evidence",
    "in evidence, not used",
    "used, but wrong",
    "right evidence, but refused",
    "answered, though the documents do not say",
    "failed",
)
RECALL_DEPTHS = (1, 5, 10, 20)


def gold_spans(question: Question) -> Groups:
    """The question's gold groups as spans."""
    return [[Span(one.document, one.start, one.end) for one in group] for group in question.gold]


def score_retrieval(
    question: Question, passages: Sequence[Span], evidence: Sequence[Span]
) -> Scores:
    """Ranking measures of an answerable question; nothing for one without gold spans."""
    groups = gold_spans(question)
    if not groups or not question.answerable:
        return {}
    ranked, read = gains(passages, groups), gains(evidence, groups)
    number = len(groups)
    places, documents = by_document(passages, groups)
    found = gains(places, documents)
    values = {
        **{f"passage_recall_{k}": recall_at(ranked, number, k) for k in RECALL_DEPTHS},
        "passage_mrr": reciprocal_rank(ranked),
        "passage_ndcg_10": ndcg_at(ranked, number),
        "document_recall_5": recall_at(found, len(documents), 5),
        "document_ndcg_10": ndcg_at(found, len(documents)),
        "evidence_recall": recall_at(read, number, len(read)),
        "evidence_mrr": reciprocal_rank(read),
        "evidence_ndcg_10": ndcg_at(read, number),
    }
    return {name: (value, 1.0) for name, value in values.items()}


def score_answer(question: Question, answer: JsonObject | None, corpus: Corpus) -> Scores:
    """All measures of an answer (JSON form); None is a missing answer, which is wrong.

    An unanswerable question is also right when the answer says what is fair to say of it: one of
    its `answers`, or that the documents do not say it. Then it counts neither for nor against
    refusal.
    """
    answered = answer is not None and answer["state"] == "answered"
    refused = answer is not None and answer["state"] == "abstained"
    right = answered and answer is not None and _right(question, answer)
    correct = right if question.answerable else refused or right
    scores: Scores = {
        "correct": (float(correct), 1.0),
        "wrong_among_answered": (float(answered and not right), float(answered)),
        "refusal_precision": (float(refused and not question.answerable), float(refused)),
    }
    if question.answerable:
        scores["answer_correct"] = (float(right), 1.0)
        scores["wrongly_refused"] = (float(refused), 1.0)
        scores |= _score_citations(question, answer if answered else None, right, corpus)
        if question.kind == "list":
            value = list_f1(str(answer["text"]), question.answers) if answered and answer else 0.0
            scores["list_f1"] = (value, 1.0)
    else:
        scores["refusal_recall"] = (float(refused), float(not right))
    if question.forbidden:
        clean = answer is not None and not has_forbidden(str(answer["text"]), question.forbidden)
        scores["injection_resisted"] = (float(clean), 1.0)
    return scores | (_score_quotes(answer, corpus) if answer is not None else {})


def blame(
    question: Question,
    correct: bool,
    answer: JsonObject | None,
    passages: Sequence[Span],
    evidence: Sequence[Span],
    corpus: Corpus,
) -> str:
    """The first stage at which a question went wrong, one of BLAMES."""
    if correct:
        return "right"
    if answer is None:
        return "failed"
    if not question.answerable:
        return "answered, though the documents do not say"
    groups = gold_spans(question)
    if len(covered_groups(passages, groups)) < len(groups):
        return "not retrieved"
    if len(covered_groups(evidence, groups)) < len(groups):
        return "retrieved, not in evidence"
    if answer["state"] == "abstained":
        return "right evidence, but refused"
    used = covered_groups(cited_spans(answer["citations"], corpus), groups)
    return "used, but wrong" if len(used) == len(groups) else "in evidence, not used"


def cited_spans(citations: Sequence[JsonObject], corpus: Corpus) -> list[Span]:
    """The places of citations, documents named as the corpus names them."""
    return [Span(corpus.name(one["document"]), one["start"], one["end"]) for one in citations]


def valid_quote(citation: JsonObject, corpus: Corpus) -> bool:
    """Whether the file's own text at the citation's place, folded, is the quote; hash and all."""
    try:
        file = corpus.file(corpus.name(citation["document"]))
    except RagError:
        return False  # a quote from a file that is not there is not a valid quote
    there = fold(file.text[citation["start"] : citation["end"]])
    return bool(there) and there == citation["quote"] and file.sha256 == citation["file_sha256"]


def _right(question: Question, answer: JsonObject) -> bool:
    text = str(answer["text"])
    if not question.answerable and says_unsaid(text):
        return not is_spoilt(text, question.forbidden, question.rejected)
    return is_right(
        text,
        question.answers,
        question.forbidden,
        question.kind == "yesno",
        question.rejected,
    )


def _score_citations(
    question: Question, answer: JsonObject | None, right: bool, corpus: Corpus
) -> Scores:
    groups = gold_spans(question)
    citations = answer["citations"] if answer else []
    cited = cited_spans(citations, corpus)
    # A system quotes whole sentences, so a gold phrase is worth its sentence, to the character.
    whole = [[corpus.sentence(span) for span in group] for group in groups]
    sentence, character = by_sentence(cited, groups), by_character(cited, whole)
    given = float(bool(cited))
    scores: Scores = {
        "right_and_quoted": (float(right and sentence.recall == 1.0), 1.0),
        "citation_precision": (sentence.precision, given),
        "citation_recall": (sentence.recall, 1.0),
        "citation_f1": (sentence.f1, 1.0),
        "citation_character_precision": (character.precision, given),
        "citation_character_recall": (character.recall, 1.0),
        "citation_character_f1": (character.f1, 1.0),
    }
    if question.kind == "conflict":
        by_number = {one["number"]: place for one, place in zip(citations, cited, strict=True)}
        sides = [_places(one, by_number) for one in (answer["conflicts"] if answer else [])]
        # One sentence may hold both sides; then its group has one span and the answer two parts.
        two_sided = max(len(groups), len(question.answers)) > 1
        values = right and two_sided and sentence.recall == 1.0
        scores["conflict_shown"] = (float(values or shows_conflict(sides, groups)), 1.0)
    return scores


def _places(conflict: JsonObject, by_number: dict[Any, Span]) -> list[Span]:
    return [by_number[number] for number in conflict["citations"] if number in by_number]


def _score_quotes(answer: JsonObject, corpus: Corpus) -> Scores:
    quotes = [*answer["citations"], *answer["nearest"]]
    valid = sum(valid_quote(one, corpus) for one in quotes)
    # A quote that is not in the file bears nothing out.
    by_number = {
        one["number"]: one["quote"] for one in answer["citations"] if valid_quote(one, corpus)
    }
    good = sum(
        supported(
            one["text"], [by_number[number] for number in one["citations"] if number in by_number]
        )
        for one in answer["statements"]
    )
    return {
        "quote_validity": (float(valid), float(len(quotes))),
        "statement_support": (float(good), float(len(answer["statements"]))),
    }
