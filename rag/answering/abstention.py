"""Whether to answer: a calibrated probability that the drafted answer is right.

A logistic model over a few features of retrieval, generation and checks, fitted on questions kept
apart (`rag eval calibrate`); the threshold is chosen for the risk the user names.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from rag.answering.checks import setting
from rag.answering.generation import Draft
from rag.answering.parts import parts
from rag.answering.questions import gives, wanted, wants_several
from rag.answering.repair import Supported
from rag.answering.stems import stem, stems
from rag.errors import IndexBroken
from rag.indexing.terms import question_terms
from rag.types import Evidence

FEATURES = (
    "judged",
    "refusal",
    "coverage",
    "kind",
    "repaired",
)
_SURE = 9.3
"""Log-odds are cut off here, at a probability of 0.9999."""


@dataclass(frozen=True, slots=True)
class Confidence:
    """A logistic model: P(right) = 1 / (1 + exp(-(bias + sum of weight * feature))).

    Where no sentence is judged to answer with log-odds of `least_judged`, nothing is written: in
    what the model was fitted on, no right answer sure enough to show rests on one less likely.
    """

    bias: float
    weights: Mapping[str, float]
    threshold: float
    risk: float
    least_judged: float = -_SURE

    def probability(self, features: Mapping[str, float]) -> float:
        """In 0 to 1, higher is surer."""
        total = self.bias + sum(w * features.get(name, 0.0) for name, w in self.weights.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))

    @property
    def fingerprint(self) -> str:
        """Names the model by content."""
        return "confidence@" + hashlib.sha256(self.to_json().encode()).hexdigest()[:8]

    @classmethod
    def from_json(cls, text: str) -> Confidence:
        """Read what `rag eval calibrate` stored.

        Raises:
            IndexBroken: the text is not that.
        """
        try:
            fields = json.loads(text)
            least = fields.get("least_judged", -_SURE)
            return cls(
                fields["bias"], fields["weights"], fields["threshold"], fields["risk"], least
            )
        except (ValueError, KeyError, TypeError) as error:
            raise IndexBroken(
                f"The stored refusal model cannot be read ({error!r}). Run: rag eval calibrate"
            ) from error

    def to_json(self) -> str:
        return json.dumps(
            {
                "bias": self.bias,
                "weights": dict(self.weights),
                "threshold": self.threshold,
                "risk": self.risk,
                "least_judged": self.least_judged,
            }
        )


@cache
def default_confidence() -> Confidence:
    """The model that ships, fitted on the calibration split and the newsletter questions."""
    text = files("rag.answering").joinpath("confidence.json").read_text(encoding="utf-8")
    return Confidence.from_json(text)


def never_refusing(confidence: Confidence) -> Confidence:
    """The same weights, refusing nothing for doubt: what they are fitted again on."""
    return replace(confidence, threshold=-1.0, least_judged=-math.inf)


def features(
    question: str,
    draft: Draft,
    main: Supported,
    judged: Mapping[str, float],
    idf: Mapping[str, float],
    translation: str = "",
) -> dict[str, float]:
    """What the confidence rests on, all finite, most in 0 to 1.

    `main` is the first statement that stands, `judged` the probability by label that a sentence
    answers the question, `idf` the weight of each question term, `translation` the question in the
    documents' language.
    """
    # Two questions in one are answered as surely as the less sure of them.
    deciding = max if len(parts(question)) == 1 else min
    best = deciding(main.evidence, key=lambda item: judged[item.label])
    # Two sentences cited for one thing, one with the name and one with the figure, cover every word
    # of the question and answer nothing.
    resting_on = main.evidence if wants_several(question) else (best,)
    return {
        "judged": log_odds(judged[best.label]),
        "refusal": log_odds(draft.refusal),
        "coverage": max(coverage(asked, resting_on, idf) for asked in (question, translation)),
        "kind": float(gives(wanted(question), main.text, question)),
        "repaired": float(main.repaired),
    }


def coverage(question: str, cited: Sequence[Evidence], idf: Mapping[str, float]) -> float:
    """Which share of the question's terms, weighted by idf, the quotes, their setting and the dates
    of their documents hold."""
    asked = {term: idf.get(term, 0.0) for term in question_terms(question)}
    total = sum(asked.values())
    if not cited or total <= 0:
        return 0.0
    dated = ((item.document.published or "").replace("-", " ") for item in cited)
    held = stems(" . ".join((setting(cited), *dated)))
    return sum(weight for term, weight in asked.items() if stem(term) in held) / total


def log_odds(probability: float) -> float:
    """ln(p / (1 - p)), cut off at 0.0001 and 0.9999."""
    clipped = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(clipped / (1 - clipped))
