"""A GBNF grammar for one prompt: prose that can point only at the evidence it was shown."""

from __future__ import annotations

import json
from collections.abc import Sequence

_LETTER = '[A-MO-RT-Z\u00c0-\u00de\u201c"\u300c\u300a\u4e00-\u9fff]'
_BARRED = r"\[\]<>\n\r"
REFUSAL = "NOT FOUND"
"""The one fixed refusal."""


def build(labels: Sequence[str], *, statements: int, yes_no: bool = False) -> str:
    """Rules for at most `statements` sentences, each ended by one or two labels.

    The prose may hold no bracket, angle bracket or line break, so that it can form neither a
    label of its own nor markup. A yes/no question is answered with Yes or No first.
    """
    label = " | ".join(json.dumps(label) for label in labels)
    first = '("Yes, " | "No, ") any cite cite?' if yes_no else "statement"
    more = f'(" " statement){{0,{statements - 1}}}' if statements > 1 else ""
    return "\n".join(
        [
            f"root ::= {first} {more}",
            "statement ::= prose cite cite?",
            f"any ::= [^{_BARRED} ] [^{_BARRED}]{{3,400}}",
            'cite ::= "[" label "]"',
            f"label ::= {label}",
            # A small model that may open with a digit answers "44" and stops: a letter is wanted.
            # Nor may it open with a label ("S1: ...") or the refusal: those are for code to place.
            rf"prose ::= opening [^{_BARRED}]{{3,400}}",
            rf'opening ::= {_LETTER} | "S" [^0-9{_BARRED}] | "N" [^O{_BARRED}]',
        ]
    )
