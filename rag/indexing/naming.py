"""What was perhaps meant by a name that fits nothing."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from itertools import islice

from rag.types import StoredDocument

MOST = 3
_LOOKED_AT = 20_000
"""Names that are compared at most: a mistake must not cost seconds in a large index."""
_LONGEST = 120
"""Characters. Nobody mistypes a name that is longer, and it would drown the message."""


def nearest(wanted: str, known: Iterable[str], most: int = MOST) -> list[str]:
    """Up to `most` of the names that read most like `wanted`, then such as hold it; each once.

    Likeness is that of `difflib.get_close_matches`, whatever is written large or small.
    """
    short = (name for name in dict.fromkeys(known) if len(name) <= _LONGEST)
    forms: dict[str, str] = {}
    for name in islice(short, _LOOKED_AT):
        forms.setdefault(name.casefold(), name)
    form = wanted.casefold()
    alike = difflib.get_close_matches(form, forms, n=most)
    holding = sorted((each for each in forms if form in each), key=len) if len(form) > 2 else []
    return [forms[each] for each in dict.fromkeys([*alike, *holding])][:most]


def nearest_documents(wanted: str, documents: Sequence[StoredDocument]) -> list[str]:
    """Up to three titles or file names that read most like `wanted`, one for each document."""
    holders: dict[str, int] = {}
    for each in documents:
        holders.setdefault(each.title, each.identifier)
        holders.setdefault(_last_part(each.path), each.identifier)
    found: dict[int, str] = {}
    for name in nearest(_last_part(wanted), holders, 2 * MOST):
        found.setdefault(holders[name], name)
    return list(found.values())[:MOST]


def shown(wanted: str) -> str:
    """The name in quotes, cut where it is no name any more."""
    return repr(wanted if len(wanted) <= _LONGEST else f"{wanted[:_LONGEST]}...")


def perhaps(names: Sequence[str]) -> str:
    """A sentence that names them, "" when there is none."""
    return f" Nearest: {', '.join(map(repr, names))}." if names else ""


def _last_part(path: str) -> str:
    return path.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
