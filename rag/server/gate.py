"""Who may ask, how often and how much: one ASGI middleware before the routes."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from rag.errors import UsageError
from rag.ui.security import Application, Receive, Scope, Send

KEYS_VARIABLE = "RAG_API_KEYS"
_SHORTEST_KEY = 16
_MOST_CALLERS = 10_000
_KINDS = {
    401: "authentication_error", 404: "not_found", 408: "too_slow", 413: "too_large",
    429: "rate_limit",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """`keys` admit a caller; with none, everyone is. `per_minute` counts requests of one caller,
    `body_seconds` is how long a request may take to arrive."""

    keys: tuple[str, ...] = ()
    per_minute: int = 60
    most_bytes: int = 1_000_000
    body_seconds: float = 30.0


def read_keys(file: Path | None) -> tuple[str, ...]:
    """Keys of a file, one a line, and of RAG_API_KEYS, parted by commas. Lines with # are notes.

    Raises:
        UsageError: a key is shorter than 16 characters, others may read the file, or it has none.
    """
    lines = os.environ.get(KEYS_VARIABLE, "").split(",")
    if file is not None:
        if file.stat().st_mode & 0o077:
            raise UsageError(f"Others can read the keys in {file}. Run: chmod 600 {file}")
        try:
            lines += file.read_text("utf-8").splitlines()
        except UnicodeDecodeError as error:
            raise UsageError(f"The keys in {file} are not UTF-8 text: {error.reason}.") from error
    keys = tuple(key for line in lines if (key := line.strip()) and not key.startswith("#"))
    if file is not None and not keys:
        raise UsageError(f"{file} has no key. Put one into a line: openssl rand -hex 24")
    if any(len(key) < _SHORTEST_KEY for key in keys):
        raise UsageError(
            f"A key is shorter than {_SHORTEST_KEY} characters. Make one: openssl rand -hex 24"
        )
    return keys


class Buckets:
    """A token bucket for each caller: bursts of a minute's worth, refilled evenly."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._size = float(per_minute)
        self._clock = clock
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, caller: str) -> float:
        """0.0 when the caller may go on, else the seconds until it may."""
        now = self._clock()
        left, seen = self._held.pop(caller, (self._size, now))
        left = min(self._size, left + (now - seen) * self._size / 60)
        allowed = left >= 1
        self._held[caller] = (left - 1 if allowed else left, now)
        if len(self._held) > _MOST_CALLERS:
            self._held.popitem(last=False)
        return 0.0 if allowed else (1 - left) * 60 / self._size


class Gate:
    """ASGI middleware. `open_paths` need no key and are not counted."""

    def __init__(
        self, app: Application, limits: Limits, open_paths: Iterable[str] = ("/health",)
    ) -> None:
        self._app = app
        self._limits = limits
        self._digests = [_digest(key) for key in limits.keys]
        self._buckets = Buckets(limits.per_minute)
        self._open = frozenset(open_paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] not in self._open:
            refusal = self._refusal(scope)
            if refusal is not None:
                await refusal(scope, receive, send)
                return
            receive = self._bounded(receive)
        await self._app(scope, receive, send)

    def _refusal(self, scope: Scope) -> JSONResponse | None:
        headers = Headers(scope=scope)
        caller = self._caller(scope, headers)
        if caller is None:
            return error_response(401, "A key is needed: Authorization: Bearer KEY.",
                                  headers={"WWW-Authenticate": "Bearer"})  # fmt: skip
        if headers.get("content-length", "0").isdecimal():
            length = int(headers.get("content-length", "0"))
            if length > self._limits.most_bytes:
                return error_response(413, self._too_large())
        wait = self._buckets.take(caller)
        if wait:
            words = f"More than {self._limits.per_minute} requests a minute."
            return error_response(429, words, headers={"Retry-After": str(int(wait) + 1)})
        return None

    def _caller(self, scope: Scope, headers: Headers) -> str | None:
        """A name for the caller: its key's digest, or its address when no keys are asked for."""
        if not self._digests:
            client = scope.get("client")
            return str(client[0]) if client else "unknown"
        kind, _, given = headers.get("authorization", "").partition(" ")
        shown = _digest(given.strip() if kind.lower() == "bearer" else headers.get("x-api-key", ""))
        # Every key is compared, so that the time taken says nothing about which is near.
        matches = [hmac.compare_digest(shown, digest) for digest in self._digests]
        return shown if any(matches) else None

    def _bounded(self, receive: Receive) -> Receive:
        """`receive` that refuses a body larger or slower than the limits, however announced."""
        taken, complete = 0, False
        deadline = asyncio.get_running_loop().time() + self._limits.body_seconds

        async def bounded() -> MutableMapping[str, Any]:
            nonlocal taken, complete
            if complete:  # what comes now is the caller's leaving
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(408, self._too_slow()) from None
            complete = not message.get("more_body", False)
            taken += len(message.get("body", b""))
            if taken > self._limits.most_bytes:
                raise HTTPException(413, self._too_large())
            return message

        return bounded

    def _too_slow(self) -> str:
        return f"The request took more than {self._limits.body_seconds:g} s to arrive."

    def _too_large(self) -> str:
        return f"The request is larger than {self._limits.most_bytes:,} bytes."


def error_response(
    status: int, message: str, kind: str = "", headers: dict[str, str] | None = None
) -> JSONResponse:
    """An error in the one shape of this server, which is that of the OpenAI dialect."""
    named = kind or _KINDS.get(status, "invalid_request" if status < 500 else "server_error")
    body = {"error": {"message": message, "type": named, "param": None, "code": status}}
    return JSONResponse(body, status, headers)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
