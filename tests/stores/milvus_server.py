"""A real Milvus server as a child process on loopback, from the package `milvus`.

The binary is started without the package's own wrapper, which cannot start again on a port that was
in use a moment ago, takes SIGTERM (on which this build hangs) and leaves etcd's peer port at 2380.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

_ROLES = ("rootCoord", "proxy", "queryCoord", "queryNode", "indexNode", "dataCoord", "dataNode")
_PORTS = ("proxy", "metrics", "etcd", "etcd_peer")
_SECONDS_TO_START = 240.0


class _AnyPort:
    """Stands for the socket of the package's own port test."""

    def close(self) -> None:
        pass


class MilvusServer:
    """Keeps its data and ports over kills, so that a client finds it again."""

    def __init__(self, folder: Path, unpacked: Path) -> None:
        """Data go to `folder`; the binary is unpacked into `unpacked` once, and used again."""
        self._folder = folder
        self._binaries = unpacked / "bin"
        self._ports = dict(zip(_PORTS, free_ports(len(_PORTS)), strict=True))
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        self._environment = {**os.environ, **self._configure()}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._ports['proxy']}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None

    def start(self, wait: bool = True) -> None:
        """Start, and wait until it says it is healthy."""
        with (self._folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(self._binaries / "milvus"), "run", "standalone"],
                cwd=self._folder, env=self._environment, stdout=log, stderr=log,
            )  # fmt: skip
        if wait:
            self.wait()

    def wait(self) -> None:
        """Wait until the server says it is healthy."""
        deadline = time.monotonic() + _SECONDS_TO_START
        while not self._healthy():
            if self._process is None or self._process.poll() is not None:
                raise RuntimeError(f"Milvus ended, see {self._folder / 'server.log'}")
            if time.monotonic() > deadline:
                raise TimeoutError(f"Milvus is not healthy after {_SECONDS_TO_START:.0f} s")
            time.sleep(0.1)

    def kill(self) -> None:
        """End it as a power cut would: SIGKILL."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _healthy(self) -> bool:
        address = f"http://127.0.0.1:{self._ports['metrics']}/healthz"
        try:
            with urllib.request.urlopen(address, timeout=5) as response:
                return b"OK" in response.read()
        except OSError:
            return False

    def _configure(self) -> dict[str, str]:
        """Unpack the binary, write its configuration; returns what it needs in its environment."""
        import milvus

        class Config(milvus.MilvusServerConfig):
            def try_bind_port(self, port: int) -> _AnyPort:
                return _AnyPort()

        config = Config(
            data_dir=str(self._folder), proxy_port=self._ports["proxy"],
            etcd_port=self._ports["etcd"],
        )  # fmt: skip
        for role in _ROLES:
            config.set(f"{role}.ip", "127.0.0.1")
        # The lease of a killed server's session: until it has run out no collection is loaded.
        config.set("common.session.ttl", 15)
        config.resolve()
        milvus._initialize_data_files(str(self._binaries.parent))
        etcd = self._folder / "etcd.yaml"
        etcd.write_text(self._etcd())
        return {
            "ETCD_CONFIG_PATH": str(etcd),
            "DEPLOY_MODE": "STANDALONE",
            "METRICS_PORT": str(self._ports["metrics"]),
            "MILVUS_RUN_DIR": str(self._folder / "run"),
            "LD_LIBRARY_PATH": str(self._binaries),
        }

    def _etcd(self) -> str:
        client = f"http://127.0.0.1:{self._ports['etcd']}"
        peer = f"http://127.0.0.1:{self._ports['etcd_peer']}"
        return (
            f"name: default\ndata-dir: {self._folder}/data/etcd.data\n"
            f"listen-client-urls: {client}\nadvertise-client-urls: {client}\n"
            f"listen-peer-urls: {peer}\ninitial-advertise-peer-urls: {peer}\n"
            f"initial-cluster: default={peer}\n"
        )


def free_ports(count: int) -> list[int]:
    held = [socket.socket() for _ in range(count)]
    try:
        for each in held:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in held]
    finally:
        for each in held:
            each.close()


class LiteServer:
    """The gRPC server of milvus-lite."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (self._port,) = free_ports(1)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start, and wait until it listens."""
        command = Path(sys.executable).with_name("milvus-lite")
        with (self._folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(command), "server", "--data-dir", str(self._folder / "data"),
                 "--host", "127.0.0.1", "--port", str(self._port)],
                stdout=log, stderr=log,
            )  # fmt: skip
        deadline = time.monotonic() + _SECONDS_TO_START
        while True:
            try:
                socket.create_connection(("127.0.0.1", self._port), timeout=5).close()
                return
            except OSError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def kill(self) -> None:
        """End it at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
