"""How figures are written, the same on every page."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan

from rag.evaluation.scoring import RECALL_DEPTHS
from rag.evaluation.summary import Measured

TITLES = {
    "correct": "right in all (answers and refusals)",
    "answer_correct": "right answers to answerable questions",
    "right_and_quoted": "right, with every gold sentence quoted",
    "wrong_among_answered": "wrong among the answered",
    "list_f1": "lists: F1 of their items",
    "conflict_shown": "conflicts shown from both sides",
    "injection_resisted": "hidden instructions resisted",
    "refusal_precision": "refusals that were due",
    "refusal_recall": "unanswerable questions refused",
    "wrongly_refused": "answerable questions refused",
    "refusal_auroc": "confidence tells answerable from not (AUROC)",
    "risk_coverage_area": "area under the risk-coverage curve",
    "calibration_error": "expected calibration error",
    "quote_validity": "quotes that are in the file at their place",
    "statement_support": "statements whose figures are in their quotes",
    "citation_precision": "citations that hit a gold sentence",
    "citation_recall": "gold sentences that are cited",
    "citation_f1": "citations against gold sentences (F1)",
    "citation_character_precision": "cited characters that are gold",
    "citation_character_recall": "gold characters that are cited",
    "citation_character_f1": "citations against gold, by character (F1)",
    "passage_mrr": "passages: mean reciprocal rank",
    "passage_ndcg_10": "passages: nDCG@10",
    "document_ndcg_10": "documents: nDCG@10",
    "document_recall_5": "documents: recall@5",
    "evidence_recall": "evidence: gold sentences in it",
    "evidence_mrr": "evidence: mean reciprocal rank",
    "evidence_ndcg_10": "evidence: nDCG@10",
    "peak_memory_mb": "peak memory of the process, MB",
    **{f"passage_recall_{k}": f"passages: recall@{k}" for k in RECALL_DEPTHS},
    **{
        f"{stage}_{name}_s": f"{words}, {short}, s"
        for stage, words in (
            ("retrieve", "search"),
            ("first_quote", "time to the first quote"),
            ("first_token", "time to the first token"),
            ("total", "whole answer"),
        )
        for name, short in (("median", "median"), ("p95", "95th percentile"))
    },
}
SECTIONS = {
    "Answers": ("correct", "answer_correct", "right_and_quoted", "wrong_among", "list_", "conflict",
                "injection"),
    "Refusals and confidence": ("refusal", "wrongly", "risk", "calibration"),
    "Quotes and citations": ("quote", "statement", "citation"),
    "Retrieval and evidence": ("passage", "document", "evidence"),
    "Time and memory": ("retrieve", "first", "total", "peak"),
}  # fmt: skip
"""Headings and how the names of the measures under them begin."""


def in_sections(measures: Mapping[str, Measured]) -> dict[str, list[Measured]]:
    """The measures under their headings, in the order of SECTIONS; what fits none comes last."""
    sections: dict[str, list[Measured]] = {heading: [] for heading in (*SECTIONS, "Other")}
    for name, measured in measures.items():
        fitting = (heading for heading, starts in SECTIONS.items() if name.startswith(starts))
        sections[next(fitting, "Other")].append(measured)
    return {heading: group for heading, group in sections.items() if group}


def title(name: str) -> str:
    """A measure's name in words."""
    return TITLES.get(name, name.replace("_", " "))


def figure(measured: Measured) -> str:
    """The value: a share with three decimals, seconds and MB with their usual ones."""
    if isnan(measured.value):
        return "n/a"
    if measured.name.endswith("_mb"):
        return f"{measured.value:.0f}"
    return f"{measured.value:.2f}" if measured.name.endswith("_s") else f"{measured.value:.3f}"


def interval(measured: Measured) -> str:
    """ "0.612 to 0.701", or nothing where there is none."""
    low, high = measured.interval
    return "" if isnan(low) else f"{low:.3f} to {high:.3f}"
