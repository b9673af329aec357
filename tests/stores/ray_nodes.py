"""A Ray cluster of two nodes on this machine, each with a loopback address of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]
HEAD, SECOND = "127.0.0.2", "127.0.0.3"
_QUIET = ("--disable-usage-stats", "--object-store-memory=100000000", "--num-cpus=1")
_TRIES = 3


class Cluster:
    """Started with `ray start`, because Ray's own test cluster does not come up on loopback."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder = folder
        self.address = f"{HEAD}:{port}"
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "OMP_NUM_THREADS": "1",
            "RAY_AUTH_MODE": "disabled",
            "RAY_USAGE_STATS_ENABLED": "0",
            # On a busy machine a node takes long to come up, and must not be taken for dead.
            "RAY_agent_register_timeout_ms": "300000",
            "RAY_worker_register_timeout_seconds": "300",
            "RAY_gcs_server_request_timeout_seconds": "300",
            "RAY_health_check_timeout_ms": "30000",
        }

    def start(self) -> None:
        """Both nodes. One that does not come up is ended and started again: a node dies whose
        agents, two Python programs, need 15 s to start, and no setting of Ray 2.60 changes that.
        On a busy machine the first start is such a one; the next finds their files in memory.
        """
        port = self.address.rpartition(":")[2]
        self._start(self.stop, "--head", f"--node-ip-address={HEAD}", f"--port={port}",
                    "--include-dashboard=false", f"--temp-dir={self._folder}")  # fmt: skip
        self._start(self.kill_second, f"--address={self.address}", f"--node-ip-address={SECOND}")

    def _start(self, undo: Callable[[], None], *arguments: str) -> None:
        for left in reversed(range(_TRIES)):
            try:
                return self._ray(*arguments)
            except RuntimeError:
                undo()
                if not left:
                    raise

    def kill_second(self) -> None:
        """SIGKILL to every process of the second node, as when its power goes."""
        self._kill(f"--node_ip_address={SECOND}", f"--node-ip-address={SECOND}")

    def stop(self) -> None:
        """End what this cluster started, and nothing else."""
        self._kill(str(self._folder), self.address)

    def _kill(self, *words: str) -> None:
        for pid in self._processes(*words):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _ray(self, *arguments: str) -> None:
        command = [str(Path(sys.executable).with_name("ray")), "start", *arguments, *_QUIET]
        # Into a file: what a failed start leaves running would hold a pipe open for ever.
        said = self._folder / "ray_start.log"
        with said.open("wb") as log:
            done = subprocess.run(command, env=self.environment, stdout=log, stderr=log)
        if done.returncode:
            raise RuntimeError(f"ray start: {said.read_text(errors='replace')[-4000:]}")

    def _processes(self, *words: str) -> list[int]:
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdecimal() or int(entry.name) == os.getpid():
                continue
            try:
                command = (entry / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
            if "ray" in command and any(word in command for word in words):
                found.append(int(entry.name))
        return found
