"""Whether a text follows a GBNF grammar, for servers that cannot be held to one.

Only grammars without recursion, which are as strong as regular expressions: each becomes one.
Source of the notation: the GBNF guide of llama.cpp.
"""

from __future__ import annotations

import re
from functools import cache

from rag.errors import ModelError

_TOKEN = re.compile(
    r"""\s+ | \#[^\n]* | (?P<defines>[A-Za-z][\w-]*\s*::=) | (?P<name>[A-Za-z][\w-]*)
    | (?P<text>"(?:\\.|[^"\\])*") | (?P<set>\[\^?(?:\\.|[^\]\\])*\])
    | (?P<times>[?*+] | \{\d+(?:,\d*)?\}) | (?P<sign>[()|.])""",
    re.VERBOSE,
)
_ESCAPED = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)", re.DOTALL)
_NAMED = {"n": "\n", "r": "\r", "t": "\t"}

Rules = dict[str, list[tuple[str, str]]]


@cache
def compiled(grammar: str) -> re.Pattern[str]:
    """The grammar's rule `root` as a regular expression.

    Raises:
        ModelError: it does not parse, names a rule it lacks, or a rule leads back to itself.
    """
    return re.compile(_rule("root", _rules(grammar), ()))


def fit(text: str, grammar: str) -> str:
    """The longest beginning of `text` that is a whole text of the grammar; "" when none is."""
    pattern = compiled(grammar)
    ends = range(len(text), 0, -1)
    return next((text[:end] for end in ends if pattern.fullmatch(text, 0, end)), "")


def _rules(grammar: str) -> Rules:
    rules: Rules = {}
    body: list[tuple[str, str]] | None = None
    at = 0
    while at < len(grammar):
        found = _TOKEN.match(grammar, at)
        if found is None:
            raise ModelError(f"The grammar does not parse at {grammar[at : at + 20]!r}.")
        at = found.end()
        if found.lastgroup == "defines":
            body = rules.setdefault(found[0].removesuffix("::=").strip(), [])
        elif found.lastgroup is not None:
            if body is None:
                raise ModelError(f"The grammar begins with {found[0]!r}, not with a rule.")
            body.append((found.lastgroup, found[0]))
    return rules


def _rule(name: str, rules: Rules, above: tuple[str, ...]) -> str:
    if name not in rules:
        raise ModelError(f"The grammar names a rule {name!r} and has none of that name.")
    if name in above:
        raise ModelError(f"The rule {name!r} leads back to itself: such a grammar is not checked.")
    parts: list[str] = []
    for kind, token in rules[name]:
        if kind == "name":
            parts.append(f"(?:{_rule(token, rules, (*above, name))})")
        elif kind == "text":
            parts.append(f"(?:{re.escape(_plain(token[1:-1]))})")
        else:
            parts.append("(?:" if token == "(" else "(?s:.)" if token == "." else token)
    try:
        re.compile("".join(parts))
    except re.error as error:
        raise ModelError(f"The rule {name!r} of the grammar does not parse: {error}.") from error
    return "".join(parts)


def _plain(escaped: str) -> str:
    return _ESCAPED.sub(
        lambda found: chr(int(found[1][1:], 16)) if len(found[1]) > 1
        else _NAMED.get(found[1], found[1]),
        escaped,
    )  # fmt: skip
