"""JSON over HTTP to a model server, by the standard library alone."""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import SplitResult, urlsplit

from rag.errors import ModelError, UsageError

_TRIES = 4
_MOST_BYTES = 20_000_000
_BUSY = (429, 503)
_NOT_ALLOWED = (401, 403)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect could carry the key and the documents' sentences to another host."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Rejected(ModelError):
    """The server answered with an error status: it is there, and does not do what was asked."""

    def __init__(self, said: str, status: int) -> None:
        advice = _advice(status)
        super().__init__(f"{said.rstrip('. ')}. {advice}" if advice else said)
        self.status = status

    @property
    def passing(self) -> bool:
        """Whether it says nothing of what the server can do: the same may be done later, or for
        one who has the key.
        """
        return bool(_advice(self.status))


class JsonServer:
    """A server below an address such as "http://127.0.0.1:8080/v1". Safe between threads."""

    def __init__(self, address: str, *, key: str | None = None, timeout: float = 300.0) -> None:
        """Nothing is asked yet. `timeout` is in seconds, of silence.

        Raises:
            UsageError: not an address, or one that holds a password.
        """
        parts = _split(address)
        path = parts.path.rstrip("/")
        self.address = f"{parts.scheme}://{parts.netloc}{path or '/v1'}"
        self.host = parts.netloc
        self._timeout = timeout
        self._headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if key:
            self._headers["Authorization"] = f"Bearer {key}"
        handlers: list[urllib.request.BaseHandler] = [_NoRedirect()]
        if parts.hostname in ("localhost", "127.0.0.1", "::1"):
            handlers.append(urllib.request.ProxyHandler({}))
        self._opener = urllib.request.build_opener(*handlers)

    def get(self, path: str) -> Any:
        """The reply to a GET request."""
        return self._whole(path, None)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """The reply to a POST request."""
        return self._whole(path, body)

    def stream(self, path: str, body: dict[str, Any]) -> Iterator[Any]:
        """Each event of a stream, up to its end mark. Closing it tells the server to stop.

        Raises:
            ModelError: see `post`; or the stream breaks off or carries an error.
        """
        with self._open(path, body) as reply:
            try:
                for line in reply:
                    data = line.decode("utf-8", "replace").strip()
                    if not data.startswith("data:"):
                        continue
                    data = data.removeprefix("data:").strip()
                    if data == "[DONE]":
                        return
                    event = self._parsed(data)
                    if isinstance(event, dict) and "error" in event:
                        raise ModelError(f"{self.address} says: {_words(event)}")
                    yield event
            except (OSError, http.client.HTTPException) as error:
                raise ModelError(f"{self.address} broke off its answer: {error!r}.") from error

    def _whole(self, path: str, body: dict[str, Any] | None) -> Any:
        with self._open(path, body) as reply:
            try:
                data = reply.read(_MOST_BYTES)
            except (OSError, http.client.HTTPException) as error:
                raise ModelError(f"{self.address} broke off its answer: {error!r}.") from error
        return self._parsed(data.decode("utf-8", "replace"))

    def _parsed(self, data: str) -> Any:
        try:
            return json.loads(data)
        except (ValueError, RecursionError) as error:
            raise ModelError(f"{self.address} answered {data[:80]!r}, expected JSON.") from error

    def _open(self, path: str, body: dict[str, Any] | None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data, self._headers)
        for tried in range(1, _TRIES + 1):
            try:
                return self._opener.open(request, timeout=self._timeout)
            except urllib.error.HTTPError as error:
                with error:
                    said = error.read(10_000).decode("utf-8", "replace")
                    if error.code not in _BUSY or tried == _TRIES:
                        raise Rejected(
                            f"{self.address}{path} answered {error.code}: {_words(said)}",
                            error.code,
                        ) from error
                    time.sleep(_pause(error.headers.get("Retry-After"), tried))
            except (OSError, http.client.HTTPException) as error:
                raise ModelError(
                    f"No model server answers at {self.address} ({error}). Is it running?"
                ) from error
        raise AssertionError("the last try returns or raises")


def _split(address: str) -> SplitResult:
    """The parts of an address; what no request could be sent to is refused here, with words."""
    try:
        parts = urlsplit(address)
        (parts.hostname or "").encode("idna")  # as the resolver will
        usable = parts.port != 0 and parts.hostname and not parts.username
    except ValueError:
        usable = False
    if not usable or parts.scheme not in ("http", "https"):
        raise UsageError(
            f"{address!r} is not the address of a server. Expected one like "
            "http://127.0.0.1:8080, a key in the variable RAG_GENERATOR_KEY."
        )
    return parts


def _pause(asked: str | None, tried: int) -> float:
    """Seconds before the next try: what the server asks for, up to 30, else 1, 2, 4."""
    return min(float(asked), 30.0) if asked and asked.isdecimal() else 2.0 ** (tried - 1)


def _advice(status: int) -> str:
    """What helps, for a status that is not about the request; "" for one that is.

    A 500 or 501 may be about it: some servers answer so to a field that they do not know.
    """
    if status in _NOT_ALLOWED:
        return "Put a key that the server takes into the variable RAG_GENERATOR_KEY."
    if status == 429:
        return "Wait a while, then ask again."
    if status == 408 or status >= 502:
        return "Wait until the server has loaded its model, then ask again."
    return ""


def _words(said: Any) -> str:
    """The message in an error reply of any of the usual shapes."""
    found = said
    if isinstance(said, str):
        try:
            found = json.loads(said)
        except (ValueError, RecursionError):
            return said[:300]
    while isinstance(found, dict):
        found = found.get("error") or found.get("message") or found.get("detail") or str(found)
    return str(found)[:300]
