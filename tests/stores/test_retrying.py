from __future__ import annotations

import pytest

from rag.errors import StoreUnreachable
from rag.stores.retrying import Away, retrying


def test_it_goes_on_when_the_server_is_back():
    answers = iter([Away("down"), Away("starting"), 7])

    def action() -> int:
        answer = next(answers)
        if isinstance(answer, Away):
            raise answer
        return answer

    assert retrying(action, 5.0, "http://db/c") == 7


def test_it_gives_up_with_the_last_reason_and_what_to_do():
    def action() -> None:
        raise Away("code 2: connection refused")

    with pytest.raises(StoreUnreachable) as caught:
        retrying(action, 0.3, "http://db/c")
    for part in ("http://db/c", "connection refused", "Nothing is lost", "rag index --store local"):
        assert part in str(caught.value)
