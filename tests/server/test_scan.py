"""A scan by schemathesis: requests that the description allows, and ones that it forbids.

No reply may be a fault of the server, of another kind than is described, or take a request that
the description forbids.
"""

from __future__ import annotations

from collections import Counter

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode
from starlette.responses import JSONResponse

from rag.server.application import create_app
from rag.server.gate import Limits
from tests.server.support import QUESTION

HOSTS = ("localhost", "testserver")
# A description cannot say that a question of blanks, an unknown document or a date of no calendar
# is refused: so that some requests that it allows get 400 or 404 is no fault.
TOO_STRICT = [schemathesis.checks.positive_data_acceptance]
OPERATIONS = {
    "POST /ask", "POST /ask_stream", "POST /search", "GET /documents",
    "GET /documents/{identifier}", "GET /health", "GET /v1/models", "POST /v1/chat/completions",
}  # fmt: skip


def operations(app):
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    found = [each.ok() for each in schema.get_all_operations()]
    return {f"{each.method.upper()} {each.path}": each for each in found}


def scan(operation, mode: GenerationMode, examples: int, **how) -> Counter[int]:
    """Statuses of the replies; a reply that breaks a rule raises."""
    seen: Counter[int] = Counter()

    @settings(max_examples=examples, deadline=None, database=None, derandomize=True,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def run(case) -> None:
        reply = case.call(**how)
        seen[reply.status_code] += 1
        # 413 is a refusal as well, which this check does not know.
        refused = [schemathesis.checks.negative_data_rejection] if reply.status_code == 413 else []
        case.validate_response(reply, excluded_checks=TOO_STRICT + refused)

    run()
    return seen


@pytest.mark.parametrize("examples", [10, pytest.param(300, marks=pytest.mark.slow)])
def test_no_request_breaks_the_description(assistant, examples: int) -> None:
    app = create_app(assistant, Limits(per_minute=10_000_000), hosts=HOSTS)
    found = operations(app)
    assert set(found) == OPERATIONS
    for name, operation in found.items():
        seen = scan(operation, GenerationMode.POSITIVE, examples)
        if operation.body or operation.path_parameters or operation.query:
            seen += scan(operation, GenerationMode.NEGATIVE, examples)
            assert max(seen) >= 400, name
        assert max(seen) < 500, (name, seen)


def test_with_keys_nothing_but_health_is_told(assistant) -> None:
    app = create_app(assistant, Limits(("a" * 16,), per_minute=10_000_000), hosts=HOSTS)
    open_app = create_app(assistant, hosts=HOSTS)
    described = operations(open_app)
    for name, operation in described.items():
        operation.app = app
        seen = scan(operation, GenerationMode.POSITIVE, 3)
        assert set(seen) == ({200} if name == "GET /health" else {401}), name


def test_the_scan_sees_what_is_wrong(assistant) -> None:
    app = create_app(assistant, Limits(per_minute=10_000_000), hosts=HOSTS)

    @app.post("/broken")
    async def broken(body: dict[str, str]) -> int:
        return len(body[QUESTION])

    @app.get("/odd")
    async def odd() -> JSONResponse:
        return JSONResponse({}, status_code=418)

    found = operations(app)
    with pytest.raises(KeyError, match="How many containers"):
        scan(found["POST /broken"], GenerationMode.POSITIVE, 3)
    with pytest.raises(FailureGroup, match="Undocumented status code"):
        scan(found["GET /odd"], GenerationMode.POSITIVE, 1)
