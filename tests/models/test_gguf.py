"""Broken weights are an error with words, never the end of the process."""

from __future__ import annotations

import os
import random
import struct
from pathlib import Path

import pytest

from rag.errors import ModelBroken
from rag.home import Home
from rag.models import catalogue, fetch, gguf, stamps
from rag.models.embedder import SentenceTransformerEmbedder, check_folder
from rag.models.generator import LlamaGenerator

HEADER_BYTES = 3_000_000
"""The tiny model's header, its vocabulary and the start of its tensors."""


@pytest.fixture(scope="module")
def head(tiny_weights: Path) -> bytes:
    with tiny_weights.open("rb") as file:
        return file.read(HEADER_BYTES)


@pytest.fixture
def damaged(tmp_path: Path, tiny_weights: Path, head: bytes):
    """Writes the tiny model with other bytes at its start; the rest is a hole of the same size."""

    def write(start: bytes, name: str = "damaged.gguf") -> Path:
        path = tmp_path / name
        path.write_bytes(start)
        os.truncate(path, tiny_weights.stat().st_size)
        return path

    return write


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value)) + value.encode()


def test_a_whole_file_passes(tiny_weights: Path) -> None:
    gguf.check_whole(tiny_weights)


def test_a_cut_file_is_named(tmp_path: Path, head: bytes) -> None:
    for size in (9, 24, 60, 1000, 100_000, HEADER_BYTES):
        path = tmp_path / f"{size}.gguf"
        path.write_bytes(head[:size])
        with pytest.raises(ModelBroken, match="damaged header"):
            gguf.check_whole(path)


MUTATIONS = {
    "tensor count": (lambda head: head[:8] + b"\xff" * 8 + head[16:]),
    "setting count": (lambda head: head[:16] + b"\xff" * 8 + head[24:]),
    "one setting more": (lambda head: head[:16] + bytes([head[16] + 1]) + head[17:]),
    "first name's length": (lambda head: head[:24] + b"\xff" * 8 + head[32:]),
    "kind of the first value": (
        lambda head: head.replace(
            text("general.architecture") + b"\x08", text("general.architecture") + b"\x63", 1
        )
    ),
    "a name twice": (
        lambda head: head.replace(b"general.type", b"general.name", 1).replace(
            b"general.size_label", b"general.name\0\0\0\0\0\0", 1
        )
    ),
    "end token beyond the vocabulary": (
        lambda head: _replaced(head, "tokenizer.ggml.eos_token_id", 2_000_000)
    ),
    "begin token beyond the vocabulary": (
        lambda head: _replaced(head, "tokenizer.ggml.bos_token_id", 2**31)
    ),
    "no vocabulary": (
        lambda head: head.replace(b"tokenizer.ggml.tokens", b"tokenizer.ggml.tokenz")
    ),
    "no architecture": (
        lambda head: head.replace(b"general.architecture", b"general.architectuxx")
    ),
}


def _replaced(head: bytes, name: str, value: int) -> bytes:
    at = head.index(text(name)) + len(text(name)) + 4
    return head[:at] + struct.pack("<I", value) + head[at + 4 :]


@pytest.mark.parametrize("name", MUTATIONS)
def test_broken_metadata_are_an_error(name: str, head: bytes, damaged) -> None:
    changed = MUTATIONS[name](head)
    assert changed != head
    with pytest.raises(ModelBroken, match=r"damaged\.gguf has a damaged header: "):
        gguf.check_whole(damaged(changed))


def test_any_changed_bytes_are_whole_or_broken(head: bytes, damaged) -> None:
    """Bytes turned at random places of the header: an answer each time, never another error."""
    chance = random.Random(7)
    seen = set()
    for _ in range(12):
        changed = bytearray(head)
        for _ in range(chance.choice((1, 3, 30))):
            changed[chance.randrange(8, 2000)] = chance.randrange(256)
        try:
            gguf.check_whole(damaged(bytes(changed)))
            seen.add("whole")
        except ModelBroken:
            seen.add("broken")
    assert "broken" in seen


