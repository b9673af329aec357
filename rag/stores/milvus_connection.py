"""A connection to Milvus that tries again what may pass, and words what does not.

The only importer of pymilvus.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar

from rag.errors import ExtraMissing, StoreFault
from rag.stores.addresses import TOKEN_VARIABLE, Address
from rag.stores.retrying import Away, retrying

Value = TypeVar("Value")

CONNECT_SECONDS = 5.0
"""How long a first connection is tried: a server that is not running is told of soon."""
PATIENCE_SECONDS = 60.0
"""How long a server that was there may be away: a restart, and the lease of the one that died."""
CALL_SECONDS = 20.0
"""How long one call may take."""
_NOT_LOADED = 101
_LASTING = {6, 100, 700, 1100, 1101, 1400, 1401, 1700, 1701, 1702, 1800, 1802}
"""Error codes that trying again does not mend: something is not there, wrong or forbidden."""


class Connection:
    """`client` is pymilvus's, `library` pymilvus itself, `version` the server's, (major, minor)."""

    def __init__(self, address: Address) -> None:
        """Connect.

        Raises:
            ExtraMissing: pymilvus is not installed.
            StoreUnreachable: no server answers there.
            StoreFault: it does not let us in.
        """
        self._address = address
        self.library = _pymilvus()
        token = os.environ.get(TOKEN_VARIABLE, "")
        self.client: Any = retrying(
            lambda: self._call(
                lambda: self.library.MilvusClient(
                    uri=address.server, token=token, timeout=CONNECT_SECONDS
                )
            ),
            CONNECT_SECONDS,
            address.url,
        )
        self.version = _version(str(self.run(lambda: self.client.get_server_version())))

    def run(self, action: Callable[[], Value]) -> Value:
        """What `action` returns; called again while the server is away for a moment.

        Raises:
            StoreUnreachable: it stayed away.
            StoreFault: it refuses.
        """
        return retrying(lambda: self._call(action), PATIENCE_SECONDS, self._address.url)

    def close(self) -> None:
        """Let go of it."""
        self.client.close()

    def _call(self, action: Callable[[], Value]) -> Value:
        try:
            return action()
        except self.library.MilvusException as error:
            if error.code == _NOT_LOADED:
                self._load_again()
            if error.code in _LASTING or "UNAUTHENTICATED" in str(error.code):
                raise StoreFault(_refused(self._address.url, error)) from error
            raise Away(f"code {error.code}: {_first_line(error.message)}") from error
        except ValueError as error:
            if "closed" not in str(error):
                raise
            raise Away(str(error)) from error  # the channel, while another thread reconnects

    def _load_again(self) -> None:
        try:
            self.client.load_collection(self._address.collection, timeout=CALL_SECONDS)
        except self.library.MilvusException:
            return  # as the call before: tried again together with it


def _pymilvus() -> Any:
    try:
        module = import_module("pymilvus")
    except ImportError as error:
        raise ExtraMissing("milvus", "pymilvus") from error
    # It writes a traceback for each failed call, those that are tried again included.
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
    return module


def _version(text: str) -> tuple[int, int]:
    found = re.match(r"\D*(\d+)\.(\d+)", text)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _first_line(message: object) -> str:
    return str(message).strip().split("\n")[0][:200]


def _refused(url: str, error: Any) -> str:
    return (
        f"The vector store {url} refuses: {_first_line(error.message)} (code {error.code}). "
        f"If it wants a login, set {TOKEN_VARIABLE}=USER:PASSWORD; if its collection is gone, "
        "run: rag index --compact"
    )
