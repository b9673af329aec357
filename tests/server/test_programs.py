"""`rag serve`, `rag mcp`, `rag completion`, and the files that deploy them."""

from __future__ import annotations

import importlib
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from rag.cli import main, programs
from rag.cli.parser import build_parser
from rag.errors import ExtraMissing
from rag.server import running
from tests.server.support import open_assistant

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "docs" / "deploy"


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_a_completion_script_knows_every_command(shell: str, capsys) -> None:
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    commands = build_parser()._subparsers._group_actions[0].choices
    assert [name for name in commands if name not in script] == []
    assert "--generator" in script
    if shell == "bash":
        subprocess.run(["bash", "-n"], input=script, text=True, check=True, timeout=60)


def test_bash_completes_commands(capsys) -> None:
    assert main(["completion", "bash"]) == 0
    script = capsys.readouterr().out
    asked = script + (
        "\nCOMP_WORDS=(rag comp); COMP_CWORD=1; _shtab_rag; echo DONE ${COMPREPLY[@]}"
    )
    found = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, timeout=60)
    assert "completion" in found.stdout.split("DONE")[-1], found.stderr


def test_without_the_extra_mcp_says_what_to_install(monkeypatch, capsys) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)
    monkeypatch.setitem(sys.modules, "mcp.server.mcpserver", None)
    monkeypatch.delitem(sys.modules, "rag.server.mcp_server", raising=False)
    assert main(["mcp"]) == 1
    assert "pip install 'sourcebound[mcp]'" in capsys.readouterr().err
    with pytest.raises(ExtraMissing) as absent:
        importlib.import_module("rag.server.mcp_server")
    assert absent.value.extra == "mcp"


def test_without_the_extra_ui_says_what_to_install(tmp_path: Path) -> None:
    program = (
        "import sys\nsys.modules['gradio'] = None\nfrom rag.cli import main\nsys.exit(main(['ui']))"
    )
    child = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "RAG_HOME": str(tmp_path)},
    )  # fmt: skip
    assert child.returncode == 1, child.stderr
    assert "pip install 'sourcebound[ui]'" in child.stderr
    assert "Traceback" not in child.stderr


def test_a_port_that_is_taken_is_a_wrong_call(papers, monkeypatch, capsys) -> None:
    monkeypatch.setattr(programs, "open_assistant", lambda _: open_assistant(papers))
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert main(["serve", "--host", "0.0.0.0", "--port", port]) == 2
    assert "--port" in capsys.readouterr().err


def test_a_server_that_others_can_reach_without_a_key_warns(papers, monkeypatch, caplog) -> None:
    monkeypatch.setattr(programs, "open_assistant", lambda _: open_assistant(papers))
    monkeypatch.setattr(running.Server, "run", lambda self, sockets: None)
    monkeypatch.delenv(running.KEYS_VARIABLE, raising=False)
    assert main(["serve", "--host", "127.0.0.1", "--port", "0"]) == 0
    assert caplog.text == ""
    assert main(["serve", "--host", "0.0.0.0", "--port", "0"]) == 0
    assert "other machines and asks for no key" in caplog.text


def test_the_deployed_commands_are_commands() -> None:
    unit = (DEPLOY / "sourcebound.service").read_text("utf-8")
    container = (DEPLOY / "Containerfile").read_text("utf-8")
    started = re.search(r"^ExecStart=\S+/rag (.+)$", unit, re.M)[1]
    build_parser().parse_args(shlex.split(started))
    build_parser().parse_args(
        re.findall(r'"([^"]+)"', re.search(r"^CMD (.+)$", container, re.M)[1])
    )
    for page in (DEPLOY / "README.md", DEPLOY / "Containerfile"):
        for words in re.findall(r"(?:bin/rag|sourcebound) ((?:models|index|serve) .+)$",
                                page.read_text("utf-8"), re.M):  # fmt: skip
            build_parser().parse_args(shlex.split(words))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd on this machine")
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    unit = (DEPLOY / "sourcebound.service").read_text("utf-8")
    there = unit.replace("/opt/sourcebound/bin/rag", "/bin/true")

    def read(text: str) -> list[str]:
        (tmp_path / "sourcebound.service").write_text(text, "utf-8")
        command = ["systemd-analyze", "verify", str(tmp_path / "sourcebound.service")]
        found = subprocess.run(command, capture_output=True, text=True, timeout=60)
        # Of this unit alone: it reads those that this one names, too.
        return [line for line in found.stderr.splitlines() if "sourcebound" in line]

    assert there != unit
    assert read(there) == []
    (told,) = read(there.replace("Restart=on-failure", "Restart=perhaps"))
    assert "perhaps" in told


def test_the_server_needs_no_page(papers) -> None:
    program = (
        "import sys\nsys.modules['gradio'] = None\n"
        "from pathlib import Path\n"
        "from starlette.testclient import TestClient\n"
        "from rag.server.application import create_app\n"
        "from tests.server.support import QUESTION, open_assistant\n"
        "with open_assistant(Path(sys.argv[1])) as assistant:\n"
        "    client = TestClient(create_app(assistant), base_url='http://localhost')\n"
        "    print(client.post('/ask', json={'question': QUESTION}).json()['text'])\n"
    )
    child = subprocess.run(
        [sys.executable, "-c", program, str(papers)], capture_output=True, text=True, timeout=120,
        cwd=ROOT,
    )  # fmt: skip
    assert "4.2 million" in child.stdout, child.stderr


def test_the_container_builds_what_the_makefile_builds() -> None:
    container = (DEPLOY / "Containerfile").read_text("utf-8")
    makefile = (ROOT / "Makefile").read_text("utf-8")
    options = re.search(r"^LLAMA_OPTIONS := (.+)$", makefile, re.M)[1]
    flags = re.search(r"^LLAMA_FLAGS := (.+)$", makefile, re.M)[1]
    assert f'CMAKE_ARGS="{options}"' in container
    assert f'CXXFLAGS="{flags}"' in container
    for named in re.findall(r"^COPY (?!--from)(.+) \S+$", container, re.M):
        assert [name for name in named.split() if not (ROOT / name).exists()] == []
