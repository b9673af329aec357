"""What a Milvus server takes for so many passages: python -m tests.stores.benchmark 20000.

Costs are seconds of processor, of the client and of the server, which other work on the machine
does not change much; latencies are wall clock and do change. Prints JSON.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from rag.stores import Row, Selection, VectorStore, open_store
from rag.types import Filters
from tests.stores.milvus_server import MilvusServer

DIMENSION = 384
QUERIES = 100
_TICKS = os.sysconf("SC_CLK_TCK")


def vectors_of(count: int) -> np.ndarray:
    """Unit rows around 2,000 centres, as embeddings of text lie in heaps."""
    generator = np.random.default_rng(0)
    centres = generator.standard_normal((2000, DIMENSION)).astype(np.float32)
    rows = centres[generator.integers(2000, size=count)]
    rows = rows + 0.8 * generator.standard_normal((count, DIMENSION)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def cpu_of(pid: int) -> float:
    """Seconds of processor that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def memory_of(pid: int) -> int:
    """Resident megabytes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) // 1024
    return 0


def own_cpu() -> float:
    """Seconds of processor that this process has used."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def asked(store: VectorStore, vectors: np.ndarray, selection: Selection | None) -> dict[str, float]:
    """Latency in milliseconds, and recall@10 against an exact scan, over sampled queries."""
    generator = np.random.default_rng(1)
    took, right, own = [], 0, own_cpu()
    allowed = np.arange(len(vectors))
    if selection is not None:
        allowed = allowed[np.isin(allowed // 10, selection.documents)]
    for row in generator.choice(len(vectors), QUERIES, replace=False):
        query = vectors[row : row + 1] + 0.03 * generator.standard_normal((1, DIMENSION))
        query = (query / np.linalg.norm(query)).astype(np.float32)
        began = time.perf_counter()
        found = store.nearest(query, 10, selection)
        took.append(1000 * (time.perf_counter() - began))
        exact = allowed[np.argsort(-(vectors[allowed] @ query[0]))[:10]]
        right += len(set(found.tolist()) & set(exact.tolist()))
    took.sort()
    return {
        "p50_ms": round(took[len(took) // 2], 1),
        "p95_ms": round(took[int(len(took) * 0.95)], 1),
        "recall_at_10": right / (10 * QUERIES),
        "client_cpu_ms": round(1000 * (own_cpu() - own) / QUERIES, 2),
    }


def measure(count: int, folder: Path, unpacked: Path) -> dict[str, object]:
    """Fill a new server with `count` rows, ask it, kill it, wait for its first answer."""
    server = MilvusServer(folder, unpacked)
    server.start()
    try:
        vectors = vectors_of(count)
        idle = memory_of(server.pid)
        store = open_store(f"{server.url}/bench")
        store.prepare("bench", DIMENSION)
        cpu, own, began = cpu_of(server.pid), own_cpu(), time.perf_counter()
        for at in range(0, count, 1000):
            part = range(at, min(at + 1000, count))
            store.upsert([Row(i, vectors[i], i, i // 10, "", "en", 1, 1) for i in part])
        assert store.count() == count
        told: dict[str, object] = {
            "rows": count,
            "fill_s": round(time.perf_counter() - began, 1),
            "fill_client_cpu_s": round(own_cpu() - own, 1),
            "fill_server_cpu_s": round(cpu_of(server.pid) - cpu, 1),
            "idle_mb": idle,
            "full_mb": memory_of(server.pid),
        }
        told["all"] = asked(store, vectors, None)
        few = Selection(tuple(range(0, count // 10, 100)), Filters())
        told["one_in_a_hundred"] = asked(store, vectors, few)
        server.kill()
        began = time.perf_counter()
        server.start(wait=False)
        assert store.count() == count
        told["answers_after_kill_s"] = round(time.perf_counter() - began, 1)
        size = sum(p.stat().st_size for p in (folder / "data").rglob("*") if p.is_file())
        told["disk_mb"] = size >> 20
        return told
    finally:
        server.kill()


def main() -> None:
    """Measure for each number given."""
    for count in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as box:
            told = measure(int(count), Path(box) / "server", Path(box) / "unpacked")
            print(json.dumps(told, indent=1), flush=True)


if __name__ == "__main__":
    main()
