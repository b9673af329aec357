"""Keys, limits, foreign hosts and pages."""

from __future__ import annotations

import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import UsageError
from rag.server.gate import Buckets, Limits, read_keys
from tests.server.running import serving
from tests.server.support import QUESTION

KEY, SECOND = "a" * 24, "b" * 24


def test_without_a_key_nothing_but_health(serve) -> None:
    client = serve(limits=Limits(keys=(KEY, SECOND)))
    assert client.get("/health").status_code == 200
    for path in ("/documents", "/v1/models", "/openapi.json", "/nowhere"):
        refused = client.get(path)
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"] == "Bearer"
    for headers in (
        {"Authorization": f"Bearer {KEY}x"},
        {"Authorization": f"Basic {KEY}"},
        {"Authorization": "Bearer"},
        {"X-API-Key": ""},
    ):
        assert client.get("/documents", headers=headers).status_code == 401
    for headers in ({"Authorization": f"Bearer {SECOND}"}, {"X-API-Key": KEY}):
        assert client.get("/documents", headers=headers).status_code == 200


def test_keys_come_from_a_private_file_and_the_environment(tmp_path: Path, monkeypatch) -> None:
    file = tmp_path / "keys"
    file.write_text(f"# for the notebook\n{KEY}\n\n")
    file.chmod(0o600)
    monkeypatch.setenv("RAG_API_KEYS", f"{SECOND}, ")
    assert set(read_keys(file)) == {KEY, SECOND}
    monkeypatch.delenv("RAG_API_KEYS")
    assert read_keys(None) == ()
    file.chmod(0o644)
    with pytest.raises(UsageError, match="chmod 600"):
        read_keys(file)
    file.chmod(0o600)
    file.write_text("short\n")
    with pytest.raises(UsageError, match="openssl rand"):
        read_keys(file)
    file.write_bytes(b"\xff" * 40)
    with pytest.raises(UsageError, match="not UTF-8"):
        read_keys(file)
    file.write_text("# none\n")
    with pytest.raises(UsageError, match="no key"):
        read_keys(file)


@pytest.mark.parametrize("origin", ["http://[", "null", "http://localhost.example", "localhost"])
def test_a_page_of_another_site_is_refused(client, origin) -> None:
    assert client.get("/documents", headers={"Origin": origin}).status_code == 403
    assert client.get("/documents", headers={"Origin": "HTTP://Localhost"}).status_code == 200


def test_more_than_the_rate_is_told_when_to_come_back(serve) -> None:
    client = serve(limits=Limits(keys=(KEY, SECOND), per_minute=3))
    mine = {"Authorization": f"Bearer {KEY}"}
    assert [client.get("/documents", headers=mine).status_code for _ in range(4)] == [200] * 3 + [
        429
    ]
    refused = client.get("/documents", headers=mine)
    assert 1 <= int(refused.headers["retry-after"]) <= 20
    assert client.get("/documents", headers={"X-API-Key": SECOND}).status_code == 200
    assert client.get("/health").status_code == 200


@settings(deadline=None)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=50), st.integers(1, 10))
def test_no_caller_gets_more_than_a_burst_and_its_rate(steps: list[int], rate: int) -> None:
    now = 0.0
    buckets = Buckets(rate, clock=lambda: now)
    taken = 0
    for step in steps:
        now += step
        wait = buckets.take("someone")
        taken += wait == 0
        assert 0 <= wait <= 60 / rate + 1e-6
        assert taken <= rate + now * rate / 60 + 1e-6


def test_large_bodies_are_refused_however_they_are_announced(serve) -> None:
    client = serve(limits=Limits(most_bytes=1000))
    body = b'{"question": "' + b"x" * 1000 + b'"}'
    assert client.post("/ask", content=body).status_code == 413

    def in_pieces():
        for start in range(0, len(body), 100):
            yield body[start : start + 100]

    refused = client.post("/ask", content=in_pieces())
    assert refused.status_code == 413 and "1,000 bytes" in refused.json()["error"]["message"]


def test_a_request_that_does_not_arrive_is_given_up(assistant) -> None:
    limits = Limits(per_minute=100_000, body_seconds=0.5)
    with serving(assistant, limits) as address:
        place = urlsplit(address)
        with socket.create_connection((place.hostname, place.port), timeout=60) as slow:
            slow.sendall(
                b"POST /ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                b'Content-Length: 100\r\n\r\n{"question'
            )
            reply = b"".join(iter(lambda: slow.recv(4096), b""))
    assert reply.startswith(b"HTTP/1.1 408 ") and b"0.5 s" in reply


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "localhost"}, 200),
        ({"Host": "127.0.0.1:7861"}, 200),
        ({"Host": "rebound.example"}, 421),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
def test_pages_of_others_cannot_ask(client, headers, status) -> None:
    reply = client.post("/ask", json={"question": QUESTION}, headers=headers)
    assert reply.status_code == status
    assert "access-control-allow-origin" not in reply.headers


def test_a_preflight_is_not_answered(client) -> None:
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    reply = client.options("/ask", headers=asked)
    assert reply.status_code == 403
    assert not [name for name in reply.headers if name.startswith("access-control")]