@pytest.mark.slow
def test_what_passes_the_header_is_loaded_in_a_child_first(head: bytes, damaged) -> None:
    """Wrong values of the right form: llama.cpp may even end its process, which is not ours."""
    harms = {
        "layers": _replaced(head, "llama.block_count", 9000),
        "width": _replaced(head, "llama.embedding_length", 7),
        "heads": _replaced(head, "llama.attention.head_count", 0),
        "key heads": _replaced(head, "llama.attention.head_count_kv", 2**31),
        "architecture": head.replace(text("general.architecture") + struct.pack("<I", 8) + text("llama"),
                                     text("general.architecture") + struct.pack("<I", 8) + text("nolla"), 1),
    }  # fmt: skip
    for name, changed in harms.items():
        assert changed != head, name
        with pytest.raises(ModelBroken, match=r"damaged\.gguf|loading process|rag models fetch"):
            LlamaGenerator(damaged(changed), context_tokens=64, threads=1)


def test_a_hash_is_kept_until_the_file_changes(tmp_path: Path) -> None:
    path = tmp_path / "w.bin"
    path.write_bytes(b"one")
    first = stamps.stamp(path)
    stamps.mark_as_loading(path)
    assert stamps.stamp(path).loads
    assert first.sha256 == stamps.sha256_of(path)
    times = path.stat()
    path.write_bytes(b"two")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert path.stat().st_mtime_ns == times.st_mtime_ns
    second = stamps.stamp(path)
    assert second.sha256 != first.sha256, "the same size and time do not hide a change"
    assert not second.loads
    other = tmp_path / "other"
    other.write_bytes(b"one")
    other.replace(path)
    assert stamps.stamp(path).sha256 == first.sha256


def test_weights_that_are_not_the_catalogues_are_refused(
    tmp_path: Path, embedder_weights: Path, monkeypatch
) -> None:
    home = Home(tmp_path, "test")
    monkeypatch.setenv("RAG_HOME", str(tmp_path))
    entry = catalogue.find("all-minilm-l6-v2")
    for file in entry.files:
        place = tmp_path / "models" / entry.name / file.name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes((embedder_weights / file.name).read_bytes())
    assert fetch.path(entry.name, home) == tmp_path / "models" / entry.name
    vocabulary = tmp_path / "models" / entry.name / "vocab.txt"
    vocabulary.write_bytes(vocabulary.read_bytes().replace(b"water", b"wader"))
    with pytest.raises(ModelBroken, match=r"vocab\.txt has SHA-256 .*Run: rag models fetch"):
        fetch.path(entry.name, home)


def test_pickles_foreign_classes_and_broken_headers_are_refused(
    tmp_path: Path, embedder_weights: Path
) -> None:
    import json
    import shutil

    folder = tmp_path / "model"
    shutil.copytree(embedder_weights, folder)
    assert check_folder(folder) == folder / "model.safetensors"
    modules = folder / "modules.json"
    good = modules.read_text("utf-8")
    modules.write_text(good.replace("sentence_transformers.models.Pooling", "subprocess.Popen"))
    with pytest.raises(ModelBroken, match=r"names 'subprocess\.Popen'"):
        SentenceTransformerEmbedder(folder)
    modules.write_text(good.replace("1_Pooling", "../../elsewhere"))
    with pytest.raises(ModelBroken, match="leads out of its folder"):
        check_folder(folder)
    dense = [*json.loads(good), {"type": "sentence_transformers.models.Dense", "path": "3_Dense"}]
    modules.write_text(json.dumps(dense))
    (folder / "3_Dense").mkdir()
    (folder / "3_Dense" / "pytorch_model.bin").write_bytes(b"\x80\x04cos\nsystem\n")
    with pytest.raises(ModelBroken, match="can run code"):
        check_folder(folder)
    modules.write_text(good)
    weights = folder / "model.safetensors"
    whole = weights.read_bytes()
    for header in (b"[" * 50_000, b"[]", b'{"a": 3}', b'{"a": {"data_offsets": [0, 9]}}', b"{}"):
        weights.write_bytes(len(header).to_bytes(8, "little") + header + whole[-64:])
        with pytest.raises(ModelBroken, match=r"damaged header|bytes, expected"):
            check_folder(folder)
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(b"\x80\x04.")
    with pytest.raises(ModelBroken, match=r"lacks model\.safetensors"):
        check_folder(folder)
